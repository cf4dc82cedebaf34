//! The distinct words of all patterns of a list, each with its test on a key (SPEC 5.2).

use super::lead::{Eight, Lead};
use crate::lexicon::{Atom, Word};
use crate::text::view::View;
use std::collections::HashMap;
use std::sync::Arc;

/// The test of one word on the key, or the cased key, of one token.
#[derive(Debug, Clone, PartialEq)]
pub struct WordTest {
    cased: bool,
    shape: Shape,
    eight: Eight,
    second: Eight,
    /// Whether the first eight codes of a plain token decide, or the first sixteen.
    decisive: [bool; 2],
}

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Any,
    Literal(Box<str>),
    Prefix(Box<str>),
    Glob(Box<[Atom]>),
}

impl WordTest {
    /// Compiles a word, the keys of which begin like this.
    pub fn new(word: &Word, lead: &Lead) -> Self {
        let literal = || {
            word.atoms
                .iter()
                .filter_map(|atom| if let Atom::Char(c) = atom { Some(*c) } else { None })
        };
        let wild = word
            .atoms
            .iter()
            .filter(|atom| !matches!(atom, Atom::Char(_)))
            .count();
        let shape = match word.atoms.as_slice() {
            [Atom::Many] => Shape::Any,
            _ if wild == 0 => Shape::Literal(literal().collect()),
            [.., Atom::Many] if wild == 1 => Shape::Prefix(literal().collect()),
            atoms => Shape::Glob(atoms.into()),
        };
        Self {
            cased: word.cased,
            eight: lead.eight(),
            second: lead.second_eight(),
            decisive: [8, 16].map(|many| !word.cased && lead.is_plain(many) && is_decided(&shape, many)),
            shape,
        }
    }

    /// Whether a token of these first eight codes may pass.
    #[inline]
    pub fn agrees(&self, codes: u64) -> bool {
        self.eight.agrees(codes)
    }

    /// Whether a token of the view passes.
    #[inline]
    pub fn matches(&self, view: &mut View, token: usize) -> bool {
        view.work().words += 1;
        if let Some(codes) = view.index().ascii_codes(token) {
            if !self.eight.agrees(codes) {
                return false;
            }
            if self.decisive[0] && !view.index().is_joined(token, codes) {
                return true;
            }
            if let Some(answer) = self.matches_sixteen(view, token, codes) {
                return answer;
            }
        }
        if let Some(surface) = view.plain(token)
            && let Some(answer) = self.matches_plain(surface)
        {
            return answer;
        }
        let key = if self.cased {
            view.cased(token)
        } else {
            view.key(token)
        };
        match &self.shape {
            Shape::Any => true,
            Shape::Literal(text) => key == &**text,
            Shape::Prefix(text) => key.starts_with(&**text),
            Shape::Glob(atoms) => glob(atoms, key),
        }
    }

    /// The answer of a token whose first eight codes agree, if sixteen decide.
    #[inline]
    fn matches_sixteen(&self, view: &View, token: usize, codes: u64) -> Option<bool> {
        if codes >> 56 == 0 {
            return None;
        }
        let codes = view.index().second_ascii_codes(token)?;
        if !self.second.agrees(codes) {
            return Some(false);
        }
        (self.decisive[1] && !view.index().is_joined(token + 8, codes)).then_some(true)
    }

    /// Whether a token of ASCII letters and digits alone passes: it is its own cased key. Nothing for a glob, which is
    /// left to the key.
    #[inline]
    fn matches_plain(&self, surface: &[u8]) -> Option<bool> {
        let same = |a: &[u8], b: &str| {
            if self.cased {
                a == b.as_bytes()
            } else {
                a.eq_ignore_ascii_case(b.as_bytes())
            }
        };
        match &self.shape {
            Shape::Any => Some(true),
            Shape::Literal(text) => Some(same(surface, text)),
            Shape::Prefix(text) => Some(surface.get(..text.len()).is_some_and(|first| same(first, text))),
            Shape::Glob(_) => None,
        }
    }

    /// Whether a plain token whose first eight codes agree is thereby proven to pass.
    pub fn is_decisive(&self) -> bool {
        self.decisive[0]
    }
}

/// Whether so many letters of a plain token decide.
fn is_decided(shape: &Shape, many: usize) -> bool {
    match shape {
        Shape::Literal(text) => text.len() < many,
        Shape::Prefix(text) => text.len() <= many,
        _ => false,
    }
}

/// Whether a glob matches a whole key: the usual walk that returns to the last star, linear for one star and at most
/// the product of the lengths.
fn glob(atoms: &[Atom], key: &str) -> bool {
    let (mut at, mut rest) = (0, key);
    let mut star: Option<(usize, &str)> = None;
    loop {
        let c = rest.chars().next();
        match (atoms.get(at), c) {
            (Some(Atom::Many), _) => {
                star = Some((at, rest));
                at += 1;
                continue;
            }
            (Some(Atom::One), Some(c)) => {
                (at, rest) = (at + 1, &rest[c.len_utf8()..]);
                continue;
            }
            (Some(Atom::Char(wanted)), Some(c)) if *wanted == c => {
                (at, rest) = (at + 1, &rest[c.len_utf8()..]);
                continue;
            }
            (None, None) => return true,
            _ => {}
        }
        let Some((back, from)) = star else { return false };
        let Some(c) = from.chars().next() else {
            return false;
        };
        rest = &from[c.len_utf8()..];
        star = Some((back, rest));
        at = back + 1;
    }
}

/// Gives each distinct word a number. The patterns of a lexicon share their words, so that most are told by their place
/// in memory.
#[derive(Debug, Default)]
pub struct Interner {
    places: HashMap<usize, u32>,
    numbers: HashMap<Arc<Word>, u32>,
    words: Vec<Arc<Word>>,
}

impl Interner {
    /// The number of a word, a new one if it was not seen before.
    pub fn number(&mut self, word: &Arc<Word>) -> u32 {
        let place = Arc::as_ptr(word) as usize;
        if let Some(number) = self.places.get(&place) {
            return *number;
        }
        let new = self.words.len() as u32;
        let number = *self.numbers.entry(word.clone()).or_insert(new);
        if number == new {
            self.words.push(word.clone());
        }
        self.places.insert(place, number);
        number
    }

    /// The words in the order of their numbers.
    pub fn into_words(self) -> Vec<Arc<Word>> {
        self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::key::Keys;

    fn atoms(pattern: &str) -> Vec<Atom> {
        let atom = |c| match c {
            '*' => Atom::Many,
            '?' => Atom::One,
            c => Atom::Char(c),
        };
        pattern.chars().map(atom).collect()
    }

    #[test]
    fn globs_match_whole_keys() {
        for (pattern, key, expected) in [
            ("a*b", "ab", true),
            ("a*b", "axxb", true),
            ("a*b", "axxbc", false),
            ("a*b*c", "abbbc", true),
            ("*tion", "nation", true),
            ("*tion", "nations", false),
            ("organi?ation", "organi\u{df}ation", true),
            ("a?", "a", false),
            ("a?*", "ab", true),
            ("*aab", "aaaab", true),
        ] {
            assert_eq!(glob(&atoms(pattern), key), expected, "{pattern} {key}");
        }
    }

    /// The surface of a plain token says what its keys say.
    #[test]
    fn plain_tokens_need_no_key() {
        let surfaces = "abc ABC Abc abcd ab 155mm US us s abs ABCDEFGHIJ abcdefghij";
        let mut memo = crate::text::view::Memo::default();
        let mut view = View::new(surfaces, crate::text::gap::Newline::Auto, &mut memo);
        let tokens: Vec<usize> = std::iter::successors(Some(0), |token| view.next(*token)).collect();
        for (pattern, cased) in ["abc", "abc*", "us", "\u{e9}", "155*", "*", "a?c"]
            .into_iter()
            .flat_map(|pattern| {
                [
                    (pattern.to_owned(), false),
                    (pattern.to_owned(), true),
                    (pattern.to_uppercase(), true),
                ]
            })
        {
            let word = Word {
                atoms: atoms(&pattern),
                cased,
            };
            let test = WordTest::new(&word, &Lead::of(&Keys::new(), &word));
            for token in &tokens {
                let key = if cased {
                    view.cased(*token)
                } else {
                    view.key(*token)
                }
                .to_owned();
                assert_eq!(
                    test.matches(&mut view, *token),
                    glob(&atoms(&pattern), &key),
                    "{pattern} {key}"
                );
            }
        }
    }
}
