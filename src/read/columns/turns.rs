//! How much may be decoded at once: the workers wait here for their turn where pages are large.

use std::sync::{Condvar, Mutex, PoisonError};

/// Bytes being decoded, bounded. One is always let through, whatever its size.
#[derive(Debug)]
pub(in crate::read) struct Turns {
    used: Mutex<usize>,
    freed: Condvar,
}

/// What all workers may hold of decoded pages together.
const LIMIT: usize = 320 << 20;

impl Turns {
    pub(in crate::read) fn new() -> Self {
        Self {
            used: Mutex::new(0),
            freed: Condvar::new(),
        }
    }

    /// Does `work`, which holds so many bytes, once there is room for it.
    pub(super) fn take<T>(&self, bytes: usize, work: impl FnOnce() -> T) -> T {
        let _turn = self.wait(bytes);
        work()
    }

    fn wait(&self, bytes: usize) -> Turn<'_> {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |used: &mut usize| *used > 0 && *used + bytes > LIMIT;
        let mut used = self
            .freed
            .wait_while(used, full)
            .unwrap_or_else(PoisonError::into_inner);
        *used += bytes;
        Turn { turns: self, bytes }
    }
}

/// Gives back what was taken, however the work ends.
struct Turn<'a> {
    turns: &'a Turns,
    bytes: usize,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.turns.used.lock().unwrap_or_else(PoisonError::into_inner) -= self.bytes;
        self.turns.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::thread;

    #[test]
    fn no_more_than_the_limit_is_at_work() {
        let (turns, now, most) = (Turns::new(), AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    turns.take(LIMIT / 2, || {
                        most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
                        thread::sleep(std::time::Duration::from_millis(10));
                        now.fetch_sub(1, SeqCst);
                    });
                });
            }
        });
        assert_eq!(most.into_inner(), 2);
        turns.take(10 * LIMIT, || {});
    }
}
