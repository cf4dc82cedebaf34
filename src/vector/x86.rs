//! The paths for x86-64. All `unsafe` of the matching is here: loads and stores of arrays of known size, and calls of
//! instructions that `Level::available` has found on the machine.

use super::portable::{blank, characters, list, list_few};
use super::{AROUND, BLOCK, Beginnings, Beyond, Level, Machine, Masks, Pages, Visit, flag};
use std::arch::x86_64::*;

/// Runs a visitor on a path other than the portable one.
pub(super) fn dispatch<V: Visit>(level: Level, visitor: V) {
    // SAFETY: the level comes from an `Index`, which takes only what `Level::available` has detected, or in tests from
    // there.
    match level {
        Level::Avx512 => unsafe { visit_avx512(visitor) },
        Level::Avx2 => unsafe { visit_avx2(visitor) },
        Level::Portable => visitor.visit(super::Portable),
    }
}

/// Asks for a line of memory.
#[inline(always)]
pub(super) fn expect_line(address: *const u8) {
    // SAFETY: a hint that no address makes fail; all of x86-64 has it.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(address.cast()) }
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn visit_avx2<V: Visit>(visitor: V) {
    visitor.visit(Avx2(()));
}

#[target_feature(
    enable = "avx2,bmi1,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,gfni"
)]
fn visit_avx512<V: Visit>(visitor: V) {
    visitor.visit(Avx512(()));
}

/// AVX-512 with VBMI, VBMI2 and GFNI; made only in `visit_avx512`.
#[derive(Clone, Copy)]
struct Avx512(());

/// AVX2; made only in `visit_avx2`.
#[derive(Clone, Copy)]
struct Avx2(());

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
            let rest = hash(letters, &super::MATRICES[1]);
            let bits = bytes_of(small, hash(letters, &super::MATRICES[0]), rest);
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
unsafe fn bytes_of(small: &super::Small, byte: __m512i, rest: __m512i) -> __m512i {
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

#[cfg(test)]
mod tests {
    use super::super::{FOUR, Portable, SIX, code, cut};
    use super::*;

    struct Check<'a> {
        around: &'a [u8; AROUND],
        pages: &'a Pages,
        beginnings: &'a Beginnings,
        present: &'a [u64],
    }

    impl Visit for Check<'_> {
        fn visit<M: Machine>(self, machine: M) {
            let block = self.around.first_chunk().unwrap();
            let (mut codes, mut expected) = ([0; BLOCK], [0; BLOCK]);
            let masks = machine.classify(block, &mut codes);
            assert_eq!(masks, Portable.classify(block, &mut expected));
            assert_eq!(codes, expected);
            assert_eq!(
                machine.beyond(self.around, self.pages),
                Portable.beyond(self.around, self.pages)
            );
            let around = self.around.map(code);
            let seem = machine.seem(&around, self.beginnings);
            let eight = |at: usize| cut(u64::from_le_bytes(*around[at..].first_chunk().unwrap()));
            let begins = |at: &usize| eight(*at) != 0 && self.present.contains(&(eight(*at) & FOUR));
            for at in (0..BLOCK).filter(begins) {
                assert!(seem >> at & 1 != 0, "{:x}", eight(at));
            }
            let (mut places, mut expected) = ([0; BLOCK], [0; BLOCK]);
            machine.places(masks.word, 960, &mut places);
            Portable.places(masks.word, 960, &mut expected);
            let count = masks.word.count_ones() as usize;
            assert_eq!(places[..count], expected[..count]);
            let (mut kept, mut expected) = (codes, codes);
            machine.blank(&mut kept, masks.word);
            Portable.blank(&mut expected, masks.word);
            assert_eq!(kept, expected);
        }
    }

    /// A generator of numbers, by a seed.
    fn numbers(mut state: u64) -> impl FnMut() -> u64 {
        move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state >> 20
        }
    }

    fn pages(next: &mut impl FnMut() -> u64) -> Pages {
        let mut pages: Vec<[u8; 64]> = (0..1024)
            .map(|_| {
                let alike = next() as u8 & 0x3f;
                let mixed = next().is_multiple_of(2);
                std::array::from_fn(|_| if mixed { next() as u8 & 0x3f } else { alike })
            })
            .collect();
        pages[0] = [0; 64];
        let leads = std::array::from_fn(|lead| {
            std::array::from_fn(|page| {
                let page = &pages[lead << 6 | page];
                if page.iter().all(|flags| *flags == page[0]) {
                    page[0]
                } else {
                    flag::MIXED
                }
            })
        });
        Pages { pages, leads }
    }

    #[test]
    fn all_paths_agree_at_every_offset() {
        let mut next = numbers(0x9e37_79b9_7f4a_7c15);
        let pages = pages(&mut next);
        let alphabet: Vec<char> = "abcxyzABCXYZ0189'.,- \n@[`{/:éÉжЖ中ไ’\u{301}𝐀😀٣"
            .chars()
            .collect();
        for round in 0..4_000 {
            let mut text = " ".repeat(round % 64);
            while text.len() < AROUND + 8 {
                text.push(alphabet[next() as usize % alphabet.len()]);
            }
            let around: &[u8; AROUND] = text.as_bytes().first_chunk().unwrap();
            let eight = |at: usize| cut(u64::from_le_bytes(*around.map(code)[at..].first_chunk().unwrap()));
            let present: Vec<u64> = (0..BLOCK).step_by(3).map(|at| eight(at) & FOUR).collect();
            let long = (1..BLOCK).step_by(9).map(|at| eight(at) & SIX).collect();
            let beginnings = Beginnings::new(present.clone(), long, SIX);
            for level in Level::available() {
                super::super::dispatch(
                    level,
                    Check {
                        around,
                        pages: &pages,
                        beginnings: &beginnings,
                        present: &present,
                    },
                );
            }
        }
    }

    #[test]
    fn every_byte_at_every_place_is_classified_alike() {
        let mut next = numbers(7);
        let pages = pages(&mut next);
        let present = vec![u64::from(code(b'a'))];
        let beginnings = Beginnings::new(present.clone(), Vec::new(), SIX);
        for level in Level::available() {
            for byte in 0..0x80u8 {
                for place in 0..BLOCK {
                    let mut around = [b' '; AROUND];
                    around[place] = byte;
                    around[(place * 7 + 3) % BLOCK] ^= byte;
                    let check = Check {
                        around: &around,
                        pages: &pages,
                        beginnings: &beginnings,
                        present: &present,
                    };
                    super::super::dispatch(level, check);
                }
            }
        }
    }
}
