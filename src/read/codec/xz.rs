//! Streams of xz.

use super::members::{Member, Step, Then};
use lzma_rust2::{Action, Status, XzStream};
use memchr::memmem;
use std::io;

/// Unpacks a stream of xz; each block has a checksum, unless the stream says that there is none.
pub(super) struct Xz {
    stream: XzStream,
    /// The largest dictionary, as a power of two.
    window: u32,
}

impl Xz {
    pub(super) fn new(window: u32) -> Self {
        Self {
            stream: fresh(window),
            window,
        }
    }
}

/// The decoder counts its own needs to the dictionary: they are far below a MiB.
fn fresh(window: u32) -> XzStream {
    XzStream::new_mem_limit(false, (1 << (window - 10)) + 1024)
}

impl Member for Xz {
    const CODING: &'static str = "xz";
    const PART: &'static str = "stream";
    const MAGIC: &'static [u8] = super::XZ;
    const HEAD: usize = 12;
    const PADDED: bool = true;

    fn find(bytes: &[u8]) -> Option<usize> {
        memmem::find(bytes, Self::MAGIC)
    }

    /// The kind of the checksum stands in the lower half of the eighth byte.
    fn begin(&mut self, head: &[u8]) -> io::Result<bool> {
        self.stream = fresh(self.window);
        Ok(head.get(7).is_none_or(|flags| flags & 0x0f != 0))
    }

    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        let (consumed, produced) = (self.stream.total_in(), self.stream.total_out());
        let outcome = self.stream.process(input, output, Action::Run);
        Step {
            consumed: (self.stream.total_in() - consumed) as usize,
            produced: (self.stream.total_out() - produced) as usize,
            then: match outcome.map(|result| result.status) {
                Ok(Status::StreamEnd) => Then::Ended,
                Ok(Status::Ok) => Then::More,
                Err(error) if error.kind() == io::ErrorKind::OutOfMemory => {
                    Then::Fault(super::too_large("dictionary", self.window))
                }
                Err(error) => Then::Fault(error.to_string()),
            },
        }
    }
}
