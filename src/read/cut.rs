//! Where records end: lines, CSV rows or a whole file. Owns the one state machine for quotes, which cuts the stream on
//! the reader thread and splits rows into fields on the workers, so that both agree.

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

/// The kind of records in a file.
#[derive(Debug, Clone, Copy)]
pub enum Records {
    /// One a line.
    Lines,
    /// CSV rows.
    Rows(Scanner),
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

/// Finds the ends of records in bytes that come in pieces.
#[derive(Debug)]
pub struct Cutter {
    records: Records,
    at: usize,
    cut: Cut,
}

impl Cutter {
    /// A cutter for a new file.
    pub fn new(records: Records) -> Self {
        Self {
            records,
            at: 0,
            cut: Cut::default(),
        }
    }

    /// Begins anew at the end of a record.
    pub fn begin(&mut self) {
        *self = Self::new(match self.records {
            Records::Rows(scanner) => Records::Rows(Scanner::new(scanner.delimiter)),
            other => other,
        });
    }

    /// For a record that is skipped: where in these bytes, that follow those it has seen, the record ends.
    pub fn resync(&mut self, bytes: &[u8]) -> Option<usize> {
        match &mut self.records {
            Records::Lines => memchr(b'\n', bytes).map(|end| end + 1),
            Records::Rows(scanner) => {
                let mut at = 0;
                std::iter::from_fn(|| scanner.next(bytes, &mut at).map(|end| (end, at)))
                    .find_map(|(end, at)| (end == End::Row).then_some(at))
            }
            Records::Whole => None,
        }
    }

    /// After lost bytes: where in these the next whole record begins, or else how many of them can be left out. A row
    /// of CSV is known by its number of columns, since the first line break may stand within quotes.
    pub fn rejoin(&self, bytes: &[u8], columns: usize) -> Result<usize, usize> {
        match self.records {
            Records::Lines => memchr(b'\n', bytes).map_or(Err(bytes.len()), |end| Ok(end + 1)),
            Records::Rows(scanner) => rejoin_rows(Scanner::new(scanner.delimiter), bytes, columns),
            Records::Whole => Err(bytes.len()),
        }
    }

    /// Looks at `bytes`, which begin with those it has seen, until `limit` records have ended.
    pub fn scan(&mut self, bytes: &[u8], limit: u64) -> Cut {
        match self.records {
            Records::Lines => self.scan_lines(bytes, limit),
            Records::Rows(scanner) => self.scan_rows(scanner, bytes, limit),
            Records::Whole => self.at = bytes.len(),
        }
        self.cut
    }

    /// Whether a quoted CSV field is open at the end of what was seen.
    pub fn in_quotes(&self) -> bool {
        matches!(self.records, Records::Rows(scanner) if scanner.in_quotes())
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

    #[test]
    fn cuts_do_not_depend_on_how_the_bytes_come() {
        let bytes = b"id,text\r\n1,\"two\nlines, \"\"quoted\"\"\"\r\n\r\n2,bare \"quote\"\n3,\"open";
        for records in [Records::Lines, Records::Rows(Scanner::new(b','))] {
            let at_once = Cutter::new(records).scan(bytes, u64::MAX);
            for step in 1..bytes.len() {
                let mut cutter = Cutter::new(records);
                let mut cut = Cut::default();
                for end in (0..bytes.len()).step_by(step).chain([bytes.len()]) {
                    cut = cutter.scan(&bytes[..end], u64::MAX);
                }
                assert_eq!(cut, at_once);
                assert_eq!(cutter.in_quotes(), matches!(records, Records::Rows(_)));
            }
        }
    }

    #[test]
    fn a_skipped_record_ends_where_it_would_have() {
        let mut cutter = Cutter::new(Records::Rows(Scanner::new(b',')));
        assert_eq!(cutter.scan(b"1,\"long\n", 9).end, 0);
        assert_eq!(cutter.resync(b"2,x\n"), None);
        assert_eq!(cutter.resync(b"3\",x\n4,x\n"), Some(5));
        assert_eq!(Cutter::new(Records::Lines).resync(b"\n\n"), Some(1));
        assert_eq!(Cutter::new(Records::Whole).resync(b"\n\n"), None);
    }

    #[test]
    fn after_lost_bytes_a_row_is_known_by_its_columns() {
        let rows = Cutter::new(Records::Rows(Scanner::new(b',')));
        assert_eq!(rows.rejoin(b"of a text\nwith lines\",x\n1,2,3\n", 3), Ok(24));
        assert_eq!(rows.rejoin(b"of a text\n1,2\n3,", 3), Err(14));
        assert_eq!(rows.rejoin(b"of a text", 3), Err(9));
        assert_eq!(Cutter::new(Records::Lines).rejoin(b"\"}\n{}", 0), Ok(3));
        assert_eq!(Cutter::new(Records::Whole).rejoin(b"a\nb", 0), Err(3));
    }

    #[test]
    fn limits_and_blank_lines() {
        let bytes = b"{}\n\n  \r\n{}\n{}\n{";
        let mut cutter = Cutter::new(Records::Lines);
        assert_eq!(cutter.scan(bytes, 2), Cut { end: 11, records: 2 });
        assert_eq!(cutter.scan(bytes, u64::MAX), Cut { end: 14, records: 3 });
        assert_eq!(Cutter::new(Records::Whole).scan(bytes, u64::MAX), Cut::default());
    }
}
