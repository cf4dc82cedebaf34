//! Textual alternation: `[a|b|]` in a term and the forms that it stands for (SPEC 5.3).

use super::pattern::PatternError;
use std::borrow::Cow;

/// At most so many forms a term stands for, counted before equal ones are dropped, so that counting needs no memory.
pub(super) const MOST_FORMS: usize = 4096;
/// At most so many brackets are open at once.
const DEEPEST: usize = 64;

/// One form of a term: brackets resolved.
#[derive(Debug, Default)]
pub(super) struct Form<'a> {
    /// The text of the form.
    pub(super) text: Cow<'a, str>,
    /// What it is put together from: where each piece begins here and in the term.
    pieces: Vec<(usize, usize)>,
}

impl<'a> Form<'a> {
    /// The only form of a term without brackets.
    fn plain(term: &'a str) -> Self {
        Self {
            text: Cow::Borrowed(term),
            pieces: vec![],
        }
    }

    /// Where in the term a byte of the form stands; beyond the end, its last character.
    pub(super) fn place(&self, byte: usize) -> usize {
        let last = self.text.char_indices().next_back().map_or(0, |(at, _)| at);
        let byte = byte.min(last);
        match self.pieces.iter().rfind(|&&(begin, _)| begin <= byte) {
            Some(&(begin, place)) => place + (byte - begin),
            None => byte,
        }
    }

    fn push(&mut self, piece: &str, place: usize) {
        if !piece.is_empty() {
            self.pieces.push((self.text.len(), place));
            self.text.to_mut().push_str(piece);
        }
    }

    fn truncate(&mut self, length: usize) {
        self.text.to_mut().truncate(length);
        while self.pieces.pop_if(|&mut (begin, _)| begin >= length).is_some() {}
    }
}

/// A term whose brackets have been matched.
#[derive(Debug)]
pub(super) struct Brackets<'a> {
    term: &'a str,
    /// For `[` and `|`, where the alternative that begins there ends: at the next `|` or the `]`.
    end: Vec<usize>,
    /// For `|` and `]`, where their bracket closes.
    close: Vec<usize>,
    /// How many forms the term stands for, equal ones included.
    pub(super) forms: usize,
}

/// A bracket that is open while the term is read.
struct Open {
    /// Where it opened.
    at: usize,
    /// Where its last alternative began.
    last: usize,
    /// How many forms its finished alternatives have.
    finished: usize,
    /// How many forms what stood before the bracket has.
    before: usize,
}

/// An alternative on the way through the brackets: where it begins, and how long the form was there.
struct Choice {
    begins: usize,
    length: usize,
}

impl<'a> Brackets<'a> {
    /// Matches the brackets of a term and counts its forms.
    pub(super) fn new(term: &'a str) -> Result<Self, PatternError> {
        let places = match term.bytes().any(is_mark) {
            true => term.len(),
            false => 0,
        };
        let mut brackets = Self {
            term,
            end: vec![0; places],
            close: vec![0; places],
            forms: 1,
        };
        let mut open: Vec<Open> = Vec::new();
        for (at, byte) in term.bytes().enumerate() {
            match byte {
                b'[' if open.len() == DEEPEST => return Err(too_deep(at)),
                b'[' => {
                    let before = std::mem::replace(&mut brackets.forms, 1);
                    open.push(Open {
                        at,
                        last: at,
                        finished: 0,
                        before,
                    });
                }
                b'|' => brackets.bar(at, open.last_mut().ok_or_else(|| bar_outside(at))?),
                b']' => brackets.shut(at, open.pop().ok_or_else(|| never_opened(at))?),
                _ => {}
            }
        }
        match open.last() {
            Some(open) => Err(never_closed(open.at)),
            None if brackets.forms > MOST_FORMS => Err(too_many(term)),
            None => Ok(brackets),
        }
    }

    /// An alternative ends and the next begins.
    fn bar(&mut self, at: usize, open: &mut Open) {
        open.finished = open.finished.saturating_add(self.forms);
        self.forms = 1;
        self.end[open.last] = at;
        open.last = at;
    }

    /// A bracket closes: it has as many forms as its alternatives together.
    fn shut(&mut self, at: usize, open: Open) {
        let inside = open.finished.saturating_add(self.forms);
        self.forms = open.before.saturating_mul(inside);
        self.end[open.last] = at;
        self.close[at] = at;
        let mut begins = self.end[open.at];
        while begins != at {
            self.close[begins] = at;
            begins = self.end[begins];
        }
    }

    /// Shows every form, the last bracket's alternatives changing fastest.
    pub(super) fn each<E>(&self, mut show: impl FnMut(&Form) -> Result<(), E>) -> Result<(), E> {
        if self.end.is_empty() {
            return show(&Form::plain(self.term));
        }
        let mut form = Form::default();
        let mut choices: Vec<Choice> = Vec::new();
        let mut from = Some(0);
        while let Some(at) = from {
            self.walk(at, &mut form, &mut choices);
            show(&form)?;
            from = self.next_choice(&mut form, &mut choices);
        }
        Ok(())
    }

    /// Reads on from `at` to the term's end, taking the first alternative of every bracket.
    fn walk(&self, mut at: usize, form: &mut Form, choices: &mut Vec<Choice>) {
        loop {
            let rest = &self.term[at..];
            let length = rest.bytes().position(is_mark).unwrap_or(rest.len());
            form.push(&rest[..length], at);
            at += length;
            match self.term.as_bytes().get(at) {
                None => return,
                Some(b'[') => choices.push(Choice {
                    begins: at,
                    length: form.text.len(),
                }),
                Some(_) => at = self.close[at],
            }
            at += 1;
        }
    }

    /// Goes back to the last bracket with an alternative left, and says where that one begins.
    fn next_choice(&self, form: &mut Form, choices: &mut Vec<Choice>) -> Option<usize> {
        loop {
            let choice = choices.last_mut()?;
            choice.begins = self.end[choice.begins];
            if self.term.as_bytes()[choice.begins] == b'|' {
                form.truncate(choice.length);
                return Some(choice.begins + 1);
            }
            choices.pop();
        }
    }
}

/// What opens, divides or closes a bracket.
fn is_mark(byte: u8) -> bool {
    matches!(byte, b'[' | b'|' | b']')
}

fn bar_outside(at: usize) -> PatternError {
    PatternError::new(at, "`|` stands outside brackets").hint("put the alternatives in brackets: `[a|b]`")
}

fn never_opened(at: usize) -> PatternError {
    PatternError::new(at, "unbalanced bracket: this `]` closes none").hint("write `[a|b]`")
}

fn never_closed(at: usize) -> PatternError {
    PatternError::new(at, "unbalanced bracket: this `[` is never closed").hint("write `[a|b]`")
}

fn too_deep(at: usize) -> PatternError {
    PatternError::new(at, format!("brackets are nested deeper than {DEEPEST}"))
        .hint("take some of the brackets away")
}

fn too_many(term: &str) -> PatternError {
    let at = term.find('[').unwrap_or(0);
    PatternError::new(at, "the alternatives stand for more than 4,096 forms")
        .hint("split the term into several")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(term: &str) -> Vec<String> {
        let brackets = Brackets::new(term).unwrap();
        let mut forms = Vec::new();
        let shown: Result<(), ()> = brackets.each(|form| {
            forms.push(form.text.to_string());
            Ok(())
        });
        shown.unwrap();
        assert_eq!(forms.len(), brackets.forms);
        forms
    }

    fn fault(term: &str) -> (usize, String) {
        let error = Brackets::new(term).unwrap_err();
        (error.at, error.message)
    }

    #[test]
    fn every_form_in_order() {
        assert_eq!(forms("plain"), ["plain"]);
        assert_eq!(forms("eas[e|es|ed|ing]"), ["ease", "eases", "eased", "easing"]);
        assert_eq!(forms("[a|b] [c|d]"), ["a c", "a d", "b c", "b d"]);
        assert_eq!(forms("[a|b[c|d]|]x"), ["ax", "bcx", "bdx", "x"]);
        assert_eq!(forms("[[a|b]|c][d|e]"), ["ad", "ae", "bd", "be", "cd", "ce"]);
        assert_eq!(forms("x[]y[z]"), ["xyz"]);
        assert_eq!(forms("[|]"), ["", ""]);
        assert_eq!(forms("[a|a]"), ["a", "a"]);
    }

    #[test]
    fn places_lead_back_to_the_term() {
        let mut places = Vec::new();
        let shown: Result<(), ()> = Brackets::new("é[bc|d]e").unwrap().each(|form| {
            places.push((
                form.text.to_string(),
                (0..form.text.len()).map(|at| form.place(at)).collect::<Vec<_>>(),
            ));
            assert_eq!(form.place(99), 8);
            Ok(())
        });
        shown.unwrap();
        assert_eq!(places[0], ("ébce".to_owned(), vec![0, 1, 3, 4, 8]));
        assert_eq!(places[1], ("éde".to_owned(), vec![0, 1, 6, 8]));
    }

    #[test]
    fn faults_have_a_place() {
        assert_eq!(fault("a|b"), (1, "`|` stands outside brackets".to_owned()));
        assert_eq!(fault("[a]]").0, 3);
        assert_eq!(fault("x[a[b|c]").0, 1);
        assert_eq!(fault("[a|[b").0, 3);
    }

    #[test]
    fn the_limit_is_checked_before_anything_is_expanded() {
        assert_eq!(forms(&"[a|b]".repeat(12)).len(), MOST_FORMS);
        assert_eq!(fault(&format!("x{}", "[a|b]".repeat(13))).0, 1);
        assert!(fault(&"[a|b]".repeat(800)).1.contains("more than 4,096"));
        assert!(
            fault(&format!("[{}]", "|".repeat(4096)))
                .1
                .contains("more than 4,096")
        );
    }

    #[test]
    fn nesting_is_limited() {
        let nested = |depth: usize| format!("{}a{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(forms(&nested(DEEPEST)), ["a"]);
        let message = "brackets are nested deeper than 64".to_owned();
        assert_eq!(fault(&nested(DEEPEST + 1)), (DEEPEST, message));
        assert_eq!(forms(&"[a]".repeat(DEEPEST + 1)).len(), 1);
    }
}
