//! Lists of terms in a lexicon file: each with its patterns, its weight and its guards, whose macros are looked up.

use super::guard::{ParsedGuard, did_you_mean};
use super::pattern::{PatternError, TermParser};
use super::section::Section;
use super::source::{Source, Value};
use super::{Guard, Macro, Term};
use crate::error::{Error, Result};
use std::collections::HashMap;
use toml::de::DeValue;

/// How much a lexicon may hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// So many terms.
    terms: usize,
    /// So many patterns, those of a term that are equal included.
    patterns: usize,
    /// So many bytes in these, which bounds the memory of a lexicon.
    bytes: usize,
}

/// The limits of every lexicon.
pub(super) const LIMITS: Limits = Limits {
    terms: 2_000_000,
    patterns: 4_000_000,
    bytes: 256 << 20,
};

/// What the terms of a list may carry beside their pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Carries {
    /// Macros and modifiers.
    Nothing,
    /// Exclusions and vetoes.
    Guards,
    /// Categories.
    GuardsAndWeights,
}

/// Reads lists of terms and counts them.
pub(super) struct Terms<'a> {
    source: &'a Source<'a>,
    parser: TermParser,
    /// The macros by name, known once they have been read.
    macros: HashMap<String, usize>,
    count: usize,
    limits: Limits,
}

impl<'a> Terms<'a> {
    pub(super) fn new(source: &'a Source<'a>, limits: Limits) -> Self {
        Self {
            source,
            parser: TermParser::default(),
            macros: HashMap::new(),
            count: 0,
            limits,
        }
    }

    /// Makes macros known to the guards of the lists that follow.
    pub(super) fn know(&mut self, macros: &[Macro]) {
        let names = macros.iter().enumerate();
        self.macros = names.map(|(at, list)| (list.name.clone(), at)).collect();
    }

    /// The list at a key, if it is there.
    pub(super) fn list(
        &mut self,
        section: &Section<'a>,
        key: &str,
        carries: Carries,
    ) -> Result<Option<Vec<Term>>> {
        let Some(entry) = section.find(key) else {
            return Ok(None);
        };
        let what = section.what(key);
        let values = self.source.list(entry.value, &what)?;
        let mut terms = Vec::with_capacity(values.len());
        for value in values {
            terms.push(self.term(value, &what, carries)?);
        }
        Ok(Some(terms))
    }

    /// A term: a string, or a table with `pattern` and `weight`.
    fn term(&mut self, value: &'a Value<'a>, list: &str, carries: Carries) -> Result<Term> {
        match value.get_ref() {
            DeValue::String(text) => self.parse(value, text, None, list, carries),
            DeValue::Table(_) => {
                let section = Section::nameless(self.source, value, "the term")?;
                section.check_keys(&["pattern", "weight"])?;
                let weight = section.number("weight")?;
                if weight.is_some() && carries < Carries::GuardsAndWeights {
                    let error = section.error_at("weight", format!("terms in {list} have no weight"));
                    return Err(error.hint("only terms of categories have one"));
                }
                let Some(pattern) = section.find("pattern") else {
                    return Err(section
                        .missing("pattern")
                        .hint("write `{ pattern = \"...\", weight = 0.5 }`"));
                };
                let text = self.source.string(pattern.value, &section.what("pattern"))?;
                self.parse(pattern.value, text, weight, list, carries)
            }
            _ => {
                let what = format!("a term in {list}");
                Err(self
                    .source
                    .wrong_type(value, &what, "a string", "put it in quotes"))
            }
        }
    }

    fn parse(
        &mut self,
        value: &Value<'a>,
        text: &str,
        weight: Option<f64>,
        list: &str,
        carries: Carries,
    ) -> Result<Term> {
        let (patterns, guards) = self
            .parser
            .parse(text)
            .map_err(|error| self.place(value, text, error))?;
        self.check_limits(value)?;
        if let Some(guard) = guards.first().filter(|_| carries == Carries::Nothing) {
            let error = PatternError::new(guard.at, format!("terms in {list} carry no guards"));
            return Err(self.place(value, text, error.hint("guard the terms of categories instead")));
        }
        let guards = guards.into_iter().map(|guard| self.resolve(value, text, guard));
        Ok(Term {
            text: text.into(),
            weight,
            patterns,
            guards: guards.collect::<Result<_>>()?,
            line: self.source.line(value.span().start),
        })
    }

    /// Looks a guard's macro up.
    fn resolve(&self, value: &Value<'a>, text: &str, guard: ParsedGuard) -> Result<Guard> {
        let Some(&list) = self.macros.get(&guard.name) else {
            let mut known: Vec<&str> = self.macros.keys().map(String::as_str).collect();
            known.sort_unstable();
            let advice = || format!("define it: `[macros]`, then `{} = [\"...\"]`", guard.name);
            let error = PatternError::new(guard.at, format!("unknown macro `{}`", guard.name))
                .hint(did_you_mean(&guard.name, known, advice));
            return Err(self.place(value, text, error));
        };
        Ok(Guard {
            list,
            scope: guard.scope,
            side: guard.side,
            negative: guard.negative,
        })
    }

    fn check_limits(&mut self, value: &Value<'a>) -> Result<()> {
        self.count += 1;
        let Limits {
            terms,
            patterns,
            bytes,
        } = self.limits;
        let over = if self.count > terms {
            format!("more than {terms} terms")
        } else if self.parser.forms > patterns {
            format!("more than {patterns} patterns")
        } else if self.parser.bytes > bytes {
            format!("patterns of more than {bytes} bytes")
        } else {
            return Ok(());
        };
        let error = self
            .source
            .error(value.span().start, format!("the lexicon has {over}"));
        Err(error.hint("divide it into several"))
    }

    /// The error of a term, with its place in the file.
    fn place(&self, value: &Value<'a>, text: &str, error: PatternError) -> Error {
        let at = self.source.inside(&value.span(), text, error.at);
        let placed = self.source.error(at, error.message);
        match error.hint {
            Some(hint) => placed.hint(hint),
            None => placed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(list: &str, limits: Limits) -> Result<Option<Vec<Term>>> {
        let text = format!("list = {list}");
        let source = Source::new(&text, None);
        let table = source.parse()?;
        Terms::new(&source, limits).list(&Section::root(&source, &table), "list", Carries::Nothing)
    }

    #[test]
    fn limits_are_those_of_the_whole_lexicon() {
        let limits = Limits {
            terms: 3,
            patterns: 4,
            bytes: 9,
        };
        assert_eq!(read("['[a|A] b', 'c', '']", LIMITS).unwrap_err().column, Some(26));
        assert_eq!(read("['[a|A] b', 'c']", limits).unwrap().unwrap().len(), 2);
        for (list, column, message) in [
            ("['a', 'b', 'c', 'd']", 24, "more than 3 terms"),
            ("['[a|A]', '[b|B|b]']", 18, "more than 4 patterns"),
            ("['abcde', 'abcde']", 18, "patterns of more than 9 bytes"),
        ] {
            let error = read(list, limits).unwrap_err();
            assert_eq!((error.line, error.column), (Some(1), Some(column)));
            assert!(error.message.ends_with(message), "{error}");
        }
    }
}
