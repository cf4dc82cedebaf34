//! The footer of a Parquet file: what is checked before the decoder believes it, and the types to decode into.

use super::pages::Pages;
use super::parquet::said;
use super::thrift::{NEXT_I32, number};
use crate::panics::contained;
use arrow_schema::{DataType, Field, Fields, Schema};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::basic::{ConvertedType, LogicalType, Type as PhysicalType};
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetStatisticsPolicy;
use parquet::file::reader::{ChunkReader, Length};
use parquet::schema::types::{BasicTypeInfo, SchemaDescriptor, Type, TypePtr};
use std::fs::File;
use std::sync::Arc;
use std::thread;

/// What follows the footer: its length and the mark.
const END: u64 = 8;

/// The longest footer that is read: it tells of some hundred thousand row groups.
const LONGEST: u32 = 64 << 20;

/// How many columns a table may have, those that hold others counted too, and how deep they may lie.
const MOST_COLUMNS: u64 = 4_000;
const DEEPEST: usize = 60;

/// The decoder goes down the columns by calling itself, and so deep must the stack be; it is not used before.
const STACK_A_COLUMN: usize = 16 << 10;

/// Reads the footer of a file.
pub(super) fn read(file: File, length: u64) -> Result<(Pages, ArrowReaderMetadata), String> {
    let pages = Pages::new(file, length);
    let columns = check_end(&pages)?;
    let stack = usize::try_from(columns).unwrap_or_default() * STACK_A_COLUMN + (2 << 20);
    let metadata = thread::scope(|scope| {
        let decode =
            || contained(|| decode(&pages)).unwrap_or_else(|panic| Err(format!("it is damaged: {panic}")));
        let decoding = thread::Builder::new()
            .stack_size(stack)
            .spawn_scoped(scope, decode);
        let decoding = decoding.map_err(|error| format!("it cannot be read: {error}"))?;
        decoding
            .join()
            .unwrap_or_else(|_| Err("its footer is damaged".to_owned()))
    })?;
    Ok((pages.before_footer(), metadata))
}

/// A file that was cut, or packed in a way of its own, has another mark at its end. Gives the number of columns.
fn check_end(pages: &Pages) -> Result<u64, String> {
    let broken = || "its footer is damaged".to_owned();
    let end = pages
        .get_bytes(pages.len().saturating_sub(END), END as usize)
        .map_err(|error| format!("it is cut short: {}", said(&error)))?;
    let footer = end.first_chunk().copied().map_or(0, u32::from_le_bytes);
    match &end[4..] {
        b"PAR1" if footer > LONGEST => {
            let (footer, limit) = (footer >> 20, LONGEST >> 20);
            return Err(format!(
                "its footer of {footer} MiB is over the limit of {limit} MiB"
            ));
        }
        b"PAR1" => {}
        b"PARE" => return Err("it is encrypted".to_owned()),
        _ => return Err("it is cut short: the mark at the end of a Parquet file is missing".to_owned()),
    }
    let start = pages
        .len()
        .checked_sub(END + u64::from(footer))
        .ok_or_else(broken)?;
    let head = pages
        .get_bytes(start, footer.min(20) as usize)
        .map_err(|_| broken())?;
    match columns(&head).ok_or_else(broken)? {
        columns if columns > MOST_COLUMNS => Err(format!(
            "its table has {columns} columns, more than the limit of {MOST_COLUMNS}"
        )),
        columns => Ok(columns),
    }
}

/// The length of the list of columns, the second field of the footer in Thrift's compact form; the first is a version.
fn columns(footer: &[u8]) -> Option<u64> {
    const NEXT_LIST: u8 = 0x19;
    let mut bytes = footer.iter().copied();
    bytes.next().filter(|mark| *mark == NEXT_I32)?;
    number(&mut bytes)?;
    bytes.next().filter(|mark| *mark == NEXT_LIST)?;
    match bytes.next()? >> 4 {
        15 => number(&mut bytes),
        short => Some(short.into()),
    }
}

/// Decodes the footer and decides on the types to decode into: texts stay where they are in their page.
fn decode(pages: &Pages) -> Result<ArrowReaderMetadata, String> {
    let broken = |error: ParquetError| format!("its footer is damaged: {}", said(&error));
    let options = || {
        ArrowReaderOptions::new()
            .with_skip_arrow_metadata(true)
            .with_column_stats_policy(ParquetStatisticsPolicy::SkipAll)
    };
    let metadata = ArrowReaderMetadata::load(pages, options()).map_err(broken)?;
    let columns = metadata.parquet_schema().columns().iter();
    let depth = columns.map(|column| column.path().parts().len()).max();
    if depth.is_some_and(|depth| depth > DEEPEST) {
        return Err(format!("its columns lie in each other more than {DEEPEST} deep"));
    }
    let plain = bytes_for_texts(&metadata.parquet_schema().root_schema_ptr()).map_err(broken)?;
    let options = ArrowReaderOptions::new().with_parquet_schema(Arc::new(SchemaDescriptor::new(plain)));
    let metadata =
        ArrowReaderMetadata::load(pages, options.with_skip_arrow_metadata(true)).map_err(broken)?;
    let schema = Arc::new(Schema::new(views(metadata.schema().fields())));
    let options = ArrowReaderOptions::new().with_schema(schema);
    let metadata = ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), options).map_err(broken)?;
    let groups = metadata.metadata().row_groups().iter();
    let rows = groups.map(|group| u64::try_from(group.num_rows()).ok());
    let rows = rows.sum::<Option<u64>>();
    let told = u64::try_from(metadata.metadata().file_metadata().num_rows()).ok();
    match rows {
        Some(rows) if Some(rows) == told => Ok(metadata),
        _ => Err("its footer is damaged: it contradicts itself about the number of rows".to_owned()),
    }
}

/// The same columns with bytes in place of texts: the decoder gives up a whole page for one bad byte in a text, and we
/// put it right.
fn bytes_for_texts(column: &TypePtr) -> Result<TypePtr, ParquetError> {
    let info = column.get_basic_info();
    let made = match column.as_ref() {
        Type::PrimitiveType { physical_type, .. } if is_text(*physical_type, info) => {
            Type::primitive_type_builder(info.name(), *physical_type)
                .with_repetition(info.repetition())
                .build()?
        }
        Type::PrimitiveType { .. } => return Ok(Arc::clone(column)),
        Type::GroupType { fields, .. } => {
            let fields = fields.iter().map(bytes_for_texts).collect::<Result<_, _>>()?;
            let group = Type::group_type_builder(info.name())
                .with_fields(fields)
                .with_logical_type(info.logical_type_ref().cloned())
                .with_converted_type(info.converted_type());
            match info.has_repetition() {
                true => group.with_repetition(info.repetition()).build()?,
                false => group.build()?,
            }
        }
    };
    Ok(Arc::new(made))
}

fn is_text(kind: PhysicalType, info: &BasicTypeInfo) -> bool {
    use ConvertedType::{ENUM, JSON, UTF8};
    kind == PhysicalType::BYTE_ARRAY
        && match info.logical_type_ref() {
            Some(logical) => matches!(
                logical,
                LogicalType::String | LogicalType::Json | LogicalType::Enum
            ),
            None => matches!(info.converted_type(), UTF8 | JSON | ENUM),
        }
}

fn views(fields: &Fields) -> Fields {
    let viewed = fields.iter().map(|field| {
        let kind = match field.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
            DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
            DataType::Struct(fields) => DataType::Struct(views(fields)),
            other => other.clone(),
        };
        Field::clone(field).with_data_type(kind)
    });
    viewed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_before_they_are_read() {
        assert_eq!(columns(&[0x15, 0x04, 0x19, 0x3c, 0x35]), Some(3));
        assert_eq!(columns(&[0x15, 0x02, 0x19, 0xfc, 0x90, 0x4e]), Some(10_000));
        for broken in [
            &b""[..],
            b"\x15\x02",
            b"\x15\x02\x19",
            b"\x19\x3c",
            b"\x15\x02\x19\xfc\xff",
        ] {
            assert_eq!(columns(broken), None);
        }
    }
}
