//! Where the tokens of a text are (SPEC 2): two bits a byte and a count a block, not a list. Scanning the bits gives
//! the next and the previous token, counting them gives a token's number.
//!
//! The slow twin is `text::plain`; a text with ignorable characters (SPEC 1.3) goes through it.

use super::blocks::Reader;
use super::plain;
use super::vector::{self, BLOCK, Level};

/// The tokens of one text. Reused from text to text.
#[derive(Debug)]
pub struct Index {
    level: Level,
    /// Bytes that belong to a token.
    word: Vec<u64>,
    /// First bytes of tokens.
    start: Vec<u64>,
    /// Whether a byte of a token in the block is no ASCII letter or digit.
    odd: Vec<bool>,
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
            odd: Vec::new(),
            rank: Vec::new(),
            tokens: 0,
        }
    }

    /// The instruction set that it uses.
    pub fn level(&self) -> Level {
        self.level
    }

    /// Reads a text of less than 4 GiB, in place of the one before.
    pub fn read(&mut self, text: &str) {
        self.clear(text.len());
        let mut ignorables = false;
        vector::dispatch(
            self.level,
            Reader {
                text,
                index: self,
                ignorables: &mut ignorables,
            },
        );
        if ignorables {
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

    /// Whether the tokens that start in a block are ASCII letters and digits as far as the end of the next block.
    #[inline]
    pub fn is_plain(&self, block: usize) -> bool {
        let odd = |block: usize| self.odd.get(block).copied().unwrap_or(false);
        !odd(block) && !odd(block + 1)
    }

    /// The bits of token starts, a word for each block of 64 bytes.
    pub fn starts(&self) -> &[u64] {
        &self.start
    }

    fn clear(&mut self, len: usize) {
        self.word.clear();
        self.start.clear();
        self.odd.clear();
        self.rank.clear();
        // One more bit than bytes, so that every token has an end within the bits.
        let blocks = len / BLOCK + 1;
        self.word.reserve(blocks);
        self.start.reserve(blocks);
        self.odd.reserve(blocks);
        self.rank.reserve(blocks);
        self.tokens = 0;
    }

    /// Appends a block: its token bytes and token starts, and which of its bytes are ASCII letters and digits.
    #[inline]
    pub(super) fn push(&mut self, word: u64, start: u64, ascii: u64) {
        self.odd.push(word & !ascii != 0);
        self.word.push(word);
        self.start.push(start);
        self.rank.push(self.tokens as u32);
        self.tokens += start.count_ones() as usize;
    }

    /// Reads piece by piece, for the plain tokeniser keeps many bytes for each character that it reads.
    fn read_plainly(&mut self, text: &str) {
        let blocks = text.len() / BLOCK + 1;
        let (mut word, mut start) = (vec![0u64; blocks], vec![0u64; blocks]);
        let mut from = 0;
        while from < text.len() {
            let end = piece_end(text, from);
            for span in plain::tokens(&text[from..end]) {
                let span = from + span.start..from + span.end;
                start[span.start / BLOCK] |= 1 << (span.start % BLOCK);
                for byte in span {
                    word[byte / BLOCK] |= 1 << (byte % BLOCK);
                }
            }
            from = end;
        }
        for (block, bytes) in word.into_iter().zip(start).zip(0..) {
            let from = (bytes * BLOCK).min(text.len());
            let ascii = text.as_bytes()[from..].iter().take(BLOCK).enumerate();
            let ascii = ascii.fold(0, |bits, (at, byte)| {
                bits | u64::from(byte.is_ascii_alphanumeric()) << at
            });
            self.push(block.0, block.1, ascii);
        }
    }
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

/// The least size in bytes of the pieces that the plain tokeniser reads.
const PIECE: usize = 1 << 16;

/// Where the piece that begins at `from` ends: at a space or a line break, across which nothing is joined.
fn piece_end(text: &str, from: usize) -> usize {
    let rest = text.as_bytes().get(from + PIECE..).unwrap_or_default();
    memchr::memchr2(b' ', b'\n', rest).map_or(text.len(), |at| from + PIECE + at)
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
            check(&filler.repeat(5 * PIECE / 2 / filler.len()));
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
