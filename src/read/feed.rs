//! The reader thread's work: from a list of files to batches, one file after the other, small ones together in one
//! batch. What cannot be read is noted, and the run goes on with the next file.

use super::batch::Batch;
use super::codec::{self, Coding};
use super::columns::{self, Table};
use super::file::{Bounds, OpenFile};
use super::layout::{self, Verdict};
use super::stream::{Stream, Watch};
use super::walk::{Input, Inputs};
use super::{Format, Mapping, Repairs, Settings};
use crate::error::Result;
use std::sync::atomic::Ordering;

/// A file that was not read, or not to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The file, as the user named it.
    pub path: String,
    /// What is wrong with it, in one sentence.
    pub reason: String,
}

/// Which keys or columns made which fields, in some of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The format of the files.
    pub format: Format,
    /// How the first of them is packed.
    pub packing: String,
    /// The mapping; none for text, and where no record could be understood.
    pub mapping: Option<Mapping>,
    /// The first file read so.
    pub path: String,
    /// How many files were read so.
    pub files: u64,
}

/// What there is to tell about the files themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Files that were opened.
    pub files: u64,
    /// Files that were not read to their end.
    pub damaged: Vec<Damage>,
    /// What else a reader should know, a sentence each.
    pub warnings: Vec<String>,
    /// The mappings, in the order in which they were met.
    pub mappings: Vec<Use>,
    /// What was put right in files as a whole.
    pub repairs: Repairs,
}

/// A batch takes at most so many records, or rows of many columns would outgrow the text that they come from.
const MOST_RECORDS: u64 = 16_384;

/// A file being read: records that lie one after the other, or a table that lies column by column.
enum Open<'a> {
    Records(Box<OpenFile<'a>>),
    Columns(Table<'a>),
}

impl Open<'_> {
    fn add_to(&mut self, batch: &mut Batch, bounds: Bounds) -> bool {
        match self {
            Open::Records(file) => file.add_to(batch, bounds),
            Open::Columns(table) => table.add_to(batch, bounds),
        }
    }
}

/// Reads files into batches.
pub struct Feed<'a> {
    files: std::slice::Iter<'a, Input>,
    current: Option<Open<'a>>,
    settings: &'a Settings,
    watch: Watch<'a>,
    left: u64,
    told: Told,
}

impl<'a> Feed<'a> {
    /// A feed from the beginning of the first file.
    pub fn new(inputs: &'a Inputs, settings: &'a Settings, watch: Watch<'a>) -> Self {
        let told = Told {
            warnings: inputs.warnings.clone(),
            ..Told::default()
        };
        let left = settings.head.unwrap_or(u64::MAX);
        Self {
            files: inputs.files.iter(),
            current: None,
            settings,
            watch,
            left,
            told,
        }
    }

    /// Fills a batch; an empty one is the end. Fails when a file has no text field.
    pub fn fill(&mut self, batch: &mut Batch) -> Result<()> {
        batch.clear(self.settings.batch_bytes);
        let records = MOST_RECORDS.min(self.left);
        let bounds = Bounds {
            bytes: self.settings.batch_bytes,
            records,
            record: self.settings.max_record,
        };
        while batch.is_open(bounds.bytes, bounds.records) && !self.watch.stopped() {
            let Some(mut file) = self
                .current
                .take()
                .map_or_else(|| self.open_next(), |file| Ok(Some(file)))?
            else {
                break;
            };
            if file.add_to(batch, bounds) {
                self.current = Some(file);
            } else {
                self.close(&file);
            }
        }
        self.left -= batch.records.min(self.left);
        Ok(())
    }

    /// What there is to tell once all is read.
    pub fn finish(self) -> Told {
        self.told
    }

    /// Opens the next file that can be read.
    fn open_next(&mut self) -> Result<Option<Open<'a>>> {
        while let Some(input) = self.files.next() {
            if let Some(file) = self.open(input)? {
                return Ok(Some(file));
            }
        }
        Ok(None)
    }

    fn open(&mut self, input: &Input) -> Result<Option<Open<'a>>> {
        self.told.files += 1;
        let before = self.watch.bytes.load(Ordering::Relaxed);
        let (coding, mut stream) = match codec::open(input, self.watch) {
            Ok(opened) => opened,
            Err(error) => {
                self.damaged(&input.name, format!("it cannot be read: {error}"));
                return Ok(None);
            }
        };
        let promised = Coding::promised(&input.name);
        if coding == Coding::Plain && promised != coding {
            self.damaged(
                &input.name,
                format!(
                    "its name says {}, its bytes do not; read as it is",
                    promised.name()
                ),
            );
        }
        match layout::look(&mut stream, &input.name, self.settings)? {
            Verdict::Read(opening) => {
                self.note(
                    input,
                    coding,
                    opening.format,
                    opening.mapping(),
                    &opening.warnings,
                );
                Ok(Some(Open::Records(Box::new(OpenFile::new(
                    input.name.clone(),
                    stream,
                    *opening,
                    self.watch,
                )))))
            }
            Verdict::Columns(format) => self.open_columns(input, format, coding, stream, before),
            Verdict::Refused(reason) => {
                self.damaged(&input.name, reason);
                Ok(None)
            }
            Verdict::Empty => {
                match stream.damage() {
                    Some(reason) => self.damaged(&input.name, reason.to_owned()),
                    None => self.warn(&input.name, "the file is empty"),
                }
                Ok(None)
            }
        }
    }

    /// Opens a table that lies column by column. Parquet is read from its end, so that it must lie there plain.
    fn open_columns(
        &mut self,
        input: &Input,
        format: Format,
        coding: Coding,
        stream: Stream<'a>,
        before: u64,
    ) -> Result<Option<Open<'a>>> {
        let plain = coding == Coding::Plain && input.size.is_some();
        let told = self.watch.bytes.load(Ordering::Relaxed) - before;
        let opened = match format {
            Format::Parquet if !plain => Err(Verdict::Refused(no_seeking(coding))),
            Format::Parquet => columns::open_parquet(input, self.settings, self.watch, told)?,
            _ => {
                let plain = plain.then_some(told);
                columns::open_arrow(input, self.settings, stream, self.watch, plain)?
            }
        };
        match opened {
            Ok((table, warnings)) => {
                self.note(input, coding, table.format(), table.layout().mapping(), &warnings);
                Ok(Some(Open::Columns(table)))
            }
            Err(Verdict::Refused(reason)) => {
                self.damaged(&input.name, reason);
                Ok(None)
            }
            Err(_) => Ok(None),
        }
    }

    /// Notes the mapping, once for all files that share it.
    fn note(
        &mut self,
        input: &Input,
        coding: Coding,
        format: Format,
        mapping: Option<&Mapping>,
        warnings: &[String],
    ) {
        for warning in warnings {
            self.warn(&input.name, warning);
        }
        let same = |known: &&mut Use| known.format == format && known.mapping.as_ref() == mapping;
        match self.told.mappings.iter_mut().find(same) {
            Some(known) => known.files += 1,
            None => self.told.mappings.push(Use {
                format,
                packing: coding.name().to_owned(),
                mapping: mapping.cloned(),
                path: input.name.clone(),
                files: 1,
            }),
        }
    }

    fn close(&mut self, file: &Open<'_>) {
        let (path, records, damage) = match file {
            Open::Records(file) => {
                self.told.repairs.add(&file.repairs());
                (file.path(), file.records(), file.damage())
            }
            Open::Columns(table) => (table.path(), table.records(), table.damage()),
        };
        match damage {
            Some(reason) => self.damaged(path, reason.to_owned()),
            None if records == 0 => self.warn(path, "the file holds no records"),
            None => {}
        }
    }

    fn damaged(&mut self, path: &str, reason: String) {
        self.told.damaged.push(Damage {
            path: path.to_owned(),
            reason,
        });
    }

    fn warn(&mut self, path: &str, what: &str) {
        self.told.warnings.push(format!("{path}: {what}"));
    }
}

fn no_seeking(coding: Coding) -> String {
    let what = match coding {
        Coding::Plain => "comes through a pipe; save it to a file".to_owned(),
        _ => format!("is packed with {}; unpack it", coding.name()),
    };
    format!("it is Parquet, which is read from its end, but {what} first")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::batch::Piece;
    use std::fs;
    use std::sync::atomic::{AtomicBool, AtomicU64};

    #[test]
    fn small_files_share_a_batch_and_mappings_are_told_once() {
        let folder = tempfile::tempdir().unwrap();
        for n in 0..10 {
            let text = format!("{{\"text\":\"{}\"}}\n", "a".repeat(10 * n));
            fs::write(folder.path().join(format!("{n}.jsonl")), text).unwrap();
        }
        fs::write(folder.path().join("x.pdf"), "%PDF-1.7").unwrap();
        let inputs = Inputs::find(&[folder.path()]).unwrap();
        let settings = Settings {
            batch_bytes: 200,
            ..Settings::default()
        };
        let (bytes, stop) = (AtomicU64::new(0), AtomicBool::new(false));
        let mut feed = Feed::new(
            &inputs,
            &settings,
            Watch {
                bytes: &bytes,
                stop: &stop,
            },
        );
        let (mut batch, mut sizes, mut pieces) = (Batch::default(), Vec::new(), 0);
        loop {
            feed.fill(&mut batch).unwrap();
            if batch.is_empty() {
                break;
            }
            sizes.push(batch.filled);
            pieces += batch
                .pieces
                .iter()
                .filter(|piece| matches!(piece, Piece::Records(_)))
                .count();
        }
        assert!(sizes.len() < 6 && pieces == 10, "{sizes:?}");
        let told = feed.finish();
        assert_eq!(
            (told.files, told.mappings.len(), told.mappings[0].files),
            (11, 1, 10)
        );
        assert_eq!(
            told.damaged[0].reason,
            "it is PDF: convert to CSV first, with a column of texts"
        );
        assert_eq!(Some(bytes.into_inner()), inputs.bytes());
    }
}
