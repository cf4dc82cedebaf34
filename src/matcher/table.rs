//! A small open-addressed table from the first codes of keys to ranges of entries.

use std::ops::Range;

/// Code, first entry, entry after the last.
type Run = (u64, u32, u32);

/// Where the entries with a code are.
#[derive(Debug)]
pub struct Table {
    /// A run of no entries marks a free place.
    places: Vec<Run>,
    mask: usize,
}

impl Table {
    /// The tables of the levels that occur, the highest first, from the sorted (level, code) of each entry.
    pub fn levels(codes: impl Iterator<Item = (usize, u64)>) -> Vec<(usize, Table)> {
        let mut levels: Vec<(usize, Vec<Run>)> = Vec::new();
        for ((level, code), at) in codes.zip(0u32..) {
            match levels.last_mut() {
                Some((last, runs)) if *last == level => match runs.last_mut() {
                    Some(run) if run.0 == code => run.2 = at + 1,
                    _ => runs.push((code, at, at + 1)),
                },
                _ => levels.push((level, vec![(code, at, at + 1)])),
            }
        }
        levels
            .iter()
            .rev()
            .map(|(level, runs)| (*level, Table::new(runs)))
            .collect()
    }

    fn new(runs: &[Run]) -> Self {
        let size = (runs.len() * 2).next_power_of_two();
        let mut made = Self {
            places: vec![(0, 0, 0); size],
            mask: size - 1,
        };
        for run in runs {
            let mut at = made.first(run.0);
            while made.places[at].1 != made.places[at].2 {
                at = (at + 1) & made.mask;
            }
            made.places[at] = *run;
        }
        made
    }

    /// The entries with this code.
    #[inline]
    pub fn get(&self, code: u64) -> Option<Range<usize>> {
        let mut at = self.first(code);
        loop {
            let (found, first, end) = self.places[at];
            if first == end {
                return None;
            }
            if found == code {
                return Some(first as usize..end as usize);
            }
            at = (at + 1) & self.mask;
        }
    }

    #[inline]
    fn first(&self, code: u64) -> usize {
        (code.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & self.mask
    }
}
