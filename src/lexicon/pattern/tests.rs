//! What terms stand for, and what is refused in them.

use super::super::Atom;
use super::*;

fn patterns(term: &str) -> Vec<String> {
    let (patterns, _) = parse_term(term).unwrap_or_else(|error| panic!("{term}: {error:?}"));
    for pattern in &patterns {
        assert_eq!(pattern.links.len() + 1, pattern.words.len());
    }
    patterns.iter().map(render).collect()
}

#[test]
fn terms_become_patterns() {
    for (term, expected) in [
        ("sanction*", &["sanction*"][..]),
        ("  Asset\tFREEZE ", &["asset freeze"]),
        ("freez* ~3 assets", &["freez* ~3 assets"]),
        ("=US", &["=US"]),
        ("=U.S.", &["=US"]),
        ("u.s.-led", &["us led"]),
        (
            "cease-fire cease\u{2010}fire a\u{2011}b",
            &["cease fire cease fire a b"],
        ),
        ("=Al-Qaeda", &["=Al qaeda"]),
        ("=AT&T bell", &["=AT ~0 =T bell"]),
        ("at&t", &["at ~0 t"]),
        ("a...b a_b", &["a ~0 b a ~0 b"]),
        ("制裁", &["制 裁"]),
        ("=制裁Ab", &["=制 =裁 =Ab"]),
        ("制,裁", &["制 ~0 裁"]),
        ("Russia\u{2019}s", &["russia"]),
        ("'tis states' 'n'", &["tis states n"]),
        ("o'brien", &["o'brien"]),
        ("1,234.5 3.a", &["1,234.5 3 ~0 a"]),
        ("Straße ﬁght", &["strasse fight"]),
        ("em\u{ad}bargo \u{200b}~\u{ad}2 x", &["embargo ~2 x"]),
        ("a\u{200b}\u{ad} \u{ad} b", &["a b"]),
        ("a ~2 ~3 b", &["a ~5 b"]),
        ("a ~0 b ~0 ~0 c", &["a ~0 b ~0 c"]),
        ("a ~00 b ~050 c", &["a ~0 b ~50 c"]),
        ("a-~1-b", &["a ~1 b"]),
        ("a ~25 ~25 b", &["a ~50 b"]),
        ("* war", &["* war"]),
        ("war ** ?", &["war * ?"]),
        ("*embargo*", &["*embargo*"]),
        ("**abc?", &["*abc?"]),
        ("*a?b?c", &["*a?b?c"]),
        ("?ar ?*a ?*", &["?ar ?*a ?*"]),
        ("*a\u{301}\u{302}\u{303}", &["*\u{e1}\u{302}\u{303}"]),
        ("U.S* u.*", &["u ~0 s* u*"]),
        ("russia's*", &["russia's*"]),
        ("*'s war", &["* war"]),
        ("eas[e|es|ed|ing]", &["ease", "eases", "eased", "easing"]),
        ("[a|A|b] c", &["a c", "b c"]),
        ("[lift|eas[e|ed]|] x", &["lift x", "ease x", "eased x", "x"]),
        ("[a ~2|] b", &["a ~2 b", "b"]),
        ("[=|]US", &["=US", "us"]),
        ("a[-| ]b", &["a b"]),
        ("a[ ~3 |-]b", &["a ~3 b", "a b"]),
        ("stop[.|] go", &["stop go"]),
    ] {
        assert_eq!(patterns(term), expected, "{term}");
    }
}

#[test]
fn guards_are_set_aside() {
    let (patterns, guards) = parse_term("blacklist* @near(STATE, 10)").unwrap();
    assert_eq!(render(&patterns[0]), "blacklist*");
    assert_eq!((guards[0].name.as_str(), guards[0].at), ("STATE", 17));
    let (_, guards) = parse_term("a \u{ad}@ne\u{200b}ar(\u{ad}M, 1\u{ad}0)").unwrap();
    assert_eq!((guards[0].name.as_str(), guards[0].at), ("M", 11));
    let (patterns, guards) = parse_term("a@b @not(M, sentence)").unwrap();
    assert_eq!((render(&patterns[0]), guards.len()), ("a ~0 b".to_owned(), 1));
}

#[test]
fn faults_have_a_place_and_a_hint() {
    for (term, at, message, hint) in [
        ("", 0, "empty pattern: nothing is left", "at least one word"),
        (" - ", 0, "empty pattern: nothing is left", "at least one word"),
        ("@near(M, 3)", 0, "empty pattern: nothing is left", ""),
        ("制, 裁", 1, "`,` is no part of a word", ""),
        ("[a|]", 0, "empty pattern: nothing is left", "at least one word"),
        ("a ~ b", 2, "`~` needs a number, and", "between its neighbours"),
        ("a ~x b", 2, "`~` needs a number, and", ""),
        ("a ~3x b", 2, "`~` needs a number, and", ""),
        ("a ~-3 b", 2, "`~` needs a number, and", ""),
        ("a ~51 b", 2, "the gap `~51` is more than 50", "`~50` at most"),
        (
            "a ~99999 b",
            2,
            "the gap `~99999` is more than 50",
            "`~50` at most",
        ),
        ("a ~25 ~26 b", 2, "add up to more than 50", "`~50` at most"),
        ("~3 a", 0, "a gap stands at an end", "between two words"),
        ("é ~3", 2, "a gap stands at an end", "between two words"),
        ("a ~2 [b|]", 2, "a gap stands at an end", ""),
        ("~3", 0, "a gap stands at an end", ""),
        ("= a", 0, "`=` holds no word", "directly before"),
        ("==a", 1, "`=` is no part of a word", "directly before"),
        ("a= b", 1, "`=` is no part of a word", "directly before"),
        ("=~3", 1, "`~` needs a number, and", "stand between"),
        ("a~3 b", 1, "`~` needs a number, and", "stand between"),
        ("a[ ~3|~3] b", 6, "`~` needs a number, and", "stand between"),
        ("c++", 1, "`+` is no part of a word", "`~0`"),
        ("a, b", 1, "`,` is no part of a word", "`~0`"),
        ("\"a\"", 0, "`\"` is no part of a word", "leave it out"),
        ("a.) b", 2, "`)` is no part of a word", ""),
        ("a & b", 2, "`&` is no part of a word", "`~0`"),
        ("a .' b", 2, "`.'` holds no word", "`~0`"),
        (
            "[x @near(M, 3)|b]",
            3,
            "unbalanced bracket: a `[` is still open",
            "guards come last",
        ),
        (
            "x[a @near(M, 3)|b",
            4,
            "unbalanced bracket: a `[` is still open",
            "",
        ),
        (
            "[@near(M, 3)|b]",
            1,
            "`@` is no part of a word, and here not a guard",
            "guards come last",
        ),
        (
            "a-@near(M, 3)",
            2,
            "`@` is no part of a word, and here not a guard",
            "guards come last",
        ),
        ("x\u{ad}[a|b", 2, "unbalanced bracket", ""),
        (
            "*ab",
            0,
            "`*ab` begins with `*` and has fewer than three literal characters",
            "more of the word",
        ),
        ("war *?", 4, "`*?` begins with `*`", ""),
        ("x *'s*", 2, "`*'s*` begins with `*`", ""),
        ("*", 0, "no literal character", "globs alone"),
        ("* ~2 ?", 0, "no literal character", "globs alone"),
        (
            "制*",
            1,
            "`*` stands beside a letter that is a word of its own",
            "space between",
        ),
        ("x*\u{3099}裁", 3, "`*` stands beside a letter", "space between"),
        ("x ?裁", 3, "`?` stands beside a letter", "space between"),
        ("a|b", 1, "`|` stands outside brackets", "[a|b]"),
        ("[a|b", 0, "unbalanced bracket: this `[` is never closed", ""),
        ("a]", 1, "unbalanced bracket: this `]` closes none", ""),
        (
            "war@near(M, 3)",
            10,
            "`,` is no part of a word",
            "each after a space",
        ),
        (
            "a @near(M, 3) b",
            14,
            "not a guard: an element stands after a guard",
            "",
        ),
        (
            "a [b|c] @near(M)",
            8,
            "not a guard: `@near` does not say how far",
            "",
        ),
    ] {
        let error = parse_term(term).expect_err(term);
        assert_eq!(error.at, at, "{term}: {error:?}");
        assert!(error.message.contains(message), "{term}: {error:?}");
        assert!(
            error.hint.as_deref().unwrap_or("").contains(hint),
            "{term}: {error:?}"
        );
    }
}

#[test]
fn limits_are_kept() {
    assert_eq!(patterns(&"é".repeat(4096))[0].chars().count(), 4096);
    let error = parse_term(&"é".repeat(4097)).unwrap_err();
    assert!(error.message.contains("longer than 4,096 characters"));
    assert_eq!(parse_term(&"x ".repeat(64)).unwrap().0[0].words.len(), 64);
    let error = parse_term(&"x ".repeat(65)).unwrap_err();
    assert_eq!(
        (error.message.contains("more than 64 words"), error.at),
        (true, 128)
    );
    assert_eq!(patterns(&format!("x{}", "[a|b]".repeat(12))).len(), 4096);
    assert!(
        parse_term(&format!("x{}", "[a|b]".repeat(13)))
            .unwrap_err()
            .message
            .contains("more than 4,096")
    );
}

#[test]
fn forms_are_counted_before_equal_ones_are_dropped() {
    let mut parser = TermParser::default();
    assert_eq!(parser.parse("[a|A|a] b").unwrap().0.len(), 1);
    parser.parse("c").unwrap();
    assert_eq!((parser.forms, parser.bytes), (4, 10));
}

/// Random terms out of everything that means something: none may panic, and what is accepted keeps the promises
/// that `Pattern` makes; what is refused has a place inside the term.
#[test]
fn any_term_is_read_or_refused() {
    let pieces = [
        "a",
        "bc",
        "def",
        "1",
        "\u{301}",
        "\u{ad}",
        "制",
        "é",
        "'",
        "\u{2019}s",
        ".",
        ",",
        "&",
        "-",
        " ",
        " ",
        "*",
        "?",
        "=",
        "[",
        "|",
        "]",
        "~",
        "~2",
        " ~3 ",
        "@",
        " @near(M, 3)",
        " @not(M, sentence, after)",
        "(",
        ")",
    ];
    let mut state = 11_u32;
    let (mut read, mut refused) = (0, 0);
    for _ in 0..100_000 {
        let mut term = String::new();
        for _ in 0..(state >> 20) % 12 + 1 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            term.push_str(pieces[(state >> 16) as usize % pieces.len()]);
        }
        match parse_term(&term) {
            Ok((patterns, _)) => {
                read += 1;
                assert!(!patterns.is_empty(), "{term}");
                patterns.iter().for_each(|pattern| check(pattern, &term));
            }
            Err(error) => {
                refused += 1;
                assert!(
                    error.at <= term.chars().count() && error.hint.is_some(),
                    "{term}: {error:?}"
                );
            }
        }
    }
    assert!(read > 5_000 && refused > 5_000, "{read} read, {refused} refused");
}

fn check(pattern: &Pattern, term: &str) {
    assert_eq!(pattern.links.len() + 1, pattern.words.len(), "{term}");
    assert!(
        pattern
            .words
            .iter()
            .any(|word| word.atoms.iter().any(|atom| matches!(atom, Atom::Char(_)))),
        "{term}"
    );
    for word in &*pattern.words {
        assert!(!word.atoms.is_empty(), "{term}");
        assert!(
            !word.atoms.windows(2).any(|pair| pair == [Atom::Many, Atom::Many]),
            "{term}"
        );
    }
}
