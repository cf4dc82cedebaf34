//! Whether a character joins its neighbours to one token (SPEC 2.2), in a text without ignorable characters around it.

use super::class::Class;

/// What a joiner does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// It stays in the key: an apostrophe, a stop or comma between digits.
    Kept,
    /// It is no part of the key: the stop of an acronym.
    Acronym,
}

/// What the apostrophe, stop or comma at `at` does, if it joins; a word character stands before it.
#[inline]
pub fn join(text: &str, at: usize) -> Option<Join> {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
    let (before, after) = (byte(at.wrapping_sub(1)), byte(at + 1));
    if !(before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric()) {
        return join_slowly(text, at);
    }
    match bytes[at] {
        b'\'' => Some(Join::Kept),
        b'.' | b',' if before.is_ascii_digit() && after.is_ascii_digit() => Some(Join::Kept),
        b'.' if before.is_ascii_alphabetic() && after.is_ascii_alphabetic() => {
            let (further, beyond) = (byte(at.wrapping_sub(2)), byte(at + 2));
            if further.is_ascii_alphanumeric() || beyond.is_ascii_alphanumeric() {
                None
            } else if further.is_ascii() && beyond.is_ascii() {
                Some(Join::Acronym)
            } else {
                joins_acronym(text, at).then_some(Join::Acronym)
            }
        }
        _ => None,
    }
}

/// The same for any characters.
#[cold]
fn join_slowly(text: &str, at: usize) -> Option<Join> {
    let joiner = text[at..].chars().next()?;
    let (left, right) = (&text[..at], &text[at + joiner.len_utf8()..]);
    let before = Class::of(left.chars().next_back()?);
    let after = Class::of(right.chars().next()?);
    if !before.is_word() || !after.is_word() || after.is_solo() || ends_alone(left) {
        return None;
    }
    let between_digits = before.is_digit() && after.is_digit();
    match joiner {
        '.' | ',' if between_digits => Some(Join::Kept),
        '.' => joins_acronym(text, at).then_some(Join::Acronym),
        ',' => None,
        _ => Some(Join::Kept),
    }
}

/// Whether a text ends with a letter that is a token of its own, and its marks (SPEC 2.4).
fn ends_alone(text: &str) -> bool {
    let mut back = text.chars().rev().map(Class::of);
    back.find(|class| !class.is_mark()).is_some_and(Class::is_solo)
}

/// Whether a full stop has one letter with its marks on each side that is next to no other word character (SPEC 2.2c).
fn joins_acronym(text: &str, stop: usize) -> bool {
    let mut before = text[..stop]
        .chars()
        .rev()
        .map(Class::of)
        .skip_while(|class| class.is_mark());
    let mut after = text[stop + 1..].chars().map(Class::of);
    let alone = |class: Option<Class>| class.is_some_and(|class| class.is_letter() && !class.is_solo());
    alone(before.next())
        && alone(after.next())
        && !before.next().is_some_and(Class::is_word)
        && !after.find(|class| !class.is_mark()).is_some_and(Class::is_word)
}
