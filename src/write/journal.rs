//! A file of lines that is true at every instant: a line is added whole, with its checksum, and is on the disk before
//! anything else goes on. What a crash has left half-written is cut off when the file is opened.

use super::faults;
use crate::error::{Error, Kind, Result};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use twox_hash::XxHash3_64;

/// An open journal. It belongs to this process until it is dropped.
#[derive(Debug)]
pub struct Journal {
    file: File,
    name: String,
}

impl Journal {
    /// Opens or makes a journal; gives it with the lines that it holds.
    pub fn open(path: &Path) -> Result<(Self, Vec<String>)> {
        let name = path.to_string_lossy().into_owned();
        let failed = |error: io::Error| Error::io(Kind::Output, &name, &error);
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(false);
        let mut file = faults::step().and_then(|()| options.open(path)).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(taken(&name)),
            // A disk without locks is used without them.
            Err(TryLockError::Error(_)) => {}
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let (lines, length) = whole_lines(&bytes);
        if length < bytes.len() {
            file.set_len(length as u64).map_err(failed)?;
        }
        file.seek(SeekFrom::Start(length as u64)).map_err(failed)?;
        Ok((Self { file, name }, lines))
    }

    /// Adds a line and waits until it is on the disk.
    pub fn add(&mut self, line: &str) -> Result<()> {
        let bytes = format!("{:016x} {line}\n", XxHash3_64::oneshot(line.as_bytes()));
        let written = faults::step().and_then(|()| self.file.write_all(bytes.as_bytes()));
        let synced = written
            .and_then(|()| faults::step())
            .and_then(|()| self.file.sync_all());
        synced.map_err(|error| Error::io(Kind::Output, &self.name, &error))
    }
}

/// The lines up to the first that is not whole, and where they end.
fn whole_lines(bytes: &[u8]) -> (Vec<String>, usize) {
    let (mut lines, mut length) = (Vec::new(), 0);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let Some(text) = checked(line) else { break };
        lines.push(text.to_owned());
        length += line.len();
    }
    (lines, length)
}

fn checked(line: &[u8]) -> Option<&str> {
    let line = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let (sum, text) = line.split_once(' ')?;
    let expected = u64::from_str_radix(sum, 16).ok()?;
    (expected == XxHash3_64::oneshot(text.as_bytes())).then_some(text)
}

fn taken(name: &str) -> Error {
    Error::new(Kind::Option, "another run writes here")
        .at_path(name)
        .hint("wait for its end, or choose another output")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn half_a_line_is_cut_off_and_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let (mut journal, lines) = Journal::open(&path).unwrap();
        assert!(lines.is_empty());
        journal.add("one").unwrap();
        journal.add("two").unwrap();
        assert_eq!(
            Journal::open(&path).unwrap_err().kind,
            Kind::Option,
            "it is taken"
        );
        drop(journal);
        let whole = fs::read(&path).unwrap();
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            let (mut journal, lines) = Journal::open(&path).unwrap();
            assert_eq!(lines.len(), usize::from(length >= whole.len() / 2), "{length}");
            for line in ["one", "two"].iter().skip(lines.len()) {
                journal.add(line).unwrap();
            }
            drop(journal);
            assert_eq!(fs::read(&path).unwrap(), whole);
        }
    }

    #[test]
    fn a_line_that_a_disk_has_garbled_is_no_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let (mut journal, _) = Journal::open(&path).unwrap();
        journal.add("one").unwrap();
        journal.add("two").unwrap();
        drop(journal);
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() / 2 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(&path, &bytes).unwrap();
            assert_eq!(Journal::open(&path).unwrap().1, Vec::<String>::new(), "{at}");
        }
    }
}
