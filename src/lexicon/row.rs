//! One form of a term while it is read from left to right: the numbers of its words and the links between them. What
//! is wrong with it has its place in bytes of the form.

use super::pattern::PatternError;
use super::words::Words;
use super::{Atom, Link, Pattern};
use std::borrow::Cow;

/// A pattern has at most so many words.
const MOST_WORDS: usize = 64;
/// Between two words stand at most so many tokens.
pub(super) const WIDEST_GAP: u8 = 50;

/// The links of most patterns: nothing stands between their words. All of these patterns share them.
static NEIGHBOURS: [Link; MOST_WORDS] = [Link::Next; MOST_WORDS];

/// Words and links as they are read.
#[derive(Debug, Default)]
pub(super) struct Row {
    words: Vec<u32>,
    links: Vec<Link>,
    /// The gap that waits for its right neighbour: its width and where it began.
    gap: Option<(u8, usize)>,
}

impl Row {
    /// A new form begins.
    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.links.clear();
        self.gap = None;
    }

    /// A gap follows; gaps side by side add up.
    pub(super) fn gap(&mut self, width: u8, at: usize) -> Result<(), PatternError> {
        let (sum, at) = match self.gap {
            Some((before, at)) => (before.saturating_add(width), at),
            None => (width, at),
        };
        if self.words.is_empty() {
            return Err(gap_at_end(at));
        }
        if sum > WIDEST_GAP {
            let message = format!("these gaps add up to more than {WIDEST_GAP}");
            return Err(PatternError::new(at, message).hint(format!("write `~{WIDEST_GAP}` at most")));
        }
        self.gap = Some((sum, at));
        Ok(())
    }

    /// A word follows.
    pub(super) fn push(&mut self, word: u32, at: usize) -> Result<(), PatternError> {
        if self.words.len() == MOST_WORDS {
            let message = format!("the pattern has more than {MOST_WORDS} words");
            return Err(PatternError::new(at, message).hint("shorten it"));
        }
        if !self.words.is_empty() {
            let gap = self.gap.take();
            self.links
                .push(gap.map_or(Link::Next, |(width, _)| Link::Within(width)));
        }
        self.words.push(word);
        Ok(())
    }

    /// The form has ended.
    pub(super) fn finish(&self, words: &Words) -> Result<(), PatternError> {
        if let Some((_, at)) = self.gap {
            return Err(gap_at_end(at));
        }
        if self.words.is_empty() {
            let error = PatternError::new(0, "empty pattern: nothing is left to match");
            return Err(error.hint("give it at least one word"));
        }
        let is_literal = |atom: &Atom| matches!(atom, Atom::Char(_));
        if !self
            .words
            .iter()
            .any(|&word| words.get(word).atoms.iter().any(is_literal))
        {
            let error = PatternError::new(0, "the pattern has no literal character");
            return Err(error.hint("a pattern of globs alone would match anywhere"));
        }
        Ok(())
    }

    /// What tells this row from rows that stand for another pattern.
    pub(super) fn code(&self) -> Box<[u32]> {
        let links = self.links.iter().map(|link| match link {
            Link::Next => u32::MAX,
            Link::Within(width) => u32::from(*width),
        });
        self.words.iter().copied().chain(links).collect()
    }

    /// The pattern that it stands for.
    pub(super) fn pattern(&self, words: &Words) -> Pattern {
        Pattern {
            words: self.words.iter().map(|&word| words.get(word).clone()).collect(),
            links: match self.links.iter().all(|link| *link == Link::Next) {
                true => Cow::Borrowed(&NEIGHBOURS[..self.links.len()]),
                false => Cow::Owned(self.links.as_slice().into()),
            },
        }
    }
}

fn gap_at_end(at: usize) -> PatternError {
    PatternError::new(at, "a gap stands at an end of the pattern")
        .hint("`~N` stands between two words: `freez* ~3 assets`")
}
