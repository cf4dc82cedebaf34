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
    /// How many lines end there, where a record is a line.
    pub lines: u64,
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
    /// How the first JSON object of the file begins, up to the end of its first key.
    opening: Vec<u8>,
}

impl Cutter {
    /// A cutter for a new file.
    pub fn new(records: Records) -> Self {
        Self {
            records,
            kept: records,
            at: 0,
            cut: Cut::default(),
            opening: Vec::new(),
        }
    }

    /// Begins anew at the end of a record; says in which state.
    pub fn begin(&mut self) -> Records {
        (self.records, self.at, self.cut) = (self.kept, 0, Cut::default());
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

    /// Bytes are lost behind the last cut: `rejoin` comes next.
    pub fn tear(&mut self) {
        if let Records::Values(scanner) = self.begin() {
            self.records = Records::Values(scanner.torn());
        }
    }

    /// After lost bytes: where in these, that follow those it has seen so, the next whole record begins, or else how
    /// many of them can be left out. A row of CSV is known by its number of columns, since the first line break may
    /// stand within quotes; a JSON object by its first key, since others may stand within it.
    pub fn rejoin(&mut self, bytes: &[u8], columns: usize) -> Result<usize, usize> {
        match self.records {
            Records::Values(_) => self.rejoin_values(bytes),
            Records::Lines => memchr(b'\n', bytes).map_or(Err(bytes.len()), |end| Ok(end + 1)),
            Records::Rows(scanner) => rejoin_rows(Scanner::new(scanner.delimiter), bytes, columns),
            Records::Warc if bytes.starts_with(b"WARC/") => Ok(0),
            Records::Warc => warc::resync(bytes).ok_or(bytes.len()),
            Records::Sgml if bytes.starts_with(b"<DOC") => Ok(0),
            Records::Sgml => sgml::resync(bytes).ok_or(bytes.len()),
            Records::Whole => Err(bytes.len()),
        }
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

    /// How many bytes of a record that is skipped need not be seen again: where its end is told by a mark, those in
    /// which its own beginning would be taken for one.
    pub fn passed(&self, record: &[u8]) -> usize {
        match self.records {
            Records::Warc | Records::Sgml => {
                let lead = record.len() - record.trim_ascii_start().len();
                record.len().min(lead + 1)
            }
            _ => record.len(),
        }
    }

    /// How long a mark can be by which the end of a skipped record is told, where bytes must be seen together for it.
    pub fn overlap(&self) -> usize {
        match self.records {
            Records::Warc | Records::Sgml => MARK,
            _ => 0,
        }
    }

    /// What begins like another object is passed over; one whose key is not all there has to be seen again.
    fn rejoin_values(&mut self, bytes: &[u8]) -> Result<usize, usize> {
        let mut at = 0;
        loop {
            if self.is_torn() {
                at += self.resync(&bytes[at..]).ok_or(bytes.len())?;
            }
            let seen = &bytes[at..bytes.len().min(at + self.opening.len())];
            if seen.is_empty() || !self.opening.starts_with(seen) {
                self.tear();
            } else if seen.len() == self.opening.len() {
                return Ok(at);
            } else {
                return Err(at);
            }
        }
    }

    /// Whether the next JSON object is still to be found.
    fn is_torn(&self) -> bool {
        matches!(&self.records, Records::Values(scanner) if scanner.is_within())
    }

    fn scan_values(&mut self, mut scanner: values::Scanner, bytes: &[u8], limit: u64) {
        while self.cut.records < limit {
            let Some(ending) = scanner.next(bytes, &mut self.at) else {
                break;
            };
            if self.opening.is_empty() {
                self.opening = values::opening(&bytes[self.cut.end..self.at]).to_vec();
            }
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
            self.cut.lines += 1;
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

fn rejoin_rows(mut scanner: Scanner, bytes: &[u8], columns: usize) -> Result<usize, usize> {
    let (mut at, mut begin, mut fields) = (0, 0, 0);
    while let Some(end) = scanner.next(bytes, &mut at) {
        fields += 1;
        if end == End::Row {
            if begin > 0 && fields == columns {
                return Ok(begin);
            }
            (begin, fields) = (at, 0);
        }
    }
    Err(if begin == 0 { bytes.len() } else { begin })
}

/// Whether a line holds nothing but white space of JSON.
pub fn is_blank(line: &[u8]) -> bool {
    line.iter()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

#[cfg(test)]
mod tests;
