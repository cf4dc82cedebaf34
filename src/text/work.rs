//! What was done for a document, counted: time depends on the machine, these numbers on the text and the lexicon alone.

/// Counts of what was done, in small steps of about the same cost each. A test holds that they grow no faster than the
/// text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// Blocks of 64 bytes that were classified.
    pub blocks: u64,
    /// Bytes around ignorable characters that were read plainly.
    pub mended: u64,
    /// Blocks that were sifted, once for each list of patterns that went over them.
    pub sifted: u64,
    /// Tokens that passed a sieve.
    pub passed: u64,
    /// Rows of words whose anchor was found beside the neighbours that they ask for.
    pub rows: u64,
    /// Words of rows that were compared with a token.
    pub words: u64,
    /// Tokens that sweeps went over, one for each row.
    pub swept: u64,
    /// Bytes of tokens of which keys were made.
    pub keys: u64,
    /// Bytes of gaps that were classified, and of the tokens before a full stop.
    pub gaps: u64,
    /// Tokens that were walked over to find the ends of sentences and paragraphs.
    pub walked: u64,
    /// Guards and exclusions that were asked.
    pub guards: u64,
    /// Matches of macros and exclusions that were put in order.
    pub known: u64,
    /// Matches of terms.
    pub candidates: u64,
    /// Blocks of taken tokens that were looked at or written.
    pub taken: u64,
}

impl Work {
    /// All of it.
    pub fn total(&self) -> u64 {
        let Self {
            blocks,
            mended,
            sifted,
            passed,
            rows,
            words,
            swept,
            keys,
            gaps,
            walked,
            guards,
            known,
            candidates,
            taken,
        } = *self;
        [
            blocks, mended, sifted, passed, rows, words, swept, keys, gaps, walked, guards, known,
            candidates, taken,
        ]
        .iter()
        .sum()
    }
}
