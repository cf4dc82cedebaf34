//! The first look at tokens: their folded first letters against two bit tables, many tokens at a time and without a
//! branch that could be mispredicted.

use super::prefilter::eight;
use crate::text::index::{Index, Runs};
use crate::text::vector::{self, BLOCK, Masks, Visit};
use crate::text::view::View;
use std::collections::HashSet;
use std::ops::Range;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = ONES << 7;

/// How many first letters the second table knows; a shorter key has zeros behind its end.
const SIX: u64 = 0xffff_ffff_ffff;

/// What `first_letters` says of a token that is not plain.
pub const ODD: u64 = 0;

/// A token that passed the first look, with what `first_letters` says of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Passed {
    /// Where the token starts.
    pub token: usize,
    /// Its first letters.
    pub letters: u64,
}

/// Which beginnings may be a word that is looked for.
#[derive(Debug)]
pub struct Bits {
    /// The first four letters of words of which no six are known.
    short: Table,
    /// The first six letters of all others.
    long: Table,
    everything: bool,
}

/// A set of hashes.
#[derive(Debug)]
struct Table {
    bits: Vec<u64>,
    shift: u32,
}

impl Table {
    fn new(codes: &HashSet<u64>) -> Self {
        let size = (codes.len() * 16).next_power_of_two().clamp(1 << 12, 1 << 23);
        let mut made = Self {
            bits: vec![0; size / 64],
            shift: 64 - size.trailing_zeros(),
        };
        for code in codes {
            let place = made.place(*code);
            made.bits[place / 64] |= 1 << (place % 64);
        }
        made
    }

    #[inline(always)]
    fn place(&self, code: u64) -> usize {
        (code.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize
    }

    #[inline(always)]
    fn holds(&self, code: u64) -> bool {
        let place = self.place(code);
        self.bits[place / 64] >> (place % 64) & 1 != 0
    }
}

impl Bits {
    /// The tables of words, each given by its level, value and mask; `everything` lets all tokens through.
    pub fn new(words: impl Iterator<Item = (usize, u64, u64)>, everything: bool) -> Self {
        let (mut short, mut long) = (HashSet::new(), HashSet::new());
        for (level, value, mask) in words {
            if mask & SIX == SIX {
                long.insert(value & SIX);
            } else {
                short.extend(spellings(level, value).into_iter().map(u64::from));
            }
        }
        Self {
            short: Table::new(&short),
            long: Table::new(&long),
            everything,
        }
    }

    /// Lets those tokens of a few blocks through that start within these bytes and may match. Returns how many passed;
    /// there is room for all.
    #[inline]
    pub fn sift(
        &self,
        view: &View,
        blocks: Range<usize>,
        bytes: &Range<usize>,
        passed: &mut [Passed],
    ) -> usize {
        let mut count = 0;
        let (text, index) = (view.text.as_bytes(), view.index());
        vector::dispatch(
            index.level(),
            Sift {
                bits: self,
                text,
                index,
                blocks,
                bytes,
                passed,
                count: &mut count,
            },
        );
        count
    }

    #[inline(always)]
    fn pass(&self, letters: u64) -> bool {
        self.short.holds(letters & 0xffff_ffff) | self.long.holds(letters & SIX) | self.everything
    }
}

struct Sift<'a> {
    bits: &'a Bits,
    text: &'a [u8],
    index: &'a Index,
    blocks: Range<usize>,
    bytes: &'a Range<usize>,
    passed: &'a mut [Passed],
    count: &'a mut usize,
}

impl Visit for Sift<'_> {
    #[inline(always)]
    fn visit(self, _masks: impl Fn(&[u8; BLOCK]) -> Masks) {
        let mut count = 0;
        for block in self.blocks {
            let runs = self.index.runs(block);
            let base = block * BLOCK;
            let mut starts = self.index.starts()[block] & within(self.bytes, base);
            let plain = if self.index.is_plain(block) {
                self.text[base..].first_chunk()
            } else {
                None
            };
            while starts != 0 {
                let bit = starts.trailing_zeros();
                starts &= starts - 1;
                let token = base + bit as usize;
                let letters = match plain {
                    Some(around) => plain_letters(around, bit, runs),
                    None => letters(self.text, token, runs.at(bit)),
                };
                self.passed[count] = Passed { token, letters };
                count += usize::from((letters == ODD) | self.bits.pass(letters));
            }
        }
        *self.count = count;
    }
}

/// The bits of the block at `base` that lie within a range of bytes.
#[inline(always)]
fn within(bytes: &Range<usize>, base: usize) -> u64 {
    let low = !0u64 << bytes.start.saturating_sub(base).min(63);
    let high = if bytes.end < base + BLOCK {
        !(!0u64 << (bytes.end - base))
    } else {
        !0
    };
    low & high
}

/// The first letters of a token that starts at this bit of a block and is known to be plain.
#[inline(always)]
fn plain_letters(around: &[u8; BLOCK + 8], bit: u32, runs: Runs) -> u64 {
    let x = around[bit as usize % BLOCK..]
        .first_chunk()
        .map_or(0, |first| u64::from_le_bytes(*first));
    (x | (ONES * 0x20)) & (!0 >> (64 - 8 * runs.at(bit).min(8)))
}

/// The folded first eight bytes of a plain token, zeros behind its end; `ODD` for an odd one.
#[inline]
pub fn first_letters(view: &View, token: usize) -> u64 {
    let runs = view.index().runs(token / BLOCK);
    letters(view.text.as_bytes(), token, runs.at((token % BLOCK) as u32))
}

/// The same for a token with so many bytes; beyond 8 it does not matter how many.
#[inline(always)]
fn letters(bytes: &[u8], token: usize, run: u32) -> u64 {
    let (x, ninth) = match bytes[token..].first_chunk::<9>() {
        Some([first @ .., ninth]) => (u64::from_le_bytes(*first), *ninth),
        None => (eight(&bytes[token..]), 0),
    };
    let mask = !0 >> (64 - 8 * run.min(8));
    let filled = (x & mask) | ((ONES * 0x30) & !mask);
    let odd = ((filled | !filled.wrapping_add(ONES * 0x50)) & HIGH) | u64::from(ninth & 0x80 != 0 && run > 8);
    if odd == 0 { (x | (ONES * 0x20)) & mask } else { ODD }
}

/// The ways in which the first four bytes of a plain token can begin like this.
fn spellings(level: usize, value: u64) -> Vec<u32> {
    let mut codes = vec![value as u32];
    for at in level.max(1)..4 {
        let alphabet = (b'0'..=b'9').chain(b'a'..=b'z');
        let longer: Vec<u32> = alphabet
            .flat_map(|letter| {
                let full = codes
                    .iter()
                    .filter(move |code| at == 0 || **code >> (8 * (at - 1)) != 0);
                full.map(move |code| code | u32::from(letter) << (8 * at))
            })
            .collect();
        codes.extend(longer);
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::gap::Newline;
    use crate::text::view::Memo;

    /// The loop for plain blocks and the one for all others say the same of each token.
    #[test]
    fn plain_blocks_are_read_like_all_others() {
        let text =
            "Sanctions on 155mm shells, e.g. U.S. ones; caf\u{e9} isn't abcdefgh\u{301} plain ".repeat(9);
        for cut in 0..130 {
            let text = &text[text.char_indices().map(|(at, _)| at).nth(cut).unwrap()..];
            let mut memo = Memo::default();
            let view = View::new(text, Newline::Auto, &mut memo);
            let bits = Bits::new(std::iter::empty(), true);
            let mut passed = vec![Passed::default(); text.len()];
            let count = bits.sift(
                &view,
                0..view.index().starts().len(),
                &(0..text.len()),
                &mut passed,
            );
            assert_eq!(count, view.index().tokens());
            for found in &passed[..count] {
                assert_eq!(
                    found.letters,
                    first_letters(&view, found.token),
                    "{text:?} at {}",
                    found.token
                );
            }
        }
    }
}
