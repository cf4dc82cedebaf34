//! From what the user named to the files of a run: existence and permission are checked before any work, directories
//! are walked in one fixed order.

use super::Settings;
use crate::error::{Error, Kind, Result};
use glob::MatchOptions;
use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::SystemTime;

/// So many threads look at files,
const THREADS: usize = 2;
/// and fewer than these are left to one.
const FEW: usize = 1000;

/// One file to read, or standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Where it is; `-` is standard input.
    pub path: PathBuf,
    /// The path as rows and messages show it.
    pub name: String,
    /// Its length on disk; unknown for pipes.
    pub size: Option<u64>,
}

impl Input {
    fn new(path: PathBuf, size: Option<u64>) -> Self {
        let name = path.to_string_lossy().into_owned();
        Self { path, name, size }
    }

    /// Whether this is standard input.
    pub fn is_stdin(&self) -> bool {
        self.path.as_os_str() == OsStr::new("-")
    }
}

/// How a file looked at some moment: its length and when it was changed last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look(u64, Option<SystemTime>);

impl Look {
    /// Now; nothing for pipes.
    pub(super) fn of(input: &Input) -> Option<Self> {
        input.size?;
        let metadata = fs::metadata(&input.path).ok()?;
        Some(Self(metadata.len(), metadata.modified().ok()))
    }
}

/// The files of a run, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs {
    /// The files.
    pub files: Vec<Input>,
    /// What a walk left out, a sentence each.
    pub warnings: Vec<String>,
}

impl Inputs {
    /// Finds the files behind these paths: files, directories (all files below, bytewise sorted, hidden ones left
    /// out), patterns such as `2024/*.gz` (what they match, bytewise sorted) and `-`. Fails before any work when one is
    /// missing, cannot be read, or holds no file.
    pub fn find<P: AsRef<Path>>(paths: &[P]) -> Result<Self> {
        let mut found = Self::default();
        for path in paths {
            found.add(path.as_ref())?;
        }
        if found.files.is_empty() {
            return Err(Error::new(Kind::Input, "there is nothing to read")
                .hint("name a file, a directory, or `-` for standard input"));
        }
        let pipes = found.files.iter().filter(|input| input.is_stdin()).count();
        if pipes > 1 {
            return Err(Error::new(Kind::Input, "standard input is named more than once").at_path("-"));
        }
        Ok(found)
    }

    /// The length of all files together; unknown as soon as one is a pipe.
    pub fn bytes(&self) -> Option<u64> {
        self.files.iter().map(|input| input.size).sum()
    }

    /// Fails if an input cannot be read in the way that these settings ask for.
    pub fn suit(&self, settings: &Settings) -> Result<()> {
        let pipe = self.files.iter().find(|input| input.size.is_none());
        match pipe {
            Some(input) if settings.strict => Err(Error::new(
                Kind::Option,
                "strict reads every file twice, and a pipe can be read only once",
            )
            .at_path(&input.name)
            .hint("save it to a file first")),
            _ => Ok(()),
        }
    }

    fn add(&mut self, path: &Path) -> Result<()> {
        if path.as_os_str() == OsStr::new("-") {
            self.files.push(Input::new(path.to_path_buf(), None));
            return Ok(());
        }
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.add_directory(path),
            Ok(metadata) => self.add_file(path.to_path_buf(), &metadata),
            Err(error) => match pattern(path) {
                Some(pattern) => self.add_matches(path, &pattern),
                None => Err(at(path, &error)),
            },
        }
    }

    fn add_matches(&mut self, path: &Path, pattern: &str) -> Result<()> {
        let wrong = |message: String| Error::new(Kind::Input, message).at_path(path.to_string_lossy());
        let found = glob::glob_with(pattern, GLOB)
            .map_err(|error| wrong(format!("the pattern is wrong: {error}")))?;
        let mut matches = found
            .collect::<std::result::Result<Vec<_>, _>>()
            .map_err(|error| at(error.path(), error.error()))?;
        if matches.is_empty() {
            return Err(wrong("no file matches the pattern".to_owned()));
        }
        sort(&mut matches);
        matches.iter().try_for_each(|path| self.add(path))
    }

    fn add_file(&mut self, path: PathBuf, metadata: &Metadata) -> Result<()> {
        let size = checked(&path, metadata)?;
        self.files.push(Input::new(path, size));
        Ok(())
    }

    fn add_directory(&mut self, root: &Path) -> Result<()> {
        let mut paths = Vec::new();
        let mut open = vec![root.to_path_buf()];
        while let Some(directory) = open.pop() {
            self.list(&directory, &mut open, &mut paths)?;
        }
        if paths.is_empty() {
            return Err(Error::new(Kind::Input, "the directory holds no files to read")
                .at_path(root.to_string_lossy())
                .hint("hidden files are left out; name them to read them"));
        }
        sort(&mut paths);
        let sizes = all_checked(&paths);
        for (path, size) in paths.into_iter().zip(sizes) {
            self.files.push(Input::new(path, size?));
        }
        Ok(())
    }

    /// Sorts the entries of one directory into directories to visit and files to read. Links to files are followed,
    /// links to directories are not: they may lead in a circle.
    fn list(&mut self, directory: &Path, open: &mut Vec<PathBuf>, paths: &mut Vec<PathBuf>) -> Result<()> {
        for entry in fs::read_dir(directory).map_err(|error| at(directory, &error))? {
            let entry = entry.map_err(|error| at(directory, &error))?;
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            let path = entry.path();
            let kind = entry.file_type().map_err(|error| at(&path, &error))?;
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_file() || fs::metadata(&path).is_ok_and(|metadata| metadata.is_file()) {
                paths.push(path);
            } else {
                self.warnings
                    .push(format!("{}: left out, it is not a regular file", path.display()));
            }
        }
        Ok(())
    }
}

/// The size of a file that can be read. Only regular files are opened for the check: opening a pipe would wait for its
/// writer.
fn checked(path: &Path, metadata: &Metadata) -> Result<Option<u64>> {
    let size = metadata.is_file().then_some(metadata.len());
    if size.is_some() {
        File::open(path).map_err(|error| at(path, &error))?;
    }
    Ok(size)
}

/// The same for many files, by some threads: nearly all of the time is the kernel's.
fn all_checked(paths: &[PathBuf]) -> Vec<Result<Option<u64>>> {
    let check = |path: &PathBuf| {
        let metadata = fs::metadata(path).map_err(|error| at(path, &error))?;
        checked(path, &metadata)
    };
    let share = paths.len().div_ceil(THREADS).max(FEW);
    thread::scope(|scope| {
        let shares = paths.chunks(share);
        let threads: Vec<_> = shares
            .map(|paths| scope.spawn(move || paths.iter().map(check).collect::<Vec<_>>()))
            .collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        joined
            .flat_map(|sizes| sizes.unwrap_or_else(|fault| resume_unwind(fault)))
            .collect()
    })
}

/// As a shell does: `*` stops at `/`, and hidden files are matched by name only.
const GLOB: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// The pattern that a path is, if it is one.
fn pattern(path: &Path) -> Option<String> {
    let text = path.to_str()?;
    text.contains(['*', '?', '[']).then(|| text.to_owned())
}

fn sort(paths: &mut [PathBuf]) {
    paths.sort_unstable_by(|a, b| {
        a.as_os_str()
            .as_encoded_bytes()
            .cmp(b.as_os_str().as_encoded_bytes())
    });
}

fn at(path: &Path, error: &std::io::Error) -> Error {
    let name = path.to_string_lossy();
    let mut made = Error::io(Kind::Input, name.as_ref(), error);
    made.message = match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file or directory".to_owned(),
        std::io::ErrorKind::PermissionDenied => "it may not be read: permission denied".to_owned(),
        _ => format!("it cannot be read: {error}"),
    };
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(inputs: &Inputs, root: &Path) -> Vec<String> {
        let strip = |input: &Input| {
            input
                .path
                .strip_prefix(root)
                .unwrap_or(&input.path)
                .to_string_lossy()
                .into_owned()
        };
        inputs.files.iter().map(strip).collect()
    }

    #[test]
    fn directories_are_walked_bytewise_without_hidden_files() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("a/deep")).unwrap();
        fs::create_dir_all(root.path().join(".git")).unwrap();
        for name in [
            "b.txt",
            "a/z.txt",
            "a-b.txt",
            "a/deep/x.txt",
            ".hidden",
            ".git/config",
            "B.txt",
        ] {
            fs::write(root.path().join(name), "text").unwrap();
        }
        let inputs = Inputs::find(&[root.path()]).unwrap();
        assert_eq!(
            names(&inputs, root.path()),
            ["B.txt", "a-b.txt", "a/deep/x.txt", "a/z.txt", "b.txt"]
        );
        assert_eq!(inputs.bytes(), Some(20));
    }

    #[test]
    fn what_is_missing_or_empty_is_an_error_before_any_work() {
        let root = tempfile::tempdir().unwrap();
        let missing = Inputs::find(&[root.path().join("no.jsonl")]).unwrap_err();
        assert_eq!(missing.kind, Kind::Input);
        assert!(
            missing.to_string().contains("no.jsonl: there is no such file"),
            "{missing}"
        );
        let empty = Inputs::find(&[root.path()]).unwrap_err();
        assert!(empty.to_string().contains("holds no files"), "{empty}");
        assert_eq!(Inputs::find::<&str>(&[]).unwrap_err().kind, Kind::Input);
        assert!(
            Inputs::find(&["-", "-"])
                .unwrap_err()
                .message
                .contains("more than once")
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_to_directories_are_left_out_with_a_warning() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("a.txt"), "text").unwrap();
        std::os::unix::fs::symlink(root.path(), root.path().join("round")).unwrap();
        std::os::unix::fs::symlink(root.path().join("a.txt"), root.path().join("link.txt")).unwrap();
        let inputs = Inputs::find(&[root.path()]).unwrap();
        assert_eq!(names(&inputs, root.path()), ["a.txt", "link.txt"]);
        assert_eq!(inputs.warnings.len(), 1);
    }

    #[test]
    fn patterns_name_files() {
        let root = tempfile::tempdir().unwrap();
        for name in ["b.txt", "a.txt", "a.csv", ".a.txt", "[x].txt", "deep/c.txt"] {
            fs::create_dir_all(root.path().join("deep")).unwrap();
            fs::write(root.path().join(name), "text").unwrap();
        }
        let find =
            |name: &str| Inputs::find(&[root.path().join(name)]).map(|found| names(&found, root.path()));
        assert_eq!(find("[x].txt").unwrap(), ["[x].txt"]);
        assert_eq!(find("*.txt").unwrap(), ["[x].txt", "a.txt", "b.txt"]);
        assert_eq!(find("**/c.txt").unwrap(), ["deep/c.txt"]);
        assert_eq!(find("d*").unwrap(), ["deep/c.txt"]);
        assert!(find("*.gz").unwrap_err().message.contains("no file matches"));
        assert!(find("a***").unwrap_err().message.contains("pattern is wrong"));
    }

    #[test]
    fn a_pipe_makes_the_total_unknown() {
        let inputs = Inputs::find(&["-"]).unwrap();
        assert!(inputs.files[0].is_stdin());
        assert_eq!(inputs.bytes(), None);
    }
}
