//! The quick way beside the slow one.

use super::super::names::Overrides;
use super::super::{Repairs, json, strict};
use super::*;

fn mapping(keep: &[&str]) -> Mapping {
    let overrides = Overrides {
        keep: keep.iter().map(|name| (*name).to_owned()).collect(),
        ..Overrides::default()
    };
    let keys = ["id", "text", "date", "title", "n"].map(str::to_owned);
    Mapping::decide(&keys, &overrides)
}

/// Both ways; whether the quick one took the record, alone and as the first of two lines.
fn agree(text: &str, mapping: &Mapping) -> bool {
    let mut taken = Vec::new();
    let two = format!("{text}\n{{\"text\":\"\\t\"}}\n");
    for level in Level::available() {
        for (lines, given) in [(false, text), (true, text), (true, &two)] {
            let mut room = Room::default();
            let quick = record(level, given, lines, mapping, &mut room);
            if !text.contains('\n') {
                taken.push(quick.is_some());
            }
            let Some(quick) = quick else { continue };
            let (record, mut repairs) = (&given[..quick.length], Repairs::default());
            let slow = json::values(record, mapping, &mut repairs);
            assert_eq!(slow.ok().as_ref(), Some(&quick.values), "{level:?} {record}");
            assert_eq!(repairs.duplicate_keys, quick.repeated, "{record}");
            assert!(!strict::is_deep(record.as_bytes()), "{record}");
            assert!(!lines || !record.contains('\n'), "{record}");
        }
    }
    assert!(taken.iter().all(|one| *one == taken[0]), "{text}");
    taken.first().copied().unwrap_or_default()
}

#[test]
fn ordinary_records_are_taken() {
    let mapping = mapping(&["n", "title"]);
    for text in [
        r#"{"id":1,"text":"a"}"#,
        r#" { "id" : "x" , "text" : "a\nb \"c\" \u00e9\ud83d\ude00" } "#,
        "{}",
        r#"{"other":[1,{"text":"no"}],"text":"yes","x":-1.5e3,"y":true,"z":null}"#,
        r#"{"text":null,"title":"t","title":"u","n":12}"#,
        r#"{"x":"\ud800 \n","text":"é中😀"}"#,
    ] {
        assert!(agree(text, &mapping), "{text}");
    }
    let long = format!(
        r#"{{"text":"{}\t{}","id":"{}"}}"#,
        "a".repeat(63),
        "é".repeat(99),
        "b".repeat(64)
    );
    assert!(agree(&long, &mapping));
}

#[test]
fn the_rest_is_left_to_the_slow_twin() {
    let mapping = mapping(&[]);
    for text in [
        "",
        "[]",
        "7",
        "{",
        r#"{"text"}"#,
        r#"{"text":}"#,
        r#"{"text":"a}"#,
        r#"{"text":"a",}"#,
        r#"{"text":"a"} x"#,
        r#"{"text":"\ud800"}"#,
        r#"{"text":"\x"}"#,
        r#"{"t\u0065xt":"a"}"#,
        "{\"text\":\"a\tb\"}",
        r#"{"text":1.50}"#,
        r#"{"text":01}"#,
        r#"{"text":[1]}"#,
        r#"{"text":nul}"#,
        r#"{"x":nul}"#,
        r#"{"x":"\u12g4"}"#,
        r#"{"x":1 2}"#,
    ] {
        assert!(!agree(text, &mapping), "{text}");
    }
    let deep = format!(r#"{{"text":"a","x":{}{}}}"#, "[".repeat(128), "]".repeat(128));
    assert!(!agree(&deep, &mapping));
}

#[test]
fn both_ways_agree_on_whatever_comes() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 16) as usize % below
    };
    let parts = [
        "{",
        "}",
        ",",
        ":",
        "\"",
        "\"",
        "\\",
        "\\n",
        "\\u00e9",
        "\\ud83d",
        "\\ude00",
        "\"text\":",
        "\"id\":",
        "\"n\":",
        "\"x\":",
        "[",
        "]",
        "null",
        "true",
        "12",
        "-0",
        "1.5",
        " ",
        "\t",
        "\n",
        "é",
        "中",
        "😀",
        "\u{1}",
        "a plain word",
    ];
    let filler = "f\\n".repeat(24);
    let mapping = mapping(&["n", "x"]);
    let mut taken = 0;
    for _ in 0..20_000 {
        let mut text = String::from("{\"id\":\"");
        for _ in 0..next(12) {
            text.push_str(parts[next(parts.len())]);
            text.push_str(&filler[..next(70) * usize::from(next(3) == 0)]);
        }
        text.push_str(["", "\"", "\"}", "\",\"text\":\"a\"}"][next(4)]);
        taken += usize::from(agree(&text, &mapping));
    }
    assert!(taken > 1_000, "{taken}");
}

#[test]
fn very_many_values_that_are_stepped_over_take_their_time_once() {
    let values: Vec<_> = (0..200_000)
        .map(|number| format!("\"k{number}\":[{number}]"))
        .collect();
    let text = format!("{{{},\"text\":\"a\"}}", values.join(","));
    assert!(agree(&text, &mapping(&[])));
    let open = "{\"x\":[\n".repeat(60_000);
    let lines = open.split_inclusive('\n').scan(0, |at, line| {
        *at += line.len();
        Some(*at - line.len())
    });
    let mut room = Room::default();
    for at in lines {
        assert!(record(Level::detect(), &open[at..], true, &mapping(&[]), &mut room).is_none());
    }
}
