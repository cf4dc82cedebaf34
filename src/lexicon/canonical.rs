//! The canonical form of a lexicon: JSON without spaces, every text as written, every list in its order; and its
//! SHA-256. It does not depend on how the TOML was laid out, nor on any table of Unicode (SPEC 11).

use super::{Category, Dimension, Lexicon, Macro, Modifier, Term};
use sha2::{Digest, Sha256};

/// The canonical form of a lexicon.
pub(super) fn json(lexicon: &Lexicon) -> String {
    let mut json = Json::default();
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
    json.0
}

/// The SHA-256 of a text, 64 hex digits.
pub(super) fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
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
#[derive(Default)]
struct Json(String);

impl Json {
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
            Some(weight) => self.0.push_str(&decimal(weight)),
            None => self.0.push_str("null"),
        }
    }

    fn number(&mut self, key: &str, number: u16) {
        self.key(key);
        self.0.push_str(&number.to_string());
    }

    fn text(&mut self, key: &str, text: &str) {
        self.maybe(key, Some(text));
    }

    fn maybe(&mut self, key: &str, text: Option<&str>) {
        self.key(key);
        match text {
            Some(text) => self.string(text),
            None => self.0.push_str("null"),
        }
    }

    fn list<T>(&mut self, key: &str, items: &[T], mut item: impl FnMut(&mut Self, &T)) {
        self.key(key);
        self.0.push('[');
        for each in items {
            item(self, each);
        }
        self.0.push(']');
    }

    fn object(&mut self, fill: impl FnOnce(&mut Self)) {
        self.separate();
        self.0.push('{');
        fill(self);
        self.0.push('}');
    }

    fn key(&mut self, key: &str) {
        self.string(key);
        self.0.push(':');
    }

    /// A string, in which only what must be escaped is.
    fn string(&mut self, text: &str) {
        self.separate();
        self.0.push('"');
        for c in text.chars() {
            match c {
                '"' => self.0.push_str("\\\""),
                '\\' => self.0.push_str("\\\\"),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                '\t' => self.0.push_str("\\t"),
                '\u{8}' => self.0.push_str("\\b"),
                '\u{c}' => self.0.push_str("\\f"),
                c if c < ' ' => self.0.push_str(&format!("\\u{:04x}", u32::from(c))),
                c => self.0.push(c),
            }
        }
        self.0.push('"');
    }

    /// A comma, unless this is the first of its kind: no value ends with one of these three.
    fn separate(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with(['{', '[', ':']) {
            self.0.push(',');
        }
    }
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
        assert_eq!(one.sha256, sha256(&one.canonical()));
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

    #[test]
    fn sha256_is_in_hex() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256("abc"), expected);
    }
}
