//! Where the tokens of a text are (SPEC 2): two bits a byte and a count a block, not a list. Scanning the bits gives
//! the next and the previous token, counting them gives a token's number. Beside them a code a byte, for the first
//! letters of tokens.
//!
//! The slow twin is `text::plain`, which also reads what stands around ignorable characters (SPEC 1.3).

use super::blocks::{Extra, Reader};
use super::plain;
use crate::vector::{self, AROUND, BLOCK, DIGIT, HIGH, Level, cut};

/// The tokens of one text. Reused from text to text.
#[derive(Debug)]
pub struct Index {
    level: Level,
    /// How many blocks the text has: room for one more bit than bytes, so that every token has an end within the bits.
    blocks: usize,
    /// Where the next text lies; 0 if that is not known.
    pub(super) next: usize,
    /// Bytes that belong to a token.
    pub(super) word: Vec<u64>,
    /// First bytes of tokens.
    pub(super) start: Vec<u64>,
    /// How many tokens start before the block.
    pub(super) rank: Vec<u32>,
    /// The codes of all bytes, with a block of zeros behind them.
    pub(super) codes: Vec<[u8; BLOCK]>,
    /// The tokens the key of which is not told by their codes.
    pub(super) forced: Forced,
    /// The blocks with characters beyond ASCII, and what these add to the masks.
    pub(super) highs: Vec<u32>,
    pub(super) extras: Vec<Extra>,
    /// Room for tokens joined by stops between letters.
    pub(super) acronyms: Vec<usize>,
    /// Where ignorable characters were met.
    pub(super) ignorables: Vec<usize>,
    pub(super) tokens: usize,
}

/// A set of tokens that is empty for most texts.
#[derive(Debug, Default)]
pub struct Forced {
    bits: Vec<u64>,
    blocks: usize,
}

impl Forced {
    /// Empties it, for a text with so many blocks.
    fn clear(&mut self, blocks: usize) {
        self.bits.clear();
        self.blocks = blocks;
    }

    /// Puts a token in.
    pub(super) fn insert(&mut self, token: usize) {
        if self.bits.is_empty() {
            self.bits.resize(self.blocks, 0);
        }
        self.bits[token / BLOCK] |= 1 << (token % BLOCK);
    }

    /// Whether there is any.
    #[inline]
    pub fn is_any(&self) -> bool {
        !self.bits.is_empty()
    }

    /// Those of a block.
    #[inline]
    pub fn of(&self, block: usize) -> u64 {
        self.bits.get(block).copied().unwrap_or(0)
    }

    /// Whether a token is in it.
    #[inline]
    pub fn contains(&self, token: usize) -> bool {
        self.of(token / BLOCK) >> (token % BLOCK) & 1 != 0
    }
}

impl Default for Index {
    fn default() -> Self {
        Self::new(Level::detect())
    }
}

impl Index {
    /// An empty index that uses this instruction set, or the best one if the machine has it not.
    pub fn new(level: Level) -> Self {
        Self {
            level: level.or_best(),
            next: 0,
            blocks: 0,
            word: Vec::new(),
            start: Vec::new(),
            rank: Vec::new(),
            codes: Vec::new(),
            forced: Forced::default(),
            highs: Vec::new(),
            extras: Vec::new(),
            acronyms: Vec::new(),
            ignorables: Vec::new(),
            tokens: 0,
        }
    }

    /// The instruction set that it uses.
    pub fn level(&self) -> Level {
        self.level
    }

    /// How many blocks the text has.
    pub fn blocks(&self) -> usize {
        self.blocks
    }

    /// The text that will be read next: while this one is read, its bytes are asked for, the last ones at once, since they
    /// are read first.
    pub fn expect(&mut self, next: &[u8]) {
        self.next = next.as_ptr().addr();
        vector::expect_line(next.as_ptr_range().end.wrapping_sub(1));
    }

    /// Reads a text of less than 4 GiB, in place of the one before.
    pub fn read(&mut self, text: &str) {
        self.blocks = text.len() / BLOCK + 1;
        self.word.resize(self.blocks, 0);
        self.start.resize(self.blocks, 0);
        self.rank.resize(self.blocks, 0);
        self.codes.resize(self.blocks + 1, [0; BLOCK]);
        self.codes[self.blocks] = [0; BLOCK];
        self.forced.clear(self.blocks);
        self.ignorables.clear();
        vector::dispatch(self.level, Reader { text, index: self });
        if !self.ignorables.is_empty() {
            self.mend(text);
        }
    }

    /// Reads what stands around ignorable characters once more, plainly.
    #[cold]
    fn mend(&mut self, text: &str) {
        let places = std::mem::take(&mut self.ignorables);
        let mut done = 0;
        for place in &places {
            if *place < done {
                continue;
            }
            let bytes = text.as_bytes();
            let from = bytes[done..*place]
                .iter()
                .rposition(divides)
                .map_or(done, |at| done + at);
            let to = bytes[*place..]
                .iter()
                .position(divides)
                .map_or(bytes.len(), |at| place + at);
            self.mend_piece(text, from, to);
            done = to;
        }
        self.ignorables = places;
        self.tokens = 0;
        for (start, rank) in self.start[..self.blocks].iter().zip(&mut self.rank) {
            *rank = self.tokens as u32;
            self.tokens += start.count_ones() as usize;
        }
    }

    /// Enters the tokens of a piece anew, across the ends of which nothing is joined.
    fn mend_piece(&mut self, text: &str, from: usize, to: usize) {
        for block in from / BLOCK..=(to - 1) / BLOCK {
            let keep = !within(from, to, block);
            self.word[block] &= keep;
            self.start[block] &= keep;
        }
        for span in plain::tokens(&text[from..to]) {
            let (first, end) = (from + span.start, from + span.end);
            self.start[first / BLOCK] |= 1 << (first % BLOCK);
            self.forced.insert(first);
            for block in first / BLOCK..=(end - 1) / BLOCK {
                self.word[block] |= within(first, end, block);
            }
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

    /// Whether a byte belongs to a token.
    #[inline]
    pub fn is_word(&self, at: usize) -> bool {
        self.word
            .get(at / BLOCK)
            .is_some_and(|word| word >> (at % BLOCK) & 1 != 0)
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

    /// How long the tokens that start in a block are.
    #[inline]
    pub fn runs(&self, block: usize) -> Runs {
        let inner = |block: usize| match (self.word.get(block), self.start.get(block)) {
            (Some(word), Some(start)) => word & !start,
            _ => 0,
        };
        Runs {
            here: inner(block),
            next: inner(block + 1),
        }
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
    #[inline]
    pub fn starts(&self) -> &[u64] {
        &self.start[..self.blocks]
    }

    /// The codes of a block and of the eight bytes behind it.
    #[inline]
    pub fn around(&self, block: usize) -> Option<&[u8; AROUND]> {
        self.codes.as_flattened().get(block * BLOCK..)?.first_chunk()
    }

    /// The tokens the key of which is not told by their codes.
    #[inline]
    pub fn forced(&self) -> &Forced {
        &self.forced
    }

    /// The codes of the first eight bytes of the token that starts at `start`, up to its end or an apostrophe; zeros from
    /// there.
    #[inline]
    pub fn codes(&self, start: usize) -> u64 {
        let codes = self
            .codes
            .as_flattened()
            .get(start..)
            .and_then(|rest| rest.first_chunk());
        cut(codes.map_or(0, |eight| u64::from_le_bytes(*eight)))
    }

    /// The codes of the four bytes from a place on.
    #[inline(always)]
    pub fn four_codes(&self, from: usize) -> u32 {
        let codes = self.codes.as_flattened().get(from..);
        let four = codes.and_then(|rest| rest.first_chunk());
        four.map_or(0, |four| u32::from_le_bytes(*four))
    }

    /// The same, if they are of ASCII letters and digits and what its key begins with; behind an apostrophe it goes on.
    #[inline]
    pub fn ascii_codes(&self, start: usize) -> Option<u64> {
        let codes = self.codes(start);
        (is_ascii(codes) && !self.forced.contains(start)).then_some(codes)
    }

    /// The codes of the second eight bytes of a token whose first eight are ASCII, under the same conditions.
    #[inline]
    pub fn second_ascii_codes(&self, start: usize) -> Option<u64> {
        let codes = self.codes(start + 8);
        is_ascii(codes).then_some(codes)
    }

    /// Whether a token goes on behind the end of its first letters.
    #[inline]
    pub fn is_joined(&self, start: usize, codes: u64) -> bool {
        let end = start + 8 - codes.leading_zeros() as usize / 8;
        let inner = |block: usize| self.word.get(block).map_or(0, |word| word & !self.start[block]);
        codes >> 56 == 0 && inner(end / BLOCK) >> (end % BLOCK) & 1 != 0
    }

    /// Whether some bytes are ASCII letters and digits.
    pub fn are_plain(&self, start: usize, end: usize) -> bool {
        self.codes.as_flattened()[start..end]
            .iter()
            .all(|code| (1..HIGH).contains(code))
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// Whether no code is of a byte beyond ASCII: those have both of the bits of 48.
#[inline(always)]
pub fn is_ascii(codes: u64) -> bool {
    codes & codes << 1 & (ONES * u64::from(DIGIT)) == 0
}

/// Whether nothing is joined across a byte.
fn divides(byte: &u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'\'' | b'.' | b',')
}

/// The bits of a block that lie in a range of bytes.
#[inline(always)]
pub fn within(from: usize, to: usize, block: usize) -> u64 {
    let base = block * BLOCK;
    let low = match from.saturating_sub(base) {
        shift @ 0..BLOCK => !0 << shift,
        _ => 0,
    };
    let high = match to.saturating_sub(base) {
        shift @ 0..BLOCK => !(!0 << shift),
        _ => !0,
    };
    low & high
}

/// The bytes of tokens behind their first ones, in a block and the one after it.
#[derive(Debug, Clone, Copy)]
pub struct Runs {
    here: u64,
    next: u64,
}

impl Runs {
    /// The length in bytes of the token that starts at this bit of the block: exact below 64, else at least 64.
    #[inline]
    pub fn at(self, bit: u32) -> u32 {
        // Two shifts, since one by 64 is none.
        let behind = self.here >> bit | self.next << 1 << (63 - bit);
        (behind | 1).trailing_ones()
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
    fn long_texts_with_ignorable_characters_are_read_alike() {
        for filler in ["s\u{ad}t U.S. 中\u{301}'a\n", "s\u{ad}t"] {
            check(&filler.repeat(10_000));
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
