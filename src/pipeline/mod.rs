//! A run over files: one thread reads, many score, the calling thread writes in order. Owns the threads and the
//! bounds between them.
//!
//! ```text
//! reader: Feed --(numbered batches, bounded in bytes)--> workers: parse, score, SinkWorker --(numbered parts)--> caller: Sink
//! ```
//! The output does not depend on the number of threads: batches are cut by one thread and written in their order.

mod budget;
mod faults;
mod order;
mod parts;
mod priority;
mod progress;
mod sink;
mod summary;
mod worker;

pub use faults::Faults;
pub use order::{Extent, Spot};
pub use parts::{Done, Part, Parts};
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
use crate::read::{Batch, Feed, Inputs, Mark, Parser, Settings, Tally, Told};
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
    /// How the run is divided into parts, if it is.
    pub parts: Option<Parts>,
    /// For tests.
    pub probe: Option<Probe>,
    /// For tests, too.
    pub faults: Arc<Faults>,
}

/// Sees each document right before it is scored; when it panics, that is as if scoring did.
pub type Probe = fn(&Document<'_>);

/// A batch with its number and the memory that it is charged for.
struct Job {
    index: u64,
    batch: Batch,
    charge: usize,
    ends: Option<Mark>,
}

/// How many batches a thread may have in flight: one in work, and so many that wait for a worker or for the writer that
/// nobody stands idle while the writer is busy with a group of rows.
const BATCHES_A_THREAD: usize = 12;

/// Scores all documents of the inputs into the sink. Returns when all is written, or with the first error in the
/// order of the input; `progress` can be watched, and the run cancelled, from another thread.
pub fn run<S: Sink>(
    engine: &Engine,
    inputs: &Inputs,
    options: &RunOptions,
    progress: &Progress,
    sink: &mut S,
) -> Result<Summary> {
    inputs.suit(&options.read)?;
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
            &options.faults,
        )
    };
    let workers: Vec<_> = (0..threads).map(worker).collect();
    let done = options.parts.as_ref().and_then(|parts| parts.done.clone());
    let Done { mark, summary } = done.unwrap_or_default();
    progress.begin(&summary);
    let tally = options.parts.as_ref().map(|_| Tally::default());
    let mut feed = Feed::new(inputs, &options.read, progress.watch(tally.as_ref()));
    if mark.next > 0 {
        feed.resume(mark);
    }
    let reader = Reader {
        feed,
        first: mark.next,
        part_bytes: options.parts.as_ref().map_or(usize::MAX, |parts| parts.bytes),
    };
    let mut writer = Writer::new(sink, &budget, mark.next, summary);
    let told = at_work(reader, workers, &mut writer, &budget, progress);
    writer.check()?;
    if progress.is_cancelled() {
        return Err(Error::new(Kind::Interrupted, "the run was stopped"));
    }
    let mut summary = writer.finish(told?)?;
    summary.bytes = progress.bytes_read();
    Ok(summary)
}

/// Lets all threads work until the inputs are over; gives what the reader has left to tell. A thread that dies does
/// not leave the others waiting: whoever waits for it hears of it, or sees that the run is stopped.
fn at_work<'env, S: Sink>(
    reader: Reader<'env>,
    workers: Vec<Worker<'env, S::Worker>>,
    writer: &mut Writer<'_, S>,
    budget: &'env Budget,
    progress: &'env Progress,
) -> Result<Told>
where
    S::Worker: 'env,
    <S::Worker as SinkWorker>::Part: 'env,
{
    let ended = panics::contained(|| {
        thread::scope(|scope| {
            let (reader, messages) = start(scope, reader, workers, budget, progress);
            let written = panics::contained(|| writer.write_all(&messages, progress));
            written.inspect_err(|_| progress.stop()).map(|()| reader.join())
        })
    });
    let fault = |fault| Error::new(Kind::Internal, fault);
    let joined = ended.map_err(fault)?.map_err(fault)?;
    joined.map_err(|_| Error::new(Kind::Internal, "the reader failed"))
}

/// The reader thread, and where the finished batches come out.
type Started<'scope, P> = (ScopedJoinHandle<'scope, Told>, Receiver<Message<P>>);

/// Starts the reader and the workers. The messages end when all of them have.
fn start<'scope, 'env, W: SinkWorker + 'env>(
    scope: &'scope Scope<'scope, 'env>,
    reader: Reader<'env>,
    workers: Vec<Worker<'env, W>>,
    budget: &'env Budget,
    progress: &'env Progress,
) -> Started<'scope, W::Part>
where
    W::Part: 'env,
{
    let (to_workers, jobs) = channel();
    let (to_writer, messages) = channel();
    let spare = Arc::new(Spare::default());
    let jobs = Arc::new(Mutex::new(jobs));
    for worker in workers {
        let (jobs, to_writer, spare) = (Arc::clone(&jobs), to_writer.clone(), Arc::clone(&spare));
        scope.spawn(move || work(worker, &jobs, &to_writer, &spare, progress));
    }
    let line = Line {
        to_workers,
        to_writer,
        spare,
        budget,
    };
    (scope.spawn(move || read(reader, &line, progress)), messages)
}

/// Batches that are done with, for their buffers. The last one comes first: what it fills is still near the processor.
#[derive(Default)]
struct Spare(Mutex<Vec<Batch>>);

impl Spare {
    fn take(&self) -> Batch {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
            .unwrap_or_default()
    }

    fn give_back(&self, batch: Batch) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(batch);
    }
}

/// The reader's ends of the channels.
struct Line<'a, P> {
    to_workers: Sender<Job>,
    to_writer: Sender<Message<P>>,
    spare: Arc<Spare>,
    budget: &'a Budget,
}

/// What the reader thread needs.
struct Reader<'a> {
    feed: Feed<'a>,
    /// The first batch that is not done.
    first: u64,
    part_bytes: usize,
}

/// The reader thread: fills batches until the inputs are over, never further ahead than the budget allows.
fn read<P>(reader: Reader<'_>, line: &Line<'_, P>, progress: &Progress) -> Told {
    let (mut feed, mut part, mut told) = (reader.feed, 0, Told::default());
    loop {
        let index = feed.mark().next;
        let mut batch = line.spare.take();
        let filled = panics::contained(|| feed.fill(&mut batch));
        if let Err(error) = filled.unwrap_or_else(|fault| Err(Error::new(Kind::Internal, fault))) {
            // The writer may be gone already: then there is nobody to tell.
            let _ = line.to_writer.send(Message {
                index,
                charge: 0,
                ends: None,
                outcome: Err(error),
            });
            break;
        }
        let charge = batch.size();
        if batch.is_empty() {
            told.add(batch.told);
            break;
        }
        if index < reader.first {
            continue;
        }
        part += batch.content();
        let ends = (part >= reader.part_bytes).then(|| feed.mark());
        part *= usize::from(ends.is_none());
        if !line.budget.take(charge, progress) {
            break;
        }
        let job = Job {
            index,
            batch,
            charge,
            ends,
        };
        if line.to_workers.send(job).is_err() {
            break;
        }
    }
    told.add(feed.finish());
    told
}

/// A batch on a worker: the writer hears what became of it even if the thread dies of it.
struct Duty<'a, P> {
    to_writer: &'a Sender<Message<P>>,
    message: Option<Message<P>>,
}

impl<P> Drop for Duty<'_, P> {
    fn drop(&mut self) {
        if let Some(message) = self.message.take() {
            // The writer may be gone already: then there is nobody to tell.
            let _ = self.to_writer.send(message);
        }
    }
}

/// A worker thread: takes batches as they come until there are no more.
fn work<W: SinkWorker>(
    mut worker: Worker<'_, W>,
    jobs: &Mutex<Receiver<Job>>,
    to_writer: &Sender<Message<W::Part>>,
    spare: &Spare,
    progress: &Progress,
) {
    priority::step_back();
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(mut job) = next else { return };
        if progress.is_stopped() {
            continue;
        }
        let mut duty = Duty {
            to_writer,
            message: Some(Message {
                index: job.index,
                charge: job.charge,
                ends: job.ends,
                outcome: Err(Error::new(
                    Kind::Internal,
                    "a thread of pressgauge ended too soon",
                )),
            }),
        };
        worker.begin();
        let outcome = panics::contained(|| worker.run(&mut job.batch));
        if let Some(message) = &mut duty.message {
            message.outcome = outcome.unwrap_or_else(|fault| Err(Error::new(Kind::Internal, fault)));
        }
        drop(duty);
        job.batch.release();
        spare.give_back(job.batch);
    }
}
