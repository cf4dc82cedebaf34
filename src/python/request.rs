//! What the package asks of a run: a dict of options, read one by one, and the outputs that it names.

use super::text::TOO_LARGE;
use crate::engine::Engine;
use crate::error::{Error, Kind, Result};
use crate::pipeline::RunOptions;
use crate::read::{self, Filter, Inputs, Overrides, Settings};
use crate::sink::{EvidenceSink, RejectSink, ScoreSink, Tables};
use crate::table::{Choices, Keep, ScoreTable, about, evidence_schema, rejects_schema};
use crate::write::{Format, Output, Writer};
use arrow_schema::{Metadata, SchemaRef};
use pyo3::conversion::FromPyObjectOwned;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::{Map, Value};
use std::fs;
use std::path::PathBuf;
use std::thread;

/// More threads than these would hold more memory than is promised.
const MOST_THREADS: usize = 64;

/// A run as it was asked for, understood and checked as far as possible without touching a file.
pub struct Request {
    /// Files and folders to read.
    pub inputs: Vec<PathBuf>,
    /// How to read and how many threads score.
    pub run: RunOptions,
    /// Of scores, evidence and rejects.
    destinations: [Option<Destination>; 3],
    overwrite: bool,
    rejected: bool,
    stop_at_reject: bool,
    choices: Choices,
    told: Map<String, Value>,
}

/// An output and how it is written.
struct Destination {
    name: String,
    format: Format,
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
        let overwrite = options.take("overwrite")?.unwrap_or_default();
        let threads = threads(options.take("threads")?)?;
        let choices = options.choices()?;
        let keep = choices.others();
        let rejected = options.choose("rejected", false)?;
        let stop_at_reject = options.stops_at_reject()?;
        let run = RunOptions {
            threads,
            read: options.settings(keep)?,
            ..RunOptions::default()
        };
        let told = options.finish()?;
        Ok(Self {
            inputs,
            run,
            destinations,
            overwrite,
            rejected,
            stop_at_reject,
            choices,
            told,
        })
    }

    /// What the tables of this run say about themselves.
    pub fn about(&self, engine: &Engine) -> Metadata {
        about(engine, self.told.clone())
    }

    /// Opens the outputs, so that what is wrong with them is known before any work.
    pub fn open(&self, engine: &Engine, inputs: &Inputs) -> Result<Tables> {
        let table = ScoreTable::new(engine.lexicon(), &self.choices, self.about(engine))?;
        let schemas = [
            table.schema().clone(),
            evidence_schema(self.about(engine)),
            rejects_schema(self.about(engine)),
        ];
        let [scores, evidence, rejects] = self.writers(&schemas, inputs)?;
        let [_, of_evidence, of_rejects] = schemas;
        let lexicon = engine.lexicon().clone();
        Ok(Tables {
            scores: scores.map(|writer| ScoreSink::new(table, self.choices.text_hash, writer)),
            evidence: evidence.map(|writer| EvidenceSink::new(lexicon, of_evidence, self.rejected, writer)),
            rejects: rejects.map(|writer| RejectSink::new(of_rejects, writer)),
            stop_at_reject: self.stop_at_reject,
        })
    }

    /// A writer for each table that has a destination.
    fn writers(&self, schemas: &[SchemaRef; 3], inputs: &Inputs) -> Result<[Option<Box<dyn Writer>>; 3]> {
        let mut outputs = [None, None, None];
        for (output, destination) in outputs.iter_mut().zip(&self.destinations) {
            let opened = destination
                .as_ref()
                .map(|found| Output::create(&found.name, self.overwrite));
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
        let format = match format {
            Some(format) => Format::parse(&format)?,
            None => Format::of_path(&name)?,
        };
        Ok(Some(Self { name, format }))
    }

    /// Rejects are JSON lines, unless the suffix says something else.
    fn of_rejects(name: Option<String>) -> Option<Self> {
        let name = name?;
        let format = Format::of_path(&name)
            .ok()
            .filter(|_| name != "-")
            .unwrap_or(Format::Jsonl);
        Some(Self { name, format })
    }
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

    /// Where there is no score table, the format is that of the evidence.
    fn destinations(&mut self) -> PyResult<[Option<Destination>; 3]> {
        let format = self.take::<String>("format")?;
        let scores = self.take("output")?;
        let (of_scores, of_evidence) = if scores.is_some() {
            (format, None)
        } else {
            (None, format)
        };
        let scores = Destination::new(scores, of_scores)?;
        let evidence = Destination::new(self.take("hits")?, of_evidence)?;
        Ok([scores, evidence, Destination::of_rejects(self.take("rejects")?)])
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
        Ok(Settings {
            format: format.map(|name| input_format(&name)).transpose()?,
            encoding: self.choose("encoding", None)?,
            fields: self.fields(keep)?,
            date_format: self.choose("date_format", None)?,
            max_record,
            filter: Filter::parse(&conditions)?,
            head: self.choose("head", None)?,
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
    let inputs: Vec<PathBuf> = inputs
        .files
        .iter()
        .filter_map(|input| fs::canonicalize(&input.path).ok())
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
