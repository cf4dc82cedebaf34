//! The path for any machine: eight bytes in a general register, one token or character at a time. It judges the others.

use super::{AROUND, BLOCK, Beginnings, Beyond, HIGH, Machine, Masks, Pages};

/// General registers.
#[derive(Debug, Clone, Copy)]
pub struct Portable;

impl Machine for Portable {
    #[inline(always)]
    fn classify(self, block: &[u8; BLOCK], codes: &mut [u8; BLOCK]) -> Masks {
        let mut masks = Masks::default();
        let eights = block.as_chunks::<8>().0.iter();
        for (i, (bytes, codes)) in eights.zip(codes.as_chunks_mut::<8>().0).enumerate() {
            let x = u64::from_le_bytes(*bytes);
            let high = x & TOP;
            let low = x & !TOP;
            let letter = between(low | (ONES * 0x20), b'a', b'z') & !high;
            let digit = between(low, b'0', b'9') & !high;
            let apostrophe = between(low, b'\'', b'\'') & !high;
            let stop = (between(low, b'.', b'.') | between(low, b',', b',')) & !high;
            *codes = codes_of(x, letter, digit, high).to_le_bytes();
            masks.word |= gather(letter | digit) << (8 * i);
            masks.digit |= gather(digit) << (8 * i);
            masks.joiner |= gather(apostrophe | stop) << (8 * i);
            masks.apostrophe |= gather(apostrophe) << (8 * i);
            masks.high |= gather(high) << (8 * i);
        }
        masks
    }

    #[inline(always)]
    fn special(self, block: &[u8; BLOCK]) -> u64 {
        let eights = block.as_chunks::<8>().0.iter().enumerate();
        eights.fold(0, |mask, (i, bytes)| {
            let x = u64::from_le_bytes(*bytes);
            let (high, low) = (x & TOP, x & !TOP);
            let found = between(low, b'"', b'"') | between(low, b'\\', b'\\') | between(low, 0, 0x1f);
            mask | gather(found & !high) << (8 * i)
        })
    }

    /// Left to whoever goes from one escape to the next.
    #[inline(always)]
    fn unescape(self, _: &[u8; BLOCK], _: &mut [u8; BLOCK]) -> Option<(usize, usize)> {
        None
    }

    #[inline(always)]
    fn beyond(self, around: &[u8; AROUND], pages: &Pages) -> Beyond {
        characters(around, pages)
    }

    #[inline(always)]
    fn blank(self, codes: &mut [u8; BLOCK], keep: u64) {
        blank(codes, keep);
    }

    #[inline(always)]
    fn seem(self, _: &[u8; AROUND], _: &Beginnings) -> u64 {
        !0
    }

    #[inline(always)]
    fn places(self, mask: u64, first: u16, places: &mut [u16; BLOCK]) {
        list(mask, first, places);
    }
}

/// Byte by byte.
#[inline(always)]
pub(super) fn blank(codes: &mut [u8; BLOCK], keep: u64) {
    let mut left = !keep;
    while left != 0 {
        codes[left.trailing_zeros() as usize] = 0;
        left &= left - 1;
    }
}

/// The numbers of the bits of a mask that has few: the first ones are written whether they are there or not, since no
/// branch could tell how many there are.
#[inline(always)]
pub(super) fn list_few(mask: u64, first: u16, places: &mut [u16; BLOCK]) {
    let mut left = mask;
    let mut next = || {
        let place = first + left.trailing_zeros() as u16;
        left &= left.wrapping_sub(1);
        place
    };
    for place in &mut places[..4] {
        *place = next();
    }
    if mask.count_ones() > 4 {
        for place in &mut places[4..mask.count_ones() as usize] {
            *place = next();
        }
    }
}

/// Bit by bit.
#[inline(always)]
pub(super) fn list(mask: u64, first: u16, places: &mut [u16; BLOCK]) {
    let mut left = mask;
    for place in places.iter_mut().take(mask.count_ones() as usize) {
        *place = first + left.trailing_zeros() as u16;
        left &= left - 1;
    }
}

/// Character by character.
#[inline(always)]
pub(super) fn characters(around: &[u8; AROUND], pages: &Pages) -> Beyond {
    let mut beyond = Beyond::default();
    for at in 0..BLOCK as u32 {
        let [first, second, third, ..] = around[at as usize..] else {
            break;
        };
        if first < 0xc0 {
            continue;
        }
        let low = |byte: u8| usize::from(byte & 0x3f);
        let flags = match first {
            0xc0..0xe0 => {
                beyond.two |= 1 << at;
                pages.pages[usize::from(first & 0x1f)][low(second)]
            }
            0xe0..0xf0 => {
                beyond.three |= 1 << at;
                pages.pages[usize::from(first & 0x0f) << 6 | low(second)][low(third)]
            }
            0xf0.. => {
                beyond.four |= 1 << at;
                0
            }
            _ => 0,
        };
        beyond.enter(at, flags);
    }
    beyond
}

const ONES: u64 = 0x0101_0101_0101_0101;
const TOP: u64 = ONES << 7;

/// The codes of eight bytes, from the high bits of those that are letters, digits and beyond ASCII.
#[inline(always)]
fn codes_of(x: u64, letter: u64, digit: u64, high: u64) -> u64 {
    let all = |flags: u64| (flags >> 7) * 0xff;
    (x & (ONES * 0x1f) & all(letter))
        | ((x ^ (ONES * 0x10)) & all(digit))
        | ((x & (ONES * 0x0f) | (ONES * HIGH as u64)) & all(high))
}

/// The high bit of each seven-bit byte that lies in `from..=to`.
#[inline(always)]
fn between(x: u64, from: u8, to: u8) -> u64 {
    let reached = x.wrapping_add(ONES * u64::from(0x80 - from));
    let passed = x.wrapping_add(ONES * u64::from(0x7f - to));
    reached & !passed & TOP
}

/// The high bits of eight bytes as the low eight bits.
#[inline(always)]
fn gather(flags: u64) -> u64 {
    (flags >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::super::code;
    use super::*;

    #[test]
    fn every_byte_has_its_code() {
        for byte in 0..=255 {
            let mut codes = [0; BLOCK];
            Portable.classify(&[byte; BLOCK], &mut codes);
            assert_eq!(codes, [code(byte); BLOCK], "{byte}");
        }
    }
}
