//! Every instruction set that the machine has gives the same scores and the same evidence, wherever a text lies in its
//! blocks: the whole engine on random texts and lexicons, each path forced.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pressgauge::engine::{Engine, Options, Scores, Scratch, Want};
use pressgauge::lexicon::Lexicon;
use pressgauge::lexicon::pattern::parse_term;
use pressgauge::vector::{BLOCK, Level};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % n
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    /// A word of a kind.
    fn word(&mut self, kind: &'static str) -> &'static str {
        let words: Vec<&str> = kind.split(' ').collect();
        self.of(&words)
    }
}

/// What texts are made of, kind by kind: a text keeps to few kinds, as texts do.
const KINDS: &[&str] = &[
    "sanctions the of war Embargo TROOPS a to minister internationally us froze assets co embargoes 155mm F16",
    "war\u{2019}s \u{201c}war\u{201d} don\u{2019}t O\u{2019}Brien \u{2014} rock\u{2019}n\u{2019}roll \u{2018}embargo\u{2019}",
    "na\u{ef}ve Caf\u{e9} \u{e9}t\u{e9} fa\u{e7}ade e\u{301}te\u{301} x² q\u{323}\u{307}x \u{301}a stra\u{df}e İran ǰo",
    "санкции САНКЦИИ война Войны КНДР и Ёлка С.Ш.А санкций эмбарго στάσις ΚΥΡΩΣΕΙΣ κυρώσεις",
    "制裁 中国 战争 制裁措施 。 ミサイル データ ｶﾞ 々 전쟁 제재를 \u{1112}\u{1161}\u{11ab}",
    "สงคราม นี้ ก็ คว่ำบาตร กำลัง ๓๕ ລາວ ចំ",
    "युद्ध प्रतिबंध प्रतिबंधों सेना । عقوبات حَرْب צבא",
    "s\u{ad}anctions \u{ad}war em\u{200b}bargo war\u{feff} a\u{200d}.b 1\u{ad},000 \u{ad} US\u{fe0f}",
    "U.S. u.s U.N. É.U. e.g. U.S.A. J. Mr. n.b",
    "1,000 3.5 2024 1.5.2 ٣.٣ 10 5th .5 1,00,000.75",
    "\u{1d400}\u{1d401} \u{1f525} \u{1d7d3} \u{20000} \u{1d430}ar \u{10400}x \u{fb01}re \u{ff57}\u{ff41}\u{ff52} ﹰ \u{212b}ngstrom",
];

const BETWEEN: &[&str] = &[
    " ",
    " ",
    " ",
    " ",
    " ",
    " ",
    " ",
    "-",
    ", ",
    ". ",
    "  ",
    "\n",
    "",
    "\u{a0}",
    " \u{201c}",
    "\u{201d} ",
    "'",
    "\u{2019}",
    ".",
    "\n\n",
    "; ",
    " \u{2013} ",
];

/// A text of about so many pieces.
fn text(random: &mut Random, pieces: usize) -> String {
    let kinds = [KINDS[0], random.of(KINDS), random.of(KINDS)];
    let mut made = String::new();
    for _ in 0..pieces {
        let kind = random.of(&kinds);
        made.push_str(random.word(kind));
        made.push_str(random.of(BETWEEN));
    }
    made
}

/// A word as a term may have it.
fn word(random: &mut Random) -> String {
    let kind = random.of(KINDS);
    let word = random.word(kind);
    let many = word.chars().count();
    let cut: String = word.chars().take(1 + random.below(many)).collect();
    match random.below(12) {
        0..3 => format!("{cut}*"),
        3 => format!("={word}"),
        4 => format!("*{}", word.chars().skip(many / 2).collect::<String>()),
        5 => format!("{cut}?*"),
        6 => format!("[{word}|{}]", random.word(KINDS[0])),
        _ => word.to_owned(),
    }
}

/// So many terms of a few words, without what is no term.
fn terms(random: &mut Random, many: usize) -> BTreeSet<String> {
    let mut made = BTreeSet::new();
    for _ in 0..many {
        let mut term = word(random);
        for _ in 0..random.below(3) {
            term.push_str(random.of(&[" ", " ", " ", " ~1 ", " ~3 ", "-"]));
            term.push_str(&word(random));
        }
        if parse_term(&term).is_ok_and(|(patterns, _)| patterns.len() <= 8) {
            made.insert(term);
        }
    }
    made
}

/// Words that no text has, so that a list is long.
fn filling(random: &mut Random, many: usize) -> impl Iterator<Item = String> {
    let word = |_| {
        (0..7)
            .map(|_| char::from(b'a' + random.below(26) as u8))
            .collect()
    };
    let words: BTreeSet<String> = (0..many).map(word).collect();
    words.into_iter()
}

fn list(terms: impl IntoIterator<Item = String>) -> String {
    let lines = terms.into_iter().map(|term| format!("\"{term}\",\n"));
    format!("[\n{}]\n", lines.collect::<String>())
}

/// A lexicon with a macro, guards, exclusions and a veto.
fn lexicon(random: &mut Random, filled: usize) -> Lexicon {
    const GUARDS: &[&str] = &[
        "",
        "",
        "",
        " @near(NEAR, 6)",
        " @not(NEAR, sentence)",
        " @near(NEAR, paragraph, before)",
    ];
    let mut source =
        "[lexicon]\nname = \"random\"\nversion = \"1\"\nbound_prefixes = [\"co\", \"a\"]\n".to_owned();
    let _ = write!(source, "[macros]\nNEAR = {}", list(terms(random, 6)));
    for name in ["one", "two"] {
        let lists = [2, 1].map(|many| list(terms(random, many)));
        let rare = if name == "two" { &lists[1] } else { "[]\n" };
        let _ = write!(source, "[dimensions.{name}]\nexclude = {}veto = {rare}", lists[0]);
        let mut own: BTreeSet<String> = terms(random, 40)
            .into_iter()
            .map(|term| format!("{term}{}", random.of(GUARDS)))
            .collect();
        own.extend(filling(random, filled));
        let _ = write!(
            source,
            "[dimensions.{name}.categories.all]\nterms = {}",
            list(own)
        );
    }
    Lexicon::parse(&source, None).unwrap_or_else(|error| panic!("{error:?}\n{source}"))
}

const ALL: Want = Want {
    hits: true,
    rejected: true,
    tags: true,
    text_hash: true,
};

/// Scores a text at every offset on every path. Returns the scores.
fn check(engine: &Engine, scratches: &mut [(Level, Scratch)], text: &str) -> Scores {
    let mut alone: Option<Scores> = None;
    for offset in 0..BLOCK {
        // What stands before the first token says nothing, and a line break makes no line longer.
        let shifted = "\n".repeat(offset) + text;
        let ((_, judge), others) = scratches.split_first_mut().unwrap();
        engine.score(judge, &shifted, ALL);
        let expected = alone.get_or_insert_with(|| judge.scores().clone());
        assert_eq!(judge.scores(), expected, "offset {offset}: {text:?}");
        for (level, scratch) in others {
            engine.score(scratch, &shifted, ALL);
            assert_eq!(scratch.scores(), expected, "{level:?} offset {offset}: {text:?}");
            assert_eq!(
                scratch.evidence(),
                judge.evidence(),
                "{level:?} offset {offset}: {text:?}"
            );
        }
    }
    alone.unwrap()
}

#[test]
fn every_path_gives_the_same_scores_and_evidence_at_every_offset() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut scratches: Vec<(Level, Scratch)> = Level::available()
        .into_iter()
        .map(|level| (level, Scratch::with_level(level)))
        .collect();
    assert_eq!(scratches[0].0, Level::Portable);
    let mut hits = 0;
    for round in 0..36 {
        // Some lists are too long for the small set of beginnings, or for all to be compared by four letters.
        let filled = [0, 0, 0, 0, 300, 4_000][round % 6];
        let engine = Engine::new(Arc::new(lexicon(&mut random, filled)), Options::default()).unwrap();
        for pieces in [3, 12, 40, 40, 120, 400] {
            let text = text(&mut random, pieces);
            let scores = check(&engine, &mut scratches, &text);
            hits += scores.dimensions.iter().map(|tally| tally.hits).sum::<u64>();
        }
    }
    assert!(hits > 1_000, "only {hits} hits: the texts say nothing");
}
