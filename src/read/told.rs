//! What is known of the inputs beside their records: what was read of each, how sums of parts of a run add up, and
//! where a run can begin again.

use super::findings::{FEW, Told, Use};
use super::walk::{Input, Inputs};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::UNIX_EPOCH;
use twox_hash::XxHash3_128;

/// An input that was read, as a manifest tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The file, as the user named it.
    pub path: String,
    /// Its length on disk; unknown for pipes.
    pub size: Option<u64>,
    /// How many bytes of it were read.
    pub bytes: u64,
    /// XXH3 (128 bits, hexadecimal) of these bytes.
    pub xxh3: String,
}

/// What an input was when a run began. Another run can go on with that run only if it finds the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The file, as the user named it.
    pub path: String,
    /// Its length on disk; unknown for pipes.
    pub size: Option<u64>,
    /// When it was last written to, in nanoseconds since 1970.
    pub modified: Option<i64>,
}

impl Inputs {
    /// What the inputs are now.
    pub fn stamps(&self) -> Vec<Stamp> {
        self.files.iter().map(stamp).collect()
    }
}

fn stamp(input: &Input) -> Stamp {
    let modified = fs::metadata(&input.path).and_then(|found| found.modified()).ok();
    let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    Stamp {
        path: input.name.clone(),
        size: input.size,
        modified: since.and_then(|since| i64::try_from(since.as_nanos()).ok()),
    }
}

/// Where a run can begin again: at an input that was open when a batch ended, or at the next one. Batches are numbered
/// from there, so that those which are done already are told by their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mark {
    /// The input's place in the list.
    pub input: usize,
    /// The batch in which it was opened.
    pub batch: u64,
    /// What that batch held before.
    pub(super) filled: usize,
    pub(super) weight: usize,
    pub(super) records: u64,
    /// How many records were left to read then, if they were counted.
    pub(super) left: Option<u64>,
    /// The first batch that is not done.
    pub next: u64,
}

const BLOCK: usize = 1 << 20;

/// Sums up the bytes of one input at a time, as they leave the disk.
#[derive(Default)]
pub struct Tally(Mutex<(u64, XxHash3_128)>);

impl Tally {
    /// Begins with a new input.
    pub(super) fn begin(&self) {
        *self.lock() = Default::default();
    }

    /// Takes the next bytes.
    pub(super) fn add(&self, bytes: &[u8]) {
        let mut sums = self.lock();
        sums.0 += bytes.len() as u64;
        sums.1.write(bytes);
    }

    /// Takes a whole file, which was read here and there only; what cannot be read is left out.
    pub(super) fn whole(&self, path: &Path, stop: impl Fn() -> bool) {
        self.begin();
        let Ok(mut file) = File::open(path) else { return };
        let mut block = vec![0; BLOCK];
        while let (false, Ok(count @ 1..)) = (stop(), file.read(&mut block)) {
            self.add(&block[..count]);
        }
    }

    /// How many bytes there were, and their hash.
    pub(super) fn sums(&self) -> (u64, String) {
        let sums = self.lock();
        (sums.0, format!("{:032x}", sums.1.finish_128()))
    }

    fn lock(&self) -> MutexGuard<'_, (u64, XxHash3_128)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Told {
    /// Adds what is told of the part of the run that comes after.
    pub fn add(&mut self, later: Told) {
        self.files += later.files;
        self.members += later.members;
        self.first_members.extend(later.first_members);
        self.first_members.truncate(FEW);
        self.archives.extend(later.archives);
        self.damaged.extend(later.damaged);
        self.unverified.extend(later.unverified);
        self.warnings.extend(later.warnings);
        self.inputs.extend(later.inputs);
        self.repairs.add(&later.repairs);
        for used in later.mappings {
            self.map(used);
        }
    }

    /// Notes a mapping, once for all files that share it.
    pub(super) fn map(&mut self, used: Use) {
        let same = |known: &&mut Use| known.format == used.format && known.fields == used.fields;
        match self.mappings.iter_mut().find(same) {
            Some(known) => known.files += used.files,
            None => self.mappings.push(used),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_is_of_one_input_however_its_bytes_come() {
        let tally = Tally::default();
        tally.add(b"of another input");
        tally.begin();
        tally.add(b"a");
        tally.add(b"bc");
        // What `xxhsum -H2` says of "abc".
        assert_eq!(tally.sums(), (3, "06b05ab6733a618578af5f94892f3950".to_owned()));
    }
}
