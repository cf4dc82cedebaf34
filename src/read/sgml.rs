//! Newswire in SGML, as Gigaword has it: `<DOC id="..." type="story">` with `<HEADLINE>`, `<DATELINE>`, `<TEXT>` and
//! `<P>`. Owns the cut into documents and which element makes which key. Tags may be in either case.

use super::cut::Ending;
use super::fields::{Mapping, Value, assemble};
use super::html::{Prose, events};
use super::names::{Field, Overrides, normal};
use super::parse::{Place, Run, Visitor};
use crate::document::Code;
use html5gum::emitters::callback::CallbackEvent;
use memchr::memchr_iter;
use std::borrow::Cow;
use std::ops::Range;

/// The key of a date that is only in the document's identifier, as in `AFP_ENG_20100131.0001`.
const OF_ID: &str = "date in the id";

/// How often the elements of the first documents are looked at.
const SAMPLE: usize = 1000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Open,
    Close,
}

/// The tags `<DOC ...>` and `</DOC>` from `from` on, each with its place and its end.
fn marks(bytes: &[u8], from: usize) -> impl Iterator<Item = (usize, Mark)> {
    memchr_iter(b'<', &bytes[from..]).filter_map(move |at| {
        let at = from + at;
        let tag = &bytes[at + 1..bytes.len().min(at + 6)];
        let (tag, mark) = match tag.strip_prefix(b"/") {
            Some(tag) => (tag, Mark::Close),
            None => (tag, Mark::Open),
        };
        let named = tag.get(..3).is_some_and(|name| name.eq_ignore_ascii_case(b"doc"));
        let ends = tag
            .get(3)
            .is_some_and(|byte| *byte == b'>' || byte.is_ascii_whitespace());
        (named && ends).then_some((at, mark))
    })
}

/// Whether these bytes begin with a document.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let start = bytes.len() - bytes.trim_ascii_start().len();
    marks(bytes, start).next() == Some((start, Mark::Open))
}

/// Where the next document begins, or the one that is skipped ends.
pub(super) fn resync(bytes: &[u8]) -> Option<usize> {
    let (at, mark) = marks(bytes, 0).next()?;
    let close = memchr::memchr(b'>', &bytes[at..]).map_or(bytes.len(), |end| at + end + 1);
    Some(if mark == Mark::Close { close } else { at })
}

/// Where the document at `start` ends, white space before it included: at its end tag, or where the next one begins.
pub(super) fn end(bytes: &[u8], start: usize, whole: bool) -> Option<(usize, Ending)> {
    let rest = &bytes[start..];
    let lead = rest.len() - rest.trim_ascii_start().len();
    if lead == rest.len() {
        return (whole && lead > 0).then_some((bytes.len(), Ending::Blank));
    }
    let own = usize::from(rest[lead..].first() == Some(&b'<'));
    let stop = match marks(rest, lead + own).next() {
        Some((at, Mark::Open)) => at,
        Some((at, Mark::Close)) => at + memchr::memchr(b'>', &rest[at..])? + 1,
        None => return whole.then_some((bytes.len(), Ending::Record)),
    };
    Some((start + stop, Ending::Record))
}

/// Parses a run of documents.
pub(super) fn parse<V: Visitor>(run: &mut Run<'_, V>, mapping: &Mapping) {
    let bytes = run.view.bytes;
    let (mut start, mut number, mut line) = (0, run.records.record, run.records.line);
    while let Some((end, ending)) = end(bytes, start, true) {
        if ending == Ending::Record {
            let lead = bytes[start..end].len() - bytes[start..end].trim_ascii_start().len();
            let first = line + breaks(&bytes[start..start + lead]);
            let place = run.place(number, first, start + lead);
            record(run, mapping, &place, start + lead..end);
            number += 1;
        }
        line += breaks(&bytes[start..end]);
        start = end;
    }
}

fn breaks(bytes: &[u8]) -> i64 {
    memchr_iter(b'\n', bytes).count() as i64
}

fn record<V: Visitor>(run: &mut Run<'_, V>, mapping: &Mapping, place: &Place<'_>, range: Range<usize>) {
    let bytes = &run.view.bytes[range.clone()];
    if !run.keeps_limit(place, bytes) {
        return;
    }
    let text = run.view.record(range, run.repairs);
    if !begins(bytes) {
        let reason = "this stands between documents, outside of any <DOC>".to_owned();
        return run.reject(place, Code::OutsideDocument, reason, bytes);
    }
    let mut values = vec![Value::Absent; mapping.columns().len()];
    for (key, text) in entries(&text) {
        let named = |path: &Vec<String>| normal(&path.join(".")) == normal(&key);
        for (column, _) in mapping
            .columns()
            .iter()
            .enumerate()
            .filter(|(_, path)| named(path))
        {
            if values[column] == Value::Absent {
                values[column] = Value::Text(Cow::Owned(text.clone()));
            }
        }
    }
    match assemble(mapping, values, &run.parser.dates, run.repairs) {
        Ok(document) => run.document(place, document),
        Err(code) => run.reject(place, code, "the document has no text".to_owned(), bytes),
    }
}

/// Decides about the fields by the first documents.
pub(super) fn mapping(head: &[u8], overrides: &Overrides) -> (Mapping, Vec<String>) {
    let (mut keys, mut start) = (Vec::new(), 0);
    for _ in 0..SAMPLE {
        let Some((end, _)) = end(head, start, true) else {
            break;
        };
        for (key, _) in entries(&String::from_utf8_lossy(&head[start..end])) {
            if key != OF_ID && !keys.contains(&key) {
                keys.push(key);
            }
        }
        start = end;
    }
    let mut mapping = Mapping::decide(&keys, overrides);
    if overrides.date.is_none() && !mapping.has(Field::Date) {
        mapping.add(Field::Date, OF_ID);
    }
    (mapping, keys)
}

/// Elements that begin anew wherever they stand; all others may stand within one that is open.
const SECTIONS: [&[u8]; 6] = [b"headline", b"dateline", b"text", b"body", b"title", b"docno"];

/// What is read of a document: its attributes, and the texts of its elements.
#[derive(Default)]
struct Reading {
    entries: Vec<(String, String)>,
    in_doc_tag: bool,
    attribute: String,
    open: Option<(Vec<u8>, Prose)>,
}

fn entries(document: &str) -> Vec<(String, String)> {
    let mut reading = Reading::default();
    events(document, false, |event| reading.take(&event));
    reading.end_element();
    let id = reading
        .entries
        .iter()
        .find(|(key, _)| key == "id" || key == "doc_id");
    let date = id.and_then(|(_, id)| date_of(id)).map(str::to_owned);
    reading.entries.extend(date.map(|date| (OF_ID.to_owned(), date)));
    reading.entries
}

impl Reading {
    fn take(&mut self, event: &CallbackEvent<'_>) {
        match event {
            CallbackEvent::OpenStartTag { name } => self.start(name),
            CallbackEvent::AttributeName { name } => self.attribute = text_of(name),
            CallbackEvent::AttributeValue { value } if self.in_doc_tag => {
                self.entries.push((self.attribute.clone(), text_of(value)));
            }
            CallbackEvent::CloseStartTag { .. } => self.in_doc_tag = false,
            CallbackEvent::EndTag { name } => self.end(name),
            CallbackEvent::String { value } => self.say(value),
            _ => {}
        }
    }

    fn start(&mut self, name: &[u8]) {
        self.in_doc_tag = name == b"doc";
        match &mut self.open {
            Some((_, prose)) if !SECTIONS.contains(&name) => prose.break_paragraph(),
            _ if self.in_doc_tag || name == b"p" => {}
            _ => {
                self.end_element();
                self.open = Some((name.to_vec(), Prose::default()));
            }
        }
    }

    fn end(&mut self, name: &[u8]) {
        match &mut self.open {
            Some((open, _)) if open == name => self.end_element(),
            Some((_, prose)) => prose.break_paragraph(),
            None => {}
        }
    }

    /// An empty line ends a paragraph; other line breaks are those of the wire.
    fn say(&mut self, text: &[u8]) {
        let Some((_, prose)) = &mut self.open else {
            return;
        };
        let text = String::from_utf8_lossy(text);
        let lines: Vec<_> = text.split('\n').collect();
        for (number, line) in lines.iter().enumerate() {
            let between = number > 0 && number + 1 < lines.len();
            match line.trim() {
                "" if between => prose.break_paragraph(),
                _ if number > 0 => prose.space(),
                _ => {}
            }
            prose.say(line.as_bytes());
        }
    }

    fn end_element(&mut self) {
        if let Some((name, prose)) = self.open.take() {
            let key = match name.as_slice() {
                b"docno" | b"docid" => "doc_id".to_owned(),
                name => text_of(name),
            };
            let empty = prose.is_empty() && key != "text";
            self.entries.extend((!empty).then(|| (key, prose.finish())));
        }
    }
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The eight digits before the stop in an identifier.
fn date_of(id: &str) -> Option<&str> {
    let (head, _) = id.rsplit_once('.')?;
    let start = head.len().checked_sub(8)?;
    let digits = head.get(start..)?;
    let apart = !head[..start].ends_with(|c: char| c.is_ascii_digit());
    (apart && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Layout;
    use crate::read::parse::tests::{Shown, shown};

    const WIRE: &str = "<DOC id=\"AFP_ENG_20100131.0001\" type=\"story\" >\n<HEADLINE>\nA &AMP; B\n</HEADLINE>\n\
        <DATELINE>\nPARIS, Jan 31\n</DATELINE>\n<TEXT>\n<P>\nOne line,\nand another.\n</P>\n<P>\nx &lt; y\n</P>\n</TEXT>\n</DOC>\n";

    fn parsed(bytes: &str) -> Shown {
        let (mapping, _) = mapping(bytes.as_bytes(), &Overrides::default());
        shown(bytes.as_bytes(), Layout::Sgml(mapping), 1000).0
    }

    #[test]
    fn a_doc_a_document() {
        let text = "One line, and another.\n\nx < y";
        assert_eq!(parsed(WIRE).lines, [format!("1@0 AFP_ENG_20100131.0001 {text}")]);
        assert_eq!(
            entries(WIRE)
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect::<Vec<_>>(),
            [
                "id=AFP_ENG_20100131.0001",
                "type=story",
                "headline=A & B",
                "dateline=PARIS, Jan 31",
                &format!("text={text}"),
                "date in the id=20100131"
            ]
        );
    }

    #[test]
    fn other_habits_of_newswire() {
        let old = "<DOC>\n<DOCNO> APW19980601.0001 </DOCNO>\n<BODY>\n<HEADLINE> H </HEADLINE>\n<TEXT>\n a\n b\n\n c\n</TEXT>\n</BODY>\n</DOC>";
        assert_eq!(parsed(old).lines, ["1@0 APW19980601.0001 a b\n\nc"]);
        assert_eq!(date_of("APW19980601.0001"), Some("19980601"));
        assert_eq!(date_of("120199806011.0001"), None);
        assert_eq!(
            parsed("<doc id=7>\n<headline>h\n<text>t\n</doc>").lines,
            ["1@0 7 t"]
        );
    }

    #[test]
    fn documents_that_are_not_closed_and_what_stands_between() {
        let bytes = "<DOC id=\"a\"><TEXT>1\n<DOC id=\"b\"><TEXT>2</TEXT></DOC>\nstray\n<DOC id=\"c\"><TEXT>3";
        assert_eq!(
            parsed(bytes).lines,
            ["1@0 a 1", "2@20 b 2", "3@53 !outside-document", "4@59 c 3"]
        );
        assert_eq!(parsed("<DOC id=\"a\"><TEXT></TEXT></DOC>").lines, ["1@0 a "]);
    }
}
