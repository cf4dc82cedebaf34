//! The way from one header of a tar to the next, over bytes that may be cut, damaged or lost.

use crate::read::stream::{Stream, lost};
use ::tar::Header;
use memchr::memmem;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// What a tar is made of.
pub(super) const BLOCK: usize = 512;
const CUT_SHORT: &str = "the archive is cut short";

/// Whether a header stands here: its checksum says so.
pub(in crate::read::archive) fn is_header(bytes: &[u8]) -> bool {
    header(bytes).is_some()
}

/// Old writers took bytes for signed numbers when they summed them up.
pub(super) fn header(bytes: &[u8]) -> Option<&Header> {
    let block = bytes.get(..BLOCK)?;
    let header = Header::from_byte_slice(block);
    let summed = || block[..148].iter().chain(&block[156..]);
    let blanks = 8 * i64::from(b' ');
    let unsigned = blanks + summed().map(|byte| i64::from(*byte)).sum::<i64>();
    let signed = blanks + summed().map(|byte| i64::from(byte.cast_signed())).sum::<i64>();
    let sum = i64::from(header.cksum().ok()?);
    (block[0] != 0 && (sum == unsigned || sum == signed)).then_some(header)
}

/// The size that a header gives, where it gives one that can be.
pub(super) fn size(header: &Header) -> Option<u64> {
    let field = &header.as_bytes()[124..136];
    if field.iter().all(|byte| matches!(byte, 0 | b' ')) {
        return Some(0);
    }
    header.entry_size().ok().filter(|size| *size < 1 << 62)
}

/// The bytes of the archive, shared with the reader of the member that is open.
pub(super) struct Walk<'a> {
    pub(super) stream: Stream<'a>,
    /// What is left of the member, and of the padding behind it.
    pub(super) left: u64,
    pub(super) padding: u64,
    /// Bytes are lost: what comes next need not be a header.
    pub(super) torn: bool,
}

impl Walk<'_> {
    /// Reads bytes of the member that is open.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        if wanted == 0 {
            return Ok(0);
        }
        let fault = match self.stream.read(&mut buffer[..wanted]) {
            Ok(0) => CUT_SHORT.to_owned(),
            Ok(count) => {
                self.left -= count as u64;
                return Ok(count);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => lost(&error).map_or_else(|| error.to_string(), str::to_owned),
        };
        (self.left, self.padding, self.torn) = (0, 0, true);
        Err(io::Error::new(io::ErrorKind::InvalidData, fault))
    }

    /// Leaves out what is left of the member; says what is wrong with it.
    pub(super) fn pass(&mut self) -> Result<(), String> {
        self.left += std::mem::take(&mut self.padding);
        let mut nowhere = vec![0; (1 << 16).min(self.left as usize)];
        while self.left > 0 {
            match self.read(&mut nowhere) {
                Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error.to_string()),
                _ => {}
            }
        }
        Ok(())
    }

    /// The next block, unless the archive ends before; says what is wrong with it.
    pub(super) fn block(&mut self) -> Result<Option<[u8; BLOCK]>, String> {
        let seen = self.stream.peek(BLOCK);
        let block = seen
            .get(..BLOCK)
            .and_then(|seen| <[u8; BLOCK]>::try_from(seen).ok());
        let rest = seen.len();
        if block.is_some() {
            self.stream.skip(BLOCK);
            return Ok(block);
        }
        self.stream.skip(rest);
        if let Some(reason) = self.stream.pass_gap() {
            self.torn = true;
            return Err(reason);
        }
        match self.stream.damage() {
            Some(reason) => Err(reason.to_owned()),
            None if rest > 0 => Err(CUT_SHORT.to_owned()),
            None => Ok(None),
        }
    }

    /// Whether a header comes next. Zeros that do not make a block are left out.
    pub(super) fn at_header(&mut self) -> bool {
        let seen = self.stream.peek(BLOCK);
        let rest = seen.len();
        if rest < BLOCK && seen.iter().all(|byte| *byte == 0) {
            self.stream.skip(rest);
            return false;
        }
        is_header(seen)
    }

    /// Goes on to the next header, wherever it stands; says whether there is one.
    pub(super) fn search(&mut self) -> bool {
        const AHEAD: usize = 1 << 16;
        const MAGIC_AT: usize = 257;
        loop {
            let seen = self.stream.peek(AHEAD);
            let begins = memmem::find_iter(seen, b"ustar").filter_map(|magic| magic.checked_sub(MAGIC_AT));
            if let Some(begin) = begins.into_iter().find(|begin| is_header(&seen[*begin..])) {
                self.stream.skip(begin);
                self.torn = false;
                return true;
            }
            let whole = seen.len() >= AHEAD;
            let passed = if whole { seen.len() - BLOCK } else { seen.len() };
            self.stream.skip(passed);
            if !whole && self.stream.pass_gap().is_none() && self.stream.is_over() {
                return false;
            }
        }
    }
}

/// Reads the member that is open.
pub(super) struct Body<'a>(pub(super) Arc<Mutex<Walk<'a>>>);

impl Read for Body<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).read(buffer)
    }
}
