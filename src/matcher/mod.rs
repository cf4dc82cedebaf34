//! Finds the matches of a list of patterns in a text (SPEC 5). A pattern is looked for by its rarest word; what
//! stands around it is looked at only then.

mod anchor;
mod gate;
mod lead;
mod line;
mod lookup;
#[cfg(test)]
mod naive;
mod neighbours;
mod prefilter;
mod rows;
mod sieve;
mod sweep;
mod verify;
mod words;

use crate::lexicon::{Link, Pattern};
use crate::text::gap::Gap;
use crate::text::key::Keys;
use crate::text::view::View;
use crate::vector::BLOCK;
use lead::Lead;
use neighbours::Neighbours;
use prefilter::{Prefilter, Wanted};
use rows::Anchored;
use sieve::STRIDE;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;
use sweep::Gapped;
use words::{Interner, WordTest};

pub use sweep::Search;

/// A pattern found in a text. Tokens are named by the byte at which they start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Match {
    /// Whose pattern it is: the number that the list's maker gave.
    pub owner: u32,
    /// The first token.
    pub first: usize,
    /// The last token.
    pub last: usize,
    /// How many words the pattern has.
    pub words: u32,
    /// How many tokens it spans.
    pub tokens: u32,
}

/// A pattern, its words and links in the finder's arrays.
#[derive(Debug, Clone, Copy)]
struct Row {
    owner: u32,
    /// The first of its words.
    from: u32,
    words: u32,
    anchor: u32,
    /// Its place among the rows with gaps, or `NEVER`.
    gapped: u32,
    /// How many words it begins with that the row before it begins with too, if both are rows of neighbours.
    shared: u32,
}

impl Row {
    /// Its match from a token to another, so many tokens in all.
    fn found(&self, first: usize, last: usize, tokens: u32) -> Match {
        Match {
            owner: self.owner,
            first,
            last,
            words: self.words,
            tokens,
        }
    }
}

/// No place.
const NEVER: u32 = u32::MAX;

/// A link as a byte: the largest number of tokens between, or that nothing may stand between.
const NEXT: u8 = u8::MAX;

/// The patterns of a list, compiled.
#[derive(Debug)]
pub struct Finder {
    prefilter: Prefilter,
    tests: Vec<WordTest>,
    rows: Vec<Row>,
    /// The words of all rows.
    words: Vec<u32>,
    /// The link before each of them.
    links: Vec<u8>,
    anchored: Anchored,
    /// How far the rows with gaps reach.
    gapped: Vec<Gapped>,
    reach: usize,
    bound_prefixes: Arc<HashSet<String>>,
}

/// Patterns as rows of words and links, one after the other.
#[derive(Debug, Default)]
struct Laid {
    interner: Interner,
    /// What each distinct word costs as an anchor.
    costs: Vec<u64>,
    rows: Vec<Row>,
    words: Vec<u32>,
    links: Vec<u8>,
    reach: usize,
}

impl Laid {
    /// Adds a pattern, anchored at its rarest word, the first of equals.
    fn add(&mut self, owner: u32, pattern: &Pattern) {
        let from = self.words.len();
        for word in &pattern.words {
            let number = self.interner.number(word);
            if number as usize == self.costs.len() {
                self.costs.push(anchor::cost(word));
            }
            self.words.push(number);
        }
        let own = self.words[from..].iter().map(|word| self.costs[*word as usize]);
        let anchor = (0u32..)
            .zip(own)
            .min_by_key(|(at, cost)| (*cost, *at))
            .map_or(0, |(at, _)| at);
        self.rows.push(Row {
            owner,
            from: from as u32,
            words: pattern.words.len() as u32,
            anchor,
            gapped: NEVER,
            shared: 0,
        });
        self.links.push(NEXT);
        self.links.extend(pattern.links.iter().map(|link| match link {
            Link::Next => NEXT,
            Link::Within(n) => *n,
        }));
        self.reach = self.reach.max(span_limit(pattern));
    }
}

impl Finder {
    /// Compiles patterns, each with the number of its owner. No match starts at a token that a hyphen joins to one of
    /// the bound prefixes.
    pub fn new<'a>(
        patterns: impl Iterator<Item = (u32, &'a Pattern)>,
        bound_prefixes: Arc<HashSet<String>>,
    ) -> Self {
        let mut laid = Laid::default();
        patterns.for_each(|(owner, pattern)| laid.add(owner, pattern));
        let Laid {
            interner,
            mut rows,
            words,
            links,
            reach,
            ..
        } = laid;
        let gapped = sweep::gapped(&mut rows, &links);
        sweep::share(&mut rows, &words);
        let distinct = interner.into_words();
        let keys = Keys::new();
        let leads: Vec<Lead> = distinct.iter().map(|word| Lead::of(&keys, word)).collect();
        let tests: Vec<WordTest> = distinct
            .iter()
            .zip(&leads)
            .map(|(word, lead)| WordTest::new(word, lead))
            .collect();
        let anchored = Anchored::new(&rows, &words, &links, &leads);
        let wanted: Vec<Wanted> = (0u32..)
            .zip(leads)
            .filter(|(word, _)| anchored.has(*word as usize))
            .map(|(word, lead)| Wanted {
                word,
                lead,
                asks: anchored.asks(word as usize),
                decisive: tests[word as usize].is_decisive(),
            })
            .collect();
        Self {
            prefilter: Prefilter::new(&wanted),
            tests,
            rows,
            words,
            links,
            anchored,
            gapped,
            reach,
            bound_prefixes,
        }
    }

    /// The largest number of tokens that a match can span.
    pub fn reach(&self) -> usize {
        self.reach
    }

    /// Whether there is nothing to find.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Calls `found` for every match whose anchor starts within these bytes.
    pub fn scan(
        &self,
        view: &mut View,
        search: &mut Search,
        bytes: Range<usize>,
        mut found: impl FnMut(&mut View, Match),
    ) {
        if self.is_empty() || bytes.is_empty() {
            return;
        }
        search.begin(self.gapped.len(), bytes.end);
        let end = bytes.end.div_ceil(BLOCK).min(view.index().blocks());
        let mut passed = view.lend_room();
        for first in (bytes.start / BLOCK..end).step_by(STRIDE) {
            let blocks = first..(first + STRIDE).min(end);
            let sieve = self.prefilter.sieve();
            let count = sieve.sift(view.index(), blocks, &bytes, &mut passed);
            let work = view.work();
            (work.sifted, work.passed) = (work.sifted + STRIDE as u64, work.passed + count as u64);
            for place in &passed[..count] {
                self.at(view, search, first * BLOCK + usize::from(*place), &mut found);
            }
        }
        view.take_back(passed);
    }

    /// The matches anchored at a token.
    #[inline]
    fn at(
        &self,
        view: &mut View,
        search: &mut Search,
        token: usize,
        found: &mut impl FnMut(&mut View, Match),
    ) {
        let mut beside = None;
        self.prefilter.words(view, token, |view, word, proven| {
            let seems = self.anchored.may_answer(view, word as usize, token);
            if seems && (proven || self.tests[word as usize].matches(view, token)) {
                let beside = beside.get_or_insert_with(|| Neighbours::of(token));
                self.around(view, search, beside, word as usize, token, found);
            }
        });
    }

    /// The matches anchored at a token that is this word.
    #[inline]
    fn around(
        &self,
        view: &mut View,
        search: &mut Search,
        beside: &mut Neighbours,
        word: usize,
        token: usize,
        found: &mut impl FnMut(&mut View, Match),
    ) {
        self.anchored.around(view, beside, word, |view, row| {
            self.verify(view, search, row as usize, token, found);
        });
    }

    /// Whether a match may start at this token (SPEC 5.6).
    fn may_start(&self, view: &mut View, token: usize) -> bool {
        if view.gap_before(token) != Some(Gap::Hyphen) {
            return true;
        }
        let before = view.previous(token);
        !before.is_some_and(|before| self.bound_prefixes.contains(view.key(before)))
    }
}

/// The largest number of tokens that a match of a pattern can span.
fn span_limit(pattern: &Pattern) -> usize {
    let between = |link: &Link| {
        if let Link::Within(n) = link {
            usize::from(*n)
        } else {
            0
        }
    };
    pattern.words.len() + pattern.links.iter().map(between).sum::<usize>()
}
