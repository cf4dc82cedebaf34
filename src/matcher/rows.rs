//! The rows of each anchor word, grouped by what they ask first of the tokens beside the anchor: a group none of whose
//! neighbours is there is passed over as one.

use super::Row;
use super::lead::Lead;
use super::neighbours::{Asked, Beside, Neighbours, Place, bits_beside, is_within};
use crate::text::view::View;
use std::ops::Range;

/// A row with what it asks of the tokens beside its anchor.
#[derive(Debug, Clone, Copy)]
struct Asking {
    row: u32,
    left: Asked,
    right: Asked,
}

impl Asking {
    /// What it asks first: where fewest tokens may stand between; nowhere if it asks nothing.
    fn first(&self) -> Option<(Place, u64)> {
        let asked = [self.left, self.right].into_iter().filter_map(Asked::somewhere);
        asked.min_by_key(|(place, _)| *place)
    }
}

/// Rows of one word that ask first at one place.
#[derive(Debug)]
struct Group {
    /// Where, and the bits of all of them; nowhere for rows that ask nothing.
    first: Option<(Place, u64)>,
    rows: Range<u32>,
}

/// What the rows of a word ask, all together: most tokens are passed over by this alone.
#[derive(Debug, Clone, Copy, Default)]
struct Head {
    /// The bits that rows ask first of the next token, on the right and on the left.
    next: [u64; 2],
    /// The bits that rows ask first of more tokens, and the largest number of tokens between.
    wide: [u64; 2],
    between: [u8; 2],
    /// Whether some row asks nothing.
    free: bool,
    /// The groups of the word.
    from: u32,
    to: u32,
}

impl Head {
    /// Takes in a group.
    fn add(&mut self, group: &Group) {
        match group.first {
            None => self.free = true,
            Some((place, bits)) if place.between() == 0 => self.next[place.side()] |= bits,
            Some((place, bits)) => {
                self.wide[place.side()] |= bits;
                let widest = &mut self.between[place.side()];
                *widest = (*widest).max(place.between());
            }
        }
    }

    /// Whether what some row asks first stands beside a token, as far as bits tell.
    #[inline]
    fn may_answer(&self, view: &View, token: usize) -> bool {
        if self.free {
            return true;
        }
        let [right, left] = self.next;
        (right != 0 && right & bits_beside(view, token, false) != 0)
            || (left != 0 && left & bits_beside(view, token, true) != 0)
            || [false, true].into_iter().any(|is_left| {
                let side = usize::from(is_left);
                self.wide[side] != 0 && is_within(view, token, is_left, self.between[side], self.wide[side])
            })
    }
}

/// The rows of all words.
#[derive(Debug)]
pub struct Anchored {
    rows: Vec<Asking>,
    groups: Vec<Group>,
    /// By word.
    heads: Vec<Head>,
}

impl Anchored {
    /// Groups the rows of a finder. `leads` are the beginnings of its distinct words.
    pub fn new(rows: &[Row], words: &[u32], links: &[u8], leads: &[Lead]) -> Self {
        let anchor = |row: &Row| words[(row.from + row.anchor) as usize];
        let mut sorted: Vec<(u32, Asking)> = (0u32..)
            .zip(rows)
            .map(|(number, row)| (anchor(row), asking(number, row, words, links, leads)))
            .collect();
        let place = |asking: &Asking| asking.first().map(|(place, _)| place);
        sorted.sort_by_key(|(word, asking)| (*word, place(asking)));
        let (mut groups, mut heads, mut at) = (Vec::new(), vec![Head::default(); leads.len()], 0);
        for same in sorted.chunk_by(|a, b| a.0 == b.0 && place(&a.1) == place(&b.1)) {
            let bits = same
                .iter()
                .filter_map(|(_, asking)| asking.first())
                .fold(0, |all, (_, bits)| all | bits);
            let end = at + same.len() as u32;
            let group = Group {
                first: place(&same[0].1).map(|place| (place, bits)),
                rows: at..end,
            };
            let head: &mut Head = &mut heads[same[0].0 as usize];
            if head.from == head.to {
                head.from = groups.len() as u32;
            }
            head.add(&group);
            groups.push(group);
            head.to = groups.len() as u32;
            at = end;
        }
        Self {
            rows: sorted.into_iter().map(|(_, asking)| asking).collect(),
            groups,
            heads,
        }
    }

    /// Whether some row is anchored at a word.
    pub fn has(&self, word: usize) -> bool {
        self.heads[word].from < self.heads[word].to
    }

    /// What the rows anchored at a word ask of the tokens beside it.
    pub fn asks(&self, word: usize) -> Beside {
        let head = &self.heads[word];
        if head.free || head.wide != [0; 2] {
            return Beside::ALL;
        }
        Beside::new(head.next)
    }

    /// Whether some row anchored at this word may match around a token, as far as its neighbours tell.
    #[inline]
    pub fn may_answer(&self, view: &View, word: usize, token: usize) -> bool {
        self.heads[word].may_answer(view, token)
    }

    /// Calls `found` for each row anchored at this word whose neighbours may stand beside a token, given its surroundings.
    #[inline]
    pub fn around(
        &self,
        view: &mut View,
        beside: &mut Neighbours,
        word: usize,
        mut found: impl FnMut(&mut View, u32),
    ) {
        let head = &self.heads[word];
        for group in &self.groups[head.from as usize..head.to as usize] {
            if group
                .first
                .is_some_and(|(place, bits)| bits & beside.bits(view, place) == 0)
            {
                continue;
            }
            for asking in &self.rows[group.rows.start as usize..group.rows.end as usize] {
                if beside.may_answer(view, asking.right) && beside.may_answer(view, asking.left) {
                    found(view, asking.row);
                }
            }
        }
    }
}

/// What a row asks of the tokens beside its anchor.
fn asking(number: u32, row: &Row, words: &[u32], links: &[u8], leads: &[Lead]) -> Asking {
    let anchor = (row.from + row.anchor) as usize;
    let lead = |at: usize| &leads[words[at] as usize];
    let is_last = row.anchor + 1 == row.words;
    Asking {
        row: number,
        left: if row.anchor == 0 {
            Asked::NOTHING
        } else {
            Asked::of(lead(anchor - 1), links[anchor], true)
        },
        right: if is_last {
            Asked::NOTHING
        } else {
            Asked::of(lead(anchor + 1), links[anchor + 1], false)
        },
    }
}
