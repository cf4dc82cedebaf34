//! Which word of a pattern is looked for first: the one that is rarest in news, so that `[halt*|stop*] ~3 arms` costs
//! nothing at every "stop".
//!
//! The counts per million words were taken from English news and speeches; they steer speed, never results.

use crate::lexicon::{Atom, Word};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static FREQUENCIES: LazyLock<BTreeMap<&'static str, u32>> = LazyLock::new(|| {
    let lines = include_str!("frequency.tsv").lines();
    lines
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(word, n)| Some((word, n.parse().ok()?)))
        .collect()
});

/// About how many of a million words pass the test of this one.
pub fn cost(word: &Word) -> u64 {
    let lead: String = word
        .atoms
        .iter()
        .map_while(|a| if let Atom::Char(c) = a { Some(*c) } else { None })
        .collect();
    let lead = lead.to_lowercase();
    if lead.len() == word.atoms.len() {
        let unlisted = 60 / lead.len().max(1) as u64;
        return FREQUENCIES.get(lead.as_str()).map_or(unlisted, |n| u64::from(*n));
    }
    if lead.is_empty() {
        return if word.atoms == [Atom::Many] {
            u64::MAX
        } else {
            1_000_000
        };
    }
    let listed: u64 = FREQUENCIES
        .range(lead.as_str()..)
        .take_while(|(word, _)| word.starts_with(&lead))
        .map(|(_, n)| u64::from(*n))
        .sum();
    listed + 20_000 / (lead.len() as u64).pow(3)
}
