//! From a file to its decoded bytes, told by the first of them and never by the name: gzip, bzip2 and xz with all their
//! members, Zstandard with all its frames, or nothing to decode. Faults do not end a file as long as another member
//! follows. One file here for each coding; `members` goes from one member to the next.

mod bzip2;
mod gzip;
mod members;
mod window;
mod xz;
mod zstd;

pub(super) use self::gzip::Inflated;

use self::bzip2::Bzip2;
use self::gzip::Gzip;
use self::members::{Member, Members};
use self::xz::Xz;
use self::zstd::Zstd;
use super::Settings;
use super::ahead::Opened;
use super::pipe::Piped;
use super::stream::{Counted, Notes, Stream, Watch};
use super::walk::Input;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

const GZIP: &[u8] = &[0x1f, 0x8b, 8];
const XZ: &[u8] = b"\xfd7zXZ\0";
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// How many bytes tell a coding.
const HEAD: usize = 10;

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// Not at all.
    Plain,
    /// gzip, any number of members.
    Gzip,
    /// bzip2, any number of streams.
    Bzip2,
    /// xz, any number of streams.
    Xz,
    /// zstd, any number of frames.
    Zstd,
}

/// What suffixes promise.
const SUFFIXES: [(&str, Coding); 11] = [
    (".gz", Coding::Gzip),
    (".tgz", Coding::Gzip),
    (".bz2", Coding::Bzip2),
    (".tbz2", Coding::Bzip2),
    (".tbz", Coding::Bzip2),
    (".xz", Coding::Xz),
    (".txz", Coding::Xz),
    (".zst", Coding::Zstd),
    (".zstd", Coding::Zstd),
    (".tzst", Coding::Zstd),
    (".tzstd", Coding::Zstd),
];

impl Coding {
    /// What the name of a file promises.
    pub fn promised(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let known = SUFFIXES.iter().find(|(suffix, _)| name.ends_with(suffix));
        known.map_or(Coding::Plain, |(_, coding)| *coding)
    }

    /// The word for messages.
    pub fn name(self) -> &'static str {
        match self {
            Coding::Plain => "plain",
            Coding::Gzip => Gzip::CODING,
            Coding::Bzip2 => Bzip2::CODING,
            Coding::Xz => Xz::CODING,
            Coding::Zstd => Zstd::CODING,
        }
    }

    /// What these first bytes of a file say.
    pub fn of(head: &[u8]) -> Self {
        if head.starts_with(&GZIP[..2]) {
            Coding::Gzip
        } else if head.starts_with(XZ) {
            Coding::Xz
        } else if zstd::begins(head) {
            Coding::Zstd
        } else if bzip2::begins(head) {
            Coding::Bzip2
        } else {
            Coding::Plain
        }
    }
}

/// Opens an input and decodes it. Strictly, it is read once before to find the members that are damaged.
pub(super) fn open<'a>(
    input: &Input,
    opened: Option<io::Result<Opened>>,
    settings: &Settings,
    watch: Watch<'a>,
) -> io::Result<(Coding, Stream<'a>)> {
    let bad = if settings.strict {
        faults(input, settings.max_window, watch)?
    } else {
        Vec::new()
    };
    let source: Box<dyn Read + Send + 'a> = if input.is_stdin() {
        Box::new(Counted::new(Piped::stdin(watch), watch))
    } else if let Some(opened) = opened {
        let Opened { head, rest, .. } = opened?;
        match rest {
            Some(rest) => Box::new(Counted::new(Cursor::new(head).chain(rest), watch)),
            None => Box::new(Counted::new(Cursor::new(head), watch)),
        }
    } else if input.size.is_some() {
        Box::new(Counted::new(File::open(&input.path)?, watch))
    } else {
        Box::new(Counted::new(Piped::file(input.path.clone(), watch), watch))
    };
    decode_without(source, settings.max_window, bad)
}

/// The members of a file that are damaged, by their numbers.
fn faults(input: &Input, window: u32, watch: Watch<'_>) -> io::Result<Vec<u64>> {
    let uncounted = AtomicU64::new(0);
    let watch = Watch {
        bytes: &uncounted,
        tally: None,
        ..watch
    };
    let (coding, mut stream) = decode(Box::new(Counted::new(File::open(&input.path)?, watch)), window)?;
    let mut buffer = vec![0; if coding == Coding::Plain { 0 } else { 1 << 17 }];
    while !buffer.is_empty() && !stream.is_over() {
        stream.fill(&mut buffer, 0);
        stream.pass_gap();
    }
    Ok(stream.notes().faults())
}

/// Tells the coding of the bytes from the first of them and takes it off. No window or dictionary may be larger than
/// this power of two.
pub fn decode<'a>(source: Box<dyn Read + Send + 'a>, window: u32) -> io::Result<(Coding, Stream<'a>)> {
    decode_without(source, window, Vec::new())
}

/// The same, without the members of these numbers.
fn decode_without<'a>(
    mut source: Box<dyn Read + Send + 'a>,
    window: u32,
    bad: Vec<u64>,
) -> io::Result<(Coding, Stream<'a>)> {
    let mut head = [0; HEAD];
    let length = read_head(&mut source, &mut head)?;
    let coding = Coding::of(&head[..length]);
    let whole = Box::new(Cursor::new(head).take(length as u64).chain(source));
    if coding == Coding::Plain {
        return Ok((coding, Stream::new(whole)));
    }
    let notes = Arc::new(Notes::default());
    let decoded = unpack(coding, whole, window, bad, &notes)?;
    Ok((coding, Stream::noted(decoded, notes)))
}

/// The bytes without this coding.
pub(super) fn unpack<'a>(
    coding: Coding,
    source: Box<dyn Read + Send + 'a>,
    window: u32,
    bad: Vec<u64>,
    notes: &Arc<Notes>,
) -> io::Result<Box<dyn Read + Send + 'a>> {
    let notes = Arc::clone(notes);
    Ok(match coding {
        Coding::Plain => source,
        Coding::Gzip => Box::new(Members::new(source, Gzip::new(), bad, notes)),
        Coding::Bzip2 => Box::new(Members::new(source, Bzip2::new(), bad, notes)),
        Coding::Xz => Box::new(Members::new(source, Xz::new(window), bad, notes)),
        Coding::Zstd => Box::new(Members::new(source, Zstd::new(window)?, bad, notes)),
    })
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

/// The sentence for what would take more memory than was allowed.
fn too_large(what: &str, window: u32) -> String {
    let allowed = (1_u64 << window) >> 10;
    let (allowed, unit) = if allowed < 1024 {
        (allowed, "KiB")
    } else {
        (allowed >> 10, "MiB")
    };
    format!("it needs a {what} of more than {allowed} {unit}, which max_window allows")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::stream::Reached;
    use std::io::Write;

    fn read(bytes: &[u8]) -> (Vec<u8>, Option<String>) {
        let (_, mut stream) = decode(Box::new(Cursor::new(bytes.to_vec())), 27).unwrap();
        let (mut all, mut gap, mut buffer) = (Vec::new(), None, [0; 1000]);
        loop {
            let (filled, reached) = stream.fill(&mut buffer, 0);
            all.extend_from_slice(&buffer[..filled]);
            if reached == Reached::End {
                return (all, gap.or(stream.damage().map(str::to_owned)));
            }
            gap = gap.or(stream.pass_gap());
        }
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn bzip2(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ::bzip2::write::BzEncoder::new(Vec::new(), ::bzip2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ::zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
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
        for coded in [gzip(&text), bzip2(&text), zstd(&text)] {
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
            (bzip2(b"text"), b"junk"),
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
        for coded in [
            gzip(&text),
            bzip2(&text),
            zstd(&text),
            [gzip(&text), gzip(&text)].concat(),
        ] {
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
        for coded in [gzip(&text), bzip2(&text), zstd(&text)] {
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
    fn behind_a_fault_the_next_member_is_read() {
        for pack in [gzip, bzip2, zstd] {
            let parts: Vec<_> = (0..30_u8).map(|n| pack(&[b'a' + n % 26; 90])).collect();
            for bit in 0..parts[10].len() * 8 {
                let mut coded = parts.clone();
                coded[10][bit / 8] ^= 1 << (bit % 8);
                let (bytes, damage) = read(&coded.concat());
                let good = bytes.len() == 30 * 90 && damage.is_none();
                assert!(
                    good || damage.is_some() && bytes.len() >= 28 * 90,
                    "bit {bit}: {damage:?}"
                );
            }
        }
    }

    #[test]
    fn a_window_beyond_the_limit_is_refused() {
        let mut encoder = ::zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
        encoder.window_log(28).unwrap();
        encoder.write_all(b"text").unwrap();
        let (_, damage) = read(&encoder.finish().unwrap());
        assert!(damage.unwrap().contains("window of more than 128 MiB"));
    }
}
