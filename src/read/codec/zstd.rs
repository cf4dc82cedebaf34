//! Frames of Zstandard.

use super::members::{Member, Step, Then};
use memchr::memmem;
use std::io;
use zstd::stream::raw::{DParameter, Decoder, InBuffer, Operation, OutBuffer};

/// Unpacks a frame of Zstandard.
pub(super) struct Zstd {
    decoder: Decoder<'static>,
    /// The largest window, as a power of two.
    window: u32,
    /// How much input makes the next block. More at once would let a fault take the good blocks before it along.
    wanted: usize,
}

impl Zstd {
    pub(super) fn new(window: u32) -> io::Result<Self> {
        let mut decoder = Decoder::new()?;
        decoder.set_parameter(DParameter::WindowLogMax(window))?;
        Ok(Self {
            decoder,
            window,
            wanted: LONGEST_HEADER,
        })
    }
}

const LONGEST_HEADER: usize = 18;

/// Whether a frame begins here, one for the decoder to skip among them.
pub(super) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(Zstd::MAGIC) || matches!(bytes, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

impl Member for Zstd {
    const CODING: &'static str = "zstd";
    const PART: &'static str = "frame";
    const MAGIC: &'static [u8] = super::ZSTD;
    const HEAD: usize = 5;

    fn begins(head: &[u8]) -> bool {
        begins(head) || head.len() < 4
    }

    /// A frame that is there to be skipped is not looked for: nothing is lost with it.
    fn find(bytes: &[u8]) -> Option<usize> {
        memmem::find(bytes, Self::MAGIC)
    }

    /// The third bit of the header's descriptor says whether a checksum follows the frame.
    fn begin(&mut self, head: &[u8]) -> io::Result<bool> {
        self.decoder.reinit()?;
        self.wanted = LONGEST_HEADER;
        let summed = head.get(4).is_none_or(|descriptor| descriptor & 4 != 0);
        Ok(summed || !head.starts_with(Self::MAGIC))
    }

    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        let mut from = InBuffer::around(&input[..input.len().min(self.wanted)]);
        let mut into = OutBuffer::around(output);
        let outcome = self.decoder.run(&mut from, &mut into);
        let then = match outcome {
            Ok(0) => Then::Ended,
            Ok(hint) => {
                self.wanted = hint;
                Then::More
            }
            Err(error) if error.to_string().contains("too much memory") => {
                Then::Fault(super::too_large("window", self.window))
            }
            Err(error) => Then::Fault(error.to_string()),
        };
        Step {
            consumed: from.pos(),
            produced: into.pos(),
            then,
        }
    }
}
