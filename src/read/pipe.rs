//! Pipes as inputs: read ahead on a thread, so that a silent one holds nobody up.

use super::stream::Watch;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::stream::Counted;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

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
        let mut piped = Piped::new(|| Ok(Silent), Watch::new(&bytes, &stop));
        let begun = std::time::Instant::now();
        assert_eq!(piped.read(&mut [0; 4]).unwrap(), 0);
        assert!(begun.elapsed() < Duration::from_secs(2));
    }

    #[test]
    fn a_pipe_gives_all_its_bytes() {
        let (bytes, stop) = (AtomicU64::new(0), AtomicBool::new(false));
        let watch = Watch::new(&bytes, &stop);
        let data: Vec<u8> = (0..1_000_000_u32).map(|n| n as u8).collect();
        let source = io::Cursor::new(data.clone());
        let mut counted = Counted::new(Piped::new(move || Ok(source), watch), watch);
        let mut read = Vec::new();
        counted.read_to_end(&mut read).unwrap();
        assert_eq!(read, data);
        assert_eq!(bytes.load(Ordering::Relaxed), data.len() as u64);
    }
}
