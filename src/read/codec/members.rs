//! The way through a packed file that holds one member after the other: from one to the next, over padding and over
//! faults, whatever packs them.

use super::window::Window;
use crate::read::stream::{Lost, Notes};
use std::io::{self, Read};
use std::sync::Arc;

/// How far one step of a decoder came.
pub(super) struct Step {
    /// Bytes taken from the input.
    pub(super) consumed: usize,
    /// Bytes put into the output, the good ones before a fault among them.
    pub(super) produced: usize,
    /// What comes next.
    pub(super) then: Then,
}

/// What comes after a step.
pub(super) enum Then {
    /// More of the same member, given more input or room.
    More,
    /// The next member.
    Ended,
    /// Nothing good: why.
    Fault(String),
}

/// What unpacks one member at a time.
pub(super) trait Member {
    /// What packs the file.
    const CODING: &'static str;
    /// What it calls its parts.
    const PART: &'static str;
    /// Whether zeros may stand between parts, and not only behind the last.
    const PADDED: bool = false;
    /// How a part begins.
    const MAGIC: &'static [u8];
    /// So many bytes tell that a part begins where none is expected.
    const HEAD: usize;

    /// Whether a part begins here, where one is expected; it may be cut.
    fn begins(head: &[u8]) -> bool {
        let length = head.len().min(Self::MAGIC.len());
        head[..length] == Self::MAGIC[..length]
    }

    /// Where a part seems to begin.
    fn find(bytes: &[u8]) -> Option<usize>;

    /// Begins a member whose first bytes these are; says whether a checksum will tell if it is good.
    fn begin(&mut self, head: &[u8]) -> io::Result<bool>;

    /// Goes on with the member.
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step;
}

enum State {
    /// Before a member, the file's first or a later one.
    Between,
    Within,
    /// The member is at fault, which is told when the good bytes before are out.
    Failing(String),
    /// The member is good for nothing, as a look ahead has shown.
    Skipping,
    Over,
}

/// All members of a file.
pub(super) struct Members<'a, M> {
    window: Window<'a>,
    member: M,
    state: State,
    /// How many were begun.
    number: u64,
    /// Those that are left out.
    bad: Vec<u64>,
    notes: Arc<Notes>,
}

impl<'a, M: Member> Members<'a, M> {
    /// The members of a file; those of these numbers, in ascending order, are left out.
    pub(super) fn new(
        source: Box<dyn Read + Send + 'a>,
        member: M,
        bad: Vec<u64>,
        notes: Arc<Notes>,
    ) -> Self {
        Self {
            window: Window::new(source),
            member,
            state: State::Between,
            number: 0,
            bad,
            notes,
        }
    }

    /// Goes on to the next member, if there is one; zeros may fill the file up.
    fn begin(&mut self) -> io::Result<()> {
        let padded = self.number > 0 && self.skip_zeros()?;
        let head = self.window.peek(M::HEAD)?;
        let over = head.is_empty();
        if padded && (over || M::PADDED) {
            self.notes.padded();
        }
        if over {
            self.state = State::Over;
            return Ok(());
        }
        if self.number > 0 && (padded && !M::PADDED || !M::begins(head)) {
            return self.find_next();
        }
        let verified = self.member.begin(head)?;
        self.window.mark();
        self.number += 1;
        if !verified {
            self.notes.unverified();
        }
        let skips = self.bad.binary_search(&self.number).is_ok();
        self.state = if skips { State::Skipping } else { State::Within };
        Ok(())
    }

    fn skip_zeros(&mut self) -> io::Result<bool> {
        let mut padded = false;
        loop {
            let bytes = self.window.peek(1)?;
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            let more = zeros > 0 && zeros == bytes.len();
            self.window.consume(zeros);
            padded |= zeros > 0;
            if !more {
                return Ok(padded);
            }
        }
    }

    /// Goes on over what is no member behind one; a member may have stood there.
    fn find_next(&mut self) -> io::Result<()> {
        let (part, coding) = (M::PART, M::CODING);
        let parts = if self.number == 1 { "the only" } else { "the last" };
        let at_the_end = format!("there is garbage after {parts} {part} of the {coding} file");
        let between = format!(
            "there is garbage after {part} {} of the {coding} file",
            self.number
        );
        self.window.mark();
        self.go_on(at_the_end, between)
    }

    /// One step into the buffer; nothing when the state has changed.
    fn advance(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let input = self.window.peek(1)?;
        let exhausted = input.is_empty();
        let step = self.member.step(input, buffer);
        self.window.consume(step.consumed);
        match step.then {
            Then::Ended => self.state = State::Between,
            Then::Fault(reason) => self.state = State::Failing(format!("is damaged: {reason}")),
            Then::More if exhausted && step.produced == 0 => {
                self.state = State::Failing("is cut short".to_owned());
            }
            Then::More => {}
        }
        Ok(step.produced)
    }

    /// Leaves a member out to the fault that is known to be in it.
    fn skip(&mut self) -> io::Result<()> {
        let mut nowhere = vec![0; 1 << 16];
        while matches!(self.state, State::Within) {
            self.advance(&mut nowhere)?;
        }
        Ok(())
    }

    /// Tells of a fault in the member, after which the next one is looked for.
    fn fail(&mut self, reason: &str) -> io::Result<()> {
        self.notes.fault(self.number);
        let what = format!("{} {} of the {} file {reason}", M::PART, self.number, M::CODING);
        self.window.rewind();
        self.go_on(what.clone(), what)
    }

    /// Always an error: that bytes are lost, or, when no member follows, that the file ends here.
    fn go_on(&mut self, at_the_end: String, between: String) -> io::Result<()> {
        self.state = State::Over;
        if self.search()? {
            self.state = State::Between;
            let reason = format!("{between}; reading went on at the next {}", M::PART);
            return Err(io::Error::new(io::ErrorKind::InvalidData, Lost(reason)));
        }
        Err(io::Error::new(io::ErrorKind::InvalidData, at_the_end))
    }

    /// Looks for the beginning of a member.
    fn search(&mut self) -> io::Result<bool> {
        loop {
            let bytes = self.window.peek(M::HEAD)?;
            if let Some(at) = M::find(bytes) {
                self.window.consume(at);
                return Ok(true);
            }
            if bytes.len() < M::HEAD {
                return Ok(false);
            }
            let passed = bytes.len() - (M::HEAD - 1);
            self.window.consume(passed);
            self.window.mark();
        }
    }
}

impl<M: Member> Read for Members<'_, M> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match std::mem::replace(&mut self.state, State::Over) {
                State::Over => return Ok(0),
                State::Between => self.begin()?,
                State::Failing(reason) => self.fail(&reason)?,
                State::Skipping => {
                    self.state = State::Within;
                    self.skip()?;
                }
                State::Within => {
                    self.state = State::Within;
                    let count = self.advance(buffer)?;
                    if count > 0 {
                        return Ok(count);
                    }
                }
            }
        }
    }
}
