//! Guards: whether a match of a macro stands near a match (SPEC 6).

use super::Stretch;
use super::known::{self, Known};
use crate::lexicon::{Guard, Scope, Side};
use crate::matcher::{Finder, Search};
use crate::text::view::View;

/// What is known of the macros in the current document.
#[derive(Debug, Default)]
pub struct Near {
    macros: Vec<Known>,
    /// For each macro: its outermost matches in the last sentence, paragraph and document asked about.
    outermost: Vec<[Option<Outermost>; 3]>,
    search: Search,
}

/// Of the matches in a region, the one that ends first and the one that starts last: all that a scope without a
/// distance needs to know.
#[derive(Debug, Clone, Copy)]
struct Outermost {
    /// Where the region's first token starts.
    region: usize,
    first_end: usize,
    last_start: Option<usize>,
}

impl Near {
    /// Forgets the last document.
    pub fn forget(&mut self, macros: usize) {
        self.macros.resize_with(macros, Known::default);
        self.macros.iter_mut().for_each(Known::forget);
        self.outermost.clear();
        self.outermost.resize(macros, [None; 3]);
    }

    /// Whether a match of the guard's macro, apart from `at`, is where the guard looks.
    pub fn is_there(&mut self, view: &mut View, finder: &Finder, guard: &Guard, at: Stretch) -> bool {
        view.work().guards += 1;
        let (before, after) = (guard.side != Side::After, guard.side != Side::Before);
        if let Scope::Tokens(n) = guard.scope {
            return self.is_within(view, finder, guard.list, usize::from(n), at, (before, after));
        }
        let outermost = self.outermost(view, finder, guard, at);
        (before && outermost.first_end <= at.first)
            || (after && outermost.last_start.is_some_and(|s| s >= at.end))
    }

    /// Whether one is within n tokens in the same sentence. Only the nearest on each side can be, and only for it the
    /// gaps between are looked at.
    fn is_within(
        &mut self,
        view: &mut View,
        finder: &Finder,
        list: usize,
        n: usize,
        at: Stretch,
        (before, after): (bool, bool),
    ) -> bool {
        let known = &mut self.macros[list];
        let window = known::around(view, at, n + finder.reach());
        known.cover(view, window, |view, search, bytes, spans| {
            finder.scan(view, search, bytes, |view, found| {
                spans.push(Stretch::of(view, &found))
            });
        });
        let number = |token: usize| view.index().number(token);
        let nearest = before
            .then(|| known.last_before(at.first))
            .flatten()
            .filter(|last| number(at.first) - number(*last) <= n);
        let next = after
            .then(|| known.first_from(at.end))
            .flatten()
            .filter(|first| number(*first) - number(at.last) <= n);
        nearest.is_some_and(|last| view.is_one_sentence(last, at.first))
            || next.is_some_and(|first| view.is_one_sentence(at.last, first))
    }

    fn outermost(&mut self, view: &mut View, finder: &Finder, guard: &Guard, at: Stretch) -> Outermost {
        let (scope, bytes) = match guard.scope {
            Scope::Sentence => (0, view.sentence(at.first)),
            Scope::Paragraph => (1, view.paragraph(at.first)),
            Scope::Document | Scope::Tokens(_) => (2, crate::span::Span::new(0, view.text.len())),
        };
        let known = self.outermost[guard.list][scope].filter(|known| known.region == bytes.start);
        let found = known.unwrap_or_else(|| {
            let mut all = Outermost {
                region: bytes.start,
                first_end: usize::MAX,
                last_start: None,
            };
            let search = &mut self.search;
            finder.scan(view, search, bytes.start..bytes.end + 1, |view, found| {
                all.first_end = all.first_end.min(view.span(found.last).end);
                all.last_start = all.last_start.max(Some(found.first));
            });
            all
        });
        self.outermost[guard.list][scope] = Some(found);
        found
    }
}
