//! pressgauge scores news archives for sanction, leverage and conflict language.
//!
//! The law of matching is `docs/SPEC.md`; comments cite its sections. The layers, each of which may use those
//! before it, are: error, span, lexicon, text, matcher, rules, engine (always there), then document, read, table,
//! write, pipeline, sink (feature `io`), then python (feature `python`).

#[cfg(feature = "io")]
pub mod document;
pub mod engine;
pub mod error;
pub mod lexicon;
#[cfg(feature = "io")]
pub mod pipeline;
#[cfg(feature = "python")]
mod python;
#[cfg(feature = "io")]
pub mod read;
#[cfg(feature = "io")]
pub mod sink;
pub mod span;
#[cfg(feature = "io")]
pub mod table;
pub mod text;
#[cfg(feature = "io")]
pub mod write;
