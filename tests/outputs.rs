//! Outputs: a file comes into being all at once or not at all, and nothing half-written is ever left behind.
#![cfg(feature = "io")]
#![allow(clippy::unwrap_used)]

mod common;

use arrow_schema::Metadata;
use common::Folder;
use pressgauge::document::{Code, Reject};
use pressgauge::error::Kind;
use pressgauge::table::{RejectRows, rejects_schema};
use pressgauge::write::{Format, Output};
use std::fs;
use std::path::Path;

fn names(folder: &Folder) -> Vec<String> {
    let entries = fs::read_dir(&folder.0).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn what_is_not_committed_leaves_nothing() {
    let folder = Folder::new("dropped");
    let path = folder.file("a.parquet");
    let writer = Format::Parquet
        .writer(
            Output::create(&path, false).unwrap(),
            rejects_schema(Metadata::new()),
        )
        .unwrap();
    assert_eq!(names(&folder).len(), 1);
    assert!(!Path::new(&path).exists());
    drop(writer);
    assert_eq!(names(&folder), [""; 0]);
}

#[test]
fn a_file_is_replaced_only_when_asked() {
    let folder = Folder::new("replace");
    let path = folder.file("a.csv");
    fs::write(&path, "old").unwrap();
    let error = Output::create(&path, false).unwrap_err();
    assert_eq!((error.kind, error.path), (Kind::Option, Some(path.clone())));
    let mut output = Output::create(&path, true).unwrap();
    output.put(b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"old");
    Output::commit(vec![output]).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(names(&folder), ["a.csv"]);
}

#[test]
fn a_file_made_meanwhile_is_not_replaced() {
    let folder = Folder::new("meanwhile");
    let (path, other) = (folder.file("a.csv"), folder.file("b.csv"));
    let outputs = vec![
        Output::create(&other, false).unwrap(),
        Output::create(&path, false).unwrap(),
    ];
    fs::write(&path, "theirs").unwrap();
    assert_eq!(Output::commit(outputs).unwrap_err().kind, Kind::Option);
    assert_eq!(fs::read(&path).unwrap(), b"theirs");
    assert_eq!(names(&folder), ["a.csv"], "all of the outputs, or none");
}

#[test]
fn folders_and_missing_folders_are_named() {
    let folder = Folder::new("folders");
    let error = Output::create(folder.0.to_str().unwrap(), true).unwrap_err();
    assert_eq!(error.kind, Kind::Option);
    let error = Output::create(&folder.file("no/a.csv"), false).unwrap_err();
    assert_eq!((error.kind, error.errno), (Kind::Output, Some(2)));
    assert!(error.hint.is_some());
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let folder = Folder::new("link");
    let (path, link) = (folder.file("a.csv"), folder.file("link.csv"));
    fs::write(&path, "old").unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let mut output = Output::create(&link, true).unwrap();
    output.put(b"new").unwrap();
    Output::commit(vec![output]).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(&path).unwrap(), b"new");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_an_output_error() {
    let schema = rejects_schema(Metadata::new());
    let mut rows = RejectRows::new(schema.clone());
    rows.push(&Reject {
        path: "a.jsonl".into(),
        member: None,
        record: 1,
        line: 1,
        offset: 0,
        code: Code::InvalidJson,
        reason: "the line is not JSON".into(),
        excerpt: "{".into(),
    });
    let batch = rows.finish().unwrap();
    for format in [Format::Parquet, Format::Csv, Format::Jsonl] {
        let output = Output::create("/dev/full", false).unwrap();
        let mut writer = format.writer(output, schema.clone()).unwrap();
        let written = writer.write(&batch).and_then(|()| writer.finish());
        let error = written.unwrap_err();
        assert_eq!(
            (error.kind, error.errno),
            (Kind::Output, Some(28)),
            "{format:?}: {error}"
        );
        assert_eq!(error.path.as_deref(), Some("/dev/full"));
    }
}
