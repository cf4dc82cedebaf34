//! A lexicon as plain, frozen data: what the file says, with its patterns parsed. Owns the model; `file` reads the
//! TOML, `pattern` reads one term.

mod canonical;
mod columns;
mod element;
mod expand;
mod file;
pub mod guard;
mod outline;
pub mod pattern;
mod row;
mod section;
mod source;
mod suggest;
mod terms;
mod words;

use crate::error::Result;
use std::borrow::Cow;
use std::sync::Arc;

pub use crate::text::gap::Newline;

impl Newline {
    /// The word that files and options use.
    pub fn name(self) -> &'static str {
        match self {
            Newline::Auto => "auto",
            Newline::Space => "space",
            Newline::Paragraph => "paragraph",
        }
    }
}

/// One character test of a glob, applied to the code points of a key (SPEC 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Atom {
    /// This code point of the key.
    Char(char),
    /// `?`: exactly one code point.
    One,
    /// `*`: zero or more code points. Neighbouring stars are one.
    Many,
}

/// One token of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Word {
    /// The glob; without `One` and `Many` it is a literal.
    pub atoms: Vec<Atom>,
    /// Compared with the cased key (`=word`), not with the key.
    pub cased: bool,
}

/// What may stand between two words of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Link {
    /// The next token, across a gap of class SPACE, HYPHEN or DECOR (SPEC 5.4).
    Next,
    /// 0 to N tokens between, across gaps that may be PUNCT too: `~N` (SPEC 5.5).
    Within(u8),
}

/// One expanded form of a term: `links[i]` stands between `words[i]` and `words[i + 1]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pattern {
    /// The tokens, at least one of them with a literal character. The patterns of a lexicon share their words.
    pub words: Box<[Arc<Word>]>,
    /// One fewer than the words.
    pub links: Cow<'static, [Link]>,
}

/// How far a guard looks (SPEC 6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Within so many tokens, in the same sentence.
    Tokens(u16),
    /// The whole sentence.
    Sentence,
    /// The whole paragraph.
    Paragraph,
    /// The whole document.
    Document,
}

/// On which side of the match a guard looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// On either side.
    Either,
    /// The macro's match stands before the term's.
    Before,
    /// The macro's match stands after the term's.
    After,
}

/// `@near(M, N)` or `@not(M, N)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Guard {
    /// The macro, as its position in `Lexicon::macros`.
    pub list: usize,
    /// How far to look.
    pub scope: Scope,
    /// Where to look.
    pub side: Side,
    /// `@not`: no match may be there.
    pub negative: bool,
}

/// One line of a lexicon.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The pattern as written, guards included.
    pub text: Box<str>,
    /// Its own weight, if it has one.
    pub weight: Option<f64>,
    /// The expanded patterns, distinct, at least one.
    pub patterns: Box<[Pattern]>,
    /// All of them must hold.
    pub guards: Vec<Guard>,
    /// The line in the file, from 1.
    pub line: usize,
}

/// A named list of patterns for guards.
#[derive(Debug, Clone, PartialEq)]
pub struct Macro {
    /// The name, as guards write it.
    pub name: String,
    /// Terms without guards and weights.
    pub terms: Vec<Term>,
}

/// A leaf of a dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Category {
    /// The identifier; it names columns.
    pub name: String,
    /// A name for people.
    pub label: Option<String>,
    /// Where the definition comes from.
    pub cite: Option<String>,
    /// The weight of terms without one of their own.
    pub weight: Option<f64>,
    /// The terms, in the file's order.
    pub terms: Vec<Term>,
}

impl Category {
    /// The weight of a term: its own, else the category's, else 1 (SPEC 9).
    pub fn weight_of(&self, term: &Term) -> f64 {
        term.weight.or(self.weight).unwrap_or(1.0)
    }
}

/// What is measured: sanction, leverage, conflict.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// The identifier; it names columns.
    pub name: String,
    /// A name for people.
    pub label: Option<String>,
    /// Matches inside a match of these fall (SPEC 7.2).
    pub exclude: Vec<Term>,
    /// A match of these anywhere fells all (SPEC 7.3).
    pub veto: Vec<Term>,
    /// The categories, in the file's order.
    pub categories: Vec<Category>,
}

/// Cues that tag hits (SPEC 8).
#[derive(Debug, Clone, PartialEq)]
pub struct Modifier {
    /// The modifier's name.
    pub name: String,
    /// The tag it gives; its name unless said otherwise.
    pub tag: String,
    /// The tag it gives when blocked, if any.
    pub blocked_tag: Option<String>,
    /// How many tokens before the hit a cue may stand.
    pub before: u16,
    /// How many tokens after the hit a cue may stand.
    pub after: u16,
    /// How near to the cue a block counts.
    pub block_within: u16,
    /// The cues.
    pub cues: Vec<Term>,
    /// What ends a cue's reach.
    pub stop: Vec<Term>,
    /// What makes a cue inside it no cue.
    pub cancel: Vec<Term>,
    /// What turns the tag into `blocked_tag`.
    pub block: Vec<Term>,
}

/// A lexicon, read and checked. Order is the file's order.
#[derive(Debug, Clone, PartialEq)]
pub struct Lexicon {
    /// Its name.
    pub name: String,
    /// Its version, as written.
    pub version: String,
    /// The language of its terms.
    pub language: Option<String>,
    /// One sentence for people.
    pub description: Option<String>,
    /// How single line breaks are read.
    pub newline: Newline,
    /// Keys that bind the next token to themselves across a hyphen (SPEC 5.6).
    pub bound_prefixes: Vec<String>,
    /// The same as written, for the canonical form, which holds no keys.
    pub written_prefixes: Vec<String>,
    /// The named lists.
    pub macros: Vec<Macro>,
    /// The dimensions.
    pub dimensions: Vec<Dimension>,
    /// The modifiers.
    pub modifiers: Vec<Modifier>,
    /// SHA-256 of the canonical form, 64 hex digits (SPEC 11).
    pub sha256: String,
}

impl Lexicon {
    /// Reads a lexicon file's text; `path` names the file in errors.
    pub fn parse(text: &str, path: Option<&str>) -> Result<Self> {
        file::parse(text, path)
    }

    /// The tags that its modifiers give, in the order in which the file first gives them (SPEC 8.5).
    pub fn tags(&self) -> Vec<&str> {
        let mut tags: Vec<&str> = Vec::new();
        for modifier in &self.modifiers {
            for tag in std::iter::once(&modifier.tag).chain(&modifier.blocked_tag) {
                if !tags.contains(&tag.as_str()) {
                    tags.push(tag);
                }
            }
        }
        tags
    }

    /// The canonical form, of which `sha256` is the hash: JSON that does not depend on the file's layout.
    pub fn canonical(&self) -> String {
        canonical::json(self)
    }
}
