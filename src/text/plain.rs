//! The plain tokeniser: SPEC 2 read aloud, one character at a time. It is the slow twin of the vector tokeniser, the
//! judge of it in tests, and what divides the words of patterns.

use crate::span::Span;
use crate::text::class::Class;

/// A character that is read (SPEC 1.3), where it stands and what it is to SPEC 2.
#[derive(Debug, Clone, Copy)]
struct Read {
    span: Span,
    c: char,
    word: bool,
    letter: bool,
    mark: bool,
    digit: bool,
    /// A letter or number of SPEC 2.4, or a mark that follows one.
    solo: bool,
}

/// The tokens of a text, as byte ranges that begin and end with a character that is read.
pub fn tokens(text: &str) -> Vec<Span> {
    tokens_with(text, |_| false)
}

/// The same where some further characters count as letters, as globs do in patterns (SPEC 5.1).
pub fn tokens_with(text: &str, is_letter: impl Fn(char) -> bool) -> Vec<Span> {
    let reads = read(text, is_letter);
    let inside: Vec<bool> = (0..reads.len())
        .map(|at| reads[at].word || joins(&reads, at))
        .collect();
    cut(&reads, &inside)
}

/// The characters that are read, with their class.
fn read(text: &str, is_letter: impl Fn(char) -> bool) -> Vec<Read> {
    let mut reads: Vec<Read> = Vec::with_capacity(text.len());
    for (start, c) in text.char_indices() {
        let class = Class::of(c);
        if class.is_ignorable() {
            continue;
        }
        let extra = is_letter(c);
        let follows_solo = reads.last().is_some_and(|last| last.solo);
        reads.push(Read {
            span: Span::new(start, start + c.len_utf8()),
            c,
            word: extra || class.is_word(),
            letter: extra || class.is_letter(),
            mark: class.is_mark(),
            digit: class.is_digit(),
            solo: class.is_solo() || (class.is_mark() && follows_solo),
        });
    }
    reads
}

/// Whether the character joins its neighbours to one token (SPEC 2.2).
fn joins(reads: &[Read], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| reads[before]) else {
        return false;
    };
    let Some(after) = reads.get(at + 1) else {
        return false;
    };
    if !before.word || !after.word || before.solo || after.solo {
        return false;
    }
    let c = reads[at].c;
    let between_digits = before.digit && after.digit;
    Class::of(c).is_apostrophe()
        || (matches!(c, '.' | ',') && between_digits)
        || (c == '.' && ends_single_letter(&reads[..at]) && begins_single_letter(&reads[at + 1..]))
}

/// Whether the text ends with one letter and its marks, next to no other word character (SPEC 2.2c).
fn ends_single_letter(reads: &[Read]) -> bool {
    let letter = reads.iter().rposition(|read| !read.mark);
    letter.is_some_and(|at| reads[at].letter && !reads[..at].last().is_some_and(|read| read.word))
}

/// Whether the text begins with one letter and its marks, next to no other word character (SPEC 2.2c).
fn begins_single_letter(reads: &[Read]) -> bool {
    let Some((first, rest)) = reads.split_first() else {
        return false;
    };
    let next = rest.iter().find(|read| !read.mark);
    first.letter && !next.is_some_and(|read| read.word)
}

/// Cuts the text into runs of characters inside a token, and these again around the letters of SPEC 2.4.
fn cut(reads: &[Read], inside: &[bool]) -> Vec<Span> {
    let mut tokens: Vec<Span> = Vec::new();
    let mut previous: Option<&Read> = None;
    for (read, &inside) in reads.iter().zip(inside) {
        let opens = previous.is_none_or(|previous| !read.mark && (read.solo || previous.solo));
        previous = inside.then_some(read);
        match tokens.last_mut() {
            _ if !inside => {}
            Some(token) if !opens => token.end = read.span.end,
            _ => tokens.push(read.span),
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surfaces(text: &str) -> Vec<&str> {
        tokens(text)
            .iter()
            .map(|span| &text[span.start..span.end])
            .collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(surfaces(text), expected, "tokens of {text:?}");
    }

    #[test]
    fn runs_of_word_characters() {
        check("", &[]);
        check(" ...\n-", &[]);
        check("Iran, Iraq", &["Iran", "Iraq"]);
        check("caf\u{e9} cafe\u{301}", &["caf\u{e9}", "cafe\u{301}"]);
        check("\u{301}a", &["\u{301}a"]);
        check(
            "F-16 and x\u{b2} \u{2167}",
            &["F", "16", "and", "x\u{b2}", "\u{2167}"],
        );
        check(
            "snake_case non\u{2010}aligned a\u{2011}b",
            &["snake", "case", "non", "aligned", "a", "b"],
        );
    }

    #[test]
    fn apostrophes_join_two_word_characters() {
        check("Russia's l\u{2019}Iran", &["Russia's", "l\u{2019}Iran"]);
        check("m\u{2bc}\u{44f} x\u{ff07}y", &["m\u{2bc}\u{44f}", "x\u{ff07}y"]);
        check("'tis states' ''a''b", &["tis", "states", "a", "b"]);
        check("rock'n'roll 90's", &["rock'n'roll", "90's"]);
        check("a'\u{301}b", &["a'\u{301}b"]);
    }

    #[test]
    fn stops_and_commas_join_decimal_digits() {
        check("1,234.5", &["1,234.5"]);
        check(
            "1.2.3 1..2 1., 2,a a,2",
            &["1.2.3", "1", "2", "1", "2", "a", "a", "2"],
        );
        check(
            "\u{661},\u{662} \u{b2}.\u{b3}",
            &["\u{661},\u{662}", "\u{b2}", "\u{b3}"],
        );
        check("1\u{301}.2", &["1\u{301}", "2"]);
    }

    #[test]
    fn stops_join_single_letters() {
        check("the U.S. and U.S.A.", &["the", "U.S", "and", "U.S.A"]);
        check("e.g. Ph.D", &["e.g", "Ph", "D"]);
        check("U.S's U.S.'s", &["U.S's", "U.S", "s"]);
        check("e\u{301}.g\u{301}.", &["e\u{301}.g\u{301}"]);
        check("\u{301}e.g", &["\u{301}e", "g"]);
        check("a.bc ab.c a.1 1.a", &["a", "bc", "ab", "c", "a", "1", "1", "a"]);
        check("A..B A.\u{301}", &["A", "B", "A", "\u{301}"]);
    }

    #[test]
    fn letters_of_scripts_without_spaces_stand_alone() {
        check("\u{5236}\u{88c1}abc", &["\u{5236}", "\u{88c1}", "abc"]);
        check("x\u{5236}5", &["x", "\u{5236}", "5"]);
        check(
            "\u{30ab}\u{3099}\u{30fc}\u{ff70}",
            &["\u{30ab}\u{3099}", "\u{30fc}", "\u{ff70}"],
        );
        check(
            "\u{e01}\u{e31}\u{e19}\u{e51}\u{e52}",
            &["\u{e01}\u{e31}", "\u{e19}", "\u{e51}\u{e52}"],
        );
        check("\u{5236}'s a'\u{5236}", &["\u{5236}", "s", "a", "\u{5236}"]);
        check(
            "\u{5236}.\u{88c1} a.\u{5236}",
            &["\u{5236}", "\u{88c1}", "a", "\u{5236}"],
        );
        check("a.b\u{5236}", &["a", "b", "\u{5236}"]);
        check("\u{5236}\u{301}\u{302}.", &["\u{5236}\u{301}\u{302}"]);
    }

    #[test]
    fn ignorable_characters_are_read_as_absent() {
        check("em\u{ad}bargo", &["em\u{ad}bargo"]);
        check("\u{200b}a\u{200b} \u{ad}", &["a"]);
        check("U\u{ad}.\u{200d}S", &["U\u{ad}.\u{200d}S"]);
        check("1\u{200b},\u{200b}2", &["1\u{200b},\u{200b}2"]);
        check("\u{5236}\u{fe00}\u{301}", &["\u{5236}\u{fe00}\u{301}"]);
    }

    #[test]
    fn further_letters_on_request() {
        let text = "*abc?.x ?.* 1.*";
        let found = tokens_with(text, |c| matches!(c, '*' | '?'));
        let found: Vec<&str> = found.iter().map(|span| &text[span.start..span.end]).collect();
        assert_eq!(found, ["*abc?", "x", "?.*", "1", "*"]);
    }

    /// The rules stated as a property of the result: tokens are in order, do not touch an ignorable at their ends
    /// and leave no word character outside.
    #[test]
    fn every_word_character_is_in_one_token() {
        let alphabet = [
            "a", "B", "1", ".", ",", "'", "\u{301}", "\u{5236}", "\u{ad}", "-", " ",
        ];
        let mut state = 7_u32;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..8 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                text.push_str(alphabet[(state >> 16) as usize % alphabet.len()]);
            }
            let found = tokens(&text);
            assert!(found.is_sorted_by(|a, b| a.end <= b.start), "{text:?}");
            for (at, c) in text.char_indices() {
                let holders = found
                    .iter()
                    .filter(|span| span.start <= at && at < span.end)
                    .count();
                let class = Class::of(c);
                assert!(holders == 1 || !class.is_word(), "{c:?} in {text:?}");
                assert!(holders == 0 || !class.is_space(), "{c:?} in {text:?}");
            }
        }
    }
}
