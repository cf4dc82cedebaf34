//! The columns that a lexicon's names give to tables: no two may be the same.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// At most so many columns may a lexicon give.
const MOST_COLUMNS: usize = 1_000_000;

/// The columns so far, each with what gives it, in words.
#[derive(Debug, Default)]
pub(super) struct Columns(HashMap<String, String>);

impl Columns {
    /// The columns of a dimension; the complaint if one is taken.
    pub(super) fn dimension(&mut self, name: &str) -> Result<(), String> {
        let owner = format!("dimension `{name}`");
        let columns = ["hits", "weight", "rate", "distinct"].map(|column| format!("{name}_{column}"));
        columns
            .into_iter()
            .try_for_each(|column| self.claim(column, &owner))
    }

    /// The columns of a category.
    pub(super) fn category(&mut self, dimension: &str, name: &str) -> Result<(), String> {
        let owner = format!("category `{name}` of `{dimension}`");
        let columns = ["hits", "weight"].map(|column| format!("{dimension}_cat_{name}_{column}"));
        columns
            .into_iter()
            .try_for_each(|column| self.claim(column, &owner))
    }

    /// The column of a tag; several modifiers may give the same tag.
    pub(super) fn tag(&mut self, dimension: &str, tag: &str) -> Result<(), String> {
        self.claim(
            format!("{dimension}_tag_{tag}"),
            &format!("tag `{tag}` of `{dimension}`"),
        )
    }

    fn claim(&mut self, column: String, owner: &str) -> Result<(), String> {
        let columns = self.0.len();
        match self.0.entry(column) {
            Entry::Occupied(taken) if taken.get() == owner => Ok(()),
            Entry::Occupied(taken) => Err(format!(
                "{owner} and {} give the same column `{}`",
                taken.get(),
                taken.key()
            )),
            Entry::Vacant(_) if columns == MOST_COLUMNS => {
                Err(format!("the names give more than {MOST_COLUMNS} columns"))
            }
            Entry::Vacant(free) => {
                free.insert(owner.to_owned());
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_column_has_one_owner() {
        let mut columns = Columns::default();
        columns.dimension("x").unwrap();
        columns.category("x", "a").unwrap();
        columns.tag("x", "t").unwrap();
        columns.tag("x", "t").unwrap();
        columns.tag("x", "x_hits").unwrap();
        columns.dimension("y").unwrap();
        assert_eq!(
            columns.dimension("x_cat_a").unwrap_err(),
            "dimension `x_cat_a` and category `a` of `x` give the same column `x_cat_a_hits`"
        );
        assert!(
            columns
                .dimension("x_tag_x")
                .unwrap_err()
                .contains("tag `x_hits` of `x`")
        );
    }
}
