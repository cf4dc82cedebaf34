//! A run over files: one thread reads, many score, the calling thread writes in order. Owns the threads and the
//! bounds between them.

mod sink;

pub use sink::{Sink, SinkWorker};
