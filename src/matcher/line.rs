//! The tokens of a part of a text as a list, for the sweeps of several rows over the same part: where each is, its first
//! letters, what gap stands before it.

use super::words::WordTest;
use crate::text::view::View;

/// So many tokens are kept behind those that are asked for.
const KEPT: usize = 4096;

/// A token as sweeps see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    /// The codes of its first letters; all ones if its key is not told by them.
    codes: u64,
    pub token: u32,
    pub gap: Before,
    /// Whether the codes are all of it, or are eight.
    whole: bool,
}

/// The gap before a token, as far as patterns ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// No pattern goes across.
    Closed,
    /// Only a gap of a pattern does.
    Open,
    /// Neighbouring words do too.
    Tight,
}

impl Item {
    fn of(view: &mut View, token: usize) -> Self {
        let gap = match view.gap_before(token) {
            Some(gap) if gap.is_tight() => Before::Tight,
            Some(gap) if !gap.ends_sentence() => Before::Open,
            _ => Before::Closed,
        };
        let codes = view.index().ascii_codes(token);
        Self {
            codes: codes.unwrap_or(!0),
            token: token as u32,
            gap,
            whole: codes.is_some_and(|codes| !view.index().is_joined(token, codes)),
        }
    }

    /// Whether it may be a word: most are not, and no more has to be asked.
    #[inline]
    pub fn may_be(&self, test: &WordTest) -> bool {
        self.codes == !0 || test.agrees(self.codes)
    }

    /// Whether it is a word.
    #[inline(always)]
    pub fn is(&self, view: &mut View, test: &WordTest) -> bool {
        let proven = self.whole && test.is_decisive();
        self.may_be(test) && (proven || test.matches(view, self.token as usize))
    }
}

/// Tokens in a row; reused.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// The number of the first one.
    first: usize,
    items: Vec<Item>,
}

impl Line {
    /// Forgets all.
    pub fn clear(&mut self) {
        self.items.clear();
    }

    /// The tokens from the one with the number `from` up to, without it, the one with the number `to`.
    pub fn cover(&mut self, view: &mut View, from: usize, to: usize) -> &[Item] {
        let known = self.first..=self.first + self.items.len();
        if !known.contains(&from) {
            self.items.clear();
        }
        if self.items.is_empty() {
            self.first = from;
        } else if self.items.len() > 4 * KEPT && from - self.first > KEPT {
            let gone = from - self.first - KEPT;
            self.items.drain(..gone);
            self.first += gone;
        }
        let mut next = match self.items.last() {
            Some(last) => view.next(last.token as usize),
            None => view.index().nth(from),
        };
        while self.first + self.items.len() < to {
            let Some(token) = next else { break };
            self.items.push(Item::of(view, token));
            next = view.next(token);
        }
        let end = (to - self.first).min(self.items.len());
        &self.items[(from - self.first).min(end)..end]
    }
}
