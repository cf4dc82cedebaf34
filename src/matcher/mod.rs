//! Finds the matches of a list of patterns in a text (SPEC 5). A pattern is looked for by its rarest word; what
//! stands around it is looked at only then.

mod anchor;
#[cfg(test)]
mod naive;
mod neighbours;
mod prefilter;
mod sift;
mod table;
mod verify;
mod words;

use crate::lexicon::{Link, Pattern, Word};
use crate::text::gap::Gap;
use crate::text::view::View;
use neighbours::{Asked, Neighbours};
use prefilter::Prefilter;
use sift::Passed;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;
use words::{Interner, WordTest};

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
}

/// A pattern, its words and links in the finder's arrays.
#[derive(Debug, Clone, Copy)]
struct Row {
    owner: u32,
    /// The first of its words.
    from: u32,
    words: u32,
    anchor: u32,
}

/// A row with what it asks of the tokens beside its anchor.
#[derive(Debug, Clone, Copy)]
struct Anchored {
    row: u32,
    left: Asked,
    right: Asked,
}

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
    /// The rows anchored at each word: `anchored[from[w]..from[w + 1]]`.
    anchored: Vec<Anchored>,
    from: Vec<u32>,
    reach: usize,
    bound_prefixes: Arc<HashSet<String>>,
}

impl Finder {
    /// Compiles patterns, each with the number of its owner. No match starts at a token that a hyphen joins to one of
    /// the bound prefixes.
    pub fn new<'a>(
        patterns: impl Iterator<Item = (u32, &'a Pattern)>,
        bound_prefixes: Arc<HashSet<String>>,
    ) -> Self {
        let mut interner = Interner::default();
        let (mut rows, mut words, mut links, mut reach) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for (owner, pattern) in patterns {
            let anchor = anchor::rarest(pattern) as u32;
            rows.push(Row {
                owner,
                from: words.len() as u32,
                words: pattern.words.len() as u32,
                anchor,
            });
            words.extend(pattern.words.iter().map(|word| interner.number(word)));
            links.push(NEXT);
            links.extend(pattern.links.iter().map(|link| match link {
                Link::Next => NEXT,
                Link::Within(n) => *n,
            }));
            reach = reach.max(span_limit(pattern));
        }
        let distinct = interner.into_words();
        let (from, order) = by_anchor(&rows, &words, distinct.len());
        let anchors: Vec<_> = (0u32..)
            .zip(&distinct)
            .filter(|(w, _)| from[*w as usize] < from[*w as usize + 1])
            .collect();
        let anchored = order
            .iter()
            .map(|row| asked(*row, &rows, &words, &links, &distinct))
            .collect();
        Self {
            prefilter: Prefilter::new(&anchors),
            tests: distinct.iter().map(WordTest::new).collect(),
            rows,
            words,
            links,
            anchored,
            from,
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
    pub fn scan(&self, view: &mut View, bytes: Range<usize>, mut found: impl FnMut(&mut View, Match)) {
        if self.is_empty() || bytes.is_empty() {
            return;
        }
        // A window around a match gets a smaller room, for to clear it costs time too.
        if bytes.len() > 2 * 64 {
            self.scan_with(&mut [Passed::default(); 8 * 64], view, bytes, &mut found);
        } else {
            self.scan_with(&mut [Passed::default(); 64], view, bytes, &mut found);
        }
    }

    /// The same with room for the tokens of so many blocks at a time.
    fn scan_with(
        &self,
        room: &mut [Passed],
        view: &mut View,
        bytes: Range<usize>,
        found: &mut impl FnMut(&mut View, Match),
    ) {
        let step = room.len() / 64;
        let end = bytes.end.div_ceil(64).min(view.index().starts().len());
        for block in (bytes.start / 64..end).step_by(step) {
            let count = self
                .prefilter
                .first()
                .sift(view, block..(block + step).min(end), &bytes, room);
            for candidate in &room[..count] {
                self.prefilter.words(view, *candidate, |view, word, proven| {
                    if proven || self.tests[word as usize].matches(view, candidate.token) {
                        self.around(view, word as usize, candidate.token, found);
                    }
                });
            }
        }
    }

    /// The matches anchored at a token that is this word.
    #[inline]
    fn around(&self, view: &mut View, word: usize, token: usize, found: &mut impl FnMut(&mut View, Match)) {
        let mut beside = Neighbours::of(token);
        for anchored in &self.anchored[self.from[word] as usize..self.from[word + 1] as usize] {
            if beside.may_answer(view, anchored.left, anchored.right) {
                self.verify(view, &self.rows[anchored.row as usize], token, found);
            }
        }
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

/// The rows by the word that they are anchored at, and where each word's begin.
fn by_anchor(rows: &[Row], words: &[u32], distinct: usize) -> (Vec<u32>, Vec<u32>) {
    let word = |row: &Row| words[(row.from + row.anchor) as usize] as usize;
    let mut from = vec![0u32; distinct + 1];
    rows.iter().for_each(|row| from[word(row) + 1] += 1);
    for w in 0..distinct {
        from[w + 1] += from[w];
    }
    let mut place = from.clone();
    let mut order = vec![0u32; rows.len()];
    for (number, row) in (0u32..).zip(rows) {
        order[place[word(row)] as usize] = number;
        place[word(row)] += 1;
    }
    (from, order)
}

/// What a row asks of the tokens beside its anchor.
fn asked(number: u32, rows: &[Row], words: &[u32], links: &[u8], distinct: &[Word]) -> Anchored {
    let row = &rows[number as usize];
    let anchor = (row.from + row.anchor) as usize;
    let word = |at: usize| &distinct[words[at] as usize];
    let left = if row.anchor == 0 {
        Asked::NOTHING
    } else {
        Asked::of(word(anchor - 1), links[anchor])
    };
    let is_last = row.anchor + 1 == row.words;
    let right = if is_last {
        Asked::NOTHING
    } else {
        Asked::of(word(anchor + 1), links[anchor + 1])
    };
    Anchored {
        row: number,
        left,
        right,
    }
}
