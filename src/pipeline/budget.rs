//! How much text may be in flight: the reader waits here when the workers or the writer lag behind.

use super::progress::Progress;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Bytes in flight, bounded. One batch is always let through, whatever its size.
#[derive(Debug)]
pub struct Budget {
    limit: usize,
    used: Mutex<usize>,
    freed: Condvar,
}

const POLL: Duration = Duration::from_millis(50);

impl Budget {
    /// A budget of so many bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            used: Mutex::new(0),
            freed: Condvar::new(),
        }
    }

    /// Waits until there is room, then takes it; says no when the run is stopped.
    pub fn take(&self, bytes: usize, progress: &Progress) -> bool {
        let mut used = self.lock();
        while *used > 0 && *used + bytes > self.limit {
            if progress.is_stopped() {
                return false;
            }
            let waited = self.freed.wait_timeout(used, POLL);
            used = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        *used += bytes;
        !progress.is_stopped()
    }

    /// Gives back what was taken.
    pub fn give_back(&self, bytes: usize) {
        *self.lock() -= bytes;
        self.freed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn the_reader_waits_for_room_and_for_the_end() {
        let (budget, progress) = (Budget::new(10), Progress::new(0));
        assert!(budget.take(100, &progress));
        thread::scope(|scope| {
            let second = scope.spawn(|| budget.take(5, &progress));
            thread::sleep(Duration::from_millis(20));
            assert!(!second.is_finished());
            budget.give_back(100);
            assert!(second.join().unwrap());
            let third = scope.spawn(|| budget.take(6, &progress));
            progress.stop();
            assert!(!third.join().unwrap());
        });
    }
}
