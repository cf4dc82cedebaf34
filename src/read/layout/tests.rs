//! Tests of the look at a file's beginning.

use super::*;

fn looked(name: &str, bytes: &[u8], settings: &Settings) -> Result<Verdict> {
    look(
        &mut Stream::new(Box::new(std::io::Cursor::new(bytes.to_vec()))),
        name,
        settings,
    )
}

fn opened(name: &str, bytes: &[u8], settings: &Settings) -> Opening {
    match looked(name, bytes, settings) {
        Ok(Verdict::Read(opening)) => *opening,
        other => panic!("{other:?}"),
    }
}

fn text_field(name: &str) -> Settings {
    let fields = Overrides {
        text: Some(name.to_owned()),
        ..Overrides::default()
    };
    Settings {
        fields,
        ..Settings::default()
    }
}

fn told(opening: &Opening) -> Vec<(&'static str, Vec<String>)> {
    opening.layout.mapping().map(Mapping::told).unwrap_or_default()
}

#[test]
fn the_first_records_decide() {
    let mut lines = b"broken\n{\"body\":1}\n".to_vec();
    lines.extend(b"{\"Maintext\":null,\"id\":1}\n".repeat(1500));
    lines.extend(b"{\"title\":1}\n");
    let opening = opened(
        "a",
        &[b"\xef\xbb\xbf{}\n", &lines[..]].concat(),
        &Settings::default(),
    );
    assert!(opening.bom && opening.skipped == 3);
    let expected = vec![
        ("text", vec!["Maintext".to_owned(), "body".to_owned()]),
        ("id", vec!["id".to_owned()]),
    ];
    assert_eq!(told(&opening), expected);
}

#[test]
fn no_text_field_is_an_error_that_lists_the_keys() {
    let bytes = b"{\"headline\":\"a\",\"meta\":{\"body\":\"b\"}}\n{\"x\\u001b\":1}\n";
    let error = looked("a.jsonl", bytes, &Settings::default()).unwrap_err();
    assert_eq!(
        error.message,
        "the first 2 records have no text field, only: headline, meta, x\\u{1b}, meta.body"
    );
    assert_eq!((error.kind, error.hint.is_some()), (Kind::Input, true));
    let error = looked("a.jsonl", b"{\"text\":\"a\"}", &text_field("story")).unwrap_err();
    assert_eq!(error.message, "the only record has no field `story`, only: text");
    let error = looked("a.csv", b"id,story\n", &Settings::default()).unwrap_err();
    assert_eq!(error.message, "the header has no text field, only: id, story");
    assert_eq!(
        told(&opened("a", bytes, &text_field("meta.body")))[0].1,
        ["meta.body"]
    );
}

#[test]
fn headers_are_left_out() {
    let opening = opened("a.csv", b"\n\r\nid;Text\r\n1;a\r\n", &Settings::default());
    assert_eq!((opening.skipped, opening.lines), (11, 2));
    assert_eq!(told(&opening)[0].1, ["Text"]);
    assert!(matches!(
        looked("a.csv", b"\n\n", &Settings::default()),
        Ok(Verdict::Empty)
    ));
    let endless = [b"id,\"".to_vec(), vec![b'a'; 2 << 20]].concat();
    assert!(matches!(
        looked("a.csv", &endless, &Settings::default()),
        Ok(Verdict::Refused(_))
    ));
}

#[test]
fn choices_that_are_not_there_are_told() {
    let fields = Overrides {
        date: Some("when".to_owned()),
        id: Some("ID".to_owned()),
        ..Overrides::default()
    };
    let settings = Settings {
        fields,
        ..Settings::default()
    };
    for (name, bytes) in [
        ("a", &b"{\"text\":\"a\",\"id\":1}\n"[..]),
        ("a.csv", b"id,text\n1,a\n"),
    ] {
        let opening = opened(name, bytes, &settings);
        assert_eq!(opening.warnings.len(), 1);
        assert!(opening.warnings[0].starts_with("no field `when` for the date, only: "));
        let fields: Vec<_> = told(&opening).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["text", "id"]);
    }
}

#[test]
fn nothing_and_foreign_files() {
    assert!(matches!(
        looked("a", b"\xef\xbb\xbf", &Settings::default()),
        Ok(Verdict::Empty)
    ));
    match looked("a", b"\x89PNG", &Settings::default()) {
        Ok(Verdict::Refused(reason)) => assert_eq!(reason, "it is an image, which is not read"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn other_encodings_are_told_by_their_mark_or_by_the_caller() {
    let utf16: Vec<u8> = "\u{feff}{\"text\":\"é\"}"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    let opening = opened("a", &utf16, &Settings::default());
    assert!(opening.recoded && !opening.blind);
    let settings = |name: &str| Settings {
        encoding: Some(name.to_owned()),
        ..Settings::default()
    };
    let opening = opened("a.csv", b"id,text,\xe9t\xe9\n1,a,b\n", &settings("latin1"));
    match opening.layout {
        Layout::Csv(table) => assert_eq!(table.header[2], "\u{e9}t\u{e9}"),
        other => panic!("{other:?}"),
    }
    let error = looked("a", b"x", &settings("klingon")).unwrap_err();
    assert_eq!((error.kind, error.hint.is_some()), (Kind::Option, true));
}

#[test]
fn archives_and_newswire_have_known_fields() {
    let warc = opened("a", b"WARC/1.0\r\n", &Settings::default());
    let fields: Vec<_> = told(&warc)
        .into_iter()
        .map(|(field, keys)| (field, keys.join("|")))
        .collect();
    assert_eq!(fields[0], ("text", "visible text of HTML|plain text".to_owned()));
    assert_eq!(fields[4], ("crawl date", "WARC-Date".to_owned()));
    let error = looked("a", b"WARC/1.0\r\n", &text_field("body")).unwrap_err();
    assert!(
        error.message.contains("no field `body`, only: WARC-Record-ID"),
        "{error}"
    );
    let bytes = b"<DOC id=\"AFP_ENG_20100131.0001\" type=\"story\">\n<HEADLINE>\nA\n</HEADLINE>\n<TEXT>\nB\n</TEXT>\n</DOC>\n";
    let sgml = opened("a", bytes, &Settings::default());
    let fields: Vec<_> = told(&sgml)
        .into_iter()
        .map(|(field, keys)| format!("{field}={}", keys.join("|")))
        .collect();
    assert_eq!(
        fields,
        ["text=text", "title=headline", "id=id", "date=date in the id"]
    );
    let error = looked("a", b"<DOC id=\"1\"><X>a</X></DOC>", &Settings::default()).unwrap_err();
    assert_eq!(
        error.message,
        "the first documents have no text field, only: id, x"
    );
}
