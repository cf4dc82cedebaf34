//! AVX-512 with VBMI, VBMI2 and GFNI: 64 bytes in a register, and a hash of four letters at every one of them.

use super::super::portable::list_few;
use super::super::{AROUND, BLOCK, Beginnings, Beyond, MATRICES, Machine, Masks, Pages, Small, flag};
use std::arch::x86_64::*;

/// AVX-512 with VBMI, VBMI2 and GFNI; made only in `visit_avx512`.
#[derive(Clone, Copy)]
pub(super) struct Avx512(pub(super) ());

impl Machine for Avx512 {
    #[inline(always)]
    fn classify(self, block: &[u8; BLOCK], codes: &mut [u8; BLOCK]) -> Masks {
        // SAFETY: whoever has an `Avx512` runs inside `visit_avx512`, whose features cover all instructions here; the
        // load and the store are of 64 bytes that are there, without alignment.
        unsafe {
            let x = _mm512_loadu_si512(block.as_ptr().cast());
            let folded = _mm512_or_si512(x, _mm512_set1_epi8(0x20));
            let from_a = _mm512_sub_epi8(folded, _mm512_set1_epi8(b'a' as i8));
            let from_0 = _mm512_sub_epi8(x, _mm512_set1_epi8(b'0' as i8));
            let letter = _mm512_cmplt_epu8_mask(from_a, _mm512_set1_epi8(26));
            let digit = _mm512_cmplt_epu8_mask(from_0, _mm512_set1_epi8(10));
            let high = _mm512_movepi8_mask(x);
            let equal = |byte: u8| _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(byte as i8));
            let apostrophe = equal(b'\'');
            let of_letter = _mm512_maskz_mov_epi8(letter, _mm512_and_si512(x, _mm512_set1_epi8(0x1f)));
            let of_digit =
                _mm512_mask_mov_epi8(of_letter, digit, _mm512_xor_si512(x, _mm512_set1_epi8(0x10)));
            let low = _mm512_and_si512(x, _mm512_set1_epi8(0x0f));
            let all = _mm512_mask_mov_epi8(of_digit, high, _mm512_or_si512(low, _mm512_set1_epi8(0x30)));
            _mm512_storeu_si512(codes.as_mut_ptr().cast(), all);
            Masks {
                word: letter | digit,
                digit,
                joiner: apostrophe | equal(b'.') | equal(b','),
                apostrophe,
                high,
            }
        }
    }

    #[inline(always)]
    fn special(self, block: &[u8; BLOCK]) -> u64 {
        // SAFETY: as in `classify`.
        unsafe {
            let x = load(block);
            let equal = |byte: u8| _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(byte as i8));
            equal(b'"') | equal(b'\\') | _mm512_cmplt_epu8_mask(x, _mm512_set1_epi8(0x20))
        }
    }

    #[inline(always)]
    fn unescape(self, block: &[u8; BLOCK], room: &mut [u8; BLOCK]) -> Option<(usize, usize)> {
        // SAFETY: as in `classify`.
        unsafe {
            let x = load(block);
            let equal = |byte: u8| _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(byte as i8));
            let escapes = equal(b'\\');
            let escaped = escapes << 1;
            let letters = _mm512_mask_permutexvar_epi8(x, escaped, x, load(&LETTERS));
            let known = _mm512_cmpeq_epi8_mask(letters, x);
            let control = _mm512_cmplt_epu8_mask(x, _mm512_set1_epi8(0x20));
            if (equal(b'"') & !escaped) | control | (escaped & escapes) | !known != 0 {
                return None;
            }
            let decoded = _mm512_mask_permutexvar_epi8(x, escaped, x, load(&DECODED));
            _mm512_storeu_si512(
                room.as_mut_ptr().cast(),
                _mm512_maskz_compress_epi8(!escapes, decoded),
            );
            let taken = BLOCK - (escapes >> 63) as usize;
            Some((taken, BLOCK - escapes.count_ones() as usize))
        }
    }

    #[inline(always)]
    fn beyond(self, around: &[u8; AROUND], pages: &Pages) -> Beyond {
        // SAFETY: whoever has an `Avx512` runs where its features are.
        unsafe { beyond_avx512(around, pages) }
    }

    #[inline(always)]
    fn blank(self, codes: &mut [u8; BLOCK], keep: u64) {
        // SAFETY: as in `classify`.
        unsafe {
            let kept = _mm512_maskz_mov_epi8(keep, load(codes));
            _mm512_storeu_si512(codes.as_mut_ptr().cast(), kept);
        }
    }

    #[inline(always)]
    fn seem(self, around: &[u8; AROUND], beginnings: &Beginnings) -> u64 {
        let Some(small) = &beginnings.small else { return !0 };
        // SAFETY: as in `classify`; the loads end three bytes behind the block, and eight are there.
        unsafe {
            let at = around.as_ptr();
            let letters = four_letters([
                _mm512_loadu_si512(at.cast()),
                _mm512_loadu_si512(at.add(1).cast()),
                _mm512_loadu_si512(at.add(2).cast()),
                _mm512_loadu_si512(at.add(3).cast()),
            ]);
            let rest = hash(letters, &MATRICES[1]);
            let bits = bytes_of(small, hash(letters, &MATRICES[0]), rest);
            let wanted = _mm512_shuffle_epi8(load(&BIT), _mm512_and_si512(rest, _mm512_set1_epi8(7)));
            _mm512_test_epi8_mask(bits, wanted)
        }
    }

    #[inline(always)]
    fn places(self, mask: u64, first: u16, places: &mut [u16; BLOCK]) {
        list_few(mask, first, places);
    }
}

/// The characters beyond ASCII, a page of 64 at a time. Apart, so that the loop over plain blocks stays small.
#[target_feature(
    enable = "avx2,bmi1,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,gfni"
)]
#[inline(never)]
fn beyond_avx512(around: &[u8; AROUND], pages: &Pages) -> Beyond {
    // SAFETY: the loads end at most two bytes behind the block, and eight are there.
    unsafe {
        let at = around.as_ptr();
        let x = _mm512_loadu_si512(at.cast());
        let second = _mm512_loadu_si512(at.add(1).cast());
        let third = _mm512_loadu_si512(at.add(2).cast());
        let from = |byte: u8| _mm512_cmpge_epu8_mask(x, _mm512_set1_epi8(byte as i8));
        let (from_two, from_three, from_four) = (from(0xc0), from(0xe0), from(0xf0));
        let mut flags = _mm512_setzero_si512();
        let mut left = from_two & !from_three;
        while left != 0 {
            let first = around[left.trailing_zeros() as usize];
            let same = _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(first as i8));
            let page = load(&pages.pages[usize::from(first & 0x1f)]);
            flags = _mm512_or_si512(flags, _mm512_maskz_permutexvar_epi8(same, second, page));
            left &= !same;
        }
        let mut left = from_three & !from_four;
        while left != 0 {
            let first = around[left.trailing_zeros() as usize];
            let same = _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(first as i8));
            left &= !same;
            let alike = load(&pages.leads[usize::from(first & 0x0f)]);
            let alike = _mm512_maskz_permutexvar_epi8(same, second, alike);
            let mut mixed = _mm512_cmpeq_epi8_mask(alike, _mm512_set1_epi8(flag::MIXED as i8));
            flags = _mm512_or_si512(flags, _mm512_maskz_mov_epi8(!mixed, alike));
            while mixed != 0 {
                let byte = around[mixed.trailing_zeros() as usize + 1];
                let same = mixed & _mm512_cmpeq_epi8_mask(second, _mm512_set1_epi8(byte as i8));
                let page = usize::from(first & 0x0f) << 6 | usize::from(byte & 0x3f);
                let page = load(&pages.pages[page]);
                flags = _mm512_or_si512(flags, _mm512_maskz_permutexvar_epi8(same, third, page));
                mixed &= !same;
            }
        }
        let with = |flag: u8| _mm512_test_epi8_mask(flags, _mm512_set1_epi8(flag as i8));
        Beyond {
            two: from_two & !from_three,
            three: from_three & !from_four,
            four: from_four,
            word: with(flag::WORD),
            solo: with(flag::SOLO),
            mark: with(flag::MARK),
            apostrophe: with(flag::APOSTROPHE),
            odd: with(flag::ODD),
            ignorable: with(flag::IGNORABLE),
        }
    }
}

/// Four letters up to the first 0, for the 64 places of a block at a time.
#[inline(always)]
unsafe fn four_letters([first, second, third, fourth]: [__m512i; 4]) -> [__m512i; 4] {
    // SAFETY: called only where AVX-512 runs.
    unsafe {
        let third = _mm512_maskz_mov_epi8(_mm512_test_epi8_mask(second, second), third);
        let fourth = _mm512_maskz_mov_epi8(_mm512_test_epi8_mask(third, third), fourth);
        [first, second, third, fourth]
    }
}

/// One of the two products of four letters.
#[inline(always)]
unsafe fn hash([first, second, third, fourth]: [__m512i; 4], matrices: &[u64; 4]) -> __m512i {
    // SAFETY: called only where AVX-512 and GFNI run.
    unsafe {
        let first = _mm512_gf2p8affine_epi64_epi8::<0>(first, _mm512_set1_epi64(matrices[0] as i64));
        let second = _mm512_gf2p8affine_epi64_epi8::<0>(second, _mm512_set1_epi64(matrices[1] as i64));
        let third = _mm512_gf2p8affine_epi64_epi8::<0>(third, _mm512_set1_epi64(matrices[2] as i64));
        let fourth = _mm512_gf2p8affine_epi64_epi8::<0>(fourth, _mm512_set1_epi64(matrices[3] as i64));
        _mm512_xor_si512(_mm512_ternarylogic_epi64::<0x96>(first, second, third), fourth)
    }
}

/// The bytes of a small set that two products name.
#[inline(always)]
unsafe fn bytes_of(small: &Small, byte: __m512i, rest: __m512i) -> __m512i {
    let tables = &small.tables;
    // SAFETY: called only where AVX-512 and VBMI run.
    unsafe {
        let first = _mm512_test_epi8_mask(rest, _mm512_set1_epi8(8));
        let second = _mm512_test_epi8_mask(rest, _mm512_set1_epi8(16));
        let third = _mm512_test_epi8_mask(rest, _mm512_set1_epi8(32));
        let a = _mm512_permutexvar_epi8(byte, load(&tables[0]));
        let a = _mm512_mask_permutexvar_epi8(a, first, byte, load(&tables[1]));
        let b = _mm512_permutexvar_epi8(byte, load(&tables[2]));
        let b = _mm512_mask_permutexvar_epi8(b, first, byte, load(&tables[3]));
        let c = _mm512_permutexvar_epi8(byte, load(&tables[4]));
        let c = _mm512_mask_permutexvar_epi8(c, first, byte, load(&tables[5]));
        let d = _mm512_permutexvar_epi8(byte, load(&tables[6]));
        let d = _mm512_mask_permutexvar_epi8(d, first, byte, load(&tables[7]));
        let (low, high) = (
            _mm512_mask_mov_epi8(a, second, b),
            _mm512_mask_mov_epi8(c, second, d),
        );
        _mm512_mask_mov_epi8(low, third, high)
    }
}

/// Letters of escapes and what they stand for, by the lower six bits. That of the backspace has those of the quote and
/// is left out.
const ESCAPES: [(u8, u8); 6] = [
    (b'n', b'\n'),
    (b't', b'\t'),
    (b'r', b'\r'),
    (b'f', 12),
    (b'"', b'"'),
    (b'/', b'/'),
];

const LETTERS: [u8; 64] = by_lower_bits(true);

const DECODED: [u8; 64] = by_lower_bits(false);

const fn by_lower_bits(letters: bool) -> [u8; 64] {
    let (mut table, mut at) = ([0; 64], 0);
    while at < ESCAPES.len() {
        let (letter, decoded) = ESCAPES[at];
        table[(letter & 63) as usize] = if letters { letter } else { decoded };
        at += 1;
    }
    table
}

/// A byte with a bit for each number below 8.
const BIT: [u8; 64] = {
    let mut bits = [0; 64];
    let mut at = 0;
    while at < 64 {
        bits[at] = 1 << (at % 8);
        at += 1;
    }
    bits
};

/// Sixty-four bytes.
#[inline(always)]
unsafe fn load(bytes: &[u8; 64]) -> __m512i {
    // SAFETY: called only where AVX-512 runs; 64 bytes are there, and the load needs no alignment.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
}
