//! Plain text: the file is the document, or each of its lines is.

use super::cut::is_blank;
use super::parse::{Place, Run, Visitor};
use crate::document::Document;
use memchr::memchr;
use std::ops::Range;

/// Hands the whole run over as one document.
pub(super) fn parse<V: Visitor>(run: &mut Run<'_, V>) {
    let place = run.place(run.records.record, run.records.line, 0);
    document(run, &place, 0..run.view.bytes.len());
}

/// Hands over each line that is not blank; its number is that of the line.
pub(super) fn parse_lines<V: Visitor>(run: &mut Run<'_, V>) {
    let bytes = run.view.bytes;
    let (mut start, mut number) = (0, run.records.line);
    while start < bytes.len() {
        let end = memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |length| start + length);
        let crlf = bytes[start..end].ends_with(b"\r");
        if !is_blank(&bytes[start..end]) {
            run.repairs.crlf += u64::from(crlf);
            let place = run.place(number, number, start);
            document(run, &place, start..end - usize::from(crlf));
        }
        number += 1;
        start = end + 1;
    }
}

fn document<V: Visitor>(run: &mut Run<'_, V>, place: &Place<'_>, range: Range<usize>) {
    if run.keeps_limit(place, &run.view.bytes[range.clone()]) {
        let text = run.view.record(range, run.repairs);
        run.document(
            place,
            Document {
                text: Some(text),
                ..Document::default()
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::read::Layout;
    use crate::read::parse::tests::shown;

    #[test]
    fn a_file_is_a_document() {
        assert_eq!(
            shown(b"one\ntwo\r\n", Layout::Text, 100).0.lines,
            ["1@0 - one\ntwo\r\n"]
        );
        assert_eq!(
            shown(b"far too long", Layout::Text, 5).0.lines,
            ["1@0 !record-too-long"]
        );
        let (shown, repairs) = shown(b"caf\xe9", Layout::Text, 100);
        assert_eq!(shown.lines, ["1@0 - caf\u{fffd}"]);
        assert_eq!(repairs.utf8, 1);
    }
}
