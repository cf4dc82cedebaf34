//! The end of a file, a member or an archive: what is told of it then.

use super::{Feed, Open};
use crate::read::Origin;
use crate::read::walk::Look;

/// So many damaged members of an archive are listed, the others counted: there may be very many.
const MOST_LISTED: u64 = 1000;

impl<'a> Feed<'a> {
    pub(super) fn close(&mut self, file: &Open<'_>) {
        let (origin, records, damage, notes) = match file {
            Open::Records(file, notes) => {
                self.told.repairs.add(&file.repairs());
                (file.origin(), file.records(), file.damage(), notes)
            }
            Open::Columns(table, notes) => {
                let damage = table.damage().map(str::to_owned);
                (table.origin(), table.records(), damage, notes)
            }
        };
        match damage {
            Some(reason) => self.damage(origin, reason),
            None if records == 0 => self.told.warn(origin, "the file holds no records"),
            None => {}
        }
        self.told.heed(origin, notes);
        if self.archive.is_none() {
            self.check_stamp();
        }
    }

    pub(super) fn close_archive(&mut self) -> Option<Open<'a>> {
        let ending = self.archive.take()?.end();
        let origin = Origin::of(self.input.map_or("", |input| &input.name));
        let unlisted = std::mem::take(&mut self.faults).saturating_sub(MOST_LISTED);
        if unlisted > 0 {
            let reason = format!("{unlisted} more of its members are damaged");
            self.damage(&origin, reason);
        }
        if let Some(reason) = ending.damage {
            self.damage(&origin, reason);
        }
        for warning in &ending.warnings {
            self.told.warn(&origin, warning);
        }
        self.told.heed(&origin, &ending.notes);
        self.check_stamp();
        None
    }

    /// Notes that a file or member is damaged.
    pub(super) fn damage(&mut self, origin: &Origin, reason: String) {
        self.faults += u64::from(origin.member.is_some());
        if origin.member.is_none() || self.faults <= MOST_LISTED {
            self.told.damage(origin, reason);
        }
    }

    /// A file that changed while it was read is not what anybody had in mind.
    fn check_stamp(&mut self) {
        let Some(input) = self.input else { return };
        // A file that is read here and there is opened anew.
        let known = self.read_ahead.filter(|_| !self.seeks);
        if known.unwrap_or_else(|| self.look.is_some() && Look::of(input) != self.look) {
            let reason = "it was changed while it was read; read it again once it is complete".to_owned();
            self.damage(&Origin::of(&input.name), reason);
        }
    }
}
