//! The messages of an Arrow stream: where each ends, what it may hold, and what must follow the last one.

use crate::read::stream::{Reached, Stream, Watch};
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::{Block, Message, MessageHeader, MetadataVersion, root_as_message};
use arrow_schema::{ArrowError, Schema};

/// The marks around a file; the first one is followed by two bytes that say nothing.
const MARK: &[u8] = b"ARROW1";
const MARK_LENGTH: usize = 8;

/// What stands before a message, and in older streams does not.
const CONTINUATION: [u8; 4] = [0xff; 4];

/// The longest description of a message.
const LONGEST_HEAD: usize = 16 << 20;

/// What one batch may hold, as it is and unpacked.
const LARGEST_BATCH: u64 = 400 << 20;

const BLOCK: usize = 1 << 20;

/// Whether a file begins as Arrow does: with the mark of a file, or with the schema of a stream.
pub(in crate::read) fn begins(head: &[u8]) -> bool {
    let of_stream = || {
        let length = head.get(4..8)?.try_into().map(u32::from_le_bytes).ok()? as usize;
        let message = head.get(8..).map(|rest| &rest[..length.min(rest.len())])?;
        let whole = message.len() == length;
        let plausible = (16..LONGEST_HEAD).contains(&length);
        let schema = || root_as_message(message).is_ok_and(|it| it.header_type() == MessageHeader::Schema);
        Some(head.starts_with(&CONTINUATION) && plausible && (!whole || schema()))
    };
    head.starts_with(MARK) || of_stream().unwrap_or_default()
}

/// The messages of a stream.
pub(super) struct Messages<'a> {
    stream: Stream<'a>,
    watch: Watch<'a>,
    /// Whether it stands in a file, between two marks.
    marked: bool,
}

/// A message with what belongs to it: the length, the description, the body.
pub(super) struct Frame {
    pub(super) bytes: Vec<u8>,
    /// Where the description begins, and where the body does.
    head: usize,
    body: usize,
}

impl Frame {
    /// A message whose description, with its length before it, is so long.
    pub(super) fn new(bytes: Vec<u8>, body: usize) -> std::result::Result<Self, String> {
        let head = if bytes.starts_with(&CONTINUATION) { 8 } else { 4 };
        let frame = Self { bytes, head, body };
        match head <= body && body <= frame.bytes.len() {
            true => frame.message().map(drop).map(|()| frame),
            false => Err("a message of it is damaged".to_owned()),
        }
    }

    pub(super) fn message(&self) -> std::result::Result<Message<'_>, String> {
        root_as_message(&self.bytes[self.head..self.body])
            .map_err(|_| "a message of it is damaged".to_owned())
    }

    pub(super) fn kind(&self) -> std::result::Result<MessageHeader, String> {
        Ok(self.message()?.header_type())
    }

    pub(super) fn block(&self) -> Block {
        let body = self.bytes.len() - self.body;
        Block::new(0, i32::try_from(self.body).unwrap_or(i32::MAX), body as i64)
    }

    /// How many bytes the body holds unpacked: each buffer that is packed says so before it begins.
    pub(super) fn unpacked(&self) -> std::result::Result<u64, String> {
        let message = self.message()?;
        let of_dictionary = || message.header_as_dictionary_batch()?.data();
        let batch = message.header_as_record_batch().or_else(of_dictionary);
        let body = self.bytes.get(self.body..).unwrap_or_default();
        let packed = batch.filter(|batch| batch.compression().is_some());
        let buffers = packed.and_then(|batch| batch.buffers()).into_iter().flatten();
        let sizes = buffers.map(|buffer| {
            let start = usize::try_from(buffer.offset()).ok();
            let length = start.and_then(|start| body.get(start..)?.first_chunk().copied());
            length.map_or(0, |length| u64::try_from(i64::from_le_bytes(length)).unwrap_or(0))
        });
        Ok(sizes.fold(0, u64::saturating_add))
    }
}

impl<'a> Messages<'a> {
    pub(super) fn new(mut stream: Stream<'a>, watch: Watch<'a>) -> Self {
        let marked = stream.peek(MARK_LENGTH).starts_with(MARK);
        if marked {
            stream.skip(MARK_LENGTH);
        }
        Self {
            stream,
            watch,
            marked,
        }
    }

    pub(super) fn schema(&mut self) -> std::result::Result<(Schema, MetadataVersion), String> {
        let first = self.next().map_err(|reason| match self.marked {
            true => format!(
                "{reason}; if it is whole, it must be read from its end: unpack it, or save it to a file"
            ),
            false => reason,
        });
        let Some(frame) = first? else {
            return Err("it is cut short: it has no schema".to_owned());
        };
        let message = frame.message()?;
        let schema = message
            .header_as_schema()
            .ok_or_else(|| "it is damaged: its first message is no schema".to_owned())?;
        if !schema.endianness().equals_to_target_endianness() {
            return Err("its numbers are written from the other end, which is not read".to_owned());
        }
        let version = message.version();
        let schema = try_fb_to_schema(schema).map_err(|error| damaged(&error))?;
        Ok((schema, version))
    }

    /// The next message; nothing behind the last one, after what must follow it.
    pub(super) fn next(&mut self) -> std::result::Result<Option<Frame>, String> {
        let mut bytes = Vec::new();
        self.read(&mut bytes, 4)?;
        if bytes == CONTINUATION {
            self.read(&mut bytes, 4)?;
        }
        let head = bytes.len();
        let length = bytes.last_chunk().copied().map_or(0, u32::from_le_bytes) as usize;
        if length == 0 {
            return self.end().map(|()| None);
        }
        if length > LONGEST_HEAD {
            return Err("it is damaged: a message of it is longer than any can be".to_owned());
        }
        self.read(&mut bytes, length)?;
        let mut frame = Frame {
            body: bytes.len(),
            bytes,
            head,
        };
        let body = u64::try_from(frame.message()?.bodyLength()).unwrap_or(u64::MAX);
        check(body)?;
        self.read(&mut frame.bytes, usize::try_from(body).unwrap_or(usize::MAX))?;
        Ok(Some(frame))
    }

    /// Reads so many more bytes; memory grows with what is there, not with what is said to be.
    fn read(&mut self, bytes: &mut Vec<u8>, more: usize) -> std::result::Result<(), String> {
        let end = bytes.len() + more;
        while bytes.len() < end {
            let filled = bytes.len();
            bytes.resize(end.min(filled + BLOCK), 0);
            let (now, reached) = self.stream.fill(bytes, filled);
            let short = now < bytes.len();
            bytes.truncate(now);
            if short && (reached != Reached::More || self.watch.stopped()) {
                return Err(self.stream.damage().map_or_else(
                    || "it is cut short: the mark at the end of its batches is missing".to_owned(),
                    str::to_owned,
                ));
            }
        }
        Ok(())
    }

    /// Checks what follows the last message: nothing, or in a file a table of contents and the mark.
    fn end(&mut self) -> std::result::Result<(), String> {
        let (mut block, mut tail, mut any) = (vec![0; 1 << 16], Vec::new(), false);
        loop {
            let (filled, reached) = self.stream.fill(&mut block, 0);
            any |= filled > 0;
            tail.extend_from_slice(&block[..filled]);
            tail.drain(..tail.len().saturating_sub(MARK.len()));
            if reached != Reached::More || self.watch.stopped() {
                break;
            }
        }
        match self.stream.damage() {
            Some(reason) => Err(reason.to_owned()),
            None if self.marked && tail != MARK => {
                Err("it is cut short: the mark at the end of an Arrow file is missing".to_owned())
            }
            None if !self.marked && any => Err("there is garbage after the end of its batches".to_owned()),
            None => Ok(()),
        }
    }
}

pub(super) fn check(bytes: u64) -> std::result::Result<(), String> {
    if bytes <= LARGEST_BATCH {
        return Ok(());
    }
    let (size, limit) = (bytes >> 20, LARGEST_BATCH >> 20);
    Err(format!(
        "a batch of {size} MiB is over the limit of {limit} MiB; write it in batches of fewer rows, or as Parquet"
    ))
}

pub(super) fn damaged(error: &ArrowError) -> String {
    let said = error.to_string();
    let bare = said.split_once("rror: ").map_or(said.as_str(), |(_, bare)| bare);
    format!("it is damaged: {}", bare.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_are_told_from_words() {
        assert!(begins(b"ARROW1\0\0") && begins(b"\xff\xff\xff\xff\x00\x01\0\0rest"));
        for other in [
            &b""[..],
            b"ARROW",
            b"\xff\xff\xff\xff",
            b"\xff\xff\xff\xff\x01\0\0\0x",
            b"\xff\xfea",
        ] {
            assert!(!begins(other), "{other:?}");
        }
    }

    #[test]
    fn what_is_larger_than_allowed_is_named() {
        assert_eq!(check(LARGEST_BATCH), Ok(()));
        assert!(check(u64::MAX).unwrap_err().contains("over the limit of 400 MiB"));
    }
}
