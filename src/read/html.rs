//! The visible text of HTML: what a reader of the page would see, in paragraphs. Owns which elements are left out and
//! which end a paragraph. Tags and entities are read by html5gum, the tokenizer of the WHATWG standard.

use html5gum::Span;
use html5gum::Tokenizer;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use std::convert::Infallible;

/// What a page says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Page {
    pub(super) title: Option<String>,
    pub(super) text: String,
}

/// Elements of which nothing is seen, or which are no prose.
const HIDDEN: [&str; 13] = [
    "script", "style", "template", "noscript", "head", "svg", "math", "iframe", "select", "textarea",
    "button", "nav", "canvas",
];

/// What may stand in a head; anything else is the page's body, whether the head is closed or not.
const OF_HEAD: [&str; 10] = [
    "head", "title", "meta", "link", "base", "style", "script", "noscript", "template", "object",
];

/// Elements that stand in the flow of a sentence; all others are blocks.
const INLINE: [&str; 34] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "ins", "kbd", "label", "mark", "nobr", "q", "ruby", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var",
];

/// Reads a page.
pub(super) fn page(html: &str) -> Page {
    let mut sight = Sight::default();
    events(html, true, |event| sight.take(&event));
    Page {
        title: Some(sight.title.finish()).filter(|title| !title.is_empty()),
        text: sight.text.finish(),
    }
}

/// Shows the tags and texts of HTML or of an SGML like it; `scripts` says that the contents of some elements, such as
/// scripts, are read by rules of their own.
pub(super) fn events(html: &str, scripts: bool, mut take: impl FnMut(CallbackEvent<'_>)) {
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
        take(event);
        None
    });
    emitter.naively_switch_states(scripts);
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
}

/// What is seen so far.
#[derive(Default)]
struct Sight {
    title: Prose,
    text: Prose,
    in_title: bool,
    /// The hidden element that is open, and how many of its name stand in each other.
    hidden: Option<(&'static str, usize)>,
    /// The tag being read opens a picture or a formula, which may end with itself.
    foreign: bool,
}

impl Sight {
    fn take(&mut self, event: &CallbackEvent<'_>) {
        match event {
            CallbackEvent::OpenStartTag { name } => self.open(name),
            CallbackEvent::CloseStartTag { self_closing: true } if self.foreign => self.leave(),
            CallbackEvent::EndTag { name } => self.close(name),
            CallbackEvent::String { value } if self.in_title => self.title.say(value),
            CallbackEvent::String { value } if self.hidden.is_none() => self.text.say(value),
            _ => {}
        }
    }

    fn open(&mut self, name: &[u8]) {
        let begins_body = !OF_HEAD.iter().any(|known| known.as_bytes() == name);
        if begins_body && self.hidden.is_some_and(|(open, _)| open == "head") {
            self.hidden = None;
        }
        match (&mut self.hidden, hidden(name)) {
            (Some((open, depth)), Some(name)) if *open == name => *depth += 1,
            (None, Some(name)) => self.hidden = Some((name, 1)),
            _ => {}
        }
        self.foreign = self.is_hidden_by(name) && matches!(name, b"svg" | b"math");
        let in_head = self.hidden.is_none_or(|(open, _)| open == "head");
        self.in_title = name == b"title" && self.title.is_empty() && in_head;
        self.breaks(name);
    }

    fn close(&mut self, name: &[u8]) {
        self.in_title = false;
        if self.is_hidden_by(name) {
            self.leave();
        }
        self.breaks(name);
    }

    fn is_hidden_by(&self, name: &[u8]) -> bool {
        self.hidden.is_some_and(|(open, _)| open.as_bytes() == name)
    }

    /// Leaves a hidden element.
    fn leave(&mut self) {
        self.hidden = self
            .hidden
            .and_then(|(open, depth)| (depth > 1).then_some((open, depth - 1)));
    }

    fn breaks(&mut self, name: &[u8]) {
        match name {
            _ if self.hidden.is_some() => {}
            b"br" => self.text.break_line(),
            b"td" | b"th" | b"img" | b"wbr" | b"input" => self.text.space(),
            _ if INLINE.iter().any(|inline| inline.as_bytes() == name) => {}
            _ => self.text.break_paragraph(),
        }
    }
}

fn hidden(name: &[u8]) -> Option<&'static str> {
    HIDDEN.into_iter().find(|hidden| hidden.as_bytes() == name)
}

/// Text that grows, its white space made single; breaks wait for the next word.
#[derive(Debug, Default)]
pub(super) struct Prose {
    text: String,
    gap: Gap,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
    Paragraph,
}

impl Prose {
    /// Adds words.
    pub(super) fn say(&mut self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        let mut words = text.split(|c: char| c.is_ascii_whitespace());
        self.word(words.next().unwrap_or_default());
        for word in words {
            self.space();
            self.word(word);
        }
    }

    fn word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str(match self.gap {
                Gap::None => "",
                Gap::Space => " ",
                Gap::Line => "\n",
                Gap::Paragraph => "\n\n",
            });
        }
        self.gap = Gap::None;
        self.text.push_str(word);
    }

    /// Parts two words.
    pub(super) fn space(&mut self) {
        self.gap = self.gap.max(Gap::Space);
    }

    /// Ends a line.
    pub(super) fn break_line(&mut self) {
        self.gap = self.gap.max(Gap::Line);
    }

    /// Ends a paragraph.
    pub(super) fn break_paragraph(&mut self) {
        self.gap = Gap::Paragraph;
    }

    /// Whether nothing was said.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text.
    pub(super) fn finish(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(html: &str) -> String {
        page(html).text
    }

    #[test]
    fn what_a_reader_sees() {
        let html = "<!DOCTYPE html><html><head><title> A &amp; B\n </title><style>p{}</style></head><body>\
            <nav>Home</nav><h1>Head&shy;line</h1><p>One <b>bo</b>ld&nbsp;word,<br>two\n  lines.<p>Next &lt;p&gt; &#8212; &eacute;\
            <script>if (a < b) { '</p>' }</script><ul><li>x<li>y</ul><table><tr><td>1<td>2</table></body>";
        let page = page(html);
        assert_eq!(page.title.as_deref(), Some("A & B"));
        assert_eq!(
            page.text,
            "Head\u{ad}line\n\nOne bold\u{a0}word,\ntwo lines.\n\nNext <p> \u{2014} \u{e9}\n\nx\n\ny\n\n1 2"
        );
    }

    #[test]
    fn hidden_elements_end_where_they_must() {
        assert_eq!(text("<svg/>a<svg><path/><title>t</title></svg>b"), "a\n\nb");
        assert_eq!(text("<nav><nav>x</nav>y</nav>z"), "z");
        assert_eq!(text("<head><title>t</title><p>no body"), "no body");
        assert_eq!(text("<head><script>x</script><body>b"), "b");
        assert_eq!(
            text("<noscript>x</noscript><textarea><p>x</textarea><!-- c -->a<script>"),
            "a"
        );
        assert_eq!(text("<script>never closed"), "");
        assert_eq!(page("<svg><title>t</title></svg>").title, None);
        assert_eq!(text(""), "");
    }

    #[test]
    fn any_bytes_give_some_text() {
        let html = "<p a='<b>'>x</p><!--<p>--><![CDATA[y]]></ p>&#xD800;&bogus;&#0;<\0a>\u{1f600}";
        for end in (0..html.len()).filter(|end| html.is_char_boundary(*end)) {
            page(&html[..end]);
        }
        assert!(text(html).contains('\u{1f600}'));
    }
}
