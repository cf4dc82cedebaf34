//! A text with its tokens and a small memory of what was asked about them: keys, gaps, sentences. What looks at a
//! text around a match goes through a view; nothing is worked out before it is asked for.

use super::class::APOSTROPHES;
use super::gap::{self, Gap, Newline};
use super::index::Index;
use super::key::{Keys, own_keys};
use super::pages::{is_odd, key_of_ordinary};
use super::work::Work;
use crate::span::Span;
use crate::vector::{BLOCK, Level};

/// How many tokens are remembered; neighbours never share a slot.
const SLOTS: usize = 256;

/// So many gaps are looked at before the whole sentence is.
const NEAR: usize = 16;

/// Longer tokens leave their keys behind with their document, lest every slot keep room for the longest one ever.
const LONGEST_KEPT: usize = 4096;

/// Room for places in a stretch of text, lent to whoever looks for words.
pub type Room = Box<[u16; 17 * BLOCK]>;

/// What is remembered of a token.
#[derive(Debug, Default)]
struct Slot {
    /// The number of the document and the token; 0 is no document.
    stamp: (u32, usize),
    has_keys: bool,
    key: String,
    cased: String,
    /// The class of the gap before the token, once asked for.
    gap: Option<Gap>,
}

/// The tokens of the current document and what was asked about them; kept by a thread from document to document.
#[derive(Debug)]
pub struct Memo {
    /// Where the tokens are.
    pub index: Index,
    /// What was done for the current document.
    pub work: Work,
    keys: Keys,
    slots: Vec<Slot>,
    document: u32,
    sentence: Option<Span>,
    paragraph: Option<Span>,
    long_line: Option<bool>,
    /// Whether some slot holds the key of a token that is longer than is kept.
    long_key: bool,
    rooms: Vec<Room>,
}

impl Default for Memo {
    fn default() -> Self {
        Self::new(Level::detect())
    }
}

impl Memo {
    /// An empty memory that reads texts with this instruction set, if the machine has it.
    pub fn new(level: Level) -> Self {
        Self {
            index: Index::new(level),
            work: Work::default(),
            keys: Keys::new(),
            slots: std::iter::repeat_with(Slot::default).take(SLOTS).collect(),
            document: 0,
            sentence: None,
            paragraph: None,
            long_line: None,
            long_key: false,
            rooms: Vec::new(),
        }
    }
}

/// One text and the memory of it. Tokens are named by the byte at which they start.
#[derive(Debug)]
pub struct View<'a> {
    /// The text.
    pub text: &'a str,
    newline: Newline,
    memo: &'a mut Memo,
}

impl<'a> View<'a> {
    /// Reads the tokens of a text.
    pub fn new(text: &'a str, newline: Newline, memo: &'a mut Memo) -> Self {
        memo.index.read(text);
        memo.work = Work {
            blocks: memo.index.blocks() as u64,
            ..Work::default()
        };
        if std::mem::take(&mut memo.long_key) {
            memo.slots.fill_with(Slot::default);
        }
        memo.document = memo.document.wrapping_add(1).max(1);
        memo.sentence = None;
        memo.paragraph = None;
        memo.long_line = None;
        Self { text, newline, memo }
    }

    /// Lends a room; to be given back, so that the next one costs nothing.
    pub fn lend_room(&mut self) -> Room {
        self.memo.rooms.pop().unwrap_or_else(|| Box::new([0; 17 * BLOCK]))
    }

    /// Takes a room back.
    pub fn take_back(&mut self, room: Room) {
        self.memo.rooms.push(room);
    }

    /// Where the tokens are.
    #[inline]
    pub fn index(&self) -> &Index {
        &self.memo.index
    }

    /// What was done for this text so far.
    #[inline]
    pub fn work(&mut self) -> &mut Work {
        &mut self.memo.work
    }

    /// The token after this one.
    #[inline]
    pub fn next(&self, token: usize) -> Option<usize> {
        self.memo.index.next(token + 1)
    }

    /// The token before this one.
    #[inline]
    pub fn previous(&self, token: usize) -> Option<usize> {
        self.memo.index.previous(token)
    }

    /// The bytes of a token.
    #[inline]
    pub fn span(&self, token: usize) -> Span {
        Span::new(token, self.memo.index.end(token))
    }

    /// The bytes of a token, if it is of ASCII letters and digits alone.
    #[inline]
    pub fn plain(&self, token: usize) -> Option<&'a [u8]> {
        if !self.text.as_bytes()[token].is_ascii() {
            return None;
        }
        let end = self.memo.index.end(token);
        let known = self.memo.index.are_plain(token, end) && !self.memo.index.forced().contains(token);
        known.then(|| &self.text.as_bytes()[token..end])
    }

    /// The first four characters of the key of a token that is not forced, up to an apostrophe; zeros from there.
    pub fn wide(&self, token: usize) -> u64 {
        let end = self.memo.index.end(token);
        let chars = self.text[token..end].chars().take(4);
        let chars = chars.take_while(|c| !APOSTROPHES.contains(c));
        chars.zip(0..).fold(0, |wide, (c, at)| {
            wide | u64::from(key_of_ordinary(c)) << (16 * at)
        })
    }

    /// Whether the key of a token surely begins with a character beyond ASCII.
    pub fn key_begins_beyond_ascii(&self, token: usize) -> bool {
        let first = self.text[token..].chars().next();
        first.is_some_and(|c| !c.is_ascii() && !is_odd(c))
    }

    /// The key of a token (SPEC 3).
    #[inline]
    pub fn key(&mut self, token: usize) -> &str {
        let at = self.slot_with_keys(token);
        &self.memo.slots[at].key
    }

    /// The cased key of a token (SPEC 3).
    #[inline]
    pub fn cased(&mut self, token: usize) -> &str {
        let at = self.slot_with_keys(token);
        &self.memo.slots[at].cased
    }

    /// The class of the gap before a token; none before the first (SPEC 4).
    #[inline]
    pub fn gap_before(&mut self, token: usize) -> Option<Gap> {
        // Most gaps are one space, or one hyphen, behind a word.
        if token >= 2 && self.memo.index.is_word(token - 2) {
            match self.text.as_bytes()[token - 1] {
                b' ' => return Some(Gap::Space),
                b'-' => return Some(Gap::Hyphen),
                _ => {}
            }
        }
        self.gap_before_slowly(token)
    }

    /// The first and the last token of the sentence that a token stands in, as a span of their first bytes: `end` is
    /// where the last token starts.
    pub fn sentence(&mut self, token: usize) -> Span {
        let known = self
            .memo
            .sentence
            .filter(|known| known.start <= token && token <= known.end);
        let found = known.unwrap_or_else(|| self.stretch(token, Gap::ends_sentence));
        self.memo.sentence = Some(found);
        found
    }

    /// Whether no sentence ends between a token and a later one.
    pub fn is_one_sentence(&mut self, from: usize, to: usize) -> bool {
        let mut at = to;
        for _ in 0..NEAR {
            if at <= from {
                return true;
            }
            if self.gap_before(at).is_none_or(Gap::ends_sentence) {
                return false;
            }
            let Some(previous) = self.previous(at) else {
                return false;
            };
            at = previous;
        }
        // The sentence is remembered, so that many questions about a long one cost no more than one.
        self.sentence(at).start <= from
    }

    /// The same for its paragraph.
    pub fn paragraph(&mut self, token: usize) -> Span {
        let known = self
            .memo
            .paragraph
            .filter(|known| known.start <= token && token <= known.end);
        let found = known.unwrap_or_else(|| self.stretch(token, |gap| gap == Gap::Para));
        self.memo.paragraph = Some(found);
        found
    }

    fn stretch(&mut self, token: usize, ends: impl Fn(Gap) -> bool) -> Span {
        let mut found = Span::new(token, token);
        while self.gap_before(found.start).is_some_and(|gap| !ends(gap)) {
            found.start = self.previous(found.start).unwrap_or(found.start);
            self.memo.work.walked += 1;
        }
        while let Some(next) = self.next(found.end) {
            if self.gap_before(next).is_none_or(&ends) {
                break;
            }
            found.end = next;
            self.memo.work.walked += 1;
        }
        found
    }

    fn gap_before_slowly(&mut self, token: usize) -> Option<Gap> {
        if token >= 1 && self.memo.index.is_word(token - 1) {
            // Tokens of SPEC 2.4 stand side by side.
            return Some(Gap::Space);
        }
        let slot = self.slot(token);
        if let Some(gap) = self.memo.slots[slot].gap {
            return Some(gap);
        }
        let left = self.span(self.previous(token)?);
        let right = Span::new(token, token);
        let (text, newline, long_line) = (self.text, self.newline, &mut self.memo.long_line);
        let gap = gap::classify(text, left, right, || match newline {
            Newline::Paragraph => true,
            Newline::Space => false,
            Newline::Auto => *long_line.get_or_insert_with(|| gap::has_long_line(text)),
        });
        self.memo.work.gaps += (token - left.end) as u64;
        self.memo.slots[slot].gap = Some(gap);
        Some(gap)
    }

    /// The slot of a token with its keys in it.
    #[inline]
    fn slot_with_keys(&mut self, token: usize) -> usize {
        let at = self.slot(token);
        if !self.memo.slots[at].has_keys {
            self.make_keys(token, at);
        }
        at
    }

    fn make_keys(&mut self, token: usize, at: usize) {
        let span = self.span(token);
        let surface = &self.text[span.start..span.end];
        let Memo {
            slots,
            keys,
            long_key,
            work,
            ..
        } = &mut *self.memo;
        work.keys += surface.len() as u64;
        *long_key |= surface.len() > LONGEST_KEPT;
        let Slot {
            has_keys, key, cased, ..
        } = &mut slots[at];
        *has_keys = true;
        cased.clear();
        key.clear();
        if !own_keys(surface, cased, key) {
            cased.clear();
            keys.cased(surface, cased);
            key.clear();
            key.push_str(cased);
            keys.fold_from(0, key);
        }
    }

    /// The slot of a token, emptied if it held another.
    #[inline]
    fn slot(&mut self, token: usize) -> usize {
        let at = token % SLOTS;
        let stamp = (self.memo.document, token);
        let slot = &mut self.memo.slots[at];
        if slot.stamp != stamp {
            slot.stamp = stamp;
            slot.has_keys = false;
            slot.gap = None;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_keys_are_not_kept() {
        let mut memo = Memo::default();
        for at in 0..SLOTS {
            let text = " ".repeat(at) + &"x".repeat(LONGEST_KEPT + 1);
            let mut view = View::new(&text, Newline::Auto, &mut memo);
            assert_eq!(view.key(at).len(), LONGEST_KEPT + 1);
            assert_eq!(view.cased(at).len(), LONGEST_KEPT + 1);
        }
        let kept: usize = memo.slots.iter().map(|slot| slot.key.capacity()).sum();
        assert!(kept < 2 * (LONGEST_KEPT + 1));
    }
}
