//! From a file to its decoded bytes: gzip with all its members, zstd with all its frames, or nothing to decode, told
//! by the first bytes and never by the name.

use super::stream::{Counted, Piped, Stream, Watch};
use super::walk::Input;
use flate2::bufread::GzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};

/// The long window that dumps of large archives need; more must be asked for.
const ZSTD_WINDOW_LOG: u32 = 27;
const BUFFER: usize = 1 << 17;

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// Not at all.
    Plain,
    /// gzip, any number of members.
    Gzip,
    /// zstd, any number of frames.
    Zstd,
}

impl Coding {
    /// What the name of a file promises.
    pub fn promised(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        if name.ends_with(".gz") {
            Coding::Gzip
        } else if name.ends_with(".zst") || name.ends_with(".zstd") {
            Coding::Zstd
        } else {
            Coding::Plain
        }
    }

    /// The word for messages.
    pub fn name(self) -> &'static str {
        match self {
            Coding::Plain => "plain",
            Coding::Gzip => "gzip",
            Coding::Zstd => "zstd",
        }
    }

    fn of(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Coding::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Coding::Zstd,
            _ => Coding::Plain,
        }
    }
}

/// Opens an input and decodes it.
pub fn open<'a>(input: &Input, watch: Watch<'a>) -> io::Result<(Coding, Stream<'a>)> {
    if input.is_stdin() {
        return decode(Counted::new(Piped::stdin(watch), watch));
    }
    if input.size.is_some() {
        decode(Counted::new(File::open(&input.path)?, watch))
    } else {
        decode(Counted::new(Piped::file(input.path.clone(), watch), watch))
    }
}

/// Tells the coding of the bytes from the first of them and takes it off.
pub fn decode<'a>(mut source: impl Read + Send + 'a) -> io::Result<(Coding, Stream<'a>)> {
    let mut head = [0; 4];
    let length = read_head(&mut source, &mut head)?;
    let whole = Cursor::new(head).take(length as u64).chain(source);
    let coding = Coding::of(&head[..length]);
    let decoded: Box<dyn Read + Send + 'a> = match coding {
        Coding::Gzip => Box::new(Gzip::new(BufReader::with_capacity(BUFFER, whole))),
        Coding::Zstd => Box::new(Zstd::new(whole)?),
        Coding::Plain => Box::new(whole),
    };
    Ok((coding, Stream::new(decoded)))
}

fn read_head(source: &mut impl Read, head: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < head.len() {
        match source.read(&mut head[length..]) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// All members of a gzip file, one after the other. The library's own decoder takes padding for a broken header, so
/// the way from member to member is walked here.
struct Gzip<R: BufRead> {
    member: Option<GzDecoder<R>>,
    members: u64,
}

impl<R: BufRead> Gzip<R> {
    fn new(source: R) -> Self {
        Self {
            member: Some(GzDecoder::new(source)),
            members: 1,
        }
    }

    /// Goes on to the next member, if there is one; zeros may fill the file up.
    fn next_member(&mut self, ended: GzDecoder<R>) -> io::Result<()> {
        let mut source = ended.into_inner();
        let padded = skip_zeros(&mut source)?;
        let next = source.fill_buf()?.first().copied();
        match next {
            None => return Ok(()),
            Some(0x1f) if !padded => {}
            Some(_) => return Err(garbage("gzip", self.members)),
        }
        self.member = Some(GzDecoder::new(source));
        self.members += 1;
        Ok(())
    }
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(mut member) = self.member.take() {
            match member.read(buffer) {
                Ok(0) if !buffer.is_empty() => self.next_member(member)?,
                Ok(count) => {
                    self.member = Some(member);
                    return Ok(count);
                }
                Err(error) => return Err(gzip_fault(&error, self.members)),
            }
        }
        Ok(0)
    }
}

fn skip_zeros(source: &mut impl BufRead) -> io::Result<bool> {
    let mut padded = false;
    loop {
        let bytes = source.fill_buf()?;
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let more = zeros > 0 && zeros == bytes.len();
        source.consume(zeros);
        padded |= zeros > 0;
        if !more {
            return Ok(padded);
        }
    }
}

fn garbage(coding: &str, members: u64) -> io::Error {
    let parts = if members == 1 {
        "the only member"
    } else {
        "the last member"
    };
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("there is garbage after {parts} of the {coding} file"),
    )
}

fn gzip_fault(error: &io::Error, member: u64) -> io::Error {
    let what = match error.kind() {
        io::ErrorKind::UnexpectedEof => "is cut short".to_owned(),
        io::ErrorKind::Interrupted => return io::ErrorKind::Interrupted.into(),
        _ => format!("is damaged: {error}"),
    };
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("member {member} of the gzip file {what}"),
    )
}

/// All frames of a zstd file, with messages for people.
struct Zstd<'a, R: Read> {
    frames: zstd::stream::read::Decoder<'a, BufReader<R>>,
}

impl<R: Read> Zstd<'_, R> {
    fn new(source: R) -> io::Result<Self> {
        let source = BufReader::with_capacity(BUFFER, source);
        let mut frames = zstd::stream::read::Decoder::with_buffer(source)?;
        frames.window_log_max(ZSTD_WINDOW_LOG)?;
        Ok(Self { frames })
    }
}

impl<R: Read> Read for Zstd<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.frames.read(buffer).map_err(|error| {
            let text = error.to_string();
            let what = match error.kind() {
                io::ErrorKind::Interrupted => return error,
                io::ErrorKind::UnexpectedEof => "is cut short".to_owned(),
                _ if text.contains("Unknown frame descriptor") => {
                    "has garbage after its last frame".to_owned()
                }
                _ if text.contains("too much memory") => {
                    format!(
                        "needs a window of more than {} MiB",
                        (1_u64 << ZSTD_WINDOW_LOG) >> 20
                    )
                }
                _ => format!("is damaged: {text}"),
            };
            io::Error::new(io::ErrorKind::InvalidData, format!("the zstd file {what}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::stream::Reached;
    use std::io::Write;

    fn read(bytes: &[u8]) -> (Vec<u8>, Option<String>) {
        let (_, mut stream) = decode(Cursor::new(bytes.to_vec())).unwrap();
        let (mut all, mut buffer) = (Vec::new(), [0; 1000]);
        loop {
            let (filled, reached) = stream.fill(&mut buffer, 0);
            all.extend_from_slice(&buffer[..filled]);
            if reached == Reached::End {
                return (all, stream.damage().map(str::to_owned));
            }
        }
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
        encoder.include_checksum(true).unwrap();
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn plain_bytes_pass() {
        for text in [&b""[..], b"a", b"abc", b"abcd", b"abcde"] {
            assert_eq!(read(text), (text.to_vec(), None));
        }
    }

    #[test]
    fn all_members_and_frames_are_read() {
        let text: Vec<u8> = (0..50_000_u32).flat_map(u32::to_le_bytes).collect();
        for coded in [gzip(&text), zstd(&text)] {
            assert_eq!(read(&coded), (text.clone(), None));
            let twice = [coded.clone(), coded].concat();
            assert_eq!(read(&twice), ([text.clone(), text.clone()].concat(), None));
        }
        let skippable = [&[0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9][..], &zstd(b"frame")].concat();
        assert_eq!(read(&skippable), (b"frame".to_vec(), None));
    }

    #[test]
    fn zeros_after_gzip_are_padding_and_all_else_is_garbage() {
        let padded = [gzip(b"text"), vec![0; 300_000]].concat();
        assert_eq!(read(&padded), (b"text".to_vec(), None));
        for (coded, tail) in [
            (gzip(b"text"), &b"\0\0junk"[..]),
            (gzip(b"text"), b"junk"),
            (zstd(b"text"), b"junk"),
        ] {
            let (bytes, damage) = read(&[&coded, tail].concat());
            assert_eq!(bytes, b"text");
            assert!(damage.unwrap().contains("garbage after"));
        }
    }

    #[test]
    fn every_cut_is_flagged() {
        let text: Vec<u8> = (0..300_u32)
            .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
            .collect();
        for coded in [gzip(&text), zstd(&text), [gzip(&text), gzip(&text)].concat()] {
            let half = coded.len() / 2;
            for cut in 4..coded.len() {
                let (bytes, damage) = read(&coded[..cut]);
                let between_members = cut == half && bytes.len() == text.len();
                assert!(
                    damage.is_some() || between_members,
                    "cut at {cut} of {}",
                    coded.len()
                );
                assert!(text.repeat(2).starts_with(&bytes));
            }
        }
    }

    #[test]
    fn every_flipped_bit_is_flagged_or_harmless() {
        let text = b"The minister warned that the ministry would answer the ministers in kind. ".repeat(3);
        for coded in [gzip(&text), zstd(&text)] {
            for bit in 0..coded.len() * 8 {
                let mut flipped = coded.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                let (bytes, damage) = read(&flipped);
                let plain = bytes == flipped;
                assert!(plain || damage.is_some() || bytes == text, "bit {bit}");
            }
        }
    }

    #[test]
    fn a_window_beyond_the_limit_is_refused() {
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
        encoder.window_log(28).unwrap();
        encoder.write_all(b"text").unwrap();
        let (_, damage) = read(&encoder.finish().unwrap());
        assert!(damage.unwrap().contains("window of more than 128 MiB"));
    }
}
