//! How the records of one file are to be understood, decided from its beginning: the format, and which keys or columns
//! make which fields.

use super::csv::Table;
use super::cut::{Cutter, Records, is_blank};
use super::fields::{Mapping, Value};
use super::json::{self, Keys};
use super::names::{Field, Overrides, normal};
use super::stream::Stream;
use super::{Format, Layout, Repairs, Settings, charset, recode, sgml, sniff, values, warc};
use crate::error::{Error, Kind, Result};
use memchr::memchr_iter;

/// What a look at a file's beginning says.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It can be read.
    Read(Box<Opening>),
    /// It is a table that lies column by column.
    Columns(Format),
    /// It holds nothing.
    Empty,
    /// It cannot be read, for this reason.
    Refused(String),
}

/// The beginning of a file that can be read.
#[derive(Debug)]
pub(super) struct Opening {
    pub(super) format: Format,
    pub(super) layout: Layout,
    /// The bytes before the first record, left out already.
    pub(super) skipped: usize,
    /// The lines among them.
    pub(super) lines: usize,
    pub(super) bom: bool,
    /// It is in UTF-16 or UTF-32, as its mark told.
    pub(super) recoded: bool,
    /// The names were guessed, for no record could be understood.
    pub(super) blind: bool,
    pub(super) warnings: Vec<String>,
}

impl Opening {
    /// Which keys or columns make which fields, where that could be told.
    pub(super) fn mapping(&self) -> Option<&Mapping> {
        self.layout.mapping().filter(|_| !self.blind)
    }
}

const BOM: &[u8] = b"\xef\xbb\xbf";
const FIRST_LOOK: usize = 1 << 16;
const LONGEST_LOOK: usize = 1 << 24;
const LONGEST_HEADER: usize = 1 << 20;
const SGML_LOOK: usize = 1 << 20;

/// How many records decide about the fields.
const SAMPLE: usize = 1000;

/// Looks at a file's beginning. A file without a text field is an error, which ends the run if it is the first: it would be so for all
/// of its records.
pub(super) fn look(stream: &mut Stream<'_>, name: &str, settings: &Settings) -> Result<Verdict> {
    let mut opening = Opening::default();
    take_mark(stream, settings, &mut opening)?;
    let head = stream.peek(FIRST_LOOK);
    if head.is_empty() {
        return Ok(Verdict::Empty);
    }
    if let Some(format) = sniff::columns(head) {
        return Ok(Verdict::Columns(format));
    }
    if let Some(format @ (Format::Parquet | Format::Arrow)) = settings.format {
        let reason = format!("it does not begin as {} does", format.name());
        return Ok(Verdict::Refused(reason));
    }
    let found = match sniff::foreign(head) {
        Some(reason) => Err(reason),
        None => settings.format.map_or_else(|| sniff::format(name, head), Ok),
    };
    opening.format = match found {
        Ok(format) => format,
        Err(reason) => return Ok(Verdict::Refused(reason)),
    };
    let fields = &settings.fields;
    let verdict = match opening.format {
        Format::Text => Ok(None),
        Format::Lines => {
            opening.layout = Layout::Lines;
            Ok(None)
        }
        Format::Jsonl | Format::Json => objects(stream, fields, &mut opening).map(|()| None),
        Format::Csv => table(stream, None, fields, &mut opening),
        Format::Tsv => table(stream, Some(b'\t'), fields, &mut opening),
        Format::Warc => pages(fields, &mut opening).map(|()| None),
        Format::Sgml => elements(stream, fields, &mut opening).map(|()| None),
        Format::Parquet | Format::Arrow => return Ok(Verdict::Columns(opening.format)),
    };
    let verdict = verdict.map_err(|error| error.at_path(name))?;
    Ok(verdict.unwrap_or_else(|| Verdict::Read(Box::new(opening))))
}

impl Default for Opening {
    fn default() -> Self {
        Self {
            format: Format::Text,
            layout: Layout::Text,
            skipped: 0,
            lines: 0,
            bom: false,
            recoded: false,
            blind: false,
            warnings: Vec::new(),
        }
    }
}

/// Takes a byte order mark off the stream; one of another encoding, or else the caller's word, makes UTF-8 of what
/// follows. Web archives are in no encoding.
fn take_mark(stream: &mut Stream<'_>, settings: &Settings, opening: &mut Opening) -> Result<()> {
    let told = settings.encoding.as_deref().map(charset::named).transpose()?;
    let head = stream.peek(FIRST_LOOK);
    if head.starts_with(BOM) {
        (opening.bom, opening.skipped) = (true, BOM.len());
        stream.skip(BOM.len());
    } else if let Some((encoding, length)) = recode::mark(head) {
        stream.skip(length);
        stream.recode(encoding);
        opening.recoded = true;
    } else if let Some(encoding) = told.filter(|_| !sniff::is_binary(head)) {
        stream.recode(encoding);
    }
    Ok(())
}

/// Decides about the fields of a web archive: its headers are known.
fn pages(overrides: &Overrides, opening: &mut Opening) -> Result<()> {
    if overrides.text.is_some() {
        return Err(no_text("a web archive has", &warc::keys(), overrides));
    }
    opening.layout = Layout::Warc(warc::mapping(overrides));
    Ok(())
}

/// Decides about the fields of newswire by the elements of the first documents.
fn elements(stream: &mut Stream<'_>, overrides: &Overrides, opening: &mut Opening) -> Result<()> {
    let (mut mapping, keys) = sgml::mapping(stream.peek(SGML_LOOK), overrides);
    let known = |name: &str| keys.iter().any(|key| normal(key) == normal(name));
    let texts = mapping.picks(Field::Text).iter();
    let has_text = texts
        .clone()
        .any(|column| known(&mapping.columns()[*column].join(".")));
    if !has_text {
        return Err(no_text("the first documents have", &keys, overrides));
    }
    opening.warnings = unfound(overrides, &mut mapping, &keys, |name| !known(name));
    opening.layout = Layout::Sgml(mapping);
    Ok(())
}

/// Reads the header of a table, which is left out of the stream.
fn table(
    stream: &mut Stream<'_>,
    fixed: Option<u8>,
    overrides: &Overrides,
    opening: &mut Opening,
) -> Result<Option<Verdict>> {
    let (blank, blank_lines) = blank_lines(stream);
    if stream.peek(1).is_empty() {
        return Ok(Some(Verdict::Empty));
    }
    let Some((length, delimiter)) = header(stream, fixed) else {
        let reason = "its header is longer than a MiB or holds an open quote";
        return Ok(Some(Verdict::Refused(reason.to_owned())));
    };
    let header = &stream.peek(length)[..length];
    let mut table = Table::new(header, delimiter, overrides);
    if !table.has_text() {
        return Err(no_text("the header has", &table.header, overrides));
    }
    let missing = |name: &str| !table.header.iter().any(|column| normal(column) == normal(name));
    opening.warnings = unfound(overrides, &mut table.mapping, &table.header, missing);
    opening.lines = memchr_iter(b'\n', header).count() + blank_lines;
    opening.skipped += blank + length;
    opening.layout = Layout::Csv(table);
    stream.skip(length);
    Ok(None)
}

/// The length of the header and the delimiter.
fn header(stream: &mut Stream<'_>, fixed: Option<u8>) -> Option<(usize, u8)> {
    let mut size = FIRST_LOOK;
    while size <= LONGEST_HEADER {
        let head = stream.peek(size);
        let whole = head.len() < size;
        let found = match fixed {
            Some(delimiter) => sniff::row(head, delimiter, whole).map(|length| (length, delimiter)),
            None => sniff::header(head, whole),
        };
        if found.is_some() {
            return found;
        }
        size *= 4;
    }
    None
}

/// Leaves out line breaks before the header; returns how many bytes and lines that were.
fn blank_lines(stream: &mut Stream<'_>) -> (usize, usize) {
    let head = stream.peek(FIRST_LOOK);
    let blank = head
        .iter()
        .take_while(|byte| matches!(byte, b'\n' | b'\r'))
        .count();
    let lines = memchr_iter(b'\n', &head[..blank]).count();
    stream.skip(blank);
    (blank, lines)
}

/// Decides about the fields of JSON by the first records.
fn objects(stream: &mut Stream<'_>, overrides: &Overrides, opening: &mut Opening) -> Result<()> {
    let layout = |mapping| match opening.format {
        Format::Json => Layout::Json(mapping),
        _ => Layout::Jsonl(mapping),
    };
    let kind = layout(Mapping::default()).records();
    let records = sample(stream, kind);
    let mut keys = Keys::default();
    records
        .iter()
        .for_each(|record| keys.add(&String::from_utf8_lossy(record)));
    if keys.objects == 0 {
        opening.layout = layout(Mapping::blind(overrides));
        opening.blind = true;
        return Ok(());
    }
    let mut mapping = Mapping::decide(&keys.outer, overrides);
    let present = present(&records, &mapping, overrides);
    if !mapping.picks(Field::Text).iter().any(|column| present[*column]) {
        let what = match keys.objects {
            1 => "the only record has".to_owned(),
            count => format!("the first {count} records have"),
        };
        return Err(no_text(&what, &[keys.outer, keys.inner].concat(), overrides));
    }
    let columns: Vec<_> = mapping
        .columns()
        .iter()
        .map(|path| normal(&path.join(".")))
        .collect();
    let missing = |name: &str| {
        let chosen = columns.iter().position(|column| *column == normal(name));
        chosen.is_some_and(|column| !present[column])
    };
    opening.warnings = unfound(
        overrides,
        &mut mapping,
        &[keys.outer, keys.inner].concat(),
        missing,
    );
    opening.layout = layout(mapping);
    Ok(())
}

/// Looks at as many whole records as are needed, within a bound; the last one may lack its end.
fn sample<'a>(stream: &'a mut Stream<'_>, kind: Records) -> Vec<&'a [u8]> {
    let mut size = FIRST_LOOK;
    loop {
        let head = stream.peek(size);
        let enough = Cutter::new(kind).scan(head, SAMPLE as u64, false).records >= SAMPLE as u64;
        if enough || head.len() < size || size >= LONGEST_LOOK {
            break;
        }
        size *= 4;
    }
    let head = stream.peek(0);
    let lines = || head.split(|byte| *byte == b'\n').filter(|line| !is_blank(line));
    match kind {
        Records::Values(scanner) => values::each(head, scanner).take(SAMPLE).collect(),
        _ => lines().take(SAMPLE).collect(),
    }
}

/// For each column of the mapping whether any record has it. Only the caller's own choice can be missing.
fn present(lines: &[&[u8]], mapping: &Mapping, overrides: &Overrides) -> Vec<bool> {
    let chosen = overrides.chosen().next().is_some() || !overrides.keep.is_empty();
    let mut present = vec![!chosen; mapping.columns().len()];
    for line in lines {
        if present.iter().all(|present| *present) {
            break;
        }
        let text = String::from_utf8_lossy(line);
        let values = json::values(&text, mapping, &mut Repairs::default()).unwrap_or_default();
        for (present, value) in present.iter_mut().zip(values) {
            *present |= value != Value::Absent;
        }
    }
    present
}

/// A warning for each choice but that of the text that was not found, with the keys that were there; the mapping
/// does not tell of it then.
pub(super) fn unfound(
    overrides: &Overrides,
    mapping: &mut Mapping,
    keys: &[String],
    missing: impl Fn(&str) -> bool,
) -> Vec<String> {
    let lost = overrides
        .chosen()
        .filter(|(field, name)| *field != Field::Text && missing(name));
    let told = lost.map(|(field, name)| {
        mapping.note_unfound(field);
        let (name, field) = (name.escape_debug(), field.name());
        format!("no field `{name}` for the {field}, {}", listed(keys))
    });
    let unkept = overrides.keep.iter().filter(|name| missing(name));
    let unkept = unkept.map(|name| {
        let several = if name.contains(',') {
            " (each field has a --keep of its own)"
        } else {
            ""
        };
        format!(
            "no field `{}` to keep{several}, {}",
            name.escape_debug(),
            listed(keys)
        )
    });
    told.chain(unkept).collect()
}

/// `what` says who has the keys.
pub(super) fn no_text(what: &str, keys: &[String], overrides: &Overrides) -> Error {
    let lacks = overrides
        .text
        .as_ref()
        .map_or("no text field".to_owned(), |name| format!("no field `{name}`"));
    Error::new(Kind::Input, format!("{what} {lacks}, {}", listed(keys)))
        .hint("name the text with --text-field KEY, or a dotted path for a nested one")
}

/// The text is in a column that cannot hold any.
pub(super) fn not_text(column: &str, kind: &impl std::fmt::Display) -> Error {
    let column = column.escape_debug();
    Error::new(
        Kind::Input,
        format!("the column `{column}` holds no text but {kind}"),
    )
    .hint("name the text with --text-field COLUMN, or a dotted path for a nested one")
}

/// The keys that are there, in words. They come from the file, so they are escaped before they are shown.
fn listed(keys: &[String]) -> String {
    const SHOWN: usize = 40;
    let shown: Vec<_> = keys
        .iter()
        .take(SHOWN)
        .map(|key| key.escape_debug().to_string())
        .collect();
    match keys.len() {
        0 => "no keys at all".to_owned(),
        count if count > SHOWN => format!("only: {} and {} more", shown.join(", "), count - SHOWN),
        _ => format!("only: {}", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests;
