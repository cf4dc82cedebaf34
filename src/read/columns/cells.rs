//! From a cell of a column to a value of a record: texts are borrowed where they lie, dates are told from their type.

use crate::read::Repairs;
use crate::read::dates;
use crate::read::fields::Value;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, Float32Type,
    Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch, StructArray};
use arrow_schema::{DataType, TimeUnit};
use std::borrow::Cow;

/// A column of a batch, with the structs that it lies in: where one of them is null, so is it.
pub(super) struct Column<'a> {
    around: Vec<&'a StructArray>,
    cells: &'a ArrayRef,
}

impl<'a> Column<'a> {
    /// The column at this path.
    pub(super) fn find(batch: &'a RecordBatch, path: &[String]) -> Option<Self> {
        let (first, rest) = path.split_first()?;
        let mut column = Self {
            around: Vec::new(),
            cells: batch.column_by_name(first)?,
        };
        for name in rest {
            let outer = column.cells.as_struct_opt()?;
            column.cells = outer.column_by_name(name)?;
            column.around.push(outer);
        }
        Some(column)
    }

    /// The value in this row.
    pub(super) fn value(&self, row: usize, repairs: &mut Repairs) -> Value<'a> {
        match self.around.iter().any(|outer| outer.is_null(row)) {
            true => Value::Null,
            false => value(self.cells.as_ref(), row, repairs),
        }
    }
}

/// A cell as text: strings as they are, dates in ISO 8601, numbers as their digits; nothing where it is null.
pub fn shown(cells: &dyn Array, row: usize) -> Option<String> {
    match value(cells, row, &mut Repairs::default()) {
        Value::Text(text) => Some(text.into_owned()),
        Value::Number(text) | Value::Other(text) => Some(text),
        Value::Moment(written) => Some(written.iso),
        Value::Absent | Value::Null => None,
    }
}

fn value<'a>(cells: &'a dyn Array, row: usize, repairs: &mut Repairs) -> Value<'a> {
    if cells.is_null(row) {
        return Value::Null;
    }
    let text = |text: &'a str| Value::Text(Cow::Borrowed(text));
    match cells.data_type() {
        DataType::Utf8 => text(cells.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => text(cells.as_string::<i64>().value(row)),
        DataType::Utf8View => text(cells.as_string_view().value(row)),
        DataType::Binary => bytes(cells.as_binary::<i32>().value(row), repairs),
        DataType::LargeBinary => bytes(cells.as_binary::<i64>().value(row), repairs),
        DataType::BinaryView => bytes(cells.as_binary_view().value(row), repairs),
        DataType::Dictionary(_, _) => {
            let dictionary = cells.as_any_dictionary();
            let key = integer(dictionary.keys(), row).and_then(|key| usize::try_from(key).ok());
            let values = dictionary.values().as_ref();
            key.filter(|key| *key < values.len())
                .map_or(Value::Null, |key| value(values, key, repairs))
        }
        DataType::Null => Value::Null,
        DataType::Boolean => Value::Other(cells.as_boolean().value(row).to_string()),
        _ => number(cells, row)
            .or_else(|| moment(cells, row))
            .unwrap_or(Value::Other(String::new())),
    }
}

/// Columns of bytes hold texts in files whose writers knew no better.
fn bytes<'a>(bytes: &'a [u8], repairs: &mut Repairs) -> Value<'a> {
    let text = simdutf8::basic::from_utf8(bytes).map_or_else(
        |_| {
            let chunks = bytes.utf8_chunks();
            repairs.utf8 += chunks.filter(|chunk| !chunk.invalid().is_empty()).count() as u64;
            String::from_utf8_lossy(bytes)
        },
        Cow::Borrowed,
    );
    Value::Text(text)
}

fn integer(cells: &dyn Array, row: usize) -> Option<i128> {
    Some(match cells.data_type() {
        DataType::Int8 => cells.as_primitive::<Int8Type>().value(row).into(),
        DataType::Int16 => cells.as_primitive::<Int16Type>().value(row).into(),
        DataType::Int32 => cells.as_primitive::<Int32Type>().value(row).into(),
        DataType::Int64 => cells.as_primitive::<Int64Type>().value(row).into(),
        DataType::UInt8 => cells.as_primitive::<UInt8Type>().value(row).into(),
        DataType::UInt16 => cells.as_primitive::<UInt16Type>().value(row).into(),
        DataType::UInt32 => cells.as_primitive::<UInt32Type>().value(row).into(),
        DataType::UInt64 => cells.as_primitive::<UInt64Type>().value(row).into(),
        _ => return None,
    })
}

fn number<'a>(cells: &dyn Array, row: usize) -> Option<Value<'a>> {
    let digits = match cells.data_type() {
        DataType::Float32 => cells.as_primitive::<Float32Type>().value(row).to_string(),
        DataType::Float64 => cells.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::Decimal32(_, _) => cells.as_primitive::<Decimal32Type>().value_as_string(row),
        DataType::Decimal64(_, _) => cells.as_primitive::<Decimal64Type>().value_as_string(row),
        DataType::Decimal128(_, _) => cells.as_primitive::<Decimal128Type>().value_as_string(row),
        DataType::Decimal256(_, _) => cells.as_primitive::<Decimal256Type>().value_as_string(row),
        _ => integer(cells, row)?.to_string(),
    };
    Some(Value::Number(digits))
}

/// Days and moments; those that no calendar knows stay the number that they are.
fn moment<'a>(cells: &dyn Array, row: usize) -> Option<Value<'a>> {
    const DAY: i64 = 24 * 60 * 60;
    let (count, written) = match cells.data_type() {
        DataType::Date32 => {
            let days = i64::from(cells.as_primitive::<Date32Type>().value(row));
            (days, dates::of_day(days))
        }
        DataType::Date64 => {
            let count = cells.as_primitive::<Date64Type>().value(row);
            (count, dates::of_day(count.div_euclid(1000 * DAY)))
        }
        DataType::Timestamp(unit, zone) => {
            let (count, a_second) = match unit {
                TimeUnit::Second => (cells.as_primitive::<TimestampSecondType>().value(row), 1),
                TimeUnit::Millisecond => (cells.as_primitive::<TimestampMillisecondType>().value(row), 1_000),
                TimeUnit::Microsecond => (
                    cells.as_primitive::<TimestampMicrosecondType>().value(row),
                    1_000_000,
                ),
                TimeUnit::Nanosecond => (
                    cells.as_primitive::<TimestampNanosecondType>().value(row),
                    1_000_000_000,
                ),
            };
            (
                count,
                dates::of_second(count.div_euclid(a_second), zone.is_some()),
            )
        }
        _ => return None,
    };
    Some(written.map_or_else(|| Value::Other(count.to_string()), Value::Moment))
}
