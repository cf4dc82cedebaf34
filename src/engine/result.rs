//! What scoring a text gives: its numbers and its evidence.

use crate::rules::Status;
use crate::rules::modifiers::Tags;
use crate::span::Span;

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
    /// The tags of a hit: bit i is tag i of `Lexicon::tags` (SPEC 8).
    pub tags: Tags,
    /// Where it stands, in code points.
    pub chars: Span,
    /// Where it stands, in bytes.
    pub bytes: Span,
    /// Its sentence, from the first token to the last, in code points.
    pub sentence: Span,
    /// The same in bytes.
    pub sentence_bytes: Span,
}

impl Evidence {
    /// The names of its tags, from those of all tags of the lexicon, `Lexicon::tags`.
    pub fn tags_of<'a, S: AsRef<str>>(&self, names: &'a [S]) -> Vec<&'a str> {
        let own = names
            .iter()
            .enumerate()
            .filter(|(at, _)| self.tags >> at & 1 == 1);
        own.map(|(_, name)| name.as_ref()).collect()
    }
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
    /// If wanted, how many hits of each dimension have each tag: the tags of the first dimension, in the order of
    /// `Lexicon::tags`, then those of the second, and so on.
    pub tags: Vec<u64>,
    /// First 32 hex digits of the SHA-256 of the keys, if wanted.
    pub text_hash: Option<String>,
}

impl Scores {
    /// Weight per 1,000 tokens of a dimension; nothing for a text without tokens.
    pub fn rate(&self, dimension: usize) -> Option<f64> {
        let weight = self.dimensions.get(dimension)?.weight;
        (self.tokens > 0).then(|| 1000.0 * weight / self.tokens as f64)
    }

    pub(super) fn clear(&mut self, dimensions: usize, categories: usize) {
        self.dimensions.clear();
        self.dimensions.resize(dimensions, Tally::default());
        self.categories.clear();
        self.categories.resize(categories, Tally::default());
    }
}
