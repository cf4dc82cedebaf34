//! Matches that share tokens: which of them count (SPEC 7.4).

use super::Status;

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

/// The tokens that are taken, as bits over the text; reused.
#[derive(Debug, Default)]
pub struct Taken {
    bits: Vec<u64>,
    order: Vec<u32>,
}

impl Taken {
    /// Decides over the candidates of one dimension that are hits so far; they are sorted by first byte, end and term.
    /// `starts` are the bits of token starts.
    pub fn resolve(&mut self, candidates: &mut [Candidate], members: &[u32], mode: Overlap, starts: &[u64]) {
        self.order.clear();
        self.order.extend(
            members
                .iter()
                .filter(|m| candidates[**m as usize].status == Status::Hit),
        );
        let rank = |m: &u32| {
            let c = &candidates[*m as usize];
            (u32::MAX - c.words, u32::MAX - c.tokens, c.first, c.term)
        };
        self.order.sort_unstable_by_key(rank);
        if self.order.len() == 1 || mode == Overlap::None {
            self.order
                .iter()
                .for_each(|m| candidates[*m as usize].counts = true);
            return;
        }
        if self.bits.len() < starts.len() {
            self.bits.resize(starts.len(), 0);
        }
        let order = std::mem::take(&mut self.order);
        match mode {
            Overlap::Category => self.by_category(candidates, &order, starts),
            _ => self.greedy(candidates, &order, starts, joins_equal),
        }
        count_spans_once(candidates, &order);
        self.order = order;
    }

    /// Each category by itself.
    fn by_category(&mut self, candidates: &mut [Candidate], order: &[u32], starts: &[u64]) {
        let mut grouped = order.to_vec();
        grouped.sort_by_key(|m| candidates[*m as usize].category);
        let mut rest = grouped.as_slice();
        while let Some(first) = rest.first() {
            let category = candidates[*first as usize].category;
            let size = rest
                .iter()
                .take_while(|m| candidates[**m as usize].category == category)
                .count();
            self.greedy(candidates, &rest[..size], starts, |_, _| false);
            rest = &rest[size..];
        }
    }

    /// Takes what shares no token with what was taken before, or `joins` it.
    fn greedy(
        &mut self,
        candidates: &mut [Candidate],
        order: &[u32],
        starts: &[u64],
        joins: fn(&[Candidate], usize) -> bool,
    ) {
        for m in order {
            let at = *m as usize;
            let candidate = candidates[at];
            if !self.is_taken(&candidate) {
                self.set(&candidate, starts, true);
                candidates[at].counts = true;
            } else if !joins(candidates, at) {
                candidates[at].status = Status::Overlap;
            } else {
                candidates[at].counts = true;
            }
        }
        for m in order {
            self.set(&candidates[*m as usize], starts, false);
        }
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

/// Whether a taken candidate has the same span as this one and none of them its category. Candidates with one span are
/// neighbours; `counts` marks, until spans are counted, what was taken.
fn joins_equal(candidates: &[Candidate], at: usize) -> bool {
    let me = &candidates[at];
    let same = |c: &&Candidate| c.first == me.first && c.end == me.end;
    let before = candidates[..at].iter().rev().take_while(same);
    let after = candidates[at + 1..].iter().take_while(same);
    let mut taken = before
        .chain(after)
        .filter(|c| c.dimension == me.dimension && c.counts)
        .peekable();
    taken.peek().is_some() && taken.all(|c| c.category != me.category)
}

/// Of the hits with one span, only the first in this order counts for the dimension.
fn count_spans_once(candidates: &mut [Candidate], order: &[u32]) {
    for m in order {
        let at = *m as usize;
        if !candidates[at].counts {
            continue;
        }
        let (first, end, dimension) = (candidates[at].first, candidates[at].end, candidates[at].dimension);
        let same = |c: &Candidate| c.first == first && c.end == end;
        let low = candidates[..at]
            .iter()
            .rposition(|c| !same(c))
            .map_or(0, |before| before + 1);
        let high = candidates[at..]
            .iter()
            .position(|c| !same(c))
            .map_or(candidates.len(), |after| at + after);
        for (other, candidate) in candidates[low..high].iter_mut().enumerate() {
            candidate.counts &= low + other == at || candidate.dimension != dimension;
        }
    }
}
