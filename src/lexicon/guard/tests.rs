//! Guards that are read, and what is refused in them.

use super::*;

fn guards(text: &str) -> Result<Vec<ParsedGuard>, PatternError> {
    begin(text).and_then(|from| parse(text, from))
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
            guard("M_1", Sentence, Before, true, 9),
            guard("b", Document, After, false, 40)
        ]
    );
    assert_eq!(guards("a @near(M, 1000)\t@not(M, paragraph) ").unwrap().len(), 2);
    assert_eq!(
        guards(&format!("a{}", " @near(M, 1)".repeat(16))).unwrap().len(),
        16
    );
}

#[test]
fn guards_begin_after_white_space() {
    for (text, expected) in [
        ("a@b @near", 4),
        ("[a@b|c] d", 9),
        ("@near", 0),
        ("a-@not", 6),
        ("[|a ]@b", 7),
        ("[a|b]\t@not", 6),
    ] {
        assert_eq!(begin(text), Ok(expected), "{text}");
    }
}

#[test]
fn faults_have_a_place_and_a_hint() {
    for (text, at, message, hint) in [
        (
            "a @naer(M, 1)",
            2,
            "not a guard: `@naer` is unknown",
            "did you mean `near`?",
        ),
        (
            "a @(M, 1)",
            2,
            "not a guard: `@` is unknown",
            "a guard is `@near(STATE, 10)`",
        ),
        (
            "a @near",
            2,
            "not a guard: `@near` needs its macro in parentheses",
            "@near(STATE, 10)",
        ),
        (
            "a @near(M, 1",
            7,
            "not a guard: this `(` is never closed",
            "@near(STATE, 10)",
        ),
        (
            "a @not(M)",
            2,
            "not a guard: `@not` does not say how far it looks",
            "@not(STATE, 10, before)",
        ),
        (
            "a @not(M, 1, after, 2)",
            2,
            "not a guard: `@not` has 4 arguments",
            "@not(STATE, 10)",
        ),
        (
            "a @near(, 1)",
            8,
            "not a guard: `` is no name of a macro",
            "[macros]",
        ),
        (
            "a @near(united states, 1)",
            8,
            "not a guard: `united states` is no name",
            "[macros]",
        ),
        ("a @near(M, 0)", 11, "1 to 1,000 tokens far, not 0", "sentence"),
        (
            "a @near(M, 1001)",
            11,
            "1 to 1,000 tokens far, not 1001",
            "document",
        ),
        (
            "a @near(M, 99999999)",
            11,
            "1 to 1,000 tokens far, not 99999999",
            "1 to 1,000",
        ),
        (
            "a @near(M, sentense)",
            11,
            "not a guard: `sentense` does not say",
            "did you mean `sentence`?",
        ),
        (
            "a @near(M, -1)",
            11,
            "not a guard: `-1` does not say",
            "1 to 1,000",
        ),
        (
            "a @near(M, 3, befor)",
            14,
            "not a guard: `befor` is no side",
            "did you mean `before`?",
        ),
        (
            "a @near(M, 3, left)",
            14,
            "not a guard: `left` is no side",
            "`before` or `after`",
        ),
        (
            "a @near(M, 3) b",
            14,
            "not a guard: an element stands after a guard",
            "guards come last",
        ),
        (
            "a @near(M, 3)b",
            13,
            "not a guard: an element stands after a guard",
            "guards come last",
        ),
        (
            "a @near(M, 3)@not(M, 3)",
            13,
            "not a guard: this `@` does not follow white space",
            "a space between",
        ),
        (
            "[a @near(M, 3)|b]",
            3,
            "unbalanced bracket: a `[` is still open",
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
