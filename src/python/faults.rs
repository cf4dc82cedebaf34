//! Faults on purpose, asked for by an environment variable, so that tests can see an installed package fail
//! (docs/RELIABILITY.md). Nothing can be asked for but that a run fails.

use crate::error::{Error, Kind, Result};
use crate::pipeline;
use crate::write::faults::{Fault, arm};

const VARIABLE: &str = "PRESSGAUGE_TEST_FAULT";

/// What the variable asks for, as in `write=3`: one fault at the third write.
#[derive(Debug, Default)]
pub struct Asked {
    write: Option<u64>,
    abort: Option<u64>,
    document: Option<u64>,
    worker: Option<u64>,
}

impl Asked {
    /// Reads the variable.
    pub fn read() -> Result<Self> {
        let mut asked = Self::default();
        let Ok(text) = std::env::var(VARIABLE) else {
            return Ok(asked);
        };
        let (name, turn) = text.split_once('=').unwrap_or((&text, ""));
        let turn = turn.parse().ok();
        match name {
            "write" => asked.write = turn,
            "abort" => asked.abort = turn,
            "document" => asked.document = turn,
            "worker" => asked.worker = turn,
            _ => {}
        }
        let known = [asked.write, asked.abort, asked.document, asked.worker];
        if known.iter().all(Option::is_none) {
            return Err(Error::new(Kind::Option, format!("{VARIABLE} cannot be {text:?}"))
                .hint("one of write, abort, document and worker, and at which turn, as in write=3"));
        }
        Ok(asked)
    }

    /// Lets the writes of this thread fail, if that was asked for.
    pub fn arm(&self) {
        for (turn, fault) in [(self.write, Fault::Full), (self.abort, Fault::Abort)] {
            if let Some(turn) = turn {
                arm(turn, fault);
            }
        }
    }

    /// The faults of threads and documents.
    pub fn of_pipeline(&self) -> pipeline::Faults {
        pipeline::Faults::new(self.document, self.worker)
    }
}
