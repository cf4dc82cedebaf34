//! Half-open ranges of a text. Owns nothing but the arithmetic of `start..end`.

/// A half-open range `start..end`, in bytes or in code points: the owner of a field says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// The first unit of the range.
    pub start: usize,
    /// The unit after the last one.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }
}
