//! Matches that share tokens: which of them count (SPEC 7.4).

use super::Status;
use std::cmp::Reverse;
use std::ops::Range;

/// How matches that share tokens are resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Overlap {
    /// Within each dimension.
    #[default]
    Dimension,
    /// Within each category; the dimension counts a span once.
    Category,
    /// Not at all: every match is a hit.
    None,
}

/// A match on its way to become a hit.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Its term, by place in the lexicon.
    pub term: u32,
    /// Its category, by place in the lexicon.
    pub category: u32,
    /// Its dimension.
    pub dimension: u32,
    /// How many elements its pattern has.
    pub words: u32,
    /// Its length in tokens.
    pub tokens: u32,
    /// Where its first token starts.
    pub first: usize,
    /// Where its last token starts.
    pub last: usize,
    /// Where its last token ends.
    pub end: usize,
    /// What became of it so far.
    pub status: Status,
    /// Whether its dimension counts it.
    pub counts: bool,
}

/// The candidates with one span, a range of a list.
#[derive(Debug)]
struct Group {
    /// The largest number of elements among them.
    words: u32,
    tokens: u32,
    first: usize,
    members: Range<usize>,
}

impl Group {
    /// Some candidates with one span, which end at `end` in their list.
    fn new(candidates: &[Candidate], same: &[u32], end: usize) -> Self {
        let one = &candidates[same[0] as usize];
        Self {
            words: same
                .iter()
                .map(|m| candidates[*m as usize].words)
                .max()
                .unwrap_or(0),
            tokens: one.tokens,
            first: one.first,
            members: end - same.len()..end,
        }
    }
}

/// The tokens that are taken, as bits over the text; reused.
#[derive(Debug, Default)]
pub struct Taken {
    bits: Vec<u64>,
    hits: Vec<u32>,
    groups: Vec<Group>,
}

impl Taken {
    /// Decides over the candidates of one dimension that are hits so far; they are sorted by first byte, end and term.
    /// `starts` are the bits of token starts.
    pub fn resolve(&mut self, candidates: &mut [Candidate], members: &[u32], mode: Overlap, starts: &[u64]) {
        let mut hits = std::mem::take(&mut self.hits);
        hits.clear();
        hits.extend(
            members
                .iter()
                .filter(|m| candidates[**m as usize].status == Status::Hit),
        );
        self.bits.resize(self.bits.len().max(starts.len()), 0);
        match mode {
            Overlap::None => hits.iter().for_each(|m| candidates[*m as usize].counts = true),
            Overlap::Dimension => {
                self.greedy(candidates, &hits, starts);
                count_spans_once(candidates, &hits);
            }
            Overlap::Category => {
                // A stable sort, so that spans stay in order within a category.
                hits.sort_by_key(|m| candidates[*m as usize].category);
                let mut rest = hits.as_slice();
                while let Some(own) = cut(candidates, &mut rest, |c| c.category) {
                    self.greedy(candidates, own, starts);
                }
                hits.sort_unstable();
                count_spans_once(candidates, &hits);
            }
        }
        self.hits = hits;
    }

    /// Takes the spans that share no token with those taken before. What becomes of a span is settled with the first
    /// of its candidates: all others share its tokens.
    fn greedy(&mut self, candidates: &mut [Candidate], hits: &[u32], starts: &[u64]) {
        let mut groups = std::mem::take(&mut self.groups);
        groups.clear();
        let mut rest = hits;
        while let Some(same) = cut(candidates, &mut rest, span) {
            groups.push(Group::new(candidates, same, hits.len() - rest.len()));
        }
        groups.sort_unstable_by_key(|group| (Reverse(group.words), Reverse(group.tokens), group.first));
        for group in &groups {
            let members = &hits[group.members.clone()];
            let one = candidates[members[0] as usize];
            if self.is_taken(&one) {
                members
                    .iter()
                    .for_each(|m| candidates[*m as usize].status = Status::Overlap);
            } else {
                self.set(&one, starts, true);
                keep_one_a_category(candidates, members);
            }
        }
        for group in &groups {
            self.set(&candidates[hits[group.members.start] as usize], starts, false);
        }
        self.groups = groups;
    }

    fn is_taken(&self, candidate: &Candidate) -> bool {
        blocks(candidate).any(|(block, mask)| self.bits[block] & mask != 0)
    }

    fn set(&mut self, candidate: &Candidate, starts: &[u64], taken: bool) {
        for (block, mask) in blocks(candidate) {
            let bits = starts[block] & mask;
            if taken {
                self.bits[block] |= bits;
            } else {
                self.bits[block] &= !bits;
            }
        }
    }
}

/// The blocks of a candidate's token starts, each with the mask of its part.
fn blocks(candidate: &Candidate) -> impl Iterator<Item = (usize, u64)> + use<> {
    let (first, last) = (candidate.first, candidate.last);
    (first / 64..=last / 64).map(move |block| {
        let low = if block == first / 64 {
            !0 << (first % 64)
        } else {
            !0
        };
        let high = if block == last / 64 {
            !0 >> (63 - last % 64)
        } else {
            !0
        };
        (block, low & high)
    })
}

fn span(candidate: &Candidate) -> (usize, usize) {
    (candidate.first, candidate.end)
}

/// Cuts off the candidates at the beginning of a list for which `key` is the same.
fn cut<'a, K: PartialEq>(
    candidates: &[Candidate],
    list: &mut &'a [u32],
    key: impl Fn(&Candidate) -> K,
) -> Option<&'a [u32]> {
    let wanted = key(&candidates[*list.first()? as usize]);
    let size = list
        .iter()
        .take_while(|m| key(&candidates[**m as usize]) == wanted)
        .count();
    let (same, rest) = list.split_at(size);
    *list = rest;
    Some(same)
}

/// Which of some candidates with one span is taken first: most elements, then first in the lexicon, as they are sorted.
fn foremost<'a>(candidates: &[Candidate], same: impl Iterator<Item = &'a u32>) -> Option<u32> {
    same.copied()
        .min_by_key(|m| (Reverse(candidates[*m as usize].words), *m))
}

/// Of the candidates with a span that is taken, each category keeps one. They are sorted by term, hence by category.
fn keep_one_a_category(candidates: &mut [Candidate], mut same: &[u32]) {
    while let Some(own) = cut(candidates, &mut same, |c| c.category) {
        let kept = foremost(candidates, own.iter());
        for m in own.iter().filter(|m| Some(**m) != kept) {
            candidates[*m as usize].status = Status::Overlap;
        }
    }
}

/// Of the hits with one span, only the foremost counts for the dimension.
fn count_spans_once(candidates: &mut [Candidate], mut hits: &[u32]) {
    while let Some(same) = cut(candidates, &mut hits, span) {
        let taken = same
            .iter()
            .filter(|m| candidates[**m as usize].status == Status::Hit);
        if let Some(first) = foremost(candidates, taken) {
            candidates[first as usize].counts = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SPEC 7.4 read aloud: one candidate after the other, each compared with all that were taken.
    fn plainly(candidates: &mut [Candidate], mode: Overlap) {
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        order.sort_by_key(|at| {
            let c = &candidates[*at];
            (Reverse(c.words), Reverse(c.tokens), c.first, c.term)
        });
        let mut taken: Vec<Candidate> = Vec::new();
        for at in order {
            let me = candidates[at];
            let rivals = || {
                taken
                    .iter()
                    .filter(|c| mode == Overlap::Dimension || c.category == me.category)
            };
            let mut equal = rivals().filter(|c| span(c) == span(&me)).peekable();
            let joins = equal.peek().is_some() && equal.all(|c| c.category != me.category);
            if joins || !rivals().any(|c| c.first <= me.last && me.first <= c.last) {
                candidates[at].counts = !taken.iter().any(|c| span(c) == span(&me));
                taken.push(me);
            } else {
                candidates[at].status = Status::Overlap;
            }
        }
    }

    #[test]
    fn spans_together_fall_as_candidates_one_by_one() {
        let mut state = 1_u32;
        let mut below = |n: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % n
        };
        let mut taken = Taken::default();
        for round in 0..6_000 {
            let candidate = |term, first: u32, tokens: u32, words| Candidate {
                term,
                category: term / 3,
                dimension: 0,
                words,
                tokens,
                first: 30 * first as usize,
                last: 30 * (first + tokens - 1) as usize,
                end: 30 * (first + tokens - 1) as usize + 20,
                status: Status::Hit,
                counts: false,
            };
            let mut candidates: Vec<Candidate> = (0..below(14))
                .map(|_| candidate(below(9), below(6), 1 + below(3), 1 + below(3)))
                .collect();
            candidates.sort_by_key(|c| (c.first, c.end, c.term));
            candidates.dedup_by_key(|c| (c.first, c.end, c.term));
            let members: Vec<u32> = (0..candidates.len() as u32).collect();
            let mode = [Overlap::Dimension, Overlap::Category][round % 2];
            let mut expected = candidates.clone();
            plainly(&mut expected, mode);
            taken.resolve(&mut candidates, &members, mode, &[!0; 8]);
            let fate = |list: &[Candidate]| list.iter().map(|c| (c.status, c.counts)).collect::<Vec<_>>();
            assert_eq!(fate(&candidates), fate(&expected), "{mode:?} {candidates:?}");
            assert!(taken.bits.iter().all(|bits| *bits == 0));
        }
    }
}
