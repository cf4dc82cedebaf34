//! The engine: a lexicon compiled once, shared by all threads, and the scratch that each thread brings. From a text
//! to its scores and its evidence (SPEC 7 to 9).

mod places;
mod result;

use crate::error::Result;
use crate::lexicon::{Lexicon, Newline};
use crate::matcher::{Finder, Search};
use crate::rules::modifiers::{Marks, Modifiers, Tags, dropped};
use crate::rules::overlap::{Candidate, Taken};
use crate::rules::{Memory, Rules, Stretch};
use crate::span::Span;
use crate::text::chars::Chars;
use crate::text::view::{Memo, View};
pub use crate::text::work::Work;
use crate::vector::Level;
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::fmt::Write;
use std::sync::Arc;

pub use crate::rules::Status;
pub use crate::rules::overlap::Overlap;
use places::{Place, places};
pub use result::{Evidence, Scores, Tally};

/// What a caller may choose; part of every output's metadata.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// How matches that share tokens are resolved.
    pub overlap: Overlap,
    /// How single line breaks are read; the lexicon's choice if absent.
    pub newline: Option<Newline>,
    /// Tags whose hits do not count.
    pub drop: Vec<String>,
}

/// What one call shall compute beside the scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Want {
    /// The hits, one by one.
    pub hits: bool,
    /// The matches that fell, too, with their reason.
    pub rejected: bool,
    /// How many hits have each tag.
    pub tags: bool,
    /// The hash of the document's keys.
    pub text_hash: bool,
}

/// A compiled lexicon: immutable, shared between threads.
#[derive(Debug)]
pub struct Engine {
    lexicon: Arc<Lexicon>,
    options: Options,
    finder: Finder,
    rules: Rules,
    modifiers: Modifiers,
    /// The tags whose hits do not count.
    dropped: Tags,
    places: Vec<Place>,
    /// How many categories all dimensions have.
    columns: usize,
    /// How many tags the lexicon has.
    width: usize,
}

/// What one thread needs to score documents one after the other; reused, so that nothing is allocated once warm.
#[derive(Debug, Default)]
pub struct Scratch {
    scores: Scores,
    evidence: Vec<Evidence>,
    memo: Memo,
    memory: Memory,
    taken: Taken,
    chars: Chars,
    candidates: Vec<Candidate>,
    search: Search,
    members: Vec<u32>,
    terms: Vec<u32>,
    marks: Marks,
    /// The tags of each candidate; empty where nobody asks for them.
    tags: Vec<Tags>,
    /// Whether the scores of the last document hold anything but zeros.
    touched: bool,
}

impl Scratch {
    /// The text that will be scored after the next one: its bytes are asked for meanwhile.
    pub fn expect(&mut self, text: &[u8]) {
        self.memo.index.expect(text);
    }

    /// One that reads texts with this instruction set, if the machine has it.
    pub fn with_level(level: Level) -> Self {
        Self {
            memo: Memo::new(level),
            ..Self::default()
        }
    }

    /// The scores of the last document.
    pub fn scores(&self) -> &Scores {
        &self.scores
    }

    /// What was done for the last document, counted.
    pub fn work(&self) -> Work {
        self.memo.work
    }

    /// The evidence of the last document, ordered by start, end, dimension, category, term.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
}

impl Engine {
    /// Compiles a lexicon. Fails when an option asks for what this version or this lexicon does not have.
    pub fn new(lexicon: Arc<Lexicon>, options: Options) -> Result<Self> {
        let dropped = dropped(&lexicon, &options.drop)?;
        let bound_prefixes: Arc<HashSet<String>> = Arc::new(lexicon.bound_prefixes.iter().cloned().collect());
        let terms = lexicon
            .dimensions
            .iter()
            .flat_map(|d| &d.categories)
            .flat_map(|c| &c.terms);
        let patterns = (0u32..)
            .zip(terms)
            .flat_map(|(n, term)| term.patterns.iter().map(move |p| (n, p)));
        Ok(Self {
            finder: Finder::new(patterns, bound_prefixes.clone()),
            rules: Rules::new(&lexicon, &bound_prefixes),
            modifiers: Modifiers::new(&lexicon, &bound_prefixes),
            dropped,
            places: places(&lexicon),
            columns: lexicon.dimensions.iter().map(|d| d.categories.len()).sum(),
            width: lexicon.tags().len(),
            lexicon,
            options,
        })
    }

    /// The lexicon it was compiled from.
    pub fn lexicon(&self) -> &Arc<Lexicon> {
        &self.lexicon
    }

    /// The options it was compiled with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Scores one text of less than 4 GiB; the results stay in `scratch` until the next call. Costs time in proportion
    /// to the text, and, beside the matches, memory of about half the longest text so far.
    pub fn score(&self, scratch: &mut Scratch, text: &str, want: Want) {
        let Scratch {
            scores,
            evidence,
            memo,
            memory,
            taken,
            chars,
            candidates,
            search,
            members,
            terms,
            marks,
            tags,
            touched,
        } = scratch;
        let newline = self.options.newline.unwrap_or(self.lexicon.newline);
        let mut view = View::new(text, newline, memo);
        self.collect(&mut view, search, candidates);
        view.work().candidates += candidates.len() as u64;
        let fits = scores.dimensions.len() == self.lexicon.dimensions.len()
            && scores.categories.len() == self.columns;
        if std::mem::replace(touched, !candidates.is_empty()) || !fits {
            scores.clear(self.lexicon.dimensions.len(), self.columns);
        }
        scores.tokens = view.index().tokens() as u64;
        scores.tags.clear();
        tags.clear();
        if !candidates.is_empty() {
            memory.forget(&self.rules);
            self.judge(&mut view, memory, candidates);
            for dimension in 0..self.lexicon.dimensions.len() {
                members.clear();
                let own = (0u32..)
                    .zip(&*candidates)
                    .filter(|(_, c)| c.dimension as usize == dimension);
                members.extend(own.map(|(number, _)| number));
                self.resolve(&mut view, memory, taken, candidates, members, dimension);
            }
            view.work().taken += std::mem::take(&mut taken.work);
            if self.needs_tags(want) {
                marks.forget();
                self.mark(&mut view, marks, candidates, tags);
            }
            self.tally(candidates, terms, scores);
        }
        if want.tags {
            self.count_tags(candidates, tags, &mut scores.tags);
        }
        scores.text_hash = want.text_hash.then(|| text_hash(&mut view));
        evidence.clear();
        if want.hits || want.rejected {
            let shown = candidates
                .iter()
                .enumerate()
                .filter(|(_, c)| want.rejected || c.status == Status::Hit);
            chars.read(text);
            let tags = |at: usize| tags.get(at).copied().unwrap_or_default();
            evidence.extend(shown.map(|(at, c)| self.evidence(&mut view, chars, c, tags(at))));
        }
    }

    /// All matches by start, end and term, each span of a term once with its largest number of elements (SPEC 5.3).
    fn collect(&self, view: &mut View, search: &mut Search, candidates: &mut Vec<Candidate>) {
        candidates.clear();
        self.finder.scan(view, search, 0..view.text.len(), |view, found| {
            let place = &self.places[found.owner as usize];
            candidates.push(Candidate {
                term: found.owner,
                category: place.column,
                dimension: place.dimension,
                words: found.words as u8,
                tokens: found.tokens as u16,
                first: found.first as u32,
                last: found.last as u32,
                end: view.span(found.last).end as u32,
                status: Status::Hit,
                counts: false,
            });
        });
        candidates.sort_unstable_by_key(|c| (c.first, c.end, c.term, u8::MAX - c.words));
        candidates.dedup_by_key(|c| (c.first, c.end, c.term));
    }

    /// Guards and exclusions (SPEC 7.1, 7.2).
    fn judge(&self, view: &mut View, memory: &mut Memory, candidates: &mut [Candidate]) {
        for candidate in candidates {
            let place = &self.places[candidate.term as usize];
            if !place.guarded {
                continue;
            }
            let category =
                &self.lexicon.dimensions[place.dimension as usize].categories[place.category as usize];
            let guards = &category.terms[place.term as usize].guards;
            let at = stretch(candidate);
            candidate.status = self
                .rules
                .judge(view, memory, place.dimension as usize, guards, at);
        }
    }

    /// Veto and overlap among the matches of a dimension (SPEC 7.3, 7.4).
    fn resolve(
        &self,
        view: &mut View,
        memory: &mut Memory,
        taken: &mut Taken,
        candidates: &mut [Candidate],
        members: &[u32],
        dimension: usize,
    ) {
        if !members
            .iter()
            .any(|m| candidates[*m as usize].status == Status::Hit)
        {
            return;
        }
        if self.rules.is_vetoed(view, memory, dimension) {
            for member in members {
                let status = &mut candidates[*member as usize].status;
                if *status == Status::Hit {
                    *status = Status::Veto;
                }
            }
            return;
        }
        taken.resolve(candidates, members, self.options.overlap, view.index().starts());
    }

    fn needs_tags(&self, want: Want) -> bool {
        (want.tags || want.hits || want.rejected || self.dropped > 0) && !self.modifiers.is_empty()
    }

    /// The tags of the hits; those with a tag that is dropped fall (SPEC 8).
    fn mark(&self, view: &mut View, marks: &mut Marks, candidates: &mut [Candidate], tags: &mut Vec<Tags>) {
        tags.resize(candidates.len(), 0);
        let hits = candidates.iter_mut().zip(tags);
        for (candidate, tags) in hits.filter(|(c, _)| c.status == Status::Hit) {
            *tags = self.modifiers.tags(view, marks, stretch(candidate));
            if *tags & self.dropped != 0 {
                candidate.status = Status::Dropped;
                candidate.counts = false;
            }
        }
    }

    /// Of each dimension and tag, how many of the hits that count have it.
    fn count_tags(&self, candidates: &[Candidate], tags: &[Tags], counts: &mut Vec<u64>) {
        let width = self.width;
        counts.resize(self.lexicon.dimensions.len() * width, 0);
        for (candidate, tags) in candidates.iter().zip(tags).filter(|(c, _)| c.counts) {
            let own = &mut counts[candidate.dimension as usize * width..][..width];
            for (tag, count) in own.iter_mut().enumerate() {
                *count += tags >> tag & 1;
            }
        }
    }

    /// Adds hits up, term by term in lexicon order (SPEC 9).
    fn tally(&self, candidates: &[Candidate], terms: &mut Vec<u32>, scores: &mut Scores) {
        terms.clear();
        terms.extend(candidates.iter().filter(|c| c.counts).map(|c| c.term));
        self.add(terms, |place| place.dimension as usize, &mut scores.dimensions);
        terms.clear();
        let hits = candidates.iter().filter(|c| c.status == Status::Hit);
        terms.extend(hits.map(|c| c.term));
        self.add(terms, |place| place.column as usize, &mut scores.categories);
    }

    fn add(&self, terms: &mut [u32], row: impl Fn(&Place) -> usize, tallies: &mut [Tally]) {
        terms.sort_unstable();
        for same in terms.chunk_by(|a, b| a == b) {
            let place = &self.places[same[0] as usize];
            let tally = &mut tallies[row(place)];
            tally.hits += same.len() as u64;
            tally.distinct += 1;
            tally.weight += same.len() as f64 * place.weight;
        }
    }

    fn evidence(&self, view: &mut View, chars: &Chars, candidate: &Candidate, tags: Tags) -> Evidence {
        let place = &self.places[candidate.term as usize];
        let sentence = view.sentence(candidate.first as usize);
        let bytes = Span::new(candidate.first as usize, candidate.end as usize);
        let sentence = Span::new(sentence.start, view.span(sentence.end).end);
        Evidence {
            dimension: place.dimension as usize,
            category: place.category as usize,
            term: place.term as usize,
            status: candidate.status,
            tags,
            chars: chars.span(view.text, bytes),
            bytes,
            sentence: chars.span(view.text, sentence),
            sentence_bytes: sentence,
        }
    }
}

fn stretch(candidate: &Candidate) -> Stretch {
    Stretch {
        first: candidate.first as usize,
        last: candidate.last as usize,
        end: candidate.end as usize,
    }
}

/// First 32 hex digits of the SHA-256 of the keys, a line each (SPEC 9).
fn text_hash(view: &mut View) -> String {
    let mut hash = Sha256::new();
    let mut token = view.index().next(0);
    while let Some(at) = token {
        hash.update(view.key(at));
        token = view.next(at);
        if token.is_some() {
            hash.update("\n");
        }
    }
    hash.finalize()
        .iter()
        .take(16)
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
