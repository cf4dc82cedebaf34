//! A look at inputs before a run: how they are packed, which format and fields they have, and their first documents.

use super::batch::Batch;
use super::columns::Loss;
use super::feed::Feed;
use super::findings::{Damage, Told};
use super::flat::Room;
use super::parse::{Parser, Place, Visitor};
use super::stream::Watch;
use super::walk::Inputs;
use super::{Repairs, Settings};
use crate::document::{Code, Document, Reject};
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64};

/// What a look at some inputs shows.
#[derive(Debug, Default)]
pub struct Inspection {
    /// What there is to tell about the files.
    pub told: Told,
    /// How many documents there are in what was looked at.
    pub documents: u64,
    /// How many more the filter would leave out.
    pub filtered: u64,
    /// How many bytes of records that was.
    pub bytes: u64,
    /// Whether that was all.
    pub whole: bool,
    /// Records that are no documents, by reason.
    pub rejects: BTreeMap<Code, u64>,
    /// The first of them.
    pub first_reject: Option<Reject>,
    /// The first documents.
    pub samples: Vec<Sample>,
    /// What was put right, or left out.
    pub repairs: Repairs,
    /// Why a run over these inputs would end at once.
    pub error: Option<Error>,
}

/// A document as it would be scored, its text cut short.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sample {
    /// The file.
    pub path: String,
    /// The member of an archive.
    pub member: Option<String>,
    /// The record's number.
    pub record: i64,
    /// What its fields hold, as far as they hold something.
    pub fields: Vec<(&'static str, String)>,
}

/// How much of a field is shown.
const SHOWN: usize = 400;

/// How far to look.
#[derive(Debug, Clone, Copy)]
pub struct Reach {
    /// After so many bytes of records the look ends.
    pub bytes: u64,
    /// So many documents are shown.
    pub samples: usize,
}

/// Looks at the inputs as a run with these settings would read them, as far as `reach`.
pub fn inspect(inputs: &Inputs, settings: &Settings, reach: Reach, stop: &AtomicBool) -> Result<Inspection> {
    let parser = Parser::new(settings)?;
    let count = AtomicU64::new(0);
    let mut feed = Feed::new(inputs, settings, Watch::new(&count, stop));
    let (mut seen, mut batch) = (Inspection::default(), Batch::default());
    while seen.bytes < reach.bytes {
        if let Err(error) = feed.fill(&mut batch) {
            seen.error = Some(error);
            break;
        }
        seen.told.add(std::mem::take(&mut batch.told));
        if batch.is_empty() {
            seen.whole = true;
            break;
        }
        seen.bytes += batch.filled as u64;
        let mut repairs = Repairs::default();
        let mut look = Look {
            parser: &parser,
            seen: &mut seen,
            samples: reach.samples,
        };
        parser.parse(&batch, &mut Room::default(), &mut repairs, &mut look);
        seen.repairs.add(&repairs);
    }
    seen.told.add(feed.finish());
    seen.repairs.add(&seen.told.repairs);
    Ok(seen)
}

struct Look<'a> {
    parser: &'a Parser,
    seen: &'a mut Inspection,
    samples: usize,
}

impl Visitor for Look<'_> {
    fn document(&mut self, document: &Document<'_>, _: &Place<'_>) {
        if !self.parser.keeps(document) {
            self.seen.filtered += 1;
            return;
        }
        self.seen.documents += 1;
        if self.seen.samples.len() < self.samples {
            self.seen.samples.push(sample(document));
        }
    }

    fn reject(&mut self, reject: Reject) {
        *self.seen.rejects.entry(reject.code).or_default() += 1;
        self.seen.first_reject.get_or_insert(reject);
    }

    fn lost(&mut self, loss: Loss) {
        let reason = format!("rows {} to {} are lost: {}", loss.first, loss.last, loss.reason);
        let origin = loss.origin;
        self.seen.told.damaged.push(Damage { origin, reason });
    }
}

fn sample(document: &Document<'_>) -> Sample {
    let fields = [
        ("text", document.text.as_deref()),
        ("title", document.title.as_deref()),
        ("id", document.id.as_deref()),
        ("url", document.url.as_deref()),
        ("source", document.source.as_deref()),
        ("language", document.language.as_deref()),
        ("date", document.date.as_deref()),
        ("date_kind", document.date_kind),
        ("date_precision", document.date_precision),
    ];
    let held = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    Sample {
        path: document.path.to_owned(),
        member: document.member.map(str::to_owned),
        record: document.record,
        fields: held
            .map(|(name, value)| (name, value.chars().take(SHOWN).collect()))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_first_documents_are_shown_and_all_within_reach_counted() {
        let folder = tempfile::tempdir().unwrap();
        let line = format!("{{\"body\":\"{}\",\"id\":7,\"date\":2020}}\n", "a".repeat(600));
        fs::write(
            folder.path().join("a.jsonl"),
            format!("{}broken\n", line.repeat(9)),
        )
        .unwrap();
        let inputs = Inputs::find(&[folder.path()]).unwrap();
        let reach = Reach {
            bytes: 1 << 20,
            samples: 2,
        };
        let seen = inspect(&inputs, &Settings::default(), reach, &AtomicBool::new(false)).unwrap();
        assert_eq!((seen.documents, seen.whole, seen.samples.len()), (9, true, 2));
        assert_eq!(seen.rejects[&Code::InvalidJson], 1);
        let fields: Vec<_> = seen.samples[1]
            .fields
            .iter()
            .map(|(name, value)| (*name, value.len()))
            .collect();
        assert_eq!(
            fields,
            [
                ("text", 400),
                ("id", 1),
                ("date", 4),
                ("date_kind", 9),
                ("date_precision", 4)
            ]
        );
        let settings = Settings {
            batch_bytes: 1000,
            ..Settings::default()
        };
        let seen = inspect(
            &inputs,
            &settings,
            Reach { bytes: 1, ..reach },
            &AtomicBool::new(false),
        )
        .unwrap();
        assert!(!seen.whole && seen.documents < 9);
    }

    #[test]
    fn a_run_that_cannot_begin_says_why() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.jsonl"), "{\"story\":1}\n").unwrap();
        let inputs = Inputs::find(&[folder.path()]).unwrap();
        let reach = Reach { bytes: 1, samples: 1 };
        let seen = inspect(&inputs, &Settings::default(), reach, &AtomicBool::new(false)).unwrap();
        assert!(seen.error.unwrap().message.contains("only: story"));
    }
}
