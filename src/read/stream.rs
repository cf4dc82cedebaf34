//! Bytes of one file as the reader thread sees them: counted where they leave the disk, looked at before they are
//! used, and given back when they were too many.

use super::charset::Named;
use super::recode::Recoded;
use super::told::Tally;
use std::fmt;
use std::io::{self, Cursor, Read};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What the reader shares with whoever watches the run.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Bytes read from files so far, before decoding.
    pub bytes: &'a AtomicU64,
    /// Set to end the run.
    pub stop: &'a AtomicBool,
    /// Sums up what is read of each input, if that is wanted.
    pub tally: Option<&'a Tally>,
}

impl<'a> Watch<'a> {
    /// A watch without a tally.
    pub fn new(bytes: &'a AtomicU64, stop: &'a AtomicBool) -> Self {
        let tally = None;
        Self { bytes, stop, tally }
    }

    /// Whether the run shall end.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Counts what is read from a file, so that progress is told in bytes of the disk.
pub struct Counted<'a, R> {
    inner: R,
    watch: Watch<'a>,
}

impl<'a, R: Read> Counted<'a, R> {
    /// Counts what `inner` gives.
    pub fn new(inner: R, watch: Watch<'a>) -> Self {
        Self { inner, watch }
    }
}

/// A run that was stopped finds the end of every file, so that nothing that looks for something in it goes on for long.
impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.watch.stopped() {
            return Ok(0);
        }
        let count = self.inner.read(buffer)?;
        self.watch.bytes.fetch_add(count as u64, Ordering::Relaxed);
        if let Some(tally) = self.watch.tally {
            tally.add(&buffer[..count]);
        }
        Ok(count)
    }
}

/// The error of a reader that has lost bytes and can go on behind them: why. Any other error is the end.
#[derive(Debug)]
pub struct Lost(pub String);

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Lost {}

/// What this error says if only bytes are lost.
pub fn lost(error: &io::Error) -> Option<&str> {
    let inner = error.get_ref()?.downcast_ref::<Lost>()?;
    Some(&inner.0)
}

/// What a decoder notes about its file on the way.
#[derive(Debug, Default)]
pub struct Notes {
    padded: AtomicU64,
    unverified: AtomicU64,
    faults: Mutex<Vec<u64>>,
}

impl Notes {
    /// Zeros fill up the room after a member.
    pub fn padded(&self) {
        self.padded.fetch_add(1, Ordering::Relaxed);
    }

    /// A member has no checksum.
    pub fn unverified(&self) {
        self.unverified.fetch_add(1, Ordering::Relaxed);
    }

    /// The member of this number is at fault.
    pub fn fault(&self, number: u64) {
        self.faults
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(number);
    }

    /// How often zeros filled up the room after a member.
    pub fn paddings(&self) -> u64 {
        self.padded.load(Ordering::Relaxed)
    }

    /// How many members have no checksum.
    pub fn without_checksum(&self) -> u64 {
        self.unverified.load(Ordering::Relaxed)
    }

    /// The members at fault, in order.
    pub fn faults(&self) -> Vec<u64> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// How a read ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// There may be more.
    More,
    /// Here bytes are lost; more come after `pass_gap`.
    Gap,
    /// The file is over, well or damaged: `Stream::damage` says.
    End,
}

/// A decoded file that can be looked at ahead of use.
pub struct Stream<'a> {
    prefix: Vec<u8>,
    at: usize,
    rest: Box<dyn Read + Send + 'a>,
    /// Bytes are lost behind the prefix: why.
    gap: Option<String>,
    ended: bool,
    damage: Option<String>,
    notes: Arc<Notes>,
    /// Invalid sequences of another encoding.
    invalid: Arc<AtomicU64>,
}

impl<'a> Stream<'a> {
    /// The bytes that `rest` gives.
    pub fn new(rest: Box<dyn Read + Send + 'a>) -> Self {
        Self::noted(rest, Arc::default())
    }

    /// The bytes that `rest` gives, which writes these notes.
    pub fn noted(rest: Box<dyn Read + Send + 'a>, notes: Arc<Notes>) -> Self {
        Self {
            prefix: Vec::new(),
            at: 0,
            rest,
            gap: None,
            ended: false,
            damage: None,
            notes,
            invalid: Arc::default(),
        }
    }

    /// What the decoder has noted so far.
    pub fn notes(&self) -> Arc<Notes> {
        Arc::clone(&self.notes)
    }

    /// Makes UTF-8 of all that is not used yet, which is in this encoding.
    pub(super) fn recode(&mut self, encoding: Named) {
        let ahead = Cursor::new(self.prefix.split_off(self.at));
        let rest = std::mem::replace(&mut self.rest, Box::new(io::empty()));
        let gap = self
            .gap
            .take()
            .map(|gap| io::Error::new(io::ErrorKind::InvalidData, Lost(gap)));
        let error = gap.or(self.damage.take().map(io::Error::other));
        let whole = Box::new(ahead.chain(Failed(error)).chain(rest));
        self.rest = Box::new(Recoded::new(whole, encoding, Arc::clone(&self.invalid)));
        (self.prefix, self.at, self.ended) = (Vec::new(), 0, false);
    }

    /// How many invalid sequences another encoding had so far.
    pub fn invalid(&self) -> u64 {
        self.invalid.load(Ordering::Relaxed)
    }

    /// Looks at the next bytes: at least `wanted`, unless the file ends or bytes are lost before.
    pub fn peek(&mut self, wanted: usize) -> &[u8] {
        if self.at > 0 {
            self.prefix.drain(..self.at);
            self.at = 0;
        }
        let had = self.prefix.len();
        if had < wanted && !self.ended {
            self.prefix.resize(wanted, 0);
            let mut buffer = std::mem::take(&mut self.prefix);
            let filled = self.fill_from_rest(&mut buffer, had);
            buffer.truncate(filled);
            self.prefix = buffer;
        }
        &self.prefix
    }

    /// Leaves out bytes that were looked at.
    pub fn skip(&mut self, count: usize) {
        self.at = (self.at + count).min(self.prefix.len());
    }

    /// Fills `buffer` from `filled` on, as far as the file goes; returns how far it is filled now.
    pub fn fill(&mut self, buffer: &mut [u8], mut filled: usize) -> (usize, Reached) {
        let ahead = &self.prefix[self.at..];
        let count = ahead.len().min(buffer.len() - filled);
        buffer[filled..filled + count].copy_from_slice(&ahead[..count]);
        self.at += count;
        filled += count;
        if self.at == self.prefix.len() {
            filled = self.fill_from_rest(buffer, filled);
        }
        (filled, self.reached())
    }

    /// Gives back the last bytes that `fill` gave; they come first next time.
    pub fn unread(&mut self, tail: &[u8]) {
        if self.at < self.prefix.len() {
            self.at -= tail.len();
        } else {
            self.prefix.clear();
            self.prefix.extend_from_slice(tail);
            self.prefix.shrink_to(4 * tail.len().max(1 << 16));
            self.at = 0;
        }
    }

    /// Goes on behind lost bytes, if some are lost here: why.
    pub fn pass_gap(&mut self) -> Option<String> {
        (self.reached() == Reached::Gap).then(|| self.gap.take())?
    }

    /// Why the file ended before its time, once it has, or why bytes are lost here.
    pub fn damage(&self) -> Option<&str> {
        self.gap.as_deref().or(self.damage.as_deref())
    }

    /// Whether nothing is left to read.
    pub fn is_over(&self) -> bool {
        self.reached() == Reached::End
    }

    /// The damage as the error that it was.
    fn broken(&self) -> io::Result<usize> {
        match &self.damage {
            Some(reason) => Err(io::Error::new(io::ErrorKind::InvalidData, reason.clone())),
            None => Ok(0),
        }
    }

    fn reached(&self) -> Reached {
        if self.at < self.prefix.len() {
            Reached::More
        } else if self.gap.is_some() {
            Reached::Gap
        } else if self.ended {
            Reached::End
        } else {
            Reached::More
        }
    }

    fn fill_from_rest(&mut self, buffer: &mut [u8], mut filled: usize) -> usize {
        while filled < buffer.len() && !self.ended && self.gap.is_none() {
            match self.rest.read(&mut buffer[filled..]) {
                Ok(0) => self.ended = true,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => match lost(&error) {
                    Some(reason) => self.gap = Some(reason.to_owned()),
                    None => {
                        self.ended = true;
                        self.damage = Some(error.to_string());
                    }
                },
            }
        }
        filled
    }
}

/// For an archive, whose members are streams themselves.
impl Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ahead = &self.prefix[self.at..];
        if !ahead.is_empty() {
            let count = ahead.len().min(buffer.len());
            buffer[..count].copy_from_slice(&ahead[..count]);
            self.at += count;
            return Ok(count);
        }
        if let Some(reason) = self.gap.take() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, Lost(reason)));
        }
        let filled = self.fill_from_rest(buffer, 0);
        match filled {
            0 if self.gap.is_some() => self.read(buffer),
            0 => self.broken(),
            filled => Ok(filled),
        }
    }
}

/// A failure on its way through a decoder, told once.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(bytes: &'static [u8]) -> Stream<'static> {
        Stream::new(Box::new(bytes))
    }

    #[test]
    fn what_was_looked_at_or_given_back_comes_again() {
        let mut stream = stream(b"abcdefgh");
        assert_eq!(stream.peek(3), b"abc");
        stream.skip(1);
        assert_eq!(stream.peek(4), b"bcde");
        let mut buffer = [0; 3];
        assert_eq!(stream.fill(&mut buffer, 0), (3, Reached::More));
        stream.unread(&buffer[1..]);
        let mut buffer = [0; 20];
        assert_eq!(stream.fill(&mut buffer, 0), (6, Reached::End));
        assert_eq!(&buffer[..6], b"cdefgh");
        stream.unread(b"gh");
        assert!(!stream.is_over());
        assert_eq!(stream.fill(&mut buffer, 0), (2, Reached::End));
        assert!(stream.is_over() && stream.damage().is_none());
    }

    struct Broken(bool);
    impl Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if std::mem::replace(&mut self.0, true) {
                return Err(io::Error::other("the disk is tired"));
            }
            buffer[..2].copy_from_slice(b"ok");
            Ok(2)
        }
    }

    #[test]
    fn damage_is_told_after_the_good_bytes() {
        let mut stream = Stream::new(Box::new(Broken(false)));
        assert_eq!(stream.peek(100), b"ok");
        assert_eq!(stream.damage(), Some("the disk is tired"));
        let mut buffer = [0; 8];
        assert_eq!(stream.fill(&mut buffer, 0), (2, Reached::End));
    }
}
