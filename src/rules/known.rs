//! The matches of one list in a part of the document: worked out around the matches that ask, once, and kept while
//! the questions move along the text.

use super::Stretch;
use crate::matcher::Search;
use crate::text::view::View;
use std::cell::Cell;
use std::ops::Range;

/// Matches of a list, complete for the anchors within a range of token numbers: where they start and where they end.
#[derive(Debug, Default)]
pub struct Known {
    done: Range<usize>,
    /// Sorted by their first token, each of which is there once.
    starts: Vec<Start>,
    /// Where they end, and in the lower half their last token; sorted, each once.
    ends: Vec<u64>,
    packed: Vec<u64>,
    /// What a scan has just found.
    fresh: Vec<Stretch>,
    /// Where the last questions were answered.
    hints: [Cell<usize>; 3],
    search: Search,
}

/// The longest match that starts at a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Start {
    first: usize,
    end: usize,
    /// The largest end of this one and all before it.
    furthest: usize,
}

/// So many tokens more than were asked for are looked at in one go at most, and no more than are known already.
const MOST_AHEAD: usize = 4096;

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
        self.starts.clear();
        self.ends.clear();
    }

    /// Makes sure that the matches anchored at these tokens are known. `scan` appends those anchored within a range
    /// of bytes.
    pub fn cover(
        &mut self,
        view: &mut View,
        wanted: Range<usize>,
        scan: impl FnOnce(&mut View, &mut Search, Range<usize>, &mut Vec<Stretch>),
    ) {
        if self.done.start <= wanted.start && wanted.end <= self.done.end {
            return;
        }
        if !(self.done.start..=self.done.end).contains(&wanted.start) {
            self.starts.clear();
            self.ends.clear();
            self.done = wanted.start..wanted.start;
        }
        // Questions come one close to the other, and a scan of a few tokens costs as much as one of many.
        let ahead = self.done.len().min(MOST_AHEAD);
        let end = wanted.end.max(self.done.end + ahead).min(view.index().tokens());
        scan(
            view,
            &mut self.search,
            bytes(view, self.done.end..end),
            &mut self.fresh,
        );
        self.done.end = end;
        self.take_in(view);
    }

    /// Puts what was found in its place. Matches come in the order of their anchors, about, so that it goes among the
    /// last few.
    fn take_in(&mut self, view: &mut View) {
        let (Some(first), Some(end)) = (
            self.fresh.iter().map(|fresh| fresh.first).min(),
            self.fresh.iter().map(|fresh| fresh.end).min(),
        ) else {
            return;
        };
        // In one number each, which sort fastest: the first token and, the longest first, the end.
        let later = self.starts.partition_point(|known| known.first < first);
        let packed = &mut self.packed;
        packed.clear();
        packed.extend(
            self.starts
                .drain(later..)
                .map(|start| pack(start.first, !start.end)),
        );
        packed.extend(self.fresh.iter().map(|fresh| pack(fresh.first, !fresh.end)));
        packed.sort_unstable();
        packed.dedup_by_key(|packed| *packed >> 32);
        view.work().known += packed.len() as u64;
        let mut furthest = self.starts.last().map_or(0, |before| before.furthest);
        self.starts.extend(packed.iter().map(|packed| {
            let (first, end) = ((*packed >> 32) as usize, !*packed as u32 as usize);
            furthest = furthest.max(end);
            Start { first, end, furthest }
        }));
        let later = self.ends.partition_point(|known| *known >> 32 < end as u64);
        self.ends
            .extend(self.fresh.drain(..).map(|fresh| pack(fresh.end, fresh.last)));
        self.ends[later..].sort_unstable();
        self.ends.dedup();
    }

    /// Whether a known match holds all of a stretch.
    pub fn holds(&self, at: Stretch) -> bool {
        let before = seek(&self.starts, &self.hints[0], |start| start.first <= at.first);
        before > 0 && self.starts[before - 1].furthest >= at.end
    }

    /// The last token of the known match that ends last before `to`.
    pub fn last_before(&self, to: usize) -> Option<usize> {
        let before = seek(&self.ends, &self.hints[1], |packed| *packed >> 32 <= to as u64);
        before.checked_sub(1).map(|at| self.ends[at] as u32 as usize)
    }

    /// The first token of the known match that starts first at `from` or behind it.
    pub fn first_from(&self, from: usize) -> Option<usize> {
        let next = seek(&self.starts, &self.hints[2], |start| start.first < from);
        self.starts.get(next).map(|known| known.first)
    }
}

/// Two offsets of a text in one number.
fn pack(high: usize, low: usize) -> u64 {
    (high as u64) << 32 | u64::from(low as u32)
}

/// How many items of a sorted list are before a place. Looks first where the last answer was.
fn seek<T>(list: &[T], hint: &Cell<usize>, is_before: impl Fn(&T) -> bool) -> usize {
    let near = hint.get().min(list.len());
    let from = near.saturating_sub(NEAR);
    let to = (near + NEAR).min(list.len());
    let is_near = (from == 0 || is_before(&list[from - 1])) && (to == list.len() || !is_before(&list[to]));
    let found = if is_near {
        from + list[from..to].iter().take_while(|item| is_before(item)).count()
    } else {
        list.partition_point(is_before)
    };
    hint.set(found);
    found
}

/// So far from the last answer the next one is looked for one by one.
const NEAR: usize = 4;

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
        known.cover(&mut view, 2..6, |_, _, bytes, found| {
            assert_eq!(bytes, 4..12);
            found.extend([stretch(4, 8), stretch(4, 4), stretch(4, 8), stretch(8, 10)]);
        });
        known.cover(&mut view, 3..6, |_, _, _, _| unreachable!("it is known"));
        known.cover(&mut view, 4..9, |_, _, bytes, found| {
            assert_eq!(bytes, 12..20, "as many more as are known");
            found.extend([stretch(6, 12), stretch(16, 16)]);
        });
        let starts: Vec<_> = known
            .starts
            .iter()
            .map(|s| (s.first, s.end, s.furthest))
            .collect();
        assert_eq!(starts, [(4, 9, 9), (6, 13, 13), (8, 11, 13), (16, 17, 17)]);
        assert_eq!(
            known.ends,
            [(5, 4), (9, 8), (11, 10), (13, 12), (17, 16)].map(|(end, last)| pack(end, last))
        );
        known.cover(&mut view, 0..2, |_, _, bytes, _| assert_eq!(bytes, 0..4));
        assert!(known.starts.is_empty());
    }

    /// Each answer is that of a look at all matches, wherever the question before it was asked.
    #[test]
    fn questions_jump_or_move_along() {
        let mut memo = Memo::default();
        let text = "a ".repeat(100);
        let mut view = View::new(&text, Newline::Auto, &mut memo);
        let mut state = 1_u32;
        let mut below = |n: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) as usize % n as usize
        };
        for _ in 0..200 {
            let mut all: Vec<Stretch> = Vec::new();
            let mut known = Known::default();
            for part in 0..4 {
                let some: Vec<Stretch> = (0..below(12))
                    .map(|_| {
                        let first = 50 * part + 2 * below(25);
                        stretch(first.saturating_sub(2 * below(6)), first + 2 * below(6))
                    })
                    .collect();
                all.extend(&some);
                let anchors = 25 * part..25 * part + 25;
                known.done = anchors.start.min(1) * known.done.start..anchors.start;
                known.done.start = known.done.end;
                known.cover(&mut view, anchors, |_, _, _, found| found.extend(&some));
                let mut at = below(200);
                for _ in 0..30 {
                    at = if below(3) == 0 { below(200) } else { at + below(4) };
                    let asked = stretch(at, at + 2 * below(5));
                    let holds = all.iter().any(|s| s.first <= asked.first && s.end >= asked.end);
                    assert_eq!(known.holds(asked), holds);
                    let before = all.iter().filter(|s| s.end <= at).map(|s| s.last).max();
                    assert_eq!(known.last_before(at), before);
                    let from = all.iter().filter(|s| s.first >= at).map(|s| s.first).min();
                    assert_eq!(known.first_from(at), from);
                }
            }
        }
    }
}
