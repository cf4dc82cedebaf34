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

/// So many files are asked for beforehand.
const DEPTH: usize = 128;

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

/// A file that is asked for, and where the answer goes.
type Question = (Input, Sender<io::Result<Opened>>);

/// The files that were asked for.
pub(super) struct Ahead {
    ask: Sender<Question>,
    /// In the order of the inputs, each with its place among them.
    asked: VecDeque<(usize, Receiver<io::Result<Opened>>)>,
    /// The next file to ask for.
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
            next: 0,
        })
    }

    /// The file at this place, if it is small; asks for those behind it.
    pub(super) fn take(&mut self, files: &[Input], at: usize) -> Option<io::Result<Opened>> {
        while self.asked.front().is_some_and(|(place, _)| *place < at) {
            self.asked.pop_front();
        }
        self.next = self.next.max(at);
        while self.next < files.len().min(at + DEPTH) {
            let input = &files[self.next];
            if input.size.is_some_and(|size| size <= SMALL) {
                let (to, answer) = channel();
                self.ask.send((input.clone(), to)).ok()?;
                self.asked.push_back((self.next, answer));
            }
            self.next += 1;
        }
        let here = self.asked.front().is_some_and(|(place, _)| *place == at);
        let (_, answer) = here.then(|| self.asked.pop_front())??;
        answer.recv().ok()
    }
}

/// A thread: opens what is asked for, until nobody asks any more.
fn answer(asked: &Mutex<Receiver<Question>>) {
    loop {
        let next = asked.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((input, to)) = next else { return };
        // Whoever asked may be gone.
        let _ = to.send(open(&input));
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
