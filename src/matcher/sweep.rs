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
    asks: [Ask; WORDS],
    line: Line,
    pub(super) trail: Trail,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            scan: 0,
            end: 0,
            swept: Vec::new(),
            asks: [Ask::default(); WORDS],
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
    /// Whether a match may start there, once asked for.
    pub may_start: Option<bool>,
    /// How many of its words stand there, and where.
    pub depth: usize,
    pub tokens: [usize; WORDS],
}

impl Default for Trail {
    fn default() -> Self {
        Self {
            row: 0,
            token: usize::MAX,
            may_start: None,
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
                let to = view.index().number(end) + gapped.right;
                self.sweep(view, search, row, (token, end), (from, to), found);
            }
        }
    }

    /// Sweeps some tokens, by number, for the matches of a row with anchors that start at some bytes.
    fn sweep(
        &self,
        view: &mut View,
        search: &mut Search,
        row: &Row,
        anchors: (usize, usize),
        tokens: (usize, usize),
        found: &mut impl FnMut(&mut View, Match),
    ) {
        let Search { line, asks, .. } = search;
        let words = &self.words[row.from as usize..(row.from + row.words) as usize];
        let links = self.row_links(row);
        for ((ask, word), link) in asks.iter_mut().zip(words).zip(links) {
            *ask = Ask {
                test: *word,
                link: *link,
                ..Ask::default()
            };
        }
        let items = line.cover(view, tokens.0, tokens.1);
        // Of most rows some word is nowhere near, and a look for it costs less than a sweep.
        let is_there = |word: &u32| items.iter().any(|item| item.may_be(&self.tests[*word as usize]));
        view.work().swept += items.len() as u64;
        if !words.iter().all(is_there) {
            return;
        }
        let mut sweep = Sweep {
            finder: self,
            row,
            anchors,
            asks,
            living: 0,
            is_tight: false,
            words: 0,
        };
        sweep.run(view, items, found);
        let words = sweep.words;
        view.work().words += words;
    }
}

/// A word of the row that is swept.
#[derive(Debug, Clone, Copy, Default)]
struct Ask {
    /// Its test.
    test: u32,
    /// The nearest token that is the word, and from which the rest of the row can be completed: its number, from any;
    /// the anchor of the completion, once that is passed, and its last token and the number of that.
    number: u32,
    anchor: u32,
    last: u32,
    last_number: u32,
    /// The link before it.
    link: u8,
}

/// A walk over some tokens for one row.
struct Sweep<'a> {
    finder: &'a Finder,
    row: &'a Row,
    /// The bytes at which its anchors start.
    anchors: (usize, usize),
    asks: &'a mut [Ask; WORDS],
    /// A bit for each word that is alive.
    living: u64,
    /// Whether neighbouring words may stand on both sides of the gap that was passed last.
    is_tight: bool,
    /// How many words were compared.
    words: u64,
}

impl Sweep<'_> {
    /// Walks over tokens, from the last one to the first.
    #[inline(never)]
    fn run(&mut self, view: &mut View, items: &[Item], found: &mut impl FnMut(&mut View, Match)) {
        let beyond = !1u64 << self.row.anchor;
        let last = self.row.words as usize - 1;
        let last = &self.finder.tests[self.asks[last % WORDS].test as usize];
        let mut left = items;
        while let Some((item, rest)) = left.split_last() {
            let token = item.token as usize;
            // Right of the anchors only the words behind the anchor are looked for.
            let asked = if token < self.anchors.1 { !0 } else { beyond };
            self.step(view, item, rest.len() as u32, asked, found);
            if token <= self.anchors.0 && self.living & !beyond == 0 {
                left = rest;
                break;
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
        view.work().swept += (items.len() - left.len()) as u64;
    }

    /// Looks at one token: which words of the row it is with a completion behind it. In ascending order, for each word
    /// asks for what was alive behind this token.
    #[inline]
    fn step(
        &mut self,
        view: &mut View,
        item: &Item,
        number: u32,
        asked: u64,
        found: &mut impl FnMut(&mut View, Match),
    ) {
        let last = self.row.words as usize - 1;
        let mut left = (1 << last | self.living >> 1) & asked;
        let (mut known, mut is_known) = (u32::MAX, false);
        while left != 0 {
            let at = left.trailing_zeros() as usize;
            left &= left - 1;
            let next = self.asks[(at + 1) % WORDS];
            if at < last && !self.is_within(&next, number) {
                self.living &= !(2 << at);
                continue;
            }
            let test = self.asks[at % WORDS].test;
            if test != known {
                (known, is_known) = (test, item.is(view, &self.finder.tests[test as usize]));
                self.words += 1;
            }
            if is_known {
                self.enter(view, at, item.token, number, (at < last).then_some(next), found);
            }
        }
    }

    /// Whether the nearest token for a word can follow the token before it.
    #[inline]
    fn is_within(&self, next: &Ask, number: u32) -> bool {
        let far = next.number - number - 1;
        match next.link {
            NEXT => far == 0 && self.is_tight,
            link => far <= u32::from(link),
        }
    }

    /// A token is a word from which the row can be completed, with what follows it.
    #[inline]
    fn enter(
        &mut self,
        view: &mut View,
        at: usize,
        token: u32,
        number: u32,
        next: Option<Ask>,
        found: &mut impl FnMut(&mut View, Match),
    ) {
        let here = (token, token, number);
        let (mut anchor, last, last_number) =
            next.map_or(here, |next| (next.anchor, next.last, next.last_number));
        if at as u32 == self.row.anchor {
            anchor = token;
        }
        if at > 0 {
            self.living |= 1 << at;
            let ask = &mut self.asks[at % WORDS];
            (ask.number, ask.anchor) = (number, anchor);
            (ask.last, ask.last_number) = (last, last_number);
        } else if (self.anchors.0..self.anchors.1).contains(&(anchor as usize)) {
            let tokens = last_number - number + 1;
            self.finder
                .tell(view, self.row, token as usize, last as usize, tokens, found);
        }
    }
}
