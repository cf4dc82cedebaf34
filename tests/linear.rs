//! Linearity by counting, not by the clock: for each family of hostile texts, twice the text is at most 2.3 times the
//! work, and no byte costs more than so much. The families are those of `bench/hostile.py`, smaller.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pressgauge::engine::{Engine, Options, Scratch, Want};
use pressgauge::lexicon::Lexicon;
use std::sync::Arc;

const PLAIN: &str = include_str!("../bench/plain.toml");
const BUILTIN: &str = include_str!("../python/pressgauge/lexicons/geopolitics.toml");

/// What a byte may cost, where nothing else is said.
const A_BYTE: f64 = 12.0;

struct Family {
    name: &'static str,
    lexicon: String,
    text: Box<dyn Fn(usize) -> String>,
    a_byte: f64,
}

fn family(name: &'static str, lexicon: &str, text: impl Fn(usize) -> String + 'static) -> Family {
    Family {
        name,
        lexicon: lexicon.to_owned(),
        text: Box::new(text),
        a_byte: A_BYTE,
    }
}

/// A text of one unit again and again.
fn repeated(unit: &str) -> impl Fn(usize) -> String + 'static {
    let unit = unit.to_owned();
    move |size| unit.repeat((size / unit.len()).max(1))
}

/// One sentence: first the one, then the other.
fn halves(first: &'static str, second: &'static str) -> impl Fn(usize) -> String {
    move |size| repeated(first)(size / 2) + &repeated(second)(size / 2)
}

fn list(terms: &[&str]) -> String {
    let quoted: Vec<String> = terms.iter().map(|term| format!("\"{term}\"")).collect();
    format!("[{}]", quoted.join(", "))
}

fn lexicon(terms: &[&str], exclude: &[&str], veto: &[&str]) -> String {
    format!(
        "[lexicon]\nname = \"hostile\"\nversion = \"1\"\nbound_prefixes = []\n[macros]\nNEAR = [\"near\"]\n\
         [dimensions.all]\nexclude = {}\nveto = {}\n[dimensions.all.categories.all]\nterms = {}\n",
        list(exclude),
        list(veto),
        list(terms)
    )
}

fn plain(terms: &[&str]) -> String {
    lexicon(terms, &[], &[])
}

fn of_rows() -> Vec<Family> {
    let same: Vec<String> = ('a'..='z').map(|c| format!("internat{c}x")).collect();
    let same = plain(&same.iter().map(String::as_str).collect::<Vec<_>>());
    let nested: Vec<String> = (1..=24).map(|count| vec!["aa"; count].join(" ")).collect();
    let nested = plain(&nested.iter().map(String::as_str).collect::<Vec<_>>());
    let gaps = plain(&["aa ~50 bb", "aa ~50 cc ~50 dd", "cc ~50 aa ~50 aa ~50 ee"]);
    let long = vec!["aa"; 32].join(" ~50 ");
    let globs = plain(&["*ababac*", "*aab*aab*c", "ab*ab*ab*ab*c"]);
    vec![
        family("same first eight letters", &same, repeated("internatqy ")),
        family(
            "anchors alone",
            &plain(&["ab tribunal cd", "tribunal of ef"]),
            repeated("tribunal "),
        ),
        Family {
            a_byte: 45.0,
            ..family("overlaps everywhere", &nested, repeated("aa "))
        },
        family("gaps that never close", &gaps, repeated("aa cc aa ")),
        family(
            "gaps that close late",
            &gaps,
            repeated(&format!("aa {}dd ", "x ".repeat(49))),
        ),
        family("many gaps", &plain(&[&format!("{long} ~50 zz")]), repeated("aa ")),
        Family {
            a_byte: 30.0,
            ..family("many gaps that close", &plain(&[&long]), repeated("aa "))
        },
        family("globs inside words", &globs, repeated("abababababab aabaabaab ")),
        family("globs over one token", &globs, repeated("ab")),
    ]
}

fn of_rules() -> Vec<Family> {
    let near = plain(&[
        "aa @near(NEAR, 1000)",
        "bb @near(NEAR, sentence, after)",
        "cc @not(NEAR, document)",
    ]);
    let excluded = lexicon(
        &["aa", "bb*", "cc dd"],
        &["aa ~50 cc", "bb ~50 cc", "[aa|bb|cc|dd] ~5 dd"],
        &[],
    );
    let vetoed = lexicon(
        &["aa", "bb"],
        &[],
        &["aa ~50 bb ~50 zz", "bb @near(NEAR, sentence)"],
    );
    let modified = plain(&["aa", "bb cc"])
        + "[modifiers.m]\nbefore = 1000\nafter = 1000\nblock_within = 1000\ncues = ['cue', 'cue ~50 bb', 'bb*']\n\
           stop = ['dd', 'cc ~50 dd']\ncancel = ['cue ~50 zz', 'cue cue']\nblock = ['dd ~50 dd']\n";
    vec![
        family("modifiers, alternating", &modified, repeated("aa cue bb cc dd ")),
        family("modifiers, apart", &modified, halves("aa ", "cue ")),
        family("modifiers, cancelled", &modified, halves("cue cue dd ", "aa ")),
        family("modifiers, sentences", &modified, repeated("aa cue. Bb cc dd! ")),
        family("near, alternating", &near, repeated("aa near bb cc ")),
        family("near, all pairs", &near, halves("aa bb ", "near ")),
        family("near, none", &near, halves("near ", "bb cc ")),
        family("near, sentences", &near, repeated("aa near bb. Near bb. Cc aa! ")),
        family("exclusions everywhere", &excluded, repeated("aa bb cc dd ")),
        family("veto that fails", &vetoed, repeated("aa bb ")),
    ]
}

fn of_letters() -> Vec<Family> {
    let acronyms = plain(&["us", "un", "u", "eu troops"]);
    let han = plain(&["制裁", "制裁措", "裁制裁措", "裁制裁制施"]);
    let accents = plain(&["éa*", "aé bé", "ñandú", "é"]);
    vec![
        family("one token", PLAIN, repeated("a")),
        family("one number", PLAIN, repeated("1,000.")),
        family("one token of marks", PLAIN, |size| {
            "e".to_owned() + &"\u{301}".repeat(size / 2)
        }),
        family("tokens of marks", PLAIN, |size| {
            format!("{}'{}'", "e\u{301}".repeat(size / 6), "\u{301}".repeat(size / 4))
        }),
        family("punctuation", PLAIN, repeated(".,;:!? -\"' ")),
        family("one gap", BUILTIN, |size| {
            format!("war{}war", " .\n\"".repeat(size / 4))
        }),
        family("joined words", PLAIN, repeated("war\u{2019}s war\u{2019}")),
        family("letters beyond ASCII", &accents, repeated("aé éa bébé aéaéa ")),
        family("acronyms", &acronyms, repeated("U.S. U.N. E.U. u.s.a. ")),
        family("no spaces", &han, repeated("制裁制裁")),
        family("soft hyphens", PLAIN, repeated("sanc\u{ad}tions w\u{ad}ar ")),
        family("one long soft word", PLAIN, repeated("s\u{ad}")),
        family("compatibility letters", PLAIN, repeated("ｗａｒ ")),
        family("hyphens", PLAIN, repeated("war-cease-fire-de-")),
        family("abbreviations", BUILTIN, repeated("Mr. J. No. Gen. sanctions ")),
        family("paragraphs", BUILTIN, repeated("sanctions\n\nwar\n\n")),
        family("capitals", BUILTIN, repeated("SANCTIONS WAR TROOPS US ")),
    ]
}

/// The work of a text.
fn work(engine: &Engine, text: &str) -> u64 {
    let mut scratch = Scratch::default();
    let want = Want {
        hits: true,
        rejected: true,
        tags: true,
        text_hash: false,
    };
    engine.score(&mut scratch, text, want);
    scratch.work().total()
}

#[test]
fn twice_the_text_is_twice_the_work() {
    let mut wrong = Vec::new();
    for family in of_rows().into_iter().chain(of_rules()).chain(of_letters()) {
        let lexicon = Lexicon::parse(&family.lexicon, None).expect(family.name);
        let engine = Engine::new(Arc::new(lexicon), Options::default()).expect(family.name);
        let sizes = [1, 2, 4].map(|times| times * 24_000);
        let works = sizes.map(|size| work(&engine, &(family.text)(size)));
        for (pair, size) in works.windows(2).zip(&sizes[1..]) {
            let (grown, a_byte) = (pair[1] as f64 / pair[0] as f64, pair[1] as f64 / *size as f64);
            if grown > 2.3 || a_byte > family.a_byte {
                wrong.push(format!(
                    "{}: {grown:.2} times the work, {a_byte:.1} a byte, {works:?}",
                    family.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The counts are of the last document alone, and of nothing but the text and the lexicon.
#[test]
fn work_is_counted_anew() {
    let lexicon = Lexicon::parse(BUILTIN, None).unwrap();
    let engine = Engine::new(Arc::new(lexicon), Options::default()).unwrap();
    let mut scratch = Scratch::default();
    let texts = ["Sanctions. War is near.", "", "troops and sanctions of the U.S."];
    let mut once = Vec::new();
    for text in texts {
        engine.score(&mut scratch, text, Want::default());
        once.push(scratch.work());
    }
    for (text, work) in texts.iter().zip(&once).rev() {
        engine.score(&mut scratch, text, Want::default());
        assert_eq!(scratch.work(), *work, "{text}");
    }
    assert!(once[0].passed > 0 && once[0].candidates > 0);
}
