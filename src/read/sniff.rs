//! What a file is, told from its first decoded bytes; the name is asked only where they leave it open.

use super::codec::Coding;
use super::csv::Table;
use super::cut::{self, Cutter, End, Records};
use super::names::Overrides;
use super::sgml;
use super::values::Scanner;
use super::{Format, columns};
use memchr::memchr;
use serde::de::IgnoredAny;

/// The marks at the beginning of files that are not read.
const SIGNATURES: [(&[u8], &str); 9] = [
    (b"\x1f\x9d", "packed by compress (.Z)"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"LZIP\x01", "lzip"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"PK\x07\x08", "a part of a split zip archive"),
    (b"filedesc://", "ARC, the format before WARC"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
];

/// The format of a file whose table lies column by column.
pub(super) fn columns(head: &[u8]) -> Option<Format> {
    match head {
        [b'P', b'A', b'R', b'1' | b'E', ..] => Some(Format::Parquet),
        _ => columns::begins_as_arrow(head).then_some(Format::Arrow),
    }
}

/// What is no news, or none in this form.
const CONVERTED: [(&[u8], &str); 4] = [
    (b"%PDF-", "PDF"),
    (b"{\\rtf", "RTF"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "a document of an office program",
    ),
    (b"<mediawiki", "a dump of a wiki"),
];

/// What the file is, if it is nothing that can be read here, and what to do.
pub(super) fn foreign(head: &[u8]) -> Option<String> {
    let begins = |known: &[(&[u8], &'static str)]| {
        known
            .iter()
            .find(|(mark, _)| head.starts_with(mark))
            .map(|(_, what)| *what)
    };
    if let Some(what) =
        begins(&CONVERTED).or_else(|| is_gdelt(head).then_some("a table of GDELT, which holds no texts"))
    {
        return Some(format!(
            "it is {what}: convert to CSV first, with a column of texts"
        ));
    }
    let packed = Coding::of(head) != Coding::Plain;
    let what = begins(&SIGNATURES).or(packed.then_some("packed more than once"))?;
    Some(format!("it is {what}, which is not read"))
}

/// GDELT's tables have no header; their rows begin with an event's number and day, or with the moment of a batch.
fn is_gdelt(head: &[u8]) -> bool {
    let row = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let mut cells = row.split(|byte| *byte == b'\t');
    let digits = |cell: &[u8]| !cell.is_empty() && cell.iter().all(u8::is_ascii_digit);
    let (first, second) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
    let event = digits(first) && second.len() == 8 && digits(second);
    let moment = first.len() > 15 && digits(&first[..14]) && first[14] == b'-' && second.len() == 14;
    (event || moment) && cells.count() > 20
}

/// Whether the bytes are in no encoding of text.
pub(super) fn is_binary(head: &[u8]) -> bool {
    head.starts_with(b"WARC/") || columns(head).is_some()
}

/// The format of a file, or what it is instead.
pub(super) fn format(name: &str, head: &[u8]) -> Result<Format, String> {
    if head.starts_with(b"WARC/") {
        return Ok(Format::Warc);
    }
    if memchr(0, head).is_some() {
        return Err(
            "it is binary, which is not read, or a text in UTF-16: then name its encoding".to_owned(),
        );
    }
    let mut first = head.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
    let (first, second) = (first.next(), first.next());
    let suffix = suffix(name);
    Ok(match (first, second, suffix.as_str()) {
        (Some(b'{'), _, "jsonl" | "ndjson") => Format::Jsonl,
        (Some(b'{'), ..) if takes_lines(head) => Format::Json,
        (Some(b'{'), ..) => Format::Jsonl,
        (Some(b'['), Some(b'{' | b']'), _) | (Some(b'['), _, "json") => Format::Json,
        (Some(b'<'), ..) if sgml::begins(head) => Format::Sgml,
        (_, _, "jsonl" | "ndjson" | "json") => Format::Jsonl,
        (_, _, "csv") => Format::Csv,
        (_, _, "tsv" | "tab") => Format::Tsv,
        (_, _, "txt") => Format::Text,
        _ if looks_like_a_table(head) => Format::Csv,
        _ => Format::Text,
    })
}

/// Whether the object at the beginning takes more than its line: the line ends within it, outside of a string, and the
/// next one is no object of its own, as after a broken one in JSON lines.
fn takes_lines(head: &[u8]) -> bool {
    let mut lines = head.trim_ascii_start().split(|byte| *byte == b'\n');
    let (first, second) = (lines.next().unwrap_or_default(), lines.next());
    let cutter = &mut Cutter::new(Records::Values(Scanner::default()));
    let open = cutter.scan(first, 1, false).records == 0 && !cutter.is_in_string();
    let whole = |line: &[u8]| serde_json::from_slice::<IgnoredAny>(line).is_ok();
    open && second.is_some_and(|line| !line.trim_ascii_start().starts_with(b"{") || !whole(line))
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
    let (mut scanner, mut at) = (cut::Scanner::new(delimiter), 0);
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
            ("a.json", b"[ 1", Ok(Format::Json)),
            ("a", b"[\n{", Ok(Format::Json)),
            ("a", b"{\n  \"text\": 1\n}\n", Ok(Format::Json)),
            ("a", b"{\"a\":\n[1,\n2]}\n", Ok(Format::Json)),
            ("a.jsonl", b"{\n\"text\": 1}\n", Ok(Format::Jsonl)),
            ("a", b"{\"text\": \"cut\n{\"text\": \"b\"}\n", Ok(Format::Jsonl)),
            (
                "a",
                b"{\"text\": \"cut\",\n{\"text\": \"b\"}\n",
                Ok(Format::Jsonl),
            ),
            ("a", b"\n<doc id=\"1\">", Ok(Format::Sgml)),
            ("a.xml", b"<document>", Ok(Format::Text)),
            ("a.txt", b"WARC/1.0\r\n\0", Ok(Format::Warc)),
            ("a", b"a\0b", Err(())),
        ] {
            assert_eq!(format(name, head).map_err(|_| ()), expected, "{name} {head:?}");
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
        let told = |head: &[u8]| foreign(head).unwrap_or_default();
        assert_eq!(
            told(b"Rar!\x1a\x07rest"),
            "it is a RAR archive, which is not read"
        );
        assert!(told(b"BZh91AY&SY").contains("packed more than once"));
        let gdelt = format!("410412347\t20150218{}\n", "\tx".repeat(56));
        let graph = format!("20150218230000-0\t20150218230000{}\n", "\tx".repeat(25));
        for head in [
            gdelt.as_str(),
            &graph,
            "{\\rtf1\\ansi",
            "%PDF-1.7",
            "<mediawiki xmlns=",
        ] {
            assert!(told(head.as_bytes()).contains("convert to CSV first"), "{head}");
        }
        assert_eq!(foreign(b"BZh, they said"), None);
        assert_eq!(foreign(b"Plain words"), None);
    }
}
