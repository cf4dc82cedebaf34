//! A lexicon file becomes a lexicon: every key checked, every name looked up, every fault reported with its place
//! and what to do about it.

use super::columns::Columns;
use super::guard::{LONGEST_NAME, did_you_mean, is_macro_name};
use super::section::Section;
use super::source::{File, Source};
use super::terms::{Carries, LIMITS, Terms};
use super::{Category, Dimension, Lexicon, Macro, Modifier, Newline, Term, canonical};
use crate::error::{Error, Kind, Result};
use crate::span::Span;
use crate::text::key::Keys;
use crate::text::plain;
use std::collections::HashSet;

/// A file has at most so many bytes.
const LARGEST_FILE: usize = 64 << 20;
/// A modifier looks at most so many tokens far.
const FARTHEST: u16 = 1000;
/// A lexicon has at most so many modifiers, and its modifiers at most so many different tags: a set of them is a number.
const MOST_TAGS: usize = 64;

/// Prefixes that bind the next token across a hyphen unless a lexicon names its own (SPEC 5.6).
const BOUND_PREFIXES: [&str; 11] = [
    "de", "non", "anti", "counter", "pre", "post", "ex", "pro", "quasi", "pseudo", "mis",
];

/// Reads a lexicon; `path` is for messages.
pub(super) fn parse(text: &str, path: Option<&str>) -> Result<Lexicon> {
    if text.len() > LARGEST_FILE {
        return Err(too_large(path));
    }
    let file = File::new(text, path);
    let outline = file.outline();
    let source = Source::new(&file, &outline);
    let table = source.parse()?;
    let root = Section::root(source, &table);
    root.check_keys(&["lexicon", "macros", "dimensions", "modifiers"])?;
    let mut reader = Reader {
        source,
        terms: Terms::new(source, LIMITS),
        columns: Columns::default(),
    };
    let mut lexicon = reader.head(&root)?;
    lexicon.macros = reader.macros(&root)?;
    lexicon.dimensions = reader.dimensions(&root)?;
    lexicon.modifiers = reader.modifiers(&root, &lexicon.dimensions)?;
    lexicon.sha256 = canonical::sha256(&lexicon);
    Ok(lexicon)
}

/// The error about a file of which not even the lines are counted.
fn too_large(path: Option<&str>) -> Error {
    let message = format!("the lexicon is larger than {} MiB", LARGEST_FILE >> 20);
    let error = Error::new(Kind::Lexicon, message)
        .at(1, 1)
        .hint("divide it into several");
    match path {
        Some(path) => error.at_path(path),
        None => error,
    }
}

/// Reads the sections of a file one after the other.
struct Reader<'a> {
    source: Source<'a>,
    terms: Terms<'a>,
    columns: Columns,
}

impl<'a> Reader<'a> {
    /// The section [lexicon]: a lexicon without any terms yet.
    fn head(&self, root: &Section<'a>) -> Result<Lexicon> {
        let Some(entry) = root.find("lexicon") else {
            let error = self.source.error(0, "the section [lexicon] is missing");
            return Err(error.hint("begin with `[lexicon]`, `name = \"...\"` and `version = \"...\"`"));
        };
        let head = root.section(entry)?;
        head.check_keys(&[
            "name",
            "version",
            "language",
            "description",
            "newline",
            "bound_prefixes",
        ])?;
        let written_prefixes = self.prefixes(&head)?;
        Ok(Lexicon {
            name: head.required_text("name")?,
            version: head.required_text("version")?,
            language: head.text("language")?,
            description: head.text("description")?,
            newline: newline(&head)?,
            bound_prefixes: written_prefixes.iter().map(|prefix| key(prefix)).collect(),
            written_prefixes,
            macros: Vec::new(),
            dimensions: Vec::new(),
            modifiers: Vec::new(),
            sha256: String::new(),
        })
    }

    fn prefixes(&self, head: &Section<'a>) -> Result<Vec<String>> {
        let Some(entry) = head.find("bound_prefixes") else {
            return Ok(BOUND_PREFIXES.map(str::to_owned).to_vec());
        };
        let mut prefixes = Vec::new();
        let what = head.what("bound_prefixes");
        self.source.each(entry.value, &what, |source, value| {
            let prefix = source.string(value, "a bound prefix")?;
            match plain::tokens(prefix).as_slice() {
                [token] if *token == Span::new(0, prefix.len()) => prefixes.push(prefix.to_owned()),
                _ => {
                    let message = format!("the bound prefix `{prefix}` is not exactly one token");
                    let error = source.error(value.span().start, message);
                    return Err(error.hint("write it as a word: `non`"));
                }
            }
            Ok(())
        })?;
        Ok(prefixes)
    }

    fn macros(&mut self, root: &Section<'a>) -> Result<Vec<Macro>> {
        let Some(entry) = root.find("macros") else {
            return Ok(Vec::new());
        };
        let section = root.section(entry)?;
        let mut macros = Vec::new();
        for entry in section.entries() {
            if !is_macro_name(entry.key) {
                let message = format!("`{}` cannot name a macro", entry.key);
                let hint =
                    format!("a name is a letter, then letters, digits and `_`, {LONGEST_NAME} at most");
                return Err(self.source.error(entry.at, message).hint(hint));
            }
            let terms = self.terms.list(&section, entry.key, Carries::Nothing)?;
            macros.push(Macro {
                name: entry.key.to_owned(),
                terms: terms.unwrap_or_default(),
            });
        }
        self.terms.know(&macros);
        Ok(macros)
    }

    fn dimensions(&mut self, root: &Section<'a>) -> Result<Vec<Dimension>> {
        let sections = root.sections("dimensions")?;
        let Some((_, first)) = sections.first() else {
            let error = self.source.error(0, "the lexicon has no dimension");
            return Err(error.hint("add `[dimensions.NAME.categories.NAME]` with `terms = [\"...\"]`"));
        };
        let first = first.at;
        let dimensions = sections
            .into_iter()
            .map(|(name, section)| self.dimension(name, &section));
        let dimensions: Vec<Dimension> = dimensions.collect::<Result<_>>()?;
        let mut categories = dimensions.iter().flat_map(|dimension| &dimension.categories);
        if categories.all(|category| category.terms.is_empty()) {
            let error = self.source.error(first, "the lexicon has no terms");
            return Err(error.hint("give a category `terms = [\"...\"]`"));
        }
        Ok(dimensions)
    }

    fn dimension(&mut self, name: &str, section: &Section<'a>) -> Result<Dimension> {
        self.identifier(name, section.at, "a dimension")?;
        section.check_keys(&["label", "exclude", "veto", "categories"])?;
        let claimed = self.columns.dimension(name);
        self.claimed(claimed, section.at)?;
        let categories = section.sections("categories")?.into_iter();
        Ok(Dimension {
            name: name.to_owned(),
            label: section.text("label")?,
            exclude: self
                .terms
                .list(section, "exclude", Carries::Guards)?
                .unwrap_or_default(),
            veto: self
                .terms
                .list(section, "veto", Carries::Guards)?
                .unwrap_or_default(),
            categories: categories
                .map(|(category, section)| self.category(name, category, &section))
                .collect::<Result<_>>()?,
        })
    }

    fn category(&mut self, dimension: &str, name: &str, section: &Section<'a>) -> Result<Category> {
        self.identifier(name, section.at, "a category")?;
        section.check_keys(&["label", "cite", "weight", "terms"])?;
        let claimed = self.columns.category(dimension, name);
        self.claimed(claimed, section.at)?;
        Ok(Category {
            name: name.to_owned(),
            label: section.text("label")?,
            cite: section.text("cite")?,
            weight: section.number("weight")?,
            terms: self.required_terms(section, "terms", Carries::GuardsAndWeights)?,
        })
    }

    fn modifiers(&mut self, root: &Section<'a>, dimensions: &[Dimension]) -> Result<Vec<Modifier>> {
        let sections = root.sections("modifiers")?;
        if let Some((_, section)) = sections.get(MOST_TAGS) {
            let message = format!("the lexicon has more than {MOST_TAGS} modifiers");
            return Err(self.source.error(section.at, message).hint("join some of them"));
        }
        let mut known = HashSet::new();
        let modifiers = sections.into_iter().map(|(name, section)| {
            let modifier = self.modifier(name, &section)?;
            for tag in std::iter::once(&modifier.tag).chain(&modifier.blocked_tag) {
                known.insert(tag.clone());
                for dimension in dimensions {
                    let claimed = self.columns.tag(&dimension.name, tag);
                    self.claimed(claimed, section.at)?;
                }
            }
            if known.len() > MOST_TAGS {
                let message = format!("the modifiers give more than {MOST_TAGS} different tags");
                let error = self.source.error(section.at, message);
                return Err(error.hint("let several modifiers give the same tag"));
            }
            Ok(modifier)
        });
        modifiers.collect()
    }

    fn modifier(&mut self, name: &str, section: &Section<'a>) -> Result<Modifier> {
        self.identifier(name, section.at, "a modifier")?;
        section.check_keys(&[
            "tag",
            "blocked_tag",
            "before",
            "after",
            "block_within",
            "cues",
            "stop",
            "cancel",
            "block",
        ])?;
        let block = self
            .terms
            .list(section, "block", Carries::Nothing)?
            .unwrap_or_default();
        let block_within = section.count("block_within", FARTHEST)?;
        if !block.is_empty() && block_within == 0 {
            let message = format!("{} can never apply", section.what("block"));
            return Err(section
                .error_at("block", message)
                .hint("say how near to the cue: `block_within = 5`"));
        }
        Ok(Modifier {
            name: name.to_owned(),
            tag: self.tag(section, "tag")?.unwrap_or_else(|| name.to_owned()),
            blocked_tag: self.tag(section, "blocked_tag")?,
            before: section.count("before", FARTHEST)?,
            after: section.count("after", FARTHEST)?,
            block_within,
            cues: self.required_terms(section, "cues", Carries::Nothing)?,
            stop: self
                .terms
                .list(section, "stop", Carries::Nothing)?
                .unwrap_or_default(),
            cancel: self
                .terms
                .list(section, "cancel", Carries::Nothing)?
                .unwrap_or_default(),
            block,
        })
    }

    fn tag(&self, section: &Section<'a>, key: &str) -> Result<Option<String>> {
        let Some(tag) = section.text(key)? else {
            return Ok(None);
        };
        let at = section
            .find(key)
            .map_or(section.at, |entry| entry.value.span().start);
        self.identifier(&tag, at, "a tag")?;
        Ok(Some(tag))
    }

    fn required_terms(&mut self, section: &Section<'a>, key: &str, carries: Carries) -> Result<Vec<Term>> {
        let terms = self.terms.list(section, key, carries)?;
        terms.ok_or_else(|| section.missing(key).hint(format!("add `{key} = [\"...\"]`")))
    }

    /// Refuses a name that cannot be part of a column's.
    fn identifier(&self, name: &str, at: usize, what: &str) -> Result<()> {
        if is_macro_name(name) && !name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Ok(());
        }
        let lower = name.to_ascii_lowercase();
        let hint = match is_macro_name(&lower) {
            true => format!("write `{lower}`"),
            false => {
                format!("a name is a lower-case letter, then `a-z`, `0-9` and `_`, {LONGEST_NAME} at most")
            }
        };
        let error = self.source.error(at, format!("`{name}` cannot name {what}"));
        Err(error.hint(hint))
    }

    fn claimed(&self, claimed: std::result::Result<(), String>, at: usize) -> Result<()> {
        claimed.map_err(|complaint| self.source.error(at, complaint).hint("rename one of them"))
    }
}

fn newline(head: &Section<'_>) -> Result<Newline> {
    match head.text("newline")?.as_deref() {
        None | Some("auto") => Ok(Newline::Auto),
        Some("space") => Ok(Newline::Space),
        Some("paragraph") => Ok(Newline::Paragraph),
        Some(other) => {
            let advice = || "write auto, space or paragraph".to_owned();
            let hint = did_you_mean(other, ["auto", "space", "paragraph"], advice);
            Err(head
                .error_at("newline", format!("`{other}` is no way to read a line break"))
                .hint(hint))
        }
    }
}

fn key(surface: &str) -> String {
    let mut key = String::new();
    Keys::new().key(surface, &mut key);
    key
}

#[cfg(test)]
mod tests;
