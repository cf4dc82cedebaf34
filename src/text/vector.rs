//! Sixty-four bytes at a time: which of them are letters, digits, joiners or beyond ASCII. Owns the vector code and
//! its portable twin; `unsafe` lives only here.

/// One bit a byte of a block, bit 0 for the first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Masks {
    /// `A` to `Z` and `a` to `z`.
    pub letter: u64,
    /// `0` to `9`.
    pub digit: u64,
    /// `'`.
    pub apostrophe: u64,
    /// `.`.
    pub stop: u64,
    /// `,`.
    pub comma: u64,
    /// Bytes of characters beyond ASCII.
    pub high: u64,
}

/// The size of a block in bytes.
pub const BLOCK: usize = 64;

/// The instruction sets that have a vector path of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Eight bytes in a general register; any machine.
    Portable,
    /// AVX2 with BMI and POPCNT.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 F, BW and VL too.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    /// The best that this machine has.
    pub fn detect() -> Level {
        Level::available().last().copied().unwrap_or(Level::Portable)
    }

    /// All that this machine has, slowest first.
    pub fn available() -> Vec<Level> {
        let mut levels = vec![Level::Portable];
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt")
        {
            levels.push(Level::Avx2);
            if is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vl") {
                levels.push(Level::Avx512);
            }
        }
        levels
    }
}

/// Something to do with the masks of a text's blocks, compiled once for each level.
pub trait Visit {
    /// Does it; `masks` classifies one block.
    fn visit(self, masks: impl Fn(&[u8; BLOCK]) -> Masks);
}

/// Runs a visitor with the masks of a level.
pub fn dispatch<V: Visit>(level: Level, visitor: V) {
    match level {
        Level::Portable => visitor.visit(portable),
        // SAFETY: `Level::available` gives these levels only where their features were detected, and a `Level` is
        // made nowhere else outside tests, which go through it too.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { x86::visit_avx2(visitor) },
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { x86::visit_avx512(visitor) },
    }
}

/// The masks of a block on any machine.
#[inline]
pub fn portable(block: &[u8; BLOCK]) -> Masks {
    let mut masks = Masks::default();
    for (i, bytes) in block.as_chunks::<8>().0.iter().enumerate() {
        let x = u64::from_le_bytes(*bytes);
        let high = x & HIGH;
        let low = x & !HIGH;
        let folded = low | (ONES * 0x20);
        let put = |flags: u64| gather(flags & !high) << (8 * i);
        masks.letter |= put(between(folded, b'a', b'z'));
        masks.digit |= put(between(low, b'0', b'9'));
        masks.apostrophe |= put(between(low, b'\'', b'\''));
        masks.stop |= put(between(low, b'.', b'.'));
        masks.comma |= put(between(low, b',', b','));
        masks.high |= gather(high) << (8 * i);
    }
    masks
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = ONES << 7;

/// The high bit of each seven-bit byte that lies in `from..=to`.
#[inline]
fn between(x: u64, from: u8, to: u8) -> u64 {
    let reached = x.wrapping_add(ONES * u64::from(0x80 - from));
    let passed = x.wrapping_add(ONES * u64::from(0x7f - to));
    reached & !passed & HIGH
}

/// The high bits of eight bytes as the low eight bits.
#[inline]
fn gather(flags: u64) -> u64 {
    (flags >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{BLOCK, Masks, Visit};
    use std::arch::x86_64::*;

    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
    pub fn visit_avx2<V: Visit>(visitor: V) {
        visitor.visit(|block| {
            let (low, high) = (half(block, 0), half(block, 32));
            join(low, high)
        });
    }

    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt,avx512bw,avx512vl")]
    pub fn visit_avx512<V: Visit>(visitor: V) {
        visitor.visit(|block| {
            // SAFETY: the block is 64 readable bytes, and this load needs no alignment.
            let x = unsafe { _mm512_loadu_si512(block.as_ptr().cast()) };
            let folded = _mm512_or_si512(x, _mm512_set1_epi8(0x20));
            let letter = _mm512_sub_epi8(folded, _mm512_set1_epi8(b'a' as i8));
            let digit = _mm512_sub_epi8(x, _mm512_set1_epi8(b'0' as i8));
            Masks {
                letter: _mm512_cmplt_epu8_mask(letter, _mm512_set1_epi8(26)),
                digit: _mm512_cmplt_epu8_mask(digit, _mm512_set1_epi8(10)),
                apostrophe: _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(b'\'' as i8)),
                stop: _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(b'.' as i8)),
                comma: _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(b',' as i8)),
                high: _mm512_movepi8_mask(x),
            }
        });
    }

    /// The masks of 32 bytes of a block.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn half(block: &[u8; BLOCK], at: usize) -> [u32; 6] {
        // SAFETY: `at` is 0 or 32, so 32 bytes are readable; this load needs no alignment.
        let x = unsafe { _mm256_loadu_si256(block.as_ptr().add(at).cast()) };
        let folded = _mm256_or_si256(x, _mm256_set1_epi8(0x20));
        let below = |x: __m256i, from: u8, count: i8| {
            let shifted = _mm256_sub_epi8(x, _mm256_set1_epi8((from ^ 0x80) as i8));
            _mm256_cmpgt_epi8(_mm256_set1_epi8(-128 + count), shifted)
        };
        let equal = |byte: u8| _mm256_cmpeq_epi8(x, _mm256_set1_epi8(byte as i8));
        let mask = |flags: __m256i| _mm256_movemask_epi8(flags) as u32;
        [
            mask(below(folded, b'a', 26)),
            mask(below(x, b'0', 10)),
            mask(equal(b'\'')),
            mask(equal(b'.')),
            mask(equal(b',')),
            mask(x),
        ]
    }

    #[inline]
    fn join(low: [u32; 6], high: [u32; 6]) -> Masks {
        let [letter, digit, apostrophe, stop, comma, beyond] =
            std::array::from_fn(|i| u64::from(low[i]) | u64::from(high[i]) << 32);
        Masks {
            letter,
            digit,
            apostrophe,
            stop,
            comma,
            high: beyond,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Check<'a>(&'a [u8; BLOCK]);

    impl Visit for Check<'_> {
        fn visit(self, masks: impl Fn(&[u8; BLOCK]) -> Masks) {
            assert_eq!(masks(self.0), plain(self.0));
        }
    }

    fn plain(block: &[u8; BLOCK]) -> Masks {
        let bits = |test: fn(u8) -> bool| {
            block
                .iter()
                .enumerate()
                .fold(0, |mask, (i, b)| mask | u64::from(test(*b)) << i)
        };
        Masks {
            letter: bits(|b| b.is_ascii_alphabetic()),
            digit: bits(|b| b.is_ascii_digit()),
            apostrophe: bits(|b| b == b'\''),
            stop: bits(|b| b == b'.'),
            comma: bits(|b| b == b','),
            high: bits(|b| b >= 0x80),
        }
    }

    #[test]
    fn every_byte_at_every_place_is_classified_alike() {
        for level in Level::available() {
            for byte in 0..=255u8 {
                for place in 0..BLOCK {
                    let mut block = [b' '; BLOCK];
                    block[place] = byte;
                    block[(place * 7 + 3) % BLOCK] ^= byte;
                    dispatch(level, Check(&block));
                }
            }
        }
    }
}
