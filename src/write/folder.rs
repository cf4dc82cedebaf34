//! A folder as output: what may stand in it before a run, and the names of what a run puts there.

use super::{Format, Journal, Output};
use crate::error::{Error, Kind, Result};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The hidden file that says what is done.
const JOURNAL: &str = ".pressgauge-journal";

/// The file that says what the run came to; it is there when all is. Who reads the folder as one table passes over names
/// that begin like this.
const MANIFEST: &str = "_manifest.json";

/// What to do with what a folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Refuse to run.
    Refuse,
    /// Remove what an earlier run has put there.
    Overwrite,
    /// Go on with it.
    Resume,
}

/// A folder that takes the parts of a table.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
    name: String,
}

impl Folder {
    /// Whether an output of this name is a folder.
    pub fn is_meant(name: &str) -> bool {
        name.ends_with('/') || Path::new(name).is_dir()
    }

    /// Opens or makes a folder for the parts of a run.
    pub fn open(name: &str, found: Found) -> Result<Self> {
        let failed = |error: io::Error| Error::io(Kind::Output, name, &error);
        match fs::create_dir(name) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(failed(error).hint("create the folder above it first"));
            }
            made => made.map_err(failed)?,
        }
        let path = fs::canonicalize(name).map_err(failed)?;
        let name = name.trim_end_matches('/');
        let name = if name.is_empty() { "/" } else { name }.to_owned();
        let folder = Self { path, name };
        folder.prepare(found)?;
        Ok(folder)
    }

    /// Its one full name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The name that the user gave it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The path of the journal in it.
    pub fn journal(&self) -> PathBuf {
        self.path.join(JOURNAL)
    }

    /// The manifest, to be written.
    pub fn manifest(&self) -> Result<Output> {
        Output::create(&self.within(MANIFEST), true)
    }

    /// The name of a part in its folder.
    pub fn part_name(number: usize, format: Format) -> String {
        format!("part-{number:05}.{}", format.suffix())
    }

    /// A part, to be written. What stands there under its name was not entered in the journal, and is written anew.
    pub fn part(&self, number: usize, format: Format) -> Result<Output> {
        Output::create(&self.within(&Self::part_name(number, format)), true)
    }

    fn within(&self, name: &str) -> String {
        format!("{}/{name}", self.name.trim_end_matches('/'))
    }

    fn prepare(&self, found: Found) -> Result<()> {
        let failed = |error: io::Error| Error::io(Kind::Output, &self.name, &error);
        // What a run that goes on is writing is not touched.
        if self.journal().exists() {
            drop(Journal::open(&self.journal())?);
        }
        let mut strange = None;
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_temporary(&name) || (found == Found::Overwrite && is_ours(&name)) {
                fs::remove_file(entry.path()).map_err(failed)?;
            } else if entry.file_type().map_err(failed)?.is_file() && !name.starts_with('.') {
                strange = Some(name)
                    .filter(|name| found != Found::Resume || !is_ours(name))
                    .or(strange);
            }
        }
        let begun = found == Found::Refuse && self.journal().exists();
        match strange {
            None if !begun => Ok(()),
            Some(name) if found != Found::Refuse => Err(self.holds(&name)),
            _ => Err(self.exists()),
        }
    }

    fn exists(&self) -> Error {
        Error::new(Kind::Option, "the output folder is not empty")
            .at_path(&self.name)
            .hint("choose another folder, go on with the run in it, or ask to overwrite it")
    }

    fn holds(&self, name: &str) -> Error {
        Error::new(
            Kind::Option,
            format!("the output folder holds {name:?}, which is of no run"),
        )
        .at_path(&self.name)
        .hint("choose a folder of its own")
    }
}

fn is_ours(name: &str) -> bool {
    let number = name.strip_prefix("part-").and_then(|rest| rest.split_once('.'));
    let part = number.is_some_and(|(number, suffix)| {
        number.bytes().all(|byte| byte.is_ascii_digit())
            && Format::ALL.iter().any(|format| format.suffix() == suffix)
    });
    part || name == MANIFEST || name == JOURNAL
}

/// What a killed run has left of a file.
fn is_temporary(name: &str) -> bool {
    name.strip_prefix('.')
        .and_then(|name| name.strip_suffix(".tmp"))
        .and_then(|name| name.rsplit_once('.'))
        .is_some_and(|(target, _)| is_ours(target))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(files: &[&str]) -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            fs::write(folder.path().join(file), "").unwrap();
        }
        let name = format!("{}/", folder.path().display());
        (folder, name)
    }

    fn left(folder: &tempfile::TempDir) -> usize {
        fs::read_dir(folder.path()).unwrap().count()
    }

    #[test]
    fn only_what_a_run_has_made_is_removed() {
        let ours = [
            "part-00000.parquet",
            "part-00001.csv",
            MANIFEST,
            JOURNAL,
            ".part-00002.parquet.77-0.tmp",
        ];
        let (folder, name) = with(&ours);
        assert_eq!(Folder::open(&name, Found::Refuse).unwrap_err().kind, Kind::Option);
        Folder::open(&name, Found::Resume).unwrap();
        assert_eq!(left(&folder), 4, "a killed run's file is of no use");
        Folder::open(&name, Found::Overwrite).unwrap();
        assert_eq!(left(&folder), 0);
        for strange in ["notes.txt", "part-1.exe", "part-x.csv"] {
            let (folder, name) = with(&[strange, "part-00000.parquet"]);
            for found in [Found::Refuse, Found::Resume, Found::Overwrite] {
                assert_eq!(Folder::open(&name, found).unwrap_err().kind, Kind::Option);
            }
            assert!(folder.path().join(strange).exists());
        }
    }

    #[test]
    fn what_another_run_is_writing_stays() {
        let (folder, name) = with(&[".part-00002.parquet.77-0.tmp", "part-00001.parquet"]);
        let journal = Journal::open(&folder.path().join(JOURNAL)).unwrap();
        for found in [Found::Refuse, Found::Resume, Found::Overwrite] {
            assert!(Folder::open(&name, found).is_err());
            assert_eq!(left(&folder), 3);
        }
        drop(journal);
        Folder::open(&name, Found::Resume).unwrap();
        assert_eq!(left(&folder), 2);
    }

    #[test]
    fn hidden_files_and_folders_of_others_do_no_harm() {
        let (folder, name) = with(&[".DS_Store"]);
        fs::create_dir(folder.path().join("hits")).unwrap();
        Folder::open(&name, Found::Refuse).unwrap();
        let made = Folder::open(&format!("{name}new/"), Found::Refuse).unwrap();
        assert!(made.name().ends_with("/new") && made.path().is_dir());
        let missing = Folder::open(&format!("{name}no/new/"), Found::Refuse).unwrap_err();
        assert_eq!((missing.kind, missing.errno), (Kind::Output, Some(2)));
    }
}
