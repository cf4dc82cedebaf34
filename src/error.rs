//! What can go wrong, as one type: its kind decides the Python exception and the exit code, its message is one
//! sentence for a person. Errors come from lexicons, options and files; scoring a document cannot fail.

use std::fmt;

/// What an error is about. `python::error` maps each kind to an exception, the command line to an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A lexicon file or a pattern in it is wrong.
    Lexicon,
    /// An option of a call is wrong or contradicts another.
    Option,
    /// An input cannot be found, read or understood.
    Input,
    /// An output cannot be written.
    Output,
    /// A limit was reached that stops the run.
    Limit,
    /// The caller asked to stop.
    Interrupted,
    /// A fault of this program.
    Internal,
}

/// An error with its place, as far as it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What it is about.
    pub kind: Kind,
    /// One sentence: what is wrong.
    pub message: String,
    /// The file it is about.
    pub path: Option<String>,
    /// The line in that file, from 1.
    pub line: Option<usize>,
    /// The column in that line, in code points, from 1.
    pub column: Option<usize>,
    /// What to do about it.
    pub hint: Option<String>,
    /// The operating system's number, for input and output.
    pub errno: Option<i32>,
}

/// A result with this crate's error.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of a kind with its sentence and no place yet.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            path: None,
            line: None,
            column: None,
            hint: None,
            errno: None,
        }
    }

    /// The same error, about this file.
    #[must_use]
    pub fn at_path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The same error, at this line and column (both from 1).
    #[must_use]
    pub fn at(mut self, line: usize, column: usize) -> Self {
        self.line = Some(line);
        self.column = Some(column);
        self
    }

    /// The same error, with what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// An input or output error from the operating system's.
    pub fn io(kind: Kind, path: impl Into<String>, error: &std::io::Error) -> Self {
        let mut made = Self::new(kind, error.to_string()).at_path(path);
        made.errno = error.raw_os_error();
        made
    }
}

/// `path:line:column: message (hint)`, with what is known of it.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "{path}:")?;
            if let (Some(line), Some(column)) = (self.line, self.column) {
                write!(f, "{line}:{column}:")?;
            }
            write!(f, " ")?;
        } else if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(f, "line {line}, column {column}: ")?;
        }
        write!(f, "{}", self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
