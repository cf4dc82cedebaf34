//! Files in other encodings, made UTF-8 while they are read.

use super::charset::Named;
use super::stream::lost;
use encoding_rs::{Decoder, DecoderResult};
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const INPUT: usize = 1 << 16;

/// The mark at the beginning of bytes that tells an encoding other than UTF-8, and its length.
pub(super) fn mark(head: &[u8]) -> Option<(Named, usize)> {
    match head {
        [0xff, 0xfe, 0, 0, ..] => Some((Named::Utf32 { big: false }, 4)),
        [0, 0, 0xfe, 0xff, ..] => Some((Named::Utf32 { big: true }, 4)),
        [0xff, 0xfe, ..] => Some((Named::Standard(encoding_rs::UTF_16LE), 2)),
        [0xfe, 0xff, ..] => Some((Named::Standard(encoding_rs::UTF_16BE), 2)),
        _ => None,
    }
}

/// A source of bytes in another encoding, read as UTF-8. What is invalid becomes U+FFFD and is counted.
pub(super) struct Recoded<R> {
    source: R,
    decoder: Box<dyn Decode + Send>,
    bad: Arc<AtomicU64>,
    input: Vec<u8>,
    output: Vec<u8>,
    at: usize,
    over: bool,
    failed: Option<io::Error>,
}

impl<R: Read> Recoded<R> {
    /// Reads `source` in this encoding; invalid sequences are added to `bad`.
    pub(super) fn new(source: R, encoding: Named, bad: Arc<AtomicU64>) -> Self {
        let decoder: Box<dyn Decode + Send> = match encoding {
            Named::Standard(encoding) => Box::new(encoding.new_decoder_without_bom_handling()),
            Named::Utf32 { big } => Box::new(Utf32 { big }),
        };
        Self {
            source,
            decoder,
            bad,
            input: Vec::new(),
            output: Vec::new(),
            at: 0,
            over: false,
            failed: None,
        }
    }

    /// Reads and decodes the next block. What comes before a failure is decoded first.
    fn refill(&mut self) -> io::Result<()> {
        let had = self.input.len();
        self.input.resize(had + INPUT, 0);
        let read = self.source.read(&mut self.input[had..]);
        self.input.truncate(had + read.as_ref().copied().unwrap_or(0));
        match read {
            Ok(0) => self.over = true,
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => {
                self.over = lost(&error).is_none();
                self.failed = Some(error);
            }
        }
        self.at = 0;
        self.output.clear();
        let last = self.over && self.failed.is_none();
        let (used, bad) = self.decoder.decode(&self.input, &mut self.output, last);
        self.input.drain(..used);
        self.bad.fetch_add(bad, Ordering::Relaxed);
        Ok(())
    }
}

impl<R: Read> Read for Recoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.output.len() {
            if self.over || self.failed.is_some() {
                return self.failed.take().map_or(Ok(0), Err);
            }
            self.refill()?;
        }
        let count = buffer.len().min(self.output.len() - self.at);
        buffer[..count].copy_from_slice(&self.output[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// An encoding at work.
trait Decode {
    /// Appends what the input says; `last` says that no more will come. Returns how much of the input was used, and how
    /// many sequences were invalid.
    fn decode(&mut self, input: &[u8], output: &mut Vec<u8>, last: bool) -> (usize, u64);
}

const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

impl Decode for Decoder {
    fn decode(&mut self, input: &[u8], output: &mut Vec<u8>, last: bool) -> (usize, u64) {
        let (mut used, mut made, mut bad) = (0, 0, 0);
        loop {
            // Room for what is left, and for the sign of one bad sequence.
            output.resize(output.len().max(made + 3 * (input.len() - used) + 16), 0);
            let (result, read, written) =
                self.decode_to_utf8_without_replacement(&input[used..], &mut output[made..], last);
            used += read;
            made += written;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    output.resize(output.len().max(made + REPLACEMENT.len()), 0);
                    output[made..made + REPLACEMENT.len()].copy_from_slice(REPLACEMENT);
                    made += REPLACEMENT.len();
                    bad += 1;
                }
            }
        }
        output.truncate(made);
        (used, bad)
    }
}

struct Utf32 {
    big: bool,
}

impl Decode for Utf32 {
    fn decode(&mut self, input: &[u8], output: &mut Vec<u8>, last: bool) -> (usize, u64) {
        let (units, tail) = input.as_chunks::<4>();
        let mut bad = 0;
        for unit in units {
            let code = if self.big {
                u32::from_be_bytes(*unit)
            } else {
                u32::from_le_bytes(*unit)
            };
            let found = char::from_u32(code);
            bad += u64::from(found.is_none());
            let mut bytes = [0; 4];
            output.extend_from_slice(found.unwrap_or('\u{fffd}').encode_utf8(&mut bytes).as_bytes());
        }
        if last && !tail.is_empty() {
            output.extend_from_slice(REPLACEMENT);
            return (input.len(), bad + 1);
        }
        (input.len() - tail.len(), bad)
    }
}

#[cfg(test)]
mod tests {
    use super::super::charset::named;
    use super::*;

    /// Gives so many bytes at a time.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn read(name: &str, bytes: &[u8], step: usize) -> (String, u64) {
        let bad = Arc::new(AtomicU64::new(0));
        let mut text = String::new();
        let mut source = Recoded::new(Drops(bytes, step), named(name).unwrap(), Arc::clone(&bad));
        source.read_to_string(&mut text).unwrap();
        (text, bad.load(Ordering::Relaxed))
    }

    #[test]
    fn all_encodings_give_the_same_text_however_the_bytes_come() {
        let text = "\u{fc}ber \u{1f600} \u{6f22}\n".repeat(50);
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let wide: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        let (chinese, ..) = encoding_rs::GB18030.encode(&text);
        for (name, bytes) in [
            ("utf-16be", &big[..]),
            ("utf-16le", &little),
            ("utf-32be", &wide),
            ("gb18030", &chinese),
        ] {
            for step in [1, 2, 3, 7, 1000] {
                assert_eq!(read(name, bytes, step), (text.clone(), 0), "{name} by {step}");
            }
        }
    }

    #[test]
    fn bad_sequences_are_counted_and_do_no_harm() {
        assert_eq!(
            read("utf-16le", b"a\0\x00\xd8b\0c", 2),
            ("a\u{fffd}b\u{fffd}".to_owned(), 2)
        );
        assert_eq!(
            read("utf-32le", b"a\0\0\0\0\xd8\0\0b", 3),
            ("a\u{fffd}\u{fffd}".to_owned(), 2)
        );
        let broken = [0xff; 300_000];
        assert_eq!(read("shift_jis", &broken, 1 << 16).1, 300_000);
    }

    #[test]
    fn marks_tell_the_encoding() {
        assert_eq!(mark(b"\xff\xfea\0").unwrap().1, 2);
        assert_eq!(mark(b"\xff\xfe\0\0").unwrap(), (Named::Utf32 { big: false }, 4));
        assert_eq!(mark(b"\xef\xbb\xbf"), None);
    }
}
