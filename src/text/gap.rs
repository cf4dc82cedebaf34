//! What stands between two neighbouring tokens, as one class (SPEC 4).

use super::class::Class;
use super::key::Keys;
use crate::span::Span;

/// How a single line break is read (SPEC 4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Newline {
    /// As a paragraph's end if the longest line has more than 160 code points, else as a space.
    #[default]
    Auto,
    /// As a space: hard-wrapped text.
    Space,
    /// As the end of a paragraph.
    Paragraph,
}

/// The class of the text between two neighbouring tokens; the first that applies, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gap {
    /// A blank line, or a line break that ends a paragraph.
    Para,
    /// The end of a sentence.
    Sent,
    /// Nothing, or only white space.
    Space,
    /// One hyphen, at a line's end too.
    Hyphen,
    /// White space, quotation marks and mark-up.
    Decor,
    /// Anything else.
    Punct,
}

impl Gap {
    /// Whether neighbouring words of a pattern may stand across it (SPEC 5.4).
    #[inline]
    pub fn is_tight(self) -> bool {
        matches!(self, Gap::Space | Gap::Hyphen | Gap::Decor)
    }

    /// Whether it ends a sentence.
    #[inline]
    pub fn ends_sentence(self) -> bool {
        matches!(self, Gap::Sent | Gap::Para)
    }

    /// The word that outputs and cases use.
    pub fn name(self) -> &'static str {
        match self {
            Gap::Para => "PARA",
            Gap::Sent => "SENT",
            Gap::Space => "SPACE",
            Gap::Hyphen => "HYPHEN",
            Gap::Decor => "DECOR",
            Gap::Punct => "PUNCT",
        }
    }
}

/// The longest line, in code points, of a text whose line breaks are read as spaces under `Newline::Auto`.
const LONGEST_WRAPPED_LINE: usize = 160;

/// Whether a line of the text has more than 160 code points that are read.
pub fn has_long_line(text: &str) -> bool {
    let is_long = |line: &str| line.len() > LONGEST_WRAPPED_LINE && read(line).count() > LONGEST_WRAPPED_LINE;
    let mut start = 0;
    // Most lines are told by their bytes; only long ones are looked at for the line breaks beyond ASCII.
    memchr::memchr2_iter(b'\n', b'\r', text.as_bytes())
        .chain([text.len()])
        .any(|end| {
            let line = &text[start..end];
            start = (end + 1).min(text.len());
            line.len() > LONGEST_WRAPPED_LINE && line.split(['\u{2028}', '\u{2029}']).any(is_long)
        })
}

/// The class between the neighbouring tokens `left` and `right` (byte spans). `paragraph` says whether a line break
/// ends a paragraph in this text; it is asked only if the gap holds one.
#[inline]
pub fn classify(text: &str, left: Span, right: Span, paragraph: impl FnOnce() -> bool) -> Gap {
    match &text.as_bytes()[left.end..right.start] {
        [] | b" " => Gap::Space,
        b", " => Gap::Punct,
        b"-" => Gap::Hyphen,
        b"\n\n" => Gap::Para,
        b"\n" => [Gap::Space, Gap::Para][usize::from(paragraph())],
        _ => classify_slowly(text, left, right, paragraph),
    }
}

fn classify_slowly(text: &str, left: Span, right: Span, paragraph: impl FnOnce() -> bool) -> Gap {
    let mut gap = &text[left.end..right.start];
    if gap
        .trim_start_matches(|c| Class::of(c).is_ignorable())
        .starts_with('.')
    {
        let next = text[right.start..].chars().next();
        if owns_stop(
            &text[left.start..left.end],
            next.is_some_and(|c| Class::of(c).is_digit()),
        ) {
            gap = gap.split_once('.').map_or(gap, |(_, rest)| rest);
        }
    }
    let breaks = Breaks::of(gap);
    if breaks.blank_line || (breaks.any && paragraph()) {
        return Gap::Para;
    }
    let lower = text[right.start..]
        .chars()
        .next()
        .is_some_and(|c| Class::of(c).is_lower());
    if ends_sentence(gap, lower) {
        return Gap::Sent;
    }
    plain_class(gap, breaks.any)
}

/// The characters of a text that are read (SPEC 1.3).
fn read(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !Class::of(*c).is_ignorable())
}

/// The line breaks of a gap.
struct Breaks {
    any: bool,
    blank_line: bool,
}

impl Breaks {
    fn of(gap: &str) -> Self {
        let mut breaks = Breaks {
            any: false,
            blank_line: false,
        };
        let mut pending = false;
        let mut previous = ' ';
        for c in read(gap) {
            let second_half = previous == '\r' && c == '\n';
            if matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}') && !second_half {
                breaks.blank_line |= pending || c == '\u{2029}';
                breaks.any = true;
                pending = true;
            } else if !Class::of(c).is_space() {
                pending = false;
            }
            previous = c;
        }
        breaks
    }
}

/// SPEC 4.2; `lower` says that the next token begins with a lowercase letter.
fn ends_sentence(gap: &str, lower: bool) -> bool {
    let mut after_terminator = false;
    let mut after_space = false;
    for c in read(gap) {
        let class = Class::of(c);
        if matches!(c, '。' | '！' | '？' | '｡') || (after_space && class.is_wrapper()) {
            return true;
        }
        if is_terminator(c) {
            after_terminator = true;
            after_space = false;
        } else if class.is_space() {
            if after_terminator && !lower {
                return true;
            }
            after_space |= after_terminator;
            after_terminator = false;
        } else {
            after_terminator &= class.is_wrapper();
            after_space = false;
        }
    }
    false
}

fn is_terminator(c: char) -> bool {
    matches!(
        c,
        '.' | '!' | '?' | '\u{2026}' | '\u{61f}' | '\u{6d4}' | '\u{964}'
    )
}

/// SPEC 4.3 to 4.6.
fn plain_class(gap: &str, line_break: bool) -> Gap {
    if read(gap).all(|c| Class::of(c).is_space()) {
        return Gap::Space;
    }
    let mut rest = read(gap);
    if rest
        .next()
        .is_some_and(|c| matches!(c, '-' | '\u{2010}' | '\u{2011}'))
    {
        let mut rest = rest.peekable();
        if rest.peek().is_none() || (line_break && rest.all(|c| Class::of(c).is_space())) {
            return Gap::Hyphen;
        }
    }
    if read(gap).all(|c| Class::of(c).is_space() || Class::of(c).is_decor()) {
        Gap::Decor
    } else {
        Gap::Punct
    }
}

/// Whether a full stop directly after this token belongs to it.
fn owns_stop(token: &str, before_digit: bool) -> bool {
    if token.is_ascii() && token.len() > LONGEST_ABBREVIATION && !token.contains('.') {
        return false;
    }
    if token.is_ascii() {
        owns_stop_ascii(token.as_bytes(), before_digit)
    } else {
        owns_stop_slowly(token, before_digit)
    }
}

/// The same for any token: SPEC 4 read aloud.
fn owns_stop_slowly(token: &str, before_digit: bool) -> bool {
    let read: String = read(token).collect();
    let mut letters = read.chars().map(Class::of);
    if letters.next().is_some_and(Class::is_upper) && letters.all(Class::is_mark) {
        return true;
    }
    if has_acronym_stop(&read) {
        return true;
    }
    let folded = Keys::new().fold(&read);
    ABBREVIATIONS.contains(&folded.as_str()) || (before_digit && BEFORE_DIGITS.contains(&folded.as_str()))
}

/// The same for a token of ASCII.
fn owns_stop_ascii(token: &[u8], before_digit: bool) -> bool {
    match token {
        [letter] if letter.is_ascii_uppercase() => return true,
        _ if token.len() <= LONGEST_ABBREVIATION => {
            let short = folded_letters(token);
            if SHORT_ABBREVIATIONS.contains(&short) || (before_digit && SHORT_BEFORE_DIGITS.contains(&short))
            {
                return true;
            }
        }
        _ => {}
    }
    let stop = |pair: &[u8]| pair[1] == b'.' && !pair[0].is_ascii_digit();
    token.windows(2).any(stop)
}

/// A token of ASCII of at most eight bytes as a number, in lower case.
const fn folded_letters(token: &[u8]) -> u64 {
    let (mut letters, mut at) = (0, 0);
    while at < token.len() {
        letters = letters << 8 | token[at].to_ascii_lowercase() as u64;
        at += 1;
    }
    letters
}

const SHORT_ABBREVIATIONS: [u64; ABBREVIATIONS.len()] = all_letters(&ABBREVIATIONS);
const SHORT_BEFORE_DIGITS: [u64; BEFORE_DIGITS.len()] = all_letters(&BEFORE_DIGITS);

const fn all_letters<const N: usize>(words: &[&str; N]) -> [u64; N] {
    let (mut all, mut at) = ([0; N], 0);
    while at < N {
        all[at] = folded_letters(words[at].as_bytes());
        at += 1;
    }
    all
}

/// Whether a full stop of the token was joined by SPEC 2.2c: one that is not between two digits.
fn has_acronym_stop(token: &str) -> bool {
    token.char_indices().any(|(at, c)| {
        c == '.'
            && !token[..at]
                .chars()
                .next_back()
                .is_some_and(|before| Class::of(before).is_digit())
    })
}

/// The length in bytes of the longest of the abbreviations.
const LONGEST_ABBREVIATION: usize = 5;

const ABBREVIATIONS: [&str; 45] = [
    "mr", "mrs", "ms", "mme", "dr", "prof", "rev", "hon", "msgr", "gov", "sen", "sens", "rep", "reps",
    "pres", "amb", "gen", "lt", "col", "maj", "capt", "cmdr", "adm", "sgt", "cpl", "pvt", "brig", "st", "mt",
    "ft", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "vs", "al",
    "rs",
];

/// Abbreviations that own their stop only before a decimal digit.
const BEFORE_DIGITS: [&str; 14] = [
    "no", "nos", "art", "arts", "fig", "figs", "para", "paras", "sec", "ch", "vol", "vols", "p", "pp",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokens of ASCII are told by their bytes as all others are by their characters.
    #[test]
    fn stops_of_ascii_tokens() {
        let mut tokens: Vec<String> = [
            "U.S", "e.g", "1.2", "3.5.A", "x", "X", "Septem", "1.b", "U.S's", "m'r",
        ]
        .map(String::from)
        .to_vec();
        for word in ABBREVIATIONS.iter().chain(&BEFORE_DIGITS) {
            tokens.extend([
                word.to_string(),
                word.to_uppercase(),
                format!("{word}s"),
                format!("{word}'s"),
            ]);
            tokens.push(word[..word.len() - 1].to_owned());
        }
        for token in tokens.iter().filter(|token| !token.is_empty()) {
            for before_digit in [false, true] {
                assert_eq!(
                    owns_stop(token, before_digit),
                    owns_stop_slowly(token, before_digit),
                    "{token}"
                );
            }
        }
    }
}
