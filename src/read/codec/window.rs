//! Packed bytes on their way to a decoder, with a look back: a decoder that was misled by a fault may have run past
//! the beginning of the next good member, so that the search for it starts again behind the last known one.

use std::io::{self, Read};

/// How far one may look back.
const KEPT: usize = 1 << 17;
/// How much is held at most.
const HELD: usize = 3 * KEPT;

/// A buffer over a source that keeps what was used last.
pub(super) struct Window<'a> {
    source: Box<dyn Read + Send + 'a>,
    buffer: Vec<u8>,
    /// The first byte that is not used yet.
    at: usize,
    /// The first byte that is not read yet.
    end: usize,
    /// Where the current member begins; before it nothing is kept.
    mark: usize,
    ended: bool,
}

impl<'a> Window<'a> {
    /// A window at the beginning of these bytes.
    pub(super) fn new(source: Box<dyn Read + Send + 'a>) -> Self {
        Self {
            source,
            buffer: Vec::new(),
            at: 0,
            end: 0,
            mark: 0,
            ended: false,
        }
    }

    /// The next bytes: at least `wanted`, which is little, unless the source ends before.
    pub(super) fn peek(&mut self, wanted: usize) -> io::Result<&[u8]> {
        while self.end - self.at < wanted && !self.ended {
            self.read_more()?;
        }
        Ok(&self.buffer[self.at..self.end])
    }

    /// Leaves out bytes that were used.
    pub(super) fn consume(&mut self, count: usize) {
        self.at += count;
    }

    /// Notes that a member begins here.
    pub(super) fn mark(&mut self) {
        self.mark = self.at;
    }

    /// Goes back behind the beginning of the member, or as far as bytes are kept.
    pub(super) fn rewind(&mut self) {
        self.at = (self.mark + 1).min(self.end);
        self.mark = self.at;
    }

    fn read_more(&mut self) -> io::Result<()> {
        // Memory is not touched before it is needed: most files are small.
        self.buffer.resize(HELD, 0);
        if self.end == self.buffer.len() {
            let from = self.mark.max(self.at.saturating_sub(KEPT));
            self.buffer.copy_within(from..self.end, 0);
            self.end -= from;
            self.at -= from;
            self.mark = self.mark.saturating_sub(from);
        }
        let count = loop {
            match self.source.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.ended = count == 0;
        self.end += count;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_back_as_far_as_it_keeps() {
        let bytes: Vec<u8> = (0..2_000_000_u32).map(|n| (n % 251) as u8).collect();
        let mut window = Window::new(Box::new(&bytes[..]));
        let (mut at, mut pieces) = (0, 0);
        loop {
            let seen = window.peek(10).unwrap();
            assert_eq!(seen, &bytes[at..at + seen.len()]);
            let count = seen.len().min(70_000);
            if count == 0 {
                break;
            }
            window.consume(count);
            at += count;
            pieces += 1;
            if pieces == 3 {
                window.mark();
                let few = window.peek(100).unwrap().len().min(100);
                window.consume(few);
                window.rewind();
                at += 1;
            }
        }
        assert_eq!(at, bytes.len());
        window.rewind();
        let kept = window.peek(1).unwrap();
        assert!(kept.len() >= KEPT && bytes.ends_with(kept));
    }
}
