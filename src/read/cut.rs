//! Where records end, in every format. Owns the one state machine for quotes, which cuts the stream on the reader
//! thread and splits rows into fields on the workers, so that both agree; those of other formats live with them.

use super::{sgml, values, warc};
use memchr::{memchr, memchr3};

/// What ends at a place in a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// A field, and another follows.
    Field,
    /// A field and its row.
    Row,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    FieldStart,
    Bare,
    Quoted,
    /// After a quote in a quoted field: its end, or the first half of a doubled quote.
    Closing,
}

/// Walks over CSV from one end of a field to the next. A quote matters at a field's start only, where it opens;
/// within, two stand for one. A row ends at `\n`, `\r` or both.
#[derive(Debug, Clone, Copy)]
pub struct Scanner {
    delimiter: u8,
    state: State,
}

impl Scanner {
    /// A scanner that stands at the beginning of a row.
    pub fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            state: State::FieldStart,
        }
    }

    /// Moves `at` behind the next end in `bytes`; at the end of the bytes it returns nothing and can go on with more.
    pub fn next(&mut self, bytes: &[u8], at: &mut usize) -> Option<End> {
        loop {
            let rest = bytes.get(*at..)?;
            match self.state {
                State::FieldStart => self.state = self.open(*rest.first()?, at),
                State::Closing => self.state = self.reopen(*rest.first()?, at),
                State::Quoted => {
                    let length = memchr(b'"', rest).map(|quote| quote + 1);
                    *at += length.unwrap_or(rest.len());
                    length?;
                    self.state = State::Closing;
                }
                State::Bare => {
                    let length = memchr3(self.delimiter, b'\n', b'\r', rest).map(|end| end + 1);
                    *at += length.unwrap_or(rest.len());
                    length?;
                    self.state = State::FieldStart;
                    let delimiter = bytes[*at - 1] == self.delimiter;
                    return Some(if delimiter { End::Field } else { End::Row });
                }
            }
        }
    }

    /// Whether the scanner stands in a quoted field that has not ended.
    pub fn in_quotes(&self) -> bool {
        self.state == State::Quoted
    }

    fn open(&self, first: u8, at: &mut usize) -> State {
        if first == b'"' {
            *at += 1;
            return State::Quoted;
        }
        State::Bare
    }

    fn reopen(&self, next: u8, at: &mut usize) -> State {
        self.open(next, at)
    }
}

/// What ends at a place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// A record.
    Record,
    /// What stands between records and is none.
    Blank,
}

/// The kind of records in a file, and how far the reading of one is.
#[derive(Debug, Clone, Copy)]
pub enum Records {
    /// One a line.
    Lines,
    /// CSV rows.
    Rows(Scanner),
    /// JSON values over many lines.
    Values(values::Scanner),
    /// Records of a web archive.
    Warc,
    /// `<DOC>` elements.
    Sgml,
    /// The whole file is one.
    Whole,
}

/// How far whole records reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cut {
    /// The end of the last whole record, its line break included.
    pub end: usize,
    /// How many records end there, blank ones not counted.
    pub records: u64,
}

/// The longest mark of a record's beginning or end that is looked for in bytes that come in pieces.
pub(super) const MARK: usize = 16;

/// Finds the ends of records in bytes that come in pieces.
#[derive(Debug)]
pub struct Cutter {
    records: Records,
    /// What `records` was at the end of the cut, from where all is looked at anew.
    kept: Records,
    at: usize,
    cut: Cut,
}

impl Cutter {
    /// A cutter for a new file.
    pub fn new(records: Records) -> Self {
        Self {
            records,
            kept: records,
            at: 0,
            cut: Cut::default(),
        }
    }

    /// Begins anew at the end of a record; says in which state.
    pub fn begin(&mut self) -> Records {
        *self = Self::new(self.kept);
        self.kept
    }

    /// For a record that is skipped: where in these bytes, that follow those it has seen, the record ends.
    pub fn resync(&mut self, bytes: &[u8]) -> Option<usize> {
        let end = match &mut self.records {
            Records::Lines => memchr(b'\n', bytes).map(|end| end + 1),
            Records::Rows(scanner) => {
                let mut at = 0;
                std::iter::from_fn(|| scanner.next(bytes, &mut at).map(|end| (end, at)))
                    .find_map(|(end, at)| (end == End::Row).then_some(at))
            }
            Records::Values(scanner) => {
                let mut at = 0;
                std::iter::from_fn(|| scanner.next(bytes, &mut at).map(|end| (end, at)))
                    .find_map(|(end, at)| (end == Ending::Record).then_some(at))
            }
            Records::Warc => warc::resync(bytes),
            Records::Sgml => sgml::resync(bytes),
            Records::Whole => None,
        };
        if end.is_some() {
            self.kept = self.records;
        }
        end
    }

    /// Looks at `bytes`, which begin with those it has seen, until `limit` records have ended; `whole` says that no
    /// more will come.
    pub fn scan(&mut self, bytes: &[u8], limit: u64, whole: bool) -> Cut {
        match self.records {
            Records::Lines => self.scan_lines(bytes, limit),
            Records::Rows(scanner) => self.scan_rows(scanner, bytes, limit),
            Records::Values(scanner) => self.scan_values(scanner, bytes, limit),
            Records::Warc => self.scan_each(bytes, limit, |bytes, start| warc::end(bytes, start, whole)),
            Records::Sgml => self.scan_each(bytes, limit, |bytes, start| sgml::end(bytes, start, whole)),
            Records::Whole => self.at = bytes.len(),
        }
        self.cut
    }

    /// Whether `tail`, what was seen behind the last cut, holds a record that only lacks its end.
    pub fn holds_record(&self, tail: &[u8]) -> bool {
        match &self.records {
            Records::Lines => !is_blank(tail),
            Records::Values(scanner) => scanner.is_within(),
            Records::Sgml => !tail.trim_ascii().is_empty(),
            Records::Rows(_) | Records::Warc | Records::Whole => !tail.is_empty(),
        }
    }

    /// What the file opens and does not close, `tail` being what was seen behind the last cut.
    pub fn unclosed(&self, tail: &[u8]) -> Option<&'static str> {
        match &self.records {
            Records::Rows(scanner) if scanner.in_quotes() => Some("a quote"),
            Records::Values(scanner) if scanner.in_array(tail) => Some("the array"),
            _ => None,
        }
    }

    /// Whether what was seen ends within a JSON string.
    pub fn is_in_string(&self) -> bool {
        matches!(&self.records, Records::Values(scanner) if scanner.is_in_string())
    }

    /// Whether a record that is too long is a document, and its loss one.
    pub fn is_document(&self, record: &[u8]) -> bool {
        !matches!(self.records, Records::Warc) || warc::holds_page(record)
    }

    /// How long a mark can be by which the end of a skipped record is told, where bytes must be seen together for it.
    pub fn overlap(&self) -> usize {
        match self.records {
            Records::Warc | Records::Sgml => MARK,
            _ => 0,
        }
    }

    fn scan_values(&mut self, mut scanner: values::Scanner, bytes: &[u8], limit: u64) {
        while self.cut.records < limit {
            let Some(ending) = scanner.next(bytes, &mut self.at) else {
                break;
            };
            self.end(self.at, ending);
            self.kept = Records::Values(scanner);
        }
        self.records = Records::Values(scanner);
    }

    /// For records that are found from their beginning: looks at each as a whole.
    fn scan_each(
        &mut self,
        bytes: &[u8],
        limit: u64,
        next: impl Fn(&[u8], usize) -> Option<(usize, Ending)>,
    ) {
        while self.cut.records < limit {
            let Some((end, ending)) = next(bytes, self.cut.end) else {
                break;
            };
            self.end(end, ending);
        }
    }

    fn end(&mut self, end: usize, ending: Ending) {
        self.cut.records += u64::from(ending == Ending::Record);
        self.cut.end = end;
    }

    fn scan_lines(&mut self, bytes: &[u8], limit: u64) {
        while self.cut.records < limit {
            let Some(length) = memchr(b'\n', &bytes[self.at..]) else {
                self.at = bytes.len();
                return;
            };
            self.at += length + 1;
            self.cut.records += u64::from(!is_blank(&bytes[self.cut.end..self.at]));
            self.cut.end = self.at;
        }
    }

    fn scan_rows(&mut self, mut scanner: Scanner, bytes: &[u8], limit: u64) {
        while self.cut.records < limit {
            match scanner.next(bytes, &mut self.at) {
                None => break,
                Some(End::Field) => {}
                Some(End::Row) => {
                    self.cut.records += u64::from(self.at - self.cut.end > 1);
                    self.cut.end = self.at;
                    self.kept = Records::Rows(scanner);
                }
            }
        }
        self.records = Records::Rows(scanner);
    }
}

/// Whether a line holds nothing but white space of JSON.
pub fn is_blank(line: &[u8]) -> bool {
    line.iter()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
        let (mut scanner, mut at, mut rows, mut row) = (Scanner::new(b','), 0, Vec::new(), Vec::new());
        let mut start = 0;
        while let Some(end) = scanner.next(bytes, &mut at) {
            row.push(bytes[start..at - 1].to_vec());
            start = at;
            if end == End::Row {
                rows.push(std::mem::take(&mut row));
            }
        }
        rows
    }

    #[test]
    fn rows_end_outside_quotes_only() {
        let rows = rows(b"a,\"b\n,\"\"c\"\nd\"x,e\r\"\",f\"g\"\n");
        let expected: Vec<Vec<&[u8]>> = vec![
            vec![b"a", b"\"b\n,\"\"c\""],
            vec![b"d\"x", b"e"],
            vec![b"\"\"", b"f\"g\""],
        ];
        assert_eq!(rows, expected);
    }

    /// The ends of the records, when `step` bytes come at a time and one record is taken at a time.
    fn ends(kind: Records, bytes: &[u8], step: usize) -> Vec<usize> {
        let (mut cutter, mut start, mut come, mut ends) = (Cutter::new(kind), 0, 0, Vec::new());
        loop {
            come = bytes.len().min(come + step);
            let whole = come == bytes.len();
            let cut = cutter.scan(&bytes[start..come], 1, whole);
            if cut.end == 0 && whole {
                ends.extend(cutter.holds_record(&bytes[start..]).then_some(bytes.len()));
                return ends;
            }
            if cut.end > 0 {
                start += cut.end;
                ends.extend((cut.records > 0).then_some(start));
                come = start;
                cutter.begin();
            }
        }
    }

    #[test]
    fn cuts_do_not_depend_on_how_the_bytes_come() {
        let values = Records::Values(values::Scanner::default());
        for (kind, bytes, records) in [
            (Records::Lines, &b"{}\n\n {}\r\n{"[..], 3),
            (
                Records::Rows(Scanner::new(b',')),
                b"id,text\r\n1,\"two\nlines, \"\"quoted\"\"\"\r\n\r\n2,bare \"quote\"\n3,\"open",
                4,
            ),
            (values, br#" [ {"a":"]},\"[{"}, 17 ,"x",[[1]], {"b":{"c":[]}},{}] "#, 6),
            (values, b"[{\"a\":\"b\n\"},{\"c\":1},{\"d\" \"e\"},{\"f\": [}]\n}", 4),
            (values, b"{\n \"a\": 1\n}\n{\n}\n{\"open\":", 3),
            (
                Records::Warc,
                b"WARC/1.0\r\nContent-Length: 3\r\nWARC-Type: conversion\r\n\r\nabc\r\n\r\nWARC/1.0\nContent-Length: 7\n\nx\r\n\r\njunk\nWARC/1.1\r\nWARC-Type: conversion\r\nContent-Length: 0\r\n\r\n",
                3,
            ),
            (
                Records::Sgml,
                b"\n<DOC id=1>\n<TEXT>a < b</TEXT>\n</DOC>\n\n<doc>x<docket></doc><DOC>\nopen\n<DOC>\n</DOC>\nafter\n",
                5,
            ),
        ] {
            let at_once = ends(kind, bytes, bytes.len());
            assert_eq!(at_once.len(), records, "{} {at_once:?}", bytes.escape_ascii());
            for step in 1..bytes.len() {
                assert_eq!(ends(kind, bytes, step), at_once, "{} by {step}", bytes.escape_ascii());
            }
        }
    }

    #[test]
    fn what_is_never_closed_is_told() {
        let unclosed = |kind, bytes: &[u8]| {
            let mut cutter = Cutter::new(kind);
            let cut = cutter.scan(bytes, 99, true);
            cutter.unclosed(&bytes[cut.end..])
        };
        let values = || Records::Values(values::Scanner::default());
        assert_eq!(
            unclosed(Records::Rows(Scanner::new(b',')), b"1,\"a"),
            Some("a quote")
        );
        assert_eq!(unclosed(values(), b"[{},{}"), Some("the array"));
        assert_eq!(unclosed(values(), b"[{},{"), Some("the array"));
        assert_eq!(unclosed(values(), b"[{},{]]"), None);
        assert_eq!(unclosed(values(), b"[{},{}]"), None);
    }

    #[test]
    fn a_skipped_record_ends_where_it_would_have() {
        let mut cutter = Cutter::new(Records::Rows(Scanner::new(b',')));
        assert_eq!(cutter.scan(b"1,\"long\n", 9, false).end, 0);
        assert_eq!(cutter.resync(b"2,x\n"), None);
        assert_eq!(cutter.resync(b"3\",x\n4,x\n"), Some(5));
        assert_eq!(Cutter::new(Records::Lines).resync(b"\n\n"), Some(1));
        assert_eq!(Cutter::new(Records::Whole).resync(b"\n\n"), None);
    }

    #[test]
    fn limits_and_blank_lines() {
        let bytes = b"{}\n\n  \r\n{}\n{}\n{";
        let mut cutter = Cutter::new(Records::Lines);
        assert_eq!(cutter.scan(bytes, 2, false), Cut { end: 11, records: 2 });
        assert_eq!(cutter.scan(bytes, u64::MAX, false), Cut { end: 14, records: 3 });
        assert_eq!(
            Cutter::new(Records::Whole).scan(bytes, u64::MAX, false),
            Cut::default()
        );
    }
}
