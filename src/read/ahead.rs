//! Small files on their way: threads of their own open and read them before the reader comes to them, for with very many
//! files that is nearly all there is to do. Owns those threads.

use super::walk::{Input, Look};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Files of at most so many bytes are small.
const SMALL: u64 = 64 << 10;

/// So many files in a row are asked for at once.
const ROW: usize = 32;

/// So many rows are asked for beforehand.
const ROWS: usize = 4;

/// Fewer files than these are not worth the threads.
const FEW: usize = 64;

const THREADS: usize = 2;

/// A file that was opened beforehand.
pub(super) struct Opened {
    /// Its first bytes.
    pub(super) head: Vec<u8>,
    /// Where more of them are, if these are not all.
    pub(super) rest: Option<File>,
    /// How it looked before it was read.
    pub(super) look: Option<Look>,
    /// Whether it looked otherwise afterwards.
    pub(super) changed: bool,
}

/// A row of files; those that are not small are not read.
type Row = Vec<Option<io::Result<Opened>>>;

/// The files that are asked for, and where the answer goes.
type Question = (Vec<Input>, Sender<Row>);

/// The files that were asked for.
pub(super) struct Ahead {
    ask: Sender<Question>,
    /// In order, each with its number.
    asked: VecDeque<(usize, Receiver<Row>)>,
    /// The row that the reader is in.
    row: (usize, Row),
    /// The next row to ask for.
    next: usize,
}

impl Ahead {
    /// Nothing where there are few files, or no threads to be had.
    pub(super) fn new(files: &[Input]) -> Option<Self> {
        if files.len() < FEW {
            return None;
        }
        let (ask, asked) = channel::<Question>();
        let asked = Arc::new(Mutex::new(asked));
        for _ in 0..THREADS {
            let asked = Arc::clone(&asked);
            thread::Builder::new().spawn(move || answer(&asked)).ok()?;
        }
        Some(Self {
            ask,
            asked: VecDeque::new(),
            row: (usize::MAX, Vec::new()),
            next: 0,
        })
    }

    /// The file at this place, if it is small; asks for those behind it. Places only grow.
    pub(super) fn take(&mut self, files: &[Input], at: usize) -> Option<io::Result<Opened>> {
        let number = at / ROW;
        self.next = self.next.max(number);
        while self.next <= number + ROWS && self.next * ROW < files.len() {
            let row = &files[self.next * ROW..files.len().min((self.next + 1) * ROW)];
            let (to, answer) = channel();
            self.ask.send((row.to_vec(), to)).ok()?;
            self.asked.push_back((self.next, answer));
            self.next += 1;
        }
        while self.row.0 != number {
            let (number, answer) = self.asked.pop_front()?;
            self.row = (number, answer.recv().ok()?);
        }
        self.row.1.get_mut(at % ROW)?.take()
    }
}

/// A thread: opens what is asked for, until nobody asks any more.
fn answer(asked: &Mutex<Receiver<Question>>) {
    let small = |input: &Input| input.size.is_some_and(|size| size <= SMALL);
    loop {
        let next = asked.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((row, to)) = next else { return };
        let row = row.iter().map(|input| small(input).then(|| open(input)));
        // Whoever asked may be gone.
        let _ = to.send(row.collect());
    }
}

fn open(input: &Input) -> io::Result<Opened> {
    let look = Look::of(input);
    let file = File::open(&input.path)?;
    let mut head = Vec::with_capacity(input.size.unwrap_or_default() as usize + 1);
    let read = (&file).take(SMALL + 1).read_to_end(&mut head)?;
    Ok(Opened {
        rest: (read as u64 > SMALL).then_some(file),
        head,
        look,
        changed: Look::of(input) != look,
    })
}
