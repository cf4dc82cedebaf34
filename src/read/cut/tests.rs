//! Tests of the cuts: where records end does not depend on how the bytes come.

use super::*;

fn rows(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let (mut scanner, mut at, mut rows, mut row) = (Scanner::new(b','), 0, Vec::new(), Vec::new());
    let mut start = 0;
    while let Some(end) = scanner.next(bytes, &mut at) {
        row.push(bytes[start..at - 1].to_vec());
        start = at;
        if end == End::Row {
            rows.push(std::mem::take(&mut row));
        }
    }
    rows
}

#[test]
fn rows_end_outside_quotes_only() {
    let rows = rows(b"a,\"b\n,\"\"c\"\nd\"x,e\r\"\",f\"g\"\n");
    let expected: Vec<Vec<&[u8]>> = vec![
        vec![b"a", b"\"b\n,\"\"c\""],
        vec![b"d\"x", b"e"],
        vec![b"\"\"", b"f\"g\""],
    ];
    assert_eq!(rows, expected);
}

/// The ends of the records, when `step` bytes come at a time and one record is taken at a time.
fn ends(kind: Records, bytes: &[u8], step: usize) -> Vec<usize> {
    let (mut cutter, mut start, mut come, mut ends) = (Cutter::new(kind), 0, 0, Vec::new());
    loop {
        come = bytes.len().min(come + step);
        let whole = come == bytes.len();
        let cut = cutter.scan(&bytes[start..come], 1, whole);
        if cut.end == 0 && whole {
            ends.extend(cutter.holds_record(&bytes[start..]).then_some(bytes.len()));
            return ends;
        }
        if cut.end > 0 {
            start += cut.end;
            ends.extend((cut.records > 0).then_some(start));
            come = start;
            cutter.begin();
        }
    }
}

#[test]
fn cuts_do_not_depend_on_how_the_bytes_come() {
    let values = Records::Values(values::Scanner::default());
    for (kind, bytes, records) in [
        (Records::Lines, &b"{}\n\n {}\r\n{"[..], 3),
        (
            Records::Rows(Scanner::new(b',')),
            b"id,text\r\n1,\"two\nlines, \"\"quoted\"\"\"\r\n\r\n2,bare \"quote\"\n3,\"open",
            4,
        ),
        (values, br#" [ {"a":"]},\"[{"}, 17 ,"x",[[1]], {"b":{"c":[]}},{}] "#, 6),
        (values, b"[{\"a\":\"b\n\"},{\"c\":1},{\"d\" \"e\"},{\"f\": [}]\n}", 4),
        (values, b"{\n \"a\": 1\n}\n{\n}\n{\"open\":", 3),
        (
            Records::Warc,
            b"WARC/1.0\r\nContent-Length: 3\r\nWARC-Type: conversion\r\n\r\nabc\r\n\r\nWARC/1.0\nContent-Length: 7\n\nx\r\n\r\njunk\nWARC/1.1\r\nWARC-Type: conversion\r\nContent-Length: 0\r\n\r\n",
            3,
        ),
        (
            Records::Sgml,
            b"\n<DOC id=1>\n<TEXT>a < b</TEXT>\n</DOC>\n\n<doc>x<docket></doc><DOC>\nopen\n<DOC>\n</DOC>\nafter\n",
            5,
        ),
    ] {
        let at_once = ends(kind, bytes, bytes.len());
        assert_eq!(at_once.len(), records, "{} {at_once:?}", bytes.escape_ascii());
        for step in 1..bytes.len() {
            assert_eq!(ends(kind, bytes, step), at_once, "{} by {step}", bytes.escape_ascii());
        }
    }
}

#[test]
fn what_is_never_closed_is_told() {
    let unclosed = |kind, bytes: &[u8]| {
        let mut cutter = Cutter::new(kind);
        let cut = cutter.scan(bytes, 99, true);
        cutter.unclosed(&bytes[cut.end..])
    };
    let values = || Records::Values(values::Scanner::default());
    assert_eq!(
        unclosed(Records::Rows(Scanner::new(b',')), b"1,\"a"),
        Some("a quote")
    );
    assert_eq!(unclosed(values(), b"[{},{}"), Some("the array"));
    assert_eq!(unclosed(values(), b"[{},{"), Some("the array"));
    assert_eq!(unclosed(values(), b"[{},{]]"), None);
    assert_eq!(unclosed(values(), b"[{},{}]"), None);
}

#[test]
fn a_skipped_record_ends_where_it_would_have() {
    let mut cutter = Cutter::new(Records::Rows(Scanner::new(b',')));
    assert_eq!(cutter.scan(b"1,\"long\n", 9, false).end, 0);
    assert_eq!(cutter.resync(b"2,x\n"), None);
    assert_eq!(cutter.resync(b"3\",x\n4,x\n"), Some(5));
    assert_eq!(Cutter::new(Records::Lines).resync(b"\n\n"), Some(1));
    assert_eq!(Cutter::new(Records::Whole).resync(b"\n\n"), None);
}

#[test]
fn limits_and_blank_lines() {
    let bytes = b"{}\n\n  \r\n{}\n{}\n{";
    let mut cutter = Cutter::new(Records::Lines);
    assert_eq!(
        cutter.scan(bytes, 2, false),
        Cut {
            end: 11,
            records: 2,
            lines: 4
        }
    );
    assert_eq!(
        cutter.scan(bytes, u64::MAX, false),
        Cut {
            end: 14,
            records: 3,
            lines: 5
        }
    );
    assert_eq!(
        Cutter::new(Records::Whole).scan(bytes, u64::MAX, false),
        Cut::default()
    );
}

#[test]
fn after_lost_bytes_a_record_is_known_by_its_beginning() {
    let mut rows = Cutter::new(Records::Rows(Scanner::new(b',')));
    assert_eq!(rows.rejoin(b"of a text\nwith lines\",x\n1,2,3\n", 3), Ok(24));
    assert_eq!(rows.rejoin(b"of a text\n1,2\n3,", 3), Err(14));
    assert_eq!(rows.rejoin(b"of a text", 3), Err(9));
    assert_eq!(Cutter::new(Records::Lines).rejoin(b"\"}\n{}", 0), Ok(3));
    assert_eq!(Cutter::new(Records::Warc).rejoin(b"WARC/1.0\r\n", 0), Ok(0));
    assert_eq!(Cutter::new(Records::Whole).rejoin(b"a\nb", 0), Err(3));
}

#[test]
fn a_json_object_after_lost_bytes_begins_as_the_first_did() {
    let torn = |before: &[u8]| {
        let mut cutter = Cutter::new(Records::Values(values::Scanner::default()));
        cutter.scan(before, 99, false);
        cutter.tear();
        cutter
    };
    let before = b"[{\"id\": 1}, {\"id\": 2}, {\"id\": 3, \"by";
    let after = b"\": [{\"name\": 7}, {\"name\": 8}]}, {\"id\": 4}]";
    assert_eq!(torn(before).rejoin(after, 0), Ok(32));
    for step in 6..after.len() {
        let (mut cutter, mut at) = (torn(before), 0);
        while let Err(passed) = cutter.rejoin(&after[at..after.len().min(at + step)], 0) {
            assert!(passed > 0, "by {step}");
            at += passed;
        }
        cutter.begin();
        assert_eq!(cutter.scan(&after[32..], 99, true).records, 1, "by {step}");
    }
    assert_eq!(torn(b"[{\"id\": 1").rejoin(after, 0), Err(after.len()));
}
