//! Parquet on the reader thread: the footer says what there is, and row groups are cut into slices that workers
//! decode. A slice ends where a page of the largest column does, so that hardly any page is unpacked twice.

use super::pages::Pages;
use super::{Data, Found, Next, decide, footer};
use crate::read::Settings;
use crate::read::fields::Mapping;
use crate::read::stream::Watch;
use crate::read::walk::Input;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Compression;
use parquet::column::page::PageReader;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::serialized_reader::SerializedPageReader;
use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// About how many bytes a slice holds, unpacked; and how many rows at most, or the rows of many columns that are made
/// of it would outgrow it.
const SLICE_BYTES: u64 = 8 << 20;
const SLICE_ROWS: usize = 16_384;

/// About how many bytes are decoded at once.
const STEP_BYTES: u64 = 1 << 20;
const STEP_ROWS: usize = 1024;

/// A file with all that is needed to decode any part of it; shared by its slices.
#[derive(Debug)]
struct Opened {
    pages: Pages,
    metadata: ArrowReaderMetadata,
    projection: ProjectionMask,
    /// The positions of the columns that are read.
    leaves: Vec<usize>,
}

/// Rows of one row group, to be decoded.
#[derive(Debug)]
pub(super) struct Slice {
    file: Arc<Opened>,
    group: usize,
    /// How many rows of the group come before.
    before: usize,
    rows: usize,
    step: usize,
    /// About how many bytes a worker holds while it decodes.
    pub(super) weight: usize,
}

/// The row groups of a file, in order.
pub(super) struct Groups<'a> {
    file: Arc<Opened>,
    next: usize,
    current: Option<Group>,
    watch: Watch<'a>,
    /// What is told of the file's length, and what of it is told already: progress goes by rows.
    length: u64,
    told: u64,
    rows: u64,
    seen: u64,
}

/// A row group that is being cut.
struct Group {
    group: usize,
    before: usize,
    /// The rows of each slice, the last one first.
    slices: Vec<usize>,
    row_bytes: u64,
    weight: usize,
}

impl<'a> Groups<'a> {
    /// Reads the footer; so many bytes of the file are told as read already.
    pub(super) fn open(input: &Input, settings: &Settings, watch: Watch<'a>, told: u64) -> Found<Self> {
        let (file, mapping, warnings) = match opened(input, settings)? {
            Ok(opened) => opened,
            Err(reason) => return Ok(Err(reason)),
        };
        let rows = file.metadata.metadata().file_metadata().num_rows();
        let groups = Self {
            file: Arc::new(file),
            next: 0,
            current: None,
            watch,
            length: input.size.unwrap_or_default(),
            told,
            rows: u64::try_from(rows).unwrap_or_default(),
            seen: 0,
        };
        Ok(Ok((groups, mapping, warnings)))
    }

    /// The next slice, of so many rows at most.
    pub(super) fn next(&mut self, most: usize) -> Next {
        loop {
            let Some(group) = &mut self.current else {
                let groups = self.file.metadata.metadata().num_row_groups();
                if self.next == groups {
                    self.tell(self.length);
                    return Next::End;
                }
                self.current = Some(Group::new(&self.file, self.next));
                self.next += 1;
                continue;
            };
            let Some(wanted) = group.slices.pop() else {
                self.current = None;
                continue;
            };
            let rows = wanted.min(most);
            if rows < wanted {
                group.slices.push(wanted - rows);
            }
            let slice = group.slice(&self.file, rows);
            let bytes = usize::try_from(group.row_bytes * rows as u64).unwrap_or(usize::MAX);
            self.seen += rows as u64;
            let share = u128::from(self.length) * u128::from(self.seen) / u128::from(self.rows.max(1));
            self.tell(u64::try_from(share).unwrap_or(u64::MAX).min(self.length));
            return Next::Rows {
                data: Data::Packed(slice),
                rows,
                bytes,
            };
        }
    }

    fn tell(&mut self, bytes: u64) {
        let more = bytes.saturating_sub(self.told);
        self.told += more;
        self.watch.bytes.fetch_add(more, Ordering::Relaxed);
    }
}

impl Group {
    fn new(file: &Arc<Opened>, group: usize) -> Self {
        let metadata = file.metadata.metadata().row_group(group);
        let rows = usize::try_from(metadata.num_rows()).unwrap_or_default();
        let size = |column: &ColumnChunkMetaData| u64::try_from(column.uncompressed_size()).unwrap_or(0);
        let chunks = file.leaves.iter().map(|leaf| metadata.column(*leaf));
        let bytes: u64 = chunks.clone().map(size).fold(0, u64::saturating_add);
        let row_bytes = bytes / (rows as u64).max(1);
        let largest = chunks.clone().max_by_key(|column| size(column));
        let pages = largest
            .and_then(|column| pages(file, column, rows))
            .unwrap_or_else(|| vec![rows]);
        let page = pages.iter().max().copied().unwrap_or_default() as u64;
        // A page is held as it is and unpacked.
        let packed = chunks.map(|column| u64::try_from(column.compressed_size()).unwrap_or(0));
        let packed = packed.fold(0, u64::saturating_add) / (rows as u64).max(1);
        let weight = page
            .saturating_mul(row_bytes.saturating_add(packed))
            .max(STEP_BYTES);
        Self {
            group,
            before: 0,
            slices: slices(&pages, row_bytes).into_iter().rev().collect(),
            row_bytes,
            weight: usize::try_from(weight).unwrap_or(usize::MAX),
        }
    }

    fn slice(&mut self, file: &Arc<Opened>, rows: usize) -> Slice {
        let step = (STEP_BYTES / self.row_bytes.max(1)).clamp(1, STEP_ROWS as u64);
        let before = self.before;
        self.before += rows;
        Slice {
            file: Arc::clone(file),
            group: self.group,
            before,
            rows,
            step: usize::try_from(step).unwrap_or(STEP_ROWS),
            weight: self.weight,
        }
    }
}

impl Slice {
    /// A reader of these rows, some of them at a time.
    pub(super) fn reader(&self) -> Result<ParquetRecordBatchReader, ParquetError> {
        let file = &self.file;
        ParquetRecordBatchReaderBuilder::new_with_metadata(file.pages.clone(), file.metadata.clone())
            .with_projection(file.projection.clone())
            .with_row_groups(vec![self.group])
            .with_offset(self.before)
            .with_limit(self.rows)
            .with_batch_size(self.step)
            .build()
    }

    /// The row group, from 1, as people count.
    pub(super) fn group(&self) -> usize {
        self.group + 1
    }
}

/// How many rows each page of a column holds; nothing if its headers do not tell.
fn pages(file: &Opened, column: &ColumnChunkMetaData, rows: usize) -> Option<Vec<usize>> {
    let mut reader = SerializedPageReader::new(Arc::new(file.pages.clone()), column, rows, None).ok()?;
    let (mut pages, mut sum) = (Vec::new(), 0_usize);
    while let Some(page) = reader.peek_next_page().ok()? {
        if !page.is_dict {
            let count = page.num_rows.or(page.num_levels)?;
            sum = sum.checked_add(count).filter(|sum| *sum <= rows)?;
            pages.push(count);
        }
        reader.skip_next_page().ok()?;
    }
    (sum == rows).then_some(pages)
}

/// Joins small pages and divides large ones: the rows of each slice.
fn slices(pages: &[usize], row_bytes: u64) -> Vec<usize> {
    let (mut slices, mut open) = (Vec::new(), 0);
    for &page in pages.iter().filter(|rows| **rows > 0) {
        let joined = open + page;
        if open > 0 && (joined > SLICE_ROWS || joined as u64 * row_bytes > SLICE_BYTES) {
            slices.push(open);
            open = 0;
        }
        open += page;
        while open > SLICE_ROWS {
            slices.push(SLICE_ROWS);
            open -= SLICE_ROWS;
        }
    }
    slices.extend((open > 0).then_some(open));
    slices
}

type What = std::result::Result<(Opened, Mapping, Vec<String>), String>;

fn opened(input: &Input, settings: &Settings) -> crate::error::Result<What> {
    let found = File::open(&input.path)
        .map_err(|error| format!("it cannot be read: {error}"))
        .and_then(|file| footer::read(file, input.size.unwrap_or_default()));
    let (pages, metadata) = match found {
        Ok(found) => found,
        Err(reason) => return Ok(Err(reason)),
    };
    let (mapping, mut warnings) = decide(metadata.schema().fields(), &settings.fields)?;
    let schema = metadata.parquet_schema();
    let wanted = |path: &[String]| mapping.columns().iter().any(|column| column == path);
    let leaves = schema.columns().iter().enumerate();
    let leaves: Vec<usize> = leaves
        .filter(|(_, leaf)| leaf.max_rep_level() == 0 && wanted(leaf.path().parts()))
        .map(|(at, _)| at)
        .collect();
    if let Some(reason) = refused(metadata.metadata().row_groups(), &leaves) {
        return Ok(Err(reason));
    }
    warnings.extend(unkept(&mapping, &leaves, &metadata));
    let projection = ProjectionMask::leaves(schema, leaves.iter().copied());
    let opened = Opened {
        pages,
        projection,
        leaves,
        metadata,
    };
    Ok(Ok((opened, mapping, warnings)))
}

/// Why the columns cannot be decoded, if one is packed with what is not read.
fn refused(groups: &[RowGroupMetaData], leaves: &[usize]) -> Option<String> {
    let columns = groups
        .iter()
        .flat_map(|group| leaves.iter().filter_map(|leaf| group.columns().get(*leaf)));
    let unknown = |column: &&ColumnChunkMetaData| {
        matches!(column.compression(), Compression::BROTLI(_) | Compression::LZO)
    };
    let mut columns = columns.filter(unknown);
    columns.next().map(|column| {
        let codec = match column.compression() {
            Compression::BROTLI(_) => "Brotli",
            _ => "LZO",
        };
        let name = column.column_path().string();
        format!(
            "its column `{}` is packed with {codec}, which is not read; write it with zstd",
            name.escape_debug()
        )
    })
}

/// A warning for each kept column that holds something else than single values.
fn unkept(mapping: &Mapping, leaves: &[usize], metadata: &ArrowReaderMetadata) -> Vec<String> {
    let schema = metadata.parquet_schema();
    let read = |path: &[String]| {
        leaves
            .iter()
            .any(|leaf| schema.column(*leaf).path().parts() == path)
    };
    let kept = mapping.kept().map(|column| &mapping.columns()[column]);
    let lost = kept.filter(|path| !read(path) && super::find(metadata.schema().fields(), path).is_some());
    lost.map(|path| {
        format!(
            "the column `{}` holds no single values, so it is not kept",
            path.join(".")
        )
    })
    .collect()
}

/// What went wrong, in the decoder's words without its labels.
pub(super) fn said(error: &ParquetError) -> String {
    match error {
        ParquetError::General(said)
        | ParquetError::NYI(said)
        | ParquetError::EOF(said)
        | ParquetError::ArrowError(said) => said.clone(),
        ParquetError::External(error) => error.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_whole_pages_of_bounded_size() {
        assert_eq!(slices(&[300, 300, 400], 1000), [1000]);
        assert_eq!(slices(&[5000, 3000, 4000, 9000], 1000), [8000, 4000, 9000]);
        assert_eq!(slices(&[40_000, 0, 10], 10), [16_384, 16_384, 7_242]);
        assert_eq!(slices(&[], 10), [0; 0]);
    }
}
