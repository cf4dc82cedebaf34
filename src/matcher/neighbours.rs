//! A first look at the tokens beside an anchor: one bit for each possible beginning of a word tells most rows apart
//! from their neighbours before anything is compared.

use super::NEXT;
use super::prefilter::lead;
use super::sift::{ODD, first_letters};
use crate::lexicon::Word;
use crate::text::key::Keys;
use crate::text::view::View;

/// Gaps up to this size are looked at; a larger one asks for nothing.
const WIDEST: u8 = 7;

/// What a row asks of the tokens on one side of its anchor.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The bits of the beginnings that will do.
    bits: u64,
    /// Whether the next token alone is meant, or the next eight.
    wide: bool,
}

impl Asked {
    /// Nothing is asked.
    pub const NOTHING: Asked = Asked {
        bits: !0,
        wide: false,
    };

    /// The neighbouring word of a pattern must stand across this link.
    pub fn of(word: &Word, link: u8) -> Self {
        if link != NEXT && link > WIDEST {
            return Self::NOTHING;
        }
        let (lead, whole) = lead(&Keys::new(), word);
        let bits = if whole || lead.len() >= 3 {
            bit(super::prefilter::key_letters(&lead))
        } else {
            !0
        };
        Self {
            bits,
            wide: link != NEXT,
        }
    }
}

/// The bit of a beginning: its first three letters, hashed.
#[inline]
fn bit(letters: u64) -> u64 {
    1 << ((letters as u32 & 0xff_ffff).wrapping_mul(0x9e37_79b1) >> 26)
}

/// The bits of the tokens on both sides of an anchor, worked out when asked for.
pub struct Neighbours {
    token: usize,
    /// Left and right; the next token alone, the next eight.
    known: [[Option<u64>; 2]; 2],
}

impl Neighbours {
    /// The surroundings of a token.
    pub fn of(token: usize) -> Self {
        Self {
            token,
            known: [[None; 2]; 2],
        }
    }

    /// Whether what is asked of the left and of the right may stand there.
    #[inline]
    pub fn may_answer(&mut self, view: &View, left: Asked, right: Asked) -> bool {
        self.may(view, 0, left) && self.may(view, 1, right)
    }

    #[inline]
    fn may(&mut self, view: &View, side: usize, asked: Asked) -> bool {
        asked.bits == !0 || asked.bits & self.bits(view, side, asked.wide) != 0
    }

    fn bits(&mut self, view: &View, side: usize, wide: bool) -> u64 {
        if let Some(known) = self.known[side][usize::from(wide)] {
            return known;
        }
        let mut token = self.token;
        let mut bits = 0;
        for _ in 0..(if wide { WIDEST + 1 } else { 1 }) {
            let step = if side == 0 {
                view.previous(token)
            } else {
                view.next(token)
            };
            let Some(next) = step else { break };
            bits |= match first_letters(view, next) {
                ODD => !0,
                letters => bit(letters),
            };
            token = next;
        }
        self.known[side][usize::from(wide)] = Some(bits);
        bits
    }
}
