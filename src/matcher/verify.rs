//! From an anchor to a match: which tokens could be the start, and what the match from a start is (SPEC 5.4, 5.5).

use super::{Finder, Match, NEXT, Row};
use crate::text::view::View;

/// Which (word, token) pairs of a row cannot be completed, whatever the start: keeps the search around an anchor
/// linear in its window.
#[derive(Debug)]
struct Dead {
    bits: Vec<u64>,
    /// The number of the first token in the window, and how many there are.
    first: usize,
    window: usize,
}

impl Dead {
    /// Nothing is known yet. A match around the anchor lies within `reach` tokens of it.
    fn around(view: &View, anchor: usize, reach: usize) -> Self {
        Self {
            bits: Vec::new(),
            first: view.index().number(anchor).saturating_sub(reach),
            window: 2 * reach + 1,
        }
    }

    fn place(&self, view: &View, word: usize, token: usize) -> (usize, u64) {
        let bit = word * self.window + view.index().number(token) - self.first;
        (bit / 64, 1 << (bit % 64))
    }

    fn contains(&self, view: &View, word: usize, token: usize) -> bool {
        let (at, bit) = self.place(view, word, token);
        self.bits.get(at).is_some_and(|bits| bits & bit != 0)
    }

    fn insert(&mut self, view: &View, word: usize, token: usize) {
        let (at, bit) = self.place(view, word, token);
        if at >= self.bits.len() {
            self.bits.resize(at + 1, 0);
        }
        self.bits[at] |= bit;
    }
}

/// The anchor and the last token of a completed pattern.
type Ends = (usize, usize);

impl Finder {
    /// Calls `found` for each match of a row in which its anchor is this token.
    pub(super) fn verify(
        &self,
        view: &mut View,
        row: &Row,
        token: usize,
        found: &mut impl FnMut(&mut View, Match),
    ) {
        if row.words == 1 {
            return self.single(view, row, token, found);
        }
        let dead = &mut self.dead(view, row, token);
        if row.anchor == 0 {
            return self.match_at(view, row, token, token, dead, found);
        }
        if dead.is_some()
            && self
                .complete(view, row, row.anchor as usize, token, dead)
                .is_none()
        {
            return;
        }
        for start in self.starts(view, row, token) {
            self.match_at(view, row, start, token, dead, found);
        }
    }

    /// The match of a row of one word.
    #[inline]
    fn single(&self, view: &mut View, row: &Row, token: usize, found: &mut impl FnMut(&mut View, Match)) {
        if self.may_start(view, token) {
            let (owner, words) = (row.owner, row.words);
            found(
                view,
                Match {
                    owner,
                    first: token,
                    last: token,
                    words,
                },
            );
        }
    }

    /// The match from one start, if its anchor is this token: from another anchor it is found there.
    fn match_at(
        &self,
        view: &mut View,
        row: &Row,
        start: usize,
        token: usize,
        dead: &mut Option<Dead>,
        found: &mut impl FnMut(&mut View, Match),
    ) {
        if let Some((anchor, last)) = self.complete(view, row, 0, start, dead)
            && anchor == token
            && self.may_start(view, start)
        {
            found(
                view,
                Match {
                    owner: row.owner,
                    first: start,
                    last,
                    words: row.words,
                },
            );
        }
    }

    /// A memory for the search around an anchor, if the row has so many gaps that it could come by one place twice.
    fn dead(&self, view: &View, row: &Row, anchor: usize) -> Option<Dead> {
        if row.words < 3 {
            return None;
        }
        let gaps = self.row_links(row).iter().filter(|link| **link != NEXT);
        let reach = row.words as usize + gaps.clone().map(|n| usize::from(*n)).sum::<usize>();
        (gaps.count() > 1).then(|| Dead::around(view, anchor, reach))
    }

    /// Completes a pattern whose word `at` is `token`: the smallest first gap, then the smallest second, and so on.
    fn complete(
        &self,
        view: &mut View,
        row: &Row,
        at: usize,
        token: usize,
        dead: &mut Option<Dead>,
    ) -> Option<Ends> {
        let here = |(anchor, last)| {
            if at == row.anchor as usize {
                (token, last)
            } else {
                (anchor, last)
            }
        };
        let next = at + 1;
        if next == row.words as usize {
            return Some(here((token, token)));
        }
        let link = self.row_links(row)[next];
        let (mut to, mut reached) = (token, token);
        for _ in 0..=between(link) {
            to = view.next(to)?;
            let known = dead.as_ref().is_some_and(|dead| dead.contains(view, next, to));
            if known || !self.is_word(view, row, next, to) {
                continue;
            }
            // Most words are told apart before a gap has to be looked at.
            if !is_open(view, link, reached, to) {
                return None;
            }
            reached = to;
            if let Some(ends) = self.complete(view, row, next, to, dead) {
                return Some(here(ends));
            }
            if let Some(dead) = dead {
                dead.insert(view, next, to);
            }
        }
        None
    }

    /// The tokens that could be the first word of a row whose anchor is this token, ascending.
    fn starts(&self, view: &mut View, row: &Row, token: usize) -> Vec<usize> {
        let anchor = row.anchor as usize;
        let mut tokens = Vec::new();
        self.before(
            view,
            row,
            anchor - 1,
            self.row_links(row)[anchor],
            token,
            &mut tokens,
        );
        for at in (0..anchor - 1).rev() {
            let link = self.row_links(row)[at + 1];
            let mut before = Vec::new();
            for token in tokens {
                self.before(view, row, at, link, token, &mut before);
            }
            before.sort_unstable();
            before.dedup();
            tokens = before;
        }
        tokens.sort_unstable();
        tokens
    }

    /// The tokens before this one that could be word `at` of a row.
    fn before(&self, view: &mut View, row: &Row, at: usize, link: u8, token: usize, found: &mut Vec<usize>) {
        let (mut from, mut reached) = (token, token);
        for _ in 0..=between(link) {
            let Some(previous) = view.previous(from) else {
                return;
            };
            from = previous;
            if self.is_word(view, row, at, from) {
                if !is_open(view, link, from, reached) {
                    return;
                }
                reached = from;
                found.push(from);
            }
        }
    }

    #[inline]
    fn is_word(&self, view: &mut View, row: &Row, at: usize, token: usize) -> bool {
        self.tests[self.words[row.from as usize + at] as usize].matches(view, token)
    }

    fn row_links(&self, row: &Row) -> &[u8] {
        &self.links[row.from as usize..(row.from + row.words) as usize]
    }
}

/// How many tokens a link lets stand between two words.
fn between(link: u8) -> u8 {
    if link == NEXT { 0 } else { link }
}

/// Whether all gaps from one token to a later one are such as a link lets stand there (SPEC 5.4, 5.5).
#[inline]
fn is_open(view: &mut View, link: u8, from: usize, to: usize) -> bool {
    let mut at = to;
    while at > from {
        let Some(gap) = view.gap_before(at) else {
            return false;
        };
        if gap.ends_sentence() || (link == NEXT && !gap.is_tight()) {
            return false;
        }
        let Some(previous) = view.previous(at) else {
            return false;
        };
        at = previous;
    }
    true
}
