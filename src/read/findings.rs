//! What there is to tell of the files themselves: which were damaged, which nothing vouches for, how their fields were
//! found.

use super::codec::Coding;
use super::stream::Notes;
use super::told::Seen;
use super::{Format, Mapping, Origin, Repairs};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A file that was not read, or not as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damage {
    /// The file, or the member.
    #[serde(flatten)]
    pub origin: Origin,
    /// What is wrong with it, in one sentence.
    pub reason: String,
}

/// Which keys or columns made which fields, in some of the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// The format of the files.
    pub format: Format,
    /// How the first of them is packed.
    pub packing: String,
    /// The fields found with the keys that hold them; none for text, and where no record could be understood.
    pub fields: Vec<(String, Vec<String>)>,
    /// The first file read so.
    pub path: String,
    /// How many files were read so.
    pub files: u64,
}

/// So many members are named.
pub(super) const FEW: usize = 5;

/// What there is to tell about the files themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Files that were opened.
    pub files: u64,
    /// Members of archives that were opened.
    pub members: u64,
    /// What the first few of them are called.
    pub first_members: Vec<String>,
    /// The kinds of archives that were opened, with their packing.
    pub archives: BTreeSet<String>,
    /// Files and members that were not read, or not as a whole.
    pub damaged: Vec<Damage>,
    /// Files and members that nothing vouches for: a part of them has no checksum.
    pub unverified: Vec<Damage>,
    /// What else a reader should know, a sentence each.
    pub warnings: Vec<String>,
    /// The mappings, in the order in which they were met.
    pub mappings: Vec<Use>,
    /// What was put right in files as a whole.
    pub repairs: Repairs,
    /// What was read of each file, where that is summed up.
    pub inputs: Vec<Seen>,
}

impl Told {
    /// Nothing but these warnings so far.
    pub(super) fn new(warnings: Vec<String>) -> Self {
        Self {
            warnings,
            ..Self::default()
        }
    }

    /// Notes the mapping, once for all files that share it.
    pub(super) fn note(
        &mut self,
        origin: &Origin,
        coding: Coding,
        format: Format,
        mapping: Option<&Mapping>,
        warnings: &[String],
    ) {
        for warning in warnings {
            self.warn(origin, warning);
        }
        let fields = mapping.map(Mapping::told).unwrap_or_default();
        self.map(Use {
            format,
            packing: coding.name().to_owned(),
            fields: fields
                .into_iter()
                .map(|(field, keys)| (field.to_owned(), keys))
                .collect(),
            path: origin.to_string(),
            files: 1,
        });
    }

    /// Notes a member that is opened.
    pub(super) fn member(&mut self, name: &str) {
        self.members += 1;
        if self.first_members.len() < FEW {
            self.first_members.push(name.to_owned());
        }
    }

    /// What a decoder has noted about a file.
    pub(super) fn heed(&mut self, origin: &Origin, notes: &Notes) {
        self.repairs.padding += notes.paddings();
        let reason = match notes.without_checksum() {
            0 => return,
            1 => "1 part of it has no checksum".to_owned(),
            parts => format!("{parts} parts of it have no checksum"),
        };
        self.unverified.push(Damage {
            origin: origin.clone(),
            reason,
        });
    }

    /// Notes that a file is damaged.
    pub(super) fn damage(&mut self, origin: &Origin, reason: String) {
        self.damaged.push(Damage {
            origin: origin.clone(),
            reason,
        });
    }

    /// Notes what a reader should know of a file.
    pub(super) fn warn(&mut self, origin: &Origin, what: &str) {
        self.warnings.push(format!("{origin}: {what}"));
    }
}
