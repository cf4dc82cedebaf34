//! The tables that a run or a call gives, and the only place where the names of their columns live. A table is a list
//! of columns; rows are appended column by column and leave as Arrow record batches.

mod about;
mod context;
mod evidence;
mod found;
mod rejects;
mod scores;

pub use about::{VERSION, about};
pub use evidence::{EvidenceRows, evidence_schema};
pub use rejects::{RejectRows, rejects_schema};
pub use scores::{Choices, Keep, ScoreRows, ScoreTable};

use crate::document::Document;
use crate::error::{Error, Kind, Result};
use arrow_array::builder::{Float64Builder, Int64Builder, ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Metadata, SchemaRef};
use std::borrow::Cow;
use std::sync::Arc;

/// The columns whose words come from the lexicon or from this program, never from a document or a file's name.
const OWN_WORDS: [&str; 8] = [
    "dimension",
    "category",
    "term",
    "status",
    "code",
    "date_kind",
    "date_precision",
    "text_hash",
];

/// Marks a column that is kept from the input: it may be called like one of ours.
const KEPT: &str = "pressgauge.kept";

fn stranger(column: Field) -> Field {
    column.with_metadata(Metadata::new().with(KEPT, "true"))
}

/// Whether the cells of a column may hold what a stranger wrote: a spreadsheet must not run them as formulas.
pub fn is_foreign(column: &Field) -> bool {
    column.metadata().contains_key(KEPT) || !OWN_WORDS.contains(&column.name().as_str())
}

/// The columns whose cells hardly ever repeat one another: a dictionary of them would be as long as they are.
const ALL_DIFFERENT: [&str; 7] = ["record", "id", "title", "url", "text_hash", "left", "right"];

/// Whether it is of no use to look for cells of a column that are alike.
pub fn is_all_different(column: &Field) -> bool {
    ALL_DIFFERENT.contains(&column.name().as_str())
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cells {
    Text,
    Int,
    Float,
    Words,
}

impl Cells {
    fn data_type(self) -> DataType {
        match self {
            Cells::Text => DataType::Utf8,
            Cells::Int => DataType::Int64,
            Cells::Float => DataType::Float64,
            Cells::Words => DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
        }
    }

    fn field(self, name: &str) -> Field {
        Field::new(name, self.data_type(), true)
    }

    fn builder(self) -> Builder {
        match self {
            Cells::Text => Builder::Text(StringBuilder::new()),
            Cells::Int => Builder::Int(Int64Builder::new()),
            Cells::Float => Builder::Float(Float64Builder::new()),
            Cells::Words => Builder::Words(ListBuilder::new(StringBuilder::new())),
        }
    }
}

/// One cell on its way into a column.
#[derive(Debug)]
enum Value<'a> {
    Text(Option<Cow<'a, str>>),
    Int(Option<i64>),
    Float(Option<f64>),
    Words(&'a [&'a str]),
}

impl<'a> Value<'a> {
    fn text(text: &'a str) -> Self {
        Value::Text(Some(Cow::Borrowed(text)))
    }

    /// A text that the document owns, if it has it.
    fn lent(text: Option<&'a Cow<'a, str>>) -> Self {
        Value::Text(text.map(|text| Cow::Borrowed(text.as_ref())))
    }

    /// Counts and offsets are far below 2^63.
    fn count(count: impl TryInto<i64>) -> Self {
        Value::Int(count.try_into().ok())
    }
}

/// A column that grows.
#[derive(Debug)]
enum Builder {
    Text(StringBuilder),
    Int(Int64Builder),
    Float(Float64Builder),
    Words(ListBuilder<StringBuilder>),
}

impl Builder {
    /// Appends a cell. A value of another kind than the column's becomes null: lengths stay equal, whatever happens.
    fn push(&mut self, value: Value<'_>) {
        match (self, value) {
            (Builder::Text(cells), Value::Text(text)) => cells.append_option(text),
            (Builder::Int(cells), Value::Int(number)) => cells.append_option(number),
            (Builder::Float(cells), Value::Float(number)) => cells.append_option(number),
            (Builder::Words(cells), Value::Words(words)) => {
                words.iter().for_each(|word| cells.values().append_value(word));
                cells.append(true);
            }
            (Builder::Text(cells), _) => cells.append_null(),
            (Builder::Int(cells), _) => cells.append_null(),
            (Builder::Float(cells), _) => cells.append_null(),
            (Builder::Words(cells), _) => cells.append_null(),
        }
    }

    fn push_nulls(&mut self, count: usize) {
        match self {
            Builder::Text(cells) => cells.append_nulls(count),
            Builder::Int(cells) => cells.append_nulls(count),
            Builder::Float(cells) => cells.append_nulls(count),
            Builder::Words(cells) => cells.append_nulls(count),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Text(cells) => Arc::new(cells.finish()),
            Builder::Int(cells) => Arc::new(cells.finish()),
            Builder::Float(cells) => Arc::new(cells.finish()),
            Builder::Words(cells) => Arc::new(cells.finish()),
        }
    }
}

/// The columns of a schema, growing together.
#[derive(Debug)]
struct Rows {
    schema: SchemaRef,
    builders: Vec<Builder>,
}

impl Rows {
    fn new(schema: SchemaRef, cells: impl IntoIterator<Item = Cells>) -> Self {
        let builders = cells.into_iter().map(Cells::builder).collect();
        Self { schema, builders }
    }

    /// Appends one row: a value for each column, in order.
    fn push<'a>(&mut self, values: impl IntoIterator<Item = Value<'a>>) {
        for (builder, value) in self.builders.iter_mut().zip(values) {
            builder.push(value);
        }
    }

    /// The rows so far as a batch; the next rows begin anew.
    fn finish(&mut self) -> Result<RecordBatch> {
        let columns = self.builders.iter_mut().map(Builder::finish).collect();
        batch(&self.schema, columns)
    }
}

fn batch(schema: &SchemaRef, columns: Vec<ArrayRef>) -> Result<RecordBatch> {
    RecordBatch::try_new(schema.clone(), columns).map_err(|error| {
        let message = format!("a table's columns do not fit its schema: {error}");
        Error::new(Kind::Internal, message)
    })
}

/// The document's identifier: its own, else `path[!member]#record`; none where there are no files.
fn identifier<'a>(document: &'a Document<'a>) -> Option<Cow<'a, str>> {
    if let Some(id) = &document.id {
        return Some(Cow::Borrowed(id));
    }
    let (path, record) = (document.path, document.record);
    match document.member {
        _ if path.is_empty() => None,
        Some(member) => Some(format!("{path}!{member}#{record}").into()),
        None => Some(format!("{path}#{record}").into()),
    }
}
