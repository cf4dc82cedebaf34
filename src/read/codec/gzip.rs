//! Members of gzip, and what is within them: deflate.

use super::members::{Member, Step, Then};
use flate2::{Decompress, FlushDecompress, Status};
use memchr::memmem;
use std::io::{self, BufRead, BufReader, Read};

/// Unpacks a member of gzip; its checksum and its length are compared at its end.
pub(super) struct Gzip(Decompress);

impl Gzip {
    pub(super) fn new() -> Self {
        Self(Decompress::new_gzip(15))
    }
}

impl Member for Gzip {
    const CODING: &'static str = "gzip";
    const PART: &'static str = "member";
    const MAGIC: &'static [u8] = super::GZIP;
    const HEAD: usize = 10;

    /// Three bytes are met by chance once in 16 MB, so that the flags, the effort and the system are asked, too.
    fn find(bytes: &[u8]) -> Option<usize> {
        memmem::find_iter(bytes, Self::MAGIC).find(|at| {
            let flags = bytes.get(at + 3).copied().unwrap_or(0xff);
            let effort = bytes.get(at + 8).copied().unwrap_or(0xff);
            let system = bytes.get(at + 9).copied().unwrap_or(0xfe);
            flags < 0x20 && matches!(effort, 0 | 2 | 4) && (system < 20 || system == 255)
        })
    }

    fn begin(&mut self, _: &[u8]) -> io::Result<bool> {
        self.0.reset(true);
        Ok(true)
    }

    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        inflate(&mut self.0, input, output)
    }
}

fn inflate(inflater: &mut Decompress, input: &[u8], output: &mut [u8]) -> Step {
    let (consumed, produced) = (inflater.total_in(), inflater.total_out());
    let outcome = inflater.decompress(input, output, FlushDecompress::None);
    Step {
        consumed: (inflater.total_in() - consumed) as usize,
        produced: (inflater.total_out() - produced) as usize,
        then: match outcome {
            Ok(Status::StreamEnd) => Then::Ended,
            Ok(_) => Then::More,
            Err(error) => Then::Fault(error.message().unwrap_or("it is no deflate").to_owned()),
        },
    }
}

/// Takes off deflate without a wrapping, as zip has it.
pub(in crate::read) struct Inflated<R> {
    source: BufReader<R>,
    inflater: Decompress,
    fault: Option<String>,
    ended: bool,
}

impl<R: Read> Inflated<R> {
    /// The bytes within these.
    pub(in crate::read) fn new(source: R) -> Self {
        Self {
            source: BufReader::with_capacity(1 << 16, source),
            inflater: Decompress::new(false),
            fault: None,
            ended: false,
        }
    }
}

impl<R: Read> Read for Inflated<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.ended && !buffer.is_empty() {
            if let Some(fault) = &self.fault {
                return Err(io::Error::new(io::ErrorKind::InvalidData, fault.clone()));
            }
            let input = self.source.fill_buf()?;
            let exhausted = input.is_empty();
            let Step {
                consumed,
                produced,
                then,
            } = inflate(&mut self.inflater, input, buffer);
            self.source.consume(consumed);
            match then {
                Then::Ended => self.ended = true,
                Then::Fault(reason) => self.fault = Some(format!("it is damaged: {reason}")),
                Then::More if exhausted && produced == 0 => self.fault = Some("it is cut short".to_owned()),
                Then::More => {}
            }
            if produced > 0 {
                return Ok(produced);
            }
        }
        Ok(0)
    }
}
