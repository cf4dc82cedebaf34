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

/// A match on its way to become a hit: there may be many of them, so it is small.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Its term, by place in the lexicon.
    pub term: u32,
    /// Its category, by place in the lexicon.
    pub category: u32,
    /// Its dimension.
    pub dimension: u32,
    /// Where its first token starts.
    pub first: u32,
    /// Where its last token starts.
    pub last: u32,
    /// Where its last token ends.
    pub end: u32,
    /// Its length in tokens.
    pub tokens: u16,
    /// How many elements its pattern has.
    pub words: u8,
    /// What became of it so far.
    pub status: Status,
    /// Whether its dimension counts it.
    pub counts: bool,
}

/// The candidates with one span, a range of a list.
#[derive(Debug, Clone, Copy)]
struct Group {
    first: u32,
    last: u32,
    from: u32,
    to: u32,
    tokens: u16,
    /// The largest number of elements among them.
    words: u8,
}

impl Group {
    /// Some candidates with one span, which end at `end` in their list.
    fn new(candidates: &[Candidate], same: &[u32], end: usize) -> Self {
        let one = &candidates[same[0] as usize];
        let words = same.iter().map(|m| candidates[*m as usize].words);
        Self {
            first: one.first,
            last: one.last,
            from: (end - same.len()) as u32,
            to: end as u32,
            tokens: one.tokens,
            words: words.max().unwrap_or(0),
        }
    }
}

/// The tokens that are taken, as bits over the text; reused.
#[derive(Debug, Default)]
pub struct Taken {
    bits: Vec<u64>,
    hits: Vec<u32>,
    groups: Vec<Group>,
    order: Vec<u32>,
    spare: Vec<u32>,
    places: Vec<u32>,
    /// How many blocks were looked at or written.
    pub work: u64,
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
    /// of its candidates: all others share its tokens. Spans that hang together are settled together; most stand alone.
    fn greedy(&mut self, candidates: &mut [Candidate], hits: &[u32], starts: &[u64]) {
        self.groups.clear();
        let (mut rest, mut reached) = (hits, 0);
        while let Some(same) = cut(candidates, &mut rest, span) {
            let group = Group::new(candidates, same, hits.len() - rest.len());
            if group.first > reached {
                self.settle(candidates, hits, starts);
                self.groups.clear();
            }
            reached = reached.max(group.last);
            self.groups.push(group);
        }
        self.settle(candidates, hits, starts);
    }

    /// Settles the spans of the groups, which share tokens with no others.
    fn settle(&mut self, candidates: &mut [Candidate], hits: &[u32], starts: &[u64]) {
        if let [group] = *self.groups.as_slice() {
            return keep_one_a_category(candidates, &hits[group.from as usize..group.to as usize]);
        }
        self.put_in_order();
        let (order, mut taken) = (std::mem::take(&mut self.order), std::mem::take(&mut self.spare));
        taken.clear();
        for at in &order {
            let group = self.groups[*at as usize];
            let members = &hits[group.from as usize..group.to as usize];
            if self.is_taken(&group) {
                members
                    .iter()
                    .for_each(|m| candidates[*m as usize].status = Status::Overlap);
            } else {
                self.set(&group, starts, true);
                taken.push(*at);
                keep_one_a_category(candidates, members);
            }
        }
        for at in &taken {
            let group = self.groups[*at as usize];
            self.set(&group, starts, false);
        }
        (self.order, self.spare) = (order, taken);
    }

    /// Puts the groups in the order in which they are taken. They come in the order of their start, so that two stable
    /// passes, by length and then by elements, sort any number of them.
    fn put_in_order(&mut self) {
        let Self {
            groups,
            order,
            spare,
            places,
            ..
        } = self;
        order.clear();
        order.extend(0..groups.len() as u32);
        if groups.len() <= FEW {
            let groups = |at: u32| &groups[at as usize];
            order.sort_unstable_by_key(|at| (Reverse(groups(*at).words), Reverse(groups(*at).tokens), *at));
            return;
        }
        let most = groups.iter().map(|group| group.tokens).max().unwrap_or(0);
        distribute(order, spare, places, |at| {
            usize::from(most - groups[at as usize].tokens)
        });
        distribute(spare, order, places, |at| {
            usize::from(u8::MAX - groups[at as usize].words)
        });
    }

    fn is_taken(&mut self, group: &Group) -> bool {
        self.work += blocks(group).len() as u64;
        if group.first / 64 == group.last / 64 {
            let block = group.first as usize / 64;
            return self.bits[block] & mask(group, block) != 0;
        }
        blocks(group).any(|block| self.bits[block] & mask(group, block) != 0)
    }

    fn set(&mut self, group: &Group, starts: &[u64], taken: bool) {
        self.work += blocks(group).len() as u64;
        for block in blocks(group) {
            let bits = starts[block] & mask(group, block);
            if taken {
                self.bits[block] |= bits;
            } else {
                self.bits[block] &= !bits;
            }
        }
    }
}

/// So many are sorted by comparing.
const FEW: usize = 64;

/// Sorts numbers by a small key and keeps the order of equals: counts, then places.
fn distribute(from: &[u32], to: &mut Vec<u32>, places: &mut Vec<u32>, key: impl Fn(u32) -> usize) {
    places.clear();
    for at in from {
        let key = key(*at);
        if key >= places.len() {
            places.resize(key + 1, 0);
        }
        places[key] += 1;
    }
    let mut before = 0;
    for place in places.iter_mut() {
        (*place, before) = (before, before + *place);
    }
    to.clear();
    to.resize(from.len(), 0);
    for at in from {
        let place = &mut places[key(*at)];
        to[*place as usize] = *at;
        *place += 1;
    }
}

/// The blocks of a group's token starts.
fn blocks(group: &Group) -> Range<usize> {
    group.first as usize / 64..group.last as usize / 64 + 1
}

/// Its part of a block.
fn mask(group: &Group, block: usize) -> u64 {
    let (first, last) = (group.first as usize, group.last as usize);
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
    low & high
}

fn span(candidate: &Candidate) -> (u32, u32) {
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
    if same.len() == 1 {
        return;
    }
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
        if let [one] = same {
            let one = &mut candidates[*one as usize];
            one.counts = one.status == Status::Hit;
            continue;
        }
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
            let candidate = |term, first: u32, tokens: u32, words: u32| Candidate {
                term,
                category: term / 3,
                dimension: 0,
                words: words as u8,
                tokens: tokens as u16,
                first: 30 * first,
                last: 30 * (first + tokens - 1),
                end: 30 * (first + tokens - 1) + 20,
                status: Status::Hit,
                counts: false,
            };
            // A few, or more than are sorted by comparing; close together or far apart.
            let (many, wide) = if round % 16 < 2 {
                (300, 1 + below(90))
            } else {
                (14, 6)
            };
            let mut candidates: Vec<Candidate> = (0..below(many))
                .map(|_| candidate(below(9), below(wide), 1 + below(3), 1 + below(3)))
                .collect();
            candidates.sort_by_key(|c| (c.first, c.end, c.term));
            candidates.dedup_by_key(|c| (c.first, c.end, c.term));
            let members: Vec<u32> = (0..candidates.len() as u32).collect();
            let mode = [Overlap::Dimension, Overlap::Category][round % 2];
            let mut expected = candidates.clone();
            plainly(&mut expected, mode);
            taken.resolve(&mut candidates, &members, mode, &[!0; 48]);
            let fate = |list: &[Candidate]| list.iter().map(|c| (c.status, c.counts)).collect::<Vec<_>>();
            assert_eq!(fate(&candidates), fate(&expected), "{mode:?} {candidates:?}");
            assert!(taken.bits.iter().all(|bits| *bits == 0));
        }
    }
}
