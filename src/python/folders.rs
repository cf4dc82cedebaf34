//! Outputs that are folders of parts: which folders those are, and that no input lies in them.

use super::request::Destination;
use crate::error::{Error, Kind, Result};
use crate::read::Inputs;
use crate::sink::Place;
use crate::write::{Folder, Found};
use arrow_schema::SchemaRef;
use std::fs;
use std::path::{Path, PathBuf};

/// A part holds about so many bytes of records.
pub const PART_BYTES: usize = 64 << 20;

/// Whether the outputs are folders: all of them are, or none.
pub fn are_meant(destinations: &[Option<Destination>]) -> Result<bool> {
    let mut named = destinations.iter().flatten();
    let Some(first) = named.next() else {
        return Ok(false);
    };
    match named.find(|other| other.folder != first.folder) {
        None => Ok(first.folder),
        Some(other) => {
            let file = if first.folder { other } else { first };
            Err(
                Error::new(Kind::Option, "this output is a file, and another one a folder")
                    .at_path(&file.name)
                    .hint("end the name with / to make it a folder, too"),
            )
        }
    }
}

/// Opens the folders. `roots` are the inputs as they were named.
pub fn open(
    destinations: &[Option<Destination>; 3],
    schemas: &[SchemaRef; 3],
    found: Found,
    roots: &[PathBuf],
    inputs: &Inputs,
) -> Result<[Option<Place>; 3]> {
    let mut places: [Option<Place>; 3] = [None, None, None];
    for (i, destination) in destinations.iter().enumerate() {
        let Some(destination) = destination else { continue };
        let folder = Folder::open(&destination.name, found)?;
        refuse_mixups(&folder, places.iter().flatten(), roots, inputs)?;
        places[i] = Some(Place {
            folder,
            format: destination.format,
            schema: schemas[i].clone(),
        });
    }
    Ok(places)
}

/// No folder takes the parts of two tables, holds an input, or lies in a folder that is read.
fn refuse_mixups<'a>(
    folder: &Folder,
    mut others: impl Iterator<Item = &'a Place>,
    roots: &[PathBuf],
    inputs: &Inputs,
) -> Result<()> {
    let mixup = |message: &str| Error::new(Kind::Option, message).at_path(folder.name());
    if others.any(|other| other.folder.path() == folder.path()) {
        return Err(mixup("two tables cannot have one folder").hint("give each a folder of its own"));
    }
    let within = |path: &Path| fs::canonicalize(path).is_ok_and(|path| path.starts_with(folder.path()));
    if inputs.files.iter().any(|input| within(&input.path)) {
        return Err(mixup("the output folder holds an input").hint("write somewhere else"));
    }
    let holds = |root: &PathBuf| {
        root.is_dir() && fs::canonicalize(root).is_ok_and(|root| folder.path().starts_with(root))
    };
    if roots.iter().any(holds) {
        return Err(mixup("the output folder lies in a folder that is read").hint("write somewhere else"));
    }
    Ok(())
}
