//! The reader thread's work: from a list of files to batches, one file or member after the other, small ones together in
//! one batch. What cannot be read is noted, and the run goes on with the next file.

use super::archive::{self, Archive, Kind, Member};
use super::batch::Batch;
use super::codec::{self, Coding};
use super::columns::{self, Table};
use super::file::{Bounds, OpenFile};
use super::layout::{self, Verdict};
use super::stream::{Notes, Stream, Watch};
use super::told::Told;
use super::walk::{Input, Inputs, Stamp};
use super::{Format, Layout, Origin, Settings};
use crate::error::{Error, Result};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// A batch takes at most so many records, or rows of many columns would outgrow the text that they come from.
const MOST_RECORDS: u64 = 16_384;

/// A file being read, with the notes of its decoder: records that lie one after the other, or a table that lies column
/// by column.
enum Open<'a> {
    Records(Box<OpenFile<'a>>, Arc<Notes>),
    Columns(Table<'a>, Arc<Notes>),
}

impl Open<'_> {
    fn add_to(&mut self, batch: &mut Batch, bounds: Bounds) -> bool {
        match self {
            Open::Records(file, _) => file.add_to(batch, bounds),
            Open::Columns(table, _) => table.add_to(batch, bounds),
        }
    }
}

/// Reads files into batches.
pub struct Feed<'a> {
    files: std::slice::Iter<'a, Input>,
    current: Option<Open<'a>>,
    /// The file that was opened last, how it looked then, and its members if it is an archive.
    input: Option<&'a Input>,
    stamp: Option<Stamp>,
    archive: Option<Archive<'a>>,
    settings: &'a Settings,
    watch: Watch<'a>,
    left: u64,
    told: Told,
}

impl<'a> Feed<'a> {
    /// A feed from the beginning of the first file.
    pub fn new(inputs: &'a Inputs, settings: &'a Settings, watch: Watch<'a>) -> Self {
        let told = Told::new(inputs.warnings.clone());
        let left = settings.head.unwrap_or(u64::MAX);
        Self {
            files: inputs.files.iter(),
            current: None,
            input: None,
            stamp: None,
            archive: None,
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

    /// Opens the next file or member that can be read.
    fn open_next(&mut self) -> Result<Option<Open<'a>>> {
        loop {
            let opened = match self.archive.as_mut().map(Archive::next) {
                Some(Some(member)) => self.open_member(member),
                Some(None) => self.close_archive(),
                None => match self.files.next() {
                    Some(input) => self.open(input)?,
                    None => return Ok(None),
                },
            };
            if opened.is_some() || self.watch.stopped() {
                return Ok(opened);
            }
        }
    }

    fn open(&mut self, input: &'a Input) -> Result<Option<Open<'a>>> {
        self.told.files += 1;
        self.input = Some(input);
        self.stamp = Stamp::of(input);
        let origin = Origin::of(&input.name);
        let before = self.watch.bytes.load(Ordering::Relaxed);
        let (coding, mut stream) = match codec::open(input, self.settings, self.watch) {
            Ok(opened) => opened,
            Err(error) => {
                self.told.damage(&origin, format!("it cannot be read: {error}"));
                return Ok(None);
            }
        };
        let kind = Kind::of(stream.peek(archive::HEAD));
        self.check_name(&origin, coding, kind);
        if let Some(kind) = kind {
            match Archive::open(kind, input, coding, stream, self.settings, self.watch) {
                Ok(archive) => self.archive = Some(archive),
                Err(reason) => self.told.damage(&origin, reason),
            }
            return Ok(None);
        }
        self.look(&origin, coding, stream, before)
    }

    /// A member without a text field is left out: nobody can name its neighbours without it.
    fn open_member(&mut self, member: Member<'a>) -> Option<Open<'a>> {
        self.told.members += 1;
        let path = self.input.map_or("", |input| &input.name);
        let origin = Origin::member(path, &member.name);
        let (coding, mut stream) = match member.opened {
            Ok(opened) => opened,
            Err(reason) => {
                self.told.damage(&origin, reason);
                return None;
            }
        };
        let kind = Kind::of(stream.peek(archive::HEAD));
        self.check_name(&origin, coding, kind);
        if let Some(kind) = kind {
            let kind = kind.name();
            let reason =
                format!("it is a {kind} archive within an archive, which is not read; unpack it first");
            self.told.damage(&origin, reason);
            return None;
        }
        self.look(&origin, coding, stream, 0).unwrap_or_else(|error| {
            self.told
                .damage(&origin, Error { path: None, ..error }.to_string());
            None
        })
    }

    /// A name that says something else than the bytes is told; the bytes are believed.
    fn check_name(&mut self, origin: &Origin, coding: Coding, kind: Option<Kind>) {
        let name = origin.to_string();
        let (packed, archive) = (Coding::promised(&name), Kind::promised(&name));
        let wrong = if packed != Coding::Plain && packed != coding {
            packed.name()
        } else if archive.is_some() && archive != kind {
            archive.map_or("", Kind::name)
        } else {
            return;
        };
        let reason = format!("its name says {wrong}, its bytes do not; read as it is");
        self.told.damage(origin, reason);
    }

    /// Looks at the beginning of a file or member, and for it behind lost bytes. So many bytes were read before it.
    fn look(
        &mut self,
        origin: &Origin,
        coding: Coding,
        mut stream: Stream<'a>,
        before: u64,
    ) -> Result<Option<Open<'a>>> {
        let (name, notes) = (origin.to_string(), stream.notes());
        let mut torn = None;
        let verdict = loop {
            let verdict = layout::look(&mut stream, &name, self.settings);
            match (verdict, &torn) {
                (Ok(Verdict::Empty), _) => match stream.pass_gap() {
                    Some(reason) => torn = torn.or(Some(reason)),
                    None => break Verdict::Empty,
                },
                (Ok(verdict), Some(reason)) if !is_lines(&verdict) => {
                    let reason = format!("{reason}; without its beginning the rest means nothing");
                    break Verdict::Refused(reason);
                }
                (Err(error), Some(reason)) => break Verdict::Refused(format!("{reason}; {}", error.message)),
                (verdict, _) => break verdict?,
            }
        };
        match verdict {
            Verdict::Read(opening) => {
                let (format, warnings) = (opening.format, &opening.warnings);
                self.told
                    .note(origin, coding, format, opening.mapping(), warnings);
                let mut file = OpenFile::new(origin.clone(), stream, *opening, self.watch);
                if let Some(reason) = torn {
                    file.begins_torn(reason);
                }
                return Ok(Some(Open::Records(Box::new(file), notes)));
            }
            Verdict::Columns(format) => return self.open_columns(origin, format, coding, stream, before),
            Verdict::Refused(reason) => self.told.damage(origin, reason),
            Verdict::Empty => match torn.as_deref().or(stream.damage()) {
                Some(reason) => self.told.damage(origin, reason.to_owned()),
                None => self.told.warn(origin, "the file is empty"),
            },
        }
        self.told.heed(origin, &notes);
        Ok(None)
    }

    /// Opens a table that lies column by column. Parquet is read from its end, so that it must lie there plain.
    fn open_columns(
        &mut self,
        origin: &Origin,
        format: Format,
        coding: Coding,
        stream: Stream<'a>,
        before: u64,
    ) -> Result<Option<Open<'a>>> {
        let Some(input) = self.input else { return Ok(None) };
        let notes = stream.notes();
        let plain = coding == Coding::Plain && input.size.is_some() && origin.member.is_none();
        let told = self.watch.bytes.load(Ordering::Relaxed) - before;
        let opened = match format {
            Format::Parquet if !plain => Err(Verdict::Refused(no_seeking(origin, coding))),
            Format::Parquet => columns::open_parquet(input, self.settings, self.watch, told)?,
            _ => {
                let input = plain.then_some((input, told));
                columns::open_arrow(origin, self.settings, stream, self.watch, input)?
            }
        };
        match opened {
            Ok((table, warnings)) => {
                let mapping = table.layout().mapping();
                self.told.note(origin, coding, table.format(), mapping, &warnings);
                return Ok(Some(Open::Columns(table, notes)));
            }
            Err(Verdict::Refused(reason)) => self.told.damage(origin, reason),
            Err(_) => {}
        }
        Ok(None)
    }

    fn close(&mut self, file: &Open<'_>) {
        let (origin, records, damage, notes) = match file {
            Open::Records(file, notes) => {
                self.told.repairs.add(&file.repairs());
                (file.origin(), file.records(), file.damage(), notes)
            }
            Open::Columns(table, notes) => {
                let damage = table.damage().map(str::to_owned);
                (table.origin(), table.records(), damage, notes)
            }
        };
        match damage {
            Some(reason) => self.told.damage(origin, reason),
            None if records == 0 => self.told.warn(origin, "the file holds no records"),
            None => {}
        }
        self.told.heed(origin, notes);
        if self.archive.is_none() {
            self.check_stamp();
        }
    }

    fn close_archive(&mut self) -> Option<Open<'a>> {
        let ending = self.archive.take()?.end();
        let origin = Origin::of(self.input.map_or("", |input| &input.name));
        self.told.end_archive(&origin);
        if let Some(reason) = ending.damage {
            self.told.damage(&origin, reason);
        }
        for warning in &ending.warnings {
            self.told.warn(&origin, warning);
        }
        self.told.heed(&origin, &ending.notes);
        self.check_stamp();
        None
    }

    /// A file that changed while it was read is not what anybody had in mind.
    fn check_stamp(&mut self) {
        let Some(input) = self.input else { return };
        if self.stamp.is_some() && Stamp::of(input) != self.stamp {
            let reason = "it was changed while it was read; read it again once it is complete".to_owned();
            self.told.damage(&Origin::of(&input.name), reason);
        }
    }
}

/// Whether records can be found without the beginning of the file.
fn is_lines(verdict: &Verdict) -> bool {
    match verdict {
        Verdict::Read(opening) => matches!(
            opening.layout,
            Layout::Jsonl(_) | Layout::Warc(_) | Layout::Sgml(_)
        ),
        _ => false,
    }
}

fn no_seeking(origin: &Origin, coding: Coding) -> String {
    let what = match coding {
        Coding::Plain if origin.member.is_some() => "is a member of an archive; unpack it".to_owned(),
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
        assert!(told.damaged[0].reason.starts_with("it is PDF: "));
        assert_eq!(Some(bytes.into_inner()), inputs.bytes());
    }

    #[test]
    fn a_file_that_changes_while_it_is_read_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        let lines = "{\"text\":\"a\"}\n".repeat(100);
        fs::write(&path, &lines).unwrap();
        let inputs = Inputs::find(&[&path]).unwrap();
        let settings = Settings {
            batch_bytes: 200,
            ..Settings::default()
        };
        let (bytes, stop) = (AtomicU64::new(0), AtomicBool::new(false));
        let watch = Watch {
            bytes: &bytes,
            stop: &stop,
        };
        let (mut feed, mut batch) = (Feed::new(&inputs, &settings, watch), Batch::default());
        feed.fill(&mut batch).unwrap();
        fs::write(&path, lines.repeat(2)).unwrap();
        while !batch.is_empty() {
            feed.fill(&mut batch).unwrap();
        }
        let told = feed.finish();
        assert_eq!(told.damaged.len(), 1);
        assert!(told.damaged[0].reason.contains("changed while it was read"));
    }
}
