//! Where the JSON parser is too lax or too strict for news: depth that it does not limit in what it steps over, and
//! lone surrogates that it refuses.

use memchr::{memchr, memchr2, memchr2_iter, memmem};

/// How deep objects and arrays may stand in each other.
pub(super) const DEPTH_LIMIT: usize = 128;

/// Whether a record is nested too deep.
pub(super) fn is_deep(record: &[u8]) -> bool {
    is_deeper(record, DEPTH_LIMIT)
}

/// Whether values stand in each other deeper than this. Nearly always a count of the brackets says no at the speed of
/// the memory.
pub(super) fn is_deeper(values: &[u8], limit: usize) -> bool {
    memchr2_iter(b'{', b'[', values).nth(limit).is_some() && depth(values) > limit
}

fn depth(record: &[u8]) -> usize {
    let (mut depth, mut deepest, mut at) = (0_usize, 0, 0);
    while let Some(byte) = record.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => at = string_end(record, at + 1),
            _ => {}
        }
        deepest = deepest.max(depth);
        at += 1;
    }
    deepest
}

/// The place of the quote that ends the string whose inside begins at `at`.
fn string_end(record: &[u8], mut at: usize) -> usize {
    while let Some(length) = memchr2(b'"', b'\\', record.get(at..).unwrap_or_default()) {
        at += length;
        if record[at] == b'"' {
            return at;
        }
        at += 2;
    }
    record.len()
}

/// Replaces the escapes of lone surrogates by that of U+FFFD; nothing if there are none. All other escapes are kept.
pub(super) fn replace_surrogates(text: &str) -> Option<(String, u64)> {
    memmem::find(text.as_bytes(), b"\\u")?;
    let (mut made, mut count, mut rest) = (String::with_capacity(text.len()), 0, text);
    while let Some(at) = memchr(b'\\', rest.as_bytes()) {
        made.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match (escape(rest), rest.get(6..).and_then(escape)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (Some(0xd800..0xe000), _) => 0,
            (Some(_), _) => 6,
            (None, _) => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        };
        if length == 0 {
            made.push_str("\\ufffd");
            count += 1;
            rest = &rest[6..];
        } else {
            made.push_str(&rest[..length]);
            rest = &rest[length..];
        }
    }
    made.push_str(rest);
    (count > 0).then_some((made, count))
}

/// The unit that an escape `\uXXXX` at the beginning of `text` stands for.
fn escape(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_counted_outside_strings() {
        assert_eq!(depth(br#"{"a[[":[{"\\":1,"\"[[":[2]}]}"#), 4);
        assert_eq!(depth(br#"["open [[["#), 1);
        assert!(is_deep("[".repeat(129).as_bytes()));
        assert!(!is_deep("[".repeat(128).as_bytes()));
        assert!(!is_deep("[]".repeat(300).as_bytes()));
    }

    #[test]
    fn lone_surrogates_only_are_replaced() {
        let replaced = |text: &str| replace_surrogates(text);
        assert_eq!(replaced(r"no escape"), None);
        assert_eq!(replaced(r"\u00e9 \ud83d\ude00"), None);
        assert_eq!(replaced(r"\\ud800"), None);
        assert_eq!(replaced(r"\ud800"), Some((r"\ufffd".to_owned(), 1)));
        assert_eq!(replaced(r"\udc00\ud800"), Some((r"\ufffd\ufffd".to_owned(), 2)));
        assert_eq!(
            replaced(r"\ud800\ud83d\ude00 x"),
            Some((r"\ufffd\ud83d\ude00 x".to_owned(), 1))
        );
        assert_eq!(
            replaced("\\uD800 \\é\\u12"),
            Some(("\\ufffd \\é\\u12".to_owned(), 1))
        );
        assert_eq!(replaced("\\ud800\\"), Some(("\\ufffd\\".to_owned(), 1)));
    }
}
