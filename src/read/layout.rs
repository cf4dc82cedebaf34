//! How the records of one file are to be understood, decided from its beginning: the format, and which keys or columns
//! make which fields.

use super::csv::Table;
use super::cut::is_blank;
use super::fields::{Mapping, Value};
use super::json::{self, Keys};
use super::names::{Field, Overrides, normal};
use super::stream::Stream;
use super::{Format, Layout, Repairs, Settings, sniff};
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

/// How many records decide about the fields.
const SAMPLE: usize = 1000;

/// Looks at a file's beginning. A file without a text field is an error that ends the run: it would be so for all
/// of its records.
pub(super) fn look(stream: &mut Stream<'_>, name: &str, settings: &Settings) -> Result<Verdict> {
    let bom = stream.peek(FIRST_LOOK).starts_with(BOM);
    let skipped = if bom { BOM.len() } else { 0 };
    stream.skip(skipped);
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
        Some(what) => Err(what),
        None => settings.format.map_or_else(|| sniff::format(name, head), Ok),
    };
    let format = match found {
        Ok(format) => format,
        Err(what) => return Ok(Verdict::Refused(format!("it is {what}, which is not read"))),
    };
    let mut opening = Opening {
        format,
        layout: Layout::Text,
        skipped,
        lines: 0,
        bom,
        blind: false,
        warnings: Vec::new(),
    };
    let verdict = match format {
        Format::Text => Ok(None),
        Format::Jsonl => lines(stream, &settings.fields, &mut opening).map(|()| None),
        Format::Csv => table(stream, None, &settings.fields, &mut opening),
        Format::Tsv => table(stream, Some(b'\t'), &settings.fields, &mut opening),
        Format::Parquet | Format::Arrow => return Ok(Verdict::Columns(format)),
    };
    let verdict = verdict.map_err(|error| error.at_path(name))?;
    Ok(verdict.unwrap_or_else(|| Verdict::Read(Box::new(opening))))
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

/// Decides about the fields of JSON lines by the first records.
fn lines(stream: &mut Stream<'_>, overrides: &Overrides, opening: &mut Opening) -> Result<()> {
    let lines: Vec<_> = sample(stream)
        .split(|byte| *byte == b'\n')
        .filter(|line| !is_blank(line))
        .take(SAMPLE)
        .collect();
    let mut keys = Keys::default();
    lines
        .iter()
        .for_each(|line| keys.add(&String::from_utf8_lossy(line)));
    if keys.objects == 0 {
        opening.layout = Layout::Jsonl(Mapping::blind(overrides));
        opening.blind = true;
        return Ok(());
    }
    let mut mapping = Mapping::decide(&keys.outer, overrides);
    let present = present(&lines, &mapping, overrides);
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
    opening.layout = Layout::Jsonl(mapping);
    Ok(())
}

/// Looks at as many whole lines as are needed, within a bound.
fn sample<'a>(stream: &'a mut Stream<'_>) -> &'a [u8] {
    let mut size = FIRST_LOOK;
    loop {
        let head = stream.peek(size);
        let enough = memchr_iter(b'\n', head).nth(SAMPLE).is_some();
        if enough || head.len() < size || size >= LONGEST_LOOK {
            break;
        }
        size *= 4;
    }
    stream.peek(0)
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
    let unkept = unkept.map(|name| format!("no field `{}` to keep, {}", name.escape_debug(), listed(keys)));
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
mod tests {
    use super::*;

    fn looked(name: &str, bytes: &[u8], settings: &Settings) -> Result<Verdict> {
        look(
            &mut Stream::new(Box::new(std::io::Cursor::new(bytes.to_vec()))),
            name,
            settings,
        )
    }

    fn opened(name: &str, bytes: &[u8], settings: &Settings) -> Opening {
        match looked(name, bytes, settings) {
            Ok(Verdict::Read(opening)) => *opening,
            other => panic!("{other:?}"),
        }
    }

    fn text_field(name: &str) -> Settings {
        let fields = Overrides {
            text: Some(name.to_owned()),
            ..Overrides::default()
        };
        Settings {
            fields,
            ..Settings::default()
        }
    }

    fn told(opening: &Opening) -> Vec<(&'static str, Vec<String>)> {
        match &opening.layout {
            Layout::Jsonl(mapping) => mapping.told(),
            Layout::Csv(table) => table.mapping.told(),
            Layout::Text | Layout::Columns(_) => Vec::new(),
        }
    }

    #[test]
    fn the_first_records_decide() {
        let mut lines = b"broken\n{\"body\":1}\n".to_vec();
        lines.extend(b"{\"Maintext\":null,\"id\":1}\n".repeat(1500));
        lines.extend(b"{\"title\":1}\n");
        let opening = opened(
            "a",
            &[b"\xef\xbb\xbf{}\n", &lines[..]].concat(),
            &Settings::default(),
        );
        assert!(opening.bom && opening.skipped == 3);
        let expected = vec![
            ("text", vec!["Maintext".to_owned(), "body".to_owned()]),
            ("id", vec!["id".to_owned()]),
        ];
        assert_eq!(told(&opening), expected);
    }

    #[test]
    fn no_text_field_is_an_error_that_lists_the_keys() {
        let bytes = b"{\"headline\":\"a\",\"meta\":{\"body\":\"b\"}}\n{\"x\\u001b\":1}\n";
        let error = looked("a.jsonl", bytes, &Settings::default()).unwrap_err();
        assert_eq!(
            error.message,
            "the first 2 records have no text field, only: headline, meta, x\\u{1b}, meta.body"
        );
        assert_eq!((error.kind, error.hint.is_some()), (Kind::Input, true));
        let error = looked("a.jsonl", b"{\"text\":\"a\"}", &text_field("story")).unwrap_err();
        assert_eq!(error.message, "the only record has no field `story`, only: text");
        let error = looked("a.csv", b"id,story\n", &Settings::default()).unwrap_err();
        assert_eq!(error.message, "the header has no text field, only: id, story");
        assert_eq!(
            told(&opened("a", bytes, &text_field("meta.body")))[0].1,
            ["meta.body"]
        );
    }

    #[test]
    fn headers_are_left_out() {
        let opening = opened("a.csv", b"\n\r\nid;Text\r\n1;a\r\n", &Settings::default());
        assert_eq!((opening.skipped, opening.lines), (11, 2));
        assert_eq!(told(&opening)[0].1, ["Text"]);
        assert!(matches!(
            looked("a.csv", b"\n\n", &Settings::default()),
            Ok(Verdict::Empty)
        ));
        let endless = [b"id,\"".to_vec(), vec![b'a'; 2 << 20]].concat();
        assert!(matches!(
            looked("a.csv", &endless, &Settings::default()),
            Ok(Verdict::Refused(_))
        ));
    }

    #[test]
    fn choices_that_are_not_there_are_told() {
        let fields = Overrides {
            date: Some("when".to_owned()),
            id: Some("ID".to_owned()),
            ..Overrides::default()
        };
        let settings = Settings {
            fields,
            ..Settings::default()
        };
        for (name, bytes) in [
            ("a", &b"{\"text\":\"a\",\"id\":1}\n"[..]),
            ("a.csv", b"id,text\n1,a\n"),
        ] {
            let opening = opened(name, bytes, &settings);
            assert_eq!(opening.warnings.len(), 1);
            assert!(opening.warnings[0].starts_with("no field `when` for the date, only: "));
            let fields: Vec<_> = told(&opening).into_iter().map(|(field, _)| field).collect();
            assert_eq!(fields, ["text", "id"]);
        }
    }

    #[test]
    fn nothing_and_foreign_files() {
        assert!(matches!(
            looked("a", b"\xef\xbb\xbf", &Settings::default()),
            Ok(Verdict::Empty)
        ));
        match looked("a", b"\xff\xfe{\0", &Settings::default()) {
            Ok(Verdict::Refused(reason)) => assert_eq!(reason, "it is UTF-16, which is not read"),
            other => panic!("{other:?}"),
        }
    }
}
