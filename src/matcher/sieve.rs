//! The first look at tokens: the codes of their first letters against the beginnings of all words, many tokens at a
//! time and without a branch. It lets through more than the words that are looked for, never less.

use super::gate::Gate;
use super::lead::Lead;
use super::neighbours::Beside;
use crate::text::class::Class;
use crate::text::index::{Index, within};
use crate::text::key::Keys;
use crate::text::pages::{is_movable, is_odd};
use crate::text::view::Room;
use crate::vector::{self, BLOCK, Beginnings, Machine, SIX, Visit, code};
use icu_casemap::{CaseMapCloserBorrowed, ClosureSink};
use std::ops::Range;

/// How many blocks are looked at in one go: a room is for one more, since places are written many at a time.
pub const STRIDE: usize = 16;

/// Of so many words with two known letters, all tokens are looked at: each stands for thousands of beginnings.
const MOST_VAGUE: usize = 64;

/// How many first letters of a word are looked at where they are known.
const LONG: usize = 6;

/// How many of them where all words are known so far.
const EIGHT: usize = 8;

/// How many of a word of which no more are known.
const SHORT: usize = 4;

/// The beginnings of a list of words.
#[derive(Debug)]
pub struct Sieve {
    /// None where every token has to be looked at.
    beginnings: Option<Beginnings>,
    /// None where the neighbours of most words do not matter.
    gate: Option<Gate>,
}

impl Sieve {
    /// The sieve of words whose keys begin like these, and that ask for this beside them.
    pub fn new<'a>(words: impl Iterator<Item = (&'a Lead, Beside)> + Clone) -> Self {
        let is_known = |(lead, _): (&Lead, Beside)| lead.eight().mask == !0;
        let many = if words.clone().all(is_known) { EIGHT } else { LONG };
        let (keys, closer) = (Keys::new(), CaseMapCloserBorrowed::new());
        let (mut short, mut long) = (Vec::new(), Vec::new());
        let mut vague = 0;
        for (lead, asks) in words {
            let Some(letters) = letters(lead, many, &keys, &closer) else {
                continue;
            };
            vague += usize::from(letters.len() == 2 && letters[1] != [0]);
            if letters.is_empty() || (letters.len() == 1 && letters[0] != [0]) || vague > MOST_VAGUE {
                return Self {
                    beginnings: None,
                    gate: None,
                };
            }
            if letters.len() < many && letters.last().is_none_or(|last| last != &[0]) {
                spell(&letters, SHORT, 0, 0, &mut |codes| short.push((codes, asks)));
            } else {
                spell(&letters, many, 0, 0, &mut |codes| long.push((codes, asks)));
            }
        }
        let many = if many == EIGHT { !0 } else { SIX };
        let codes = |asking: &[(u64, Beside)]| asking.iter().map(|(codes, _)| *codes).collect();
        Self {
            beginnings: Some(Beginnings::new(codes(&short), codes(&long), many)),
            gate: Gate::new(&short, &long, many),
        }
    }

    /// The tokens that start in some blocks, at most `STRIDE` of them, and within these bytes, and may be one of the
    /// words: how many there are, and where in `passed`, from the first byte of the first block, in
    /// ascending order.
    #[inline]
    pub fn sift(
        &self,
        index: &Index,
        blocks: Range<usize>,
        bytes: &Range<usize>,
        passed: &mut Room,
    ) -> usize {
        let mut count = 0;
        let sift = Sift {
            beginnings: self.beginnings.as_ref(),
            gate: self.gate.as_ref(),
            index,
            blocks,
            bytes,
            passed,
            count: &mut count,
        };
        vector::dispatch(index.level(), sift);
        count
    }

    /// Whether a token may be one of the words, by the codes of its key.
    pub fn allows(&self, codes: u64) -> bool {
        let beginnings = self.beginnings.as_ref();
        beginnings.is_none_or(|beginnings| beginnings.hold(codes))
    }
}

struct Sift<'a> {
    beginnings: Option<&'a Beginnings>,
    gate: Option<&'a Gate>,
    index: &'a Index,
    blocks: Range<usize>,
    bytes: &'a Range<usize>,
    passed: &'a mut Room,
    count: &'a mut usize,
}

impl Visit for Sift<'_> {
    #[inline(always)]
    fn visit<M: Machine>(mut self, machine: M) {
        let seem = self.look(machine);
        *self.count = match self.beginnings {
            Some(beginnings) => self.look_again(beginnings, seem),
            None => seem,
        };
        if let Some(gate) = self.gate {
            *self.count = self.look_beside(gate, *self.count);
        }
        if self.index.forced().is_any() {
            self.add_forced();
        }
    }
}

impl Sift<'_> {
    /// The starts of a block that are asked about.
    #[inline(always)]
    fn starts(&self, block: usize) -> u64 {
        let starts = self.index.starts()[block];
        if block == self.blocks.start || block + 1 == self.blocks.end {
            starts & within(self.bytes.start, self.bytes.end, block)
        } else {
            starts
        }
    }

    /// Lists what seems to be a word, many tokens at a time.
    #[inline(always)]
    fn look<M: Machine>(&mut self, machine: M) -> usize {
        let (mut count, mut first) = (0, 0);
        for block in self.blocks.clone() {
            let starts = self.starts(block);
            let seem = match (self.beginnings, self.index.around(block)) {
                (Some(beginnings), Some(around)) => machine.seem(around, beginnings),
                _ => !0,
            };
            let mask = starts & seem & !self.index.forced().of(block);
            if let Some(places) = self.passed[count..].first_chunk_mut() {
                machine.places(mask, first, places);
            }
            count += mask.count_ones() as usize;
            first += BLOCK as u16;
        }
        count
    }

    /// Keeps those of so many that still seem so by more letters; without a branch, since none could be foreseen.
    #[inline(always)]
    fn look_again(&mut self, beginnings: &Beginnings, count: usize) -> usize {
        let base = self.blocks.start * BLOCK;
        let mut kept = 0;
        for at in 0..count {
            let place = self.passed[at];
            let codes = self.index.codes(base + usize::from(place));
            self.passed[kept] = place;
            kept += usize::from(beginnings.hold(codes));
        }
        kept
    }

    /// Keeps those of so many beside which something stands that is asked for.
    #[inline(always)]
    fn look_beside(&mut self, gate: &Gate, count: usize) -> usize {
        let base = self.blocks.start * BLOCK;
        let mut kept = 0;
        for at in 0..count {
            let place = self.passed[at];
            self.passed[kept] = place;
            kept += usize::from(gate.opens(self.index, base + usize::from(place)));
        }
        kept
    }

    /// Adds the tokens that have to be looked up by their keys, each where it stands in the text.
    #[cold]
    fn add_forced(&mut self) {
        let others = *self.count;
        for (block, first) in self.blocks.clone().zip((0u16..).step_by(BLOCK)) {
            let mut left = self.index.forced().of(block);
            if left != 0 {
                left &= self.starts(block);
            }
            while left != 0 {
                self.passed[*self.count] = first + left.trailing_zeros() as u16;
                *self.count += 1;
                left &= left - 1;
            }
        }
        if others > 0 && others < *self.count {
            self.passed[..*self.count].sort_unstable();
        }
    }
}

/// The codes that may stand at one place.
type Codes = Vec<u8>;

/// What may stand at the first bytes of a token that is a word, unless it is forced; up to where all may. Nothing if
/// all tokens that are this word are forced.
fn letters(lead: &Lead, many: usize, keys: &Keys, closer: &CaseMapCloserBorrowed) -> Option<Vec<Codes>> {
    let mut letters: Vec<Codes> = Vec::new();
    for c in lead.text.chars() {
        match c {
            _ if letters.len() >= many => break,
            _ if c.is_ascii() => letters.push(vec![code(c as u8)]),
            _ if is_odd(c) => return None,
            _ if is_movable(c) => return Some(letters),
            _ => letters.extend(cases(c, keys, closer)),
        }
    }
    let mut back = lead.text.chars().rev().map(Class::of);
    let alone = back.find(|class| !class.is_mark()).is_some_and(Class::is_solo);
    // Behind a letter of SPEC 2.4 and its marks the next token may begin.
    if lead.whole && !alone {
        letters.push(vec![0]);
    }
    Some(letters)
}

/// Every code that a byte of a token can have, and that of its end.
fn all_codes() -> Codes {
    let mut codes: Codes = (0..0x90).map(code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// All ways in which so many codes can begin, given what may stand at each place.
fn spell(letters: &[Codes], many: usize, at: usize, codes: u64, found: &mut impl FnMut(u64)) {
    if at == many {
        found(codes);
        return;
    }
    let all;
    let here = match letters.get(at) {
        Some(here) => here,
        None => {
            all = all_codes();
            &all
        }
    };
    for code in here {
        match *code {
            0 => found(codes),
            code => spell(letters, many, at + 1, codes | u64::from(code) << (8 * at), found),
        }
    }
}

/// The codes of the bytes of the characters that have this one as their key.
fn cases(c: char, keys: &Keys, closer: &CaseMapCloserBorrowed) -> Vec<Codes> {
    let mut others = Others(vec![c]);
    closer.add_case_closure_to(c, &mut others);
    let mut codes = vec![Codes::new(); c.len_utf8()];
    for other in others.0 {
        let mut key = String::new();
        keys.key(other.encode_utf8(&mut [0; 4]), &mut key);
        if key.chars().eq([c]) && other.len_utf8() == c.len_utf8() {
            let mut bytes = [0; 4];
            for (codes, byte) in codes.iter_mut().zip(other.encode_utf8(&mut bytes).bytes()) {
                codes.push(code(byte));
            }
        }
    }
    for codes in &mut codes {
        codes.sort_unstable();
        codes.dedup();
    }
    codes
}

/// Characters that agree with one but for their case.
struct Others(Vec<char>);

impl ClosureSink for Others {
    fn add_char(&mut self, c: char) {
        self.0.push(c);
    }

    // A string is a key of more than one character: the character it belongs to is forced.
    fn add_string(&mut self, _string: &str) {}
}
