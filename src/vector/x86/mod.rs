//! The paths for x86-64. All `unsafe` of the matching is here: loads and stores of arrays of known size, and calls of
//! instructions that `Level::available` has found on the machine.

mod avx2;
mod avx512;

use self::avx2::Avx2;
use self::avx512::Avx512;
use super::{Level, Visit};
use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};

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
