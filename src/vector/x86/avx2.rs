//! AVX2 with BMI and POPCNT: a block is two registers.

use super::super::portable::{blank, characters, list};
use super::super::{AROUND, BLOCK, Beginnings, Beyond, Machine, Masks, Pages};
use std::arch::x86_64::*;

/// AVX2; made only in `visit_avx2`.
#[derive(Clone, Copy)]
pub(super) struct Avx2(pub(super) ());

impl Machine for Avx2 {
    #[inline(always)]
    fn classify(self, block: &[u8; BLOCK], codes: &mut [u8; BLOCK]) -> Masks {
        let (low, high) = (self.half(block, codes, 0), self.half(block, codes, 32));
        let [word, digit, joiner, apostrophe, high] =
            std::array::from_fn(|i| u64::from(low[i]) | u64::from(high[i]) << 32);
        Masks {
            word,
            digit,
            joiner,
            apostrophe,
            high,
        }
    }

    #[inline(always)]
    fn special(self, block: &[u8; BLOCK]) -> u64 {
        let half = |at: usize| {
            // SAFETY: as in `half`.
            unsafe {
                let x = _mm256_loadu_si256(block.as_ptr().add(at).cast());
                let equal = |byte: u8| _mm256_cmpeq_epi8(x, _mm256_set1_epi8(byte as i8));
                let control = _mm256_cmpeq_epi8(_mm256_min_epu8(x, _mm256_set1_epi8(0x1f)), x);
                let found = _mm256_or_si256(_mm256_or_si256(equal(b'"'), equal(b'\\')), control);
                u64::from(_mm256_movemask_epi8(found) as u32)
            }
        };
        half(0) | half(32) << 32
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

impl Avx2 {
    /// The masks of 32 bytes of a block; their codes go to `codes`.
    #[inline(always)]
    fn half(self, block: &[u8; BLOCK], codes: &mut [u8; BLOCK], at: usize) -> [u32; 5] {
        // SAFETY: whoever has an `Avx2` runs inside `visit_avx2`, whose features cover all instructions here; `at` is 0
        // or 32, so that 32 bytes are there to load and to store, without alignment.
        unsafe {
            let x = _mm256_loadu_si256(block.as_ptr().add(at).cast());
            let set = |byte: u8| _mm256_set1_epi8(byte as i8);
            let below = |x: __m256i, from: u8, count: i8| {
                _mm256_cmpgt_epi8(
                    _mm256_set1_epi8(-128 + count),
                    _mm256_sub_epi8(x, set(from ^ 0x80)),
                )
            };
            let equal = |byte: u8| _mm256_cmpeq_epi8(x, set(byte));
            let mask = |flags: __m256i| _mm256_movemask_epi8(flags) as u32;
            let letter = below(_mm256_or_si256(x, set(0x20)), b'a', 26);
            let digit = below(x, b'0', 10);
            let high = _mm256_cmpgt_epi8(_mm256_setzero_si256(), x);
            let of_letter = _mm256_and_si256(letter, _mm256_and_si256(x, set(0x1f)));
            let of_digit = _mm256_and_si256(digit, _mm256_xor_si256(x, set(0x10)));
            let of_high = _mm256_or_si256(_mm256_and_si256(x, set(0x0f)), set(0x30));
            let all = _mm256_or_si256(
                _mm256_or_si256(of_letter, of_digit),
                _mm256_and_si256(high, of_high),
            );
            _mm256_storeu_si256(codes.as_mut_ptr().add(at).cast(), all);
            let apostrophe = equal(b'\'');
            let joiner = _mm256_or_si256(_mm256_or_si256(apostrophe, equal(b'.')), equal(b','));
            [_mm256_or_si256(letter, digit), digit, joiner, apostrophe, x].map(mask)
        }
    }
}
