//! JSON lines: an object a line. Only the keys of the mapping are kept; the rest is stepped over.

use super::cut::is_blank;
use super::fields::{Mapping, assemble};
use super::names::Field;
use super::parse::{Place, Run, Visitor};
use super::{flat, json, strict};
use crate::document::{Code, Document};
use memchr::memchr;
use serde::de::IgnoredAny;
use std::ops::Range;

/// Parses a run of lines; a record's number is its line.
pub(super) fn parse<V: Visitor>(run: &mut Run<'_, V>, mapping: &Mapping) {
    let bytes = run.view.bytes;
    let (mut start, mut number) = (0, run.records.line);
    while start < bytes.len() {
        let place = run.place(number, number, start);
        let end = match quick(run, mapping, &place, start..bytes.len(), Unit::Line) {
            Some(end) => end,
            None => {
                let end = memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |length| start + length);
                if !is_blank(&bytes[start..end]) {
                    line(run, mapping, &place, start..end);
                }
                end
            }
        };
        number += 1;
        start = end + 1;
    }
}

fn line<V: Visitor>(run: &mut Run<'_, V>, mapping: &Mapping, place: &Place<'_>, range: Range<usize>) {
    let crlf = run.view.bytes[range.clone()].ends_with(b"\r");
    run.repairs.crlf += u64::from(crlf);
    careful(
        run,
        mapping,
        place,
        range.start..range.end - usize::from(crlf),
        Unit::Line,
    );
}

/// What a record of JSON is called in messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// It has a line of its own.
    Line,
    /// It may stand anywhere.
    Value,
}

/// Parses the record in these bytes: quickly if it is as nearly all are, else with care.
pub(super) fn unit<V: Visitor>(
    run: &mut Run<'_, V>,
    mapping: &Mapping,
    place: &Place<'_>,
    range: Range<usize>,
    unit: Unit,
) {
    if quick(run, mapping, place, range.clone(), unit).is_none() {
        careful(run, mapping, place, range, unit);
    }
}

/// Hands over the document of an ordinary record, the first line in these bytes or all of them; where it ends.
fn quick<V: Visitor>(
    run: &mut Run<'_, V>,
    mapping: &Mapping,
    place: &Place<'_>,
    range: Range<usize>,
    unit: Unit,
) -> Option<usize> {
    let (start, lines) = (range.start, unit == Unit::Line);
    let text = run.view.text?.get(range)?;
    let record = flat::record(run.parser.level, text, lines, mapping, run.room)?;
    if record.length > run.parser.max_record {
        return None;
    }
    let mut repairs = *run.repairs;
    repairs.duplicate_keys += record.repeated;
    repairs.crlf += u64::from(lines && text[..record.length].ends_with('\r'));
    let document = assemble(mapping, record.values, &run.parser.dates, &mut repairs).ok()?;
    *run.repairs = repairs;
    place.document(document, run.visitor);
    Some(start + record.length)
}

/// Parses the record in these bytes; when that fails for a lone surrogate, the surrogate is replaced and it is parsed
/// again.
fn careful<V: Visitor>(
    run: &mut Run<'_, V>,
    mapping: &Mapping,
    place: &Place<'_>,
    range: Range<usize>,
    unit: Unit,
) {
    if !run.keeps_limit(place, &run.view.bytes[range.clone()]) {
        return;
    }
    let text = run.view.record(range, run.repairs);
    let before = *run.repairs;
    let fault = match document(run, mapping, &text, unit) {
        Ok(document) => return run.document(place, document),
        Err(fault) => fault,
    };
    *run.repairs = before;
    let repaired = (fault.code == Code::InvalidJson)
        .then(|| strict::replace_surrogates(&text))
        .flatten();
    let Some((repaired, count)) = repaired else {
        return run.reject(place, fault.code, fault.reason, text.as_bytes());
    };
    match document(run, mapping, &repaired, unit) {
        Ok(document) => {
            run.repairs.surrogates += count;
            run.document(place, document);
        }
        Err(fault) => run.reject(place, fault.code, fault.reason, text.as_bytes()),
    }
}

struct Fault {
    code: Code,
    reason: String,
}

impl Fault {
    fn new(code: Code, reason: impl Into<String>) -> Self {
        Self {
            code,
            reason: reason.into(),
        }
    }
}

fn document<'a, V>(
    run: &mut Run<'_, V>,
    mapping: &Mapping,
    text: &'a str,
    unit: Unit,
) -> Result<Document<'a>, Fault> {
    if strict::is_deep(text.as_bytes()) {
        let reason = format!(
            "objects and arrays stand in each other more than {} deep",
            strict::DEPTH_LIMIT
        );
        return Err(Fault::new(Code::NestedTooDeep, reason));
    }
    let values = json::values(text, mapping, run.repairs).map_err(|error| fault(text, error, unit))?;
    assemble(mapping, values, &run.parser.dates, run.repairs).map_err(|code| no_text(code, mapping))
}

fn no_text(code: Code, mapping: &Mapping) -> Fault {
    let columns = mapping
        .picks(Field::Text)
        .iter()
        .map(|column| mapping.columns()[*column].join("."));
    let names = columns.collect::<Vec<_>>().join("`, `");
    let reason = match code {
        Code::NoText => format!("the record has no text: no field `{names}`"),
        _ => format!("the text in `{names}` is not a string"),
    };
    Fault::new(code, reason)
}

/// Tells a value that is no object from what is no JSON at all. The message of a value's own type would quote it, so
/// what is no object is parsed again for its syntax only.
fn fault(text: &str, error: serde_json::Error, unit: Unit) -> Fault {
    let object = text.trim_start().starts_with('{');
    let word = match unit {
        Unit::Line => "line",
        Unit::Value => "value",
    };
    let error = match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) if !object => {
            return Fault::new(
                Code::NotAnObject,
                format!("the {word} is JSON, but not an object"),
            );
        }
        Err(syntax) if !object => syntax,
        _ => error,
    };
    let message = error.to_string();
    let what = message.split(" at line ").next().unwrap_or_default();
    let line = match error.line() {
        0 | 1 => String::new(),
        line => format!("line {line}, "),
    };
    let reason = format!(
        "the {word} is not JSON: {what} at {line}byte {} of the {word}",
        error.column()
    );
    Fault::new(Code::InvalidJson, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::names::Overrides;
    use crate::read::parse::tests::{Shown, shown};
    use crate::read::{Layout, Repairs};

    fn parsed(lines: &str) -> (Shown, Repairs) {
        shown(
            lines.as_bytes(),
            Layout::Jsonl(Mapping::blind(&Overrides::default())),
            1000,
        )
    }

    fn lines(lines: &str) -> Vec<String> {
        parsed(lines).0.lines
    }

    #[test]
    fn a_line_a_document() {
        let (shown, repairs) = parsed("{\"id\":1,\"text\":\"a\"}\r\n\n{\"text\":\"b\\n\",\"id\":\"x\"}");
        assert_eq!(shown.lines, ["1@0 1 a", "3@22 x b\n"]);
        assert_eq!(repairs.crlf, 1);
    }

    #[test]
    fn every_fault_has_its_code() {
        for (line, code) in [
            ("{\"text\":\"a\"", "invalid-json"),
            ("{\"text\":\"a\"} x", "invalid-json"),
            ("nonsense", "invalid-json"),
            ("\"a text\" x", "invalid-json"),
            ("[1,2]", "not-an-object"),
            ("\"text\"", "not-an-object"),
            ("null", "not-an-object"),
            ("{\"id\":7}", "no-text"),
            ("{}", "no-text"),
            ("{\"text\":7}", "text-not-a-string"),
            ("{\"text\":[\"a\"]}", "text-not-a-string"),
        ] {
            assert_eq!(lines(line), [format!("1@0 !{code}")], "{line}");
        }
        assert_eq!(lines("{\"text\":null}"), ["1@0 - <null>"]);
        let reason = &parsed("{\"text\": bad}").0.rejects[0].reason;
        assert_eq!(
            reason,
            "the line is not JSON: expected value at byte 10 of the line"
        );
    }

    #[test]
    fn limits_of_length_and_depth() {
        let long = format!("{{\"text\":\"{}\"}}", "a".repeat(1000));
        assert_eq!(lines(&long), ["1@0 !record-too-long"]);
        let nested = |depth: usize| {
            format!(
                "{{\"text\":\"a\",\"x\":{}{}}}",
                "[".repeat(depth),
                "]".repeat(depth)
            )
        };
        assert_eq!(lines(&nested(127)), ["1@0 - a"]);
        assert_eq!(lines(&nested(128)), ["1@0 !nested-too-deep"]);
        assert_eq!(lines(&"[".repeat(500)), ["1@0 !nested-too-deep"]);
        let brackets = format!("{{\"text\":\"{}\"}}", "[".repeat(500));
        assert_eq!(lines(&brackets), [format!("1@0 - {}", "[".repeat(500))]);
    }

    #[test]
    fn lone_surrogates_are_repaired() {
        let (shown, repairs) = parsed(r#"{"text":"a\ud800b\udc00 \ud83d\ude00 \\ud800"}"#);
        assert_eq!(shown.lines, ["1@0 - a\u{fffd}b\u{fffd} \u{1f600} \\ud800"]);
        assert_eq!(repairs.surrogates, 2);
        assert_eq!(lines(r#"{"text":"a\ud800b"} x"#), ["1@0 !invalid-json"]);
        let (shown, repairs) =
            parsed(r#"{"text":"a","date":"soon","date":"soon","x":"\ud800","title":"\udc00"}"#);
        assert_eq!(shown.lines, ["1@0 - a"]);
        assert_eq!(
            (repairs.surrogates, repairs.duplicate_keys, repairs.dates),
            (2, 1, 1)
        );
    }

    #[test]
    fn invalid_bytes_stay_in_their_record() {
        let bytes = b"{\"text\":\"a\xff\"}\n{\"text\":\"b\"}\n\xff{}\n";
        let (shown, repairs) = shown(bytes, Layout::Jsonl(Mapping::blind(&Overrides::default())), 1000);
        assert_eq!(shown.lines, ["1@0 - a\u{fffd}", "2@14 - b", "3@27 !invalid-json"]);
        assert_eq!(repairs.utf8, 2);
    }

    #[test]
    fn the_last_of_two_equal_keys_counts() {
        let (shown, repairs) = parsed(r#"{"text":"a","text":"b"}"#);
        assert_eq!(shown.lines, ["1@0 - b"]);
        assert_eq!(repairs.duplicate_keys, 1);
    }
}
