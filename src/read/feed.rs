//! The reader thread's work: from a list of files to batches, one file or member after the other, small ones together in
//! one batch. What cannot be read is noted, and the run goes on with the next file.

mod closing;

use super::ahead::Ahead;
use super::archive::{self, Archive, Kind, Member};
use super::batch::Batch;
use super::codec::{self, Coding};
use super::columns::{self, Table};
use super::file::{Bounds, OpenFile};
use super::findings::Told;
use super::layout::{self, Verdict};
use super::stream::{Notes, Stream, Watch};
use super::told::{Mark, Seen};
use super::walk::{Input, Inputs, Look};
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
    files: &'a [Input],
    /// The next of the files.
    next: usize,
    /// The file of which the end was not yet told, and whether it is read here and there.
    input: Option<&'a Input>,
    seeks: bool,
    current: Option<Open<'a>>,
    /// How the file looked when it was opened, and its members if it is an archive.
    look: Option<Look>,
    archive: Option<Archive<'a>>,
    /// How many of them are damaged.
    faults: u64,
    settings: &'a Settings,
    watch: Watch<'a>,
    left: Option<u64>,
    told: Told,
    /// Where to begin again.
    mark: Mark,
    /// Whether the next batch is the one in which the file of the mark was opened.
    resumed: bool,
    /// Whether any file could be read so far.
    begun: bool,
    ahead: Option<Ahead>,
    /// Whether the file was read beforehand, and changed meanwhile.
    read_ahead: Option<bool>,
}

impl<'a> Feed<'a> {
    /// A feed from the beginning of the first file.
    pub fn new(inputs: &'a Inputs, settings: &'a Settings, watch: Watch<'a>) -> Self {
        let told = Told::new(inputs.warnings.clone());
        Self {
            files: &inputs.files,
            next: 0,
            input: None,
            seeks: false,
            current: None,
            look: None,
            archive: None,
            faults: 0,
            settings,
            watch,
            left: settings.head,
            told,
            mark: Mark::default(),
            resumed: false,
            begun: false,
            ahead: (!settings.strict).then(|| Ahead::new(&inputs.files)).flatten(),
            read_ahead: None,
        }
    }

    /// Goes to where an earlier feed of the same inputs was. The batches that come first are done: those before
    /// `mark.next`, the first of which may lack what it held of files before.
    pub fn resume(&mut self, mark: Mark) {
        (self.mark, self.next, self.left) = (mark, mark.input, mark.left);
        self.mark.next = mark.batch;
        self.told = Told::default();
        (self.resumed, self.begun) = (true, true);
    }

    /// Where to begin again after the last batch.
    pub fn mark(&self) -> Mark {
        self.mark
    }

    /// Fills a batch; an empty one is the end. Fails when the first file has no text field.
    pub fn fill(&mut self, batch: &mut Batch) -> Result<()> {
        batch.clear(self.settings.batch_bytes);
        if std::mem::take(&mut self.resumed) {
            (batch.filled, batch.weight) = (self.mark.filled, self.mark.weight);
            batch.records = self.mark.records;
        }
        let records = self.left.unwrap_or(u64::MAX).min(MOST_RECORDS);
        let bounds = Bounds {
            bytes: self.settings.batch_bytes,
            records,
            record: self.settings.max_record,
        };
        while batch.is_open(bounds.bytes, bounds.records) && !self.watch.stopped() {
            let current = self.current.take();
            let Some(mut file) = current.map_or_else(|| self.open_next(batch), |file| Ok(Some(file)))? else {
                break;
            };
            if file.add_to(batch, bounds) {
                self.current = Some(file);
            } else {
                self.close(&file);
            }
        }
        self.end_batch(batch);
        Ok(())
    }

    /// What is left to tell once all is read.
    pub fn finish(mut self) -> Told {
        self.settle();
        self.told
    }

    fn end_batch(&mut self, batch: &mut Batch) {
        self.left = self.left.map(|left| left.saturating_sub(batch.records));
        self.mark.next += 1;
        if self.current.is_none() && self.archive.is_none() {
            self.settle();
            self.mark_next(&Batch::default());
        }
        batch.told = std::mem::take(&mut self.told);
    }

    /// Opens the next file or member that can be read.
    fn open_next(&mut self, batch: &Batch) -> Result<Option<Open<'a>>> {
        loop {
            let opened = match self.archive.as_mut().map(Archive::next) {
                Some(Some(member)) => self.open_member(member),
                Some(None) => self.close_archive(),
                None => {
                    self.settle();
                    let Some(input) = self.files.get(self.next) else {
                        return Ok(None);
                    };
                    self.mark_next(batch);
                    self.next += 1;
                    self.open(input)?
                }
            };
            if opened.is_some() || self.watch.stopped() {
                return Ok(opened);
            }
        }
    }

    /// Where to begin again is at the next file from now on, which this batch will hold behind what it holds.
    fn mark_next(&mut self, batch: &Batch) {
        self.mark = Mark {
            input: self.next,
            batch: self.mark.next,
            filled: batch.filled,
            weight: batch.weight,
            records: batch.records,
            left: self.left,
            next: self.mark.next,
        };
    }

    /// Tells what was read of the file that is over.
    fn settle(&mut self) {
        let seeks = std::mem::take(&mut self.seeks);
        if let Some((input, tally)) = self.input.take().zip(self.watch.tally) {
            if seeks {
                tally.whole(&input.path, || self.watch.stopped());
            }
            let (bytes, xxh3) = tally.sums();
            self.told.inputs.push(Seen {
                path: input.name.clone(),
                size: input.size,
                bytes,
                xxh3,
            });
        }
    }

    fn open(&mut self, input: &'a Input) -> Result<Option<Open<'a>>> {
        self.told.files += 1;
        self.input = Some(input);
        let at = self.next - 1;
        let opened = self.ahead.as_mut().and_then(|ahead| ahead.take(self.files, at));
        let known = opened.as_ref().and_then(|opened| opened.as_ref().ok());
        self.look = known.map_or_else(|| Look::of(input), |opened| opened.look);
        self.read_ahead = known
            .filter(|opened| opened.rest.is_none())
            .map(|opened| opened.changed);
        if let Some(tally) = self.watch.tally {
            tally.begin();
        }
        let origin = Origin::of(&input.name);
        let before = self.watch.bytes.load(Ordering::Relaxed);
        let (coding, mut stream) = match codec::open(input, opened, self.settings, self.watch) {
            Ok(opened) => opened,
            Err(error) => {
                self.damage(&origin, format!("it cannot be read: {error}"));
                return Ok(None);
            }
        };
        let kind = Kind::of(stream.peek(archive::HEAD));
        self.check_name(&origin, coding, kind);
        if let Some(kind) = kind {
            self.seeks = kind == Kind::Zip;
            let packed = match coding {
                Coding::Plain => String::new(),
                packed => format!(" under {}", packed.name()),
            };
            self.told.archives.insert(format!("{}{packed}", kind.name()));
            match Archive::open(kind, input, coding, stream, self.settings, self.watch) {
                Ok(archive) => self.archive = Some(archive),
                Err(reason) => self.damage(&origin, reason),
            }
            return Ok(None);
        }
        let looked = self.look(&origin, coding, stream, before);
        self.pass_over(&origin, looked)
    }

    /// A first file without a text field ends the run: it may be so for all. A later one is left out, or one stray file
    /// would end a long run.
    fn pass_over(&mut self, origin: &Origin, looked: Result<Option<Open<'a>>>) -> Result<Option<Open<'a>>> {
        match looked {
            Err(error) if self.begun => {
                self.damage(origin, Error { path: None, ..error }.to_string());
                Ok(None)
            }
            looked => {
                self.begun |= matches!(looked, Ok(Some(_)));
                looked
            }
        }
    }

    /// A member without a text field is left out: nobody can name its neighbours without it.
    fn open_member(&mut self, member: Member<'a>) -> Option<Open<'a>> {
        self.told.member(&member.name);
        let path = self.input.map_or("", |input| &input.name);
        let origin = Origin::member(path, &member.name);
        let (coding, mut stream) = match member.opened {
            Ok(opened) => opened,
            Err(reason) => {
                self.damage(&origin, reason);
                return None;
            }
        };
        let kind = Kind::of(stream.peek(archive::HEAD));
        self.check_name(&origin, coding, kind);
        if let Some(kind) = kind {
            let kind = kind.name();
            let reason =
                format!("it is a {kind} archive within an archive, which is not read; unpack it first");
            self.damage(&origin, reason);
            return None;
        }
        let looked = self.look(&origin, coding, stream, 0);
        self.begun |= matches!(looked, Ok(Some(_)));
        looked.unwrap_or_else(|error| {
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
        self.damage(origin, reason);
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
            Verdict::Refused(reason) => self.damage(origin, reason),
            Verdict::Empty => match torn.as_deref().or(stream.damage()) {
                Some(reason) => self.damage(origin, reason.to_owned()),
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
            Format::Parquet => {
                self.seeks = true;
                columns::open_parquet(input, self.settings, self.watch, told)?
            }
            _ => {
                let input = plain.then_some((input, told));
                self.seeks = plain;
                columns::open_arrow(origin, self.settings, stream, self.watch, input)?
            }
        };
        match opened {
            Ok((table, warnings)) => {
                let mapping = table.layout().mapping();
                self.told.note(origin, coding, table.format(), mapping, &warnings);
                return Ok(Some(Open::Columns(table, notes)));
            }
            Err(Verdict::Refused(reason)) => self.damage(origin, reason),
            Err(_) => {}
        }
        Ok(None)
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
mod tests;
