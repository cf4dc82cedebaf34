//! The last look at tokens before they are looked up: whether one of the tokens beside an anchor begins as some row of
//! its words asks. Without a branch, as the looks before it, since most anchors of a large list fall here.

use super::neighbours::{Beside, beside};
use crate::text::index::Index;
use crate::vector::{FOUR, spread};

/// What all rows of the words with one beginning ask, by the hash of the beginning.
#[derive(Debug)]
struct Slots {
    asked: Vec<Beside>,
    shift: u32,
}

impl Slots {
    /// Four slots a beginning: those that share one are let through by what either asks.
    fn new(asking: &[(u64, Beside)]) -> Self {
        let size = (asking.len() * 4).next_power_of_two().clamp(1 << 10, 1 << 24);
        let mut made = Self {
            asked: vec![Beside::NOTHING; size],
            shift: 64 - size.trailing_zeros(),
        };
        for (codes, asked) in asking {
            let place = made.place(*codes);
            made.asked[place] = made.asked[place].or(*asked);
        }
        made
    }

    #[inline(always)]
    fn place(&self, codes: u64) -> usize {
        spread(codes, self.shift)
    }

    #[inline(always)]
    fn of(&self, codes: u64) -> Beside {
        self.asked[self.place(codes)]
    }
}

/// The beginnings of words with what their rows ask.
#[derive(Debug)]
pub struct Gate {
    /// By the first four codes.
    short: Slots,
    /// By as many codes as `many` has ones for.
    long: Slots,
    many: u64,
}

impl Gate {
    /// The gate of these beginnings; none if it would let all of them through.
    pub fn new(short: &[(u64, Beside)], long: &[(u64, Beside)], many: u64) -> Option<Self> {
        let mut asking = short.iter().chain(long);
        asking.any(|(_, asked)| !asked.is_all()).then(|| Self {
            short: Slots::new(short),
            long: Slots::new(long),
            many,
        })
    }

    /// Whether some word with the beginning of this token may have a match around it, as far as its neighbours tell.
    #[inline(always)]
    pub fn opens(&self, index: &Index, token: usize) -> bool {
        let codes = index.codes(token);
        let asked = self.short.of(codes & FOUR).or(self.long.of(codes & self.many));
        asked.meets(beside(index, token))
    }
}
