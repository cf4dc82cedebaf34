//! Tables that lie column by column: Parquet and Arrow. Only the columns that the mapping asks for are decoded; runs
//! of rows travel to the workers, which make documents of them. Owns what both formats share.

mod arrow;
mod blocks;
mod cells;
mod footer;
mod messages;
mod pages;
mod parquet;
mod parse;
mod thrift;
mod turns;

pub use self::cells::shown;
pub(super) use self::messages::begins as begins_as_arrow;
pub(super) use self::parse::parse;
pub(super) use self::turns::Turns;

use self::arrow::Batches;
use self::blocks::Blocks;
use self::parquet::Groups;
use super::batch::Batch;
use super::fields::Mapping;
use super::file::Bounds;
use super::layout::{self, Verdict};
use super::names::{Field, Overrides, normal};
use super::stream::{Stream, Watch};
use super::walk::Input;
use super::{Format, Layout, Origin, Settings, Source};
use crate::error::Result;
use crate::panics::contained;
use arrow_array::RecordBatch;
use arrow_schema::{DataType, Fields};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A run of rows on its way to a worker.
#[derive(Debug)]
pub struct Rows {
    pub(super) source: Arc<Source>,
    /// The first one's number, from 1.
    pub(super) record: i64,
    /// How many they are.
    pub(super) rows: usize,
    data: Data,
}

/// What a worker makes rows of.
#[derive(Debug)]
enum Data {
    /// Rows that are decoded already, with what lives as long as they do.
    Decoded(
        RecordBatch,
        #[expect(dead_code, reason = "only its end is looked at")] Arc<()>,
    ),
    /// Rows to be decoded.
    Packed(parquet::Slice),
}

/// Rows that cannot be read, though those around them may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// The file.
    pub origin: Origin,
    /// The first row, from 1.
    pub first: i64,
    /// The last row.
    pub last: i64,
    /// What is wrong with them, without an end.
    pub reason: String,
}

impl Loss {
    /// Takes in what comes right behind and is lost for the same reason; says whether it did.
    pub fn takes(&mut self, next: &Loss) -> bool {
        let same = self.origin == next.origin && self.reason == next.reason && self.last + 1 == next.first;
        if same {
            self.last = next.last;
        }
        same
    }

    /// The loss in a sentence.
    pub fn sentence(&self) -> String {
        let (first, last) = (self.first, self.last);
        match first == last {
            true => format!("row {first} is lost: {}", self.reason),
            false => format!("rows {first} to {last} are lost: {}", self.reason),
        }
    }
}

/// A file of columns being read.
pub(super) struct Table<'a> {
    source: Arc<Source>,
    rows: Kind<'a>,
    /// The next row's number.
    record: i64,
    damage: Option<String>,
}

enum Kind<'a> {
    Parquet(Groups<'a>),
    Arrow(Box<Batches<'a>>),
}

/// What a look at a file of columns says: the table with what there is to tell of it, or why not.
pub(super) type Opened<'a> = std::result::Result<(Table<'a>, Vec<String>), Verdict>;

/// Opens a Parquet file, which is read from its end. A file without a text column is an error that ends the run.
/// So many bytes of it are told as read already.
pub(super) fn open_parquet<'a>(
    input: &Input,
    settings: &Settings,
    watch: Watch<'a>,
    told: u64,
) -> Result<Opened<'a>> {
    let opened = contained(|| Groups::open(input, settings, watch, told));
    opened_as(&Origin::of(&input.name), opened, Kind::Parquet)
}

/// Opens an Arrow file or stream. A stream is read from its beginning, a file by its table of contents if it lies there
/// plain, as this input; so many bytes of it are told as read already.
pub(super) fn open_arrow<'a>(
    origin: &Origin,
    settings: &Settings,
    stream: Stream<'a>,
    watch: Watch<'a>,
    plain: Option<(&Input, u64)>,
) -> Result<Opened<'a>> {
    let opened = contained(|| {
        let blocks = plain.and_then(|(input, told)| Blocks::open(input, watch, told));
        Batches::open(blocks, stream, settings, watch)
    });
    opened_as(origin, opened, |batches| Kind::Arrow(Box::new(batches)))
}

/// What opening gives: rows with their mapping and warnings, or why there are none; an error ends the run.
type Found<T> = Result<std::result::Result<(T, Mapping, Vec<String>), String>>;

fn opened_as<'a, T>(
    origin: &Origin,
    opened: std::result::Result<Found<T>, String>,
    kind: impl FnOnce(T) -> Kind<'a>,
) -> Result<Opened<'a>> {
    let found = opened.unwrap_or_else(|panic| Ok(Err(format!("it is damaged: {panic}"))));
    let (rows, mapping, warnings) = match found.map_err(|error| error.at_path(origin.to_string()))? {
        Ok(found) => found,
        Err(reason) => return Ok(Err(Verdict::Refused(reason))),
    };
    let source = Arc::new(Source {
        origin: origin.clone(),
        layout: Layout::Columns(mapping),
    });
    let table = Table {
        source,
        rows: kind(rows),
        record: 1,
        damage: None,
    };
    Ok(Ok((table, warnings)))
}

impl Table<'_> {
    /// The file's name.
    pub(super) fn origin(&self) -> &Origin {
        &self.source.origin
    }

    /// Which columns make which fields.
    pub(super) fn layout(&self) -> &Layout {
        &self.source.layout
    }

    /// The file's format.
    pub(super) fn format(&self) -> Format {
        match self.rows {
            Kind::Parquet(_) => Format::Parquet,
            Kind::Arrow(_) => Format::Arrow,
        }
    }

    /// How many rows were met.
    pub(super) fn records(&self) -> i64 {
        self.record - 1
    }

    /// Why the file could not be read to its end.
    pub(super) fn damage(&self) -> Option<&str> {
        self.damage.as_deref()
    }

    /// Adds the next run of rows to the batch; says whether the file goes on.
    pub(super) fn add_to(&mut self, batch: &mut Batch, bounds: Bounds) -> bool {
        let most = bounds.records.saturating_sub(batch.records).max(1);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let next = contained(|| match &mut self.rows {
            Kind::Parquet(groups) => groups.next(most),
            Kind::Arrow(batches) => batches.next(most, bounds.bytes, batch.is_empty()),
        });
        match next.unwrap_or_else(|panic| Next::Damaged(format!("it is damaged: {panic}"))) {
            Next::Rows { data, rows, bytes } => {
                let held = match &data {
                    Data::Decoded(_, _) => bytes,
                    Data::Packed(_) => bytes.min(bounds.bytes),
                };
                batch.push_rows(self.rows(data, rows), bytes, held);
                self.record += rows as i64;
                true
            }
            Next::Later => {
                batch.close();
                true
            }
            Next::End => false,
            Next::Damaged(reason) => {
                self.damage = Some(reason);
                false
            }
        }
    }

    fn rows(&self, data: Data, rows: usize) -> Rows {
        Rows {
            source: Arc::clone(&self.source),
            record: self.record,
            rows,
            data,
        }
    }
}

/// What comes next in a file.
enum Next {
    /// Rows, how many, and about how many bytes they hold.
    Rows { data: Data, rows: usize, bytes: usize },
    /// Nothing before the workers are done with what they have.
    Later,
    /// The file is over.
    End,
    /// The rest cannot be read.
    Damaged(String),
}

/// Decides which columns make which fields, with a warning for each choice that is not there.
fn decide(schema: &Fields, overrides: &Overrides) -> Result<(Mapping, Vec<String>)> {
    let names: Vec<String> = schema.iter().map(|field| field.name().clone()).collect();
    let mut mapping = Mapping::decide(&names, overrides);
    let found = |column: &usize| find(schema, &mapping.columns()[*column]);
    let texts: Vec<_> = mapping.picks(Field::Text).iter().filter_map(found).collect();
    if texts.is_empty() {
        return Err(layout::no_text("the file has", &names, overrides));
    }
    if let Some(kind) = texts.iter().all(|kind| !may_hold_text(kind)).then(|| texts[0]) {
        let column = mapping.columns()[mapping.picks(Field::Text)[0]].join(".");
        return Err(layout::not_text(&column, kind));
    }
    let known: Vec<_> = mapping
        .columns()
        .iter()
        .filter(|path| find(schema, path).is_some())
        .map(|path| normal(&path.join(".")))
        .collect();
    let missing = |name: &str| !known.contains(&normal(name));
    let warnings = layout::unfound(overrides, &mut mapping, &names, missing);
    Ok((mapping, warnings))
}

/// The type of the column at this path.
fn find<'a>(fields: &'a Fields, path: &[String]) -> Option<&'a DataType> {
    let (name, rest) = path.split_first()?;
    let (_, field) = fields.find(name)?;
    match (rest, field.data_type()) {
        ([], kind) => Some(kind),
        (rest, DataType::Struct(fields)) => find(fields, rest),
        _ => None,
    }
}

fn may_hold_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => may_hold_text(values),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::Null => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss(path: &str, first: i64, last: i64) -> Loss {
        Loss {
            origin: Origin::of(path),
            first,
            last,
            reason: "row group 1 is damaged".to_owned(),
        }
    }

    #[test]
    fn losses_that_lie_together_are_one() {
        let mut whole = loss("a", 1, 10);
        assert!(whole.takes(&loss("a", 11, 20)) && !whole.takes(&loss("a", 30, 40)));
        assert!(!whole.takes(&loss("b", 21, 22)));
        assert_eq!(whole.sentence(), "rows 1 to 20 are lost: row group 1 is damaged");
        assert_eq!(
            loss("a", 7, 7).sentence(),
            "row 7 is lost: row group 1 is damaged"
        );
    }
}
