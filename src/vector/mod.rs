//! Sixty-four bytes at a time: what the tokeniser and the matcher ask of a block of text, by AVX-512, AVX2 or general
//! registers, whatever the machine has. Owns the choice of the path and the plain data that all paths share.
//!
//! `portable` is the twin that judges the others; `unsafe` lives in `x86` alone. An aarch64 path would be one more
//! `Machine`.

mod portable;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use portable::Portable;

/// The size of a block in bytes.
pub const BLOCK: usize = 64;

/// A block with the eight bytes behind it: what a word's first letters are taken from.
pub const AROUND: usize = BLOCK + 8;

/// One bit a byte of a block, bit 0 for the first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Masks {
    /// ASCII letters and digits.
    pub word: u64,
    /// The digits among them.
    pub digit: u64,
    /// `'`, `.` and `,`.
    pub joiner: u64,
    /// The `'` among them.
    pub apostrophe: u64,
    /// Bytes of characters beyond ASCII.
    pub high: u64,
}

impl Masks {
    /// Where a joiner joins whatever stands farther off: an apostrophe between ASCII letters or digits, all of them
    /// between digits. The first and the last byte are not asked.
    #[inline(always)]
    pub fn joins(self) -> u64 {
        let between = |mask: u64| mask << 1 & mask >> 1;
        self.apostrophe & between(self.word) | self.joiner & between(self.digit)
    }
}

/// The code of an ASCII digit is this or more; of a letter, less.
pub const DIGIT: u8 = 32;

/// The code of a byte beyond ASCII is this or more.
pub const HIGH: u8 = 48;

/// The code of a byte, six bits: letters of both cases 1 to 26, digits 32 to 41, bytes beyond ASCII 48 to 63 by their
/// lower half, so that the cases of most alphabets agree; 0 for all else.
pub const fn code(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' => byte & 0x1f,
        b'0'..=b'9' => byte ^ 0x10,
        0x80.. => HIGH | byte & 0x0f,
        _ => 0,
    }
}

/// What a character beyond ASCII is to the tokeniser: some of these bits.
pub mod flag {
    /// A word character.
    pub const WORD: u8 = 1;
    /// A letter or number that is a token of its own.
    pub const SOLO: u8 = 1 << 1;
    /// A mark.
    pub const MARK: u8 = 1 << 2;
    /// An apostrophe.
    pub const APOSTROPHE: u8 = 1 << 3;
    /// A word character whose place in a key is not told by its bytes.
    pub const ODD: u8 = 1 << 4;
    /// Read as absent.
    pub const IGNORABLE: u8 = 1 << 5;
    /// In a page of pages: not all characters of the page are alike.
    pub const MIXED: u8 = !0;
}

/// The flags of all characters up to U+FFFF, in pages of 64: one page is one vector.
#[derive(Debug)]
pub struct Pages {
    /// By the code point divided by 64; the first 32 are those of two bytes.
    pub pages: Vec<[u8; 64]>,
    /// For each first byte of three, its pages in a row: the flags of a page that are alike, or `MIXED`.
    pub leads: [[u8; 64]; 16],
}

/// Where characters beyond ASCII begin in a block, by what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Beyond {
    /// First bytes of characters of two, three and four bytes.
    pub two: u64,
    /// Three bytes.
    pub three: u64,
    /// Four bytes.
    pub four: u64,
    /// Flags of those of two and three bytes, at their first bytes.
    pub word: u64,
    /// A token of its own.
    pub solo: u64,
    /// A mark.
    pub mark: u64,
    /// An apostrophe.
    pub apostrophe: u64,
    /// A word character out of the ordinary.
    pub odd: u64,
    /// Read as absent.
    pub ignorable: u64,
}

/// The beginnings of words, as codes up to the first 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginnings {
    /// The first four codes of words of which no six are known.
    short: Hashes,
    /// The first six codes of all others, or all eight where all are known.
    long: Hashes,
    /// The codes that `long` knows.
    many: u64,
    /// The first four codes of all words; none where they would let most tokens through.
    small: Option<Box<Small>>,
}

/// Six codes.
pub const SIX: u64 = 0xffff_ffff_ffff;

/// Four codes.
pub const FOUR: u64 = 0xffff_ffff;

/// Of so many beginnings, the small set is three quarters full.
const MOST_FOR_SMALL: usize = 5_600;

impl Beginnings {
    /// The beginnings of these four codes, and those of six or eight; `many` has the ones of as many.
    pub fn new(mut short: Vec<u64>, mut long: Vec<u64>, many: u64) -> Self {
        let mut four: Vec<u64> = short.iter().chain(&long).map(|codes| codes & FOUR).collect();
        for codes in [&mut short, &mut long, &mut four] {
            codes.sort_unstable();
            codes.dedup();
        }
        Self {
            short: Hashes::new(&short),
            long: Hashes::new(&long),
            many,
            small: (four.len() < MOST_FOR_SMALL).then(|| Box::new(Small::new(&four))),
        }
    }

    /// Whether a token of these first eight codes begins like a word, or seems to.
    #[inline(always)]
    pub fn hold(&self, codes: u64) -> bool {
        self.short.hold(codes & FOUR) | self.long.hold(codes & self.many)
    }
}

/// A hash of codes, as many bits of it as are left behind a shift: the golden ratio spreads them over all bits.
#[inline(always)]
pub fn spread(codes: u64, shift: u32) -> usize {
    (codes.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> shift) as usize
}

/// A set of hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Hashes {
    bits: Vec<u64>,
    shift: u32,
}

impl Hashes {
    /// Of others one in 32 seems to be in it.
    fn new(members: &[u64]) -> Self {
        let size = (members.len() * 32).next_power_of_two().clamp(1 << 12, 1 << 26);
        let mut made = Self {
            bits: vec![0; size / 64],
            shift: 64 - size.trailing_zeros(),
        };
        for member in members {
            let place = made.place(*member);
            made.bits[place / 64] |= 1 << (place % 64);
        }
        made
    }

    #[inline(always)]
    fn place(&self, codes: u64) -> usize {
        spread(codes, self.shift)
    }

    #[inline(always)]
    fn hold(&self, codes: u64) -> bool {
        let place = self.place(codes);
        self.bits[place / 64] >> (place % 64) & 1 != 0
    }
}

/// A set of 4,096 bits in eight vectors. The hash of a beginning is linear over single bits, a matrix for each letter.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Small {
    tables: [[u8; 64]; 8],
}

/// The matrices of the hash, chosen by chance: the lower six bits of the first product are the byte of a table; of the
/// second product, the lower three bits are the bit of that byte and the next three the table.
const MATRICES: [[u64; 4]; 2] = [
    [
        0x5be0_cd19_137e_2179,
        0x9b05_688c_2b3e_6c1f,
        0x1f83_d9ab_fb41_bd6b,
        0xa54f_f53a_5f1d_36f1,
    ],
    [
        0x3c6e_f372_fe94_f82b,
        0xbb67_ae85_84ca_a73b,
        0x6a09_e667_f3bc_c908,
        0x510e_527f_ade6_82d1,
    ],
];

impl Small {
    fn new(four: &[u64]) -> Self {
        let mut tables = [[0; 64]; 8];
        for codes in four {
            let product = |which: usize| {
                let products = MATRICES[which].iter().zip(codes.to_le_bytes());
                products.fold(0, |sum, (matrix, code)| sum ^ product(*matrix, code))
            };
            let (byte, rest) = (product(0), product(1));
            tables[usize::from(rest >> 3 & 7)][usize::from(byte & 63)] |= 1 << (rest & 7);
        }
        Self { tables }
    }
}

/// The product of a matrix and a byte over single bits, as the instruction of that purpose defines it.
fn product(matrix: u64, x: u8) -> u8 {
    let rows = matrix.to_be_bytes();
    (0..8).fold(0, |made, bit| {
        made | ((rows[bit] & x).count_ones() as u8 & 1) << bit
    })
}

/// Eight codes up to the first 0; zeros from there.
#[inline(always)]
pub fn cut(codes: u64) -> u64 {
    let zero = codes.wrapping_sub(0x0101_0101_0101_0101) & 0x8080_8080_8080_8080;
    codes & (zero & zero.wrapping_neg()).wrapping_sub(1)
}

/// What a path can do with a block.
pub trait Machine: Copy {
    /// The masks of a block; its codes go to `codes`.
    fn classify(self, block: &[u8; BLOCK], codes: &mut [u8; BLOCK]) -> Masks;

    /// The characters beyond ASCII that begin in a block of valid UTF-8.
    fn beyond(self, around: &[u8; AROUND], pages: &Pages) -> Beyond;

    /// Makes the codes 0 that are not in `keep`.
    fn blank(self, codes: &mut [u8; BLOCK], keep: u64);

    /// The bytes of a block where a word seems to begin, by four codes at most; all of them where the path cannot tell
    /// many at once.
    fn seem(self, around: &[u8; AROUND], beginnings: &Beginnings) -> u64;

    /// The quotes, backslashes and control characters of a block: what may not stand in a string of JSON as it is.
    fn special(self, block: &[u8; BLOCK]) -> u64;

    /// Decodes a block within a string of JSON: how many of its bytes were taken, 63 where the last begins an escape, and
    /// how many are in `room` now. Nothing where the string ends, or where there is more than escapes of one letter.
    fn unescape(self, block: &[u8; BLOCK], room: &mut [u8; BLOCK]) -> Option<(usize, usize)>;

    /// The numbers of the bits of a mask, from `first` on, ascending, and anything behind them.
    fn places(self, mask: u64, first: u16, places: &mut [u16; BLOCK]);
}

/// Something to do with blocks, compiled once for each path.
pub trait Visit {
    /// Does it.
    fn visit<M: Machine>(self, machine: M);
}

/// The instruction sets that have a path of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// General registers; any machine.
    Portable,
    /// AVX2 with BMI and POPCNT.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 F, BW, VL, VBMI, VBMI2 and GFNI too.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    /// The best that this machine has.
    pub fn detect() -> Level {
        Level::available().last().copied().unwrap_or(Level::Portable)
    }

    /// This one, or the best if this machine has it not.
    pub(crate) fn or_best(self) -> Level {
        if Level::available().contains(&self) {
            self
        } else {
            Level::detect()
        }
    }

    /// All that this machine has, slowest first.
    pub fn available() -> Vec<Level> {
        let mut levels = vec![Level::Portable];
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt")
        {
            levels.push(Level::Avx2);
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512vbmi")
                && is_x86_feature_detected!("avx512vbmi2")
                && is_x86_feature_detected!("gfni")
            {
                levels.push(Level::Avx512);
            }
        }
        levels
    }

    /// The word that the environment and reports use.
    pub fn name(self) -> &'static str {
        match self {
            Level::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => "avx512",
        }
    }
}

/// Runs a visitor on a path that the machine has.
pub(crate) fn dispatch<V: Visit>(level: Level, visitor: V) {
    match level {
        Level::Portable => visitor.visit(Portable),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 | Level::Avx512 => x86::dispatch(level, visitor),
    }
}

/// Asks for the line of memory around an address, which need not exist.
#[inline(always)]
pub fn expect_line(address: *const u8) {
    #[cfg(target_arch = "x86_64")]
    x86::expect_line(address);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}

impl Beyond {
    /// Enters the flags of a character that begins at a byte.
    #[inline(always)]
    pub fn enter(&mut self, at: u32, flags: u8) {
        let put = |flag: u8| u64::from(flags & flag != 0) << at;
        self.word |= put(flag::WORD);
        self.solo |= put(flag::SOLO);
        self.mark |= put(flag::MARK);
        self.apostrophe |= put(flag::APOSTROPHE);
        self.odd |= put(flag::ODD);
        self.ignorable |= put(flag::IGNORABLE);
    }
}
