//! pressgauge scores news archives for sanction, leverage and conflict language.
//!
//! The law of matching is `docs/SPEC.md`; comments cite its sections. `docs/DESIGN.md` tells the layers and which may
//! use which.

#[cfg(feature = "io")]
pub mod document;
pub mod engine;
pub mod error;
pub mod lexicon;
pub mod matcher;
#[cfg(feature = "io")]
mod panics;
#[cfg(feature = "io")]
pub mod pipeline;
#[cfg(feature = "python")]
mod python;
#[cfg(feature = "io")]
pub mod read;
pub mod rules;
#[cfg(feature = "io")]
pub mod sink;
pub mod span;
#[cfg(feature = "io")]
pub mod table;
pub mod text;
pub mod vector;
#[cfg(feature = "io")]
pub mod write;
