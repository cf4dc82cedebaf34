//! Lexicons that are read, and lexicons that are refused with a place and a hint.

use super::super::pattern::render;
use super::super::{Guard, Scope, Side};
use super::*;
use std::sync::Arc;

/// The first three lines of most lexicons below.
const HEAD: &str = "[lexicon]\nname = \"t\"\nversion = \"1\"\n";

/// A lexicon with further lines from line 4.
fn headed(lines: &str) -> String {
    format!("{HEAD}{lines}")
}

/// A lexicon with one category, whose list of terms begins in column 10 of line 5.
fn terms(list: &str) -> String {
    headed(&format!("[dimensions.d.categories.c]\nterms = [{list}]\n"))
}

/// A lexicon with a term and further lines from line 6.
fn more(lines: &str) -> String {
    format!("{}{lines}", terms("'war'"))
}

fn read(text: &str) -> Lexicon {
    Lexicon::parse(text, None).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

fn refuse(text: &str) -> Error {
    Lexicon::parse(text, Some("my.toml")).expect_err(text)
}

const WHOLE: &str = r#"
[lexicon]
name = "geopolitics"
version = "1.0.0"
language = "en"
description = "For a test"
newline = "paragraph"
bound_prefixes = ["De", "Straße"]

[dimensions.sanction]
label = "Sanctions"
exclude = ["court sanctioned @near(STATE, 2, before)"]
veto = ["recipe*"]

[dimensions.sanction.categories.financial]
label = "Financial sanctions"
cite = "none"
weight = 2
terms = [
  "asset freeze*",
  { pattern = "blacklist[ed|ing] @near(STATE, sentence) @not(ORG, 10)", weight = 0.5 },
]

[macros]
ORG = ["=UN"]
STATE = ["united states", { pattern = "russia*" }]

[dimensions.alpha.categories.empty]
terms = []

[modifiers.relief]
before = 5
after = 7
cues = ["lift*"]
stop = ["but"]
cancel = ["lift off"]
block = ["refus*"]
block_within = 5
blocked_tag = "maintained"

[modifiers.negated]
tag = "no"
cues = []
"#;

#[test]
fn the_head_and_the_macros_are_read() {
    let lexicon = read(WHOLE);
    assert_eq!(
        (lexicon.name.as_str(), lexicon.version.as_str()),
        ("geopolitics", "1.0.0")
    );
    assert_eq!(
        (lexicon.language.as_deref(), lexicon.newline),
        (Some("en"), Newline::Paragraph)
    );
    assert_eq!(lexicon.description.as_deref(), Some("For a test"));
    assert_eq!(lexicon.bound_prefixes, ["de", "strasse"]);
    assert_eq!(lexicon.written_prefixes, ["De", "Straße"]);
    let [org, state] = lexicon.macros.as_slice() else {
        panic!("two macros")
    };
    assert_eq!((org.name.as_str(), org.terms.len()), ("ORG", 1));
    assert_eq!((state.name.as_str(), state.terms.len()), ("STATE", 2));
    assert_eq!(lexicon.sha256.len(), 64);
}

#[test]
fn dimensions_are_read() {
    let lexicon = read(WHOLE);
    let [sanction, alpha] = lexicon.dimensions.as_slice() else {
        panic!("two dimensions")
    };
    assert_eq!(
        (sanction.name.as_str(), alpha.name.as_str()),
        ("sanction", "alpha")
    );
    assert_eq!(
        (sanction.label.as_deref(), sanction.veto.len()),
        (Some("Sanctions"), 1)
    );
    let guard = Guard {
        list: 1,
        scope: Scope::Tokens(2),
        side: Side::Before,
        negative: false,
    };
    assert_eq!(sanction.exclude[0].guards, [guard]);
    let financial = &sanction.categories[0];
    assert_eq!(
        (financial.label.as_deref(), financial.cite.as_deref()),
        (Some("Financial sanctions"), Some("none"))
    );
    let [freeze, blacklist] = financial.terms.as_slice() else {
        panic!("two terms")
    };
    assert_eq!(
        (financial.weight_of(freeze), financial.weight_of(blacklist)),
        (2.0, 0.5)
    );
    assert_eq!((freeze.line, blacklist.line), (20, 21));
    assert_eq!(
        &*blacklist.text,
        "blacklist[ed|ing] @near(STATE, sentence) @not(ORG, 10)"
    );
    assert_eq!(
        blacklist.patterns.iter().map(render).collect::<Vec<_>>(),
        ["blacklisted", "blacklisting"]
    );
    let not = Guard {
        list: 0,
        scope: Scope::Tokens(10),
        side: Side::Either,
        negative: true,
    };
    assert_eq!((blacklist.guards.len(), blacklist.guards[1]), (2, not));
}

/// So many modifiers on three lines each; a modifier's own tag is its name, the blocked one is said.
fn many_modifiers(count: usize, blocked: impl Fn(usize) -> String) -> String {
    let one = |at| format!("[modifiers.m{at}]\ncues = []\nblocked_tag = '{}'\n", blocked(at));
    (0..count).map(one).collect()
}

#[test]
fn modifiers_are_read() {
    let lexicon = read(WHOLE);
    let [relief, negated] = lexicon.modifiers.as_slice() else {
        panic!("two modifiers")
    };
    assert_eq!(
        (relief.tag.as_str(), relief.blocked_tag.as_deref()),
        ("relief", Some("maintained"))
    );
    assert_eq!((relief.before, relief.after, relief.block_within), (5, 7, 5));
    assert_eq!(
        (relief.stop.len(), relief.cancel.len(), relief.block.len()),
        (1, 1, 1)
    );
    assert_eq!(
        (negated.tag.as_str(), negated.blocked_tag.as_deref()),
        ("no", None)
    );
    assert_eq!((negated.before, negated.cues.len()), (0, 0));
    assert_eq!(lexicon.tags(), ["relief", "maintained", "no"]);
}

#[test]
fn what_is_absent_has_its_default() {
    let lexicon = read(&terms("'war'"));
    assert_eq!(lexicon.bound_prefixes, BOUND_PREFIXES);
    assert_eq!(
        (lexicon.newline, lexicon.language.as_deref()),
        (Newline::Auto, None)
    );
    let category = &lexicon.dimensions[0].categories[0];
    assert_eq!(category.weight_of(&category.terms[0]), 1.0);
    assert_eq!(
        read(&headed(
            "bound_prefixes = []\n[dimensions.d]\ncategories.c.terms = ['a']"
        ))
        .bound_prefixes
        .len(),
        0
    );
}

/// A large lexicon says few different words: each is in memory once, in whatever term it stands.
#[test]
fn equal_words_are_one_in_memory() {
    let lexicon = read(&terms("'asset freeze', 'Freeze ~3 ASSET', '=asset'"));
    let words = |term: usize| &lexicon.dimensions[0].categories[0].terms[term].patterns[0].words;
    assert!(Arc::ptr_eq(&words(0)[0], &words(1)[1]));
    assert!(Arc::ptr_eq(&words(0)[1], &words(1)[0]));
    assert_ne!(words(2)[0], words(0)[0]);
}

#[test]
fn order_is_that_of_the_first_mention() {
    let lexicon = read(&headed(
        "[dimensions.z.categories.q]\nterms = ['a']\n[dimensions.a.categories.q]\nterms = []\n\
         [dimensions.z]\nlabel = 'late'\n[dimensions.z.categories.b]\nterms = []\n",
    ));
    let names: Vec<&str> = lexicon
        .dimensions
        .iter()
        .map(|dimension| dimension.name.as_str())
        .collect();
    assert_eq!(names, ["z", "a"]);
    assert_eq!(lexicon.dimensions[0].categories[1].name, "b");
}

#[test]
fn a_byte_order_mark_and_crlf_do_no_harm() {
    let text = format!("\u{feff}{}", more("weight = 2\n")).replace('\n', "\r\n");
    let lexicon = read(&text);
    assert_eq!(lexicon.sha256, read(&more("weight = 2\n")).sha256);
    assert_eq!(lexicon.dimensions[0].categories[0].terms[0].line, 5);
}

#[test]
#[rustfmt::skip]
fn faults_have_line_column_and_hint() {
    for (text, line, column, message, hint) in [
        // The file and its head.
        ("".into(), 1, 1, "the section [lexicon] is missing", "begin with `[lexicon]`"),
        ("[lexicn]\nname = 't'".into(), 1, 2, "unknown key `lexicn` in the file", "did you mean `lexicon`?"),
        ("lexicon = 3".into(), 1, 11, "[lexicon] must be a table, not a number", "section"),
        ("[lexicon]\nversion = '1'".into(), 1, 2, "[lexicon] needs `name`", "add `name"),
        ("[lexicon]\nname = 't'".into(), 1, 2, "[lexicon] needs `version`", "add `version"),
        ("[lexicon]\nname = ' '\nversion = '1'".into(), 2, 8, "`name` of [lexicon] is empty", ""),
        ("[lexicon]\nname = 't'\nversion = 1.0".into(), 3, 11, "must be a string, not a number", "quotes"),
        (headed("newline = 'spaces'"), 4, 11, "`spaces` is no way", "did you mean `space`?"),
        (headed("newline = 'none'"), 4, 11, "`none` is no way", "auto, space or paragraph"),
        (headed("lang = 'en'"), 4, 1, "unknown key `lang` in [lexicon]", "known keys: name, version"),
        (headed("bound_prefixes = 'de'"), 4, 18, "must be a list, not a string", "brackets"),
        (headed("bound_prefixes = ['de', 'non-']"), 4, 25, "`non-` is not exactly one token", "`non`"),
        (headed("bound_prefixes = [1]"), 4, 19, "a bound prefix must be a string", "quotes"),
        // What TOML itself refuses.
        ("[lexicon\nname = 't'".into(), 1, 9, "this is not valid TOML: ", "toml.io"),
        (headed("é = 1"), 4, 1, "this is not valid TOML: ", "toml.io"),
        (headed("language = \"é\\qb\""), 4, 15, "this is not valid TOML: ", "toml.io"),
        (headed("name = 'u'"), 4, 1, "`name` is defined twice", "keep one"),
        (more("[dimensions.d.categories.c]"), 6, 26, "`c` is defined twice", "keep one"),
        // Dimensions and categories.
        (headed(""), 1, 1, "the lexicon has no dimension", "add `[dimensions"),
        (headed("[dimensions]"), 1, 1, "the lexicon has no dimension", "add `[dimensions"),
        (terms(""), 4, 13, "the lexicon has no terms", "give a category"),
        (headed("[dimensions.Sanction]"), 4, 13, "`Sanction` cannot name a dimension", "write `sanction`"),
        (headed("[dimensions.'1 a']"), 4, 13, "`1 a` cannot name a dimension", "a lower-case letter"),
        (headed("[dimensions]\nd = ['war']"), 5, 5, "[dimensions.d] must be a table, not a list", ""),
        (headed("[[dimensions.d]]"), 4, 1, "[dimensions.d] must be a table, not a list", ""),
        (headed("[dimensions.d]\nexlude = []"), 5, 1, "unknown key `exlude`", "did you mean `exclude`?"),
        (headed("[dimensions.d]\nveto = 'x'"), 5, 8, "`veto` of [dimensions.d] must be a list", ""),
        (headed("[dimensions.d.categories.A_b]"), 4, 26, "cannot name a category", "write `a_b`"),
        (headed("[dimensions.d.categories.c]"), 4, 26, "[dimensions.d.categories.c] needs `terms`", "add"),
        (more("weight = '1'"), 6, 10, "`weight` of [dimensions.d.categories.c] must be a number", "quotes"),
        (more("weight = nan"), 6, 10, "must be a finite number", "0.5"),
        (more("weight = 1e999"), 6, 10, "must be a finite number", "0.5"),
        (more("weight = true"), 6, 10, "must be a number, not true or false", ""),
        (more("term = []"), 6, 1, "unknown key `term`", "did you mean `terms`?"),
        (more("[dimensions.d_cat_c]"), 6, 13, "give the same column `d_cat_c_hits`", "rename"),
        // Terms.
        (terms("'war', 5"), 5, 17, "a term in `terms` of [dimensions.d.categories.c] must be a string", ""),
        (terms("'war ~ x'"), 5, 15, "`~` needs a number, and", "between"),
        (terms("\"é é, x\""), 5, 14, "`,` is no part of a word", "`~0`"),
        (terms("\"\\u00e9, x\""), 5, 10, "`,` is no part of a word", "`~0`"),
        (terms("\n  '''war ~'''"), 6, 3, "`~` needs a number", ""),
        (terms("\n  '', 'x'"), 6, 4, "empty pattern", ""),
        (terms("\"war\\u001b\""), 5, 10, "`\\u{1b}` is no part of a word", ""),
        (terms("'''a @near(b\nc, 3)'''"), 5, 10, "not a guard: `b\\nc` is no name of a macro", ""),
        (terms("{ patern = 'war' }"), 5, 12, "unknown key `patern` in the term", "`pattern`?"),
        (terms("{ weight = 1 }"), 5, 10, "the term needs `pattern`", "write `{ pattern"),
        (terms("{ pattern = 3 }"), 5, 22, "`pattern` of the term must be a string", "quotes"),
        (terms("{ pattern = '[a', weight = 2 }"), 5, 23, "unbalanced bracket", ""),
        (terms("{ pattern = 'a', weight = -inf }"), 5, 36, "`weight` of the term must be a finite", ""),
        (terms("'a @near(STAT, 3)'"), 5, 19, "unknown macro `STAT`", "define it: `[macros]`"),
        (more("[macros]\nSTATE = []\n[dimensions.e]\nveto = ['a @not(STAT, 3)']"), 9, 17, "`STAT`", "`STATE`?"),
        (terms("'a @nea(M, 3)'"), 5, 13, "not a guard: `@nea`", "did you mean `near`?"),
        // Macros and exclusions.
        (more("[macros]\n1a = ['x']"), 7, 1, "`1a` cannot name a macro", "letter"),
        (more("[macros]\nM = 'x'"), 7, 5, "`M` of [macros] must be a list", "brackets"),
        (more("[macros]\nM = ['x @not(M, 3)']"), 7, 14, "`M` of [macros] carry no guards", ""),
        (more("[macros]\nM = [{pattern='x', weight=1}]"), 7, 27, "`M` of [macros] have no weight", ""),
        (more("[dimensions.e]\nexclude = [{pattern='x', weight=1}]"), 7, 33, "have no weight", "categories"),
        (more("[dimensions.e]\nveto = ['x @near(M, 2)']"), 7, 18, "unknown macro `M`", ""),
        // Modifiers.
        (more(&many_modifiers(65, |_| "t".to_owned())), 198, 12, "more than 64 modifiers", "join some"),
        (more(&many_modifiers(33, |at| format!("t{at}"))), 102, 12, "more than 64 different tags", "the same tag"),
        (more("[modifiers.m]\nbefore = 5"), 6, 12, "[modifiers.m] needs `cues`", "add `cues"),
        (more("[modifiers.M]\ncues = []"), 6, 12, "`M` cannot name a modifier", "write `m`"),
        (more("[modifiers.m]\ncues = ['x @not(M, 3)']"), 7, 17, "carry no guards", ""),
        (more("[modifiers.m]\ncues = []\nbefore = 1001"), 8, 10, "whole number from 0 to 1000", ""),
        (more("[modifiers.m]\ncues = []\nafter = -1"), 8, 9, "whole number from 0 to 1000", ""),
        (more("[modifiers.m]\ncues = []\nafter = 1.5"), 8, 9, "whole number from 0 to 1000", ""),
        (more("[modifiers.m]\ncues = []\nblock = ['x']"), 8, 9, "can never apply", "block_within"),
        (more("[modifiers.m]\ncues = []\ntag = 'No'"), 8, 7, "`No` cannot name a tag", "write `no`"),
        (more("[modifiers.m]\ncues = []\nblocked = 'x'"), 8, 1, "unknown key `blocked`", "did you mean"),
        (more("[dimensions.d_tag_x]\n[modifiers.x_hits]\ncues = []"), 7, 12, "same column `d_tag_x_hits`", ""),
    ] {
        let text: String = text;
        let error = refuse(&text);
        assert_eq!((error.line, error.column), (Some(line), Some(column)), "{text}\n{error}");
        assert!(error.message.contains(message), "{text}\n{error}");
        assert!(error.hint.as_deref().unwrap_or("").contains(hint), "{text}\n{error}");
        assert!(error.hint.is_some() && !error.message.contains('\n'), "{text}\n{error}");
        assert_eq!((error.kind, error.path.as_deref()), (Kind::Lexicon, Some("my.toml")));
    }
}

#[test]
fn the_size_of_a_file_is_limited() {
    let error = refuse(&" ".repeat(LARGEST_FILE + 1));
    assert!(error.message.contains("larger than 64 MiB"));
    assert_eq!((error.line, error.path.as_deref()), (Some(1), Some("my.toml")));
}

#[test]
fn depth_is_refused_and_not_followed() {
    for text in [
        format!("a = {}", "[".repeat(100_000)),
        format!("[{}b]", "a.".repeat(100_000)),
    ] {
        assert_eq!(refuse(&text).kind, Kind::Lexicon);
    }
}

/// A good lexicon with one character taken away, doubled or replaced is read, or refused with a place.
#[test]
fn any_damage_is_read_or_refused() {
    let places: Vec<usize> = WHOLE.char_indices().map(|(at, _)| at).collect();
    for &at in &places {
        let (before, after) = WHOLE.split_at(at);
        let rest: String = after.chars().skip(1).collect();
        for damaged in ["", "\"", "[", "~", "=", "\u{0}"].map(|piece| format!("{before}{piece}{rest}")) {
            if let Err(error) = Lexicon::parse(&damaged, None) {
                assert!(
                    error.line.is_some() && error.column.is_some() && error.hint.is_some(),
                    "{error}"
                );
            }
        }
    }
}
