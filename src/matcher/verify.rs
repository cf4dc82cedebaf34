//! From an anchor to a match: which tokens could be the start, and what the match from a start is (SPEC 5.4, 5.5), for
//! rows of neighbours and for rows with one gap. Where a row has more gaps, or its anchors stand close together, `sweep`
//! finds the same.

use super::sweep::{Search, between};
use super::{Finder, Match, NEVER, NEXT, Row};
use crate::text::gap::Gap;
use crate::text::view::View;

/// The anchor and the last token of a completed pattern.
type Ends = (usize, usize);

impl Finder {
    /// Calls `found` for each match of a row in which its anchor is this token; of a row with gaps maybe sooner.
    #[inline]
    pub(super) fn verify(
        &self,
        view: &mut View,
        search: &mut Search,
        number: usize,
        token: usize,
        found: &mut impl FnMut(&mut View, Match),
    ) {
        let row = &self.rows[number];
        view.work().rows += 1;
        if row.words == 1 {
            self.tell(view, row, token, token, 1, found);
        } else if row.gapped != NEVER {
            self.gapped(view, search, row, token, found);
        } else if row.anchor == 0 {
            self.neighbours(view, search, number, token, found);
        } else {
            self.search(view, row, token, found);
        }
    }

    /// The matches of a row with one gap or none.
    pub(super) fn search(
        &self,
        view: &mut View,
        row: &Row,
        token: usize,
        found: &mut impl FnMut(&mut View, Match),
    ) {
        self.back(view, row, row.anchor as usize, token, token, found);
    }

    /// The match of a row of neighbours that begins with its anchor. What it shares with the row before it is known, if
    /// that was looked for at the same token.
    #[inline(never)]
    fn neighbours(
        &self,
        view: &mut View,
        search: &mut Search,
        number: usize,
        token: usize,
        found: &mut impl FnMut(&mut View, Match),
    ) {
        let (row, trail) = (&self.rows[number], &mut search.trail);
        let known = trail.token == token && trail.row + 1 == number;
        let shared = if known { row.shared as usize } else { 0 };
        trail.row = number;
        if shared > trail.depth {
            return;
        }
        if trail.token != token {
            (trail.token, trail.may_start) = (token, None);
            trail.tokens[0] = token;
        }
        trail.depth = shared.max(1);
        while trail.depth < row.words as usize {
            let reached = trail.tokens[trail.depth - 1];
            let Some(next) = view.next(reached) else {
                return;
            };
            let stands = self.is_word(view, row, trail.depth, next)
                && view.gap_before(next).is_some_and(Gap::is_tight);
            if !stands {
                return;
            }
            trail.tokens[trail.depth] = next;
            trail.depth += 1;
        }
        let last = trail.tokens[trail.depth - 1];
        let may_start = trail.may_start.get_or_insert_with(|| self.may_start(view, token));
        if *may_start {
            found(view, row.found(token, last, row.words));
        }
    }

    /// A match, if it may start where it does.
    #[inline]
    pub(super) fn tell(
        &self,
        view: &mut View,
        row: &Row,
        first: usize,
        last: usize,
        tokens: u32,
        found: &mut impl FnMut(&mut View, Match),
    ) {
        if self.may_start(view, first) {
            found(view, row.found(first, last, tokens));
        }
    }

    /// Completes a pattern whose word `at` is `token`: the smallest first gap, then the smallest second, and so on.
    fn complete(&self, view: &mut View, row: &Row, at: usize, token: usize) -> Option<Ends> {
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
            if !self.is_word(view, row, next, to) {
                continue;
            }
            // Most words are told apart before a gap has to be looked at.
            if !is_open(view, link, reached, to) {
                return None;
            }
            reached = to;
            if let Some(ends) = self.complete(view, row, next, to) {
                return Some(here(ends));
            }
        }
        None
    }

    /// Walks from word `at` back to the tokens that could be the first word; the match of each counts if its anchor is
    /// this one: from another anchor it is found there.
    fn back(
        &self,
        view: &mut View,
        row: &Row,
        at: usize,
        token: usize,
        anchor: usize,
        found: &mut impl FnMut(&mut View, Match),
    ) {
        if at == 0 {
            if let Some((at, last)) = self.complete(view, row, 0, token)
                && at == anchor
            {
                let tokens = view.index().number(last) - view.index().number(token) + 1;
                self.tell(view, row, token, last, tokens as u32, found);
            }
            return;
        }
        let link = self.row_links(row)[at];
        let (mut from, mut reached) = (token, token);
        for _ in 0..=between(link) {
            let Some(previous) = view.previous(from) else {
                return;
            };
            from = previous;
            if self.is_word(view, row, at - 1, from) {
                if !is_open(view, link, from, reached) {
                    return;
                }
                reached = from;
                self.back(view, row, at - 1, from, anchor, found);
            }
        }
    }

    #[inline]
    fn is_word(&self, view: &mut View, row: &Row, at: usize, token: usize) -> bool {
        self.tests[self.words[row.from as usize + at] as usize].matches(view, token)
    }

    pub(super) fn row_links(&self, row: &Row) -> &[u8] {
        &self.links[row.from as usize..(row.from + row.words) as usize]
    }
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
