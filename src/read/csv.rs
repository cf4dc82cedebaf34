//! CSV and TSV: a header, then a row a document. Fields are borrowed from the row unless they hold doubled quotes.

use super::cut::{End, Scanner};
use super::fields::{Mapping, Value, assemble};
use super::names::{Field, Overrides};
use super::parse::{Place, Run, Visitor};
use crate::document::Code;
use memchr::memchr_iter;
use std::borrow::Cow;
use std::ops::Range;

/// What the header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) delimiter: u8,
    /// The names of the columns.
    pub(super) header: Vec<String>,
    pub(super) mapping: Mapping,
    /// Columns of the file with the mapping's columns that they are.
    wanted: Vec<(usize, usize)>,
}

impl Table {
    /// Reads a header with this delimiter.
    pub(super) fn new(header: &[u8], delimiter: u8, overrides: &Overrides) -> Self {
        let header = names(header, delimiter);
        let mapping = Mapping::decide(&header, overrides);
        let columns = mapping.columns().iter().enumerate();
        let found = columns.filter_map(|(column, path)| {
            let name = path.join(".");
            Some((header.iter().position(|known| *known == name)?, column))
        });
        let wanted = found.collect();
        Self {
            delimiter,
            header,
            mapping,
            wanted,
        }
    }

    /// Whether a column of the file holds the text.
    pub(super) fn has_text(&self) -> bool {
        let text = self.mapping.picks(Field::Text);
        self.wanted.iter().any(|(_, column)| text.contains(column))
    }
}

fn names(header: &[u8], delimiter: u8) -> Vec<String> {
    let (mut scanner, mut at, mut start) = (Scanner::new(delimiter), 0, 0);
    let mut names = Vec::new();
    loop {
        let end = scanner.next(header, &mut at);
        let stop = if end.is_some() { at - 1 } else { header.len() };
        let text = String::from_utf8_lossy(&header[start..stop]);
        names.push(unquoted(&text).trim().to_owned());
        start = at;
        if end != Some(End::Field) {
            return names;
        }
    }
}

/// Parses a run of rows.
pub(super) fn parse<V: Visitor>(run: &mut Run<'_, V>, table: &Table) {
    let bytes = run.view.bytes;
    let (mut start, mut number, mut line) = (0, run.records.record, run.records.line);
    let mut fields = Vec::with_capacity(table.header.len());
    while start < bytes.len() {
        let (end, open) = split(bytes, start, table.delimiter, &mut fields);
        let row = start..fields.last().map_or(end, |field: &Range<usize>| field.end);
        if !row.is_empty() {
            let place = run.place(number, line, start);
            run.repairs.crlf += u64::from(bytes[row.end..].starts_with(b"\r\n"));
            match open {
                Some(quote) => unclosed(run, &place, row, quote),
                None => record(run, table, &place, row, &fields),
            }
            number += 1;
        }
        line += breaks(&bytes[start..end]);
        start = end;
    }
}

/// Splits the row that begins at `start` into fields; returns where the next one begins, and where the quote stands
/// that is open at the end of the bytes.
fn split(
    bytes: &[u8],
    start: usize,
    delimiter: u8,
    fields: &mut Vec<Range<usize>>,
) -> (usize, Option<usize>) {
    let (mut scanner, mut at, mut from) = (Scanner::new(delimiter), start, start);
    fields.clear();
    loop {
        match scanner.next(bytes, &mut at) {
            Some(end) => {
                fields.push(from..at - 1);
                from = at;
                if end == End::Row {
                    return (at, None);
                }
            }
            None => {
                fields.push(from..bytes.len());
                return (bytes.len(), scanner.in_quotes().then_some(from));
            }
        }
    }
}

fn breaks(bytes: &[u8]) -> i64 {
    memchr_iter(b'\n', bytes).count() as i64
}

fn unclosed<V: Visitor>(run: &mut Run<'_, V>, place: &Place<'_>, row: Range<usize>, quote: usize) {
    let line = place.line + breaks(&run.view.bytes[row.start..quote]);
    let reason = format!("the quote that opens in line {line} is never closed; all after it is lost");
    run.reject(place, Code::UnclosedQuote, reason, &run.view.bytes[row]);
}

fn record<V: Visitor>(
    run: &mut Run<'_, V>,
    table: &Table,
    place: &Place<'_>,
    row: Range<usize>,
    fields: &[Range<usize>],
) {
    let bytes = &run.view.bytes[row.clone()];
    if !run.keeps_limit(place, bytes) {
        return;
    }
    let width = table.header.len();
    let spare_is_empty = fields.iter().skip(width).all(Range::is_empty);
    if fields.len() < width || !spare_is_empty {
        let reason = format!("the row has {} columns, the header {width}", fields.len());
        return run.reject(place, Code::WrongColumnCount, reason, bytes);
    }
    run.repairs.ragged += u64::from(fields.len() > width);
    let view = run.view;
    let wanted = table
        .wanted
        .iter()
        .filter_map(|(at, column)| Some((*column, fields.get(*at)?)));
    let texts: Vec<_> = wanted
        .map(|(column, field)| (column, view.record(field.clone(), run.repairs)))
        .collect();
    let mut values = vec![Value::Absent; table.mapping.columns().len()];
    for (column, text) in &texts {
        values[*column] = Value::Text(unquoted(text));
    }
    match assemble(&table.mapping, values, &run.parser.dates, run.repairs) {
        Ok(document) => run.document(place, document),
        Err(code) => run.reject(place, code, "the row has no text".to_owned(), bytes),
    }
}

/// A field without its quotes, doubled ones halved. What stands after the closing quote is kept as it is.
fn unquoted(field: &str) -> Cow<'_, str> {
    let Some(inner) = field.strip_prefix('"') else {
        return Cow::Borrowed(field);
    };
    let Some(first) = memchr::memchr(b'"', inner.as_bytes()) else {
        return Cow::Borrowed(inner);
    };
    if first + 1 == inner.len() {
        return Cow::Borrowed(&inner[..first]);
    }
    let (mut made, mut rest) = (String::with_capacity(inner.len()), inner);
    while let Some((text, after)) = rest.split_once('"') {
        made.push_str(text);
        match after.strip_prefix('"') {
            Some(next) => {
                made.push('"');
                rest = next;
            }
            None => {
                rest = after;
                break;
            }
        }
    }
    made.push_str(rest);
    Cow::Owned(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::parse::tests::{Shown, shown};
    use crate::read::{Layout, Repairs};

    fn parsed(header: &str, rows: &str) -> (Shown, Repairs) {
        let table = Table::new(header.as_bytes(), b',', &Overrides::default());
        shown(rows.as_bytes(), Layout::Csv(table), 1000)
    }

    fn lines(rows: &str) -> Vec<String> {
        parsed("id,text,url", rows).0.lines
    }

    #[test]
    fn a_row_a_document() {
        let (shown, repairs) = parsed(
            "id, Text ,url",
            "1,\"a, \"\"b\"\"\nc\",x\r\n\r\n2,plain \"d\",\n3,,",
        );
        assert_eq!(
            shown.lines,
            ["1@0 1 a, \"b\"\nc", "2@20 2 plain \"d\"", "3@33 3 "]
        );
        assert_eq!(repairs.crlf, 1);
    }

    #[test]
    fn rows_must_have_the_headers_columns() {
        assert_eq!(
            lines("1,a\n2,b,x,y\n3,c,x,,\n"),
            ["1@0 !wrong-column-count", "2@4 !wrong-column-count", "3@12 3 c"]
        );
        assert_eq!(parsed("id,text,url", "3,c,x,,\n").1.ragged, 1);
        assert_eq!(parsed("text", "a\n\nb\n").0.lines, ["1@0 - a", "2@3 - b"]);
    }

    #[test]
    fn rejects_know_their_line() {
        let (shown, _) = parsed("id,text,url", "1,\"a\nb\",x\r\n\n2,b\n");
        assert_eq!((shown.rejects[0].record, shown.rejects[0].line), (2, 4));
    }

    #[test]
    fn an_open_quote_is_one_reject_that_names_its_line() {
        let (shown, _) = parsed("id,text,url", "1,a,x\n2,\"b\nc,x\n3,d,x\n");
        assert_eq!(shown.lines, ["1@0 1 a", "2@6 !unclosed-quote"]);
        assert!(
            shown.rejects[0].reason.contains("opens in line 2 is never"),
            "{}",
            shown.rejects[0].reason
        );
    }

    #[test]
    fn invalid_bytes_are_repaired_in_their_field() {
        let table = Table::new(b"text,id", b',', &Overrides::default());
        let (shown, repairs) = shown(b"a\xff,1\nb,\"2\"\n", Layout::Csv(table), 100);
        assert_eq!(shown.lines, ["1@0 1 a\u{fffd}", "2@5 2 b"]);
        assert_eq!(repairs.utf8, 1);
    }

    #[test]
    fn splits_as_the_csv_crate_does() {
        let samples = [
            "a,b\n",
            "a,\"b\"\n",
            "\"a\"\"b\",c\r\n\r\nd,e",
            "\"a\nb\",\"\"\n,\n",
            "a\"b,\"c\"d\n",
            "\"a\"b\"c,d\ne,\"",
            "x\ry\r\nz,\"\"\"\"\n",
            " \"a\",b\n",
            "\"\"a,b\n",
        ];
        for sample in samples {
            let mut oracle = ::csv::ReaderBuilder::new();
            let oracle = oracle
                .has_headers(false)
                .flexible(true)
                .from_reader(sample.as_bytes())
                .into_records();
            let expected: Vec<Vec<String>> = oracle
                .map(|row| row.unwrap().iter().map(str::to_owned).collect())
                .collect();
            assert_eq!(split_all(sample), expected, "{sample:?}");
        }
    }

    fn split_all(sample: &str) -> Vec<Vec<String>> {
        let (mut rows, mut fields, mut start) = (Vec::new(), Vec::new(), 0);
        while start < sample.len() {
            let (end, _) = split(sample.as_bytes(), start, b',', &mut fields);
            let row: Vec<_> = fields
                .iter()
                .map(|field| unquoted(&sample[field.clone()]).into_owned())
                .collect();
            if fields.last().is_some_and(|last| last.end > start) {
                rows.push(row);
            }
            start = end;
        }
        rows
    }
}
