//! From text to tokens that remember their place: character classes, keys, tokens and gaps (SPEC 1 to 4).

mod blocks;
pub mod chars;
pub mod class;
pub mod gap;
pub mod index;
mod joins;
pub mod key;
pub mod pages;
pub mod plain;
pub mod view;
pub mod work;
