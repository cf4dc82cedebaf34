//! Where bytes go: standard output, a device or a pipe, or a file that comes into being all at once. A regular file
//! is written under another name in its folder, synced, renamed, and its folder synced; a reader never sees half of
//! it, and what is not committed is removed.

use super::faults;
use crate::error::{Error, Kind, Result};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Names under which standard output goes by; opening one would write over what the shell has sent there before.
const STANDARD_OUTPUT: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// An output being written. Dropped before `commit`, it leaves nothing behind.
#[derive(Debug)]
pub struct Output {
    name: String,
    place: Place,
    written: u64,
    digest: Option<Sha256>,
}

/// What was written to an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// How many bytes.
    pub bytes: u64,
    /// Their SHA-256, hexadecimal; of an output that was asked to be digested.
    pub sha256: String,
}

#[derive(Debug)]
enum Place {
    Stdout(io::Stdout),
    Through(File),
    Replace(Replacement),
}

#[derive(Debug)]
struct Replacement {
    file: File,
    temporary: PathBuf,
    target: PathBuf,
    overwrite: bool,
    done: bool,
}

impl Output {
    /// Opens an output by the name that the user gave it; `-` is standard output. A file that exists is replaced only
    /// with `overwrite`, and not before `commit`.
    pub fn create(name: &str, overwrite: bool) -> Result<Self> {
        let place = if STANDARD_OUTPUT.contains(&name) {
            Place::Stdout(io::stdout())
        } else {
            open_path(name, overwrite)?
        };
        Ok(Self {
            name: name.into(),
            place,
            written: 0,
            digest: None,
        })
    }

    /// The same output, of which a digest is made while it is written.
    #[must_use]
    pub fn digested(mut self) -> Self {
        self.digest = Some(Sha256::new());
        self
    }

    /// What was written so far.
    pub fn written(&self) -> Written {
        let mut sha256 = String::new();
        for byte in self.digest.iter().flat_map(|digest| digest.clone().finalize()) {
            let _ = write!(sha256, "{byte:02x}");
        }
        Written {
            bytes: self.written,
            sha256,
        }
    }

    /// Writes bytes; the error names the output.
    pub fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.write_all(bytes).map_err(|error| self.failed(&error))
    }

    /// Makes the outputs of one run last: all are synced before the first gets its name, so that a full disk leaves
    /// none of them.
    pub fn commit(mut outputs: Vec<Output>) -> Result<()> {
        outputs.iter_mut().try_for_each(Output::sync)?;
        outputs.into_iter().try_for_each(Output::rename)
    }

    fn sync(&mut self) -> Result<()> {
        let synced = faults::step().and_then(|()| match &mut self.place {
            Place::Replace(replacement) => replacement.file.sync_all(),
            Place::Stdout(stdout) => stdout.flush(),
            Place::Through(file) => file.flush(),
        });
        if matches!(&self.place, Place::Replace(replacement) if replacement.is_refused()) {
            return Err(exists(&self.name));
        }
        synced.map_err(|error| self.failed(&error))
    }

    fn rename(mut self) -> Result<()> {
        match &mut self.place {
            Place::Replace(replacement) => replacement.rename().map_err(|error| self.failed(&error)),
            Place::Stdout(_) | Place::Through(_) => Ok(()),
        }
    }

    /// The name that the user gave it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file that comes into being, by its one full name; none for streams and devices.
    pub fn file(&self) -> Option<&Path> {
        match &self.place {
            Place::Replace(replacement) => Some(&replacement.target),
            Place::Stdout(_) | Place::Through(_) => None,
        }
    }

    /// Whether this is standard output.
    pub fn is_stdout(&self) -> bool {
        matches!(self.place, Place::Stdout(_))
    }

    fn failed(&self, error: &io::Error) -> Error {
        Error::io(Kind::Output, &self.name, error)
    }
}

impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        faults::step()?;
        let count = match &mut self.place {
            Place::Stdout(stdout) => stdout.write(bytes),
            Place::Through(file) => file.write(bytes),
            Place::Replace(replacement) => replacement.file.write(bytes),
        }?;
        self.written += count as u64;
        if let Some(digest) = &mut self.digest {
            digest.update(&bytes[..count]);
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.place {
            Place::Stdout(stdout) => stdout.flush(),
            Place::Through(file) => file.flush(),
            Place::Replace(replacement) => replacement.file.flush(),
        }
    }
}

impl Replacement {
    /// Begins a file beside its target; the name tells the process, so that two runs do not meet.
    fn begin(target: PathBuf, overwrite: bool) -> io::Result<Self> {
        let name = target
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        faults::step()?;
        for attempt in 0..1_000 {
            let temporary = target.with_file_name(format!(".{name}.{}-{attempt}.tmp", std::process::id()));
            match OpenOptions::new().write(true).create_new(true).open(&temporary) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(file) => {
                    return Ok(Self {
                        file,
                        temporary,
                        target,
                        overwrite,
                        done: false,
                    });
                }
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Whether somebody else made the target meanwhile.
    fn is_refused(&self) -> bool {
        !self.overwrite && self.target.exists()
    }

    fn rename(&mut self) -> io::Result<()> {
        if let Ok(replaced) = fs::metadata(&self.target) {
            fs::set_permissions(&self.temporary, replaced.permissions())?;
        }
        faults::step()?;
        fs::rename(&self.temporary, &self.target)?;
        self.done = true;
        faults::step()?;
        sync_folder(&self.target)
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if !self.done {
            // Nobody is left to hear of a failure here; the file bears a name that tells what it is.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

fn open_path(name: &str, overwrite: bool) -> Result<Place> {
    let failed = |error: io::Error| Error::io(Kind::Output, name, &error);
    let path = Path::new(name);
    let target = match fs::metadata(path) {
        Ok(found) if found.is_dir() => return Err(is_a_folder(name)),
        Ok(found) if !found.is_file() => {
            let file = OpenOptions::new().write(true).open(path).map_err(failed)?;
            return Ok(Place::Through(file));
        }
        Ok(_) if !overwrite => return Err(exists(name)),
        // A link stays a link: what it points to is replaced.
        Ok(_) => fs::canonicalize(path).map_err(failed)?,
        Err(_) => new_file(path, name)?,
    };
    let replacement = Replacement::begin(target, overwrite).map_err(|error| missing_folder(name, error))?;
    Ok(Place::Replace(replacement))
}

/// The full name of a file that is not there yet.
fn new_file(path: &Path, name: &str) -> Result<PathBuf> {
    let file = path
        .file_name()
        .filter(|_| !name.ends_with('/'))
        .ok_or_else(|| is_a_folder(name))?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let folder = fs::canonicalize(folder).map_err(|error| missing_folder(name, error))?;
    Ok(folder.join(file))
}

/// Makes the new name last. Only Unix can, and needs to, sync a folder.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

fn exists(name: &str) -> Error {
    Error::new(Kind::Option, "the output exists already")
        .at_path(name)
        .hint("choose another name, or ask to overwrite it")
}

fn is_a_folder(name: &str) -> Error {
    Error::new(Kind::Option, "the output is a folder")
        .at_path(name)
        .hint("give the name of a file")
}

fn missing_folder(name: &str, error: io::Error) -> Error {
    let made = Error::io(Kind::Output, name, &error);
    match error.kind() {
        io::ErrorKind::NotFound => made.hint("create the folder first"),
        _ => made,
    }
}
