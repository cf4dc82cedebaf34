//! A run into folders: each table in files of one part each, a journal of the parts that are done, and a manifest at
//! the end. A part is entered in the journal when its files are on the disk under their names; an interrupted run
//! goes on behind the last part that is entered.

use super::identity::Identity;
use super::{Ended, Tables, TablesPart, TablesWorker, manifest};
use crate::document::Reject;
use crate::engine::Want;
use crate::error::{Error, Kind, Result};
use crate::pipeline::{self, Done, Part, Sink, SinkWorker, Summary};
use crate::write::{Folder, Format, Found, Journal, Output, Writer};
use arrow_schema::SchemaRef;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;

/// The tables, in the order in which they are given everywhere.
const TABLES: [&str; 3] = ["scores", "hits", "rejects"];

/// A folder for one table.
pub struct Place {
    /// Where its parts go.
    pub folder: Folder,
    /// How they are written.
    pub format: Format,
    /// The columns.
    pub schema: SchemaRef,
}

/// What the journal says of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What the part comes to.
    pub part: Part,
    /// Its files.
    pub files: Vec<PartFile>,
}

/// A file of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartFile {
    /// The table.
    pub table: String,
    /// The name in the table's folder.
    pub name: String,
    /// How many rows it holds.
    pub rows: u64,
    /// How many bytes it has.
    pub bytes: u64,
    /// Their SHA-256, hexadecimal.
    pub sha256: String,
}

/// Makes tables out of a writer for each of them that has a folder.
pub type MakeTables<'a> = Box<dyn Fn([Option<Box<dyn Writer>>; 3]) -> Tables + 'a>;

/// The parts of a run, those done and the one that goes on.
pub struct PartSink<'a> {
    identity: Identity,
    places: [Option<Place>; 3],
    make: MakeTables<'a>,
    journal: Journal,
    entries: Vec<Entry>,
    tables: Option<Tables>,
    /// Whether nothing was written to the tables.
    fresh: bool,
}

impl<'a> PartSink<'a> {
    /// Begins a run, or goes on with the same run as the journal tells of it.
    pub fn open(
        mut identity: Identity,
        places: [Option<Place>; 3],
        found: Found,
        make: MakeTables<'a>,
    ) -> Result<Self> {
        for (table, place) in named(&places) {
            identity.tables.insert(table.into(), place.format.suffix().into());
        }
        let main = main_folder(&places)?;
        let (mut journal, lines) = Journal::open(&main.journal())?;
        let entries = match lines.split_first() {
            None => {
                journal.add(&line(&identity)?)?;
                Vec::new()
            }
            Some(_) if found == Found::Refuse => return Err(cannot(main, "another run has begun in it")),
            Some((first, rest)) => {
                let earlier: Identity = parsed(main, first)?;
                let entries: Vec<Entry> = rest
                    .iter()
                    .map(|line| parsed(main, line))
                    .collect::<Result<_>>()?;
                let unsure = || identity.is_unsure().filter(|_| !entries.is_empty());
                if let Some(reason) = identity.differs(&earlier).or_else(unsure) {
                    return Err(cannot(main, &reason));
                }
                entries
            }
        };
        let mut sink = Self {
            identity,
            places,
            make,
            journal,
            entries,
            tables: None,
            fresh: true,
        };
        sink.check_files()?;
        if !sink.is_complete() {
            sink.tables = Some(sink.begin_part()?);
        }
        Ok(sink)
    }

    /// Whether an earlier run has done all already.
    pub fn is_complete(&self) -> bool {
        self.entries.last().is_some_and(|entry| entry.part.next.is_none())
    }

    /// How the pipeline shall divide the run, and where it goes on.
    pub fn parts(&self) -> pipeline::Parts {
        let mark = self.entries.last().and_then(|entry| entry.part.next);
        pipeline::Parts {
            bytes: self.identity.part_bytes,
            done: mark.map(|mark| Done {
                mark,
                summary: self.sums(),
            }),
        }
    }

    /// Writes the manifest, with which the run is complete, and sums up.
    pub fn finish(self, dimensions: &[String]) -> Result<Summary> {
        let mut sums = self.sums();
        sums.end();
        sums.bytes = sums.inputs.iter().map(|input| input.bytes).sum();
        let main = main_folder(&self.places)?;
        let folder = |place: &Place| match place.folder.path().strip_prefix(main.path()) {
            Ok(within) if within.as_os_str().is_empty() => ".".to_owned(),
            Ok(within) => within.to_string_lossy().into_owned(),
            Err(_) => place.folder.name().to_owned(),
        };
        let folders: BTreeMap<String, String> = named(&self.places)
            .map(|(table, place)| (table.to_owned(), folder(place)))
            .collect();
        let text = manifest::written(&self.identity, &folders, dimensions, &self.entries, &sums)?;
        let mut output = main.manifest()?;
        output.put(text.as_bytes())?;
        Output::commit(vec![output])?;
        Ok(sums)
    }

    fn sums(&self) -> Summary {
        let mut sums = Summary::default();
        for entry in &self.entries {
            sums.add(entry.part.summary.clone());
        }
        sums
    }

    /// A run goes on only with files that are as it has left them.
    fn check_files(&self) -> Result<()> {
        let places: BTreeMap<&str, &Place> = named(&self.places).collect();
        for file in self.entries.iter().flat_map(|entry| &entry.files) {
            let Some(place) = places.get(file.table.as_str()) else {
                continue;
            };
            let path = place.folder.path().join(&file.name);
            if fs::metadata(&path).map(|found| found.len()).ok() != Some(file.bytes) {
                return Err(cannot(
                    &place.folder,
                    &format!("{} is not as it was written", file.name),
                ));
            }
        }
        Ok(())
    }

    fn begin_part(&self) -> Result<Tables> {
        let mut writers = [None, None, None];
        for (writer, place) in writers.iter_mut().zip(&self.places) {
            let Some(place) = place else { continue };
            let output = place.folder.part(self.entries.len(), place.format)?.digested();
            *writer = Some(place.format.writer(output, place.schema.clone())?);
        }
        Ok((self.make)(writers))
    }

    /// The tables of the part that goes on.
    fn tables(&mut self) -> Result<&mut Tables> {
        let tables = match self.tables.take() {
            Some(tables) => tables,
            None => self.begin_part()?,
        };
        self.fresh = false;
        Ok(self.tables.insert(tables))
    }

    /// Makes the files of a part last. A part without rejects has no file of them.
    fn commit(&self, tables: Tables) -> Result<Vec<PartFile>> {
        let (mut files, mut outputs) = (Vec::new(), Vec::new());
        for ((table, place), ended) in TABLES.iter().zip(&self.places).zip(tables.end()?) {
            let (Some(place), Some(Ended { output, rows })) = (place, ended) else {
                continue;
            };
            if *table == "rejects" && rows == 0 {
                continue;
            }
            let written = output.written();
            files.push(PartFile {
                table: (*table).into(),
                name: Folder::part_name(self.entries.len(), place.format),
                rows,
                bytes: written.bytes,
                sha256: written.sha256,
            });
            outputs.push(output);
        }
        Output::commit(outputs)?;
        Ok(files)
    }
}

impl Sink for PartSink<'_> {
    type Worker = TablesWorker;

    fn want(&self) -> Want {
        self.tables.as_ref().map(Sink::want).unwrap_or_default()
    }

    fn worker(&self) -> TablesWorker {
        self.tables.as_ref().map(Sink::worker).unwrap_or_default()
    }

    fn write(&mut self, part: <TablesWorker as SinkWorker>::Part) -> Result<()> {
        let part: TablesPart = part;
        self.tables()?.write(part)
    }

    fn reject(&mut self, reject: &Reject) -> Result<()> {
        self.tables()?.reject(reject)
    }

    /// The last part may hold nothing but what the reader had left to tell; only the very first is written then.
    fn end_part(&mut self, part: &Part) -> Result<()> {
        let tables = self
            .tables
            .take()
            .filter(|_| !self.fresh || self.entries.is_empty());
        let files = tables.map_or(Ok(Vec::new()), |tables| self.commit(tables))?;
        self.fresh = true;
        let entry = Entry {
            part: part.clone(),
            files,
        };
        self.journal.add(&line(&entry)?)?;
        self.entries.push(entry);
        Ok(())
    }
}

fn named(places: &[Option<Place>; 3]) -> impl Iterator<Item = (&'static str, &Place)> {
    TABLES
        .into_iter()
        .zip(places)
        .filter_map(|(table, place)| Some((table, place.as_ref()?)))
}

/// The folder that holds the journal and the manifest: that of the first table.
fn main_folder(places: &[Option<Place>; 3]) -> Result<&Folder> {
    let first = places.iter().flatten().next();
    first
        .map(|place| &place.folder)
        .ok_or_else(|| Error::new(Kind::Option, "there is no table to write"))
}

fn line(of: &impl Serialize) -> Result<String> {
    serde_json::to_string(of)
        .map_err(|error| Error::new(Kind::Internal, format!("the journal cannot be kept: {error}")))
}

fn parsed<'a, T: Deserialize<'a>>(folder: &Folder, line: &'a str) -> Result<T> {
    serde_json::from_str(line).map_err(|_| cannot(folder, "another version of pressgauge has begun it"))
}

fn cannot(folder: &Folder, reason: &str) -> Error {
    Error::new(
        Kind::Option,
        format!("the run in this folder cannot go on: {reason}"),
    )
    .at_path(folder.name())
    .hint("repeat what the run was begun with, or ask to overwrite it")
}
