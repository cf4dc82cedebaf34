//! The tables as files: what is written is read back, and the same rows give the same bytes.
#![cfg(feature = "io")]
#![allow(clippy::unwrap_used)]

mod common;

use common::Folder;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{Metadata, SchemaRef};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use pressgauge::document::Document;
use pressgauge::engine::{Engine, Evidence, Options, Scores, Status, Tally};
use pressgauge::error::Result;
use pressgauge::lexicon::Lexicon;
use pressgauge::span::Span;
use pressgauge::table::{Choices, EvidenceRows, Keep, ScoreTable, about, evidence_schema};
use pressgauge::write::{Format, Output};
use std::fs::{self, File};
use std::sync::Arc;

const LEXICON: &str = r#"
[lexicon]
name = "small"
version = "1.2.3"

[dimensions.sanction.categories.trade]
terms = ["embargo*", { pattern = "=US", weight = 0.1 }]

[dimensions.sanction.categories.travel]
terms = [{ pattern = "visa ban*", weight = 2 }]

[dimensions.conflict.categories.war]
terms = ["war"]
"#;

fn lexicon() -> Arc<Lexicon> {
    Arc::new(Lexicon::parse(LEXICON, None).unwrap())
}

fn description() -> Metadata {
    about(
        &Engine::new(lexicon(), Options::default()).unwrap(),
        serde_json::Map::new(),
    )
}

fn all_choices() -> Choices {
    Choices {
        files: true,
        categories: true,
        tags: true,
        text_hash: true,
        keep: vec![Keep::Title, Keep::Url],
    }
}

fn tally(hits: u64, weight: f64) -> Tally {
    Tally {
        hits,
        distinct: hits.min(1),
        weight,
    }
}

fn scores(tokens: u64) -> Scores {
    Scores {
        tags: Vec::new(),
        tokens,
        dimensions: vec![tally(2, 0.1 + 0.2), tally(0, 0.0)],
        categories: vec![tally(1, 0.1), tally(1, 0.2), tally(0, 0.0)],
        text_hash: Some("00ff".repeat(8)),
    }
}

fn document(record: i64, title: &str) -> Document<'_> {
    Document {
        path: "a.jsonl",
        record,
        date: Some("2024-05".into()),
        date_kind: Some("published"),
        date_precision: Some("month"),
        title: Some(title.into()),
        text: Some("text".into()),
        ..Document::default()
    }
}

fn score_table() -> ScoreTable {
    ScoreTable::new(&lexicon(), &all_choices(), description()).unwrap()
}

/// The documents as batches, each with so many rows as `cuts` says in turn.
fn batches(table: &ScoreTable, titles: &[String], cuts: &[usize]) -> Vec<RecordBatch> {
    let mut rows = table.rows();
    let mut made = Vec::new();
    let mut sizes = cuts.iter().cycle();
    let mut left = *sizes.next().unwrap();
    for (i, title) in titles.iter().enumerate() {
        rows.push(&document(i as i64 + 1, title), Some(&scores(i as u64 % 7)));
        left -= 1;
        if left == 0 {
            made.push(rows.finish().unwrap());
            left = *sizes.next().unwrap();
        }
    }
    made.push(rows.finish().unwrap());
    made
}

fn write(format: Format, path: &str, schema: &SchemaRef, batches: &[RecordBatch]) -> Result<()> {
    let mut writer = format.writer(Output::create(path, false)?, schema.clone())?;
    batches.iter().try_for_each(|batch| writer.write(batch))?;
    Output::commit(vec![writer.finish()?])
}

fn read_parquet(path: &str) -> (SchemaRef, Vec<RecordBatch>) {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let schema = reader.schema().clone();
    (
        schema,
        reader.build().unwrap().map(|batch| batch.unwrap()).collect(),
    )
}

fn three_rows() -> (ScoreTable, RecordBatch) {
    let table = score_table();
    let mut rows = table.rows();
    let own = Document {
        id: Some("own".into()),
        ..document(1, "=cmd()")
    };
    let inside = Document {
        member: Some("b/c.txt"),
        text: None,
        ..document(2, "a, \"b\"\nc")
    };
    rows.push(&own, Some(&scores(3)));
    rows.push(&inside, None);
    rows.push(&document(3, "\u{5236}\u{88c1}"), Some(&scores(0)));
    let batch = rows.finish().unwrap();
    (table, batch)
}

#[test]
fn columns_are_those_of_the_interface() {
    let names: Vec<String> = score_table()
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let expected = "path member record id date date_kind date_precision source language title url tokens \
        sanction_hits sanction_distinct sanction_weight sanction_rate sanction_cat_trade_hits \
        sanction_cat_trade_weight sanction_cat_travel_hits sanction_cat_travel_weight conflict_hits \
        conflict_distinct conflict_weight conflict_rate conflict_cat_war_hits conflict_cat_war_weight text_hash";
    assert_eq!(names.join(" "), expected);
    let bare = ScoreTable::new(&lexicon(), &Choices::default(), Metadata::new()).unwrap();
    assert_eq!(bare.schema().field(0).name(), "id");
    assert_eq!(bare.schema().fields().len(), 7 + 2 * 4);
}

#[test]
fn parquet_reads_back() {
    let folder = Folder::new("parquet");
    let (table, batch) = three_rows();
    let path = folder.file("a.parquet");
    write(
        Format::Parquet,
        &path,
        table.schema(),
        std::slice::from_ref(&batch),
    )
    .unwrap();
    let (schema, read) = read_parquet(&path);
    assert_eq!(read[0].columns(), batch.columns());
    assert_eq!(schema.metadata()["pressgauge.lexicon_version"], "1.2.3");
    let options = "{\"drop\":[],\"newline\":\"auto\",\"overlap\":\"dimension\"}";
    assert_eq!(schema.metadata()["pressgauge.options"], options);
    let id = read[0]["id"].as_string::<i32>();
    assert_eq!(
        [id.value(0), id.value(1), id.value(2)],
        ["own", "a.jsonl!b/c.txt#2", "a.jsonl#3"]
    );
    let tokens = read[0]["tokens"].as_primitive::<Int64Type>();
    assert!(tokens.value(0) == 3 && tokens.is_null(1) && tokens.value(2) == 0);
    let rate = read[0]["sanction_rate"].as_primitive::<Float64Type>();
    assert!(rate.value(0) == 1000.0 * (0.1 + 0.2) / 3.0 && rate.is_null(1) && rate.is_null(2));
}

#[test]
fn csv_is_quoted_and_defused() {
    let folder = Folder::new("csv");
    let (table, batch) = three_rows();
    let path = folder.file("a.csv");
    write(Format::Csv, &path, table.schema(), &[batch]).unwrap();
    let written = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = written.split_inclusive('\n').collect();
    assert!(lines[0].starts_with("path,member,record,id,") && lines[0].ends_with(",text_hash\n"));
    let hash = "00ff".repeat(8);
    let first = "a.jsonl,,1,own,2024-05,published,month,,,'=cmd(),,3,2,1,0.30000000000000004,100.00000000000001,\
        1,0.1,1,0.2,0,0,0.0,0.0,0,0.0,";
    assert_eq!(lines[1], format!("{first}{hash}\n"));
    assert_eq!(
        lines[2..4].concat(),
        format!(
            "a.jsonl,b/c.txt,2,a.jsonl!b/c.txt#2,2024-05,published,month,,,\"a, \"\"b\"\"\nc\",{}\n",
            ",".repeat(16)
        )
    );
    let mut reader = csv::Reader::from_path(&path).unwrap();
    assert_eq!(
        reader
            .records()
            .map(|record| record.unwrap().len())
            .collect::<Vec<_>>(),
        [27, 27, 27]
    );
}

#[test]
fn jsonl_holds_every_key() {
    let folder = Folder::new("jsonl");
    let (table, batch) = three_rows();
    let path = folder.file("a.jsonl");
    write(Format::Jsonl, &path, table.schema(), &[batch]).unwrap();
    let written = fs::read_to_string(&path).unwrap();
    let rows: Vec<serde_json::Value> = written
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row.as_object().unwrap().len() == 27));
    assert_eq!(rows[0]["title"], "=cmd()");
    assert_eq!(rows[0]["sanction_weight"], 0.1 + 0.2);
    assert!(rows[1]["tokens"].is_null() && rows[1]["member"] == "b/c.txt");
}

#[test]
fn evidence_shows_the_match_and_its_surroundings() {
    let schema = evidence_schema(description());
    let mut rows = EvidenceRows::new(lexicon(), schema.clone());
    let text = "Caf\u{e9} said:\nUS visa bans work.";
    let evidence = Evidence {
        tags: 0,
        dimension: 0,
        category: 1,
        term: 0,
        status: Status::Hit,
        chars: Span::new(14, 23),
        bytes: Span::new(15, 24),
        sentence: Span::new(0, 28),
        sentence_bytes: Span::new(0, 29),
    };
    let found = Document {
        text: Some(text.into()),
        ..document(1, "")
    };
    rows.push(&found, &[evidence]);
    rows.push(
        &Document {
            text: None,
            ..document(2, "")
        },
        &[],
    );
    let batch = rows.finish().unwrap();
    assert_eq!(batch.num_rows(), 1);
    let text_of = |name: &str| batch[name].as_string::<i32>().value(0).to_owned();
    assert_eq!(text_of("surface"), "visa bans");
    assert_eq!(
        (text_of("left"), text_of("right")),
        ("Caf\u{e9} said: US ".into(), " work.".into())
    );
    assert_eq!(
        (text_of("term"), text_of("status")),
        ("visa ban*".into(), "hit".into())
    );
    assert_eq!(batch["weight"].as_primitive::<Float64Type>().value(0), 2.0);
    assert_eq!(batch["byte_start"].as_primitive::<Int64Type>().value(0), 15);
    assert!(batch["tags"].as_list::<i32>().value(0).is_empty());
    let folder = Folder::new("evidence");
    for (format, name) in [
        (Format::Csv, "e.csv"),
        (Format::Jsonl, "e.jsonl"),
        (Format::Parquet, "e.parquet"),
    ] {
        write(format, &folder.file(name), &schema, std::slice::from_ref(&batch)).unwrap();
    }
    assert!(
        fs::read_to_string(folder.file("e.jsonl"))
            .unwrap()
            .contains("\"tags\":[],\"weight\":2.0")
    );
    assert_eq!(
        read_parquet(&folder.file("e.parquet")).1[0].columns(),
        batch.columns()
    );
}

/// Titles of many sizes, so that chunks end by rows here and by bytes there.
fn many_titles() -> Vec<String> {
    let long = |i: usize| {
        if (2_000..2_300).contains(&i) {
            40_000
        } else {
            i % 50
        }
    };
    (0..30_000)
        .map(|i| format!("{i} {}", "t".repeat(long(i))))
        .collect()
}

#[test]
fn the_same_rows_are_the_same_bytes_however_they_are_cut() {
    let folder = Folder::new("cuts");
    let table = score_table();
    let titles = many_titles();
    for (name, format) in [
        ("parquet", Format::Parquet),
        ("csv", Format::Csv),
        ("jsonl", Format::Jsonl),
    ] {
        let [one, two, three] = [1, 2, 3].map(|i| folder.file(&format!("{i}.{name}")));
        write(
            format,
            &one,
            table.schema(),
            &batches(&table, &titles, &[usize::MAX]),
        )
        .unwrap();
        write(
            format,
            &two,
            table.schema(),
            &batches(&table, &titles, &[1, 700, 13, 9_000]),
        )
        .unwrap();
        write(format, &three, table.schema(), &batches(&table, &titles, &[97])).unwrap();
        let bytes = fs::read(&one).unwrap();
        assert!(
            bytes == fs::read(&two).unwrap() && bytes == fs::read(&three).unwrap(),
            "{name}"
        );
    }
    let (_, read) = read_parquet(&folder.file("1.parquet"));
    assert_eq!(
        read.iter().map(RecordBatch::num_rows).sum::<usize>(),
        titles.len()
    );
}

#[test]
fn row_groups_are_bounded() {
    let folder = Folder::new("groups");
    let table = score_table();
    let titles: Vec<String> = (0..530_000).map(|i| i.to_string()).collect();
    let path = folder.file("a.parquet");
    write(
        Format::Parquet,
        &path,
        table.schema(),
        &batches(&table, &titles, &[1_000]),
    )
    .unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).unwrap()).unwrap();
    let groups: Vec<i64> = reader
        .metadata()
        .row_groups()
        .iter()
        .map(|group| group.num_rows())
        .collect();
    assert_eq!(groups, [524_288, 530_000 - 524_288]);
    assert!(reader.metadata().row_group(0).column(11).statistics().is_some());
}

#[test]
fn tables_without_rows_are_written() {
    let folder = Folder::new("empty");
    let table = score_table();
    for (name, format) in [
        ("parquet", Format::Parquet),
        ("csv", Format::Csv),
        ("jsonl", Format::Jsonl),
    ] {
        write(format, &folder.file(name), table.schema(), &[]).unwrap();
    }
    assert_eq!(read_parquet(&folder.file("parquet")).0.fields().len(), 27);
    assert!(
        fs::read_to_string(folder.file("csv"))
            .unwrap()
            .ends_with(",text_hash\n")
    );
    assert_eq!(fs::read(folder.file("jsonl")).unwrap(), b"");
}
