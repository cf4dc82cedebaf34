//! From the masks of blocks to token bytes and token starts (SPEC 2): the joins of a block need a look at both of its
//! neighbours, and characters beyond ASCII are entered one by one.

use super::class::Class;
use super::index::Index;
use super::vector::{BLOCK, Masks, Visit};

/// What is known of a block before its neighbours are.
#[derive(Debug, Clone, Copy, Default)]
struct Raw {
    /// Word characters, all their bytes.
    word: u64,
    /// ASCII letters and digits.
    ascii: u64,
    /// Letters that are no token of their own, all their bytes.
    letter: u64,
    /// Decimal digits, all their bytes.
    digit: u64,
    apostrophe: u64,
    stop: u64,
    comma: u64,
    high: u64,
    /// Where a word character begins a token whatever stands before it (SPEC 2.4).
    cut: u64,
    /// Bytes of apostrophes beyond ASCII that join.
    join: u64,
}

/// Reads a text block by block into an index; stops at the first ignorable character and says so.
pub(super) struct Reader<'a> {
    /// The text.
    pub text: &'a str,
    /// Where the blocks go.
    pub index: &'a mut Index,
    /// Whether an ignorable character was met.
    pub ignorables: &'a mut bool,
}

impl Visit for Reader<'_> {
    #[inline(always)]
    fn visit(self, masks: impl Fn(&[u8; BLOCK]) -> Masks) {
        let bytes = self.text.as_bytes();
        let (blocks, tail) = bytes.as_chunks::<BLOCK>();
        let mut last = [0; BLOCK];
        last[..tail.len()].copy_from_slice(tail);
        let mut window = Window {
            text: self.text,
            ..Window::default()
        };
        for (number, block) in blocks.iter().chain([&last]).enumerate() {
            let masks = masks(block);
            window.shift(&masks);
            if masks.high != 0 && !window.beyond_ascii(number * BLOCK) {
                *self.ignorables = true;
                return;
            }
            if number > 0 {
                let (word, start) = window.settle((number - 1) * BLOCK);
                self.index.push(word, start, window.here.ascii);
            }
        }
        window.shift(&Masks::default());
        let (word, start) = window.settle(blocks.len() * BLOCK);
        self.index.push(word, start, window.here.ascii);
    }
}

/// Three neighbouring blocks: the joins of the middle one need a look at both sides.
#[derive(Default)]
struct Window<'a> {
    text: &'a str,
    before: Raw,
    here: Raw,
    after: Raw,
    /// Bits of `after` set while the block before it was read: a character across the edge.
    spill: Raw,
    /// Bytes of the next block that belong to a character already read.
    skip: u32,
    /// The last byte of the settled block belongs to a token.
    carry: u64,
}

impl Window<'_> {
    /// Moves on by a block.
    #[inline(always)]
    fn shift(&mut self, masks: &Masks) {
        self.before = self.here;
        self.here = self.after;
        let ascii = masks.letter | masks.digit;
        self.after = Raw {
            ascii,
            word: ascii | self.spill.word,
            letter: masks.letter | self.spill.letter,
            digit: masks.digit | self.spill.digit,
            apostrophe: masks.apostrophe,
            stop: masks.stop,
            comma: masks.comma,
            high: masks.high,
            cut: self.spill.cut,
            join: self.spill.join,
        };
        self.spill = Raw::default();
    }

    /// Reads the characters beyond ASCII of the newest block, which starts at `base`. False for an ignorable one.
    fn beyond_ascii(&mut self, base: usize) -> bool {
        let mut left = if self.skip >= 64 {
            0
        } else {
            self.after.high & (!0 << self.skip)
        };
        self.skip = 0;
        while left != 0 {
            let at = left.trailing_zeros();
            let Some(c) = self.text[base + at as usize..].chars().next() else {
                break;
            };
            let class = Class::of(c);
            if class.is_ignorable() {
                return false;
            }
            let size = c.len_utf8() as u32;
            self.character(base, at, size, class);
            let end = at + size;
            self.skip = end.saturating_sub(64);
            left = if end >= 64 { 0 } else { left & (!0 << end) };
        }
        true
    }

    /// Enters one character beyond ASCII.
    #[inline]
    fn character(&mut self, base: usize, at: u32, size: u32, class: Class) {
        let bits = Bits::new(at, size);
        if class.is_word() {
            bits.set(&mut self.after.word, &mut self.spill.word);
            if class.is_solo() {
                self.after.cut |= 1 << at;
                Bits::new(at + size, 1).set(&mut self.after.cut, &mut self.spill.cut);
            } else if class.is_mark() {
                if self.after.cut >> at & 1 != 0 {
                    self.after.cut &= !(1 << at);
                    Bits::new(at + size, 1).set(&mut self.after.cut, &mut self.spill.cut);
                }
            } else if class.is_letter() {
                bits.set(&mut self.after.letter, &mut self.spill.letter);
            } else if class.is_digit() {
                bits.set(&mut self.after.digit, &mut self.spill.digit);
            }
        } else if class.is_apostrophe() && self.joins(base, at, size) {
            bits.set(&mut self.after.join, &mut self.spill.join);
        }
    }

    /// Whether an apostrophe beyond ASCII stands between two word characters of tokens that may be joined.
    fn joins(&self, base: usize, at: u32, size: u32) -> bool {
        let before = match at.checked_sub(1) {
            Some(last) => self.after.word >> last & 1,
            None => self.here.word >> 63,
        };
        let follows = self.text[base + (at + size) as usize..]
            .chars()
            .next()
            .map(Class::of);
        before != 0
            && self.after.cut >> at & 1 == 0
            && follows.is_some_and(|class| class.is_word() && !class.is_solo())
    }

    /// The token bytes and token starts of the middle block, which starts at `base`.
    #[inline(always)]
    fn settle(&mut self, base: usize) -> (u64, u64) {
        let (before, here, after) = (&self.before, &self.here, &self.after);
        let left = |pick: fn(&Raw) -> u64| pick(here) << 1 | pick(before) >> 63;
        let right = |pick: fn(&Raw) -> u64| pick(here) >> 1 | pick(after) << 63;
        let mut join = here.join;
        let between_words = left(|r| r.word) & right(|r| r.word);
        join |= here.apostrophe & between_words & !here.cut & !right(|r| r.cut);
        let stops = (here.stop | here.comma) & between_words;
        if stops != 0 {
            join |= stops & left(|r| r.digit) & right(|r| r.digit);
            join |= self.acronym_stops(base, here.stop & between_words);
        }
        let word = self.here.word | join;
        let start = word & (self.here.cut | !(word << 1 | self.carry));
        self.carry = word >> 63;
        (word, start)
    }

    /// Which of these full stops join an acronym (SPEC 2.2c).
    fn acronym_stops(&self, base: usize, stops: u64) -> u64 {
        let Self {
            before, here, after, ..
        } = self;
        let left2 = |pick: fn(&Raw) -> u64| pick(here) << 2 | pick(before) >> 62;
        let right2 = |pick: fn(&Raw) -> u64| pick(here) >> 2 | pick(after) << 62;
        let letters = (here.letter << 1 | before.letter >> 63) & (here.letter >> 1 | after.letter << 63);
        let alone = letters & !left2(|r| r.word) & !right2(|r| r.word);
        let near = |r: &Raw| r.high;
        let high = left2(near)
            | right2(near)
            | here.high << 1
            | before.high >> 63
            | here.high >> 1
            | after.high << 63;
        let mut join = stops & alone & !high;
        let mut careful = stops & high;
        while careful != 0 {
            let at = careful.trailing_zeros();
            careful &= careful - 1;
            if joins_acronym(self.text, base + at as usize) {
                join |= 1 << at;
            }
        }
        join
    }
}

/// Whether a full stop, in a text without ignorable characters, has one letter with its marks on each side that is
/// next to no other word character (SPEC 2.2c).
fn joins_acronym(text: &str, stop: usize) -> bool {
    let mut before = text[..stop]
        .chars()
        .rev()
        .map(Class::of)
        .skip_while(|class| class.is_mark());
    let mut after = text[stop + 1..].chars().map(Class::of);
    let alone = |class: Option<Class>| class.is_some_and(|class| class.is_letter() && !class.is_solo());
    alone(before.next())
        && alone(after.next())
        && !before.next().is_some_and(Class::is_word)
        && !after.find(|class| !class.is_mark()).is_some_and(Class::is_word)
}

/// A run of bits that may reach into the next block.
struct Bits(u128);

impl Bits {
    fn new(at: u32, size: u32) -> Self {
        Self(((1u128 << size) - 1) << at)
    }

    fn set(&self, here: &mut u64, next: &mut u64) {
        *here |= self.0 as u64;
        *next |= (self.0 >> 64) as u64;
    }
}
