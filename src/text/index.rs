//! Where the tokens of a text are (SPEC 2): two bits a byte and a count a block, not a list. Scanning the bits gives
//! the next and the previous token, counting them gives a token's number.
//!
//! The slow twin is `text::plain`; a text with ignorable characters (SPEC 1.3) goes through it.

use super::class::Class;
use super::plain;
use super::vector::{self, BLOCK, Level, Masks, Visit};

/// The tokens of one text. Reused from text to text.
#[derive(Debug)]
pub struct Index {
    level: Level,
    /// Bytes that belong to a token.
    word: Vec<u64>,
    /// First bytes of tokens.
    start: Vec<u64>,
    /// How many tokens start before the block.
    rank: Vec<u32>,
    tokens: usize,
}

impl Default for Index {
    fn default() -> Self {
        Self::new(Level::detect())
    }
}

impl Index {
    /// An empty index that uses this instruction set.
    pub fn new(level: Level) -> Self {
        Self {
            level,
            word: Vec::new(),
            start: Vec::new(),
            rank: Vec::new(),
            tokens: 0,
        }
    }

    /// Reads a text of less than 4 GiB, in place of the one before.
    pub fn read(&mut self, text: &str) {
        self.clear(text.len());
        let mut plain_enough = true;
        vector::dispatch(
            self.level,
            Reader {
                text,
                index: self,
                plain_enough: &mut plain_enough,
            },
        );
        if !plain_enough {
            self.clear(text.len());
            self.read_plainly(text);
        }
    }

    /// W, the number of tokens.
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// The first token that starts at `from` or later.
    #[inline]
    pub fn next(&self, from: usize) -> Option<usize> {
        let mut block = from / BLOCK;
        let mut bits = self.start.get(block)? & (!0 << (from % BLOCK));
        while bits == 0 {
            block += 1;
            bits = *self.start.get(block)?;
        }
        Some(block * BLOCK + bits.trailing_zeros() as usize)
    }

    /// The last token that starts before `to`.
    #[inline]
    pub fn previous(&self, to: usize) -> Option<usize> {
        let mut block = to / BLOCK;
        let mut bits = self.start.get(block).copied().unwrap_or(0) & !(!0 << (to % BLOCK));
        while bits == 0 {
            block = block.checked_sub(1)?;
            bits = *self.start.get(block)?;
        }
        Some(block * BLOCK + 63 - bits.leading_zeros() as usize)
    }

    /// The end of the token that starts at `start`.
    #[inline]
    pub fn end(&self, start: usize) -> usize {
        let from = start + 1;
        let mut block = from / BLOCK;
        let mut keep = !0 << (from % BLOCK);
        while block < self.word.len() {
            let stops = (!self.word[block] | self.start[block]) & keep;
            if stops != 0 {
                return block * BLOCK + stops.trailing_zeros() as usize;
            }
            block += 1;
            keep = !0;
        }
        self.word.len() * BLOCK
    }

    /// The length in bytes of the token that starts at `start`, as far as the bits of one block's width tell: exact
    /// below 56, at least 56 otherwise.
    #[inline]
    pub fn run(&self, start: usize) -> u32 {
        let (block, bit) = (start / BLOCK, start % BLOCK);
        let mut bits = (self.word[block] & !self.start[block]) >> bit | 1;
        if bit > 8 {
            let next = block + 1;
            if let (Some(word), Some(start)) = (self.word.get(next), self.start.get(next)) {
                bits |= (word & !start) << (BLOCK - bit);
            }
        }
        bits.trailing_ones()
    }

    /// How many tokens start before `at`: the number, from 0, of a token that starts there.
    #[inline]
    pub fn number(&self, at: usize) -> usize {
        let block = at / BLOCK;
        match self.start.get(block) {
            Some(bits) => self.rank[block] as usize + (bits & !(!0 << (at % BLOCK))).count_ones() as usize,
            None => self.tokens,
        }
    }

    /// Where the token with this number, from 0, starts.
    pub fn nth(&self, number: usize) -> Option<usize> {
        if number >= self.tokens {
            return None;
        }
        let block = self.rank.partition_point(|before| *before as usize <= number) - 1;
        let mut bits = self.start[block];
        for _ in self.rank[block] as usize..number {
            bits &= bits - 1;
        }
        Some(block * BLOCK + bits.trailing_zeros() as usize)
    }

    /// The bits of token starts, a word for each block of 64 bytes.
    pub fn starts(&self) -> &[u64] {
        &self.start
    }

    fn clear(&mut self, len: usize) {
        self.word.clear();
        self.start.clear();
        self.rank.clear();
        // One more bit than bytes, so that every token has an end within the bits.
        let blocks = len / BLOCK + 1;
        self.word.reserve(blocks);
        self.start.reserve(blocks);
        self.rank.reserve(blocks);
        self.tokens = 0;
    }

    #[inline]
    fn push(&mut self, word: u64, start: u64) {
        self.word.push(word);
        self.start.push(start);
        self.rank.push(self.tokens as u32);
        self.tokens += start.count_ones() as usize;
    }

    fn read_plainly(&mut self, text: &str) {
        let blocks = text.len() / BLOCK + 1;
        let (mut word, mut start) = (vec![0u64; blocks], vec![0u64; blocks]);
        for span in plain::tokens(text) {
            start[span.start / BLOCK] |= 1 << (span.start % BLOCK);
            for byte in span.start..span.end {
                word[byte / BLOCK] |= 1 << (byte % BLOCK);
            }
        }
        word.into_iter()
            .zip(start)
            .for_each(|(word, start)| self.push(word, start));
    }
}

/// What is known of a block before its neighbours are.
#[derive(Debug, Clone, Copy, Default)]
struct Raw {
    /// Word characters, all their bytes.
    word: u64,
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

struct Reader<'a> {
    text: &'a str,
    index: &'a mut Index,
    plain_enough: &'a mut bool,
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
                *self.plain_enough = false;
                return;
            }
            if number > 0 {
                let (word, start) = window.settle((number - 1) * BLOCK);
                self.index.push(word, start);
            }
        }
        window.shift(&Masks::default());
        let (word, start) = window.settle(blocks.len() * BLOCK);
        self.index.push(word, start);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    fn tokens(index: &Index) -> Vec<Span> {
        let mut from = 0;
        std::iter::from_fn(|| {
            let start = index.next(from)?;
            let end = index.end(start);
            from = start + 1;
            Some(Span::new(start, end))
        })
        .collect()
    }

    fn check(text: &str) {
        let expected = plain::tokens(text);
        for level in Level::available() {
            let mut index = Index::new(level);
            index.read(text);
            assert_eq!(tokens(&index), expected, "{level:?} {text:?}");
            assert_eq!(index.tokens(), expected.len());
            for (number, span) in expected.iter().enumerate() {
                assert_eq!(index.number(span.start), number);
                assert_eq!(index.nth(number), Some(span.start));
                assert_eq!(index.previous(span.start + 1), Some(span.start));
            }
        }
    }

    const PIECES: &[&str] = &[
        "a", "Z", "é", "7", "٣", "'", "\u{2019}", "\u{2bc}", "\u{ff07}", ".", ",", " ", "-", "_", "中", "ー",
        "ไ", "\u{0e49}", "\u{301}", "\u{ad}", "\u{200d}", "𝐀", "😀", "\u{fe0f}", "।", "क", "\u{93f}", "\n",
        "Ы", "²", "〇", "\u{ff70}",
    ];

    #[test]
    fn every_construct_is_read_alike_at_every_offset() {
        let constructs = [
            "it\u{2019}s",
            "U.S.A.",
            "É.U.",
            "e\u{301}.e\u{301}.",
            "1,234.5",
            "٣.٣",
            "don't",
            "中文'a",
            "a'中",
            "中\u{301}a.b",
            "a\u{301}",
            "rock\u{2019}n\u{2019}roll",
            "a''b",
            "x.y",
            "xy.z",
            "制裁。",
            "ไ\u{0e49}ไ",
            "7\u{2019}7",
            "s\u{ad}t",
        ];
        for construct in constructs {
            for offset in 0..=70 {
                check(&format!(
                    "{}{construct} tail{construct}",
                    "x ".repeat(offset / 2) + &" ".repeat(offset % 2)
                ));
                check(&format!("{}{construct}", "x".repeat(offset)));
            }
        }
    }

    #[test]
    fn random_texts_are_read_alike() {
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        for round in 0..20_000 {
            let mut text = "w".repeat(round % 67);
            for _ in 0..round % 23 {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                text.push_str(PIECES[(state >> 32) as usize % PIECES.len()]);
            }
            check(&text);
        }
    }
}
