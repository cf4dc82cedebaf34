//! An Arrow file by its table of contents, which stands at its end: some writers leave out what a reader from the
//! beginning needs. Where the table is lost, the file is read from its beginning after all.

use super::messages::{Frame, check};
use crate::read::stream::Watch;
use crate::read::walk::Input;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::{MetadataVersion, root_as_footer};
use arrow_schema::Schema;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::atomic::Ordering;

/// What follows the table of contents: its length and the mark.
const END: u64 = 10;
const LONGEST_TABLE: u64 = 64 << 20;

/// The messages of a file, dictionaries first.
pub(super) struct Blocks<'a> {
    file: File,
    length: u64,
    left: VecDeque<Place>,
    watch: Watch<'a>,
    /// How many bytes were told as read: at the end all of them.
    told: u64,
}

/// Where a message lies: from where on, and the lengths of its description and of its body.
struct Place {
    at: u64,
    head: u64,
    body: u64,
}

impl<'a> Blocks<'a> {
    /// Reads the table of contents; nothing if it is not there. So many bytes are told as read already.
    pub(super) fn open(
        input: &Input,
        watch: Watch<'a>,
        told: u64,
    ) -> Option<(Self, Schema, MetadataVersion)> {
        let (mut file, length) = (File::open(&input.path).ok()?, input.size?);
        let end: [u8; END as usize] = read(&mut file, length.checked_sub(END)?, END)?.try_into().ok()?;
        let table = u64::from(u32::from_le_bytes(*end.first_chunk()?));
        if !end.ends_with(b"ARROW1") || table > LONGEST_TABLE {
            return None;
        }
        let bytes = read(&mut file, length.checked_sub(END + table)?, table)?;
        let footer = root_as_footer(&bytes).ok()?;
        let schema = footer.schema()?;
        if !schema.endianness().equals_to_target_endianness() {
            return None;
        }
        let blocks = footer.dictionaries().into_iter().flatten();
        let blocks = blocks.chain(footer.recordBatches().into_iter().flatten());
        let left = blocks.map(|block| {
            Some(Place {
                at: block.offset().try_into().ok()?,
                head: block.metaDataLength().try_into().ok()?,
                body: block.bodyLength().try_into().ok()?,
            })
        });
        let (left, version) = (left.collect::<Option<_>>()?, footer.version());
        let schema = try_fb_to_schema(schema).ok()?;
        let blocks = Self {
            file,
            length,
            left,
            watch,
            told,
        };
        Some((blocks, schema, version))
    }

    /// The next message.
    pub(super) fn next(&mut self) -> Result<Option<Frame>, String> {
        let Some(place) = self.left.pop_front() else {
            self.tell(self.length - self.told.min(self.length));
            return Ok(None);
        };
        let bytes = place.head.saturating_add(place.body);
        check(bytes)?;
        let inside = place.at.checked_add(bytes).is_some_and(|end| end <= self.length);
        let read = inside
            .then(|| read(&mut self.file, place.at, bytes))
            .flatten()
            .ok_or_else(|| "it is damaged: a batch lies outside of the file".to_owned())?;
        let head = usize::try_from(place.head).unwrap_or_default();
        let frame = Frame::new(read, head)?;
        self.tell(bytes.min(self.length.saturating_sub(self.told)));
        Ok(Some(frame))
    }

    fn tell(&mut self, bytes: u64) {
        self.told += bytes;
        self.watch.bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}

fn read(file: &mut File, at: u64, length: u64) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(at)).ok()?;
    let mut bytes = vec![0; usize::try_from(length).ok()?];
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}
