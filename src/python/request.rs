//! What the package asks of a run: a dict of options, read one by one, and the outputs that it names.

use super::faults::Asked;
use super::folders::{self, PART_BYTES};
use super::text::TOO_LARGE;
use crate::engine::Engine;
use crate::error::{Error, Kind, Result};
use crate::pipeline::RunOptions;
use crate::read::{self, Filter, Inputs, Overrides, Settings};
use crate::sink::{EvidenceSink, Identity, PartSink, RejectSink, ScoreSink, Tables};
use crate::table::{Choices, Keep, ScoreTable, about, evidence_schema, rejects_schema};
use crate::write::{Folder, Format, Found, Output, Writer};
use arrow_schema::{Metadata, SchemaRef};
use pyo3::conversion::FromPyObjectOwned;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

/// More threads than these would hold more memory than is promised.
const MOST_THREADS: usize = 64;

/// A run as it was asked for, understood and checked as far as possible without opening a file.
pub struct Request {
    /// Files and folders to read.
    pub inputs: Vec<PathBuf>,
    /// How to read and how many threads score.
    pub run: RunOptions,
    /// Of scores, evidence and rejects.
    destinations: [Option<Destination>; 3],
    folders: bool,
    part_bytes: usize,
    found: Found,
    rejected: bool,
    stop_at_reject: bool,
    choices: Choices,
    told: Map<String, Value>,
    /// For tests.
    pub asked: Asked,
}

/// An output and how it is written.
pub struct Destination {
    /// Its name, as the user gave it.
    pub name: String,
    /// How it is written.
    pub format: Format,
    /// Whether it is a folder of parts.
    pub folder: bool,
}

/// The outputs of a run, open.
pub enum Opened<'a> {
    /// Files, or one stream.
    Files(Box<Tables>),
    /// Folders of parts.
    Folders(Box<PartSink<'a>>),
}

impl Request {
    /// Understands the options; one that is not known is an error.
    pub fn read(options: &Bound<'_, PyDict>) -> PyResult<Self> {
        let mut options = Options {
            left: options.copy()?,
            told: Map::new(),
        };
        let inputs = options.take("inputs")?.unwrap_or_default();
        let destinations = options.destinations()?;
        let folders = folders::are_meant(&destinations)?;
        let found = options.found(folders)?;
        let part_bytes = options.take("part_bytes")?.unwrap_or(PART_BYTES);
        let threads = threads(options.take("threads")?)?;
        let choices = options.choices()?;
        let keep = choices.others();
        let rejected = options.choose("rejected", false)?;
        let stop_at_reject = options.stops_at_reject()?;
        let asked = Asked::read()?;
        let mut run = RunOptions {
            threads,
            read: options.settings(keep)?,
            faults: Arc::new(asked.of_pipeline()),
            ..RunOptions::default()
        };
        if folders {
            run.read.batch_bytes = run.read.batch_bytes.min(part_bytes.max(1));
        }
        let told = options.finish()?;
        Ok(Self {
            inputs,
            run,
            destinations,
            folders,
            part_bytes,
            found,
            rejected,
            stop_at_reject,
            choices,
            told,
            asked,
        })
    }

    /// What the tables of this run say about themselves.
    pub fn about(&self, engine: &Engine) -> Metadata {
        about(engine, self.told.clone())
    }

    /// Opens the outputs, so that what is wrong with them is known before any work.
    pub fn open<'a>(&'a self, engine: &'a Engine, inputs: &Inputs) -> Result<Opened<'a>> {
        let table = ScoreTable::new(engine.lexicon(), &self.choices, self.about(engine))?;
        let schemas = [
            table.schema().clone(),
            evidence_schema(self.about(engine)),
            rejects_schema(self.about(engine)),
        ];
        let lexicon = engine.lexicon().clone();
        let [_, of_evidence, of_rejects] = schemas.clone();
        let tables = move |[scores, evidence, rejects]: [Option<Box<dyn Writer>>; 3]| Tables {
            scores: scores.map(|writer| ScoreSink::new(table.clone(), writer)),
            evidence: evidence
                .map(|writer| EvidenceSink::new(lexicon.clone(), of_evidence.clone(), self.rejected, writer)),
            rejects: rejects.map(|writer| RejectSink::new(of_rejects.clone(), writer)),
            stop_at_reject: self.stop_at_reject,
        };
        if !self.folders {
            return Ok(Opened::Files(Box::new(tables(self.writers(&schemas, inputs)?))));
        }
        let places = folders::open(&self.destinations, &schemas, self.found, &self.inputs, inputs)?;
        let identity = Identity {
            about: told(&self.about(engine)),
            tables: BTreeMap::new(),
            part_bytes: self.part_bytes,
            inputs: inputs.stamps(),
        };
        let sink = PartSink::open(identity, places, self.found, Box::new(tables))?;
        Ok(Opened::Folders(Box::new(sink)))
    }

    /// A writer for each table that has a destination.
    fn writers(&self, schemas: &[SchemaRef; 3], inputs: &Inputs) -> Result<[Option<Box<dyn Writer>>; 3]> {
        let mut outputs = [None, None, None];
        for (output, destination) in outputs.iter_mut().zip(&self.destinations) {
            let opened = destination
                .as_ref()
                .map(|found| Output::create(&found.name, self.found == Found::Overwrite));
            *output = opened.transpose()?;
        }
        refuse_mixups(&outputs.iter().flatten().collect::<Vec<_>>(), inputs)?;
        let mut writers = [None, None, None];
        for (i, (output, destination)) in outputs.into_iter().zip(&self.destinations).enumerate() {
            let pair = output.zip(destination.as_ref());
            writers[i] = pair
                .map(|(output, found)| found.format.writer(output, schemas[i].clone()))
                .transpose()?;
        }
        Ok(writers)
    }
}

/// What a look at files is told: the inputs, and how to read them.
pub fn reading(options: &Bound<'_, PyDict>) -> PyResult<(Vec<PathBuf>, Settings)> {
    let mut options = Options {
        left: options.copy()?,
        told: Map::new(),
    };
    let inputs = options.take("inputs")?.unwrap_or_default();
    let keep = options.take("keep")?.unwrap_or_default();
    let settings = options.settings(keep)?;
    options.finish()?;
    Ok((inputs, settings))
}

impl Destination {
    fn new(name: Option<String>, format: Option<String>) -> Result<Option<Self>> {
        let Some(name) = name else { return Ok(None) };
        let folder = Folder::is_meant(&name);
        let format = match format {
            Some(format) => Format::parse(&format)?,
            None if folder => Format::Parquet,
            None => Format::of_path(&name)?,
        };
        Ok(Some(Self { name, format, folder }))
    }

    /// Rejects are JSON lines, unless the suffix says something else.
    fn of_rejects(name: Option<String>) -> Option<Self> {
        let name = name?;
        let format = Format::of_path(&name)
            .ok()
            .filter(|_| name != "-")
            .unwrap_or(Format::Jsonl);
        let folder = Folder::is_meant(&name);
        Some(Self { name, format, folder })
    }
}

fn told(about: &Metadata) -> BTreeMap<String, String> {
    about
        .iter()
        .map(|(key, value)| (key.to_string(), value.to_string()))
        .collect()
}

/// The options that nobody has read yet, and those that belong into the metadata.
struct Options<'py> {
    left: Bound<'py, PyDict>,
    told: Map<String, Value>,
}

impl<'py> Options<'py> {
    /// An option that changes no row, such as a name or a number of threads.
    fn take<T: FromPyObjectOwned<'py>>(&mut self, name: &str) -> PyResult<Option<T>> {
        let Some(value) = self.left.get_item(name)? else {
            return Ok(None);
        };
        self.left.del_item(name)?;
        if value.is_none() {
            return Ok(None);
        }
        let taken = value.extract().map_err(|_| {
            let shown = value.repr().map(|repr| repr.to_string()).unwrap_or_default();
            Error::new(Kind::Option, format!("{name} cannot be {shown}"))
        })?;
        Ok(Some(taken))
    }

    /// An option that shapes the tables: they tell what it is, chosen or not.
    fn choose<T>(&mut self, name: &str, default: T) -> PyResult<T>
    where
        T: FromPyObjectOwned<'py> + Clone + Into<Value>,
    {
        let chosen = self.take(name)?.unwrap_or(default);
        self.told.insert(name.into(), chosen.clone().into());
        Ok(chosen)
    }

    /// Where there is no score table, the format is that of the evidence; folders have one format for both.
    fn destinations(&mut self) -> PyResult<[Option<Destination>; 3]> {
        let format = self.take::<String>("format")?;
        let scores = self.take("output")?;
        let evidence: Option<String> = self.take("hits")?;
        let folder = evidence.as_deref().is_some_and(Folder::is_meant);
        let of_evidence = format.clone().filter(|_| scores.is_none() || folder);
        let of_scores = format.filter(|_| scores.is_some());
        let scores = Destination::new(scores, of_scores)?;
        let evidence = Destination::new(evidence, of_evidence)?;
        Ok([scores, evidence, Destination::of_rejects(self.take("rejects")?)])
    }

    /// What to do with what the outputs hold.
    fn found(&mut self, folders: bool) -> PyResult<Found> {
        let overwrite = self.take("overwrite")?.unwrap_or_default();
        let resume = self.take("resume")?.unwrap_or_default();
        match (overwrite, resume) {
            (true, true) => Err(Error::new(Kind::Option, "a run cannot both overwrite and resume").into()),
            (_, true) if !folders => Err(
                Error::new(Kind::Option, "only a run into a folder can be resumed")
                    .hint("end the name of the output with /")
                    .into(),
            ),
            (_, true) => Ok(Found::Resume),
            (true, _) => Ok(Found::Overwrite),
            _ => Ok(Found::Refuse),
        }
    }

    fn choices(&mut self) -> PyResult<Choices> {
        let keep: Vec<String> = self.choose("keep", Vec::new())?;
        Ok(Choices {
            files: true,
            categories: self.choose("categories", false)?,
            tags: self.choose("tags", false)?,
            text_hash: self.choose("text_hash", false)?,
            keep: keep.iter().map(|name| Keep::of_name(name)).collect(),
        })
    }

    fn settings(&mut self, keep: Vec<String>) -> PyResult<Settings> {
        let default = Settings::default();
        let format: Option<String> = self.choose("input_format", None)?;
        let conditions: Vec<String> = self.choose("where", Vec::new())?;
        let max_record = self.choose("max_record", default.max_record)?;
        if max_record >= TOO_LARGE {
            return Err(Error::new(Kind::Option, "max_record must be less than 4 GiB").into());
        }
        let max_window = self.choose("max_window", default.max_window)?;
        if !(10..=31).contains(&max_window) {
            return Err(Error::new(Kind::Option, "max_window must be a power of two from 10 to 31").into());
        }
        Ok(Settings {
            format: format.map(|name| input_format(&name)).transpose()?,
            encoding: self.choose("encoding", None)?,
            fields: self.fields(keep)?,
            date_format: self.choose("date_format", None)?,
            max_record,
            filter: Filter::parse(&conditions)?,
            head: self.choose("head", None)?,
            max_window,
            max_members: self.choose("max_members", default.max_members)?,
            strict: self.choose("strict", false)?,
            ..default
        })
    }

    fn fields(&mut self, keep: Vec<String>) -> PyResult<Overrides> {
        Ok(Overrides {
            text: self.choose("text_field", None)?,
            title: self.choose("title_field", None)?,
            id: self.choose("id_field", None)?,
            url: self.choose("url_field", None)?,
            source: self.choose("source_field", None)?,
            language: self.choose("language_field", None)?,
            date: self.choose("date_field", None)?,
            keep,
        })
    }

    fn stops_at_reject(&mut self) -> PyResult<bool> {
        match self.choose("on_error", "skip".to_owned())?.as_str() {
            "skip" => Ok(false),
            "fail" => Ok(true),
            other => Err(unknown("on_error", other, "skip or fail").into()),
        }
    }

    fn finish(self) -> Result<Map<String, Value>> {
        match self.left.keys().iter().next() {
            None => Ok(self.told),
            Some(name) => Err(Error::new(Kind::Option, format!("a run has no option {name}"))),
        }
    }
}

fn threads(asked: Option<usize>) -> Result<usize> {
    match asked {
        Some(0) => Err(Error::new(Kind::Option, "threads cannot be 0").hint("at least 1")),
        Some(threads) => Ok(threads.min(MOST_THREADS)),
        None => Ok(thread::available_parallelism()
            .map_or(1, usize::from)
            .min(MOST_THREADS)),
    }
}

fn input_format(name: &str) -> Result<read::Format> {
    let names = read::Format::ALL.map(read::Format::name).join(", ");
    read::Format::of_name(name).ok_or_else(|| unknown("input_format", name, &format!("one of {names}")))
}

fn unknown(option: &str, name: &str, known: &str) -> Error {
    Error::new(Kind::Option, format!("{option} cannot be \"{name}\"")).hint(known)
}

/// No output may be one of the inputs, and no two outputs the same.
fn refuse_mixups(outputs: &[&Output], inputs: &Inputs) -> Result<()> {
    // To find where each of very many inputs really lies takes its time; an output that is not there yet is none of them.
    let there = outputs
        .iter()
        .any(|output| output.file().is_some_and(Path::exists));
    let inputs: Vec<PathBuf> = inputs
        .files
        .iter()
        .filter_map(|input| there.then(|| fs::canonicalize(&input.path).ok())?)
        .collect();
    for (i, output) in outputs.iter().enumerate() {
        let mixup = |message: &str| Error::new(Kind::Option, message).at_path(output.name());
        if output
            .file()
            .is_some_and(|file| inputs.iter().any(|input| input == file))
        {
            return Err(mixup("the output is one of the inputs").hint("write somewhere else"));
        }
        let same = |other: &&Output| match (output.file(), other.file()) {
            (None, None) => output.is_stdout() && other.is_stdout(),
            (one, another) => one == another,
        };
        if outputs[..i].iter().any(same) {
            return Err(mixup("two tables cannot have one output").hint("give each a name of its own"));
        }
    }
    Ok(())
}
