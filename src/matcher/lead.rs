//! What the key of every token that is a word begins with, and the first eight codes of it: value and mask, by which
//! most tokens are told from a word in one comparison.

use crate::lexicon::{Atom, Word};
use crate::text::class::Class;
use crate::text::key::Keys;
use crate::text::pages::is_movable;
use crate::vector::code;

/// The beginning of a word's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// What all of them begin with.
    pub text: String,
    /// Whether it is all of the key.
    pub whole: bool,
}

impl Lead {
    /// The beginning of a word.
    pub fn of(keys: &Keys, word: &Word) -> Self {
        let mut text: String = word
            .atoms
            .iter()
            .map_while(|a| if let Atom::Char(c) = a { Some(*c) } else { None })
            .collect();
        let whole = text.chars().count() == word.atoms.len();
        if word.cased {
            if !whole && !text.ends_with(composes_in_both_cases) {
                while text.pop().is_some_and(|c| Class::of(c).is_mark()) {}
            }
            keys.fold_from(0, &mut text);
        }
        Self { text, whole }
    }

    /// Whether it is of ASCII letters and digits alone, as far as so many bytes.
    pub fn is_plain(&self, far: usize) -> bool {
        self.text
            .bytes()
            .take(far)
            .all(|byte| byte.is_ascii_alphanumeric())
    }

    /// Its first eight codes.
    pub fn eight(&self) -> Eight {
        self.eight_from(0)
    }

    /// Its second eight codes; nothing is asked of them if the first eight hold its end, or an apostrophe.
    pub fn second_eight(&self) -> Eight {
        match self.text.len() {
            8.. if self.eight().value >> 56 != 0 => self.eight_from(8),
            _ => Eight { value: 0, mask: 0 },
        }
    }

    fn eight_from(&self, from: usize) -> Eight {
        let rest = &self.text.as_bytes()[from.min(self.text.len())..];
        let size = rest.iter().take(8).take_while(|byte| code(**byte) != 0).count();
        let ends = self.whole || size < rest.len();
        Eight {
            value: codes_from(rest),
            mask: if ends || size == 8 {
                !0
            } else {
                (1u64 << (8 * size)) - 1
            },
        }
    }
}

impl Lead {
    /// Its first four characters, as far as they stay in their places whatever follows.
    pub fn wide(&self) -> Eight {
        let known = self
            .text
            .chars()
            .take(4)
            .take_while(|c| is_wide(*c) && !is_movable(*c))
            .count() as u32;
        let stops_at = self.text.chars().nth(known as usize);
        let ends = stops_at == Some('\'') || (stops_at.is_none() && self.whole);
        let mask = match known {
            4 => !0,
            _ if ends => !0,
            known => (1u64 << (16 * known)) - 1,
        };
        Eight {
            value: wide_of(&self.text) & mask,
            mask,
        }
    }
}

/// Whether a character has a place among the first four.
fn is_wide(c: char) -> bool {
    c != '\'' && (c as u32) < 0x1_0000
}

/// The first four characters of a key, up to an apostrophe or one beyond U+FFFF; zeros from there.
pub fn wide_of(key: &str) -> u64 {
    let chars = key.chars().take(4).take_while(|c| is_wide(*c));
    chars
        .zip(0..)
        .fold(0, |wide, (c, at)| wide | (c as u64) << (16 * at))
}

/// The first eight codes of a word, or its first four characters: where the mask has ones, those of its tokens agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Eight {
    /// The codes.
    pub value: u64,
    /// Ones for those that are known; behind the end, or an apostrophe, there are zeros.
    pub mask: u64,
}

impl Eight {
    /// Whether the first codes of a key agree.
    #[inline]
    pub fn agrees(self, codes: u64) -> bool {
        codes & self.mask == self.value
    }
}

/// The codes of the first eight bytes of a key up to the first that has none, zeros from there.
pub fn codes_of(key: &str) -> u64 {
    codes_from(key.as_bytes())
}

fn codes_from(bytes: &[u8]) -> u64 {
    let mut eight = [0; 8];
    let codes = bytes.iter().map(|byte| code(*byte)).take_while(|code| *code != 0);
    eight.iter_mut().zip(codes).for_each(|(to, code)| *to = code);
    u64::from_le_bytes(eight)
}

/// Whether this last letter of a cased beginning stays, folded, as it is whatever follows. Some capitals take no mark
/// that their small letter takes: `=J*` finds J with a caron, the key of which begins with one character for both.
fn composes_in_both_cases(c: char) -> bool {
    c.is_ascii() && !matches!(c, 'H' | 'J' | 'T' | 'W' | 'Y')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cased key that begins with one of these letters gives a key that begins with the letter folded.
    #[test]
    fn letters_that_compose_in_both_cases() {
        let keys = Keys::new();
        for c in ('!'..='~').filter(|&c| composes_in_both_cases(c)) {
            for mark in '\u{300}'..='\u{36f}' {
                let (mut cased, mut key) = (String::new(), String::new());
                keys.cased(&format!("{c}{mark}"), &mut cased);
                keys.key(&format!("{c}{mark}"), &mut key);
                let kept = key.starts_with(c.to_ascii_lowercase());
                assert!(kept || !cased.starts_with(c), "{c} {mark:?}");
            }
        }
    }
}
