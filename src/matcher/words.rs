//! The distinct words of all patterns of a list, each with its test on a key (SPEC 5.2).

use crate::lexicon::{Atom, Word};
use crate::text::view::View;
use std::collections::HashMap;

/// The test of one word on the key, or the cased key, of one token.
#[derive(Debug, Clone, PartialEq)]
pub struct WordTest {
    cased: bool,
    shape: Shape,
}

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Any,
    Literal(Box<str>),
    Prefix(Box<str>),
    Glob(Box<[Atom]>),
}

impl WordTest {
    /// Compiles a word.
    pub fn new(word: &Word) -> Self {
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
            shape,
        }
    }

    /// Whether a token of the view passes.
    #[inline]
    pub fn matches(&self, view: &mut View, token: usize) -> bool {
        if let Shape::Any = self.shape {
            return true;
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

    /// Whether a plain token whose first eight folded bytes agree is thereby proven to pass.
    pub fn is_proven_by_eight_bytes(&self) -> bool {
        match &self.shape {
            Shape::Literal(text) => !self.cased && text.len() < 8,
            Shape::Prefix(text) => !self.cased && text.len() <= 8,
            _ => false,
        }
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

/// Gives each distinct word a number.
#[derive(Debug, Default)]
pub struct Interner {
    numbers: HashMap<Word, u32>,
    words: Vec<Word>,
}

impl Interner {
    /// The number of a word, a new one if it was not seen before.
    pub fn number(&mut self, word: &Word) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = self.words.len() as u32;
        self.numbers.insert(word.clone(), number);
        self.words.push(word.clone());
        number
    }

    /// The words in the order of their numbers.
    pub fn into_words(self) -> Vec<Word> {
        self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
