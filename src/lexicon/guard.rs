//! Guards as they stand at the end of a term: `@near(M, N)`, `@not(M, N)` (SPEC 6).

use super::pattern::PatternError;
use super::suggest::nearest;
use super::{Scope, Side};

/// At most so many guards stand at a term.
const MOST_GUARDS: usize = 16;
/// A guard looks at most so many tokens far.
const FARTHEST: u16 = 1000;
/// The longest name of a macro.
pub(super) const LONGEST_NAME: usize = 40;
/// What to do about a guard in the wrong place.
pub(super) const COME_LAST: &str =
    "guards come last, outside brackets, each after a space: `word @near(STATE, 10)`";

/// A guard whose macro has not been looked up yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedGuard {
    /// The macro's name.
    pub name: String,
    /// How far to look.
    pub scope: Scope,
    /// Where to look.
    pub side: Side,
    /// `@not`: no match may be there.
    pub negative: bool,
    /// Where the macro's name stands in the term, as a `PatternError` says it.
    pub at: usize,
}

/// Where the guards of a term begin: at the first `@` that begins the term or follows white space, else at the end.
pub(super) fn begin(term: &str) -> Result<usize, PatternError> {
    let mut signs = memchr::memchr_iter(b'@', term.as_bytes());
    let Some(at) = signs.find(|&at| at == 0 || term[..at].ends_with(char::is_whitespace)) else {
        return Ok(term.len());
    };
    let count = |bracket: u8| memchr::memchr_iter(bracket, &term.as_bytes()[..at]).count();
    if count(b'[') > count(b']') {
        let message = "unbalanced bracket: a `[` is still open where this guard begins";
        return Err(PatternError::new(at, message).hint(COME_LAST));
    }
    Ok(at)
}

/// Reads the guards that stand from `from` to the end of a term.
pub(super) fn parse(term: &str, from: usize) -> Result<Vec<ParsedGuard>, PatternError> {
    let mut guards = Vec::new();
    let mut cursor = Cursor { term, at: from };
    while let Some(c) = cursor.after_space() {
        if c != '@' {
            return Err(not_a_guard(cursor.at, "an element stands after a guard").hint(COME_LAST));
        }
        if cursor.at > from && !term[..cursor.at].ends_with(char::is_whitespace) {
            let error = not_a_guard(cursor.at, "this `@` does not follow white space");
            return Err(error.hint("put a space between the guards"));
        }
        if guards.len() == MOST_GUARDS {
            return Err(
                PatternError::new(cursor.at, format!("a term has more than {MOST_GUARDS} guards"))
                    .hint("unite their macros into one"),
            );
        }
        guards.push(cursor.guard()?);
    }
    Ok(guards)
}

/// An argument of a guard and where it stands.
struct Argument<'a> {
    text: &'a str,
    at: usize,
}

struct Cursor<'a> {
    term: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    /// The next character that is no white space.
    fn after_space(&mut self) -> Option<char> {
        let rest = self.rest().trim_start();
        self.at = self.term.len() - rest.len();
        rest.chars().next()
    }

    fn rest(&self) -> &'a str {
        self.term.get(self.at..).unwrap_or_default()
    }

    /// The characters up to the first that is none of a name, and where they begin.
    fn name(&mut self) -> Argument<'a> {
        let (at, rest) = (self.at, self.rest());
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        let text = &rest[..end.unwrap_or(rest.len())];
        self.at += text.len();
        Argument { text, at }
    }

    fn guard(&mut self) -> Result<ParsedGuard, PatternError> {
        self.at += 1;
        let kind = self.name();
        let negative = match kind.text {
            "near" => false,
            "not" => true,
            _ => return Err(unknown_guard(&kind)),
        };
        let arguments = self.arguments(&kind)?;
        let (list, scope, side) = match arguments.as_slice() {
            [list, scope] => (list, scope, Side::Either),
            [list, scope, side] => (list, scope, parse_side(side)?),
            _ => return Err(wrong_count(&kind, arguments.len())),
        };
        if !is_macro_name(list.text) {
            return Err(
                not_a_guard(list.at, &format!("`{}` is no name of a macro", list.text))
                    .hint(format!("name a list of [macros]: `@{}(STATE, 10)`", kind.text)),
            );
        }
        Ok(ParsedGuard {
            name: list.text.to_owned(),
            scope: parse_scope(scope)?,
            side,
            negative,
            at: list.at,
        })
    }

    /// What stands between the parentheses, divided at the commas.
    fn arguments(&mut self, kind: &Argument) -> Result<Vec<Argument<'a>>, PatternError> {
        let example = || format!("write `@{}(STATE, 10)`", kind.text);
        let Some(inside) = self.rest().strip_prefix('(') else {
            let why = format!("`@{}` needs its macro in parentheses", kind.text);
            return Err(not_a_guard(kind.at - 1, &why).hint(example()));
        };
        let Some(length) = inside.find(')') else {
            return Err(not_a_guard(self.at, "this `(` is never closed").hint(example()));
        };
        let mut at = self.at + 1;
        self.at += length + 2;
        let mut arguments = Vec::new();
        for part in inside[..length].split(',') {
            let blank = part.len() - part.trim_start().len();
            arguments.push(Argument {
                text: part.trim(),
                at: at + blank,
            });
            at += part.len() + 1;
        }
        Ok(arguments)
    }
}

/// Whether a name is one that a macro may have.
pub(super) fn is_macro_name(name: &str) -> bool {
    name.len() <= LONGEST_NAME
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn parse_scope(scope: &Argument) -> Result<Scope, PatternError> {
    let advice = || "give 1 to 1,000 tokens, or sentence, paragraph or document".to_owned();
    let is_number = !scope.text.is_empty() && scope.text.bytes().all(|b| b.is_ascii_digit());
    match scope.text {
        "sentence" => Ok(Scope::Sentence),
        "paragraph" => Ok(Scope::Paragraph),
        "document" => Ok(Scope::Document),
        digits if is_number => match digits.parse() {
            Ok(tokens @ 1..=FARTHEST) => Ok(Scope::Tokens(tokens)),
            _ => {
                let message = format!("a guard looks 1 to 1,000 tokens far, not {digits}");
                Err(PatternError::new(scope.at, message).hint(advice()))
            }
        },
        other => {
            let why = format!("`{other}` does not say how far it looks");
            let known = ["sentence", "paragraph", "document"];
            Err(not_a_guard(scope.at, &why).hint(did_you_mean(other, known, advice)))
        }
    }
}

fn parse_side(side: &Argument) -> Result<Side, PatternError> {
    match side.text {
        "before" => Ok(Side::Before),
        "after" => Ok(Side::After),
        other => {
            let why = format!("`{other}` is no side of a match");
            let advice = || "the third argument is `before` or `after`".to_owned();
            Err(not_a_guard(side.at, &why).hint(did_you_mean(other, ["before", "after"], advice)))
        }
    }
}

/// What begins like a guard and is none; `why` ends the sentence.
fn not_a_guard(at: usize, why: &str) -> PatternError {
    PatternError::new(at, format!("not a guard: {why}"))
}

fn unknown_guard(kind: &Argument) -> PatternError {
    let advice = || "a guard is `@near(STATE, 10)` or `@not(STATE, 10)`".to_owned();
    let hint = did_you_mean(kind.text, ["near", "not"], advice);
    not_a_guard(kind.at - 1, &format!("`@{}` is unknown", kind.text)).hint(hint)
}

fn wrong_count(kind: &Argument, count: usize) -> PatternError {
    let what = match count {
        1 => "does not say how far it looks".to_owned(),
        _ => format!("has {count} arguments, not two or three"),
    };
    not_a_guard(kind.at - 1, &format!("`@{}` {what}", kind.text)).hint(format!(
        "write `@{0}(STATE, 10)`, or `@{0}(STATE, 10, before)`",
        kind.text
    ))
}

/// A question after the nearest known name, or else the advice.
pub(crate) fn did_you_mean<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    advice: impl FnOnce() -> String,
) -> String {
    nearest(name, known).map_or_else(advice, |near| format!("did you mean `{near}`?"))
}

#[cfg(test)]
mod tests;
