//! Archives: files that hold files. Each member is read like a file of its own, straight out of the archive; nothing
//! is ever written to disk and no link is followed. One file here for each kind.

mod tar;
mod zip;

use self::tar::Tar;
use self::zip::Zip;
use super::codec::{self, Coding};
use super::stream::{Notes, Stream, Watch};
use super::walk::Input;
use super::{Origin, Settings};
use std::io;
use std::sync::Arc;

/// The kinds of archives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// tar, in any of its dialects.
    Tar,
    /// zip, with or without its extensions for large files.
    Zip,
}

/// How a zip begins: with a member, with the end of an empty list, or with a mark that it was to be split.
const ZIP: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x05\x06", b"PK00PK\x03\x04"];

/// How much of the beginning tells an archive.
pub(super) const HEAD: usize = 512;

impl Kind {
    /// The archive that begins so, if it is one.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        if ZIP.iter().any(|mark| head.starts_with(mark)) {
            return Some(Kind::Zip);
        }
        tar::is_header(head).then_some(Kind::Tar)
    }

    /// What the name of a file promises, once its packing is left out.
    pub(super) fn promised(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let packed = Coding::promised(&name) != Coding::Plain;
        let (stem, suffix) = name.rsplit_once('.')?;
        match suffix {
            "tar" => Some(Kind::Tar),
            "zip" => Some(Kind::Zip),
            suffix if packed && (suffix.starts_with('t') || stem.ends_with(".tar")) => Some(Kind::Tar),
            _ => None,
        }
    }

    /// The word for messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Tar => "tar",
            Kind::Zip => "zip",
        }
    }
}

/// A member on its way to be read.
pub(super) struct Member<'a> {
    /// Its name, never used as a path.
    pub(super) name: String,
    /// Its bytes, or why there are none.
    pub(super) opened: Result<(Coding, Stream<'a>), String>,
}

/// An archive that is open.
pub(super) enum Archive<'a> {
    /// Read as it comes.
    Tar(Tar<'a>),
    /// Read from the list at its end.
    Zip(Zip<'a>),
}

/// What is to be told of an archive at its end.
#[derive(Default)]
pub(super) struct Ending {
    /// What is wrong with the archive itself.
    pub(super) damage: Option<String>,
    /// What was left out, a sentence each.
    pub(super) warnings: Vec<String>,
    /// What its decoders have noted.
    pub(super) notes: Arc<Notes>,
}

impl<'a> Archive<'a> {
    /// The archive in this stream, which stands at its beginning. Fails with a reason.
    pub(super) fn open(
        kind: Kind,
        input: &Input,
        coding: Coding,
        stream: Stream<'a>,
        settings: &Settings,
        watch: Watch<'a>,
    ) -> Result<Self, String> {
        match kind {
            Kind::Tar => Ok(Archive::Tar(Tar::new(stream, settings))),
            Kind::Zip if coding != Coding::Plain || input.size.is_none() => Err(
                "it is a zip archive whose list of members stands at its end, so that it is read only as a plain \
                 file; unpack it or save it to a file first"
                    .to_owned(),
            ),
            Kind::Zip => Zip::open(&input.path, settings, watch).map(Archive::Zip),
        }
    }

    /// The next member that is a file.
    pub(super) fn next(&mut self) -> Option<Member<'a>> {
        match self {
            Archive::Tar(tar) => tar.next(),
            Archive::Zip(zip) => zip.next(),
        }
    }

    /// What is to be told once there is no next member.
    pub(super) fn end(self) -> Ending {
        match self {
            Archive::Tar(tar) => tar.end(),
            Archive::Zip(zip) => zip.end(),
        }
    }
}

/// Whether the system put this member there, or it is hidden: such are left out as they are in folders.
fn is_hidden(name: &str) -> bool {
    name.split(['/', '\\'])
        .any(|part| part == "__MACOSX" || (part.starts_with('.') && part != "." && part != ".."))
}

/// A name as messages and rows show it: text, and not too long.
fn shown(name: &[u8]) -> String {
    const LONGEST: usize = 4096;
    String::from_utf8_lossy(&name[..name.len().min(LONGEST)]).into_owned()
}

/// The bytes of a member without the packing of its own.
fn unpacked<'a>(bytes: Box<dyn io::Read + Send + 'a>, window: u32) -> Result<(Coding, Stream<'a>), String> {
    codec::decode(bytes, window).map_err(|error| format!("it cannot be read: {error}"))
}

/// The sentence for an archive with too many members.
fn too_many(limit: u64) -> String {
    format!("it holds more than the {limit} members that max_members allows; the rest of them is not read")
}

/// The sentence for members that are no files.
fn left_out(links: u64) -> Option<String> {
    let were = match links {
        0 => return None,
        1 => "1 member that is a link, a device or the like is".to_owned(),
        more => format!("{more} members that are links, devices or the like are"),
    };
    Some(format!("{were} left out"))
}

impl Origin {
    /// A member of this file.
    pub(super) fn member(path: &str, member: &str) -> Self {
        Self {
            path: path.to_owned(),
            member: Some(member.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_promise_archives_and_hide_members() {
        for (name, kind) in [
            ("a.tar", Some(Kind::Tar)),
            ("a.TAR.gz", Some(Kind::Tar)),
            ("a.tgz", Some(Kind::Tar)),
            ("a.tar.zst", Some(Kind::Tar)),
            ("a.tbz2", Some(Kind::Tar)),
            ("a.zip", Some(Kind::Zip)),
            ("a.txt", None),
            ("tar", None),
            ("a.jsonl.gz", None),
        ] {
            assert_eq!(Kind::promised(name), kind, "{name}");
        }
        for hidden in ["__MACOSX/a.txt", "a/.DS_Store", "._a.txt", ".git/config"] {
            assert!(is_hidden(hidden), "{hidden}");
        }
        for seen in ["./a.txt", "../a.txt", "/a/b.c", "a..txt"] {
            assert!(!is_hidden(seen), "{seen}");
        }
    }
}
