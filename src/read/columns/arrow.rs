//! Arrow on the reader thread: the messages of a stream, or of a file, which is a stream between two marks. They are
//! read one after the other, so that a pipe or a codec does no harm, or by the table of contents of a file that lies
//! there plain (`blocks`); a batch leaves in runs of rows.

use super::blocks::Blocks;
use super::messages::{Frame, Messages, check, damaged};
use super::{Data, Found, Next, decide};
use crate::read::Settings;
use crate::read::fields::Mapping;
use crate::read::stream::{Stream, Watch};
use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::FileDecoder;
use arrow_ipc::{MessageHeader, MetadataVersion};
use arrow_schema::Schema;
use std::collections::HashMap;
use std::sync::{Arc, Weak};

/// The batches of a file or a stream.
pub(super) struct Batches<'a> {
    messages: Source<'a>,
    watch: Watch<'a>,
    decoder: FileDecoder,
    /// What is left of the last batch, with what lives as long as any row of it does, and about how many bytes its
    /// rows hold.
    batch: Option<(RecordBatch, Arc<()>)>,
    row_bytes: usize,
    alive: Weak<()>,
    /// How many bytes each dictionary holds, for they stay.
    dictionaries: HashMap<i64, u64>,
}

impl<'a> Batches<'a> {
    /// Reads the schema, unless a table of contents told it.
    pub(super) fn open(
        blocks: Option<(Blocks<'a>, Schema, MetadataVersion)>,
        stream: Stream<'a>,
        settings: &Settings,
        watch: Watch<'a>,
    ) -> Found<Self> {
        let (messages, schema, version) = match blocks {
            Some((blocks, schema, version)) => (Source::Blocks(blocks), schema, version),
            None => {
                let mut messages = Messages::new(stream, watch);
                match messages.schema() {
                    Ok((schema, version)) => (Source::Stream(messages), schema, version),
                    Err(reason) => return Ok(Err(reason)),
                }
            }
        };
        let (mapping, mut warnings) = decide(schema.fields(), &settings.fields)?;
        warnings.extend(unkept(&mapping, &schema));
        let wanted = |name: &String| mapping.columns().iter().any(|path| path[0] == *name);
        let fields = schema.fields().iter().enumerate();
        let projection = fields
            .filter(|(_, field)| wanted(field.name()))
            .map(|(at, _)| at)
            .collect();
        let batches = Self {
            messages,
            watch,
            decoder: FileDecoder::new(Arc::new(schema), version).with_projection(projection),
            batch: None,
            row_bytes: 0,
            alive: Weak::new(),
            dictionaries: HashMap::new(),
        };
        Ok(Ok((batches, mapping, warnings)))
    }

    /// The next rows: so many at most, and about so many bytes. A new batch is read only when nothing is left of the
    /// one before, or two of them would be held at once.
    pub(super) fn next(&mut self, most: usize, bytes: usize, alone: bool) -> Next {
        while self.batch.is_none() {
            if self.alive.strong_count() > 0 {
                if !alone {
                    return Next::Later;
                }
                self.wait();
            }
            match self.advance() {
                Ok(true) => {}
                Ok(false) => return Next::End,
                Err(reason) => return Next::Damaged(reason),
            }
        }
        self.cut(most, bytes)
    }

    /// Waits until the workers have let go of the last batch.
    fn wait(&self) {
        while self.alive.strong_count() > 0 && !self.watch.stopped() {
            std::thread::sleep(std::time::Duration::from_micros(200));
        }
    }

    /// Reads up to the next batch; says whether there is one.
    fn advance(&mut self) -> std::result::Result<bool, String> {
        while let Some(frame) = self.messages.next()? {
            let (kind, block) = (frame.kind()?, frame.block());
            self.weigh(&frame)?;
            let bytes = Buffer::from_vec(frame.bytes);
            match kind {
                MessageHeader::DictionaryBatch => {
                    let read = self.decoder.read_dictionary(&block, &bytes);
                    read.map_err(|error| damaged(&error))?;
                }
                MessageHeader::RecordBatch => {
                    let read = self.decoder.read_record_batch(&block, &bytes);
                    let batch = read.map_err(|error| damaged(&error))?;
                    if let Some(batch) = batch.filter(|batch| batch.num_rows() > 0) {
                        self.keep(batch);
                        return Ok(true);
                    }
                }
                MessageHeader::NONE => {}
                _ => return Err("it is damaged: a message is of no known kind".to_owned()),
            }
        }
        Ok(false)
    }

    /// Checks what would be held together: the message, as it is and unpacked, and all dictionaries.
    fn weigh(&mut self, frame: &Frame) -> std::result::Result<(), String> {
        let size = frame.unpacked()?.saturating_add(frame.bytes.len() as u64);
        let message = frame.message()?;
        let mut others: u64 = self.dictionaries.values().sum();
        if let Some(dictionary) = message.header_as_dictionary_batch() {
            let known = self.dictionaries.entry(dictionary.id()).or_default();
            others -= if dictionary.isDelta() { 0 } else { *known };
            *known = if dictionary.isDelta() { *known + size } else { size };
        }
        check(others.saturating_add(size))
    }

    fn keep(&mut self, batch: RecordBatch) {
        let token = Arc::new(());
        self.alive = Arc::downgrade(&token);
        self.row_bytes = batch.get_array_memory_size() / batch.num_rows().max(1);
        self.batch = Some((batch, token));
    }

    fn cut(&mut self, most: usize, bytes: usize) -> Next {
        let Some((batch, token)) = self.batch.take() else {
            return Next::End;
        };
        let fitting = (bytes / self.row_bytes.max(1)).max(1);
        let rows = batch.num_rows().min(most).min(fitting);
        let data = Data::Decoded(batch.slice(0, rows), Arc::clone(&token));
        if rows < batch.num_rows() {
            self.batch = Some((batch.slice(rows, batch.num_rows() - rows), token));
        }
        let bytes = rows * self.row_bytes;
        Next::Rows { data, rows, bytes }
    }
}

/// Where messages come from.
enum Source<'a> {
    Stream(Messages<'a>),
    Blocks(Blocks<'a>),
}

impl Source<'_> {
    fn next(&mut self) -> std::result::Result<Option<Frame>, String> {
        match self {
            Source::Stream(messages) => messages.next(),
            Source::Blocks(blocks) => blocks.next(),
        }
    }
}

/// A warning for each kept column that holds something else than single values.
fn unkept(mapping: &Mapping, schema: &Schema) -> Vec<String> {
    let kept = mapping.kept().map(|column| &mapping.columns()[column]);
    let lost = kept.filter(|path| super::find(schema.fields(), path).is_some_and(|kind| kind.is_nested()));
    lost.map(|path| {
        format!(
            "the column `{}` holds no single values, so it is not kept",
            path.join(".")
        )
    })
    .collect()
}
