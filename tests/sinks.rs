//! A run into the tables that people get: scores, evidence and rejects of one pass, with a fault of our own in it.
#![cfg(feature = "io")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use arrow_schema::Metadata;
use common::Folder;
use pressgauge::document::Document;
use pressgauge::engine::{Engine, Options};
use pressgauge::lexicon::Lexicon;
use pressgauge::pipeline::{Progress, RunOptions, Summary, run};
use pressgauge::read::Inputs;
use pressgauge::sink::{EvidenceSink, RejectSink, ScoreSink, Tables};
use pressgauge::table::{Choices, ScoreTable, evidence_schema, rejects_schema};
use pressgauge::write::{Format, Output, Writer};
use std::fs;
use std::sync::Arc;

const LEXICON: &str = "[lexicon]\nname = 'l'\nversion = '1'\n[dimensions.d.categories.c]\nterms = ['war']\n";
const DOCUMENTS: usize = 2_000;
const FAULTY: i64 = 7;

fn writer(folder: &Folder, name: &str, schema: &arrow_schema::SchemaRef) -> Box<dyn Writer> {
    let output = Output::create(&folder.file(name), false).unwrap();
    Format::Jsonl.writer(output, schema.clone()).unwrap()
}

fn tables(folder: &Folder, lexicon: &Arc<Lexicon>) -> Tables {
    let table = ScoreTable::new(lexicon, &Choices::default(), Metadata::new()).unwrap();
    let (evidence, rejects) = (evidence_schema(Metadata::new()), rejects_schema(Metadata::new()));
    let scores = writer(folder, "scores", table.schema());
    let (hits, refused) = (
        writer(folder, "hits", &evidence),
        writer(folder, "rejects", &rejects),
    );
    Tables {
        scores: Some(ScoreSink::new(table, scores)),
        evidence: Some(EvidenceSink::new(Arc::clone(lexicon), evidence, false, hits)),
        rejects: Some(RejectSink::new(rejects, refused)),
        stop_at_reject: false,
    }
}

fn run_into(folder: &Folder, options: &RunOptions) -> Summary {
    let lines: String = (1..=DOCUMENTS)
        .map(|n| format!("{{\"id\":\"{n}\",\"text\":\"War {n}.\"}}\n"))
        .collect();
    fs::write(folder.file("in.jsonl"), lines).unwrap();
    let lexicon = Arc::new(Lexicon::parse(LEXICON, None).unwrap());
    let engine = Engine::new(Arc::clone(&lexicon), Options::default()).unwrap();
    let inputs = Inputs::find(&[folder.file("in.jsonl")]).unwrap();
    let mut tables = tables(folder, &lexicon);
    let summary = run(&engine, &inputs, options, &Progress::new(1), &mut tables).unwrap();
    tables.finish().unwrap();
    summary
}

fn lines(folder: &Folder, name: &str) -> Vec<String> {
    let text = fs::read_to_string(folder.file(name)).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_panic_costs_one_row_of_each_table_and_nothing_else() {
    for threads in [1, 4] {
        let (whole, broken) = (Folder::new("sinks-whole"), Folder::new("sinks-broken"));
        let probe = |document: &Document<'_>| assert!(document.record != FAULTY, "on purpose");
        let mut options = RunOptions {
            threads,
            ..RunOptions::default()
        };
        options.read.batch_bytes = 4_096;
        run_into(&whole, &options);
        options.probe = Some(probe);
        let summary = run_into(&broken, &options);
        assert_eq!(summary.counts.documents(), DOCUMENTS as u64);
        assert_eq!(
            (summary.counts.scored, summary.counts.rejected()),
            (DOCUMENTS as u64 - 1, 1)
        );
        for name in ["scores", "hits"] {
            let mut expected = lines(&whole, name);
            assert_eq!(expected.len(), DOCUMENTS);
            expected.remove(FAULTY as usize - 1);
            assert_eq!(lines(&broken, name), expected, "{name}");
        }
        let rejects = lines(&broken, "rejects");
        assert_eq!(rejects.len(), 1);
        assert!(rejects[0].contains("\"code\":\"panic\"") && rejects[0].contains("\"record\":7,"));
    }
}
