//! From byte offsets to code points, for the spans that people see (SPEC 1.2).

use crate::span::Span;

/// How many bytes lie between two known counts.
const STEP: usize = 256;

/// The number of code points before every 256th byte of a text; reused.
#[derive(Debug, Default)]
pub struct Chars {
    before: Vec<u32>,
}

impl Chars {
    /// Counts the code points of a text.
    pub fn read(&mut self, text: &str) {
        self.before.clear();
        let mut count = 0;
        for step in text.as_bytes().chunks(STEP) {
            self.before.push(count);
            count += first_bytes(step);
        }
        self.before.push(count);
    }

    /// The span in code points of a span in bytes of the text that was read.
    pub fn span(&self, text: &str, bytes: Span) -> Span {
        Span::new(self.at(text, bytes.start), self.at(text, bytes.end))
    }

    fn at(&self, text: &str, byte: usize) -> usize {
        let step = byte / STEP;
        let before = self.before.get(step).copied().unwrap_or(0);
        (before + first_bytes(&text.as_bytes()[step * STEP..byte])) as usize
    }
}

/// How many code points begin in these bytes.
fn first_bytes(bytes: &[u8]) -> u32 {
    bytes.iter().map(|byte| u32::from(*byte as i8 >= -64)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offset_is_counted() {
        let text = "a\u{e9}\u{4e2d}\u{1f600} ".repeat(100);
        let mut chars = Chars::default();
        chars.read(&text);
        for (count, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(chars.at(&text, byte), count);
        }
        assert_eq!(chars.at(&text, text.len()), text.chars().count());
    }
}
