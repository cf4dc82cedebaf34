//! A first look at the tokens beside an anchor: one bit for each possible beginning of a word tells most rows apart
//! from their neighbours before anything is compared.

use super::NEXT;
use super::lead::{Eight, Lead, codes_of};
use crate::text::index::Index;
use crate::text::view::View;
use crate::vector::BLOCK;

/// Gaps up to this size are looked at; a larger one asks for nothing.
const WIDEST: u8 = 7;

/// What a row asks of the tokens on one side of its anchor.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The bits of the beginnings that will do.
    bits: u64,
    /// Where they may stand.
    place: Place,
    /// The first letters themselves, if the very next token is asked.
    eight: Eight,
}

impl Asked {
    /// Nothing is asked.
    pub const NOTHING: Asked = Asked {
        bits: !0,
        place: Place(0),
        eight: Eight { value: 0, mask: 0 },
    };

    /// The neighbouring word of a pattern must stand across this link, on the left or on the right.
    pub fn of(lead: &Lead, link: u8, is_left: bool) -> Self {
        let between = if link == NEXT { 0 } else { link };
        if between > WIDEST || !(lead.whole || lead.text.len() >= 3) {
            return Self::NOTHING;
        }
        Self {
            bits: bit(codes_of(&lead.text)),
            place: Place(between << 1 | u8::from(is_left)),
            eight: match between {
                0 => lead.eight(),
                _ => Self::NOTHING.eight,
            },
        }
    }

    /// Where it is asked, and the bits; nothing if all will do.
    pub fn somewhere(self) -> Option<(Place, u64)> {
        (self.bits != !0).then_some((self.place, self.bits))
    }
}

/// Where a neighbour is looked for: how many tokens may stand between, and on which side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(u8);

impl Place {
    /// How many tokens may stand between.
    pub fn between(self) -> u8 {
        self.0 >> 1
    }

    /// 0 on the right, 1 on the left.
    pub fn side(self) -> usize {
        usize::from(self.0 & 1)
    }
}

/// How many places there are.
const PLACES: usize = 2 * (WIDEST as usize + 1);

/// The bit of a beginning: its first three letters, hashed.
#[inline]
fn bit(codes: u64) -> u64 {
    1 << ((codes as u32 & 0xff_ffff).wrapping_mul(0x9e37_79b1) >> 26)
}

/// Bits asked of the next token on the right and on the left, or those that are there: of 64 beginnings two share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beside(u64);

impl Beside {
    /// Nothing is there, or will do.
    pub const NOTHING: Beside = Beside(0);

    /// All will do.
    pub const ALL: Beside = Beside(!0);

    /// The bits on the right and on the left.
    pub fn new([right, left]: [u64; 2]) -> Self {
        let folded = |bits: u64| u64::from(bits as u32 | (bits >> 32) as u32);
        Self(folded(right) | folded(left) << 32)
    }

    /// Whether everything will do.
    pub fn is_all(self) -> bool {
        self == Self::ALL
    }

    /// The bits of either.
    #[inline(always)]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether something that is asked is there.
    #[inline(always)]
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// What stands beside a token, without a branch: everything may, where the neighbour is farther than a block or its
/// first letters do not tell.
#[inline(always)]
pub fn beside(index: &Index, token: usize) -> Beside {
    let (block, at) = (token / BLOCK, token % BLOCK);
    let starts = |block: usize| index.starts().get(block).copied().unwrap_or(0);
    let here = starts(block);
    let right = (here >> at) >> 1 | starts(block + 1) << (63 - at);
    let left = (here << (63 - at)) << 1 | starts(block.wrapping_sub(1)) >> at;
    let of_right = short_bit(index, token + 1 + right.trailing_zeros() as usize);
    let of_left = short_bit(index, token.wrapping_sub(1 + left.leading_zeros() as usize));
    let of_right = if right == 0 { !0 } else { of_right };
    let of_left = if left == 0 { !0 } else { of_left };
    Beside(u64::from(of_right) | u64::from(of_left) << 32)
}

/// The bit of a token among 32; all of them if its first letters do not tell.
#[inline(always)]
fn short_bit(index: &Index, token: usize) -> u32 {
    let four = index.four_codes(token);
    let high = four & four << 1 & 0x2020_2020 != 0;
    let forced = index.forced().is_any() && index.forced().contains(token);
    let three = if four & 0xff00 == 0 {
        four & 0xff
    } else {
        four & 0xff_ffff
    };
    let bit = 1 << (three.wrapping_mul(0x9e37_79b1) >> 26 & 31);
    if high | forced { !0 } else { bit }
}

/// The bits of a token.
#[inline]
fn bits_of(view: &View, token: usize) -> u64 {
    view.index().ascii_codes(token).map_or(!0, bit)
}

/// The neighbour of a token.
#[inline]
fn neighbour(view: &View, token: usize, is_left: bool) -> Option<usize> {
    if is_left {
        view.previous(token)
    } else {
        view.next(token)
    }
}

/// The bits of the next token on one side.
#[inline]
pub fn bits_beside(view: &View, token: usize, is_left: bool) -> u64 {
    neighbour(view, token, is_left).map_or(0, |token| bits_of(view, token))
}

/// Whether some of these bits stand on one side with at most so many tokens between.
pub fn is_within(view: &View, token: usize, is_left: bool, between: u8, bits: u64) -> bool {
    let mut at = token;
    for _ in 0..=between {
        let Some(next) = neighbour(view, at, is_left) else {
            return false;
        };
        if bits & bits_of(view, next) != 0 {
            return true;
        }
        at = next;
    }
    false
}

/// The bits of the tokens on both sides of an anchor, worked out when asked for.
pub struct Neighbours {
    /// For each place that is known, the bits of all tokens that may stand there.
    bits: [u64; PLACES],
    /// On the right and on the left: how many places are known, and the last token that was looked at.
    known: [u8; 2],
    reached: [Option<usize>; 2],
    /// The first letters of the next token, if they tell its key and are known.
    nearest: [Option<u64>; 2],
}

impl Neighbours {
    /// The surroundings of a token.
    #[inline]
    pub fn of(token: usize) -> Self {
        Self {
            bits: [0; PLACES],
            known: [0; 2],
            reached: [Some(token); 2],
            nearest: [None; 2],
        }
    }

    /// Whether what is asked may stand there.
    #[inline]
    pub fn may_answer(&mut self, view: &View, asked: Asked) -> bool {
        if asked.bits == !0 {
            return true;
        }
        let bits = self.bits(view, asked.place);
        let nearest = self.nearest[asked.place.side()];
        asked.bits & bits != 0 && nearest.is_none_or(|codes| asked.eight.agrees(codes))
    }

    /// The bits of the tokens at a place.
    #[inline]
    pub fn bits(&mut self, view: &View, place: Place) -> u64 {
        let at = usize::from(place.0) % PLACES;
        if usize::from(self.known[at & 1]) <= at >> 1 {
            self.work_out(view, at);
        }
        self.bits[at]
    }

    /// Works out a place and all nearer ones on its side that are not known yet.
    fn work_out(&mut self, view: &View, place: usize) {
        let side = place & 1;
        let from = 2 * usize::from(self.known[side]) + side;
        let mut bits = from.checked_sub(2).map_or(0, |before| self.bits[before]);
        for at in (from..=place).step_by(2) {
            let token = self.reached[side].and_then(|token| neighbour(view, token, side == 1));
            let codes = token.and_then(|token| view.index().ascii_codes(token));
            bits |= token.map_or(0, |_| codes.map_or(!0, bit));
            if at < 2 {
                self.nearest[side] = codes;
            }
            self.reached[side] = token;
            self.bits[at] = bits;
        }
        self.known[side] = (place >> 1) as u8 + 1;
    }
}
