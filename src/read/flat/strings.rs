//! Strings on the quick way: where they end, and what their escapes stand for.

use super::{Found, Walk};
use crate::vector::{BLOCK, Machine};

impl Walk<'_> {
    /// The inside of a string, the quote included; says whether there were escapes.
    #[inline(always)]
    pub(super) fn skip_string<M: Machine>(&mut self, machine: M) -> Option<bool> {
        let mut escapes = false;
        while self.reach_special(machine)? == b'\\' {
            escapes = true;
            let bytes = self.text.as_bytes();
            self.at += match bytes.get(self.at + 1)? {
                b'u' => {
                    unit(bytes, self.at)?;
                    6
                }
                other => simple(*other).map(|_| 2)?,
            };
        }
        self.at += 1;
        Some(escapes)
    }

    /// A string from its first quote on.
    #[inline(always)]
    pub(super) fn string<M: Machine>(&mut self, machine: M) -> Option<Found> {
        self.at += 1;
        let start = self.at;
        if self.reach_special(machine)? == b'"' {
            self.at += 1;
            return Some(Found::Plain(start..self.at - 1));
        }
        let (first, bytes) = (self.filled, self.text.as_bytes());
        let plain = &bytes[start..self.at];
        self.decoded
            .get_mut(first..first + plain.len())?
            .copy_from_slice(plain);
        self.filled += plain.len();
        self.decode(machine)?;
        Some(Found::Decoded(first..self.filled))
    }

    /// The rest of a string, from its first escape on. Blocks follow one another whatever stands in them, so that the
    /// next can be on its way before this one is done.
    #[inline(always)]
    fn decode<M: Machine>(&mut self, machine: M) -> Option<()> {
        let bytes = self.text.as_bytes();
        let (mut base, mut from) = (self.at, 0);
        loop {
            if from == 0
                && let Some((taken, made)) = self.unescape(machine, base)
            {
                (base, self.filled) = (base + taken, self.filled + made);
                continue;
            }
            let mut mask = special(machine, bytes, base) & (!0 << from);
            while mask != 0 {
                let place = mask.trailing_zeros() as usize;
                self.copy(base + from, place - from)?;
                if known(bytes, base + place)? == b'"' {
                    self.at = base + place + 1;
                    return Some(());
                }
                from = place + self.escape(base + place)?;
                mask &= if from < BLOCK { !0 << from } else { 0 };
            }
            self.copy(base + from.min(BLOCK), BLOCK.saturating_sub(from))?;
            (base, from) = (base + BLOCK, from.saturating_sub(BLOCK));
        }
    }

    /// A whole block at once, where that goes.
    #[inline(always)]
    fn unescape<M: Machine>(&mut self, machine: M, at: usize) -> Option<(usize, usize)> {
        let block = self.text.as_bytes().get(at..)?.first_chunk::<BLOCK>()?;
        let room = self.decoded.get_mut(self.filled..)?.first_chunk_mut::<BLOCK>()?;
        machine.unescape(block, room)
    }

    /// Copies bytes, at most a block: as a whole block where there is one, which takes less time than as many as needed.
    #[inline(always)]
    fn copy(&mut self, at: usize, count: usize) -> Option<()> {
        let bytes = self.text.as_bytes();
        let room = self.decoded.get_mut(self.filled..)?.first_chunk_mut::<BLOCK>()?;
        match bytes.get(at..).and_then(<[u8]>::first_chunk::<BLOCK>) {
            Some(block) => *room = *block,
            None => room[..count].copy_from_slice(bytes.get(at..at + count)?),
        }
        self.filled += count;
        Some(())
    }

    /// Decodes the escape here; how long it is.
    #[inline(always)]
    fn escape(&mut self, at: usize) -> Option<usize> {
        let letter = *self.text.as_bytes().get(at + 1)?;
        if letter == b'u' {
            return self.escape_of_unit(at);
        }
        *self.decoded.get_mut(self.filled)? = simple(letter)?;
        self.filled += 1;
        Some(2)
    }

    /// Decodes an escape of one or two units; half a pair is left to `json`.
    fn escape_of_unit(&mut self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let first = unit(bytes, at)?;
        let (c, length) = match char::from_u32(first) {
            Some(c) => (c, 6),
            None => {
                let second = unit(bytes, at + 6)?;
                let mut pair = char::decode_utf16([first as u16, second as u16]);
                (pair.next()?.ok()?, 12)
            }
        };
        let room = self.decoded.get_mut(self.filled..self.filled + c.len_utf8())?;
        c.encode_utf8(room);
        self.filled += c.len_utf8();
        Some(length)
    }

    /// Goes to the next quote or backslash and says which; a control character is a fault.
    #[inline(always)]
    fn reach_special<M: Machine>(&mut self, machine: M) -> Option<u8> {
        let bytes = self.text.as_bytes();
        loop {
            let mask = special(machine, bytes, self.at);
            if mask != 0 {
                self.at += mask.trailing_zeros() as usize;
                return known(bytes, self.at);
            }
            self.at += BLOCK;
        }
    }
}

/// Where special bytes stand in the block that begins here; behind the end there seem to be quotes.
#[inline(always)]
fn special<M: Machine>(machine: M, bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    match rest.first_chunk::<BLOCK>() {
        Some(block) => machine.special(block),
        None => {
            let mut block = [b'"'; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            machine.special(&block)
        }
    }
}

/// The special byte that really is here.
#[inline(always)]
fn known(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied().filter(|byte| *byte >= b' ')
}

/// What an escape of one letter stands for.
#[inline(always)]
fn simple(letter: u8) -> Option<u8> {
    Some(match letter {
        b'n' => b'\n',
        b'"' | b'\\' | b'/' => letter,
        b't' => b'\t',
        b'r' => b'\r',
        b'b' => 8,
        b'f' => 12,
        _ => return None,
    })
}

/// The unit of an escape `\uXXXX` that stands here.
fn unit(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit, digit| {
        Some(unit << 4 | char::from(*digit).to_digit(16)?)
    })
}
