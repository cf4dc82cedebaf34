//! The matches of one list in one sentence, in two orders, so that each question costs a search in a sorted list.

/// A match as the numbers of its first and its last token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    pub first: u32,
    pub last: u32,
}

/// Matches, each with what is known of all up to it in its order.
#[derive(Debug, Default)]
pub(super) struct Spans {
    /// By first token, then by last; with the largest last token so far.
    by_first: Vec<(Mark, u32)>,
    /// By last token, then by first; with the largest first token so far.
    by_last: Vec<(Mark, u32)>,
    /// In the order of `by_last`: the smallest first token from here on.
    earliest: Vec<u32>,
}

impl Spans {
    pub(super) fn clear(&mut self) {
        self.by_first.clear();
        self.by_last.clear();
        self.earliest.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_first.is_empty()
    }

    /// Takes in matches, sorted by first token and then by last, into an empty list.
    pub(super) fn fill(&mut self, marks: impl Iterator<Item = Mark>) {
        let mut most = 0;
        self.by_first.extend(marks.map(|mark| {
            most = mark.last.max(most);
            (mark, most)
        }));
        self.by_last
            .extend(self.by_first.iter().map(|(mark, _)| (*mark, 0)));
        self.by_last
            .sort_unstable_by_key(|(mark, _)| (mark.last, mark.first));
        most = 0;
        for (mark, latest) in &mut self.by_last {
            most = mark.first.max(most);
            *latest = most;
        }
        let mut least = u32::MAX;
        self.earliest.extend(self.by_last.iter().rev().map(|(mark, _)| {
            least = mark.first.min(least);
            least
        }));
        self.earliest.reverse();
    }

    /// Whether a match holds all of another, or equals it.
    pub(super) fn hold(&self, inner: Mark) -> bool {
        let up_to = self
            .by_first
            .partition_point(|(mark, _)| mark.first <= inner.first);
        up_to > 0 && self.by_first[up_to - 1].1 >= inner.last
    }

    /// Of the matches that share a token with another span the one that starts first, of these the longest.
    pub(super) fn sharing(&self, span: Mark) -> Option<Mark> {
        let first = *self.earliest.get(self.ending_before(span.first))?;
        (first <= span.last).then(|| self.longest_from(first))
    }

    /// The match that ends last before a token, the longest of these.
    pub(super) fn before(&self, token: u32) -> Option<Mark> {
        let (nearest, _) = self.by_last.get(self.ending_before(token).checked_sub(1)?)?;
        Some(self.by_last[self.ending_before(nearest.last)].0)
    }

    /// The match that starts first behind a token, the longest of these.
    pub(super) fn after(&self, token: u32) -> Option<Mark> {
        let next = self.by_first.partition_point(|(mark, _)| mark.first <= token);
        let (nearest, _) = self.by_first.get(next)?;
        Some(self.longest_from(nearest.first))
    }

    /// Whether a match lies wholly between two tokens.
    pub(super) fn is_one_between(&self, from: u32, to: u32) -> bool {
        let before = self.ending_before(to);
        before > 0 && self.by_last[before - 1].1 > from
    }

    /// Whether a match that shares no token with a span lies within so many tokens of it.
    pub(super) fn is_one_within(&self, span: Mark, tokens: u32) -> bool {
        self.before(span.first)
            .is_some_and(|mark| span.first - mark.last <= tokens)
            || self
                .after(span.last)
                .is_some_and(|mark| mark.first - span.last <= tokens)
    }

    fn ending_before(&self, token: u32) -> usize {
        self.by_last.partition_point(|(mark, _)| mark.last < token)
    }

    /// The longest match with a first token that some match has.
    fn longest_from(&self, first: u32) -> Mark {
        let up_to = self.by_first.partition_point(|(mark, _)| mark.first <= first);
        self.by_first[up_to - 1].0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Reverse;

    fn distance(a: Mark, b: Mark) -> u32 {
        a.first.saturating_sub(b.last).max(b.first.saturating_sub(a.last))
    }

    /// Each answer is that of a look at all matches.
    #[test]
    fn searches_find_what_loops_find() {
        let mut state = 1_u32;
        let mut below = |n: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % n
        };
        for _ in 0..5_000 {
            let mut some = |n: u32, long: u32| {
                let first = below(n);
                let last = first + below(long);
                Mark { first, last }
            };
            let mut all: Vec<Mark> = (0..7).map(|_| some(12, 5)).collect();
            all.truncate(some(8, 1).first as usize);
            all.sort_unstable();
            all.dedup();
            let mut spans = Spans::default();
            spans.fill(all.iter().copied());
            let (span, other) = (some(12, 4), some(16, 1).first);
            let shared = |mark: &&Mark| mark.first <= span.last && span.first <= mark.last;
            let first_longest = |mark: &&Mark| (mark.first, Reverse(mark.last));
            assert_eq!(
                spans.hold(span),
                all.iter().any(|m| m.first <= span.first && span.last <= m.last)
            );
            assert_eq!(
                spans.sharing(span),
                all.iter().filter(shared).min_by_key(first_longest).copied()
            );
            let before = all.iter().filter(|m| m.last < span.first);
            assert_eq!(
                spans.before(span.first),
                before.max_by_key(|m| (m.last, Reverse(m.first))).copied()
            );
            let after = all.iter().filter(|m| span.last < m.first);
            assert_eq!(spans.after(span.last), after.min_by_key(first_longest).copied());
            assert_eq!(
                spans.is_one_between(other, span.first),
                all.iter().any(|m| other < m.first && m.last < span.first)
            );
            assert_eq!(
                spans.is_one_within(span, 2),
                all.iter().any(|m| (1..=2).contains(&distance(*m, span)))
            );
        }
    }
}
