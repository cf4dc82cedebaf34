//! The words around a match, for a person to read. Owns how much is shown and where it is cut.

/// How many code points stand on either side, at most.
const WIDTH: usize = 60;

/// How many of them may be given up so as to cut at a space.
const SLACK: usize = 20;

/// What stands before byte `at`; begins with a whole word where a space is near.
pub fn left(text: &str, at: usize) -> String {
    let before = &text[..at];
    let Some((cut, _)) = before.char_indices().rev().nth(WIDTH - 1) else {
        return on_one_line(before);
    };
    let window = &before[cut..];
    if before[..cut].chars().next_back().is_none_or(char::is_whitespace) {
        return on_one_line(window.trim_start());
    }
    let word_end = window.char_indices().take(SLACK).find(|(_, c)| c.is_whitespace());
    on_one_line(word_end.map_or(window, |(end, _)| window[end..].trim_start()))
}

/// What stands from byte `at` on; ends with a whole word where a space is near.
pub fn right(text: &str, at: usize) -> String {
    let after = &text[at..];
    let Some((cut, next)) = after.char_indices().nth(WIDTH) else {
        return on_one_line(after);
    };
    let window = &after[..cut];
    if next.is_whitespace() {
        return on_one_line(window.trim_end());
    }
    let word_start = window
        .char_indices()
        .rev()
        .take(SLACK)
        .find(|(_, c)| c.is_whitespace());
    on_one_line(word_start.map_or(window, |(start, _)| window[..start].trim_end()))
}

/// Each line break (SPEC 1) becomes a space.
fn on_one_line(text: &str) -> String {
    text.replace("\r\n", " ")
        .replace(['\n', '\r', '\u{2028}', '\u{2029}'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_sides_are_whole() {
        let text = "He said\r\nsanctions\nwork.";
        assert_eq!(left(text, 9), "He said ");
        assert_eq!(right(text, 18), " work.");
        assert_eq!(
            (left(text, 0), right(text, text.len())),
            (String::new(), String::new())
        );
    }

    #[test]
    fn long_sides_are_cut_at_spaces() {
        let text = format!("{}match{}", "abcdefg ".repeat(20), " hijklmn".repeat(20));
        let (before, after) = (left(&text, 160), right(&text, 165));
        assert!(
            before.starts_with("abcdefg ") && before.ends_with("abcdefg "),
            "{before:?}"
        );
        assert!(
            after.starts_with(" hijklmn") && after.ends_with(" hijklmn"),
            "{after:?}"
        );
        assert!((40..=60).contains(&before.len()) && (40..=60).contains(&after.len()));
    }

    #[test]
    fn without_spaces_the_cut_is_between_code_points() {
        let text = "\u{5236}".repeat(200);
        assert_eq!(left(&text, 300).chars().count(), WIDTH);
        assert_eq!(right(&text, 300).chars().count(), WIDTH);
    }
}
