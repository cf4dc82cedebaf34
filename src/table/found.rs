//! What was found in a document, as columns of the score table: counts, sums, rates, the hash. Rows are kept as the
//! engine gives them and turned into columns when a batch ends: two copies a row, whatever the number of columns.

use super::{Cells, Choices};
use crate::engine::{Scores, Tally};
use crate::lexicon::Lexicon;
use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, Float64Array, Int64Array};
use arrow_buffer::NullBuffer;
use std::sync::Arc;

/// A column of what was found. Numbers are positions of a dimension, or of a category among all.
#[derive(Debug, Clone, Copy)]
pub(super) enum Found {
    Tokens,
    Hits(usize),
    Distinct(usize),
    Weight(usize),
    Rate(usize),
    CategoryHits(usize),
    CategoryWeight(usize),
    /// So manieth of the counts of dimensions and tags.
    Tag(usize),
    TextHash,
}

impl Found {
    pub(super) fn cells(self) -> Cells {
        use Found::*;
        match self {
            TextHash => Cells::Text,
            Tokens | Hits(_) | Distinct(_) | CategoryHits(_) | Tag(_) => Cells::Int,
            Weight(_) | Rate(_) | CategoryWeight(_) => Cells::Float,
        }
    }
}

/// How many numbers a row has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Width {
    pub dimensions: usize,
    /// None where the table does not show them.
    pub categories: usize,
    /// How many counts of tags there are in all dimensions; none where the table does not show them.
    pub tags: usize,
    pub text_hash: bool,
}

impl Width {
    pub(super) fn new(lexicon: &Lexicon, choices: &Choices) -> Self {
        let dimensions = lexicon.dimensions.len();
        let categories = lexicon.dimensions.iter().map(|d| d.categories.len()).sum();
        let shown = |wanted, number| if wanted { number } else { 0 };
        Self {
            dimensions,
            categories: shown(choices.categories, categories),
            tags: shown(choices.tags, dimensions * lexicon.tags().len()),
            text_hash: choices.text_hash,
        }
    }

    fn tallies(self) -> usize {
        self.dimensions + self.categories
    }
}

/// Rows of what was found, growing.
#[derive(Debug)]
pub(super) struct FoundRows {
    width: Width,
    /// Whether the row has scores; what it has instead counts for nothing.
    scored: Vec<bool>,
    tokens: Vec<i64>,
    /// Row after row: the dimensions, then the categories.
    tallies: Vec<Tally>,
    /// Row after row, one a dimension; 0 where there is none.
    rates: Vec<f64>,
    /// Row after row, as `Scores::tags`.
    tags: Vec<u64>,
    hashes: StringBuilder,
}

impl FoundRows {
    pub(super) fn new(width: Width) -> Self {
        Self {
            width,
            scored: Vec::new(),
            tokens: Vec::new(),
            tallies: Vec::new(),
            rates: Vec::new(),
            tags: Vec::new(),
            hashes: StringBuilder::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.scored.len()
    }

    /// Appends a row; nulls for a document without scores.
    pub(super) fn push(&mut self, scores: Option<&Scores>) {
        self.scored.push(scores.is_some());
        self.tokens.push(scores.map_or(0, |scores| scores.tokens as i64));
        if let Some(scores) = scores {
            self.tallies.extend_from_slice(&scores.dimensions);
            if self.width.categories > 0 {
                self.tallies.extend_from_slice(&scores.categories);
            }
            let rates = (0..scores.dimensions.len()).map(|i| scores.rate(i).unwrap_or_default());
            self.rates.extend(rates);
            if self.width.tags > 0 {
                self.tags.extend_from_slice(&scores.tags);
            }
        }
        self.even();
        if self.width.text_hash {
            self.hashes
                .append_option(scores.and_then(|scores| scores.text_hash.as_deref()));
        }
    }

    /// Every row is as wide as any other, whatever came.
    fn even(&mut self) {
        let (tallies, rates) = (self.width.tallies(), self.width.dimensions);
        self.tags.resize(self.len() * self.width.tags, 0);
        if self.tallies.len() != self.len() * tallies || self.rates.len() != self.len() * rates {
            self.tallies.resize(self.len() * tallies, Tally::default());
            self.rates.resize(self.len() * rates, 0.0);
        }
    }

    /// These columns of the rows so far; the next rows begin anew.
    pub(super) fn finish(&mut self, columns: impl Iterator<Item = Found>) -> Vec<ArrayRef> {
        let rated = self.scored.iter().zip(&self.tokens);
        let nulls = Nulls {
            scored: nulls(self.scored.iter().copied()),
            rated: nulls(rated.map(|(scored, tokens)| *scored && *tokens > 0)),
        };
        let columns = columns.map(|column| self.column(column, &nulls)).collect();
        self.scored.clear();
        self.tokens.clear();
        self.tallies.clear();
        self.rates.clear();
        self.tags.clear();
        columns
    }

    fn column(&mut self, column: Found, nulls: &Nulls) -> ArrayRef {
        let categories = self.width.dimensions;
        let ints = |values: Vec<i64>| Arc::new(Int64Array::new(values.into(), nulls.scored.clone()));
        let floats = |values: Vec<f64>, nulls| Arc::new(Float64Array::new(values.into(), nulls));
        let weights = |at| floats(self.each_tally(at, |tally| tally.weight), nulls.scored.clone());
        match column {
            Found::Tokens => ints(self.tokens.clone()),
            Found::Hits(i) => ints(self.each_tally(i, |tally| tally.hits as i64)),
            Found::Distinct(i) => ints(self.each_tally(i, |tally| tally.distinct as i64)),
            Found::Weight(i) => weights(i),
            Found::Rate(i) => floats(self.each_rate(i), nulls.rated.clone()),
            Found::CategoryHits(i) => ints(self.each_tally(categories + i, |tally| tally.hits as i64)),
            Found::CategoryWeight(i) => weights(categories + i),
            Found::Tag(i) => ints(self.each_tag(i)),
            Found::TextHash => Arc::new(self.hashes.finish()),
        }
    }

    /// One number of each row, from the tally at this place of the row.
    fn each_tally<T>(&self, at: usize, number: impl Fn(&Tally) -> T) -> Vec<T> {
        let rows = self.tallies.chunks_exact(self.width.tallies().max(1));
        rows.map(|row| number(&row[at])).collect()
    }

    fn each_tag(&self, at: usize) -> Vec<i64> {
        let rows = self.tags.chunks_exact(self.width.tags.max(1));
        rows.map(|row| row[at] as i64).collect()
    }

    fn each_rate(&self, at: usize) -> Vec<f64> {
        let rows = self.rates.chunks_exact(self.width.dimensions.max(1));
        rows.map(|row| row[at]).collect()
    }
}

/// Which cells have a value, where not all have: of the counts and sums, and of the rates.
struct Nulls {
    scored: Option<NullBuffer>,
    rated: Option<NullBuffer>,
}

fn nulls(values: impl Iterator<Item = bool> + Clone) -> Option<NullBuffer> {
    let all = values.clone().all(|value| value);
    (!all).then(|| values.collect())
}
