//! The score table: one row a document. Owns its columns: which there are, their names and what stands in them.

use super::{Cells, Rows, Value, identifier};
use crate::document::Document;
use crate::engine::Scores;
use crate::error::{Error, Kind, Result};
use crate::lexicon::Lexicon;
use arrow_array::RecordBatch;
use arrow_schema::{Field, Metadata, Schema, SchemaRef};
use std::collections::HashSet;
use std::sync::Arc;

/// A field of the document that the table carries on request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keep {
    /// The headline.
    Title,
    /// The address.
    Url,
}

impl Keep {
    /// The field of this name.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "title" => Ok(Keep::Title),
            "url" => Ok(Keep::Url),
            _ => Err(
                Error::new(Kind::Option, format!("the field \"{name}\" cannot be kept"))
                    .hint("title or url can"),
            ),
        }
    }
}

/// Which columns the caller wants beside those that are always there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choices {
    /// Path, member and record: the documents come from files.
    pub files: bool,
    /// Hits and weight of each category.
    pub categories: bool,
    /// How many hits carry each tag.
    pub tags: bool,
    /// The hash of the document's keys.
    pub text_hash: bool,
    /// Fields of the document, in this order.
    pub keep: Vec<Keep>,
}

/// A column: what it shows of a document. Numbers are positions of a dimension, or of a category among all.
#[derive(Debug, Clone, Copy)]
enum Column {
    Path,
    Member,
    Record,
    Id,
    Date,
    DateKind,
    DatePrecision,
    Source,
    Language,
    Title,
    Url,
    Tokens,
    Hits(usize),
    Distinct(usize),
    Weight(usize),
    Rate(usize),
    CategoryHits(usize),
    CategoryWeight(usize),
    TextHash,
}

const FILE_COLUMNS: [(&str, Column); 3] = [
    ("path", Column::Path),
    ("member", Column::Member),
    ("record", Column::Record),
];

const DOCUMENT_COLUMNS: [(&str, Column); 6] = [
    ("id", Column::Id),
    ("date", Column::Date),
    ("date_kind", Column::DateKind),
    ("date_precision", Column::DatePrecision),
    ("source", Column::Source),
    ("language", Column::Language),
];

impl Column {
    fn cells(self) -> Cells {
        use Column::*;
        match self {
            Path | Member | Id | Date | DateKind | DatePrecision | Source | Language | Title | Url
            | TextHash => Cells::Text,
            Record | Tokens | Hits(_) | Distinct(_) | CategoryHits(_) => Cells::Int,
            Weight(_) | Rate(_) | CategoryWeight(_) => Cells::Float,
        }
    }

    /// The cell of a document; what is scored is null when its text is.
    fn value<'a>(self, document: &'a Document<'a>, scores: Option<&'a Scores>) -> Value<'a> {
        let dimension = |i: usize| scores.and_then(|scores| scores.dimensions.get(i));
        let category = |i: usize| scores.and_then(|scores| scores.categories.get(i));
        match self {
            Column::Path => Value::text(document.path),
            Column::Member => Value::Text(document.member.map(Into::into)),
            Column::Record => Value::Int(Some(document.record)),
            Column::Id => Value::Text(identifier(document)),
            Column::Date => Value::lent(document.date.as_ref()),
            Column::DateKind => Value::Text(document.date_kind.map(Into::into)),
            Column::DatePrecision => Value::Text(document.date_precision.map(Into::into)),
            Column::Source => Value::lent(document.source.as_ref()),
            Column::Language => Value::lent(document.language.as_ref()),
            Column::Title => Value::lent(document.title.as_ref()),
            Column::Url => Value::lent(document.url.as_ref()),
            Column::Tokens => Value::Int(scores.map(|scores| scores.tokens as i64)),
            Column::Hits(i) => Value::Int(dimension(i).map(|tally| tally.hits as i64)),
            Column::Distinct(i) => Value::Int(dimension(i).map(|tally| tally.distinct as i64)),
            Column::Weight(i) => Value::Float(dimension(i).map(|tally| tally.weight)),
            Column::Rate(i) => Value::Float(scores.and_then(|scores| scores.rate(i))),
            Column::CategoryHits(i) => Value::Int(category(i).map(|tally| tally.hits as i64)),
            Column::CategoryWeight(i) => Value::Float(category(i).map(|tally| tally.weight)),
            Column::TextHash => Value::Text(
                scores
                    .and_then(|scores| scores.text_hash.as_deref())
                    .map(Into::into),
            ),
        }
    }
}

/// The score table of a lexicon: its columns, shared by all who fill it.
#[derive(Debug, Clone)]
pub struct ScoreTable {
    schema: SchemaRef,
    columns: Arc<[Column]>,
}

impl ScoreTable {
    /// The table that these choices give; an option is at fault when two columns would share a name.
    pub fn new(lexicon: &Lexicon, choices: &Choices, about: Metadata) -> Result<Self> {
        refuse_tags(lexicon, choices)?;
        let columns = columns(lexicon, choices);
        refuse_clash(&columns)?;
        let fields: Vec<Field> = columns
            .iter()
            .map(|(name, column)| column.cells().field(name))
            .collect();
        Ok(Self {
            schema: Arc::new(Schema::new_with_metadata(fields, about)),
            columns: columns.into_iter().map(|(_, column)| column).collect(),
        })
    }

    /// Names and types of the columns, with what the table is about.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// An empty set of rows.
    pub fn rows(&self) -> ScoreRows {
        ScoreRows {
            columns: self.columns.clone(),
            rows: Rows::new(
                self.schema.clone(),
                self.columns.iter().map(|column| column.cells()),
            ),
        }
    }
}

/// Rows of the score table, growing.
#[derive(Debug)]
pub struct ScoreRows {
    columns: Arc<[Column]>,
    rows: Rows,
}

impl ScoreRows {
    /// Appends a document; without scores its text is null.
    pub fn push(&mut self, document: &Document<'_>, scores: Option<&Scores>) {
        let values = self.columns.iter().map(|column| column.value(document, scores));
        self.rows.push(values);
    }

    /// The rows so far; the next ones begin a new batch.
    pub fn finish(&mut self) -> Result<RecordBatch> {
        self.rows.finish()
    }
}

/// The columns with their names, in order.
fn columns(lexicon: &Lexicon, choices: &Choices) -> Vec<(String, Column)> {
    let fixed = |(name, column): (&str, Column)| (name.to_owned(), column);
    let mut columns: Vec<(String, Column)> = Vec::new();
    if choices.files {
        columns.extend(FILE_COLUMNS.map(fixed));
    }
    columns.extend(DOCUMENT_COLUMNS.map(fixed));
    columns.extend(choices.keep.iter().map(|keep| match keep {
        Keep::Title => fixed(("title", Column::Title)),
        Keep::Url => fixed(("url", Column::Url)),
    }));
    columns.push(fixed(("tokens", Column::Tokens)));
    score_columns(&mut columns, lexicon, choices.categories);
    if choices.text_hash {
        columns.push(fixed(("text_hash", Column::TextHash)));
    }
    columns
}

/// What the lexicon names: for each dimension its own columns, then its categories'.
fn score_columns(columns: &mut Vec<(String, Column)>, lexicon: &Lexicon, categories: bool) {
    let mut category = 0;
    for (i, dimension) in lexicon.dimensions.iter().enumerate() {
        let name = &dimension.name;
        columns.push((format!("{name}_hits"), Column::Hits(i)));
        columns.push((format!("{name}_distinct"), Column::Distinct(i)));
        columns.push((format!("{name}_weight"), Column::Weight(i)));
        columns.push((format!("{name}_rate"), Column::Rate(i)));
        for leaf in &dimension.categories {
            if categories {
                columns.push((
                    format!("{name}_cat_{}_hits", leaf.name),
                    Column::CategoryHits(category),
                ));
                columns.push((
                    format!("{name}_cat_{}_weight", leaf.name),
                    Column::CategoryWeight(category),
                ));
            }
            category += 1;
        }
    }
}

/// Modifiers are read but not yet run: a column of zeros would be a lie.
fn refuse_tags(lexicon: &Lexicon, choices: &Choices) -> Result<()> {
    if choices.tags && !lexicon.modifiers.is_empty() {
        let message =
            "the modifiers of a lexicon are checked but not applied yet, so there are no tags to count";
        return Err(Error::new(Kind::Option, message).hint("leave tags away"));
    }
    Ok(())
}

fn refuse_clash(columns: &[(String, Column)]) -> Result<()> {
    let mut seen = HashSet::new();
    match columns.iter().find(|(name, _)| !seen.insert(name)) {
        None => Ok(()),
        Some((name, _)) => Err(
            Error::new(Kind::Option, format!("two columns would be called \"{name}\""))
                .hint("keep a field once, or rename a dimension or category"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_columns_of_one_name_are_refused() {
        let terms = "[lexicon]\nname = 'l'\nversion = '1'\n[dimensions.d.categories.c]\nterms = ['war']\n";
        let lexicon = Lexicon::parse(terms, None).unwrap();
        let choices = Choices {
            keep: vec![Keep::Url, Keep::Url],
            ..Choices::default()
        };
        let error = ScoreTable::new(&lexicon, &choices, Metadata::new()).unwrap_err();
        assert_eq!(error.kind, Kind::Option);
        assert!(error.message.contains("\"url\""));
        assert_eq!(Keep::parse("body").unwrap_err().kind, Kind::Option);
    }
}
