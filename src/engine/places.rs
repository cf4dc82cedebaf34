//! Where the terms of a lexicon stand, as one list.

use crate::lexicon::Lexicon;

/// Where a term stands in the lexicon, and what it weighs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub dimension: u32,
    /// Among the categories of its dimension.
    pub category: u32,
    /// Among the categories of all dimensions.
    pub column: u32,
    /// Among the terms of its category.
    pub term: u32,
    pub weight: f64,
    /// Whether it has guards, or its dimension exclusions.
    pub guarded: bool,
}

/// The places of all terms, in lexicon order.
pub(super) fn places(lexicon: &Lexicon) -> Vec<Place> {
    let categories = lexicon.dimensions.iter().zip(0u32..).flat_map(|(dimension, d)| {
        dimension
            .categories
            .iter()
            .zip(0u32..)
            .map(move |(category, c)| (d, c, category))
    });
    let excludes: Vec<bool> = lexicon.dimensions.iter().map(|d| !d.exclude.is_empty()).collect();
    let excludes = &excludes;
    let terms = categories
        .zip(0u32..)
        .flat_map(|((dimension, category, all), column)| {
            all.terms.iter().zip(0u32..).map(move |(term, number)| Place {
                dimension,
                category,
                column,
                term: number,
                weight: all.weight_of(term),
                guarded: !term.guards.is_empty() || excludes[dimension as usize],
            })
        });
    terms.collect()
}
