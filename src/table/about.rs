//! What every output says about itself (SPEC 11): the program, the lexicon, the options. No clock, no host, and
//! nothing that changes no byte of the rows, such as the number of threads.

use crate::engine::{Engine, Overlap};
use crate::text::class::UNICODE_VERSION;
use arrow_schema::Metadata;
use serde_json::{Map, Value, json};

/// This program's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The metadata of a table made by this engine; `options` are those of the run, beside the engine's own.
pub fn about(engine: &Engine, mut options: Map<String, Value>) -> Metadata {
    let (lexicon, chosen) = (engine.lexicon(), engine.options());
    options.insert("overlap".into(), json!(overlap_name(chosen.overlap)));
    options.insert(
        "newline".into(),
        json!(chosen.newline.unwrap_or(lexicon.newline).name()),
    );
    options.insert("drop".into(), json!(chosen.drop));
    Metadata::new()
        .with("pressgauge.version", VERSION)
        .with("pressgauge.unicode", UNICODE_VERSION)
        .with("pressgauge.lexicon", lexicon.name.as_str())
        .with("pressgauge.lexicon_version", lexicon.version.as_str())
        .with("pressgauge.lexicon_sha256", lexicon.sha256.as_str())
        .with("pressgauge.options", Value::Object(options).to_string())
}

fn overlap_name(overlap: Overlap) -> &'static str {
    match overlap {
        Overlap::Dimension => "dimension",
        Overlap::Category => "category",
        Overlap::None => "none",
    }
}
