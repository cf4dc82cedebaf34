//! Disks that fail on purpose, for tests: every step that this crate takes on a disk passes here. Whoever runs asks for
//! a fault on the thread that writes; docs/RELIABILITY.md tells how.

use std::cell::Cell;
use std::io;

/// What happens at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The disk says that it is full.
    Full,
    /// The process ends at once, as by a kill.
    Abort,
}

thread_local! {
    static ARMED: Cell<Option<(u64, Fault)>> = const { Cell::new(None) };
}

/// Lets the step that this thread takes then, counted from 1, fail.
pub fn arm(step: u64, fault: Fault) {
    ARMED.set(Some((step, fault)));
}

/// Takes a step.
pub(super) fn step() -> io::Result<()> {
    match ARMED.get() {
        None => Ok(()),
        Some((left, fault)) if left > 1 => {
            ARMED.set(Some((left - 1, fault)));
            Ok(())
        }
        Some((_, Fault::Full)) => {
            ARMED.set(None);
            Err(io::ErrorKind::StorageFull.into())
        }
        Some((_, Fault::Abort)) => std::process::abort(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_step_fails_on_this_thread_alone() {
        arm(2, Fault::Full);
        assert!(
            std::thread::spawn(|| [step(), step(), step()])
                .join()
                .unwrap()
                .iter()
                .all(Result::is_ok)
        );
        assert_eq!(
            [step(), step(), step()].map(|step| step.is_ok()),
            [true, false, true]
        );
    }
}
