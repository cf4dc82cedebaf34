//! The reader thread's work: from a list of files to batches, one file after the other, small ones together in one
//! batch. What cannot be read is noted, and the run goes on with the next file.

use super::archive::{self, Archive, Kind, Member};
use super::batch::Batch;
use super::codec::{self, Coding};
use super::file::{Bounds, OpenFile};
use super::layout::{self, Opening, Verdict};
use super::stream::{Stream, Watch};
use super::walk::{Input, Inputs, Stamp};
use super::{Format, Layout, Mapping, Origin, Repairs, Settings};
use crate::error::{Error, Result};

/// A file that was not read, or not as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The file, or the member.
    pub origin: Origin,
    /// What is wrong with it, in one sentence.
    pub reason: String,
}

/// Which keys or columns made which fields, in some of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The format of the files.
    pub format: Format,
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
    /// Members of archives that were opened.
    pub members: u64,
    /// Files and members that were not read, or not as a whole.
    pub damaged: Vec<Damage>,
    /// Files and members that nothing vouches for: a part of them has no checksum.
    pub unverified: Vec<Damage>,
    /// What else a reader should know, a sentence each.
    pub warnings: Vec<String>,
    /// The mappings, in the order in which they were met.
    pub mappings: Vec<Use>,
    /// What was put right in files as a whole.
    pub repairs: Repairs,
}

/// A batch takes at most so many records, or rows of many columns would outgrow the text that they come from.
const MOST_RECORDS: u64 = 16_384;

/// So many damaged members of an archive are listed, the others counted: there may be very many.
const MOST_FAULTS: u64 = 1000;

/// Reads files into batches.
pub struct Feed<'a> {
    files: std::slice::Iter<'a, Input>,
    current: Option<OpenFile<'a>>,
    /// The file that was opened last, how it looked then, and its members if it is an archive.
    input: Option<&'a Input>,
    stamp: Option<Stamp>,
    archive: Option<Archive<'a>>,
    /// How many of its members are damaged.
    faults: u64,
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
            input: None,
            stamp: None,
            archive: None,
            faults: 0,
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
        while batch.records < bounds.records && batch.filled < bounds.bytes && !self.watch.stopped() {
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
    fn open_next(&mut self) -> Result<Option<OpenFile<'a>>> {
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

    fn open(&mut self, input: &'a Input) -> Result<Option<OpenFile<'a>>> {
        self.told.files += 1;
        self.input = Some(input);
        self.stamp = Stamp::of(input);
        let origin = Origin::of(&input.name);
        let (coding, mut stream) = match codec::open(input, self.settings, self.watch) {
            Ok(opened) => opened,
            Err(error) => {
                self.damaged(&origin, format!("it cannot be read: {error}"));
                return Ok(None);
            }
        };
        let kind = Kind::of(stream.peek(archive::HEAD));
        self.check_name(&origin, coding, kind);
        if let Some(kind) = kind {
            match Archive::open(kind, input, coding, stream, self.settings, self.watch) {
                Ok(archive) => self.archive = Some(archive),
                Err(reason) => self.damaged(&origin, reason),
            }
            return Ok(None);
        }
        self.look(origin, stream)
    }

    /// A member without a text field is left out: nobody can name its neighbours without it.
    fn open_member(&mut self, member: Member<'a>) -> Option<OpenFile<'a>> {
        self.told.members += 1;
        let path = self.input.map_or("", |input| &input.name);
        let origin = Origin::member(path, &member.name);
        let (coding, mut stream) = match member.opened {
            Ok(opened) => opened,
            Err(reason) => {
                self.damaged(&origin, reason);
                return None;
            }
        };
        let kind = Kind::of(stream.peek(archive::HEAD));
        self.check_name(&origin, coding, kind);
        if let Some(kind) = kind {
            let reason = format!(
                "it is a {} archive within an archive, which is not read; unpack it first",
                kind.name()
            );
            self.damaged(&origin, reason);
            return None;
        }
        match self.look(origin.clone(), stream) {
            Ok(opened) => opened,
            Err(error) => {
                self.damaged(&origin, Error { path: None, ..error }.to_string());
                None
            }
        }
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
        self.damaged(
            origin,
            format!("its name says {wrong}, its bytes do not; read as it is"),
        );
    }

    /// Looks at the beginning of a file or member, and for it behind lost bytes.
    fn look(&mut self, origin: Origin, mut stream: Stream<'a>) -> Result<Option<OpenFile<'a>>> {
        let mut torn = None;
        let name = origin.to_string();
        let verdict = loop {
            let verdict = layout::look(&mut stream, &name, self.settings);
            match (verdict, &torn) {
                (Ok(Verdict::Empty), _) => match stream.pass_gap() {
                    Some(reason) => torn = torn.or(Some(reason)),
                    None => break Verdict::Empty,
                },
                (Ok(Verdict::Read(opening)), Some(reason)) if !matches!(opening.layout, Layout::Jsonl(_)) => {
                    break Verdict::Refused(format!(
                        "{reason}; without its beginning the rest means nothing"
                    ));
                }
                (Err(error), Some(reason)) => break Verdict::Refused(format!("{reason}; {}", error.message)),
                (verdict, _) => break verdict?,
            }
        };
        match verdict {
            Verdict::Read(opening) => {
                self.note(&name, &opening);
                let mut file = OpenFile::new(origin, stream, *opening, self.watch);
                torn.into_iter().for_each(|reason| file.begins_torn(reason));
                return Ok(Some(file));
            }
            Verdict::Refused(reason) => self.damaged(&origin, reason),
            Verdict::Empty => match torn.as_deref().or(stream.damage()) {
                Some(reason) => self.damaged(&origin, reason.to_owned()),
                None => self.warn(&name, "the file is empty"),
            },
        }
        self.heed(
            &origin,
            stream.notes().paddings(),
            stream.notes().without_checksum(),
        );
        Ok(None)
    }

    /// Notes the mapping, once for all files that share it.
    fn note(&mut self, name: &str, opening: &Opening) {
        for warning in &opening.warnings {
            self.warn(name, warning);
        }
        let mapping = match &opening.layout {
            Layout::Jsonl(_) if opening.blind => None,
            Layout::Jsonl(mapping) => Some(mapping),
            Layout::Csv(table) => Some(&table.mapping),
            Layout::Text => None,
        };
        let same = |known: &&mut Use| known.format == opening.format && known.mapping.as_ref() == mapping;
        match self.told.mappings.iter_mut().find(same) {
            Some(known) => known.files += 1,
            None => self.told.mappings.push(Use {
                format: opening.format,
                mapping: mapping.cloned(),
                path: name.to_owned(),
                files: 1,
            }),
        }
    }

    fn close(&mut self, file: &OpenFile<'_>) {
        let origin = file.origin();
        self.told.repairs.add(&file.repairs);
        match file.damage() {
            Some(reason) => self.damaged(&origin, reason),
            None if file.records() == 0 => self.warn(&origin.to_string(), "the file holds no records"),
            None => {}
        }
        self.heed(&origin, file.notes().paddings(), file.notes().without_checksum());
        if self.archive.is_none() {
            self.check_stamp();
        }
    }

    fn close_archive(&mut self) -> Option<OpenFile<'a>> {
        let ending = self.archive.take().map(Archive::end).unwrap_or_default();
        let origin = Origin::of(self.input.map_or("", |input| &input.name));
        let faults = std::mem::take(&mut self.faults);
        if faults > MOST_FAULTS {
            self.damaged(
                &origin,
                format!("{} more of its members are damaged", faults - MOST_FAULTS),
            );
        }
        ending
            .damage
            .into_iter()
            .for_each(|reason| self.damaged(&origin, reason));
        for warning in &ending.warnings {
            self.warn(&origin.path, warning);
        }
        self.heed(&origin, ending.paddings, ending.unverified);
        self.check_stamp();
        None
    }

    /// A file that changed while it was read is not what anybody had in mind.
    fn check_stamp(&mut self) {
        let Some(input) = self.input else { return };
        if self.stamp.is_some() && Stamp::of(input) != self.stamp {
            let reason = "it was changed while it was read; read it again once it is complete".to_owned();
            self.damaged(&Origin::of(&input.name), reason);
        }
    }

    /// What a decoder has noted about a file.
    fn heed(&mut self, origin: &Origin, paddings: u64, unverified: u64) {
        self.told.repairs.padding += paddings;
        if unverified > 0 {
            let parts = if unverified == 1 {
                "1 part of it has"
            } else {
                "parts of it have"
            };
            self.told.unverified.push(Damage {
                origin: origin.clone(),
                reason: format!("{parts} no checksum"),
            });
        }
    }

    fn damaged(&mut self, origin: &Origin, reason: String) {
        self.faults += u64::from(origin.member.is_some());
        if self.faults > MOST_FAULTS && origin.member.is_some() {
            return;
        }
        self.told.damaged.push(Damage {
            origin: origin.clone(),
            reason,
        });
    }

    fn warn(&mut self, path: &str, what: &str) {
        self.told.warnings.push(format!("{path}: {what}"));
    }
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
        assert_eq!(told.damaged[0].reason, "it is PDF, which is not read");
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
