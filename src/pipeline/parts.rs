//! A run in parts: what each part comes to, and where an interrupted run goes on. Parts end where so many bytes of
//! records were read, whatever the threads.

use super::order::Extent;
use super::summary::Summary;
use crate::read::Mark;
use serde::{Deserialize, Serialize};

/// How a run is divided.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// A part ends with the batch that brings it to so many bytes of records.
    pub bytes: usize,
    /// What an earlier run has done already.
    pub done: Option<Done>,
}

/// What an earlier run over the same inputs has done.
#[derive(Debug, Clone, Default)]
pub struct Done {
    /// Where it stood.
    pub mark: Mark,
    /// What it came to.
    pub summary: Summary,
}

/// A part that is over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it comes to by itself.
    pub summary: Summary,
    /// The records that it covers; none if it has no record.
    pub extent: Option<Extent>,
    /// Where the next part begins; nowhere after the last.
    pub next: Option<Mark>,
}
