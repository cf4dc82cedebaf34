//! Streams of bzip2.

use super::members::{Member, Step, Then};
use bzip2::{Decompress, Status};
use memchr::memmem;
use std::io;

/// Unpacks a stream of bzip2; each block has a checksum, and the stream one of them all.
pub(super) struct Bzip2(Decompress);

impl Bzip2 {
    pub(super) fn new() -> Self {
        Self(Decompress::new(false))
    }
}

const BLOCK: &[u8] = b"1AY&SY";
/// What a stream without a block has instead of one.
const END: &[u8] = b"\x17\x72\x45\x38\x50\x90";

/// Whether a stream of bzip2 begins here, as far as the bytes go; three alone would be a word.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let mark = bytes.get(4..).unwrap_or_default();
    let mark = &mark[..mark.len().min(BLOCK.len())];
    bytes.starts_with(Bzip2::MAGIC)
        && matches!(bytes.get(3), Some(b'1'..=b'9'))
        && (BLOCK.starts_with(mark) || END.starts_with(mark))
}

impl Member for Bzip2 {
    const CODING: &'static str = "bzip2";
    const PART: &'static str = "stream";
    const MAGIC: &'static [u8] = b"BZh";
    const HEAD: usize = 10;

    fn find(bytes: &[u8]) -> Option<usize> {
        memmem::find_iter(bytes, Self::MAGIC)
            .find(|at| bytes.len() - at >= Self::HEAD && begins(&bytes[*at..]))
    }

    fn begin(&mut self, _: &[u8]) -> io::Result<bool> {
        self.0 = Decompress::new(false);
        Ok(true)
    }

    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        let (consumed, produced) = (self.0.total_in(), self.0.total_out());
        let outcome = self.0.decompress(input, output);
        Step {
            consumed: (self.0.total_in() - consumed) as usize,
            produced: (self.0.total_out() - produced) as usize,
            then: match outcome {
                Ok(Status::StreamEnd) => Then::Ended,
                Ok(_) => Then::More,
                Err(bzip2::Error::Data) => Then::Fault("a checksum does not match".to_owned()),
                Err(error) => Then::Fault(error.to_string()),
            },
        }
    }
}
