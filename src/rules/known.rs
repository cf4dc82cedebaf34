//! The matches of one list in a part of the document: worked out around the matches that ask, once, and kept while
//! the questions move along the text.

use super::Stretch;
use crate::text::view::View;
use std::ops::Range;

/// Matches of a list, complete for the anchors within a range of token numbers.
#[derive(Debug, Default)]
pub struct Known {
    done: Range<usize>,
    /// Sorted by their first token and their end, each once.
    stretches: Vec<Stretch>,
    /// What a scan has just found.
    fresh: Vec<Stretch>,
}

/// The numbers of the tokens of a stretch and of `more` tokens on each side.
pub fn around(view: &View, at: Stretch, more: usize) -> Range<usize> {
    let (first, last) = (view.index().number(at.first), view.index().number(at.last));
    first.saturating_sub(more)..(last + more + 1).min(view.index().tokens())
}

/// The bytes of tokens by number.
fn bytes(view: &View, tokens: Range<usize>) -> Range<usize> {
    let at = |number| view.index().nth(number).unwrap_or(view.text.len());
    at(tokens.start)..at(tokens.end)
}

impl Known {
    /// Forgets everything.
    pub fn forget(&mut self) {
        self.done = 0..0;
        self.stretches.clear();
    }

    /// Makes sure that the matches anchored at these tokens are known. `scan` appends those anchored within a range
    /// of bytes.
    pub fn cover(
        &mut self,
        view: &mut View,
        wanted: Range<usize>,
        scan: impl FnOnce(&mut View, Range<usize>, &mut Vec<Stretch>),
    ) {
        if self.done.start <= wanted.start && wanted.end <= self.done.end {
            return;
        }
        if !(self.done.start..=self.done.end).contains(&wanted.start) {
            self.stretches.clear();
            self.done = wanted.start..wanted.start;
        }
        let missing = bytes(view, self.done.end..wanted.end);
        scan(view, missing, &mut self.fresh);
        self.done.end = wanted.end;
        self.take_in();
    }

    /// Puts what was found in its place. Matches come in the order of their anchors, so that it goes among the last few.
    fn take_in(&mut self) {
        let Some(least) = self.fresh.iter().map(|fresh| fresh.first).min() else {
            return;
        };
        let later = self.stretches.partition_point(|known| known.first < least);
        self.fresh.extend(self.stretches.drain(later..));
        self.fresh.sort_unstable_by_key(|fresh| (fresh.first, fresh.end));
        self.fresh.dedup();
        self.stretches.append(&mut self.fresh);
    }

    /// Whether a known match holds all of a stretch. `reach` is the largest number of tokens of a match.
    pub fn holds_around(&self, view: &View, at: Stretch, reach: usize) -> bool {
        self.back_from(view, at.first + 1, at.first, reach)
            .any(|known| known.end >= at.end)
    }

    /// The last token of the known match that ends last before `to`, if it starts within `far` tokens of it. No match
    /// has more than `reach` tokens.
    pub fn last_before(&self, view: &View, to: usize, far: usize, reach: usize) -> Option<usize> {
        let mut best = None;
        for known in self.back_from(view, to, to, far) {
            if known.end <= to {
                best = best.max(Some(known.last));
            }
            // What starts still earlier cannot reach as far.
            if best.is_some_and(|best| view.index().number(known.first) + reach <= view.index().number(best))
            {
                break;
            }
        }
        best
    }

    /// The first token of the known match that starts first at `from` or behind it.
    pub fn first_from(&self, from: usize) -> Option<usize> {
        let next = self.stretches.partition_point(|known| known.first < from);
        self.stretches.get(next).map(|known| known.first)
    }

    /// The known matches that start before `before`, last first, as far as they could still reach the token `to`.
    fn back_from(
        &self,
        view: &View,
        before: usize,
        to: usize,
        reach: usize,
    ) -> impl Iterator<Item = &Stretch> {
        let end = self.stretches.partition_point(|known| known.first < before);
        let number = view.index().number(to).saturating_sub(reach);
        let lowest = view.index().nth(number).unwrap_or(0);
        self.stretches[..end]
            .iter()
            .rev()
            .take_while(move |known| known.first >= lowest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::gap::Newline;
    use crate::text::view::Memo;

    fn stretch(first: usize, last: usize) -> Stretch {
        Stretch {
            first,
            last,
            end: last + 1,
        }
    }

    #[test]
    fn what_is_found_is_kept_in_order_and_once() {
        let mut memo = Memo::default();
        let text = "a ".repeat(20);
        let mut view = View::new(&text, Newline::Auto, &mut memo);
        let mut known = Known::default();
        known.cover(&mut view, 2..6, |_, bytes, found| {
            assert_eq!(bytes, 4..12);
            found.extend([stretch(4, 8), stretch(4, 4), stretch(4, 8), stretch(8, 10)]);
        });
        known.cover(&mut view, 3..6, |_, _, _| unreachable!("it is known"));
        known.cover(&mut view, 4..9, |_, bytes, found| {
            assert_eq!(bytes, 12..18);
            found.extend([stretch(6, 12), stretch(16, 16)]);
        });
        assert_eq!(
            known.stretches,
            [(4, 4), (4, 8), (6, 12), (8, 10), (16, 16)].map(|(first, last)| stretch(first, last))
        );
        known.cover(&mut view, 0..2, |_, bytes, _| assert_eq!(bytes, 0..4));
        assert!(known.stretches.is_empty());
    }
}
