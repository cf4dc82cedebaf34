//! Web archives: WARC, and WET, which is WARC with texts. Owns the cut into records, what their headers say, and which
//! of them hold a page; what a page says is for `http` and `html`.

use super::charset::Charset;
use super::cut::Ending;
use super::fields::{Mapping, Value, assemble};
use super::html;
use super::http::Response;
use super::names::{Overrides, normal};
use super::parse::{Place, Run, Visitor};
use crate::document::Code;
use memchr::{memchr_iter, memmem};
use std::borrow::Cow;

/// What the text of a page is called where the mapping is told.
const OF_HTML: &str = "visible text of HTML";
/// And that of a record that holds text.
const OF_TEXT: &str = "plain text";
const TITLE: &str = "title";

/// Headers longer than this are none.
const LONGEST_HEADER: usize = 1 << 16;

/// The keys that every page has; its other headers can be asked for by their names.
pub(super) fn keys() -> [String; 4] {
    ["WARC-Record-ID", "WARC-Target-URI", "WARC-Date", TITLE].map(str::to_owned)
}

/// Which keys make which fields.
pub(super) fn mapping(overrides: &Overrides) -> Mapping {
    Mapping::with_texts(&keys(), &[OF_HTML, OF_TEXT], overrides)
}

/// A record as its header tells it.
struct Record<'a> {
    head: Head<'a>,
    block: &'a [u8],
}

/// Why what stands at a place is no record.
enum Fault {
    Header,
    Length { told: u64, there: usize },
}

/// The header of a record.
#[derive(Clone, Copy)]
struct Head<'a> {
    lines: &'a [u8],
    /// Its length with the empty line.
    length: usize,
}

impl<'a> Head<'a> {
    /// Reads the header at the beginning of the bytes. Nothing if they end before it does.
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let bytes = &bytes[..bytes.len().min(LONGEST_HEADER)];
        let crlf = memmem::find(bytes, b"\r\n\r\n").map(|end| (end, 4));
        let bare = memmem::find(&bytes[..crlf.map_or(bytes.len(), |(end, _)| end)], b"\n\n");
        let (end, gap) = bare.map(|end| (end, 2)).or(crlf)?;
        let lines = &bytes[..end];
        Some(Self {
            lines,
            length: end + gap,
        })
    }

    /// The value of a header, found by its name in any spelling.
    fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        let wanted = normal(name);
        let lines = self.lines.split(|byte| *byte == b'\n').skip(1);
        let value = lines
            .filter_map(|line| {
                let colon = memchr::memchr(b':', line)?;
                Some((&line[..colon], &line[colon + 1..]))
            })
            .find(|(key, _)| key.len() == wanted.len() && normal(&String::from_utf8_lossy(key)) == wanted)?
            .1;
        Some(String::from_utf8_lossy(value.trim_ascii()))
    }
}

/// Whether a record begins here.
fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(b"WARC/") && bytes.get(5).is_some_and(u8::is_ascii_digit)
}

/// Where the next record begins at the start of a line.
pub(super) fn resync(bytes: &[u8]) -> Option<usize> {
    memmem::find_iter(bytes, b"\nWARC/")
        .map(|at| at + 1)
        .find(|at| begins(&bytes[*at..]))
}

/// The record at `start` with its end, once enough of the bytes is there to know; `whole` says that no more will come.
fn split(bytes: &[u8], start: usize, whole: bool) -> Option<(usize, Result<Record<'_>, Fault>)> {
    let rest = &bytes[start..];
    let next = |from: usize| {
        let found = resync(&rest[from.min(rest.len())..]).map(|at| from + at);
        found.or(whole.then_some(rest.len())).map(|end| start + end)
    };
    if rest.is_empty() || (rest.len() < 6 && !whole) {
        return None;
    }
    let head = begins(rest).then(|| Head::read(rest)).flatten();
    let Some(head) = head else {
        let waits = begins(rest) && rest.len() < LONGEST_HEADER && !whole;
        return (!waits).then(|| Some((next(1)?, Err(Fault::Header))))?;
    };
    let told = head
        .get("Content-Length")
        .and_then(|length| length.parse::<u64>().ok());
    let Some(told) = told else {
        return Some((next(head.length - 1)?, Err(Fault::Header)));
    };
    let stop = usize::try_from(told)
        .ok()
        .and_then(|told| told.checked_add(head.length));
    let block = stop.and_then(|stop| rest.get(head.length..stop));
    if let (Some(block), Some(stop)) = (block, stop) {
        let breaks = rest[stop..]
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let end = stop + breaks.count();
        let behind = &rest[end..];
        if behind.len() < 6 && !whole {
            return None;
        }
        if behind.is_empty() || begins(behind) {
            return Some((start + end, Ok(Record { head, block })));
        }
    } else if !whole {
        return None;
    }
    let end = next(head.length - 1)?;
    let there = end - start - head.length;
    Some((end, Err(Fault::Length { told, there })))
}

/// Where the record at `start` ends, and whether it is a document or the loss of one.
pub(super) fn end(bytes: &[u8], start: usize, whole: bool) -> Option<(usize, Ending)> {
    let (end, record) = split(bytes, start, whole)?;
    let blank = record.is_ok_and(|record| record.page().is_none());
    Some((end, if blank { Ending::Blank } else { Ending::Record }))
}

/// Whether the record of which this is the beginning holds a page.
pub(super) fn holds_page(bytes: &[u8]) -> bool {
    Head::read(bytes).is_none_or(|head| {
        let block = &bytes[head.length..];
        Record { head, block }.page().is_some()
    })
}

/// What a record holds that can be a document.
enum Page<'a> {
    Html(Response<'a>),
    Text(&'a [u8]),
}

impl<'a> Record<'a> {
    fn page(&self) -> Option<Page<'a>> {
        match self.head.get("WARC-Type")?.as_ref() {
            "conversion" => Some(Page::Text(self.block)),
            "response" => Response::read(self.block)
                .filter(Response::is_page)
                .map(Page::Html),
            _ => None,
        }
    }
}

/// Parses a run of records.
pub(super) fn parse<V: Visitor>(run: &mut Run<'_, V>, mapping: &Mapping) {
    let bytes = run.view.bytes;
    let (mut start, mut number, mut line) = (0, run.records.record, run.records.line);
    while let Some((end, found)) = split(bytes, start, true) {
        let place = run.place(number, line, start);
        let all = &bytes[start..end];
        match found.map(|record| record.page().map(|page| (record, page))) {
            Ok(None) => run.repairs.skipped += 1,
            Ok(Some((record, page))) => document(run, mapping, &place, &record, &page, all),
            Err(fault) => reject(run, &place, &fault, all),
        }
        number += i64::from(end_is_record(&bytes[start..end]));
        line += memchr_iter(b'\n', all).count() as i64;
        start = end;
    }
}

/// Whether the cut counted these bytes as a record.
fn end_is_record(record: &[u8]) -> bool {
    end(record, 0, true).is_some_and(|(_, ending)| ending == Ending::Record)
}

fn reject<V: Visitor>(run: &mut Run<'_, V>, place: &Place<'_>, fault: &Fault, record: &[u8]) {
    let (code, reason) = match fault {
        Fault::Header => (
            Code::BadWarcHeader,
            "no header of a WARC record stands here; what follows is left out up to the next".to_owned(),
        ),
        Fault::Length { told, there } => (
            Code::BadWarcLength,
            format!("the header says {told} bytes, but the next record or the end comes after {there}"),
        ),
    };
    run.reject(place, code, reason, record);
}

fn document<V: Visitor>(
    run: &mut Run<'_, V>,
    mapping: &Mapping,
    place: &Place<'_>,
    record: &Record<'_>,
    page: &Page<'_>,
    all: &[u8],
) {
    if !run.keeps_limit(place, all) {
        return;
    }
    let read = match page {
        Page::Text(bytes) => {
            let text = Charset::default().decode(bytes, run.repairs).into_owned();
            Ok((OF_TEXT, html::Page { title: None, text }))
        }
        Page::Html(response) => response.body(run.parser.max_record).map(|body| {
            (
                OF_HTML,
                html::page(&response.charset().decode(&body, run.repairs)),
            )
        }),
    };
    let (label, page) = match read {
        Ok(read) => read,
        Err(fault) => return run.reject(place, fault.code(), fault.to_string(), all),
    };
    let mut values: Vec<_> = mapping
        .columns()
        .iter()
        .map(|path| of_header(&record.head, &path.join(".")))
        .collect();
    let mut put = |name: &str, text: String| {
        let columns = mapping.columns().iter().enumerate();
        for (column, _) in columns.filter(|(_, path)| path.join(".") == name) {
            values[column] = Value::Text(Cow::Owned(text.clone()));
        }
    };
    page.title.into_iter().for_each(|title| put(TITLE, title));
    put(label, page.text);
    match assemble(mapping, values, &run.parser.dates, run.repairs) {
        Ok(document) => run.document(place, document),
        Err(code) => run.reject(place, code, "the record has no text".to_owned(), all),
    }
}

/// Some writers put addresses in angle brackets; the identifier has them by the standard and keeps them.
fn of_header<'a>(head: &Head<'a>, name: &str) -> Value<'a> {
    let Some(value) = head.get(name) else {
        return Value::Absent;
    };
    let bare = value.strip_prefix('<').and_then(|value| value.strip_suffix('>'));
    match bare {
        Some(bare) if normal(name) == "warc_target_uri" => Value::Text(Cow::Owned(bare.to_owned())),
        _ => Value::Text(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Layout;
    use crate::read::parse::tests::{Shown, shown};

    fn record(kind: &str, block: &str) -> String {
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:{kind}>\r\nwarc-target-uri: <http://a.example/>\r\n\
             WARC-Date: 2020-01-02T03:04:05Z\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        )
    }

    fn parsed(bytes: &str) -> (Shown, u64) {
        let layout = Layout::Warc(mapping(&Overrides::default()));
        let (shown, repairs) = shown(bytes.as_bytes(), layout, 2000);
        (shown, repairs.skipped)
    }

    fn page() -> String {
        record(
            "response",
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Caf\u{e9}",
        )
    }

    #[test]
    fn pages_and_texts_are_documents_and_the_rest_is_left_out() {
        let bytes = [
            record("warcinfo", "x"),
            page(),
            record("request", "GET /"),
            record("conversion", "text\n"),
        ];
        let (shown, skipped) = parsed(&bytes.concat());
        let at = bytes[0].len();
        let last = at + bytes[1].len() + bytes[2].len();
        assert_eq!(
            shown.lines,
            [
                format!("1@{at} <urn:response> Caf\u{e9}"),
                format!("2@{last} <urn:conversion> text\n")
            ]
        );
        assert_eq!(skipped, 2);
    }

    #[test]
    fn a_wrong_length_costs_its_record_only() {
        for wrong in [
            "Content-Length: 9999",
            "Content-Length: 3",
            "Content-Length: 184467440737095516150",
        ] {
            let (head, tail) = page()
                .split_once("Content-Length: ")
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .unwrap();
            let broken = format!(
                "{head}{wrong}{}",
                tail.trim_start_matches(|c: char| c.is_ascii_digit())
            );
            let (shown, _) = parsed(&format!("{broken}{}junk\r\n\r\n{}", page(), page()));
            let codes: Vec<_> = shown.rejects.iter().map(|reject| reject.code).collect();
            assert!(
                matches!(codes[0], Code::BadWarcLength | Code::BadWarcHeader),
                "{wrong}: {codes:?}"
            );
            assert_eq!(codes.len(), 2, "{wrong}: {codes:?}");
            assert_eq!(shown.lines.len(), 3, "{wrong}");
        }
    }

    #[test]
    fn every_cut_of_the_last_record_is_told() {
        let bytes = format!("{}{}", page(), page());
        let whole = bytes.trim_end().len();
        for cut in page().len() + 1..whole {
            let (shown, _) = parsed(&bytes[..bytes.floor_char_boundary(cut)]);
            assert_eq!(shown.rejects.len(), 1, "cut at {cut}: {:?}", shown.lines);
        }
    }

    #[test]
    fn what_cannot_be_unpacked_is_a_reject() {
        let bytes = record(
            "response",
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\n\u{b}",
        );
        assert_eq!(parsed(&bytes).0.lines, ["1@0 !bad-http-body"]);
        let long = record("conversion", &"a".repeat(3000));
        assert_eq!(parsed(&long).0.lines, ["1@0 !record-too-long"]);
    }
}
