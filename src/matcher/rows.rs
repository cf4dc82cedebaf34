//! The rows of each anchor word, grouped by what they ask first of the tokens beside the anchor: a group none of whose
//! neighbours is there is passed over as one.

use super::Row;
use super::lead::Lead;
use super::neighbours::{Asked, Neighbours, Place};
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

/// The rows of all words.
#[derive(Debug)]
pub struct Anchored {
    rows: Vec<Asking>,
    groups: Vec<Group>,
    /// The groups of each word: `groups[from[w]..from[w + 1]]`.
    from: Vec<u32>,
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
        let (mut groups, mut from, mut at) = (Vec::new(), vec![0; leads.len() + 1], 0);
        for same in sorted.chunk_by(|a, b| a.0 == b.0 && place(&a.1) == place(&b.1)) {
            let bits = same
                .iter()
                .filter_map(|(_, asking)| asking.first())
                .fold(0, |all, (_, bits)| all | bits);
            let end = at + same.len() as u32;
            groups.push(Group {
                first: place(&same[0].1).map(|place| (place, bits)),
                rows: at..end,
            });
            from[same[0].0 as usize + 1] = groups.len() as u32;
            at = end;
        }
        for word in 1..from.len() {
            from[word] = from[word].max(from[word - 1]);
        }
        Self {
            rows: sorted.into_iter().map(|(_, asking)| asking).collect(),
            groups,
            from,
        }
    }

    /// Whether some row is anchored at a word.
    pub fn has(&self, word: usize) -> bool {
        self.from[word] < self.from[word + 1]
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
        for group in &self.groups[self.from[word] as usize..self.from[word + 1] as usize] {
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
