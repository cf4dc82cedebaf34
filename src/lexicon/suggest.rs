//! The known name that is nearest to a mistyped one, for hints.

/// Longer names are not worth the search: no known name is as long.
const LONGEST: usize = 64;

/// The known name with the fewest edits from `name`, if they are few for its length; the first of equals.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name: Vec<char> = name.chars().take(LONGEST + 1).collect();
    if name.len() > LONGEST {
        return None;
    }
    let allowed = (name.len() / 3).max(1);
    let scored = known
        .into_iter()
        .map(|candidate| (edits(&name, candidate), candidate));
    let near = scored.filter(|&(edits, _)| edits <= allowed);
    near.min_by_key(|&(edits, _)| edits)
        .map(|(_, candidate)| candidate)
}

/// How many characters must be changed, added, left out or swapped with their neighbour (case aside).
fn edits(name: &[char], candidate: &str) -> usize {
    let candidate: Vec<char> = candidate.chars().collect();
    let same = |a: char, b: char| a.eq_ignore_ascii_case(&b);
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=candidate.len()).collect();
    for i in 0..name.len() {
        let mut next = vec![i + 1];
        for j in 0..candidate.len() {
            let mut cost = row[j] + usize::from(!same(name[i], candidate[j]));
            cost = cost.min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && same(name[i], candidate[j - 1]) && same(name[i - 1], candidate[j]) {
                cost = cost.min(before[j - 1] + 1);
            }
            next.push(cost);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[candidate.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_edits_make_a_suggestion() {
        let known = ["label", "exclude", "veto", "categories", "near", "not"];
        for (name, expected) in [
            ("exlude", Some("exclude")),
            ("catgeories", Some("categories")),
            ("LABEL", Some("label")),
            ("naer", Some("near")),
            ("nto", Some("not")),
            ("weight", None),
            ("", None),
            ("zzz", None),
        ] {
            assert_eq!(nearest(name, known), expected, "{name}");
        }
        assert_eq!(nearest(&"x".repeat(100_000), known), None);
    }
}
