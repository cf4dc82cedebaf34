//! The words of a lexicon, each made once: from the surface of a token in a term to its key with globs. A lexicon says
//! the same few words again and again, so that to look one up is quicker than to make it, and smaller than to keep it.

use super::pattern::PatternError;
use super::{Atom, Word};
use crate::text::key::Keys;
use std::collections::HashMap;
use std::sync::Arc;

/// Beside a leading `*` stand at least so many literal characters.
const FEWEST_LITERALS: usize = 3;
/// So many words are remembered; a lexicon that says more different ones gains too little from it.
const MOST_REMEMBERED: usize = 1 << 18;

/// The words so far, by number.
#[derive(Debug, Default)]
pub(super) struct Words {
    keys: Keys,
    key: String,
    words: Vec<Arc<Word>>,
    /// The numbers by the key with its globs, of plain words and of cased ones.
    numbers: [HashMap<Box<str>, u32>; 2],
}

impl Words {
    /// The number of the word that the surface of a token stands for; equal words have equal numbers.
    pub(super) fn number(&mut self, surface: &str, cased: bool, at: usize) -> Result<u32, PatternError> {
        self.read(surface, cased);
        let numbers = &mut self.numbers[usize::from(cased)];
        if let Some(&number) = numbers.get(self.key.as_str()) {
            return Ok(number);
        }
        let atoms: Vec<Atom> = self.key.chars().map(atom).collect();
        check_globs(&atoms, surface, at)?;
        let number = self.words.len() as u32;
        numbers.insert(self.key.as_str().into(), number);
        self.words.push(Arc::new(Word { atoms, cased }));
        Ok(number)
    }

    /// The word with a number.
    pub(super) fn get(&self, number: u32) -> &Arc<Word> {
        &self.words[number as usize]
    }

    /// Forgets all words if they are too many to remember. Numbers are good until then.
    pub(super) fn forget_if_many(&mut self) {
        if self.words.len() > MOST_REMEMBERED {
            *self = Self::default();
        }
    }

    /// Makes the key of a token's surface. Globs go through it as they are; neighbouring stars become one.
    fn read(&mut self, surface: &str, cased: bool) {
        self.key.clear();
        match cased {
            true => self.keys.cased(surface, &mut self.key),
            false => self.keys.key(surface, &mut self.key),
        }
        if self.key.contains("**") {
            let mut before = None;
            self.key.retain(|c| before.replace(c) != Some('*') || c != '*');
        }
    }
}

fn atom(c: char) -> Atom {
    match c {
        '*' => Atom::Many,
        '?' => Atom::One,
        c => Atom::Char(c),
    }
}

fn check_globs(atoms: &[Atom], surface: &str, at: usize) -> Result<(), PatternError> {
    let leads = atoms.len() > 1 && atoms[0] == Atom::Many;
    if !leads || literals(atoms) >= FEWEST_LITERALS {
        return Ok(());
    }
    let message = format!("`{surface}` begins with `*` and has fewer than three literal characters");
    Err(PatternError::new(at, message).hint("write more of the word, or `?` for single letters"))
}

fn literals(atoms: &[Atom]) -> usize {
    atoms.iter().filter(|atom| matches!(atom, Atom::Char(_))).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_words_are_one() {
        let mut words = Words::default();
        let mut number = |surface: &str, cased| words.number(surface, cased, 0).unwrap();
        let (us, upper, dotted) = (number("us", false), number("US", false), number("U.S", false));
        assert_eq!((upper, dotted), (us, us));
        assert_eq!(number("a**b", false), number("A*b", false));
        assert_ne!(number("us", true), us);
        assert_eq!(number("U.S", true), number("US", true));
        assert_eq!(words.words.len(), 4);
    }

    #[test]
    fn a_word_that_is_refused_is_refused_again() {
        let mut words = Words::default();
        for at in [3, 7] {
            assert_eq!(words.number("*ab", false, at).unwrap_err().at, at);
        }
    }

    /// What is remembered of a hostile lexicon is limited; the words that its patterns hold stay.
    #[test]
    fn too_many_words_are_forgotten() {
        let mut words = Words::default();
        let first = words.number("0", false, 0).unwrap();
        let kept = words.get(first).clone();
        for n in 1..=MOST_REMEMBERED {
            words.number(&n.to_string(), false, 0).unwrap();
            words.forget_if_many();
        }
        assert!(words.words.is_empty());
        assert_eq!(
            (kept.atoms.as_slice(), Arc::strong_count(&kept)),
            (&[Atom::Char('0')][..], 1)
        );
    }
}
