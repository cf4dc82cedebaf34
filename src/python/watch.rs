//! Long work beside Python: the GIL is free while it runs, and ten times a second Python is asked whether to go on.

use super::error::{contained, joined};
use crate::error::{Error, Kind, Result};
use pyo3::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long Python waits to be asked.
const TICK: Duration = Duration::from_millis(100);

/// How long work that was told to stop may take to do so.
const GRACE: Duration = Duration::from_secs(1);

/// Does `work` on a thread of its own. Meanwhile signals are handled and `tick` is called; when either raises,
/// `cancel` tells the work to stop, and the exception goes on once it has.
pub fn watched<T: Send>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<T> + Send,
    cancel: impl Fn(),
    mut tick: impl FnMut(Python<'_>) -> PyResult<()>,
) -> PyResult<T> {
    let done = AtomicBool::new(false);
    let watcher = thread::current();
    thread::scope(|scope| {
        let done = &done;
        let worker = scope.spawn(move || {
            let result = contained(work);
            done.store(true, Ordering::Release);
            watcher.unpark();
            result
        });
        let mut stopped = Ok(());
        while !done.load(Ordering::Acquire) {
            py.detach(|| thread::park_timeout(TICK));
            if stopped.is_ok() {
                stopped = py.check_signals().and_then(|()| tick(py));
                stopped.as_ref().err().into_iter().for_each(|_| cancel());
            }
        }
        stopped.and(joined(worker.join()).map_err(PyErr::from))
    })
}

/// Does `work`, which may hang where nothing can wake it: a pipe whose reader has fallen asleep. Once told to stop it
/// has a moment to do so, then it is left alone and ends with the pipe or the process.
pub fn abandonable<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
    is_cancelled: impl Fn() -> bool,
) -> Result<T> {
    let (sender, result) = channel();
    // Nobody listens to work that was left alone.
    thread::spawn(move || drop(sender.send(contained(work))));
    let mut told = None;
    loop {
        match result.recv_timeout(TICK) {
            Ok(result) => return result,
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Error::new(Kind::Internal, "a run ended without a word"));
            }
            Err(RecvTimeoutError::Timeout) if !is_cancelled() => {}
            Err(RecvTimeoutError::Timeout) => {
                if told.get_or_insert_with(Instant::now).elapsed() > GRACE {
                    return Err(Error::new(Kind::Interrupted, "the run was stopped"));
                }
            }
        }
    }
}
