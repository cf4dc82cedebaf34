//! A run over files: one thread reads, many score, the calling thread writes in order. Owns the threads and the
//! bounds between them.
//!
//! ```text
//! reader: Feed --(numbered batches, bounded in bytes)--> workers: parse, score, SinkWorker --(numbered parts)--> caller: Sink
//! ```
//! The output does not depend on the number of threads: batches are cut by one thread and written in their order.

mod budget;
mod order;
mod progress;
mod sink;
mod summary;
mod worker;

pub use progress::Progress;
pub use sink::{Sink, SinkWorker};
pub use summary::{Counts, Summary};

use self::budget::Budget;
use self::order::{Message, Writer};
use self::worker::Worker;
use crate::document::Document;
use crate::engine::Engine;
use crate::error::{Error, Kind, Result};
use crate::panics;
use crate::read::{Batch, Feed, Inputs, Parser, Settings, Told};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Scope, ScopedJoinHandle};

/// What the caller may choose about a run.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// How many threads score; at least one.
    pub threads: usize,
    /// How files are read.
    pub read: Settings,
    /// For tests.
    pub probe: Option<Probe>,
}

/// Sees each document right before it is scored; when it panics, that is as if scoring did.
pub type Probe = fn(&Document<'_>);

/// A batch with its number and the memory that it is charged for.
struct Job {
    index: u64,
    batch: Batch,
    charge: usize,
}

/// How many batches a thread may have in flight: one in work, one waiting, one to be written.
const BATCHES_A_THREAD: usize = 3;

/// Scores all documents of the inputs into the sink. Returns when all is written, or with the first error in the
/// order of the input; `progress` can be watched, and the run cancelled, from another thread.
pub fn run<S: Sink>(
    engine: &Engine,
    inputs: &Inputs,
    options: &RunOptions,
    progress: &Progress,
    sink: &mut S,
) -> Result<Summary> {
    let parser = Parser::new(&options.read)?;
    let threads = options.threads.max(1);
    let budget = Budget::new((BATCHES_A_THREAD * threads + 1) * options.read.batch_bytes);
    let worker = |_| {
        Worker::new(
            engine,
            &parser,
            sink.want(),
            sink.worker(),
            progress,
            options.probe,
        )
    };
    let workers: Vec<_> = (0..threads).map(worker).collect();
    let feed = Feed::new(inputs, &options.read, progress.watch());
    let mut writer = Writer::new(sink, &budget);
    let told = thread::scope(|scope| {
        let (reader, messages) = start(scope, feed, workers, &budget, progress);
        writer.write_all(&messages, progress);
        reader.join()
    });
    let (mut summary, outcome) = writer.finish();
    outcome?;
    summary.counts.check()?;
    if progress.is_cancelled() {
        return Err(Error::new(Kind::Interrupted, "the run was stopped"));
    }
    summary.tell(told.map_err(|_| Error::new(Kind::Internal, "the reader failed"))?);
    summary.bytes = progress.bytes_read();
    Ok(summary)
}

/// The reader thread, and where the finished batches come out.
type Started<'scope, P> = (ScopedJoinHandle<'scope, Told>, Receiver<Message<P>>);

/// Starts the reader and the workers. The messages end when all of them have.
fn start<'scope, 'env, W: SinkWorker + 'env>(
    scope: &'scope Scope<'scope, 'env>,
    feed: Feed<'env>,
    workers: Vec<Worker<'env, W>>,
    budget: &'env Budget,
    progress: &'env Progress,
) -> Started<'scope, W::Part>
where
    W::Part: 'env,
{
    let (to_workers, jobs) = channel();
    let (to_writer, messages) = channel();
    let (give_back, spare) = channel();
    let jobs = Arc::new(Mutex::new(jobs));
    for worker in workers {
        let (jobs, to_writer, give_back) = (Arc::clone(&jobs), to_writer.clone(), give_back.clone());
        scope.spawn(move || work(worker, &jobs, &to_writer, &give_back, progress));
    }
    let line = Line {
        to_workers,
        to_writer,
        spare,
        budget,
    };
    (scope.spawn(move || read(feed, &line, progress)), messages)
}

/// The reader's ends of the channels.
struct Line<'a, P> {
    to_workers: Sender<Job>,
    to_writer: Sender<Message<P>>,
    spare: Receiver<Batch>,
    budget: &'a Budget,
}

/// The reader thread: fills batches until the inputs are over, never further ahead than the budget allows.
fn read<P>(mut feed: Feed<'_>, line: &Line<'_, P>, progress: &Progress) -> Told {
    for index in 0.. {
        let mut batch = line.spare.try_recv().unwrap_or_default();
        let filled = panics::contained(|| feed.fill(&mut batch));
        if let Err(error) = filled.unwrap_or_else(|fault| Err(Error::new(Kind::Internal, fault))) {
            // The writer may be gone already: then there is nobody to tell.
            let _ = line.to_writer.send(Message {
                index,
                charge: 0,
                outcome: Err(error),
            });
            break;
        }
        let charge = batch.size();
        if batch.is_empty() || !line.budget.take(charge, progress) {
            break;
        }
        if line.to_workers.send(Job { index, batch, charge }).is_err() {
            break;
        }
    }
    feed.finish()
}

/// A worker thread: takes batches as they come until there are no more.
fn work<W: SinkWorker>(
    mut worker: Worker<'_, W>,
    jobs: &Mutex<Receiver<Job>>,
    to_writer: &Sender<Message<W::Part>>,
    give_back: &Sender<Batch>,
    progress: &Progress,
) {
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job {
            index,
            mut batch,
            charge,
        }) = next
        else {
            return;
        };
        if progress.is_stopped() {
            continue;
        }
        let outcome = panics::contained(|| worker.run(&batch));
        let outcome = outcome.unwrap_or_else(|fault| Err(Error::new(Kind::Internal, fault)));
        batch.release();
        // The reader may have ended already: then the buffer is not needed any more.
        let _ = give_back.send(batch);
        if to_writer
            .send(Message {
                index,
                charge,
                outcome,
            })
            .is_err()
        {
            return;
        }
    }
}
