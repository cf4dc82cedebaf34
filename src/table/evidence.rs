//! The evidence table: one row a match. Owns its columns.

use super::context::{left, right};
use super::{Cells, Rows, Value, identifier};
use crate::document::Document;
use crate::engine::Evidence;
use crate::error::Result;
use crate::lexicon::Lexicon;
use arrow_array::RecordBatch;
use arrow_schema::{Field, Metadata, Schema, SchemaRef};
use std::sync::Arc;

const COLUMNS: [(&str, Cells); 18] = [
    ("id", Cells::Text),
    ("date", Cells::Text),
    ("source", Cells::Text),
    ("dimension", Cells::Text),
    ("category", Cells::Text),
    ("term", Cells::Text),
    ("status", Cells::Text),
    ("surface", Cells::Text),
    ("start", Cells::Int),
    ("end", Cells::Int),
    ("byte_start", Cells::Int),
    ("byte_end", Cells::Int),
    ("sentence_start", Cells::Int),
    ("sentence_end", Cells::Int),
    ("tags", Cells::Words),
    ("weight", Cells::Float),
    ("left", Cells::Text),
    ("right", Cells::Text),
];

/// Names and types of the columns, with what the table is about.
pub fn evidence_schema(about: Metadata) -> SchemaRef {
    let fields: Vec<Field> = COLUMNS.iter().map(|(name, cells)| cells.field(name)).collect();
    Arc::new(Schema::new_with_metadata(fields, about))
}

/// Rows of the evidence table, growing.
#[derive(Debug)]
pub struct EvidenceRows {
    lexicon: Arc<Lexicon>,
    tags: Vec<String>,
    rows: Rows,
}

impl EvidenceRows {
    /// An empty set of rows of a table with this schema.
    pub fn new(lexicon: Arc<Lexicon>, schema: SchemaRef) -> Self {
        let rows = Rows::new(schema, COLUMNS.map(|(_, cells)| cells));
        let tags = lexicon.tags().into_iter().map(str::to_owned).collect();
        Self { lexicon, tags, rows }
    }

    /// Appends the matches of a document.
    pub fn push(&mut self, document: &Document<'_>, matches: &[Evidence]) {
        let Some(text) = document.text.as_deref() else {
            return;
        };
        let id = identifier(document);
        for evidence in matches {
            let tags = evidence.tags_of(&self.tags);
            let row = row(&self.lexicon, document, id.as_deref(), text, evidence, &tags);
            self.rows.push(row);
        }
    }

    /// The rows so far; the next ones begin a new batch.
    pub fn finish(&mut self) -> Result<RecordBatch> {
        self.rows.finish()
    }
}

/// The cells of a match, in the order of the columns.
fn row<'a>(
    lexicon: &'a Lexicon,
    document: &'a Document<'a>,
    id: Option<&'a str>,
    text: &'a str,
    evidence: &Evidence,
    tags: &'a [&'a str],
) -> [Value<'a>; COLUMNS.len()] {
    let dimension = &lexicon.dimensions[evidence.dimension];
    let category = &dimension.categories[evidence.category];
    let term = &category.terms[evidence.term];
    let (chars, bytes, sentence) = (evidence.chars, evidence.bytes, evidence.sentence);
    [
        Value::Text(id.map(Into::into)),
        Value::lent(document.date.as_ref()),
        Value::lent(document.source.as_ref()),
        Value::text(&dimension.name),
        Value::text(&category.name),
        Value::text(&term.text),
        Value::text(evidence.status.name()),
        Value::text(&text[bytes.start..bytes.end]),
        Value::count(chars.start),
        Value::count(chars.end),
        Value::count(bytes.start),
        Value::count(bytes.end),
        Value::count(sentence.start),
        Value::count(sentence.end),
        Value::Words(tags),
        Value::Float(Some(category.weight_of(term))),
        Value::Text(Some(left(text, bytes.start).into())),
        Value::Text(Some(right(text, bytes.end).into())),
    ]
}
