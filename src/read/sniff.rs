//! What a file is, told from its first decoded bytes; the name is asked only where they leave it open.

use super::codec::Coding;
use super::csv::Table;
use super::cut::{End, Scanner};
use super::names::Overrides;
use super::{Format, columns};
use memchr::memchr;

/// The marks at the beginning of files that are no news, or not yet.
const SIGNATURES: [(&[u8], &str); 13] = [
    (b"\x1f\x9d", "packed by compress (.Z)"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"LZIP\x01", "lzip"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"PK\x07\x08", "a part of a split zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"WARC/", "WARC"),
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
];

/// The format of a file whose table lies column by column.
pub(super) fn columns(head: &[u8]) -> Option<Format> {
    match head {
        [b'P', b'A', b'R', b'1' | b'E', ..] => Some(Format::Parquet),
        _ => columns::begins_as_arrow(head).then_some(Format::Arrow),
    }
}

/// What the file is, if it is nothing that can be read here.
pub(super) fn foreign(head: &[u8]) -> Option<&'static str> {
    let signed = SIGNATURES.iter().find(|(mark, _)| head.starts_with(mark));
    let packed = match Coding::of(head) {
        Coding::Plain => None,
        _ => Some("packed more than once"),
    };
    signed.map(|(_, what)| *what).or(packed)
}

/// The format of a file, or what it is instead.
pub(super) fn format(name: &str, head: &[u8]) -> Result<Format, &'static str> {
    if memchr(0, head).is_some() {
        return Err("binary");
    }
    let mut first = head.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
    let (first, second) = (first.next(), first.next());
    let suffix = suffix(name);
    match (first, second, suffix.as_str()) {
        (Some(b'{'), ..) => Ok(Format::Jsonl),
        (Some(b'['), Some(b'{' | b']'), _) | (Some(b'['), _, "json") => Err("a JSON array"),
        (_, _, "jsonl" | "ndjson" | "json") => Ok(Format::Jsonl),
        (_, _, "csv") => Ok(Format::Csv),
        (_, _, "tsv" | "tab") => Ok(Format::Tsv),
        (_, _, "txt") => Ok(Format::Text),
        _ if looks_like_a_table(head) => Ok(Format::Csv),
        _ => Ok(Format::Text),
    }
}

/// The end of a name without that of the packing, in lower case.
fn suffix(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let packed = Coding::promised(&name) != Coding::Plain;
    let name = name
        .rsplit_once('.')
        .filter(|_| packed)
        .map_or(name.as_str(), |(stem, _)| stem);
    name.rsplit_once('.')
        .map_or_else(String::new, |(_, suffix)| suffix.to_owned())
}

fn looks_like_a_table(head: &[u8]) -> bool {
    header(head, true).is_some_and(|(length, delimiter)| {
        let table = Table::new(&head[..length], delimiter, &Overrides::default());
        table.has_text() && table.header.len() > 1
    })
}

const DELIMITERS: [u8; 4] = *b",;\t|";

/// The length of the header and its delimiter: the one that finds a text column, or else the most columns. Nothing if
/// the bytes end before the header does; `whole` says that no more will come.
pub(super) fn header(head: &[u8], whole: bool) -> Option<(usize, u8)> {
    let mut best: Option<(usize, u8)> = None;
    let mut best_rank = (false, 0);
    for delimiter in DELIMITERS {
        let length = row(head, delimiter, whole)?;
        let table = Table::new(&head[..length], delimiter, &Overrides::default());
        let rank = (table.has_text(), table.header.len());
        if best.is_none() || rank > best_rank {
            (best, best_rank) = (Some((length, delimiter)), rank);
        }
    }
    best
}

/// The length of the first row, its end included.
pub(super) fn row(head: &[u8], delimiter: u8, whole: bool) -> Option<usize> {
    let (mut scanner, mut at) = (Scanner::new(delimiter), 0);
    loop {
        match scanner.next(head, &mut at) {
            Some(End::Field) => {}
            Some(End::Row) => return Some(at),
            None => return whole.then_some(head.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_goes_before_the_name() {
        for (name, head, expected) in [
            ("a.txt", &b" \n{\"text\":1}"[..], Ok(Format::Jsonl)),
            ("a", b"{}", Ok(Format::Jsonl)),
            ("a.jsonl.gz", b"broken", Ok(Format::Jsonl)),
            ("a.csv", b"id,text\n", Ok(Format::Csv)),
            ("a.TSV.zst", b"id\ttext\n", Ok(Format::Tsv)),
            ("-", b"id;Body\n1;2", Ok(Format::Csv)),
            ("-", b"The text, in short, is this.\n", Ok(Format::Text)),
            ("-", b"text", Ok(Format::Text)),
            ("a.txt", b"id,text\n1,2", Ok(Format::Text)),
            ("a.txt", b"[Reuters] LONDON", Ok(Format::Text)),
            ("a.json", b"[ 1", Err("a JSON array")),
            ("a", b"[\n{", Err("a JSON array")),
            ("a", b"a\0b", Err("binary")),
        ] {
            assert_eq!(format(name, head), expected, "{name} {head:?}");
        }
    }

    #[test]
    fn delimiters_are_told_from_the_header() {
        assert_eq!(header(b"id;text;a,b,c\n", false), Some((14, b';')));
        assert_eq!(header(b"\"a;b\",c\td\r\n", false), Some((10, b',')));
        assert_eq!(header(b"a|b|c\n", false), Some((6, b'|')));
        assert_eq!(header(b"id,te", false), None);
        assert_eq!(header(b"id,te", true), Some((5, b',')));
    }

    #[test]
    fn foreign_files_are_named() {
        assert_eq!(foreign(b"Rar!\x1a\x07rest"), Some("a RAR archive"));
        assert_eq!(foreign(b"BZh91AY&SY"), Some("packed more than once"));
        assert_eq!(foreign(b"BZh, they said"), None);
        assert_eq!(foreign(b"Plain words"), None);
    }
}
