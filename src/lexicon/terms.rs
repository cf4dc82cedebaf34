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
    source: Source<'a>,
    parser: TermParser,
    /// The macros by name, known once they have been read.
    macros: HashMap<String, usize>,
    count: usize,
    limits: Limits,
}

impl<'a> Terms<'a> {
    pub(super) fn new(source: Source<'a>, limits: Limits) -> Self {
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
        let mut terms = Vec::new();
        self.source.each(entry.value, &what, |source, value| {
            terms.push(self.term(source, value, &what, carries)?);
            Ok(())
        })?;
        terms.shrink_to_fit();
        Ok(Some(terms))
    }

    /// A term: a string, or a table with `pattern` and `weight`.
    fn term(&mut self, source: Source, value: &Value, list: &str, carries: Carries) -> Result<Term> {
        match value.get_ref() {
            DeValue::String(text) => self.parse(
                Written {
                    source,
                    value,
                    text,
                    list,
                },
                None,
                carries,
            ),
            DeValue::Table(_) => {
                let section = Section::nameless(source, value, "the term")?;
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
                let text = source.string(pattern.value, &section.what("pattern"))?;
                let value = pattern.value;
                self.parse(
                    Written {
                        source,
                        value,
                        text,
                        list,
                    },
                    weight,
                    carries,
                )
            }
            _ => {
                let what = format!("a term in {list}");
                Err(source.wrong_type(value, &what, "a string", "put it in quotes"))
            }
        }
    }

    fn parse(&mut self, written: Written, weight: Option<f64>, carries: Carries) -> Result<Term> {
        let parsed = self.parser.parse(written.text);
        let (patterns, guards) = parsed.map_err(|error| written.place(error))?;
        self.check_limits(&written)?;
        if let Some(guard) = guards.first().filter(|_| carries == Carries::Nothing) {
            let message = format!("terms in {} carry no guards", written.list);
            let error = PatternError::new(guard.at, message);
            return Err(written.place(error.hint("guard the terms of categories instead")));
        }
        let guards = guards.into_iter().map(|guard| self.resolve(&written, guard));
        Ok(Term {
            text: written.text.into(),
            weight,
            patterns,
            guards: guards.collect::<Result<_>>()?,
            line: written.source.line(written.at()),
        })
    }

    /// Looks a guard's macro up.
    fn resolve(&self, written: &Written, guard: ParsedGuard) -> Result<Guard> {
        let Some(&list) = self.macros.get(&guard.name) else {
            let mut known: Vec<&str> = self.macros.keys().map(String::as_str).collect();
            known.sort_unstable();
            let advice = || format!("define it: `[macros]`, then `{} = [\"...\"]`", guard.name);
            let error = PatternError::new(guard.at, format!("unknown macro `{}`", guard.name))
                .hint(did_you_mean(&guard.name, known, advice));
            return Err(written.place(error));
        };
        Ok(Guard {
            list,
            scope: guard.scope,
            side: guard.side,
            negative: guard.negative,
        })
    }

    fn check_limits(&mut self, written: &Written) -> Result<()> {
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
        let error = written
            .source
            .error(written.at(), format!("the lexicon has {over}"));
        Err(error.hint("divide it into several"))
    }
}

/// A term's text, where it is written, and what its list is called.
#[derive(Clone, Copy)]
struct Written<'a> {
    source: Source<'a>,
    value: &'a Value<'a>,
    text: &'a str,
    list: &'a str,
}

impl Written<'_> {
    /// The byte at which its string begins.
    fn at(&self) -> usize {
        self.value.span().start
    }

    /// The error of the term, with its place in the file.
    fn place(&self, error: PatternError) -> Error {
        let at = self.source.inside(&self.value.span(), self.text, error.at);
        let placed = self.source.error(at, error.message);
        match error.hint {
            Some(hint) => placed.hint(hint),
            None => placed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::File;
    use super::*;

    fn read(list: &str, limits: Limits) -> Result<Option<Vec<Term>>> {
        let text = format!("list = {list}");
        let file = File::new(&text, None);
        let source = Source::new(&file, &text);
        let table = source.parse()?;
        Terms::new(source, limits).list(&Section::root(source, &table), "list", Carries::Nothing)
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
