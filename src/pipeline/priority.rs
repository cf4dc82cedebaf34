//! Who goes first when there are more threads than processors.

/// How far a worker steps back, in steps of niceness.
#[cfg(target_os = "linux")]
const STEP: i32 = 10;

/// The niceness of those who go last: a run that was begun with much of it is not brought forward.
#[cfg(target_os = "linux")]
const LEAST: i32 = 19;

/// Lets the other threads of the run go before this one, where a thread has a priority of its own. Everybody waits for
/// the reader: when it has to share its processor with the workers, a packed archive takes a sixth longer.
pub(super) fn step_back() {
    #[cfg(target_os = "linux")]
    {
        // Where that is forbidden, all is as it was.
        if let Ok(now) = rustix::process::getpriority_process(None) {
            let _ = rustix::process::setpriority_process(None, (now + STEP).min(LEAST));
        }
    }
}
