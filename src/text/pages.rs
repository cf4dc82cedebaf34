//! The flags of characters that the vector paths look up, made from icu's tables (SPEC 1.3, 2), and which characters
//! are *odd*: those whose place in a key cannot be told from their own bytes and case alone.

use super::class::Class;
use super::key::Keys;
use crate::vector::{Pages, flag};
use icu_normalizer::properties::{CanonicalDecompositionBorrowed, Decomposed};
use icu_properties::CodePointMapData;
use icu_properties::props::CanonicalCombiningClass;
use std::sync::LazyLock;

/// The flags of all characters up to U+FFFF.
pub static PAGES: LazyLock<Pages> = LazyLock::new(|| {
    let odd = &ORDINARY.odd;
    let page = |number: u32| {
        std::array::from_fn(|at| {
            char::from_u32(number << 6 | at as u32)
                .map_or(0, |c| flags(c, odd[c as usize / 64] >> at & 1 != 0))
        })
    };
    let pages: Vec<[u8; 64]> = (0..1024).map(page).collect();
    let alike = |page: &[u8; 64]| {
        if page.iter().all(|flags| *flags == page[0]) {
            page[0]
        } else {
            flag::MIXED
        }
    };
    let leads = std::array::from_fn(|lead| std::array::from_fn(|page| alike(&pages[lead << 6 | page])));
    Pages { pages, leads }
});

/// The key of an ordinary character up to U+FFFF.
#[inline]
pub fn key_of_ordinary(c: char) -> u16 {
    let folded = c.to_ascii_lowercase() as usize;
    ORDINARY.keys.get(folded).copied().unwrap_or(0)
}

/// The flags of one character, if it is known whether it is odd.
fn flags(c: char, is_odd: bool) -> u8 {
    let class = Class::of(c);
    let put = |flag: u8, is: bool| if is { flag } else { 0 };
    put(flag::WORD, class.is_word())
        | put(flag::SOLO, class.is_solo())
        | put(flag::MARK, class.is_mark())
        | put(flag::APOSTROPHE, class.is_apostrophe())
        | put(flag::ODD, class.is_word() && is_odd)
        | put(flag::IGNORABLE, class.is_ignorable())
}

/// The flags of a character beyond U+FFFF: all of them are odd.
pub fn flags_beyond(c: char) -> u8 {
    flags(c, true)
}

/// Which characters up to U+FFFF are odd, and the keys of the others.
struct Ordinary {
    /// A bit for each odd character.
    odd: Vec<u64>,
    /// The key of each ordinary character of two and three bytes.
    keys: Vec<u16>,
}

static ORDINARY: LazyLock<Ordinary> = LazyLock::new(ordinary);

/// The key of a character of a token and what its cased key is made of, if the character is none but itself to
/// normalisation whatever stands around it: an ordinary word character, and no mark, which could change places.
#[inline]
pub fn own_key(c: char) -> Option<char> {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase());
    }
    let flags = PAGES.pages.get(c as usize / 64)?[c as usize % 64];
    if flags & (flag::WORD | flag::ODD | flag::MARK) != flag::WORD {
        return None;
    }
    char::from_u32(u32::from(*ORDINARY.keys.get(c as usize)?))
}

/// Looks at all characters up to U+FFFF.
fn ordinary() -> Ordinary {
    let mut odd = vec![0u64; 1024];
    let mut known: Vec<u16> = (0..=u16::MAX).collect();
    let mut put = |c: char| {
        if let Some(bits) = odd.get_mut(c as usize / 64) {
            *bits |= 1 << (c as usize % 64);
        }
    };
    second_characters(&mut put);
    let keys = Keys::new();
    let (mut text, mut key) = (String::new(), String::new());
    for c in alphabets() {
        text.clear();
        key.clear();
        text.push(c);
        keys.key(&text, &mut key);
        let mut rest = key.chars();
        let alone = rest.next().filter(|_| rest.next().is_none());
        let stays =
            |folded: char| folded == c || cased(&keys, &text) == text && folded.len_utf8() == c.len_utf8();
        match alone {
            Some(folded) if stays(folded) => known[c as usize] = folded as u16,
            _ => put(c),
        }
    }
    Ordinary { odd, keys: known }
}

fn cased(keys: &Keys, text: &str) -> String {
    let mut cased = String::new();
    keys.cased(text, &mut cased);
    cased
}

/// The word characters up to U+FFFF that normalisation or case folding could change: all but Han and Hangul, which
/// `tests` look at one by one.
fn alphabets() -> impl Iterator<Item = char> {
    let blocks = [0x80..0x3400, 0xa000..0xac00, 0xd7a4..0xd800, 0xf900..0x1_0000];
    blocks
        .into_iter()
        .flatten()
        .filter_map(char::from_u32)
        .filter(|c| Class::of(*c).is_word())
}

/// The characters that normalisation may join to the one before: the second ones of canonical decompositions, and
/// Hangul vowels and final consonants.
fn second_characters(put: &mut impl FnMut(char)) {
    (0x1160..0x1200)
        .chain(0xd7b0..0xd800)
        .filter_map(char::from_u32)
        .for_each(&mut *put);
    let decomposition = CanonicalDecompositionBorrowed::new();
    for c in alphabets() {
        if let Decomposed::Expansion(_, second) = decomposition.decompose(c) {
            put(second);
        }
    }
}

/// Whether a word character's place in a key cannot be told from itself alone.
pub fn is_odd(c: char) -> bool {
    flags_of(c) & flag::ODD != 0
}

fn flags_of(c: char) -> u8 {
    match PAGES.pages.get(c as usize / 64) {
        Some(page) => page[c as usize % 64],
        None => flag::ODD,
    }
}

/// Whether a character may change places with its neighbours when they are normalised.
pub fn is_movable(c: char) -> bool {
    CodePointMapData::<CanonicalCombiningClass>::new().get(c) != CanonicalCombiningClass::NotReordered
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever is not odd has a key of one character with as many bytes, whatever its case.
    #[test]
    fn keys_of_ordinary_characters_have_one_character() {
        let keys = Keys::new();
        for c in (0x80..0x1_0000).filter_map(char::from_u32) {
            let class = Class::of(c);
            if !class.is_word() || is_odd(c) {
                continue;
            }
            let mut key = String::new();
            keys.key(c.encode_utf8(&mut [0; 4]), &mut key);
            assert_eq!(key.chars().count(), 1, "{c:?}");
            assert_eq!(key.len(), c.len_utf8(), "{c:?}");
        }
    }

    /// No ordinary character joins one before it.
    #[test]
    fn ordinary_characters_do_not_compose() {
        let compose = icu_normalizer::properties::CanonicalCompositionBorrowed::new();
        let ordinary: Vec<char> = (0x80..0x1_0000)
            .filter_map(char::from_u32)
            .filter(|c| Class::of(*c).is_word() && !is_odd(*c))
            .collect();
        for first in (0x41..0x3100)
            .filter_map(char::from_u32)
            .filter(|c| Class::of(*c).is_letter())
        {
            for second in ordinary.iter().filter(|c| Class::of(**c).is_mark()) {
                assert_eq!(compose.compose(first, *second), None, "{first:?} {second:?}");
            }
        }
    }
}
