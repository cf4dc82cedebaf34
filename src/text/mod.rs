//! From text to tokens that remember their place: character classes, keys, tokens and gaps (SPEC 1 to 4).

pub mod class;
pub mod key;
pub mod plain;
