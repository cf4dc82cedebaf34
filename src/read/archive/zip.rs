//! zip, read by the list at its end. The `zip` crate understands the list; the members are unpacked by the decoders
//! that files have, and their lengths and checksums compared.

use super::{Ending, Member, is_hidden, left_out, shown, too_many, unpacked};
use crate::read::Settings;
use crate::read::codec::{self, Coding};
use crate::read::stream::{Counted, Notes, Watch};
use ::zip::CompressionMethod;
use ::zip::read::{Config, ZipFileEntry};
use ::zip::unstable::read::ZipIterable;
use flate2::Crc;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

/// What the list says about a member.
struct Entry {
    name: Box<str>,
    /// Where its header begins.
    begin: u64,
    packed: u64,
    size: u64,
    checksum: u32,
    method: CompressionMethod,
    encrypted: bool,
    /// It shares bytes with another one.
    overlaps: bool,
}

/// A zip archive that is open.
pub(in crate::read) struct Zip<'a> {
    file: Arc<File>,
    entries: std::vec::IntoIter<Entry>,
    window: u32,
    strict: bool,
    watch: Watch<'a>,
    ending: Ending,
}

impl<'a> Zip<'a> {
    /// The archive in this file. Fails with a reason.
    pub(super) fn open(path: &Path, settings: &Settings, watch: Watch<'a>) -> Result<Self, String> {
        let file = File::open(path).map_err(|error| format!("it cannot be read: {error}"))?;
        let file = Arc::new(file);
        let mut zip = Self {
            file: Arc::clone(&file),
            entries: Vec::new().into_iter(),
            window: settings.max_window,
            strict: settings.strict,
            watch,
            ending: Ending::default(),
        };
        let entries = zip.list(settings.max_members)?;
        zip.entries = entries.into_iter();
        Ok(zip)
    }

    /// Reads the list of members.
    fn list(&mut self, limit: u64) -> Result<Vec<Entry>, String> {
        let shared = BufReader::new(Shared {
            file: Arc::clone(&self.file),
            at: 0,
        });
        let mut archive = ZipIterable::try_new(shared, Config::default()).map_err(|error| {
            format!("the list of its members cannot be read, it may be cut short: {error}")
        })?;
        let listed = archive.files().map_err(|error| error.to_string())?;
        let (mut entries, mut others) = (Vec::new(), 0);
        for listed in listed {
            let entry = match listed {
                Ok(entry) => entry,
                Err(error) => {
                    self.ending.damage = Some(format!("the list of its members is damaged: {error}"));
                    break;
                }
            };
            let name = entry
                .name()
                .map_or_else(|_| shown(entry.name_raw()), |name| shown(name.as_bytes()));
            if matches!(name.as_str(), "[Content_Types].xml" | "mimetype") {
                return Err(
                    "it is an office document, which is not read; convert it to CSV first".to_owned(),
                );
            }
            if entry.is_symlink() {
                others += 1;
            }
            if !entry.is_file() || is_hidden(&name) {
                continue;
            }
            if entries.len() as u64 == limit {
                self.ending.damage = Some(too_many(limit));
                break;
            }
            entries.push(Entry::new(name, &entry));
        }
        self.ending.warnings.extend(left_out(others));
        mark_overlaps(&mut entries);
        Ok(entries)
    }

    /// The next member that is a file.
    pub(super) fn next(&mut self) -> Option<Member<'a>> {
        let entry = self.entries.next()?;
        let opened = self.bytes(&entry).and_then(|bytes| unpacked(bytes, self.window));
        Some(Member {
            name: entry.name.into(),
            opened,
        })
    }

    /// What is to be told once there is no next member.
    pub(super) fn end(self) -> Ending {
        self.ending
    }

    /// The bytes of a member; strictly speaking, only those that are known to be good.
    fn bytes(&self, entry: &Entry) -> Result<Box<dyn Read + Send + 'a>, String> {
        if entry.encrypted {
            return Err("it is encrypted".to_owned());
        }
        if entry.overlaps {
            return Err("it shares bytes with another member of the archive".to_owned());
        }
        if self.strict {
            let mut once = self.body(entry)?;
            io::copy(&mut once, &mut io::sink()).map_err(|error| error.to_string())?;
        }
        Ok(Box::new(self.body(entry)?))
    }

    fn body(&self, entry: &Entry) -> Result<Checked<'a>, String> {
        let damaged = |error: io::Error| format!("its header in the archive is damaged: {error}");
        let begin = data_begin(&self.file, entry.begin).map_err(damaged)?;
        let packed = Shared {
            file: Arc::clone(&self.file),
            at: begin,
        };
        let packed = Box::new(Counted::new(packed.take(entry.packed), self.watch));
        // The archive has a checksum of its own, whatever the packing has.
        let notes = Arc::new(Notes::default());
        let coding = match entry.method {
            CompressionMethod::STORE | CompressionMethod::DEFLATE => Coding::Plain,
            CompressionMethod::BZIP2 => Coding::Bzip2,
            CompressionMethod::ZSTD => Coding::Zstd,
            CompressionMethod::XZ => Coding::Xz,
            other => return Err(format!("it is packed in a way that is not read: {other}")),
        };
        let bytes: Box<dyn Read + Send + 'a> = if entry.method == CompressionMethod::DEFLATE {
            Box::new(codec::Inflated::new(packed))
        } else {
            codec::unpack(coding, packed, self.window, Vec::new(), &notes)
                .map_err(|error| error.to_string())?
        };
        Ok(Checked {
            bytes,
            left: entry.size,
            sum: Crc::new(),
            expected: entry.checksum,
        })
    }
}

impl Entry {
    fn new(name: String, entry: &ZipFileEntry<'_>) -> Self {
        Self {
            name: name.into(),
            begin: entry.header_start(),
            packed: entry.compressed_size(),
            size: entry.size(),
            checksum: entry.crc32(),
            method: entry.compression(),
            encrypted: entry.encrypted(),
            overlaps: false,
        }
    }
}

const HEADER: u64 = 30;

/// Members lie behind one another; those that do not would come out more than once.
fn mark_overlaps(entries: &mut [Entry]) {
    let mut order: Vec<_> = (0..entries.len()).collect();
    order.sort_by_key(|i| entries[*i].begin);
    let (mut end, mut last) = (0, None);
    for i in order {
        if entries[i].begin < end {
            entries[i].overlaps = true;
            last.into_iter()
                .for_each(|last: usize| entries[last].overlaps = true);
        }
        let own = entries[i]
            .begin
            .saturating_add(HEADER)
            .saturating_add(entries[i].packed);
        if own >= end {
            (end, last) = (own, Some(i));
        }
    }
}

/// Where the bytes of the member begin whose header begins here.
fn data_begin(file: &Arc<File>, begin: u64) -> io::Result<u64> {
    let mut header = [0; HEADER as usize];
    let mut at = Shared {
        file: Arc::clone(file),
        at: begin,
    };
    at.read_exact(&mut header)?;
    if !header.starts_with(b"PK\x03\x04") {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "there is none"));
    }
    let length = |at: usize| u64::from(u16::from_le_bytes([header[at], header[at + 1]]));
    Ok(begin + HEADER + length(26) + length(28))
}

/// A place in a file of which there may be several.
struct Shared {
    file: Arc<File>,
    at: u64,
}

impl Read for Shared {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = &*self.file;
        file.seek(SeekFrom::Start(self.at))?;
        let count = file.read(buffer)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.file.metadata()?.len().checked_add_signed(by),
        }
        .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

/// Compares length and checksum with what the list says.
struct Checked<'a> {
    bytes: Box<dyn Read + Send + 'a>,
    left: u64,
    sum: Crc,
    expected: u32,
}

impl Read for Checked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        self.sum.update(&buffer[..count]);
        let fault = if count as u64 > self.left {
            "it is longer than the archive says"
        } else if count > 0 || buffer.is_empty() {
            self.left -= count as u64;
            return Ok(count);
        } else if self.left > 0 {
            "it is shorter than the archive says"
        } else if self.sum.sum() != self.expected {
            "its checksum does not match"
        } else {
            return Ok(0);
        };
        Err(io::Error::new(io::ErrorKind::InvalidData, fault))
    }
}
