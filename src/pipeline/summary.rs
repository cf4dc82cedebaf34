//! What a run comes to, or a part of one: documents in = scored + rejected + filtered, and everything that a reader of
//! the output should know.

use crate::document::{Code, Reject};
use crate::engine::Scores;
use crate::error::{Error, Kind, Result};
use crate::read::{Damage, Loss, Repairs, Seen, Told, Use};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Sums over documents.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Records met, counted where they were read; each is scored, rejected or filtered.
    pub met: u64,
    /// Documents with a row, those without a text among them.
    pub scored: u64,
    /// Documents whose text is null: their row holds nulls.
    pub null_texts: u64,
    /// Documents that the filter left out.
    pub filtered: u64,
    /// Records that became no document, by reason.
    pub rejects: BTreeMap<Code, u64>,
    /// Tokens of all texts.
    pub tokens: u64,
    /// Bytes of all texts, as UTF-8.
    pub text_bytes: u64,
    /// Hits of each dimension, in lexicon order.
    pub hits: Vec<u64>,
}

impl Counts {
    /// All records met.
    pub fn documents(&self) -> u64 {
        self.met
    }

    /// Holds the sums to the promise that nothing vanishes. Only a fault of this program breaks it.
    pub(super) fn check(&self) -> Result<()> {
        let (scored, rejected, filtered) = (self.scored, self.rejected(), self.filtered);
        if self.met == scored + rejected + filtered {
            return Ok(());
        }
        let message = format!(
            "{} records were met, but {scored} scored, {rejected} rejected and {filtered} filtered",
            self.met
        );
        Err(Error::new(Kind::Internal, message))
    }

    /// Records that became no document.
    pub fn rejected(&self) -> u64 {
        self.rejects.values().sum()
    }

    /// Counts a document with a text.
    pub(super) fn count(&mut self, text: &str, scores: &Scores) {
        self.scored += 1;
        self.tokens += scores.tokens;
        self.text_bytes += text.len() as u64;
        self.count_hits(scores.dimensions.iter().map(|tally| tally.hits));
    }

    fn count_hits(&mut self, hits: impl ExactSizeIterator<Item = u64>) {
        if self.hits.len() < hits.len() {
            self.hits.resize(hits.len(), 0);
        }
        for (sum, hits) in self.hits.iter_mut().zip(hits) {
            *sum += hits;
        }
    }

    /// Adds the sums of another part of the run.
    pub(super) fn add(&mut self, other: &Self) {
        self.met += other.met;
        self.scored += other.scored;
        self.filtered += other.filtered;
        self.null_texts += other.null_texts;
        self.tokens += other.tokens;
        self.text_bytes += other.text_bytes;
        self.count_hits(other.hits.iter().copied());
        for (code, count) in &other.rejects {
            *self.rejects.entry(*code).or_default() += count;
        }
    }
}

/// What a finished run comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Summary {
    /// Sums over documents.
    pub counts: Counts,
    /// The first rejects, to show a few; the sink got all of them.
    pub first_rejects: Vec<Reject>,
    /// What was put right in silence.
    pub repairs: Repairs,
    /// Files that were opened.
    pub files: u64,
    /// Bytes read from them, packed as they are.
    pub bytes: u64,
    /// Members of archives that were opened.
    pub members: u64,
    /// Files and members that were not read, or not as a whole.
    pub damaged: Vec<Damage>,
    /// Files and members that nothing vouches for: a part of them has no checksum.
    pub unverified: Vec<Damage>,
    /// What else a reader should know, a sentence each.
    pub warnings: Vec<String>,
    /// Which keys or columns made which fields.
    pub mappings: Vec<Use>,
    /// What was read of each file, if the run is in parts.
    pub inputs: Vec<Seen>,
    /// Rows that could not be read; told with the damaged files at the end.
    losses: Vec<Loss>,
}

/// How many rejects the summary shows.
const SHOWN_REJECTS: usize = 10;

impl Summary {
    /// Adds the sums of the part of the run that comes after.
    pub fn add(&mut self, later: Summary) {
        self.counts.add(&later.counts);
        self.repairs.add(&later.repairs);
        self.bytes += later.bytes;
        later
            .first_rejects
            .into_iter()
            .for_each(|reject| self.show(reject));
        self.lose(later.losses);
        self.tell(Told {
            files: later.files,
            members: later.members,
            damaged: later.damaged,
            unverified: later.unverified,
            warnings: later.warnings,
            mappings: later.mappings,
            repairs: Repairs::default(),
            inputs: later.inputs,
            ..Told::default()
        });
    }

    /// Keeps a reject to show it, if it is one of the first.
    pub(super) fn show(&mut self, reject: Reject) {
        if self.first_rejects.len() < SHOWN_REJECTS {
            self.first_rejects.push(reject);
        }
    }

    /// Notes rows that could not be read, those that lie together as one loss.
    pub(super) fn lose(&mut self, losses: Vec<Loss>) {
        for loss in losses {
            if !self.losses.last_mut().is_some_and(|last| last.takes(&loss)) {
                self.losses.push(loss);
            }
        }
    }

    /// Tells the losses with the damaged files, once all parts are added up.
    pub fn end(&mut self) {
        let losses = std::mem::take(&mut self.losses).into_iter();
        self.damaged.extend(losses.map(|loss| Damage {
            reason: loss.sentence(),
            origin: loss.origin,
        }));
    }

    /// Adds what the reader has to tell.
    pub(super) fn tell(&mut self, later: Told) {
        let mut told = Told {
            files: self.files,
            members: self.members,
            damaged: std::mem::take(&mut self.damaged),
            unverified: std::mem::take(&mut self.unverified),
            warnings: std::mem::take(&mut self.warnings),
            mappings: std::mem::take(&mut self.mappings),
            repairs: self.repairs,
            inputs: std::mem::take(&mut self.inputs),
            ..Told::default()
        };
        told.add(later);
        self.files = told.files;
        self.members = told.members;
        self.damaged = told.damaged;
        self.unverified = told.unverified;
        self.warnings = told.warnings;
        self.mappings = told.mappings;
        self.repairs = told.repairs;
        self.inputs = told.inputs;
    }
}
