//! From matches to hits and their tags (SPEC 6 to 8): what becomes of a match, rule by rule, in the order of the law.

mod guard;
mod known;
pub mod modifiers;
pub mod overlap;

use crate::lexicon::{Guard, Lexicon, Term};
use crate::matcher::{Finder, Match, Search};
use crate::text::view::View;
use guard::Near;
use known::Known;
use std::collections::HashSet;
use std::sync::Arc;

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

/// A stretch of tokens: the first bytes of its first and last token, and the byte after the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Where the first token starts.
    pub first: usize,
    /// Where the last token starts.
    pub last: usize,
    /// Where the last token ends.
    pub end: usize,
}

impl Stretch {
    /// The stretch of a match.
    pub fn of(view: &View, found: &Match) -> Self {
        Self {
            first: found.first,
            last: found.last,
            end: view.span(found.last).end,
        }
    }
}

/// A list of terms that may carry guards: `exclude` or `veto`.
#[derive(Debug)]
struct List {
    finder: Finder,
    guards: Vec<Vec<Guard>>,
}

impl List {
    fn new(terms: &[Term], bound_prefixes: &Arc<HashSet<String>>) -> Self {
        Self {
            finder: finder(terms, bound_prefixes),
            guards: terms.iter().map(|term| term.guards.clone()).collect(),
        }
    }
}

fn finder(terms: &[Term], bound_prefixes: &Arc<HashSet<String>>) -> Finder {
    let patterns = (0u32..)
        .zip(terms)
        .flat_map(|(owner, term)| term.patterns.iter().map(move |p| (owner, p)));
    Finder::new(patterns, bound_prefixes.clone())
}

/// The lists of a lexicon that decide over matches, compiled.
#[derive(Debug)]
pub struct Rules {
    macros: Vec<Finder>,
    exclude: Vec<List>,
    veto: Vec<List>,
}

/// What the rules remember of the current document.
#[derive(Debug, Default)]
pub struct Memory {
    near: Near,
    excluded: Vec<Known>,
    vetoed: Vec<Option<bool>>,
    search: Search,
}

impl Memory {
    /// Forgets the last document.
    pub fn forget(&mut self, rules: &Rules) {
        self.near.forget(rules.macros.len());
        self.excluded.resize_with(rules.exclude.len(), Known::default);
        self.excluded.iter_mut().for_each(Known::forget);
        self.vetoed.clear();
        self.vetoed.resize(rules.veto.len(), None);
    }
}

impl Rules {
    /// Compiles the macros, exclusions and vetoes.
    pub fn new(lexicon: &Lexicon, bound_prefixes: &Arc<HashSet<String>>) -> Self {
        let list = |terms: &[Term]| List::new(terms, bound_prefixes);
        Self {
            macros: lexicon
                .macros
                .iter()
                .map(|m| finder(&m.terms, bound_prefixes))
                .collect(),
            exclude: lexicon.dimensions.iter().map(|d| list(&d.exclude)).collect(),
            veto: lexicon.dimensions.iter().map(|d| list(&d.veto)).collect(),
        }
    }

    /// The first two rules for one match: its guards, then the exclusions of its dimension. Matches come in the order
    /// of their start, so that what is known of the text can move along with them.
    pub fn judge(
        &self,
        view: &mut View,
        memory: &mut Memory,
        dimension: usize,
        guards: &[Guard],
        at: Stretch,
    ) -> Status {
        if !self.hold(view, &mut memory.near, guards, at) {
            Status::Context
        } else if self.is_excluded(view, memory, dimension, at) {
            Status::Excluded
        } else {
            Status::Hit
        }
    }

    /// Whether the document holds a match of the dimension's vetoes.
    pub fn is_vetoed(&self, view: &mut View, memory: &mut Memory, dimension: usize) -> bool {
        if let Some(known) = memory.vetoed[dimension] {
            return known;
        }
        let list = &self.veto[dimension];
        let mut vetoed = false;
        let Memory { near, search, .. } = memory;
        list.finder.scan(view, search, 0..view.text.len(), |view, found| {
            let at = Stretch::of(view, &found);
            vetoed = vetoed || self.hold(view, near, &list.guards[found.owner as usize], at);
        });
        memory.vetoed[dimension] = Some(vetoed);
        vetoed
    }

    fn is_excluded(&self, view: &mut View, memory: &mut Memory, dimension: usize, at: Stretch) -> bool {
        let list = &self.exclude[dimension];
        if list.finder.is_empty() {
            return false;
        }
        let reach = list.finder.reach();
        let around = known::around(view, at, reach);
        let Memory { near, excluded, .. } = memory;
        excluded[dimension].cover(view, around, |view, search, bytes, spans| {
            list.finder.scan(view, search, bytes, |view, found| {
                let at = Stretch::of(view, &found);
                if self.hold(view, near, &list.guards[found.owner as usize], at) {
                    spans.push(at);
                }
            });
        });
        view.work().guards += 1;
        excluded[dimension].holds(at)
    }

    /// Whether all guards hold for a match.
    fn hold(&self, view: &mut View, near: &mut Near, guards: &[Guard], at: Stretch) -> bool {
        guards
            .iter()
            .all(|guard| near.is_there(view, &self.macros[guard.list], guard, at) != guard.negative)
    }
}
