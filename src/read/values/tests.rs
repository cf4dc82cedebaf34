//! Tests of the cut into JSON values: against the parser, and on bytes that are broken.

use super::*;
use crate::read::names::Overrides;
use crate::read::parse::tests::{Shown, shown};
use crate::read::{Layout, Repairs};
use serde_json::Value;

fn parsed(bytes: &str) -> (Shown, Repairs) {
    shown(
        bytes.as_bytes(),
        Layout::Json(Mapping::blind(&Overrides::default())),
        1000,
    )
}

fn pieces(bytes: &str) -> Vec<&str> {
    let pieces = each(bytes.as_bytes(), Scanner::default());
    pieces.map(|piece| std::str::from_utf8(piece).unwrap()).collect()
}

#[test]
fn an_element_a_document() {
    let (shown, repairs) = parsed("[\n {\"text\":\"a\",\n  \"id\":1},\n {\"text\":\"b\"} , 7,\n\n \"x\"]\n");
    let lines = [
        "1@3 1 a",
        "2@28 - b",
        "3@43 !not-an-object",
        "4@48 !not-an-object",
    ];
    assert_eq!(shown.lines, lines);
    assert_eq!(shown.rejects[1].line, 6);
    assert_eq!(repairs, Repairs::default());
    assert_eq!(
        parsed("{\n\"text\":\n\"a\"}\n{\"text\":\"b\"}").0.lines,
        ["1@0 - a", "2@15 - b"]
    );
    assert!(parsed(" [ ] \n").0.lines.is_empty());
}

#[test]
fn faults_tell_their_line_and_byte() {
    let (shown, _) = parsed("[{\n\"text\":\"a\" \"b\"}]");
    assert_eq!(
        shown.rejects[0].reason,
        "the value is not JSON: expected `,` or `}` at line 2, byte 12 of the value"
    );
}

/// A broken element is one piece, and the one behind it is whole.
#[test]
fn the_scan_goes_on_behind_a_broken_value() {
    let good = "{\"z\":[{\"y\":1}, {\"y\":2}]}";
    for broken in [
        "{\"a\" \"b\"}",
        "{\"a\":\"open}",
        "{\"a\":\"b\nc\"}",
        "{\"a\":[1,2}",
        "{\"a\":{\"b\":1}",
        "{\"a\":1]}",
        "{\"a\":\"b\" c}",
        "{\"a\":\"lacks its end\"",
        "{a\"b\":1}",
        "{\"a\":\"b\"\"}",
    ] {
        for gap in [", ", ",\n", ",", "\n,\n  "] {
            let bytes = format!("[{good}{gap}{broken}{gap}{good}{gap}{good}]");
            let found = pieces(&bytes);
            assert!(found.len() == 4 || found.len() == 3, "{bytes}: {found:?}");
            assert_eq!(
                found.iter().filter(|piece| **piece == good).count(),
                3,
                "{bytes}: {found:?}"
            );
        }
    }
}

#[test]
fn what_has_no_place_is_a_piece_of_its_own() {
    for (bytes, expected) in [
        ("[1,,2]", &["1", ",", "2"][..]),
        ("[,1]", &[",", "1"]),
        ("[1,]", &["1", "]"]),
        ("[1 2]", &["1", "2"]),
        ("[1]]", &["1", "]"]),
        ("[1]x", &["1", "x"]),
        ("[1}]", &["1", "}"]),
        ("[1][2]", &["1", "[", "2"]),
        ("[1] {}", &["1", "{}"]),
        ("{}}{}", &["{}", "}", "{}"]),
        ("[[[1],2],[]]", &["[[1],2]", "[]"]),
        ("[\"a\\\"]\", \"b\"", &["\"a\\\"]\"", "\"b\""]),
    ] {
        assert_eq!(pieces(bytes), expected, "{bytes}");
    }
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn json(&mut self, depth: usize) -> String {
        let space = [" ", "", "\n", "\t", ""][self.roll(5)];
        let many = self.roll(4);
        match self.roll(if depth == 0 { 4 } else { 6 }) {
            0 => format!("{space}-1.5e3{space}"),
            1 => format!("{space}null"),
            2 | 3 => format!("\"{}\"", ["", "{[", "\\\"", "]},{\\\\", "\u{436}"][self.roll(5)]),
            4 => {
                let items: Vec<_> = (0..many).map(|_| self.json(depth - 1)).collect();
                format!("[{space}{}]{space}", items.join(","))
            }
            _ => {
                let items: Vec<_> = (0..many)
                    .map(|n| format!("\"k{n}\":{}", self.json(depth - 1)))
                    .collect();
                format!("{space}{{{}}}", items.join(","))
            }
        }
    }
}

#[test]
fn finds_the_elements_that_the_parser_finds() {
    let mut dice = Dice(1);
    for _ in 0..2000 {
        let items: Vec<_> = (0..dice.roll(6)).map(|_| dice.json(4)).collect();
        let bytes = format!("[{}]", items.join(","));
        let expected: Vec<Value> = serde_json::from_str(&bytes).unwrap();
        let found: Vec<Value> = pieces(&bytes)
            .iter()
            .map(|piece| serde_json::from_str(piece).unwrap())
            .collect();
        assert_eq!(found, expected, "{bytes}");
    }
}

/// Whatever is broken, no byte that is no white space is lost between pieces but commas and the array's brackets.
#[test]
fn broken_bytes_are_in_some_piece() {
    let mut dice = Dice(7);
    for _ in 0..5000 {
        let items: Vec<_> = (0..1 + dice.roll(4)).map(|_| dice.json(3)).collect();
        let mut bytes = format!("[{}]", items.join(", ")).into_bytes();
        for _ in 0..=dice.roll(3) {
            let at = dice.roll(bytes.len());
            bytes[at] = b"{}[]\",:\nx\\"[dice.roll(10)];
        }
        let (mut scanner, mut at) = (Scanner::default(), 0);
        while at < bytes.len() {
            let start = at;
            if scanner.next(&bytes, &mut at) == Some(Ending::Blank) {
                let gap = &bytes[start..at];
                assert!(
                    gap.iter().all(|byte| b" \t\r\n,[]".contains(byte)),
                    "{}",
                    bytes.escape_ascii()
                );
            }
            assert!(at > start || scanner.state == State::Begin);
        }
    }
}
