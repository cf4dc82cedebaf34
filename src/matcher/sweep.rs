//! Rows with gaps where their anchors stand close together: one walk over the tokens, from right to left, finds what is
//! anchored at many of them (SPEC 5.5). Owns what is remembered of each row while a text is scanned.
//!
//! Walking left, each word of a row remembers the nearest token from which the rest of the row can be completed; the
//! word before it takes that one or none, for it is the smallest gap. So a token costs a step for each word of the row,
//! however wide the gaps are.

use super::line::{Before, Item, Line};
use super::{Finder, Match, NEVER, NEXT, Row};
use crate::text::view::View;

/// So many tokens are swept in one go at most, or as many as a row can span.
const MOST: usize = 4096;

/// The most words that a pattern has.
const WORDS: usize = 64;

/// How far a row with gaps reaches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gapped {
    /// How many tokens may stand from the first word to the anchor, and from the anchor to the last word.
    pub left: usize,
    pub right: usize,
    /// Whether it has one gap only, so that a search around one anchor is short.
    pub one: bool,
}

impl Gapped {
    /// The reach of a row with these links, the first of which is none; nothing if there is no gap.
    pub fn of(links: &[u8], anchor: usize) -> Option<Self> {
        let far = |links: &[u8]| links.iter().map(|link| 1 + usize::from(between(*link))).sum();
        let gaps = links.iter().filter(|link| **link != NEXT).count();
        (gaps > 0).then(|| Self {
            left: far(&links[1..=anchor]),
            right: far(&links[anchor + 1..]),
            one: gaps == 1,
        })
    }
}

/// How many tokens a link lets stand between two words.
pub(super) fn between(link: u8) -> u8 {
    if link == NEXT { 0 } else { link }
}

/// The reach of all rows with gaps, and gives each its place among them.
pub(super) fn gapped(rows: &mut [Row], links: &[u8]) -> Vec<Gapped> {
    let mut all = Vec::new();
    for row in rows {
        let links = &links[row.from as usize..(row.from + row.words) as usize];
        if let Some(gapped) = Gapped::of(links, row.anchor as usize) {
            row.gapped = all.len() as u32;
            all.push(gapped);
        }
    }
    all
}

/// Tells each row of neighbours that begins with its anchor what it shares with the row before it.
pub(super) fn share(rows: &mut [Row], words: &[u32]) {
    let is_plain = |row: &Row| row.gapped == NEVER && row.anchor == 0;
    for at in 1..rows.len() {
        let (before, row) = (&rows[at - 1], &rows[at]);
        if is_plain(before) && is_plain(row) {
            let [a, b] = [before, row].map(|row| &words[row.from as usize..][..row.words as usize]);
            rows[at].shared = a.iter().zip(b).take_while(|(a, b)| a == b).count() as u32;
        }
    }
}

/// What is remembered of the rows of a finder while it scans a text; reused.
#[derive(Debug)]
pub struct Search {
    scan: u64,
    /// Anchors lie before this byte.
    end: usize,
    swept: Vec<Swept>,
    alive: [Alive; WORDS],
    line: Line,
    pub(super) trail: Trail,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            scan: 0,
            end: 0,
            swept: Vec::new(),
            alive: [Alive::default(); WORDS],
            line: Line::default(),
            trail: Trail::default(),
        }
    }
}

/// How far the last row without gaps went.
#[derive(Debug)]
pub(super) struct Trail {
    /// The row and its first token.
    pub row: usize,
    pub token: usize,
    /// How many of its words stand there, and where.
    pub depth: usize,
    pub tokens: [usize; WORDS],
}

impl Default for Trail {
    fn default() -> Self {
        Self {
            row: 0,
            token: usize::MAX,
            depth: 0,
            tokens: [0; WORDS],
        }
    }
}

/// What is remembered of one row.
#[derive(Debug, Clone, Copy, Default)]
struct Swept {
    /// The scan that it is remembered of.
    scan: u64,
    /// The matches of anchors before this byte are found.
    done: usize,
    /// The number of the last anchor behind it.
    last: usize,
    /// How many tokens were swept ahead of it.
    ahead: usize,
}

/// The nearest token from which a row can be completed.
#[derive(Debug, Clone, Copy, Default)]
struct Alive {
    /// Its number, from any.
    number: usize,
    /// The anchor of the completion, once it is passed, and its last token.
    anchor: usize,
    last: usize,
}

impl Search {
    /// Begins a scan for anchors before `end`, with a finder that has so many rows with gaps.
    pub(super) fn begin(&mut self, gapped: usize, end: usize) {
        self.scan += 1;
        self.end = end;
        self.trail.token = usize::MAX;
        self.line.clear();
        if self.swept.len() < gapped {
            self.swept.resize(gapped, Swept::default());
        }
    }

    /// How many tokens to sweep from an anchor on, none if it was swept before: one where anchors are far apart, more
    /// and more while they are not.
    fn ahead(&mut self, number: usize, gapped: &Gapped, token: usize, tokens: usize) -> usize {
        let (scan, swept) = (self.scan, &mut self.swept[number]);
        let is_first = swept.scan != scan;
        if !is_first && token < swept.done {
            return 0;
        }
        let reach = gapped.left + gapped.right;
        let is_near = !is_first && tokens <= swept.last + reach;
        let ahead = if is_near {
            (2 * swept.ahead).clamp(reach, MOST.max(reach))
        } else {
            1
        };
        *swept = Swept {
            scan,
            done: 0,
            last: tokens + ahead - 1,
            ahead,
        };
        ahead
    }
}

impl Finder {
    /// Calls `found` for each match of a row with gaps anchored at this token, unless it was found from an anchor before
    /// it; maybe for those of the next anchors too.
    #[inline(never)]
    pub(super) fn gapped(
        &self,
        view: &mut View,
        search: &mut Search,
        row: &Row,
        token: usize,
        found: &mut impl FnMut(&mut View, Match),
    ) {
        let gapped = &self.gapped[row.gapped as usize];
        let number = view.index().number(token);
        match search.ahead(row.gapped as usize, gapped, token, number) {
            0 => {}
            1 if gapped.one => self.search(view, row, token, found),
            ahead => {
                let end = view.index().nth(number + ahead).unwrap_or(view.text.len());
                let end = end.min(search.end);
                search.swept[row.gapped as usize].done = end;
                let from = number.saturating_sub(gapped.left);
                let to = number + ahead + gapped.right;
                let items = search.line.cover(view, from, to);
                view.work().swept += items.len() as u64;
                let sweep = Sweep {
                    finder: self,
                    row,
                    links: self.row_links(row),
                    anchors: (token, end),
                    alive: &mut search.alive,
                    living: 0,
                    is_tight: false,
                };
                sweep.run(view, items, found);
            }
        }
    }
}

/// A walk over some tokens for one row.
struct Sweep<'a> {
    finder: &'a Finder,
    row: &'a Row,
    links: &'a [u8],
    /// The bytes at which its anchors start.
    anchors: (usize, usize),
    alive: &'a mut [Alive; WORDS],
    /// A bit for each word that is alive.
    living: u64,
    /// Whether neighbouring words may stand on both sides of the gap that was passed last.
    is_tight: bool,
}

impl Sweep<'_> {
    /// Walks over tokens, from the last one to the first.
    #[inline(never)]
    fn run(mut self, view: &mut View, items: &[Item], found: &mut impl FnMut(&mut View, Match)) {
        let beyond = !1u64 << self.row.anchor;
        let word = self.row.from + self.row.words - 1;
        let last = &self.finder.tests[self.finder.words[word as usize] as usize];
        let mut left = items;
        while let Some((item, rest)) = left.split_last() {
            let token = item.token as usize;
            // Right of the anchors only the words behind the anchor are looked for.
            let asked = if token < self.anchors.1 { !0 } else { beyond };
            self.step(view, item, rest.len(), asked, found);
            if token <= self.anchors.0 && self.living & !beyond == 0 {
                return;
            }
            match item.gap {
                Before::Closed => self.living = 0,
                gap => self.is_tight = gap == Before::Tight,
            }
            left = rest;
            if self.living == 0 {
                let next = rest.iter().rposition(|item| item.may_be(last));
                left = &rest[..next.map_or(0, |at| at + 1)];
            }
        }
    }

    /// Looks at one token: which words of the row it is with a completion behind it. In ascending order, for each word
    /// asks for what was alive behind this token.
    #[inline]
    fn step(
        &mut self,
        view: &mut View,
        item: &Item,
        number: usize,
        asked: u64,
        found: &mut impl FnMut(&mut View, Match),
    ) {
        let last = self.row.words as usize - 1;
        let mut left = (1 << last | self.living >> 1) & asked;
        let mut known: Option<(u32, bool)> = None;
        while left != 0 {
            let at = left.trailing_zeros() as usize;
            left &= left - 1;
            if at < last && !self.is_within(at + 1, number) {
                self.living &= !(2 << at);
                continue;
            }
            let word = self.finder.words[self.row.from as usize + at];
            let is_word = match known {
                Some((same, is_word)) if same == word => is_word,
                _ => item.is(view, &self.finder.tests[word as usize]),
            };
            known = Some((word, is_word));
            if is_word {
                self.enter(view, at, item.token as usize, number, found);
            }
        }
    }

    /// Whether the nearest token for a word can follow the token before it.
    #[inline]
    fn is_within(&self, word: usize, number: usize) -> bool {
        let far = self.alive[word].number - number - 1;
        match self.links[word] {
            NEXT => far == 0 && self.is_tight,
            link => far <= usize::from(link),
        }
    }

    /// A token is a word from which the row can be completed.
    fn enter(
        &mut self,
        view: &mut View,
        at: usize,
        token: usize,
        number: usize,
        found: &mut impl FnMut(&mut View, Match),
    ) {
        let next = if at + 1 == self.row.words as usize {
            Alive {
                number,
                anchor: token,
                last: token,
            }
        } else {
            self.alive[at + 1]
        };
        let anchor = if at as u32 == self.row.anchor {
            token
        } else {
            next.anchor
        };
        self.alive[at] = Alive {
            number,
            anchor,
            last: next.last,
        };
        self.living |= 1 << at & !1;
        let (first, end) = self.anchors;
        if at == 0 && (first..end).contains(&anchor) && self.finder.may_start(view, token) {
            let (owner, words) = (self.row.owner, self.row.words);
            found(
                view,
                Match {
                    owner,
                    first: token,
                    last: next.last,
                    words,
                },
            );
        }
    }
}
