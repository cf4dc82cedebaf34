//! The four-line loop: every pattern at every token, as SPEC 5 reads. The judge of the finder in tests.

use super::Match;
use super::lead::Lead;
use super::words::WordTest;
use crate::lexicon::{Link, Pattern, Word};
use crate::text::gap::Gap;
use crate::text::key::Keys;
use crate::text::view::View;
use std::collections::HashSet;

/// All matches, in the order of their start and pattern.
pub fn scan(view: &mut View, patterns: &[Pattern], bound_prefixes: &HashSet<String>) -> Vec<Match> {
    let tokens: Vec<usize> =
        std::iter::successors(view.index().next(0), |token| view.index().next(token + 1)).collect();
    let tests: Vec<Vec<WordTest>> = patterns
        .iter()
        .map(|pattern| pattern.words.iter().map(|word| word_test(word)).collect())
        .collect();
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        for ((owner, pattern), tests) in (0u32..).zip(patterns).zip(&tests) {
            let bound = at > 0
                && view.gap_before(tokens[at]) == Some(Gap::Hyphen)
                && bound_prefixes.contains(view.key(tokens[at - 1]));
            if !bound && let Some(last) = last(view, &tokens, pattern, tests, at) {
                let words = pattern.words.len() as u32;
                found.push(Match {
                    owner,
                    first: tokens[at],
                    last: tokens[last],
                    words,
                    tokens: (last - at + 1) as u32,
                });
            }
        }
    }
    found
}

fn word_test(word: &Word) -> WordTest {
    WordTest::new(word, &Lead::of(&Keys::new(), word))
}

/// The last token of the match of what is left of a pattern, the first of whose words stands at a token.
fn last(
    view: &mut View,
    tokens: &[usize],
    pattern: &Pattern,
    tests: &[WordTest],
    at: usize,
) -> Option<usize> {
    let (test, rest) = tests.split_first()?;
    if !test.matches(view, *tokens.get(at)?) {
        return None;
    }
    let Some(link) = pattern.links.get(pattern.words.len() - tests.len()) else {
        return Some(at);
    };
    let (between, tight) = match link {
        Link::Next => (0, true),
        Link::Within(n) => (usize::from(*n), false),
    };
    for next in at + 1..=at + 1 + between {
        let gap = view.gap_before(*tokens.get(next)?)?;
        if gap.ends_sentence() || (tight && !gap.is_tight()) {
            return None;
        }
        if let Some(last) = last(view, tokens, pattern, rest, next) {
            return Some(last);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Atom, Word};
    use crate::matcher::{Finder, Search};
    use crate::text::gap::Newline;
    use crate::text::view::Memo;
    use std::sync::Arc;

    struct Random(u64);

    impl Random {
        fn below(&mut self, n: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 33) as usize % n
        }

        fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
            list[self.below(list.len())]
        }
    }

    const WORDS: &[&str] = &[
        "a",
        "ab",
        "abc",
        "abcd",
        "abcde",
        "abcdefgh",
        "abcdefghi",
        "us",
        "de",
        "é",
        "éa",
        "制",
        "裁",
        "я",
        "яб",
        "3.5",
        "it's",
        "o'b",
        "sanction",
        "sanctions",
    ];
    const GLOBS: &[&str] = &[
        "a*",
        "ab*",
        "abc*",
        "abcd*",
        "abcdefgh*",
        "*abc",
        "a?",
        "?b",
        "a*c",
        "sanc*",
        "é*",
        "*",
        "я*",
        "abcdefghi*",
    ];
    const TEXT: &[&str] = &[
        "US",
        "U.S.",
        "Abc",
        "abcd\u{301}",
        "abcdefg\u{301}",
        "abcdefgh\u{301}",
        "abcdefgh's",
        "abcdefg's",
        "É",
        "e\u{301}",
        "ab\u{ad}c",
        "De",
        "sanction\u{2019}s",
        "\u{ff41}bc",
        "ﬁ",
        "Я",
        "制裁",
        "IT\u{2019}S",
        "3.5",
        "SANCTIONS",
        "Я\u{2bc}s",
        "яб\u{2019}S",
        "éa\u{ff07}s",
        "制\u{2bc}s",
    ];

    /// A word, one of the first few if there shall be many anchors.
    fn word(random: &mut Random, few: usize) -> Word {
        let text = if random.below(3) == 0 {
            random.of(&GLOBS[..few.min(GLOBS.len())])
        } else {
            random.of(&WORDS[..few.min(WORDS.len())])
        };
        let cased = random.below(8) == 0;
        let atom = |c| match c {
            '*' => Atom::Many,
            '?' => Atom::One,
            c => Atom::Char(c),
        };
        let text = if cased {
            text.to_uppercase()
        } else {
            text.to_owned()
        };
        Word {
            atoms: text.chars().map(atom).collect(),
            cased,
        }
    }

    fn pattern(random: &mut Random, few: usize) -> Pattern {
        let mut words: Vec<Word> = (0..=random.below(4)).map(|_| word(random, few)).collect();
        if words.iter().all(|word| word.atoms == [Atom::Many]) {
            words[0] = Word {
                atoms: vec![Atom::Char('a')],
                cased: false,
            };
        }
        let link = |random: &mut Random| match random.below(3) {
            0 => Link::Within([0, 1, 2, 3, 5][random.below(5)]),
            _ => Link::Next,
        };
        let links = (1..words.len()).map(|_| link(random)).collect();
        Pattern {
            words: words.into_iter().map(Arc::new).collect(),
            links,
        }
    }

    #[test]
    fn the_finder_finds_what_the_loop_finds() {
        let mut random = Random(0x2545_f491_4f6c_dd1d);
        let bound = Arc::new(HashSet::from(["de".to_owned(), "a".to_owned()]));
        let mut memo = Memo::default();
        let mut matches = 0;
        let mut search = Search::default();
        for _ in 0..2_500 {
            let few = [3, 99][random.below(2)];
            let patterns: Vec<Pattern> = (0..=random.below(12))
                .map(|_| pattern(&mut random, few))
                .collect();
            let mut text = " ".repeat(random.below(64));
            for _ in 0..random.below(90) {
                let list = if random.below(2) == 0 { WORDS } else { TEXT };
                text.push_str(random.of(&list[..few.min(list.len())]));
                text.push_str(random.of(&[" ", " ", " ", " ", " ", "-", ", ", ". ", "  ", "\n", "", "\" "]));
            }
            let mut view = View::new(&text, Newline::Auto, &mut memo);
            let mut expected = scan(&mut view, &patterns, &bound);
            let finder = Finder::new((0..).zip(&patterns), bound.clone());
            let mut found = Vec::new();
            let parts = [0, random.below(text.len() + 1), text.len()];
            for part in parts.windows(2) {
                finder.scan(&mut view, &mut search, part[0]..part[1], |_, hit| found.push(hit));
            }
            expected.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, expected, "{parts:?} {text:?} {patterns:?}");
            matches += found.len();
        }
        assert!(matches > 20_000, "only {matches} matches: the texts say nothing");
    }
}
