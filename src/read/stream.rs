//! Bytes of one file as the reader thread sees them: counted where they leave the disk, looked at before they are
//! used, and given back when they were too many.

use super::charset::Named;
use super::recode::Recoded;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

/// What the reader shares with whoever watches the run.
#[derive(Debug, Clone, Copy)]
pub struct Watch<'a> {
    /// Bytes read from files so far, before decoding.
    pub bytes: &'a AtomicU64,
    /// Set to end the run.
    pub stop: &'a AtomicBool,
}

impl Watch<'_> {
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

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.watch.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// A pipe, read on a thread of its own: a read from a silent pipe cannot be interrupted, but waiting for the thread
/// can. The thread ends with the pipe, or when nobody listens any more.
pub struct Piped<'a> {
    blocks: Receiver<io::Result<Vec<u8>>>,
    block: Vec<u8>,
    at: usize,
    watch: Watch<'a>,
}

const PIPE_BLOCK: usize = 1 << 17;
const PIPE_AHEAD: usize = 4;
const POLL: Duration = Duration::from_millis(50);

impl<'a> Piped<'a> {
    /// Reads standard input.
    pub fn stdin(watch: Watch<'a>) -> Self {
        Self::new(|| Ok(io::stdin()), watch)
    }

    /// Reads a named pipe or a device.
    pub fn file(path: PathBuf, watch: Watch<'a>) -> Self {
        Self::new(|| File::open(path), watch)
    }

    /// Opening waits for whoever writes to the pipe, so that it is left to the thread, too.
    fn new<R: Read>(open: impl FnOnce() -> io::Result<R> + Send + 'static, watch: Watch<'a>) -> Self {
        let (sender, blocks) = sync_channel(PIPE_AHEAD);
        std::thread::spawn(move || match open() {
            Ok(source) => pump(source, &sender),
            // The run may be over: then there is nobody to tell.
            Err(error) => drop(sender.send(Err(error))),
        });
        Self {
            blocks,
            block: Vec::new(),
            at: 0,
            watch,
        }
    }
}

fn pump(mut source: impl Read, sender: &SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut block = vec![0; PIPE_BLOCK];
        let read = match source.read(&mut block) {
            Ok(count) => {
                block.truncate(count);
                Ok(block)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let ended = !matches!(&read, Ok(block) if !block.is_empty());
        if sender.send(read).is_err() || ended {
            return;
        }
    }
}

impl Read for Piped<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.block.len() {
            match self.blocks.recv_timeout(POLL) {
                Ok(block) => {
                    self.block = block?;
                    self.at = 0;
                    if self.block.is_empty() {
                        return Ok(0);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
                Err(RecvTimeoutError::Timeout) if self.watch.stopped() => return Ok(0),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
        let count = buffer.len().min(self.block.len() - self.at);
        buffer[..count].copy_from_slice(&self.block[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// How a read ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// There may be more.
    More,
    /// The file is over, well or damaged: `Stream::damage` says.
    End,
}

/// A decoded file that can be looked at ahead of use.
pub struct Stream<'a> {
    prefix: Vec<u8>,
    at: usize,
    rest: Box<dyn Read + Send + 'a>,
    ended: bool,
    damage: Option<String>,
    /// Invalid sequences of another encoding.
    invalid: Arc<AtomicU64>,
}

impl<'a> Stream<'a> {
    /// The bytes that `rest` gives.
    pub fn new(rest: Box<dyn Read + Send + 'a>) -> Self {
        Self {
            prefix: Vec::new(),
            at: 0,
            rest,
            ended: false,
            damage: None,
            invalid: Arc::default(),
        }
    }

    /// Makes UTF-8 of all that is not used yet, which is in this encoding.
    pub(super) fn recode(&mut self, encoding: Named) {
        let ahead = Cursor::new(self.prefix.split_off(self.at));
        let failed = self.damage.take().map(|damage| Failed(Some(damage)));
        let rest = std::mem::replace(&mut self.rest, Box::new(io::empty()));
        let whole: Box<dyn Read + Send + 'a> = match failed {
            Some(failed) => Box::new(ahead.chain(failed)),
            None => Box::new(ahead.chain(rest)),
        };
        self.rest = Box::new(Recoded::new(whole, encoding, Arc::clone(&self.invalid)));
        (self.prefix, self.at, self.ended) = (Vec::new(), 0, false);
    }

    /// How many invalid sequences another encoding had so far.
    pub fn invalid(&self) -> u64 {
        self.invalid.load(Ordering::Relaxed)
    }

    /// Looks at the next bytes: at least `wanted`, unless the file ends before.
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
        let over = self.ended && self.at == self.prefix.len();
        (filled, if over { Reached::End } else { Reached::More })
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

    /// Why the file ended before its time, once it has.
    pub fn damage(&self) -> Option<&str> {
        self.damage.as_deref()
    }

    /// Whether nothing is left to read.
    pub fn is_over(&self) -> bool {
        self.ended && self.at == self.prefix.len()
    }

    fn fill_from_rest(&mut self, buffer: &mut [u8], mut filled: usize) -> usize {
        while filled < buffer.len() && !self.ended {
            match self.rest.read(&mut buffer[filled..]) {
                Ok(0) => self.ended = true,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    self.damage = Some(error.to_string());
                }
            }
        }
        filled
    }
}

/// A source that has failed already.
struct Failed(Option<String>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0
            .take()
            .map_or(Ok(0), |damage| Err(io::Error::other(damage)))
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

    struct Silent;
    impl Read for Silent {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            std::thread::sleep(Duration::from_secs(3));
            Ok(0)
        }
    }

    #[test]
    fn a_silent_pipe_does_not_hold_a_stopped_run() {
        let (bytes, stop) = (AtomicU64::new(0), AtomicBool::new(true));
        let mut piped = Piped::new(
            || Ok(Silent),
            Watch {
                bytes: &bytes,
                stop: &stop,
            },
        );
        let begun = std::time::Instant::now();
        assert_eq!(piped.read(&mut [0; 4]).unwrap(), 0);
        assert!(begun.elapsed() < Duration::from_secs(2));
    }

    #[test]
    fn a_pipe_gives_all_its_bytes() {
        let (bytes, stop) = (AtomicU64::new(0), AtomicBool::new(false));
        let watch = Watch {
            bytes: &bytes,
            stop: &stop,
        };
        let data: Vec<u8> = (0..1_000_000_u32).map(|n| n as u8).collect();
        let source = io::Cursor::new(data.clone());
        let mut counted = Counted::new(Piped::new(move || Ok(source), watch), watch);
        let mut read = Vec::new();
        counted.read_to_end(&mut read).unwrap();
        assert_eq!(read, data);
        assert_eq!(bytes.load(Ordering::Relaxed), data.len() as u64);
    }
}
