//! Modifiers: which tags a hit gets (SPEC 8). All lists of all modifiers are one finder, which looks only at sentences
//! with hits, each once.

mod spans;

use super::Stretch;
use crate::error::{Error, Kind, Result};
use crate::lexicon::guard::did_you_mean;
use crate::lexicon::{Lexicon, Modifier, Term};
use crate::matcher::{Finder, Search};
use crate::span::Span;
use crate::text::view::View;
use spans::{Mark, Spans};
use std::collections::HashSet;
use std::sync::Arc;

/// The lists of a modifier in the order in which they are taken in: a cue needs to know what cancels it.
const CANCEL: usize = 0;
const CUES: usize = 1;
const STOP: usize = 2;
const BLOCK: usize = 3;
const LISTS: usize = 4;

/// A set of tags: bit i is tag i of `Lexicon::tags`, which has at most 64.
pub type Tags = u64;

/// What a modifier does with its matches.
#[derive(Debug)]
struct Reach {
    before: u32,
    after: u32,
    block_within: u32,
    tag: Tags,
    blocked_tag: Tags,
}

/// The modifiers of a lexicon, compiled.
#[derive(Debug)]
pub struct Modifiers {
    finder: Finder,
    reaches: Vec<Reach>,
}

/// What is known of the current sentence; kept from document to document, so that nothing is allocated once warm.
#[derive(Debug, Default)]
pub struct Marks {
    sentence: Option<Span>,
    /// What a scan has found, with the number of its list.
    fresh: Vec<(u32, Mark)>,
    /// The lists of the first modifier, then those of the second, and so on.
    lists: Vec<Spans>,
    search: Search,
}

impl Marks {
    /// Forgets the last document.
    pub fn forget(&mut self) {
        self.sentence = None;
    }
}

impl Modifiers {
    /// Compiles the modifiers.
    pub fn new(lexicon: &Lexicon, bound_prefixes: &Arc<HashSet<String>>) -> Self {
        let lists = lexicon.modifiers.iter().flat_map(lists);
        let terms = (0u32..)
            .zip(lists)
            .flat_map(|(number, terms)| terms.iter().map(move |term| (number, term)));
        let patterns = terms.flat_map(|(number, term)| term.patterns.iter().map(move |p| (number, p)));
        let tags = lexicon.tags();
        let bit = |name: &str| tags.iter().position(|tag| *tag == name).map_or(0, |at| 1 << at);
        let reaches = lexicon.modifiers.iter().map(|modifier| Reach {
            before: modifier.before.into(),
            after: modifier.after.into(),
            block_within: modifier.block_within.into(),
            tag: bit(&modifier.tag),
            blocked_tag: modifier.blocked_tag.as_deref().map_or(0, bit),
        });
        Self {
            finder: Finder::new(patterns, bound_prefixes.clone()),
            reaches: reaches.collect(),
        }
    }

    /// Whether no hit can ever get a tag.
    pub fn is_empty(&self) -> bool {
        self.finder.is_empty()
    }

    /// The tags of a hit. Hits that come in the order of the text cost the least: each sentence is read once.
    pub fn tags(&self, view: &mut View, marks: &mut Marks, at: Stretch) -> Tags {
        let sentence = view.sentence(at.first);
        if marks.sentence != Some(sentence) {
            self.read(view, marks, sentence);
        }
        if marks.fresh.is_empty() {
            return 0;
        }
        let hit = mark(view, at.first, at.last);
        let lists = marks.lists.chunks_exact(LISTS);
        let each = self.reaches.iter().zip(lists);
        each.fold(0, |tags, (reach, lists)| tags | reach.tag(lists, hit))
    }

    /// Finds all that the lists have in a sentence.
    fn read(&self, view: &mut View, marks: &mut Marks, sentence: Span) {
        let Marks {
            fresh, lists, search, ..
        } = marks;
        fresh.clear();
        let bytes = sentence.start..sentence.end + 1;
        self.finder.scan(view, search, bytes, |view, found| {
            fresh.push((found.owner, mark(view, found.first, found.last)));
        });
        fresh.sort_unstable();
        fresh.dedup();
        view.work().known += fresh.len() as u64;
        lists.resize_with(LISTS * self.reaches.len(), Spans::default);
        lists.iter_mut().for_each(Spans::clear);
        for same in fresh.chunk_by(|a, b| a.0 == b.0) {
            let number = same[0].0 as usize;
            let found = same.iter().map(|(_, found)| *found);
            // What cancels a cue stands in the list before it.
            let (known, rest) = lists.split_at_mut(number);
            match known.last().filter(|_| number % LISTS == CUES) {
                Some(cancels) => rest[0].fill(found.filter(|cue| !cancels.hold(*cue))),
                None => rest[0].fill(found),
            }
        }
        marks.sentence = Some(sentence);
    }
}

impl Reach {
    /// The tag that a modifier gives to a hit, if any (SPEC 8.1 to 8.4).
    fn tag(&self, lists: &[Spans], hit: Mark) -> Tags {
        match self.nearest(lists, hit) {
            None => 0,
            Some(cue) if lists[BLOCK].is_one_within(cue, self.block_within) => self.blocked_tag,
            Some(_) => self.tag,
        }
    }

    /// The cue that decides. A cue that a stop keeps away is followed by none that is not, on that side.
    fn nearest(&self, lists: &[Spans], hit: Mark) -> Option<Mark> {
        let (cues, stop) = (&lists[CUES], &lists[STOP]);
        if cues.is_empty() {
            return None;
        }
        if let Some(shared) = cues.sharing(hit) {
            return Some(shared);
        }
        let before = cues
            .before(hit.first)
            .filter(|cue| hit.first - cue.last <= self.before && !stop.is_one_between(cue.last, hit.first));
        let after = cues
            .after(hit.last)
            .filter(|cue| cue.first - hit.last <= self.after && !stop.is_one_between(hit.last, cue.first));
        match (before, after) {
            (Some(before), Some(after)) if after.first - hit.last < hit.first - before.last => Some(after),
            (before, after) => before.or(after),
        }
    }
}

/// The tags that a caller drops; the lexicon must give each of them.
pub fn dropped(lexicon: &Lexicon, names: &[String]) -> Result<Tags> {
    let tags = lexicon.tags();
    names.iter().try_fold(0, |dropped, name| {
        if let Some(at) = tags.iter().position(|tag| tag == name) {
            return Ok(dropped | 1 << at);
        }
        let (lexicon, known) = (&lexicon.name, tags.join(", "));
        let error = |message| Error::new(Kind::Option, message);
        if tags.is_empty() {
            let message =
                format!("the tag `{name}` cannot be dropped: the lexicon {lexicon} has no modifiers");
            return Err(error(message).hint("leave drop away"));
        }
        let message = format!("the tag `{name}` cannot be dropped: the lexicon {lexicon} gives no such tag");
        let advice = || format!("its tags: {known}");
        Err(error(message).hint(did_you_mean(name, tags.iter().copied(), advice)))
    })
}

fn lists(modifier: &Modifier) -> [&[Term]; LISTS] {
    let mut lists: [&[Term]; LISTS] = [&[]; LISTS];
    lists[CANCEL] = &modifier.cancel;
    lists[CUES] = &modifier.cues;
    lists[STOP] = &modifier.stop;
    lists[BLOCK] = &modifier.block;
    lists
}

/// The numbers of two tokens.
fn mark(view: &View, first: usize, last: usize) -> Mark {
    Mark {
        first: view.index().number(first) as u32,
        last: view.index().number(last) as u32,
    }
}
