//! What a server answered, as a web archive keeps it: whether it is a page, and the bytes of that page without the
//! packings of the way.

use super::charset::Charset;
use crate::document::Code;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use memchr::memmem;
use std::borrow::Cow;
use std::fmt;
use std::io::Read;

/// An answer with its header.
pub(super) struct Response<'a> {
    status: &'a [u8],
    header: &'a [u8],
    body: &'a [u8],
}

/// Why a body cannot be had.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Packing(String),
    Damaged(String),
    TooLong(usize),
}

impl Fault {
    pub(super) fn code(&self) -> Code {
        match self {
            Fault::TooLong(_) => Code::RecordTooLong,
            Fault::Packing(_) | Fault::Damaged(_) => Code::BadHttpBody,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Packing(name) => write!(f, "the page is packed with {name}, which is not read"),
            Fault::Damaged(why) => write!(f, "the packed page is damaged: {why}"),
            Fault::TooLong(limit) => write!(f, "the unpacked page is longer than the limit of {limit} bytes"),
        }
    }
}

impl<'a> Response<'a> {
    /// Reads the header of an answer; nothing if there is none.
    pub(super) fn read(block: &'a [u8]) -> Option<Self> {
        if !block.starts_with(b"HTTP/") {
            return None;
        }
        let crlf = memmem::find(block, b"\r\n\r\n").map(|end| (end, 4));
        let bare = memmem::find(&block[..crlf.map_or(block.len(), |(end, _)| end)], b"\n\n");
        let (end, gap) = bare.map(|end| (end, 2)).or(crlf)?;
        let mut words = block.split(|byte| byte.is_ascii_whitespace());
        Some(Self {
            status: words.nth(1)?,
            header: &block[..end],
            body: &block[end + gap..],
        })
    }

    /// Whether it is a page that was found: not an image, a script, a redirection or the word that nothing is there.
    pub(super) fn is_page(&self) -> bool {
        let found = self.status.len() == 3 && self.status.starts_with(b"2");
        let kind = self.get("content-type").unwrap_or_default();
        let kind = kind
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let html = match kind.as_str() {
            "" => self.body.trim_ascii_start().starts_with(b"<"),
            kind => matches!(kind, "text/html" | "application/xhtml+xml"),
        };
        found && html
    }

    /// The encoding of the body as the header tells it.
    pub(super) fn charset(&self) -> Charset {
        let kind = self.get("content-type").unwrap_or_default();
        Charset::of_page(kind.split(';').skip(1).find_map(|part| {
            let (key, value) = part.split_once('=')?;
            key.trim()
                .eq_ignore_ascii_case("charset")
                .then(|| value.trim().trim_matches(['"', '\'']))
        }))
    }

    /// The bytes of the page, never more than the limit.
    pub(super) fn body(&self, limit: usize) -> Result<Cow<'a, [u8]>, Fault> {
        let chunked = self
            .get("transfer-encoding")
            .is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
        let body = if chunked {
            joined(self.body)
        } else {
            Cow::Borrowed(self.body)
        };
        let coding = self
            .get("content-encoding")
            .unwrap_or_default()
            .to_ascii_lowercase();
        match coding.trim() {
            "" | "identity" | "none" => Ok(body),
            "gzip" | "x-gzip" if body.starts_with(b"\x1f\x8b") => {
                unpacked(MultiGzDecoder::new(&body[..]), limit)
            }
            "deflate" if body.first().is_some_and(|byte| byte & 15 == 8) => {
                unpacked(ZlibDecoder::new(&body[..]), limit)
            }
            "deflate" => unpacked(DeflateDecoder::new(&body[..]), limit),
            // Some writers of archives unpack the page and leave the header as it was.
            _ if body.trim_ascii_start().starts_with(b"<") => Ok(body),
            other => Err(Fault::Packing(other.chars().take(40).collect())),
        }
    }

    fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        let lines = self.header.split(|byte| *byte == b'\n').skip(1);
        let mut pairs = lines.filter_map(|line| {
            let colon = memchr::memchr(b':', line)?;
            Some((line[..colon].trim_ascii(), line[colon + 1..].trim_ascii()))
        });
        let (_, value) = pairs.find(|(key, _)| key.eq_ignore_ascii_case(name.as_bytes()))?;
        Some(String::from_utf8_lossy(value))
    }
}

/// A body without its packing.
fn unpacked<'a>(source: impl Read, limit: usize) -> Result<Cow<'a, [u8]>, Fault> {
    let mut bytes = Vec::new();
    let read = source.take(limit as u64 + 1).read_to_end(&mut bytes);
    match read {
        Ok(_) if bytes.len() > limit => Err(Fault::TooLong(limit)),
        Ok(_) => Ok(Cow::Owned(bytes)),
        Err(error) => Err(Fault::Damaged(error.to_string())),
    }
}

/// A chunked body in one piece. Some writers of archives join the chunks and leave the header as it was: such a body
/// is taken as it is.
fn joined(body: &[u8]) -> Cow<'_, [u8]> {
    let (mut made, mut rest) = (Vec::with_capacity(body.len()), body);
    while let Some((size, after)) = chunk(rest) {
        made.extend_from_slice(&after[..size.min(after.len())]);
        if size == 0 || size >= after.len() {
            return Cow::Owned(made);
        }
        rest = &after[size..];
        rest = rest
            .strip_prefix(b"\r\n")
            .or(rest.strip_prefix(b"\n"))
            .unwrap_or(rest);
    }
    if made.is_empty() {
        Cow::Borrowed(body)
    } else {
        Cow::Owned(made)
    }
}

/// The size of the chunk that begins here, and what follows its line.
fn chunk(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let line = memchr::memchr(b'\n', &bytes[..bytes.len().min(1000)])?;
    let size = bytes[..line].split(|byte| *byte == b';').next()?.trim_ascii();
    let size = std::str::from_utf8(size)
        .ok()
        .filter(|size| !size.starts_with('+'))?;
    Some((usize::from_str_radix(size, 16).ok()?, &bytes[line + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn packed(header: &str, body: &[u8]) -> Vec<u8> {
        [b"HTTP/1.1 200 OK\r\n", header.as_bytes(), b"\r\n\r\n", body].concat()
    }

    fn body(header: &str, body: &[u8]) -> Result<String, Fault> {
        let block = packed(header, body);
        let body = Response::read(&block).unwrap().body(1000)?;
        Ok(String::from_utf8_lossy(&body).into_owned())
    }

    #[test]
    fn pages_are_told_by_status_and_type() {
        let is_page = |block: &[u8]| Response::read(block).is_some_and(|response| response.is_page());
        for block in [
            &b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"[..],
            b"HTTP/1.0 203 Fine\ncontent-type:TEXT/HTML; charset=x\n\nx\r\n\r\n",
            b"HTTP/2 200\r\nX: y\r\n\r\n <html>",
        ] {
            assert!(is_page(block), "{}", block.escape_ascii());
        }
        for block in [
            &b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n"[..],
            b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n<",
            b"HTTP/1.1 200 OK\r\n\r\nplain",
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html",
            b"200301010101 host.example",
            b"HTTP/1.1\r\n\r\n",
        ] {
            assert!(!is_page(block), "{}", block.escape_ascii());
        }
    }

    #[test]
    fn chunks_are_joined_unless_they_are_already() {
        let chunked = "Transfer-Encoding: chunked";
        assert_eq!(
            body(chunked, b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n").unwrap(),
            "abcde"
        );
        assert_eq!(body(chunked, b"3\r\nabc\r\nff\r\ncut").unwrap(), "abccut");
        assert_eq!(body(chunked, b"<html>\n").unwrap(), "<html>\n");
    }

    #[test]
    fn packed_bodies_are_unpacked_within_the_limit() {
        let gzip = |bytes: &[u8]| {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        };
        assert_eq!(body("content-encoding: gzip", &gzip(b"page")).unwrap(), "page");
        assert_eq!(
            body("Content-Encoding: gzip", b"<p>unpacked").unwrap(),
            "<p>unpacked"
        );
        assert_eq!(
            body("Content-Encoding: br", b"\x8b"),
            Err(Fault::Packing("br".to_owned()))
        );
        assert_eq!(
            body("Content-Encoding: gzip", &gzip(&[b'a'; 2000])),
            Err(Fault::TooLong(1000))
        );
        let cut = &gzip(b"page")[..12];
        assert!(matches!(
            body("Content-Encoding: gzip", cut),
            Err(Fault::Damaged(_))
        ));
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(b"page").unwrap();
        assert_eq!(
            body("Content-Encoding: deflate", &encoder.finish().unwrap()).unwrap(),
            "page"
        );
    }
}
