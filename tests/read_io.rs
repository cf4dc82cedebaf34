//! Runs over real files, through the public face of the crate: what goes in comes out, in order, whatever the threads,
//! the packing and the faults.
#![cfg(feature = "io")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use pressgauge::document::{Code, Document, Reject};
use pressgauge::engine::{Engine, Options, Scratch};
use pressgauge::error::{Error, Kind, Result};
use pressgauge::lexicon::{Lexicon, Newline};
use pressgauge::pipeline::{Progress, RunOptions, Sink, SinkWorker, Summary, run};
use pressgauge::read::{Format, Inputs, Overrides, Settings};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Keeps every row and every reject as a line.
#[derive(Default)]
struct Lines {
    rows: Vec<String>,
    rejects: Vec<Reject>,
    fail_after: Option<usize>,
}

struct LinesWorker(Vec<String>);

impl Sink for Lines {
    type Worker = LinesWorker;

    fn worker(&self) -> LinesWorker {
        LinesWorker(Vec::new())
    }

    fn write(&mut self, part: Vec<String>) -> Result<()> {
        self.rows.extend(part);
        match self.fail_after {
            Some(rows) if self.rows.len() > rows => Err(Error::new(Kind::Output, "the disk is full")),
            _ => Ok(()),
        }
    }

    fn reject(&mut self, reject: &Reject) -> Result<()> {
        self.rejects.push(reject.clone());
        Ok(())
    }
}

impl SinkWorker for LinesWorker {
    type Part = Vec<String>;

    fn document(&mut self, document: &Document<'_>, scored: Option<&Scratch>) {
        let name = Path::new(document.path)
            .file_name()
            .unwrap_or_default()
            .to_string_lossy();
        let field = |value: &Option<std::borrow::Cow<'_, str>>| value.as_deref().unwrap_or("-").to_owned();
        let tokens = scored.map_or("null".to_owned(), |scratch| scratch.scores().tokens.to_string());
        self.0.push(format!(
            "{name}#{} {} {} {tokens} {}",
            document.record,
            field(&document.id),
            field(&document.date),
            field(&document.text)
        ));
    }

    fn finish_batch(&mut self) -> Result<Vec<String>> {
        Ok(std::mem::take(&mut self.0))
    }
}

fn engine() -> Engine {
    let lexicon = Lexicon {
        name: "empty".to_owned(),
        version: "1".to_owned(),
        language: None,
        description: None,
        newline: Newline::Auto,
        bound_prefixes: Vec::new(),
        written_prefixes: Vec::new(),
        macros: Vec::new(),
        dimensions: Vec::new(),
        modifiers: Vec::new(),
        sha256: String::new(),
    };
    Engine::new(Arc::new(lexicon), Options::default()).unwrap()
}

fn options(threads: usize) -> RunOptions {
    RunOptions {
        threads,
        ..RunOptions::default()
    }
}

fn run_with<P: AsRef<Path>>(paths: &[P], options: &RunOptions) -> Result<(Lines, Summary)> {
    let inputs = Inputs::find(paths)?;
    let mut sink = Lines::default();
    let summary = run(&engine(), &inputs, options, &Progress::new(0), &mut sink)?;
    let counts = &summary.counts;
    assert_eq!(counts.scored as usize, sink.rows.len());
    assert_eq!(counts.rejected() as usize, sink.rejects.len());
    assert_eq!(counts.documents(), counts.scored + counts.rejected());
    Ok((sink, summary))
}

fn scored<P: AsRef<Path>>(paths: &[P]) -> (Lines, Summary) {
    run_with(paths, &options(2)).unwrap()
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

/// Articles of several lengths, with all that makes files hard: quotes, commas, line breaks, other scripts.
fn articles(count: usize) -> Vec<(String, String)> {
    let article = |n: usize| {
        let body = "The minister said \"no, never\",\nand the port closed. \u{431}\u{443}\u{440}\u{44f} "
            .repeat(n % 37);
        (format!("a{n}"), format!("{body}End of {n}."))
    };
    (0..count).map(article).collect()
}

fn jsonl(articles: &[(String, String)]) -> Vec<u8> {
    let line = |(id, text): &(String, String)| {
        format!("{}\n", serde_json::json!({"id": id, "text": text, "date": 2020}))
    };
    articles.iter().map(line).collect::<String>().into_bytes()
}

fn table(articles: &[(String, String)], delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .from_writer(Vec::new());
    writer.write_record(["id", "date", "text"]).unwrap();
    for (id, text) in articles {
        writer.write_record([id, "2020", text]).unwrap();
    }
    writer.into_inner().unwrap()
}

/// Rows without the file that they came from.
fn bare(lines: &Lines) -> Vec<&str> {
    lines
        .rows
        .iter()
        .map(|row| row.split_once(' ').unwrap().1)
        .collect()
}

#[test]
fn every_format_and_packing_gives_the_same_documents() {
    let (folder, articles) = (Folder::new(), articles(300));
    let plain = jsonl(&articles);
    let (first, last) = plain.split_at(plain.len() / 2);
    let files = [
        folder.file("a.jsonl", &plain),
        folder.file("a.jsonl.gz", gzip(&plain)),
        folder.file("no-suffix", zstd(&plain)),
        folder.file("two-members.gz", [gzip(first), gzip(last)].concat()),
        folder.file("two-frames.zst", [zstd(first), zstd(last)].concat()),
        folder.file("a.csv", table(&articles, b',')),
        folder.file("semicolons.csv.zst", zstd(&table(&articles, b';'))),
        folder.file("a.tsv", table(&articles, b'\t')),
        folder.file("sniffed", table(&articles, b'\t')),
    ];
    let (expected, _) = scored(&files[..1]);
    assert_eq!(expected.rows.len(), articles.len());
    for file in &files {
        let (lines, summary) = scored(&[file]);
        assert_eq!(bare(&lines), bare(&expected), "{file:?}");
        assert!(
            summary.damaged.is_empty() && summary.warnings.is_empty(),
            "{summary:?}"
        );
    }
}

#[test]
fn a_folder_of_texts_is_read_in_order() {
    let folder = Folder::new();
    for (n, (_, text)) in articles(200).iter().enumerate() {
        folder.file(&format!("{:02}/{n:03}.txt", n / 20), text);
    }
    folder.file("00/.hidden.txt", "no");
    let (lines, summary) = scored(&[folder.path()]);
    let expected: Vec<_> = articles(200).into_iter().map(|(_, text)| text).collect();
    assert_eq!(lines.rows.len(), 200);
    for (row, text) in lines.rows.iter().zip(&expected) {
        assert!(row.ends_with(text.as_str()));
    }
    assert_eq!(
        (summary.files, summary.mappings.len(), summary.mappings[0].files),
        (200, 1, 200)
    );
    assert_eq!(summary.mappings[0].format, Format::Text);
}

#[test]
fn threads_and_batches_do_not_change_the_output() {
    let folder = Folder::new();
    let mut broken = jsonl(&articles(400));
    broken.extend_from_slice(
        b"nonsense\n\n{\"text\":7}\n{\"text\":null,\"id\":\"n\"}\n{\"text\":\"\xff\"}\n{\"text\":\"\"}",
    );
    let files = [
        folder.file("1.jsonl", &broken),
        folder.file("2.csv.gz", gzip(&table(&articles(300), b','))),
        folder.file("3.txt", "A text of its own."),
        folder.file("4.jsonl.zst", zstd(&broken)),
    ];
    let (expected, summary) = run_with(&files, &options(1)).unwrap();
    assert_eq!(summary.counts.rejected(), 4);
    for (threads, batch_bytes) in [(1, 100), (2, 1 << 20), (4, 1 << 20), (3, 1000), (4, 77), (2, 1)] {
        let read = Settings {
            batch_bytes,
            ..Settings::default()
        };
        let (lines, other) = run_with(
            &files,
            &RunOptions {
                threads,
                read,
                ..RunOptions::default()
            },
        )
        .unwrap();
        assert_eq!(
            lines.rows, expected.rows,
            "{threads} threads, {batch_bytes} bytes"
        );
        assert_eq!(lines.rejects, expected.rejects);
        assert_eq!(other, summary);
    }
}

#[test]
fn a_panic_stays_in_its_document() {
    let folder = Folder::new();
    let file = folder.file("a.jsonl", jsonl(&articles(50)));
    let probe = |document: &Document<'_>| assert!(document.record != 7, "a fault on purpose");
    let (lines, summary) = run_with(
        &[file],
        &RunOptions {
            threads: 2,
            probe: Some(probe),
            ..RunOptions::default()
        },
    )
    .unwrap();
    assert_eq!((lines.rows.len(), summary.counts.rejects[&Code::Panic]), (49, 1));
    let reject = &lines.rejects[0];
    assert_eq!((reject.record, reject.code), (7, Code::Panic));
    assert!(reject.reason.contains("a fault on purpose"));
    assert_eq!(summary.first_rejects, lines.rejects);
}

#[test]
fn a_damaged_file_keeps_its_good_records_and_the_run_goes_on() {
    let (folder, articles) = (Folder::new(), articles(100));
    let plain = jsonl(&articles);
    let packed = gzip(&plain);
    let files = [
        folder.file("1.gz", &packed[..packed.len() / 2]),
        folder.file("2.gz", [&packed[..], b"garbage"].concat()),
        folder.file("3.zst", &zstd(&plain)[..200]),
        folder.file("4.bin", b"\x00\x01\x02"),
        folder.file("5.zip", b"PK\x03\x04rest"),
        folder.file("6.gz", b"not packed"),
        folder.file("7.jsonl", &plain),
    ];
    let (lines, summary) = scored(&files);
    let damaged: Vec<_> = summary
        .damaged
        .iter()
        .map(|damage| {
            damage
                .origin
                .path
                .chars()
                .rev()
                .nth(if damage.origin.path.ends_with("gz") { 3 } else { 4 })
                .unwrap()
        })
        .collect();
    assert_eq!(damaged, ['1', '2', '3', '4', '5', '6'], "{:?}", summary.damaged);
    let of = |name: &str| lines.rows.iter().filter(|row| row.starts_with(name)).count();
    assert!((1..100).contains(&of("1.gz")));
    assert_eq!((of("2.gz"), of("6.gz"), of("7.jsonl")), (100, 1, 100));
    assert_eq!(summary.counts.rejected(), 0);
    assert!(
        summary.damaged[0].reason.contains("cut short"),
        "{:?}",
        summary.damaged
    );
}

#[test]
fn every_cut_of_a_packed_file_is_told() {
    let (folder, plain) = (Folder::new(), jsonl(&articles(3)));
    for (name, packed) in [("a.gz", gzip(&plain)), ("a.zst", zstd(&plain))] {
        for cut in 1..packed.len() {
            let file = folder.file(name, &packed[..cut]);
            let (_, summary) = scored(&[file]);
            assert!(!summary.damaged.is_empty(), "{name} cut at {cut}");
        }
    }
}

#[test]
fn empty_files_are_a_warning() {
    let folder = Folder::new();
    let files = [
        folder.file("a.jsonl", ""),
        folder.file("b.csv", "id,text\n"),
        folder.file("c.txt", ""),
        folder.file("d.jsonl", "\n \n"),
    ];
    let (lines, summary) = scored(&files);
    assert_eq!(
        (lines.rows.len(), summary.warnings.len(), summary.files),
        (0, 4, 4)
    );
    assert!(summary.damaged.is_empty());
}

#[test]
fn very_many_files_are_read_as_few_are() {
    let folder = Folder::new();
    let files: Vec<_> = (0..200)
        .map(|number| match number % 50 {
            // Just small, just not, and empty.
            7 => folder.file(&format!("{number:03}.txt"), "x".repeat(64 << 10)),
            8 => folder.file(&format!("{number:03}.txt"), "x".repeat((64 << 10) + 1)),
            9 => folder.file(&format!("{number:03}.txt"), ""),
            _ => folder.file(&format!("{number:03}.jsonl"), jsonl(&articles(number % 3 + 1))),
        })
        .collect();
    let (together, summary) = scored(&files);
    let mut apart = Vec::new();
    for few in files.chunks(20) {
        apart.extend(scored(few).0.rows);
    }
    assert_eq!(together.rows, apart);
    assert_eq!(
        (summary.files, summary.damaged.len(), summary.warnings.len()),
        (200, 0, 4)
    );
}

#[test]
fn a_first_file_without_a_text_field_ends_the_run() {
    let folder = Folder::new();
    let mut files = [
        folder.file("a.jsonl", jsonl(&articles(9))),
        folder.file("b.jsonl", "{\"story\":\"x\"}\n"),
    ];
    let (lines, summary) = scored(&files);
    assert_eq!((lines.rows.len(), summary.damaged.len()), (9, 1));
    files.reverse();
    let error = run_with(&files, &options(2)).err().unwrap();
    assert_eq!(error.kind, Kind::Input);
    assert!(
        error
            .to_string()
            .contains("b.jsonl: the only record has no text field, only: story (name the text"),
        "{error}"
    );
    let fields = Overrides {
        text: Some("story".to_owned()),
        ..Overrides::default()
    };
    let read = Settings {
        fields,
        ..Settings::default()
    };
    let (lines, _) = run_with(
        &files[..1],
        &RunOptions {
            threads: 1,
            read,
            ..RunOptions::default()
        },
    )
    .unwrap();
    assert_eq!(lines.rows, ["b.jsonl#1 - - 1 x"]);
}

#[test]
fn records_beyond_the_limit_are_skipped_not_kept() {
    let folder = Folder::new();
    let long = "word ".repeat(13 << 20);
    let lines = format!("{{\"text\":\"a\"}}\n{{\"text\":\"{long}\"}}\n{{\"text\":\"b\"}}\n");
    let rows = format!("text,id\na,1\n\"{long}\n\",2\nb,3\n");
    let files = [
        folder.file("a.jsonl.gz", gzip(lines.as_bytes())),
        folder.file("b.csv.gz", gzip(rows.as_bytes())),
        folder.file("c.txt.gz", gzip(long.as_bytes())),
    ];
    let (lines, summary) = scored(&files);
    let rows = [
        "a.jsonl.gz#1 - - 1 a",
        "a.jsonl.gz#3 - - 1 b",
        "b.csv.gz#1 1 - 1 a",
        "b.csv.gz#3 3 - 1 b",
    ];
    assert_eq!(lines.rows, rows);
    assert_eq!(summary.counts.rejects[&Code::RecordTooLong], 3);
    let places: Vec<_> = lines
        .rejects
        .iter()
        .map(|reject| (reject.record, reject.offset))
        .collect();
    assert_eq!(places, [(2, 13), (2, 12), (1, 0)]);
    assert!(lines.rejects.iter().all(|reject| reject.excerpt.len() == 4096));
}

#[test]
fn an_unclosed_quote_is_a_reject_and_a_damaged_file() {
    let folder = Folder::new();
    let file = folder.file("a.csv", "id,text\n1,a\n2,\"b\n3,c\n4,d\n");
    let (lines, summary) = scored(&[file]);
    assert_eq!(lines.rows, ["a.csv#1 1 - 1 a"]);
    assert_eq!((lines.rejects[0].record, lines.rejects[0].line), (2, 3));
    assert!(
        lines.rejects[0].reason.contains("opens in line 3"),
        "{}",
        lines.rejects[0].reason
    );
    assert_eq!(
        summary.damaged[0].reason,
        "a quote opens in record 2 and never closes"
    );
}

#[test]
fn head_takes_the_first_records() {
    let folder = Folder::new();
    let mut lines = jsonl(&articles(4));
    lines.extend_from_slice(b"\n\n{}\n");
    lines.extend(jsonl(&articles(9)));
    let files = [
        folder.file("a.jsonl", &lines),
        folder.file("b.csv", table(&articles(9), b',')),
    ];
    for (head, rows, rejects) in [
        (0, 0, 0),
        (3, 3, 0),
        (5, 4, 1),
        (14, 13, 1),
        (16, 15, 1),
        (99, 22, 1),
    ] {
        let read = Settings {
            head: Some(head),
            ..Settings::default()
        };
        let (lines, _) = run_with(
            &files,
            &RunOptions {
                threads: 2,
                read,
                ..RunOptions::default()
            },
        )
        .unwrap();
        assert_eq!(
            (lines.rows.len(), lines.rejects.len()),
            (rows, rejects),
            "head {head}"
        );
    }
}

#[test]
fn an_error_of_the_sink_ends_the_run() {
    let folder = Folder::new();
    let file = folder.file("a.jsonl", jsonl(&articles(5000)));
    let inputs = Inputs::find(&[file]).unwrap();
    let mut sink = Lines {
        fail_after: Some(100),
        ..Lines::default()
    };
    let read = Settings {
        batch_bytes: 1000,
        ..Settings::default()
    };
    let options = RunOptions {
        threads: 2,
        read,
        ..RunOptions::default()
    };
    let error = run(&engine(), &inputs, &options, &Progress::new(0), &mut sink).unwrap_err();
    assert_eq!(
        (error.kind, error.message.as_str()),
        (Kind::Output, "the disk is full")
    );
    assert!(sink.rows.len() < 200);
}

#[test]
fn a_run_can_be_watched_and_cancelled() {
    let folder = Folder::new();
    let file = folder.file("a.jsonl", jsonl(&articles(3000)));
    let inputs = Inputs::find(&[file]).unwrap();
    let read = Settings {
        batch_bytes: 1000,
        ..Settings::default()
    };
    let slow = |_: &Document<'_>| std::thread::sleep(Duration::from_millis(3));
    let options = RunOptions {
        threads: 2,
        read,
        probe: Some(slow),
        ..RunOptions::default()
    };
    let (engine, progress, begun) = (engine(), Progress::new(0), Instant::now());
    let outcome = std::thread::scope(|scope| {
        let running = scope.spawn(|| run(&engine, &inputs, &options, &progress, &mut Lines::default()));
        while progress.documents() < 20 {
            std::thread::sleep(Duration::from_millis(1));
        }
        progress.cancel();
        running.join().unwrap()
    });
    assert_eq!(outcome.unwrap_err().kind, Kind::Interrupted);
    assert!(begun.elapsed() < Duration::from_secs(3));
    assert!(progress.documents() < 3000 && progress.bytes_read() <= inputs.bytes().unwrap());
}

#[test]
fn bad_dates_formats_and_missing_files_are_errors_before_any_work() {
    let folder = Folder::new();
    let file = folder.file("a.jsonl", "{\"text\":\"a\",\"date\":\"01/02/2020\"}\n");
    let dated = |format: &str| {
        let read = Settings {
            date_format: Some(format.to_owned()),
            ..Settings::default()
        };
        run_with(
            &[&file],
            &RunOptions {
                threads: 1,
                read,
                ..RunOptions::default()
            },
        )
    };
    assert_eq!(dated("%d/%m/%Y").unwrap().0.rows, ["a.jsonl#1 - 2020-02-01 1 a"]);
    assert_eq!(dated("%d").err().unwrap().kind, Kind::Option);
    assert_eq!(scored(&[&file]).1.repairs.dates, 1);
    assert_eq!(
        run_with(&[folder.path().join("no")], &options(1))
            .err()
            .unwrap()
            .kind,
        Kind::Input
    );
}

fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("PRESSGAUGE_SHARED").map(PathBuf::from);
    let root = root.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let path = root.join(path);
    path.exists().then_some(path)
}

#[test]
fn real_news_is_read_without_a_reject() {
    for (file, documents) in [
        ("news_en", 29_112),
        ("speeches_en", 7_267),
        ("news_multilingual", 2_214),
    ] {
        let Some(path) = shared(&format!("corpora/{file}.jsonl.zst")) else {
            return;
        };
        let (lines, summary) = scored(&[path]);
        assert_eq!(
            (lines.rows.len(), summary.counts.rejected()),
            (documents, 0),
            "{file}"
        );
        assert!(summary.damaged.is_empty() && summary.warnings.is_empty());
    }
}

#[test]
fn nasty_files_end_in_a_verdict() {
    let Some(root) = shared("nasty") else { return };
    let files = Inputs::find(&[&root]).unwrap().files;
    assert!(files.len() > 300);
    for format in [
        None,
        Some(Format::Jsonl),
        Some(Format::Csv),
        Some(Format::Tsv),
        Some(Format::Text),
    ] {
        let read = Settings {
            format,
            ..Settings::default()
        };
        let options = RunOptions {
            threads: 1,
            read,
            ..RunOptions::default()
        };
        for input in &files {
            if let Err(error) = run_with(&[&input.path], &options) {
                assert!(
                    error.kind == Kind::Input && error.message.contains("no text field"),
                    "{input:?}: {error}"
                );
            }
        }
    }
}
