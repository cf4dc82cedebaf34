//! Which encoding bytes are in, and from there to text: by the user's word, a byte order mark, what a page says of
//! itself, or a guess where nothing else is left.

use super::Repairs;
use crate::error::{Error, Kind, Result};
use chardetng::EncodingDetector;
use encoding_rs::{Encoding, UTF_8};
use memchr::memmem;
use std::borrow::Cow;

/// How the text of a page is written, as far as it is told from outside.
#[derive(Debug, Clone, Copy)]
pub(super) struct Charset {
    told: Option<&'static Encoding>,
    guess: bool,
}

impl Default for Charset {
    /// UTF-8, and nothing to guess.
    fn default() -> Self {
        Self {
            told: Some(UTF_8),
            guess: false,
        }
    }
}

/// How far into a page its own word for the encoding is looked for.
const META: usize = 1024;

impl Charset {
    /// That of a page, by the label in the header of the answer.
    pub(super) fn of_page(label: Option<&str>) -> Self {
        Self {
            told: label.and_then(|label| Encoding::for_label(label.as_bytes())),
            guess: true,
        }
    }

    /// The bytes as text: by their mark, by what was told, by the page's own word, as UTF-8 if they are, and else by a
    /// guess.
    pub(super) fn decode<'a>(&self, bytes: &'a [u8], repairs: &mut Repairs) -> Cow<'a, str> {
        let (encoding, bytes) = match Encoding::for_bom(bytes) {
            Some((encoding, length)) => (Some(encoding), &bytes[length..]),
            None => (
                self.told
                    .or_else(|| if self.guess { of_meta(bytes) } else { None }),
                bytes,
            ),
        };
        match encoding {
            Some(encoding) if encoding != UTF_8 => decode(encoding, bytes, repairs),
            Some(_) => utf8(bytes, repairs),
            None => match simdutf8::basic::from_utf8(bytes) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => decode(guess(bytes), bytes, repairs),
            },
        }
    }
}

fn utf8<'a>(bytes: &'a [u8], repairs: &mut Repairs) -> Cow<'a, str> {
    repairs.utf8 += super::parse::bad_sequences(bytes);
    String::from_utf8_lossy(bytes)
}

fn decode<'a>(encoding: &'static Encoding, bytes: &'a [u8], repairs: &mut Repairs) -> Cow<'a, str> {
    let (text, bad) = encoding.decode_without_bom_handling(bytes);
    repairs.utf8 += u64::from(bad);
    text
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, chardetng::Utf8Detection::Allow)
}

/// What `<meta charset=...>` says, in either of its forms.
fn of_meta(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(META)].to_ascii_lowercase();
    memmem::find_iter(&head, b"charset").find_map(|at| {
        let value = head[at + b"charset".len()..]
            .trim_ascii_start()
            .strip_prefix(b"=")?;
        let value = value.trim_ascii_start();
        let value = value
            .strip_prefix(b"\"")
            .or(value.strip_prefix(b"'"))
            .unwrap_or(value);
        let end = value
            .iter()
            .position(|byte| !is_label(*byte))
            .unwrap_or(value.len());
        Encoding::for_label(&value[..end]).map(readable)
    })
}

fn is_label(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.' | b'+')
}

/// A page that can say in ASCII that it is in UTF-16 is not; the standard reads it as UTF-8.
fn readable(encoding: &'static Encoding) -> &'static Encoding {
    encoding.output_encoding()
}

/// The encoding with this name. Fails if there is none.
pub(super) fn named(name: &str) -> Result<Named> {
    let utf32 = match name.trim().to_ascii_lowercase().replace('_', "-").as_str() {
        "utf-32" | "utf-32le" | "utf32" | "utf32le" => Some(Named::Utf32 { big: false }),
        "utf-32be" | "utf32be" => Some(Named::Utf32 { big: true }),
        _ => None,
    };
    let known = utf32.or_else(|| Encoding::for_label(name.as_bytes()).map(Named::Standard));
    known.ok_or_else(|| {
        Error::new(Kind::Option, format!("there is no encoding \"{}\"", name.escape_debug()))
            .hint("names are those of the WHATWG standard, such as utf-8, latin1, windows-1251, gb18030, and utf-32")
    })
}

/// An encoding that a whole file can be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// One of the standard.
    Standard(&'static Encoding),
    /// Four bytes a character.
    Utf32 {
        /// The highest byte first.
        big: bool,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(label: Option<&str>, bytes: &[u8]) -> (String, u64) {
        let mut repairs = Repairs::default();
        let text = Charset::of_page(label).decode(bytes, &mut repairs).into_owned();
        (text, repairs.utf8)
    }

    #[test]
    fn pages_tell_their_encoding_or_it_is_guessed() {
        let cafe = || ("caf\u{e9}".to_owned(), 0);
        assert_eq!(decoded(Some("iso-8859-1"), b"caf\xe9"), cafe());
        assert_eq!(decoded(Some("klingon"), "caf\u{e9}".as_bytes()), cafe());
        assert_eq!(decoded(Some("latin1"), "\u{feff}caf\u{e9}".as_bytes()), cafe());
        assert_eq!(decoded(None, "caf\u{e9}".as_bytes()), cafe());
        assert_eq!(decoded(Some("utf-8"), b"caf\xe9").1, 1);
        for meta in [
            "<meta charset=windows-1251>",
            "<meta content='text/html; CHARSET = \"cp1251\"'>",
        ] {
            let bytes = [meta.as_bytes(), b"\xd1\xf3\xe4"].concat();
            assert!(
                decoded(None, &bytes).0.ends_with("\u{421}\u{443}\u{434}"),
                "{meta}"
            );
        }
        let polish = b"W Szczebrzeszynie chrz\xb1szcz brzmi w trzcinie, \xbf\xf3\xb3w nie \xb6pi";
        assert!(decoded(None, polish).0.contains("chrz\u{105}szcz"));
    }

    #[test]
    fn encodings_are_found_by_name() {
        assert_eq!(
            named("Latin1").unwrap(),
            Named::Standard(encoding_rs::WINDOWS_1252)
        );
        assert_eq!(named("UTF_32BE").unwrap(), Named::Utf32 { big: true });
        assert_eq!(named("x").unwrap_err().kind, Kind::Option);
    }
}
