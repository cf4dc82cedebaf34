//! Plain text: the file is the document.

use super::parse::{Run, Visitor};
use crate::document::Document;

/// Hands the whole run over as one document.
pub(super) fn parse<V: Visitor>(run: &mut Run<'_, V>) {
    let place = run.place(run.records.record, run.records.line, 0);
    if run.keeps_limit(&place, run.view.bytes) {
        let text = run.view.record(0..run.view.bytes.len(), run.repairs);
        run.document(
            &place,
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
