//! The long lists of a lexicon file: where they are, and the file without them. A parsed file is many times its text, so
//! that lists of many terms are read piece by piece, and only the rest of the file as a whole.

use std::borrow::Cow;
use std::ops::Range;
use toml_parser::lexer::{Token, TokenKind};

/// A file of fewer bytes is read as a whole.
const LARGE: usize = 1 << 20;
/// A piece has so many elements.
const PIECE: usize = 512;

/// The lists of a file that have more than one piece, in its order.
#[derive(Debug, Default)]
pub(super) struct Outline {
    lists: Vec<LongList>,
}

/// A list that is read piece by piece.
#[derive(Debug)]
struct LongList {
    /// Its bytes without the brackets.
    inside: Range<usize>,
    /// Where all pieces but the first begin, each directly after a comma.
    cuts: Vec<usize>,
}

impl Outline {
    /// Finds the long lists of a file. What is no TOML is left to the parser: it reads every byte, in a piece or
    /// outside, and what stands in one list or after one equals sign is good only if its parts are.
    pub(super) fn of(text: &str) -> Self {
        let mut scan = Scan::default();
        if text.len() >= LARGE {
            toml_parser::Source::new(text)
                .lex()
                .for_each(|token| scan.token(token));
        }
        Self { lists: scan.lists }
    }

    /// The file with nothing but blanks in its long lists: all places stay what they are.
    pub(super) fn blank<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.lists.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut blank = String::with_capacity(text.len());
        for list in &self.lists {
            blank.push_str(&text[blank.len()..list.inside.start]);
            blank.extend(std::iter::repeat_n(' ', list.inside.len()));
        }
        blank.push_str(&text[blank.len()..]);
        Cow::Owned(blank)
    }

    /// The pieces of the list whose bracket opens at a byte of the file, if it is a long one.
    pub(super) fn pieces(&self, at: usize) -> Option<impl Iterator<Item = Range<usize>>> {
        let found = self
            .lists
            .binary_search_by_key(&(at + 1), |list| list.inside.start);
        let list = &self.lists[found.ok()?];
        let starts = std::iter::once(list.inside.start).chain(list.cuts.iter().copied());
        let ends = list.cuts.iter().copied().chain([list.inside.end]);
        Some(starts.zip(ends).map(|(start, end)| start..end))
    }
}

/// The search for long lists, token by token.
#[derive(Default)]
struct Scan {
    lists: Vec<LongList>,
    /// The list that is open.
    list: Option<LongList>,
    /// How many brackets are open, that of the list included.
    depth: usize,
    commas: usize,
    follows_equals: bool,
}

impl Scan {
    fn token(&mut self, token: Token) {
        let is_value = std::mem::take(&mut self.follows_equals);
        match token.kind() {
            TokenKind::Equals => self.follows_equals = true,
            TokenKind::Whitespace => self.follows_equals = is_value,
            TokenKind::LeftSquareBracket if self.depth == 0 && is_value => self.open(token.span().end()),
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket if self.depth > 0 => self.depth += 1,
            TokenKind::RightSquareBracket if self.depth == 1 => self.close(token.span().start()),
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket if self.depth > 1 => self.depth -= 1,
            TokenKind::Comma if self.depth == 1 => self.comma(token.span().end()),
            _ => {}
        }
    }

    fn open(&mut self, at: usize) {
        self.depth = 1;
        self.commas = 0;
        self.list = Some(LongList {
            inside: at..at,
            cuts: Vec::new(),
        });
    }

    fn comma(&mut self, end: usize) {
        self.commas += 1;
        if let Some(list) = self.list.as_mut().filter(|_| self.commas.is_multiple_of(PIECE)) {
            list.cuts.push(end);
        }
    }

    fn close(&mut self, at: usize) {
        self.depth = 0;
        let list = self.list.take().filter(|list| !list.cuts.is_empty());
        self.lists.extend(list.map(|list| LongList {
            inside: list.inside.start..at,
            ..list
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    /// The elements of a list that holds all that could look like its end.
    fn elements(count: usize) -> Vec<String> {
        let forms = |n: usize| match n % 6 {
            0 => format!("\"war {n}\""),
            1 => format!("{{ pattern = 'peace {n}', weight = 0.5 }}"),
            2 => format!("# ] \" in a comment,\n  '[a|b] {n}'"),
            3 => format!("\"\"\"\nlong {n}\"\"\""),
            4 => format!("\"\\u0041 {n}\" # another, ]\n"),
            _ => format!("'term {n}'"),
        };
        (0..count).map(forms).collect()
    }

    /// A lexicon with such a list in a section, a macro and a table in one line; the size of its file is that of a large
    /// one or, without `padding`, that of its text.
    fn lexicon(padding: bool) -> String {
        let list = elements(4 * PIECE + 3).join(", ");
        let plain = elements(4 * PIECE)
            .into_iter()
            .filter(|each| !each.contains("weight"));
        let plain = plain.collect::<Vec<_>>().join(",\n");
        format!(
            "lexicon = {{ name = 't', version = '1', bound_prefixes = [{}] }}\n\
             [macros]\nM = [{plain}, # the last\n]\n[dimensions]\na = {{ categories = {{ x = {{ terms = [{list}] }} }} }}\n\
             [dimensions.b.categories.y]\nterms = [{list}]\n#{}\n",
            "'non', ".repeat(PIECE + 1),
            "-".repeat(if padding { LARGE } else { 0 })
        )
    }

    #[test]
    fn long_lists_are_found_and_left_out() {
        let text = lexicon(true);
        let outline = Outline::of(&text);
        let pieces = |list: &LongList| outline.pieces(list.inside.start - 1).unwrap().count();
        assert_eq!(outline.lists.iter().map(pieces).collect::<Vec<_>>(), [2, 4, 5, 5]);
        let blank = outline.blank(&text);
        assert_eq!(blank.len(), text.len());
        assert!(!blank.contains("war") && !blank.contains("term 5"));
        assert!(outline.pieces(0).is_none());
        assert!(matches!(
            Outline::of(&lexicon(false)).blank(&text),
            Cow::Borrowed(_)
        ));
    }

    #[test]
    fn pieces_say_what_the_whole_says() {
        let whole = Lexicon::parse(&lexicon(false), None).unwrap();
        let pieces = Lexicon::parse(&lexicon(true), None).unwrap();
        assert_eq!(pieces, whole);
    }

    /// A fault has the same place and the same words in a piece, except where it makes the list end elsewhere.
    #[test]
    fn faults_in_pieces_have_their_place() {
        for (sound, broken) in [
            ("'term 1001'", "'term ~ 1001'"),
            ("'term 1001'", "'term 1001' 'x'"),
            ("'term 1001'", "7"),
            ("'term 1001'", "['x']"),
            ("'term 1001'", "'term 1001',,"),
            ("\"\\u0041 1000\"", "\"\\q\""),
            ("'peace 1003', weight", "'peace 1003', wight"),
            ("'peace 1003', weight = 0.5 }", "'peace 1003', weight = 0.5 ]"),
            (
                "'peace 1003', weight = 0.5",
                "'peace 1003 @near(N, 3)', weight = 0.5",
            ),
            ("'[a|b] 1004'", "'[a|b 1004'"),
        ] {
            let fault = |padding: bool| {
                let text = lexicon(padding).replace(sound, broken);
                Lexicon::parse(&text, None).expect_err(broken)
            };
            assert_eq!(fault(true), fault(false), "{broken}");
        }
    }

    /// What is no TOML is refused in a large file too, wherever it stands.
    #[test]
    fn broken_large_files_are_refused() {
        let text = lexicon(true);
        for (sound, broken) in [
            ("[macros]\nM = [", "[macros]\nM = "),
            ("[macros]\nM = [", "[macros]\nM = [["),
            ("# the last\n]", "# the last\n}"),
            ("# the last\n]", "# the last"),
            ("terms = [\"war 0\"", "terms = [\"war 0"),
        ] {
            assert_ne!(text.replace(sound, broken), text);
            assert!(
                Lexicon::parse(&text.replace(sound, broken), None).is_err(),
                "{broken}"
            );
        }
    }
}
