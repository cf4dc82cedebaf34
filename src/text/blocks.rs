//! From the masks of blocks to token bytes and token starts (SPEC 2), in three passes: all blocks are classified; those
//! with characters beyond ASCII are looked at once more; then joins and starts are settled, block by block. What may
//! join is decided one by one, for there is little of it.

use super::index::{Forced, Index};
use super::joins::{Join, join};
use super::pages::{PAGES, flags_beyond};
use crate::vector::{AROUND, BLOCK, Beyond, Machine, Visit, expect_line};
use std::ops::Range;

/// What characters beyond ASCII add to the masks of a block.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extra {
    block: usize,
    /// Where a word character begins a token whatever stands before it (SPEC 2.4).
    cut: u64,
    /// First bytes of joiners beyond ASCII.
    wide: u64,
    /// First bytes of odd word characters.
    odd: u64,
    /// Where a letter that is a token of its own stands behind no other such letter.
    abut: u64,
}

/// Bits of a block that were set while the one before it was read: a character across the edge.
#[derive(Debug, Clone, Copy, Default)]
struct Spill {
    block: usize,
    word: u64,
    cut: u64,
    mark: u64,
}

/// Reads a text into an index. Characters read as absent are entered as gaps, and listed.
pub(super) struct Reader<'a> {
    /// The text.
    pub text: &'a str,
    /// Where the blocks go; it has room for all of them.
    pub index: &'a mut Index,
}

impl Visit for Reader<'_> {
    #[inline(always)]
    fn visit<M: Machine>(self, machine: M) {
        let Self { text, index } = self;
        let bytes = text.as_bytes();
        // So many blocks have eight bytes behind them.
        let whole = (bytes.len() + BLOCK).saturating_sub(AROUND) / BLOCK;
        let mut room = [0; 2 * (AROUND + BLOCK)];
        let tail = tail(bytes, whole * BLOCK, &mut room);
        let blocks = bytes.as_chunks().0[..whole].iter().chain(tail.as_chunks().0);
        let rows = index.word.iter_mut().zip(&mut index.start).zip(&mut index.codes);
        index.highs.clear();
        // Who does not know the next text asks for what is there anyway.
        let next = match std::mem::take(&mut index.next) {
            0 => bytes.as_ptr(),
            next => std::ptr::without_provenance(next),
        };
        for ((block, ((word, join), codes)), number) in blocks.zip(rows).zip(0u32..) {
            expect_line(next.wrapping_add(number as usize * BLOCK));
            let masks = machine.classify(block, codes);
            let joins = masks.joins();
            (*word, *join) = (masks.word | joins, masks.joiner & !joins);
            if masks.high != 0 {
                index.highs.push(number);
            }
        }
        let mut pass = Beyonds::new(text, index);
        for at in 0..pass.highs.len() {
            let number = pass.highs[at] as usize;
            let block = match number.checked_sub(whole) {
                Some(behind) => &tail[behind * BLOCK..],
                None => &bytes[number * BLOCK..],
            };
            let Some(around) = block.first_chunk() else {
                continue;
            };
            let beyond = machine.beyond(around, &PAGES);
            let keep = pass.enter(number, beyond);
            machine.blank(&mut pass.codes[number], keep);
        }
        pass.finish();
        Settle::new(text, index).run();
    }
}

/// The last bytes of a text from one that is no more than 72 before the end, with zeros behind them.
#[inline(always)]
fn tail<'a>(
    bytes: &[u8],
    from: usize,
    room: &'a mut [u8; 2 * (AROUND + BLOCK)],
) -> &'a [u8; 2 * BLOCK + AROUND] {
    let size = bytes.len() - from;
    match (bytes.last_chunk::<AROUND>(), room.first_chunk_mut::<AROUND>()) {
        // A copy of so many bytes as are known beforehand needs no call.
        (Some(last), Some(first)) => *first = *last,
        _ => room[AROUND - size..AROUND].copy_from_slice(&bytes[from..]),
    }
    room[AROUND - size..]
        .first_chunk()
        .unwrap_or(&[0; 2 * BLOCK + AROUND])
}

/// The second pass: characters beyond ASCII.
struct Beyonds<'a> {
    text: &'a str,
    word: &'a mut [u64],
    join: &'a mut [u64],
    codes: &'a mut [[u8; BLOCK]],
    highs: &'a [u32],
    extras: &'a mut Vec<Extra>,
    ignorables: &'a mut Vec<usize>,
    spill: Spill,
}

impl<'a> Beyonds<'a> {
    fn new(text: &'a str, index: &'a mut Index) -> Self {
        index.extras.clear();
        Self {
            text,
            word: &mut index.word,
            join: &mut index.start,
            codes: &mut index.codes,
            highs: &index.highs,
            extras: &mut index.extras,
            ignorables: &mut index.ignorables,
            spill: Spill::default(),
        }
    }

    /// Enters the characters beyond ASCII of a block, and tells which of its bytes keep their codes.
    fn enter(&mut self, number: usize, mut beyond: Beyond) -> u64 {
        if self.spill.block != number {
            self.pass_over();
        }
        if beyond.four != 0 {
            self.four_bytes(number * BLOCK, &mut beyond);
        }
        let spill = std::mem::take(&mut self.spill);
        let longer = beyond.three | beyond.four;
        let all = |first: u64| first | first << 1 | (first & longer) << 2 | (first & beyond.four) << 3;
        let over = |first: u64| first >> 63 | (first & longer) >> 62 | (first & beyond.four) >> 61;
        self.spill = Spill {
            block: number + 1,
            word: over(beyond.word),
            cut: 0,
            mark: over(beyond.mark),
        };
        let mut extra = Extra {
            block: number,
            cut: spill.cut,
            wide: beyond.apostrophe,
            odd: beyond.odd,
            abut: 0,
        };
        if beyond.solo | extra.cut != 0 {
            // Behind a letter of 2.4 and its marks a token begins: a carry runs through the marks.
            let marks = all(beyond.mark) | spill.mark;
            let [two, three, four] = [beyond.two, beyond.three, beyond.four].map(|size| size & beyond.solo);
            let behind = two << 2 | three << 3 | four << 4 | extra.cut;
            let (run, overflow) = (behind & marks).overflowing_add(marks);
            let behind = (behind | run) & !marks;
            extra.abut = beyond.solo & !behind;
            extra.cut = beyond.solo | behind;
            self.spill.cut = two >> 62 | three >> 61 | four >> 60 | u64::from(overflow);
        }
        if beyond.ignorable != 0 {
            self.ignorables
                .extend(bits(beyond.ignorable).map(|at| number * BLOCK + at));
        }
        if extra.cut | extra.wide | extra.odd != 0 {
            self.extras.push(extra);
        }
        let words = all(beyond.word) | spill.word;
        self.word[number] |= words;
        self.join[number] |= beyond.apostrophe;
        self.word[number]
    }

    /// Enters a token's start that was spilled into a block without characters beyond ASCII.
    fn pass_over(&mut self) {
        let Spill { block, cut, .. } = std::mem::take(&mut self.spill);
        if cut != 0 && block < self.word.len() {
            self.extras.push(Extra {
                block,
                cut,
                ..Extra::default()
            });
        }
    }

    /// Ends the pass.
    fn finish(mut self) {
        self.pass_over();
    }

    /// Looks up the characters of four bytes.
    #[cold]
    fn four_bytes(&self, base: usize, beyond: &mut Beyond) {
        for at in bits(beyond.four) {
            let flags = self.text[base + at..].chars().next().map_or(0, flags_beyond);
            beyond.enter(at as u32, flags);
        }
    }
}

/// The third pass: joins and starts.
struct Settle<'a> {
    text: &'a str,
    word: &'a mut [u64],
    /// What may join, and then the starts.
    start: &'a mut [u64],
    rank: &'a mut [u32],
    extras: &'a [Extra],
    forced: &'a mut Forced,
    codes: &'a mut [[u8; BLOCK]],
    /// Tokens that a stop between letters joined, in order, some of them twice.
    acronyms: &'a mut Vec<usize>,
    tokens: &'a mut usize,
    /// Bytes of a joiner across the edge.
    joined: u64,
    /// The last byte of the settled block belongs to a token.
    carry: u64,
    /// The block of the next extra.
    next_extra: usize,
    /// The blocks from `start_from` to `start_to` hold no start of a token: one of many blocks is not looked for twice.
    start_from: usize,
    start_to: usize,
}

impl<'a> Settle<'a> {
    fn new(text: &'a str, index: &'a mut Index) -> Self {
        Self {
            text,
            word: &mut index.word,
            start: &mut index.start,
            rank: &mut index.rank,
            next_extra: index.extras.first().map_or(usize::MAX, |extra| extra.block),
            extras: &index.extras,
            forced: &mut index.forced,
            codes: &mut index.codes,
            acronyms: &mut index.acronyms,
            tokens: &mut index.tokens,
            joined: 0,
            carry: 0,
            start_from: 0,
            start_to: 0,
        }
    }

    #[inline(always)]
    fn run(mut self) {
        let last = self.word.len() - 1;
        let (mut number, mut tokens, mut carry) = (0, 0, 0);
        while number <= last {
            let to = self.next_extra.min(last);
            if self.joined == 0 && number < to {
                let plain = self.pass_plain(number..to, tokens, carry);
                (number, tokens, carry) = plain;
            }
            self.carry = carry;
            let start = self.settle_one(number);
            carry = self.word[number] >> 63;
            self.start[number] = start;
            self.rank[number] = tokens;
            tokens += start.count_ones();
            number += 1;
        }
        *self.tokens = tokens as usize;
        if !self.acronyms.is_empty() {
            self.close_up();
        }
    }

    /// Settles blocks up to one in which something may join, or to the end of the range: where it stopped, how many
    /// tokens there are before that, and whether the byte before it belongs to one. A loop with nothing else in it.
    #[inline(always)]
    fn pass_plain(&mut self, blocks: Range<usize>, mut tokens: u32, mut carry: u64) -> (usize, u32, u64) {
        let mut number = blocks.start;
        let words = self.word[blocks.start..=blocks.end].windows(2);
        let starts = self.start[blocks.clone()].iter_mut();
        for ((pair, start), rank) in words.zip(starts).zip(&mut self.rank[blocks]) {
            let [word, next] = [pair[0], pair[1]];
            let before = word << 1 | carry;
            if *start & before & (word >> 1 | next << 63) != 0 {
                break;
            }
            *start = word & !before;
            *rank = tokens;
            tokens += start.count_ones();
            carry = word >> 63;
            number += 1;
        }
        (number, tokens, carry)
    }

    /// The starts of a block in which something may join.
    #[inline(never)]
    fn settle_one(&mut self, number: usize) -> u64 {
        let word = self.word[number];
        let next = self.word.get(number + 1).map_or(0, |next| next & 1);
        let asked = self.start[number] & (word << 1 | self.carry) & (word >> 1 | next << 63);
        self.settle_plainly(number, asked)
            .unwrap_or_else(|| self.settle(number, next))
    }

    /// Gives acronyms of ASCII letters the codes of their keys: the letters without the stops between them, and zeros.
    /// All others are forced.
    #[inline(never)]
    fn close_up(&mut self) {
        let codes = self.codes.as_flattened_mut();
        self.acronyms.dedup();
        for token in self.acronyms.drain(..) {
            let ends = |at: &usize| {
                let (block, bit) = (at / BLOCK, at % BLOCK);
                (!self.word[block] | self.start[block]) >> bit & 1 != 0
            };
            let end = (token + 1..codes.len() - BLOCK).find(ends);
            let surface = &self.text.as_bytes()[token..end.unwrap_or(self.text.len())];
            let is_letter = |byte: &u8| byte.is_ascii_alphabetic();
            let mut pairs = surface.chunks(2);
            if !pairs.all(|pair| is_letter(&pair[0]) && pair.get(1).is_none_or(|stop| *stop == b'.')) {
                self.forced.insert(token);
                continue;
            }
            let codes = &mut codes[token..token + surface.len()];
            let letters = surface.len().div_ceil(2);
            for at in 1..letters {
                codes[at] = codes[2 * at];
            }
            codes[letters..].fill(0);
        }
    }

    /// Settles a block in which ASCII apostrophes, and stops and commas between digits, are all that joins: those at the
    /// edges of blocks, which the first pass leaves, and beside what does not join.
    fn settle_plainly(&mut self, number: usize, asked: u64) -> Option<u64> {
        if self.joined != 0 || number == self.next_extra {
            return None;
        }
        let (mut joins, mut unclear) = (0, 0);
        for at in bits(asked) {
            let place = number * BLOCK + at;
            let [before, joiner, after] = *self.text.as_bytes().get(place - 1..)?.first_chunk()?;
            let ascii = before.is_ascii() & after.is_ascii();
            let digits = before.is_ascii_digit() & after.is_ascii_digit();
            let clear = digits | (joiner == b'\'') & ascii;
            joins |= u64::from(clear) << at;
            unclear |= u64::from(!clear & ((joiner == b'.') | !ascii)) << at;
        }
        if unclear != 0 {
            return None;
        }
        let word = self.word[number] | joins;
        self.word[number] = word;
        Some(word & !(word << 1 | self.carry))
    }

    /// Settles a block where something may join or where there is more than ASCII.
    fn settle(&mut self, number: usize, next: u64) -> u64 {
        let extra = self.extra(number);
        let raw = self.word[number];
        let before = raw << 1 | self.carry;
        let asked = self.start[number] & before & (raw >> 1 | next << 63 | extra.wide);
        let mut word = raw | std::mem::take(&mut self.joined);
        let mut acronym = 0;
        for at in bits(asked) {
            let place = number * BLOCK + at;
            let Some(join) = join(self.text, place) else {
                continue;
            };
            let size = match extra.wide >> at & 1 {
                0 => 1,
                _ => self.text[place..].chars().next().map_or(1, char::len_utf8),
            };
            let joined = ((1u128 << size) - 1) << at;
            word |= joined as u64;
            self.joined |= (joined >> 64) as u64;
            acronym |= u64::from(join == Join::Acronym) << at;
        }
        let start = word & (extra.cut | !(word << 1 | self.carry));
        let abut = extra.abut & before;
        if extra.odd | abut != 0 {
            self.force(number, start, extra.odd, abut);
        }
        for at in bits(acronym) {
            let token = self.last_start(number, start & (!0 >> (63 - at)));
            self.acronyms.extend(token);
        }
        self.word[number] = word;
        start
    }

    /// What there is beyond ASCII in a block.
    fn extra(&mut self, number: usize) -> Extra {
        match self.extras.split_first() {
            Some((extra, rest)) if extra.block == number => {
                self.extras = rest;
                self.next_extra = rest.first().map_or(usize::MAX, |extra| extra.block);
                *extra
            }
            _ => Extra::default(),
        }
    }

    /// Notes the tokens of odd characters, and those that another token follows without a gap.
    #[cold]
    fn force(&mut self, number: usize, start: u64, odd: u64, abut: u64) {
        if abut & 1 != 0 {
            self.force_at(number, 0);
        }
        for at in bits(odd | abut >> 1) {
            self.force_at(number, start & (!0 >> (63 - at)));
        }
    }

    /// Notes the last token that starts in a block at one of these bits, or else before the block.
    fn force_at(&mut self, number: usize, starts: u64) {
        if let Some(token) = self.last_start(number, starts) {
            self.forced.insert(token);
        }
    }

    /// The last token that starts in a block at one of these bits, or else before the block.
    fn last_start(&mut self, number: usize, starts: u64) -> Option<usize> {
        let (block, starts) = match starts {
            0 => {
                let block = self.earlier(number)?;
                (block, self.start[block])
            }
            starts => (number, starts),
        };
        Some(block * BLOCK + 63 - starts.leading_zeros() as usize)
    }
}

impl Settle<'_> {
    /// The last block before this one in which a token starts.
    fn earlier(&mut self, number: usize) -> Option<usize> {
        let is_any = |bits: &u64| *bits != 0;
        let fresh = self.start_to.min(number);
        let found = match self.start[fresh..number].iter().rposition(is_any) {
            Some(at) => Some(fresh + at),
            None => self.start[..self.start_from.min(fresh)].iter().rposition(is_any),
        };
        (self.start_from, self.start_to) = (found.map_or(0, |block| block + 1), number);
        found
    }
}

/// The places of the bits of a mask.
#[inline(always)]
fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = mask.trailing_zeros() as usize;
        (mask != 0).then(|| {
            mask &= mask - 1;
            at
        })
    })
}
