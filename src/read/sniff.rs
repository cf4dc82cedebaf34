//! What a file is, told from its first decoded bytes; the name is asked only where they leave it open.

use super::csv::Table;
use super::cut::{End, Scanner};
use super::names::Overrides;
use super::{Format, columns};
use memchr::memchr;

/// The marks at the beginning of files that are no news, or not yet.
const SIGNATURES: [(&[u8], &str); 9] = [
    (b"\xfd7zXZ\0", "xz"),
    (b"PK\x03\x04", "a zip archive"),
    (b"WARC/", "WARC"),
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"\x1f\x8b", "gzip within gzip"),
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
    let tar = head.get(257..262) == Some(b"ustar");
    let bzip2 = head.starts_with(b"BZh") && head.get(4..10) == Some(b"1AY&SY");
    signed
        .map(|(_, what)| *what)
        .or(tar.then_some("a tar archive"))
        .or(bzip2.then_some("bzip2"))
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
    let packed = [".gz", ".zst", ".zstd"]
        .iter()
        .find_map(|end| name.strip_suffix(end));
    let name = packed.unwrap_or(&name);
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
        assert_eq!(foreign(b"PK\x03\x04rest"), Some("a zip archive"));
        assert_eq!(
            foreign(&[&[b'a'; 257][..], b"ustar"].concat()),
            Some("a tar archive")
        );
        assert_eq!(foreign(b"BZh91AY&SY"), Some("bzip2"));
        assert_eq!(foreign(b"BZh, they said"), None);
        assert_eq!(foreign(b"Plain words"), None);
    }
}
