//! Long work beside Python: the GIL is free while it runs, and ten times a second Python is asked whether to go on.

use super::error::{contained, joined};
use crate::error::Result;
use pyo3::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// How long Python waits to be asked.
const TICK: Duration = Duration::from_millis(100);

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
