//! What a run in parts came to, for whoever uses its folder. It holds no clock and no host: the same run gives the same
//! bytes.

use super::identity::Identity;
use super::parts::{Entry, PartFile};
use crate::error::{Error, Kind, Result};
use crate::pipeline::{Spot, Summary};
use crate::read::{Damage, Seen, Use};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The manifest, in the order in which it is read.
#[derive(Serialize)]
struct Manifest<'a> {
    about: BTreeMap<&'a str, Value>,
    tables: BTreeMap<&'a str, Table<'a>>,
    part_bytes: usize,
    documents: u64,
    scored: u64,
    null_texts: u64,
    rejected: u64,
    filtered: u64,
    rejects: BTreeMap<&'a str, u64>,
    tokens: u64,
    text_bytes: u64,
    hits: BTreeMap<&'a str, u64>,
    repairs: BTreeMap<&'a str, u64>,
    damaged: &'a [Damage],
    unverified: &'a [Damage],
    warnings: &'a [String],
    mappings: Vec<Mapping<'a>>,
    files: u64,
    inputs: &'a [Seen],
    parts: Vec<Part<'a>>,
}

#[derive(Serialize)]
struct Table<'a> {
    folder: &'a str,
    format: &'a str,
}

#[derive(Serialize)]
struct Mapping<'a> {
    path: &'a str,
    files: u64,
    format: &'a str,
    fields: BTreeMap<&'a str, &'a [String]>,
}

#[derive(Serialize)]
struct Part<'a> {
    documents: u64,
    from: Option<&'a Spot>,
    to: Option<&'a Spot>,
    files: BTreeMap<&'a str, File<'a>>,
}

#[derive(Serialize)]
struct File<'a> {
    name: &'a str,
    rows: u64,
    bytes: u64,
    sha256: &'a str,
}

/// Writes the manifest of a run: its identity, where each table lies, the names of the lexicon's dimensions, its parts
/// and what they come to.
pub(super) fn written(
    run: &Identity,
    folders: &BTreeMap<String, String>,
    dimensions: &[String],
    entries: &[Entry],
    sums: &Summary,
) -> Result<String> {
    let counts = &sums.counts;
    let hits = counts.hits.iter().copied().chain(std::iter::repeat(0));
    let manifest = Manifest {
        about: run.about.iter().map(|(key, value)| about(key, value)).collect(),
        tables: tables(run, folders),
        part_bytes: run.part_bytes,
        documents: counts.documents(),
        scored: counts.scored,
        null_texts: counts.null_texts,
        rejected: counts.rejected(),
        filtered: counts.filtered,
        rejects: counts
            .rejects
            .iter()
            .map(|(code, count)| (code.name(), *count))
            .collect(),
        tokens: counts.tokens,
        text_bytes: counts.text_bytes,
        hits: dimensions.iter().map(String::as_str).zip(hits).collect(),
        repairs: sums
            .repairs
            .told()
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .collect(),
        damaged: &sums.damaged,
        unverified: &sums.unverified,
        warnings: &sums.warnings,
        mappings: mappings(sums),
        files: sums.files,
        inputs: &sums.inputs,
        parts: entries
            .iter()
            .filter(|entry| !entry.files.is_empty())
            .map(part)
            .collect(),
    };
    let text = serde_json::to_string_pretty(&manifest);
    text.map(|text| text + "\n")
        .map_err(|error| Error::new(Kind::Internal, format!("the manifest cannot be made: {error}")))
}

/// Options are kept as JSON in a text; here they are JSON like all else.
fn about<'a>(key: &'a str, value: &str) -> (&'a str, Value) {
    let key = key.trim_start_matches("pressgauge.");
    let options = (key == "options")
        .then(|| serde_json::from_str(value).ok())
        .flatten();
    (key, options.unwrap_or_else(|| value.into()))
}

fn tables<'a>(run: &'a Identity, folders: &'a BTreeMap<String, String>) -> BTreeMap<&'a str, Table<'a>> {
    let table = |(name, format): (&'a String, &'a String)| {
        let folder = folders.get(name).map_or(".", String::as_str);
        (name.as_str(), Table { folder, format })
    };
    run.tables.iter().map(table).collect()
}

fn mappings(sums: &Summary) -> Vec<Mapping<'_>> {
    sums.mappings.iter().map(mapping).collect()
}

fn mapping(used: &Use) -> Mapping<'_> {
    let fields = used.fields.iter();
    Mapping {
        path: &used.path,
        files: used.files,
        format: used.format.name(),
        fields: fields
            .map(|(field, keys)| (field.as_str(), keys.as_slice()))
            .collect(),
    }
}

fn part(entry: &Entry) -> Part<'_> {
    Part {
        documents: entry.part.summary.counts.documents(),
        from: entry.part.extent.as_ref().map(|extent| &extent.from),
        to: entry.part.extent.as_ref().map(|extent| &extent.to),
        files: entry
            .files
            .iter()
            .map(|one| (one.table.as_str(), file(one)))
            .collect(),
    }
}

fn file(file: &PartFile) -> File<'_> {
    File {
        name: &file.name,
        rows: file.rows,
        bytes: file.bytes,
        sha256: &file.sha256,
    }
}
