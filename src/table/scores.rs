//! The score table: one row a document. Owns its columns: which there are, their names and what stands in them.

use super::found::{Found, FoundRows, Width};
use super::{Builder, Cells, Value, batch, identifier, stranger};
use crate::document::Document;
use crate::engine::{Scores, Want};
use crate::error::{Error, Kind, Result};
use crate::lexicon::Lexicon;
use arrow_array::{ArrayRef, RecordBatch, new_null_array};
use arrow_schema::{DataType, Field, Metadata, Schema, SchemaRef};
use std::collections::HashSet;
use std::sync::Arc;

/// A field of the document that the table carries on request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Keep {
    /// The headline.
    Title,
    /// The address.
    Url,
    /// Another field of the input, which becomes a column of its name.
    Other(String),
}

impl Keep {
    /// The field of this name.
    pub fn of_name(name: &str) -> Self {
        match name {
            "title" => Keep::Title,
            "url" => Keep::Url,
            other => Keep::Other(other.to_owned()),
        }
    }

    fn name(&self) -> &str {
        match self {
            Keep::Title => "title",
            Keep::Url => "url",
            Keep::Other(name) => name,
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

impl Choices {
    /// The fields that the reader must look for, in the order of `Document::kept`.
    pub fn others(&self) -> Vec<String> {
        let others = self.keep.iter().filter_map(|keep| match keep {
            Keep::Other(name) => Some(name.clone()),
            Keep::Title | Keep::Url => None,
        });
        others.collect()
    }
}

/// A column of what the document brings with it.
#[derive(Debug, Clone, Copy)]
enum Given {
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
    /// So manieth of what else is kept.
    Kept(usize),
}

const FILE_COLUMNS: [(&str, Given); 3] = [
    ("path", Given::Path),
    ("member", Given::Member),
    ("record", Given::Record),
];

const DOCUMENT_COLUMNS: [(&str, Given); 6] = [
    ("id", Given::Id),
    ("date", Given::Date),
    ("date_kind", Given::DateKind),
    ("date_precision", Given::DatePrecision),
    ("source", Given::Source),
    ("language", Given::Language),
];

impl Given {
    fn field(self, name: &str) -> Field {
        let field = self.cells().field(name);
        match self {
            Given::Kept(_) => stranger(field),
            _ => field,
        }
    }

    fn cells(self) -> Cells {
        match self {
            Given::Record => Cells::Int,
            _ => Cells::Text,
        }
    }

    fn value<'a>(self, document: &'a Document<'a>) -> Value<'a> {
        match self {
            Given::Path => Value::text(document.path),
            Given::Member => Value::Text(document.member.map(Into::into)),
            Given::Record => Value::Int(Some(document.record)),
            Given::Id => Value::Text(identifier(document)),
            Given::Date => Value::lent(document.date.as_ref()),
            Given::DateKind => Value::Text(document.date_kind.map(Into::into)),
            Given::DatePrecision => Value::Text(document.date_precision.map(Into::into)),
            Given::Source => Value::lent(document.source.as_ref()),
            Given::Language => Value::lent(document.language.as_ref()),
            Given::Title => Value::lent(document.title.as_ref()),
            Given::Url => Value::lent(document.url.as_ref()),
            Given::Kept(at) => Value::lent(document.kept.get(at).and_then(Option::as_ref)),
        }
    }
}

/// The score table of a lexicon: its columns, shared by all who fill it. What the document brings stands first.
#[derive(Debug, Clone)]
pub struct ScoreTable {
    schema: SchemaRef,
    given: Arc<[Given]>,
    found: Arc<[Found]>,
    width: Width,
    want: Want,
}

impl ScoreTable {
    /// The table that these choices give; an option is at fault when two columns would share a name.
    pub fn new(lexicon: &Lexicon, choices: &Choices, about: Metadata) -> Result<Self> {
        let (given, found) = (given_columns(choices), found_columns(lexicon, choices));
        let fields = given.iter().map(|(name, column)| column.field(name));
        let fields: Vec<Field> = fields
            .chain(found.iter().map(|(name, column)| column.cells().field(name)))
            .collect();
        refuse_clash(&fields)?;
        Ok(Self {
            schema: Arc::new(Schema::new_with_metadata(fields, about)),
            given: given.into_iter().map(|(_, column)| column).collect(),
            found: found.into_iter().map(|(_, column)| column).collect(),
            width: Width::new(lexicon, choices),
            want: Want {
                tags: choices.tags,
                text_hash: choices.text_hash,
                ..Want::default()
            },
        })
    }

    /// What the engine must work out for its columns.
    pub fn want(&self) -> Want {
        self.want
    }

    /// Names and types of the columns, with what the table is about.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// An empty set of rows.
    pub fn rows(&self) -> ScoreRows {
        ScoreRows {
            table: self.clone(),
            given: self.given.iter().map(|column| column.cells().builder()).collect(),
            found: FoundRows::new(self.width),
            bare: 0,
        }
    }
}

/// Rows of the score table, growing.
#[derive(Debug)]
pub struct ScoreRows {
    table: ScoreTable,
    given: Vec<Builder>,
    found: FoundRows,
    /// So many of the last rows are bare texts: their nulls are not in `given` yet.
    bare: usize,
}

impl ScoreRows {
    /// Appends a document; without scores its text is null.
    pub fn push(&mut self, document: &Document<'_>, scores: Option<&Scores>) {
        self.settle();
        for (builder, column) in self.given.iter_mut().zip(&*self.table.given) {
            builder.push(column.value(document));
        }
        self.found.push(scores);
    }

    /// Appends a text that brings nothing with it.
    pub fn push_bare(&mut self, scores: Option<&Scores>) {
        self.bare += 1;
        self.found.push(scores);
    }

    /// The rows so far; the next ones begin a new batch.
    pub fn finish(&mut self) -> Result<RecordBatch> {
        let mut columns = self.finish_given();
        columns.extend(self.found.finish(self.table.found.iter().copied()));
        batch(&self.table.schema, columns)
    }

    /// Where all rows are bare, columns of one type share one array of nulls.
    fn finish_given(&mut self) -> Vec<ArrayRef> {
        if self.bare < self.found.len() {
            self.settle();
            return self.given.iter_mut().map(Builder::finish).collect();
        }
        let rows = std::mem::take(&mut self.bare);
        let [texts, numbers] = [DataType::Utf8, DataType::Int64].map(|kind| new_null_array(&kind, rows));
        let columns = self.table.given.iter().map(|column| match column.cells() {
            Cells::Int => numbers.clone(),
            _ => texts.clone(),
        });
        columns.collect()
    }

    fn settle(&mut self) {
        let rows = std::mem::take(&mut self.bare);
        if rows > 0 {
            self.given.iter_mut().for_each(|builder| builder.push_nulls(rows));
        }
    }
}

/// What documents bring, with names, in order.
fn given_columns(choices: &Choices) -> Vec<(&str, Given)> {
    let mut columns = Vec::new();
    if choices.files {
        columns.extend(FILE_COLUMNS);
    }
    columns.extend(DOCUMENT_COLUMNS);
    let mut others = 0..;
    columns.extend(choices.keep.iter().map(|keep| match keep {
        Keep::Title => (keep.name(), Given::Title),
        Keep::Url => (keep.name(), Given::Url),
        Keep::Other(_) => (keep.name(), Given::Kept(others.next().unwrap_or_default())),
    }));
    columns
}

/// What is found, with names, in order: for each dimension its own columns, then its categories' and its tags'.
fn found_columns(lexicon: &Lexicon, choices: &Choices) -> Vec<(String, Found)> {
    let mut columns = vec![("tokens".to_owned(), Found::Tokens)];
    let tags = lexicon.tags();
    let mut category = 0;
    for (i, dimension) in lexicon.dimensions.iter().enumerate() {
        let name = &dimension.name;
        columns.push((format!("{name}_hits"), Found::Hits(i)));
        columns.push((format!("{name}_distinct"), Found::Distinct(i)));
        columns.push((format!("{name}_weight"), Found::Weight(i)));
        columns.push((format!("{name}_rate"), Found::Rate(i)));
        for leaf in &dimension.categories {
            if choices.categories {
                let start = format!("{name}_cat_{}", leaf.name);
                columns.push((format!("{start}_hits"), Found::CategoryHits(category)));
                columns.push((format!("{start}_weight"), Found::CategoryWeight(category)));
            }
            category += 1;
        }
        if choices.tags {
            let first = i * tags.len();
            let own = tags.iter().zip(first..);
            columns.extend(own.map(|(tag, at)| (format!("{name}_tag_{tag}"), Found::Tag(at))));
        }
    }
    if choices.text_hash {
        columns.push(("text_hash".to_owned(), Found::TextHash));
    }
    columns
}

fn refuse_clash(fields: &[Field]) -> Result<()> {
    let mut seen = HashSet::new();
    match fields.iter().find(|field| !seen.insert(field.name())) {
        None => Ok(()),
        Some(field) => Err(Error::new(
            Kind::Option,
            format!("two columns would be called \"{}\"", field.name()),
        )
        .hint("keep a field once and none that is called like a column of the table, or rename a dimension or category")),
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
        let choices = Choices {
            keep: vec![Keep::of_name("tokens")],
            ..Choices::default()
        };
        assert!(ScoreTable::new(&lexicon, &choices, Metadata::new()).is_err());
    }
}
