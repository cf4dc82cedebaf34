//! Every path beside the portable one.

use super::*;

struct Check<'a> {
    around: &'a [u8; AROUND],
    pages: &'a Pages,
    beginnings: &'a Beginnings,
    present: &'a [u64],
}

impl Visit for Check<'_> {
    fn visit<M: Machine>(self, machine: M) {
        let block = self.around.first_chunk().unwrap();
        let (mut codes, mut expected) = ([0; BLOCK], [0; BLOCK]);
        let masks = machine.classify(block, &mut codes);
        assert_eq!(masks, Portable.classify(block, &mut expected));
        assert_eq!(codes, expected);
        assert_eq!(machine.special(block), Portable.special(block));
        assert_eq!(
            machine.beyond(self.around, self.pages),
            Portable.beyond(self.around, self.pages)
        );
        let around = self.around.map(code);
        let seem = machine.seem(&around, self.beginnings);
        let eight = |at: usize| cut(u64::from_le_bytes(*around[at..].first_chunk().unwrap()));
        let begins = |at: &usize| eight(*at) != 0 && self.present.contains(&(eight(*at) & FOUR));
        for at in (0..BLOCK).filter(begins) {
            assert!(seem >> at & 1 != 0, "{:x}", eight(at));
        }
        let (mut places, mut expected) = ([0; BLOCK], [0; BLOCK]);
        machine.places(masks.word, 960, &mut places);
        Portable.places(masks.word, 960, &mut expected);
        let count = masks.word.count_ones() as usize;
        assert_eq!(places[..count], expected[..count]);
        let (mut kept, mut expected) = (codes, codes);
        machine.blank(&mut kept, masks.word);
        Portable.blank(&mut expected, masks.word);
        assert_eq!(kept, expected);
    }
}

/// A generator of numbers, by a seed.
fn numbers(mut state: u64) -> impl FnMut() -> u64 {
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state >> 20
    }
}

fn pages(next: &mut impl FnMut() -> u64) -> Pages {
    let mut pages: Vec<[u8; 64]> = (0..1024)
        .map(|_| {
            let alike = next() as u8 & 0x3f;
            let mixed = next().is_multiple_of(2);
            std::array::from_fn(|_| if mixed { next() as u8 & 0x3f } else { alike })
        })
        .collect();
    pages[0] = [0; 64];
    let leads = std::array::from_fn(|lead| {
        std::array::from_fn(|page| {
            let page = &pages[lead << 6 | page];
            if page.iter().all(|flags| *flags == page[0]) {
                page[0]
            } else {
                flag::MIXED
            }
        })
    });
    Pages { pages, leads }
}

#[test]
fn all_paths_agree_at_every_offset() {
    let mut next = numbers(0x9e37_79b9_7f4a_7c15);
    let pages = pages(&mut next);
    let alphabet: Vec<char> = "abcxyzABCXYZ0189'.,- \n\"\\@[`{/:éÉжЖ中ไ’\u{301}𝐀😀٣"
        .chars()
        .collect();
    for round in 0..4_000 {
        let mut text = " ".repeat(round % 64);
        while text.len() < AROUND + 8 {
            text.push(alphabet[next() as usize % alphabet.len()]);
        }
        let around: &[u8; AROUND] = text.as_bytes().first_chunk().unwrap();
        let eight = |at: usize| cut(u64::from_le_bytes(*around.map(code)[at..].first_chunk().unwrap()));
        let present: Vec<u64> = (0..BLOCK).step_by(3).map(|at| eight(at) & FOUR).collect();
        let long = (1..BLOCK).step_by(9).map(|at| eight(at) & SIX).collect();
        let beginnings = Beginnings::new(present.clone(), long, SIX);
        for level in Level::available() {
            dispatch(
                level,
                Check {
                    around,
                    pages: &pages,
                    beginnings: &beginnings,
                    present: &present,
                },
            );
        }
    }
}

#[test]
fn every_byte_at_every_place_is_classified_alike() {
    let mut next = numbers(7);
    let pages = pages(&mut next);
    let present = vec![u64::from(code(b'a'))];
    let beginnings = Beginnings::new(present.clone(), Vec::new(), SIX);
    for level in Level::available() {
        for byte in 0..0x80u8 {
            for place in 0..BLOCK {
                let mut around = [b' '; AROUND];
                around[place] = byte;
                around[(place * 7 + 3) % BLOCK] ^= byte;
                let check = Check {
                    around: &around,
                    pages: &pages,
                    beginnings: &beginnings,
                    present: &present,
                };
                dispatch(level, check);
            }
        }
    }
}
