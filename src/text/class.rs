//! What each character is to the tokeniser and the gaps: a set of flags from the Unicode tables (SPEC 1.3, 2, 4).
//!
//! The tables are icu's; a flat array of flags is filled from their ranges once, since every careful path asks it
//! for every character.

use icu_properties::props::{DefaultIgnorableCodePoint, QuotationMark, WhiteSpace};
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup, Script};
use icu_properties::{CodePointMapData, CodePointSetData};
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// The version of Unicode whose tables decide (SPEC 11).
pub const UNICODE_VERSION: &str = "18.0";

/// The flags of a character. An ignorable character has no other flag: it is read as absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Class(u16);

const WORD: u16 = 1;
const LETTER: u16 = 1 << 1;
const MARK: u16 = 1 << 2;
const DIGIT: u16 = 1 << 3;
const SOLO: u16 = 1 << 4;
const IGNORABLE: u16 = 1 << 5;
const APOSTROPHE: u16 = 1 << 6;
const LOWER: u16 = 1 << 7;
const UPPER: u16 = 1 << 8;
const SPACE: u16 = 1 << 9;
const WRAPPER: u16 = 1 << 10;
const QUOTE: u16 = 1 << 11;

impl Class {
    /// Flags of one character.
    #[inline]
    pub fn of(c: char) -> Class {
        Class(TABLE.get(c as usize).copied().unwrap_or(0))
    }

    /// Letter, mark or number and no apostrophe (SPEC 2.1).
    #[inline]
    pub fn is_word(self) -> bool {
        self.0 & WORD != 0
    }

    /// General category L, and no apostrophe.
    #[inline]
    pub fn is_letter(self) -> bool {
        self.0 & LETTER != 0
    }

    /// General category M.
    #[inline]
    pub fn is_mark(self) -> bool {
        self.0 & MARK != 0
    }

    /// General category Nd.
    #[inline]
    pub fn is_digit(self) -> bool {
        self.0 & DIGIT != 0
    }

    /// A letter or number that is a token of its own (SPEC 2.4).
    #[inline]
    pub fn is_solo(self) -> bool {
        self.0 & SOLO != 0
    }

    /// Default_Ignorable_Code_Point (SPEC 1.3).
    #[inline]
    pub fn is_ignorable(self) -> bool {
        self.0 & IGNORABLE != 0
    }

    /// One of the four apostrophes of SPEC 2.1.
    #[inline]
    pub fn is_apostrophe(self) -> bool {
        self.0 & APOSTROPHE != 0
    }

    /// General category Ll.
    #[inline]
    pub fn is_lower(self) -> bool {
        self.0 & LOWER != 0
    }

    /// General category Lu.
    #[inline]
    pub fn is_upper(self) -> bool {
        self.0 & UPPER != 0
    }

    /// White_Space.
    #[inline]
    pub fn is_space(self) -> bool {
        self.0 & SPACE != 0
    }

    /// Quotation_Mark, backtick or one of `( ) [ ] { } * _` (SPEC 4.2).
    #[inline]
    pub fn is_wrapper(self) -> bool {
        self.0 & WRAPPER != 0
    }

    /// What DECOR allows beside white space: Quotation_Mark, backtick, `* _ [ ]` (SPEC 4.5).
    #[inline]
    pub fn is_decor(self) -> bool {
        self.0 & QUOTE != 0
    }
}

/// The apostrophes of SPEC 2.1.
pub const APOSTROPHES: [char; 4] = ['\'', '\u{2019}', '\u{2bc}', '\u{ff07}'];

/// Scripts without spaces, each letter of which is a token (SPEC 2.4).
const SOLO_SCRIPTS: [Script; 7] = [
    Script::Han,
    Script::Hiragana,
    Script::Katakana,
    Script::Thai,
    Script::Lao,
    Script::Khmer,
    Script::Myanmar,
];

static TABLE: LazyLock<Vec<u16>> = LazyLock::new(table);

fn table() -> Vec<u16> {
    let mut flags = vec![0; 0x11_0000];
    let categories = CodePointMapData::<GeneralCategory>::new();
    let scripts = CodePointMapData::<Script>::new();
    for (group, flag) in [
        (GeneralCategoryGroup::Letter, WORD | LETTER),
        (GeneralCategoryGroup::Mark, WORD | MARK),
        (GeneralCategoryGroup::Number, WORD),
        (GeneralCategoryGroup::DecimalNumber, DIGIT),
        (GeneralCategoryGroup::LowercaseLetter, LOWER),
        (GeneralCategoryGroup::UppercaseLetter, UPPER),
    ] {
        set(&mut flags, categories.iter_ranges_for_group(group), flag);
    }
    for script in SOLO_SCRIPTS {
        for range in scripts.iter_ranges_for_value(script) {
            range.for_each(|c| mark_solo(&mut flags, c));
        }
    }
    [0x30fc, 0xff70]
        .into_iter()
        .for_each(|c| mark_solo(&mut flags, c));
    set(
        &mut flags,
        CodePointSetData::new::<WhiteSpace>().iter_ranges(),
        SPACE,
    );
    set(
        &mut flags,
        CodePointSetData::new::<QuotationMark>().iter_ranges(),
        QUOTE | WRAPPER,
    );
    "`*_[]".chars().for_each(|c| flags[c as usize] |= QUOTE | WRAPPER);
    "(){}".chars().for_each(|c| flags[c as usize] |= WRAPPER);
    for c in APOSTROPHES {
        flags[c as usize] = APOSTROPHE | flags[c as usize] & (QUOTE | WRAPPER);
    }
    for range in CodePointSetData::new::<DefaultIgnorableCodePoint>().iter_ranges() {
        range.for_each(|c| flags[c as usize] = IGNORABLE);
    }
    flags
}

fn set(flags: &mut [u16], ranges: impl Iterator<Item = RangeInclusive<u32>>, flag: u16) {
    ranges.flatten().for_each(|c| flags[c as usize] |= flag);
}

fn mark_solo(flags: &mut [u16], c: u32) {
    let class = flags[c as usize];
    if class & WORD != 0 && class & (MARK | DIGIT) == 0 {
        flags[c as usize] |= SOLO;
    }
}
