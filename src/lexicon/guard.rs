//! Guards as they stand at the end of a term: `@near(M, N)`, `@not(M, N)` (SPEC 6.1).

use super::pattern::{PatternError, is_separator};
use super::suggest::nearest;
use super::{Scope, Side};
use crate::text::class::Class;

/// At most so many guards stand at a term.
const MOST_GUARDS: usize = 16;
/// A guard looks at most so many tokens far.
const FARTHEST: u16 = 1000;
/// The longest name of a macro.
pub(super) const LONGEST_NAME: usize = 40;

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
    /// Where the macro's name stands in the term, in code points.
    pub at: usize,
}

/// Where the guards of a term begin: at the first `@` that begins an element outside brackets, else at the end.
pub(super) fn begin(term: &[char]) -> usize {
    let mut depth = 0_usize;
    let mut fresh = true;
    for (at, &c) in term.iter().enumerate() {
        match c {
            '@' if fresh && depth == 0 => return at,
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        fresh = is_separator(c) || (fresh && Class::of(c).is_ignorable());
    }
    term.len()
}

/// Reads the guards that stand from `from` to the end of a term.
pub(super) fn parse(term: &[char], from: usize) -> Result<Vec<ParsedGuard>, PatternError> {
    let mut guards = Vec::new();
    let mut cursor = Cursor { term, at: from };
    while let Some(c) = cursor.after_space() {
        if c != '@' {
            let error = PatternError::new(cursor.at, "an element stands after a guard");
            return Err(error.hint("guards come last: `word word @near(STATE, 10)`"));
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
struct Argument {
    text: String,
    at: usize,
}

struct Cursor<'a> {
    term: &'a [char],
    at: usize,
}

impl Cursor<'_> {
    /// The next character that is no white space.
    fn after_space(&mut self) -> Option<char> {
        let rest = self.term.get(self.at..)?;
        let skip = rest.iter().position(|c| !c.is_whitespace())?;
        self.at += skip;
        rest.get(skip).copied()
    }

    /// The characters up to the first that is none of a name, and where they begin.
    fn name(&mut self) -> Argument {
        let at = self.at;
        let rest = self.term.get(at..).unwrap_or_default();
        let text: String = rest
            .iter()
            .take_while(|&&c| c.is_alphanumeric() || c == '_')
            .collect();
        self.at += text.chars().count();
        Argument { text, at }
    }

    fn guard(&mut self) -> Result<ParsedGuard, PatternError> {
        self.at += 1;
        let kind = self.name();
        let negative = match kind.text.as_str() {
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
        if !is_macro_name(&list.text) {
            return Err(
                PatternError::new(list.at, format!("`{}` is no name of a macro", list.text))
                    .hint(format!("name a list of [macros]: `@{}(STATE, 10)`", kind.text)),
            );
        }
        Ok(ParsedGuard {
            name: list.text.clone(),
            scope: parse_scope(scope)?,
            side,
            negative,
            at: list.at,
        })
    }

    /// What stands between the parentheses, divided at the commas.
    fn arguments(&mut self, kind: &Argument) -> Result<Vec<Argument>, PatternError> {
        let example = || format!("write `@{}(STATE, 10)`", kind.text);
        let opens = self.at;
        if self.term.get(opens) != Some(&'(') {
            return Err(PatternError::new(
                kind.at - 1,
                format!("`@{}` needs its macro in parentheses", kind.text),
            )
            .hint(example()));
        }
        let rest = &self.term[opens + 1..];
        let Some(length) = rest.iter().position(|&c| c == ')') else {
            return Err(PatternError::new(opens, "this `(` is never closed").hint(example()));
        };
        self.at = opens + length + 2;
        let mut at = opens + 1;
        let mut arguments = Vec::new();
        for part in rest[..length].split(|&c| c == ',') {
            let blank = part.iter().take_while(|c| c.is_whitespace()).count();
            let text: String = part.iter().collect();
            arguments.push(Argument {
                text: text.trim().to_owned(),
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
    let advice = || format!("give 1 to {FARTHEST} tokens, or sentence, paragraph or document");
    let is_number = !scope.text.is_empty() && scope.text.bytes().all(|b| b.is_ascii_digit());
    match scope.text.as_str() {
        "sentence" => Ok(Scope::Sentence),
        "paragraph" => Ok(Scope::Paragraph),
        "document" => Ok(Scope::Document),
        digits if is_number => match digits.parse() {
            Ok(tokens @ 1..=FARTHEST) => Ok(Scope::Tokens(tokens)),
            _ => {
                let message = format!("a guard cannot look {digits} tokens far");
                Err(PatternError::new(scope.at, message).hint(advice()))
            }
        },
        other => {
            let message = format!("`{other}` does not say how far a guard looks");
            let known = ["sentence", "paragraph", "document"];
            Err(PatternError::new(scope.at, message).hint(did_you_mean(other, known, advice)))
        }
    }
}

fn parse_side(side: &Argument) -> Result<Side, PatternError> {
    match side.text.as_str() {
        "before" => Ok(Side::Before),
        "after" => Ok(Side::After),
        other => {
            let message = format!("`{other}` is no side of a match");
            let advice = || "the third argument is `before` or `after`".to_owned();
            Err(PatternError::new(side.at, message).hint(did_you_mean(other, ["before", "after"], advice)))
        }
    }
}

fn unknown_guard(kind: &Argument) -> PatternError {
    let advice = || "a guard is `@near(STATE, 10)` or `@not(STATE, 10)`".to_owned();
    PatternError::new(kind.at - 1, format!("there is no guard `@{}`", kind.text)).hint(did_you_mean(
        &kind.text,
        ["near", "not"],
        advice,
    ))
}

fn wrong_count(kind: &Argument, count: usize) -> PatternError {
    let what = match count {
        1 => "does not say how far it looks".to_owned(),
        _ => format!("has {count} arguments, not two or three"),
    };
    PatternError::new(kind.at - 1, format!("`@{}` {what}", kind.text)).hint(format!(
        "write `@{0}(STATE, 10)`, or `@{0}(STATE, 10, before)`",
        kind.text
    ))
}

/// A question after the nearest known name, or else the advice.
pub(super) fn did_you_mean<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    advice: impl FnOnce() -> String,
) -> String {
    nearest(name, known).map_or_else(advice, |near| format!("did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guards(text: &str) -> Result<Vec<ParsedGuard>, PatternError> {
        let term: Vec<char> = text.chars().collect();
        parse(&term, begin(&term))
    }

    fn guard(name: &str, scope: Scope, side: Side, negative: bool, at: usize) -> ParsedGuard {
        ParsedGuard {
            name: name.to_owned(),
            scope,
            side,
            negative,
            at,
        }
    }

    #[test]
    fn guards_are_read() {
        use {Scope::*, Side::*};
        assert_eq!(guards("no guard").unwrap(), []);
        assert_eq!(
            guards("a @near(STATE, 10)").unwrap(),
            [guard("STATE", Tokens(10), Either, false, 8)]
        );
        assert_eq!(
            guards("é @not( M_1 ,sentence,  before ) @near(b,document,after)").unwrap(),
            [
                guard("M_1", Sentence, Before, true, 8),
                guard("b", Document, After, false, 39)
            ]
        );
        assert_eq!(guards("a @near(M, 1000)@not(M, paragraph) ").unwrap().len(), 2);
        assert_eq!(
            guards(&format!("a{}", " @near(M, 1)".repeat(16))).unwrap().len(),
            16
        );
    }

    #[test]
    fn guards_begin_at_an_element_outside_brackets() {
        for (text, expected) in [
            ("a@b @near", 4),
            ("[a @b|c] d", 10),
            ("@near", 0),
            ("a-@not", 2),
            ("a]@b", 4),
            ("a \u{ad}@not", 3),
        ] {
            assert_eq!(begin(&text.chars().collect::<Vec<_>>()), expected, "{text}");
        }
    }

    #[test]
    fn faults_have_a_place_and_a_hint() {
        for (text, at, message, hint) in [
            (
                "a @naer(M, 1)",
                2,
                "there is no guard `@naer`",
                "did you mean `near`?",
            ),
            (
                "a @(M, 1)",
                2,
                "there is no guard `@`",
                "a guard is `@near(STATE, 10)`",
            ),
            (
                "a @near",
                2,
                "`@near` needs its macro in parentheses",
                "@near(STATE, 10)",
            ),
            ("a @near(M, 1", 7, "this `(` is never closed", "@near(STATE, 10)"),
            (
                "a @not(M)",
                2,
                "`@not` does not say how far it looks",
                "@not(STATE, 10, before)",
            ),
            (
                "a @not(M, 1, after, 2)",
                2,
                "`@not` has 4 arguments",
                "@not(STATE, 10)",
            ),
            ("a @near(, 1)", 8, "`` is no name of a macro", "[macros]"),
            (
                "a @near(united states, 1)",
                8,
                "`united states` is no name",
                "[macros]",
            ),
            ("a @near(M, 0)", 11, "cannot look 0 tokens far", "1 to 1000"),
            ("a @near(M, 1001)", 11, "cannot look 1001 tokens far", "1 to 1000"),
            (
                "a @near(M, 99999999)",
                11,
                "cannot look 99999999 tokens",
                "1 to 1000",
            ),
            (
                "a @near(M, sentense)",
                11,
                "`sentense` does not say",
                "did you mean `sentence`?",
            ),
            ("a @near(M, -1)", 11, "`-1` does not say", "1 to 1000"),
            (
                "a @near(M, 3, befor)",
                14,
                "`befor` is no side",
                "did you mean `before`?",
            ),
            (
                "a @near(M, 3, left)",
                14,
                "`left` is no side",
                "`before` or `after`",
            ),
            (
                "a @near(M, 3) b",
                14,
                "an element stands after a guard",
                "guards come last",
            ),
        ] {
            let error = guards(text).unwrap_err();
            assert_eq!(error.at, at, "{text}: {error:?}");
            assert!(error.message.contains(message), "{text}: {error:?}");
            assert!(
                error.hint.as_deref().unwrap_or("").contains(hint),
                "{text}: {error:?}"
            );
        }
        let error = guards(&format!("a{}", " @near(M, 1)".repeat(17))).unwrap_err();
        assert!(error.message.contains("more than 16 guards"));
    }
}
