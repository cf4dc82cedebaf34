//! From a token's surface to what patterns are compared with: the cased key and the key (SPEC 3).

use crate::text::class::{APOSTROPHES, Class};
use crate::text::pages::own_key;
use icu_casemap::{CaseMapper, CaseMapperBorrowed};
use icu_normalizer::{ComposingNormalizer, ComposingNormalizerBorrowed};

/// What the making of keys needs: icu's tables, borrowed from the binary, so that it costs nothing to make.
#[derive(Debug)]
pub struct Keys {
    nfkc: ComposingNormalizerBorrowed<'static>,
    case: CaseMapperBorrowed<'static>,
}

impl Default for Keys {
    fn default() -> Self {
        Self::new()
    }
}

impl Keys {
    /// The tables that are compiled in.
    pub fn new() -> Self {
        Self {
            nfkc: ComposingNormalizer::new_nfkc(),
            case: CaseMapper::new(),
        }
    }

    /// Appends the cased key of a token's surface to `out`; what `out` held before stays as it is.
    pub fn cased(&self, surface: &str, out: &mut String) {
        let start = out.len();
        if surface.is_ascii() {
            push_ascii(surface, out);
        } else {
            let normalised = self.nfkc.normalize_iter(read(surface));
            out.extend(normalised.map(|c| if APOSTROPHES.contains(&c) { '\'' } else { c }));
        }
        drop_genitive(start, out);
    }

    /// Full Unicode case folding alone.
    pub fn fold(&self, text: &str) -> String {
        self.case.fold_string(text).into_owned()
    }

    /// Appends the key of a token's surface to `out`; what `out` held before stays as it is.
    pub fn key(&self, surface: &str, out: &mut String) {
        let start = out.len();
        self.cased(surface, out);
        self.fold_from(start, out);
    }

    /// Turns the cased key that begins at `start` into the key.
    pub fn fold_from(&self, start: usize, out: &mut String) {
        if out.as_bytes()[start..].is_ascii() {
            out[start..].make_ascii_lowercase();
            return;
        }
        let cased = out.split_off(start);
        let folded = self.case.fold_string(&cased);
        out.extend(self.nfkc.normalize_iter(folded.chars()));
    }
}

/// Appends the cased key and the key of a surface, if all of its characters have keys of their own, alone or in any
/// company: no table of normalisation is asked then. The slow twin is `Keys`. What was appended stays if it fails.
pub fn own_keys(surface: &str, cased: &mut String, key: &mut String) -> bool {
    let mut rest = surface.chars().peekable();
    let mut after_digit = false;
    while let Some(c) = rest.next() {
        if let Some(folded) = own_key(c) {
            cased.push(c);
            key.push(folded);
            after_digit = c.is_ascii_digit() || !c.is_ascii() && Class::of(c).is_digit();
            continue;
        }
        let class = Class::of(c);
        let next = rest.peek().map(|next| Class::of(*next));
        match c {
            _ if class.is_ignorable() => {}
            '.' if next.is_some_and(Class::is_ignorable) => return false,
            '.' if !(after_digit && next.is_some_and(Class::is_digit)) => {}
            '.' | ',' => {
                after_digit = false;
                cased.push(c);
                key.push(c);
            }
            _ if class.is_apostrophe() => {
                after_digit = false;
                cased.push('\'');
                key.push('\'');
            }
            _ => return false,
        }
    }
    drop_genitive(0, cased);
    drop_genitive(0, key);
    true
}

/// The characters of a surface that are read, without the stops of an acronym: a token holds a stop either between
/// two decimal digits, where it stays, or by rule 2.2c, where it goes.
fn read(surface: &str) -> impl Iterator<Item = char> {
    let mut rest = surface
        .chars()
        .filter(|&c| !Class::of(c).is_ignorable())
        .peekable();
    let mut after_digit = false;
    std::iter::from_fn(move || {
        loop {
            let c = rest.next()?;
            let before_digit = rest.peek().is_some_and(|&next| Class::of(next).is_digit());
            if c == '.' && !(after_digit && before_digit) {
                continue;
            }
            after_digit = Class::of(c).is_digit();
            return Some(c);
        }
    })
}

/// The same for ASCII, which NFKC leaves alone and of which nothing is ignorable.
fn push_ascii(surface: &str, out: &mut String) {
    if !surface.as_bytes().contains(&b'.') {
        return out.push_str(surface);
    }
    let kept = |at: &usize| surface.as_bytes()[*at] != b'.' || is_between_digits(surface.as_bytes(), *at);
    out.extend(
        (0..surface.len())
            .filter(kept)
            .map(|at| char::from(surface.as_bytes()[at])),
    );
}

fn is_between_digits(surface: &[u8], at: usize) -> bool {
    let digit = |at: usize| surface.get(at).is_some_and(u8::is_ascii_digit);
    at > 0 && digit(at - 1) && digit(at + 1)
}

/// Takes one final `'s` or `'S` from what was appended after `start`, unless nothing else is left.
fn drop_genitive(start: usize, out: &mut String) {
    let key = &out[start..];
    if key.len() > 2 && (key.ends_with("'s") || key.ends_with("'S")) {
        out.truncate(out.len() - 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cased(surface: &str) -> String {
        let mut out = String::new();
        Keys::new().cased(surface, &mut out);
        out
    }

    fn key(surface: &str) -> String {
        let mut out = String::new();
        Keys::new().key(surface, &mut out);
        out
    }

    #[test]
    fn surfaces_become_keys() {
        for (surface, cased_key, expected) in [
            ("Russia\u{2019}s", "Russia", "russia"),
            ("RUSSIA", "RUSSIA", "russia"),
            ("RUSSIA'S", "RUSSIA", "russia"),
            ("U.S", "US", "us"),
            ("U.S.A", "USA", "usa"),
            ("e.g", "eg", "eg"),
            ("U.S's", "US", "us"),
            ("e\u{301}.g", "ég", "ég"),
            ("\u{fb01}ghting", "fighting", "fighting"),
            ("Straße", "Straße", "strasse"),
            ("ẞ", "ẞ", "ss"),
            ("İstanbul", "İstanbul", "i\u{307}stanbul"),
            ("Iğdır", "Iğdır", "iğdır"),
            ("ΟΔΟΣ", "ΟΔΟΣ", "οδοσ"),
            ("οδος", "οδος", "οδοσ"),
            ("ＮＡＴＯ", "NATO", "nato"),
            ("em\u{ad}bargo", "embargo", "embargo"),
            ("U.\u{ad}S", "US", "us"),
            ("1.\u{ad}5", "1.5", "1.5"),
            ("\u{212a}elvin", "Kelvin", "kelvin"),
            ("Cafe\u{301}", "Café", "café"),
            ("Caf\u{e9}", "Café", "café"),
            ("1,234.5", "1,234.5", "1,234.5"),
            ("１.５", "1.5", "1.5"),
            ("١.٢", "١.٢", "١.٢"),
            ("Kyiv\u{2bc}s", "Kyiv", "kyiv"),
            ("Kyiv\u{ff07}s", "Kyiv", "kyiv"),
            ("m\u{2bc}ята", "m'ята", "m'ята"),
            ("l\u{2019}Iran", "l'Iran", "l'iran"),
            ("s's", "s", "s"),
            ("'s", "'s", "'s"),
            ("state\u{2019}\u{17f}", "state", "state"),
            ("\u{149}", "'n", "'n"),
            ("a\u{3aa}\u{345}", "aΪ\u{345}", "aϊι"),
            ("制", "制", "制"),
        ] {
            assert_eq!(cased(surface), cased_key, "cased key of {surface:?}");
            assert_eq!(key(surface), expected, "key of {surface:?}");
        }
    }

    #[test]
    fn keys_are_appended() {
        let mut out = String::from("x's");
        let keys = Keys::new();
        keys.key("A's", &mut out);
        keys.cased("\u{2019}s", &mut out);
        keys.key("É", &mut out);
        assert_eq!(out, "x'sa'sé");
    }

    #[test]
    fn ascii_needs_no_allocation() {
        let mut out = String::with_capacity(16);
        let before = out.as_ptr();
        Keys::new().key("U.S.A's", &mut out);
        assert_eq!((out.as_str(), out.as_ptr()), ("usa", before));
    }

    #[test]
    fn fast_and_careful_paths_agree_on_ascii() {
        for surface in ["U.S", "1.5", "1,5", "a'b", "s's", "x1.y", "A.B.C's", "9.9.9"] {
            let mut careful = String::new();
            careful.extend(Keys::new().nfkc.normalize_iter(read(surface)));
            drop_genitive(0, &mut careful);
            assert_eq!(cased(surface), careful);
        }
    }

    /// The pattern parser sends globs through the making of keys and reads them from the result.
    #[test]
    fn no_word_character_becomes_a_glob() {
        for c in ('\u{80}'..=char::MAX).filter(|&c| Class::of(c).is_word()) {
            let made = key(c.encode_utf8(&mut [0; 4]));
            assert!(!made.contains(['*', '?']), "{c:?} gives {made:?}");
        }
    }

    /// Where there is a short way to the keys, it leads where the long one does.
    #[test]
    fn own_keys_are_keys() {
        let check = |surface: &str| {
            let (mut cased_key, mut own) = (String::new(), String::new());
            let is_own = own_keys(surface, &mut cased_key, &mut own);
            if is_own {
                assert_eq!(cased_key, cased(surface), "{surface:?}");
                assert_eq!(own, key(surface), "{surface:?}");
            }
            is_own
        };
        let count = ('\0'..='\u{ffff}').filter(|c| check(&c.to_string())).count();
        assert!(count > 40_000, "{count}");
        let pieces = [
            "a", "S", "s", "7", "é", "É", "Σ", "ς", "я", "Ї", "制", "ก", "\u{0e49}", "\u{301}", "ﬁ", "İ",
            "ı", "'", "\u{2019}", "\u{2bc}", "\u{ff07}", "\u{ad}", "\u{200d}", ".", ",", "٣", "１", "ſ", "K",
            "ẞ", "한", "각", "\u{1100}", "\u{1161}", "가", "ा", "क", "ב", "\u{5b4}", "𝐀", "Ǆ", "ა", "Ა", "ꭰ",
            "Ꭰ",
        ];
        let mut state = 5_u32;
        let mut own = 0;
        for _ in 0..100_000 {
            let mut surface = String::new();
            for _ in 0..=state >> 29 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                surface.push_str(pieces[(state >> 16) as usize % pieces.len()]);
            }
            own += usize::from(check(&surface));
        }
        assert!(own > 10_000, "{own}");
    }
}
