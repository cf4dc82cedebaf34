//! The canonical form of a lexicon: JSON without spaces, every text as written, every list in its order; and its
//! SHA-256. It does not depend on how the TOML was laid out, nor on any table of Unicode (SPEC 11).

use super::{Category, Dimension, Lexicon, Macro, Modifier, Term};
use sha2::{Digest, Sha256};

/// How many bytes are gathered before they go on their way.
const PIECE: usize = 1 << 14;

/// The canonical form of a lexicon.
pub(super) fn json(lexicon: &Lexicon) -> String {
    let mut whole = String::new();
    write(lexicon, |piece| whole.push_str(piece));
    whole
}

/// The SHA-256 of the canonical form, 64 hex digits. The form of a large lexicon is larger than its file, so it is hashed
/// piece by piece.
pub(super) fn sha256(lexicon: &Lexicon) -> String {
    let mut hash = Sha256::new();
    write(lexicon, |piece| hash.update(piece));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Hands the canonical form on in pieces.
fn write(lexicon: &Lexicon, hand_on: impl FnMut(&str)) {
    let mut json = Json {
        piece: String::with_capacity(2 * PIECE),
        fresh: true,
        hand_on,
    };
    json.object(|json| {
        json.text("name", &lexicon.name);
        json.text("version", &lexicon.version);
        json.maybe("language", lexicon.language.as_deref());
        json.maybe("description", lexicon.description.as_deref());
        json.text("newline", lexicon.newline.name());
        json.list("bound_prefixes", &lexicon.written_prefixes, |json, prefix| {
            json.string(prefix)
        });
        json.list("macros", &lexicon.macros, Json::named_list);
        json.list("dimensions", &lexicon.dimensions, Json::dimension);
        json.list("modifiers", &lexicon.modifiers, Json::modifier);
    });
    (json.hand_on)(&json.piece);
}

/// The fewest decimal digits that read back as the same number, at least one after the point, without an exponent.
fn decimal(number: f64) -> String {
    let digits = number.to_string();
    if digits.contains('.') {
        digits
    } else {
        digits + ".0"
    }
}

/// JSON on its way out.
struct Json<F> {
    piece: String,
    /// Nothing stands before the next value in its list or object.
    fresh: bool,
    hand_on: F,
}

impl<F: FnMut(&str)> Json<F> {
    fn named_list(&mut self, list: &Macro) {
        self.object(|json| {
            json.text("name", &list.name);
            json.terms("terms", &list.terms);
        });
    }

    fn dimension(&mut self, dimension: &Dimension) {
        self.object(|json| {
            json.text("name", &dimension.name);
            json.maybe("label", dimension.label.as_deref());
            json.terms("exclude", &dimension.exclude);
            json.terms("veto", &dimension.veto);
            json.list("categories", &dimension.categories, Json::category);
        });
    }

    fn category(&mut self, category: &Category) {
        self.object(|json| {
            json.text("name", &category.name);
            json.maybe("label", category.label.as_deref());
            json.maybe("cite", category.cite.as_deref());
            json.weight(category.weight);
            json.list("terms", &category.terms, |json, term| {
                json.object(|json| {
                    json.text("pattern", &term.text);
                    json.weight(term.weight);
                });
            });
        });
    }

    fn modifier(&mut self, modifier: &Modifier) {
        self.object(|json| {
            json.text("name", &modifier.name);
            json.text("tag", &modifier.tag);
            json.maybe("blocked_tag", modifier.blocked_tag.as_deref());
            json.number("before", modifier.before);
            json.number("after", modifier.after);
            json.number("block_within", modifier.block_within);
            json.terms("cues", &modifier.cues);
            json.terms("stop", &modifier.stop);
            json.terms("cancel", &modifier.cancel);
            json.terms("block", &modifier.block);
        });
    }

    /// A list of terms by their texts.
    fn terms(&mut self, key: &str, terms: &[Term]) {
        self.list(key, terms, |json, term| json.string(&term.text));
    }

    fn weight(&mut self, weight: Option<f64>) {
        self.key("weight");
        match weight {
            Some(weight) => self.plain(&decimal(weight)),
            None => self.plain("null"),
        }
    }

    fn number(&mut self, key: &str, number: u16) {
        self.key(key);
        self.plain(&number.to_string());
    }

    fn text(&mut self, key: &str, text: &str) {
        self.maybe(key, Some(text));
    }

    fn maybe(&mut self, key: &str, text: Option<&str>) {
        self.key(key);
        match text {
            Some(text) => self.string(text),
            None => self.plain("null"),
        }
    }

    fn list<T>(&mut self, key: &str, items: &[T], mut item: impl FnMut(&mut Self, &T)) {
        self.key(key);
        self.open('[');
        items.iter().for_each(|each| item(self, each));
        self.close(']');
    }

    fn object(&mut self, fill: impl FnOnce(&mut Self)) {
        self.open('{');
        fill(self);
        self.close('}');
    }

    fn key(&mut self, key: &str) {
        self.string(key);
        self.piece.push(':');
        self.fresh = true;
    }

    fn open(&mut self, bracket: char) {
        self.separate();
        self.piece.push(bracket);
        self.fresh = true;
    }

    fn close(&mut self, bracket: char) {
        self.piece.push(bracket);
        self.fresh = false;
    }

    /// A value that is no string.
    fn plain(&mut self, value: &str) {
        self.separate();
        self.piece.push_str(value);
    }

    /// A string, in which only what must be escaped is.
    fn string(&mut self, text: &str) {
        self.separate();
        self.piece.push('"');
        let mut rest = text;
        while let Some(at) = rest.bytes().position(is_escaped) {
            let (before, after) = rest.split_at(at);
            self.piece.push_str(before);
            self.escaped(after.as_bytes()[0]);
            rest = &after[1..];
        }
        self.piece.push_str(rest);
        self.piece.push('"');
    }

    fn escaped(&mut self, byte: u8) {
        match byte {
            b'"' => self.piece.push_str("\\\""),
            b'\\' => self.piece.push_str("\\\\"),
            b'\n' => self.piece.push_str("\\n"),
            b'\r' => self.piece.push_str("\\r"),
            b'\t' => self.piece.push_str("\\t"),
            8 => self.piece.push_str("\\b"),
            12 => self.piece.push_str("\\f"),
            other => self.piece.push_str(&format!("\\u{other:04x}")),
        }
    }

    /// A comma, unless this is the first of its kind. Between two values is the place to hand a piece on.
    fn separate(&mut self) {
        if self.piece.len() >= PIECE {
            (self.hand_on)(&self.piece);
            self.piece.clear();
        }
        if !std::mem::take(&mut self.fresh) {
            self.piece.push(',');
        }
    }
}

fn is_escaped(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAID_OUT: &str = r#"
# A comment.
[lexicon]
name = "t"
version = "1"
description = 'say "no" \ é'
bound_prefixes = ["De"]
[macros]
STATE = ["united  states", "=US"]
[dimensions.b]
label = "B \u0001"
[dimensions.b.categories.x]
weight = 2
terms = [
  "Asset freez*",   # kept as written
  { pattern = 'deal @not(STATE, 3)', weight = 1e-7 },
]
[dimensions.a]
exclude = ["war on drugs"]
categories.y.terms = ["""a\tb
  """]
[modifiers.negated]
before = 3
cues = ["not"]
"#;

    const CRAMMED: &str = r#"
modifiers = {negated={cues=["not"],before=0x3}}
dimensions.b={label="B \x01",categories={x={terms=['Asset freez*',{weight=0.0000001,pattern="deal @not(STATE, 3)"}],weight=2.0}}}
dimensions.a={categories.y.terms=["a\tb\n  "],veto=[],exclude=['war on drugs']}
macros.STATE=["united  states","=US"]
lexicon={bound_prefixes=["De"],version='1',name='t',description="say \"no\" \\ \u00e9",newline="auto"}
"#;

    fn parse(text: &str) -> Lexicon {
        Lexicon::parse(text, None).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn the_form_is_as_promised() {
        let expected = concat!(
            r#"{"name":"t","version":"1","language":null,"description":"say \"no\" \\ é","newline":"auto","#,
            r#""bound_prefixes":["De"],"macros":[{"name":"STATE","terms":["united  states","=US"]}],"#,
            r#""dimensions":[{"name":"b","label":"B \u0001","exclude":[],"veto":[],"categories":["#,
            r#"{"name":"x","label":null,"cite":null,"weight":2.0,"terms":["#,
            r#"{"pattern":"Asset freez*","weight":null},"#,
            r#"{"pattern":"deal @not(STATE, 3)","weight":0.0000001}]}]},"#,
            r#"{"name":"a","label":null,"exclude":["war on drugs"],"veto":[],"categories":["#,
            r#"{"name":"y","label":null,"cite":null,"weight":null,"terms":["#,
            r#"{"pattern":"a\tb\n  ","weight":null}]}]}],"#,
            r#""modifiers":[{"name":"negated","tag":"negated","blocked_tag":null,"before":3,"after":0,"#,
            r#""block_within":0,"cues":["not"],"stop":[],"cancel":[],"block":[]}]}"#,
        );
        assert_eq!(parse(LAID_OUT).canonical(), expected);
    }

    #[test]
    fn layout_does_not_matter() {
        let (one, other) = (parse(LAID_OUT), parse(CRAMMED));
        assert_eq!(one.canonical(), other.canonical());
        assert_eq!(one.sha256, other.sha256);
        assert_eq!(one.sha256, sha256(&one));
        assert_ne!(one.sha256, parse(&LAID_OUT.replace("freez*", "freeze*")).sha256);
    }

    #[test]
    fn weights_have_no_exponent() {
        for (number, expected) in [
            (1.0, "1.0"),
            (0.25, "0.25"),
            (1e6, "1000000.0"),
            (-1.5e-7, "-0.00000015"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e22, "10000000000000000000000.0"),
        ] {
            assert_eq!(decimal(number), expected);
        }
    }

    /// Also where the form goes in many pieces.
    #[test]
    fn the_hash_is_that_of_the_whole_form() {
        let terms: String = (0..4_000).map(|n| format!("'té{n}', ")).collect();
        let long = format!("{LAID_OUT}[dimensions.c.categories.z]\nterms = [{terms}]");
        for lexicon in [parse(LAID_OUT), parse(&long)] {
            let digest = Sha256::digest(lexicon.canonical());
            let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(lexicon.sha256, hex);
        }
        assert!(parse(&long).canonical().len() > 4 * PIECE);
    }
}
