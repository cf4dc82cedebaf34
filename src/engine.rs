//! The engine: a lexicon compiled once, shared by all threads, and the scratch that each thread brings. From a text
//! to its scores and its evidence (SPEC 7, 9).

use crate::error::Result;
use crate::lexicon::{Lexicon, Newline};
use crate::span::Span;
use std::sync::Arc;

/// How matches that share tokens are resolved (SPEC 7.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Overlap {
    /// Within each dimension.
    #[default]
    Dimension,
    /// Within each category; the dimension counts a span once.
    Category,
    /// Not at all: every match is a hit.
    None,
}

/// What a caller may choose; part of every output's metadata.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// How matches that share tokens are resolved.
    pub overlap: Overlap,
    /// How single line breaks are read; the lexicon's choice if absent.
    pub newline: Option<Newline>,
    /// Tags whose hits do not count.
    pub drop: Vec<String>,
}

/// What one call shall compute beside the scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Want {
    /// The hits, one by one.
    pub hits: bool,
    /// The matches that fell, too, with their reason.
    pub rejected: bool,
    /// The hash of the document's keys.
    pub text_hash: bool,
}

/// What became of a match (SPEC 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// It counts.
    Hit,
    /// A guard failed.
    Context,
    /// Inside an exclusion.
    Excluded,
    /// The document holds a veto.
    Veto,
    /// It shares a token with a match that went first.
    Overlap,
    /// The caller drops one of its tags.
    Dropped,
}

impl Status {
    /// The word that outputs use.
    pub fn name(self) -> &'static str {
        match self {
            Status::Hit => "hit",
            Status::Context => "context",
            Status::Excluded => "excluded",
            Status::Veto => "veto",
            Status::Overlap => "overlap",
            Status::Dropped => "dropped",
        }
    }
}

/// A match with what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// Position in `Lexicon::dimensions`.
    pub dimension: usize,
    /// Position in the dimension's categories.
    pub category: usize,
    /// Position in the category's terms.
    pub term: usize,
    /// What became of it.
    pub status: Status,
    /// Where it stands, in code points.
    pub chars: Span,
    /// Where it stands, in bytes.
    pub bytes: Span,
    /// Its sentence, from the first token to the last, in code points.
    pub sentence: Span,
    /// The same in bytes.
    pub sentence_bytes: Span,
}

/// Hits and weight of a dimension or a category.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tally {
    /// How many hits.
    pub hits: u64,
    /// How many different terms among them.
    pub distinct: u64,
    /// The sum of their weights (SPEC 9).
    pub weight: f64,
}

/// What a document scores.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scores {
    /// W, the number of tokens.
    pub tokens: u64,
    /// One for each dimension, in lexicon order.
    pub dimensions: Vec<Tally>,
    /// One for each category of all dimensions, in lexicon order.
    pub categories: Vec<Tally>,
    /// First 32 hex digits of the SHA-256 of the keys, if wanted.
    pub text_hash: Option<String>,
}

impl Scores {
    /// Weight per 1,000 tokens of a dimension; nothing for a text without tokens.
    pub fn rate(&self, dimension: usize) -> Option<f64> {
        let weight = self.dimensions.get(dimension)?.weight;
        (self.tokens > 0).then(|| 1000.0 * weight / self.tokens as f64)
    }
}

/// A compiled lexicon: immutable, shared between threads.
#[derive(Debug)]
pub struct Engine {
    lexicon: Arc<Lexicon>,
    options: Options,
}

/// What one thread needs to score documents one after the other; reused, so that nothing is allocated once warm.
#[derive(Debug, Default)]
pub struct Scratch {
    scores: Scores,
    evidence: Vec<Evidence>,
}

impl Scratch {
    /// The scores of the last document.
    pub fn scores(&self) -> &Scores {
        &self.scores
    }

    /// The evidence of the last document, ordered by start, end, dimension, category, term.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
}

impl Engine {
    /// Compiles a lexicon. Fails when an option names a tag that the lexicon does not give.
    pub fn new(lexicon: Arc<Lexicon>, options: Options) -> Result<Self> {
        Ok(Self { lexicon, options })
    }

    /// The lexicon it was compiled from.
    pub fn lexicon(&self) -> &Arc<Lexicon> {
        &self.lexicon
    }

    /// The options it was compiled with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Scores one text; the results stay in `scratch` until the next call.
    pub fn score(&self, scratch: &mut Scratch, text: &str, want: Want) {
        let _ = want;
        scratch.evidence.clear();
        scratch.scores.tokens = text.split_whitespace().count() as u64;
        scratch.scores.dimensions.clear();
        scratch
            .scores
            .dimensions
            .resize(self.lexicon.dimensions.len(), Tally::default());
        let categories = self.lexicon.dimensions.iter().map(|d| d.categories.len()).sum();
        scratch.scores.categories.clear();
        scratch.scores.categories.resize(categories, Tally::default());
        scratch.scores.text_hash = None;
    }
}
