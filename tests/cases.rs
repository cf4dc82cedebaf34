//! Runs the cases of `tests/cases/*.toml` (their format: tests/cases/README.md) against the Rust engine.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pressgauge::engine::{Engine, Evidence, Options, Overlap, Scores, Scratch, Want};
use pressgauge::lexicon::pattern::{parse_term, render};
use pressgauge::lexicon::{Lexicon, Newline};
use pressgauge::text::gap::Gap;
use pressgauge::text::view::{Memo, View};
use std::fs;
use std::sync::Arc;
use toml::{Table, Value};

#[test]
fn all_cases_hold() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    let mut failures = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "toml") {
            let file: Table = fs::read_to_string(&path).unwrap().parse().unwrap();
            for case in file["case"].as_array().unwrap() {
                let case = case.as_table().unwrap();
                count += 1;
                if let Err(message) = run(case) {
                    failures.push(format!(
                        "{} (SPEC {}): {message}",
                        text(case, "name").unwrap(),
                        text(case, "spec").unwrap()
                    ));
                }
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {count} cases fail:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(count >= 250, "only {count} cases");
}

type Outcome = Result<(), String>;

fn run(case: &Table) -> Outcome {
    if case.contains_key("expand") {
        expansion(case)
    } else if case.contains_key("error") {
        error(case)
    } else if case.contains_key("tokens") {
        tokens(case)
    } else if case.contains_key("gaps") {
        gaps(case)
    } else {
        matches(case)
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Outcome {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what}: found {found:?}, expected {expected:?}"))
    }
}

fn text<'a>(case: &'a Table, key: &str) -> Option<&'a str> {
    case.get(key).and_then(Value::as_str)
}

fn list<'a>(case: &'a Table, key: &str) -> &'a [Value] {
    case.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn strings(values: &[Value]) -> Vec<String> {
    values
        .iter()
        .map(|value| value.as_str().unwrap().to_owned())
        .collect()
}

fn newline(case: &Table) -> Option<Newline> {
    text(case, "newline").map(|name| match name {
        "auto" => Newline::Auto,
        "space" => Newline::Space,
        "paragraph" => Newline::Paragraph,
        other => panic!("newline {other}"),
    })
}

fn starts(view: &View) -> Vec<usize> {
    std::iter::successors(view.index().next(0), |token| view.next(*token)).collect()
}

fn tokens(case: &Table) -> Outcome {
    let text = text(case, "text").unwrap();
    let mut memo = Memo::default();
    let mut view = View::new(text, Newline::Auto, &mut memo);
    let found: Vec<[String; 3]> = starts(&view)
        .into_iter()
        .map(|token| {
            let span = view.span(token);
            [
                text[span.start..span.end].to_owned(),
                view.key(token).to_owned(),
                view.cased(token).to_owned(),
            ]
        })
        .collect();
    let expected = list(case, "tokens");
    same("number of tokens", found.len(), expected.len())?;
    for (found, expected) in found.iter().zip(expected) {
        let expected = strings(expected.as_array().unwrap());
        same("token", &found[..expected.len()], &expected[..])?;
    }
    Ok(())
}

fn gaps(case: &Table) -> Outcome {
    let mut memo = Memo::default();
    let mut view = View::new(
        text(case, "text").unwrap(),
        newline(case).unwrap_or_default(),
        &mut memo,
    );
    let found: Vec<String> = starts(&view)
        .into_iter()
        .filter_map(|token| view.gap_before(token))
        .map(Gap::name)
        .map(str::to_owned)
        .collect();
    same("gaps", found, strings(list(case, "gaps")))
}

fn expansion(case: &Table) -> Outcome {
    let (patterns, _) = parse_term(text(case, "expand").unwrap()).map_err(|error| error.message)?;
    same(
        "patterns",
        patterns.iter().map(render).collect(),
        strings(list(case, "patterns")),
    )
}

fn error(case: &Table) -> Outcome {
    let Err(error) = Lexicon::parse(&lexicon(case), Some("case.toml")) else {
        return Err("no error".to_owned());
    };
    let contains = |what: &str, found: &str, key: &str| match text(case, key) {
        Some(part) if !found.contains(part) => Err(format!("{what} is {found:?}, expected {part:?} in it")),
        _ => Ok(()),
    };
    contains("message", &error.message, "error")?;
    contains("hint", error.hint.as_deref().unwrap_or(""), "hint")?;
    for (key, found) in [("line", error.line), ("column", error.column)] {
        if let Some(expected) = case.get(key).and_then(Value::as_integer) {
            same(key, found, Some(expected as usize))?;
        }
    }
    Ok(())
}

/// The lexicon of a case, written out from the short form where that is used.
fn lexicon(case: &Table) -> String {
    if let Some(full) = text(case, "lexicon") {
        return full.to_owned();
    }
    let mut head = toml::map::Map::new();
    head.insert("name".into(), "case".into());
    head.insert("version".into(), "1".into());
    if let Some(prefixes) = case.get("bound_prefixes") {
        head.insert("bound_prefixes".into(), prefixes.clone());
    }
    let mut category = Table::new();
    category.insert("terms".into(), case["terms"].clone());
    let mut dimension = Table::new();
    for key in ["exclude", "veto"] {
        if let Some(terms) = case.get(key) {
            dimension.insert(key.into(), terms.clone());
        }
    }
    dimension.insert(
        "categories".into(),
        Table::from_iter([("c".to_owned(), category.into())]).into(),
    );
    let mut made = Table::new();
    made.insert("lexicon".into(), head.into());
    for key in ["macros", "modifiers"] {
        if let Some(tables) = case.get(key) {
            made.insert(key.into(), tables.clone());
        }
    }
    made.insert(
        "dimensions".into(),
        Table::from_iter([("d".to_owned(), dimension.into())]).into(),
    );
    made.to_string()
}

fn matches(case: &Table) -> Outcome {
    let lexicon = Lexicon::parse(&lexicon(case), None).map_err(|error| error.to_string())?;
    let overlap = match text(case, "overlap") {
        None | Some("dimension") => Overlap::Dimension,
        Some("category") => Overlap::Category,
        Some("none") => Overlap::None,
        Some(other) => panic!("overlap {other}"),
    };
    let options = Options {
        overlap,
        newline: newline(case),
        drop: strings(list(case, "drop")),
    };
    let engine = Engine::new(Arc::new(lexicon), options).map_err(|error| error.to_string())?;
    let text = text(case, "text").unwrap();
    let mut scratch = Scratch::default();
    engine.score(
        &mut scratch,
        text,
        Want {
            tags: true,
            text_hash: true,
            ..Want::default()
        },
    );
    let plain = scratch.scores().clone();
    engine.score(
        &mut scratch,
        text,
        Want {
            hits: true,
            rejected: true,
            tags: true,
            text_hash: true,
        },
    );
    same("scores with and without evidence", scratch.scores(), &plain)?;
    let evidence = scratch.evidence();
    if case.contains_key("hits") {
        let hits: Vec<String> = evidence
            .iter()
            .filter(|e| e.status.name() == "hit")
            .map(|e| surface(text, e).to_owned())
            .collect();
        same("hits", hits, strings(list(case, "hits")))?;
    }
    if case.contains_key("evidence") {
        check_evidence(&engine, text, evidence, list(case, "evidence"))?;
    }
    check_scores(&engine, &plain, case)
}

fn surface<'a>(text: &'a str, evidence: &Evidence) -> &'a str {
    let by_chars: String = text
        .chars()
        .skip(evidence.chars.start)
        .take(evidence.chars.end - evidence.chars.start)
        .collect();
    let by_bytes = &text[evidence.bytes.start..evidence.bytes.end];
    assert_eq!(by_chars, by_bytes);
    by_bytes
}

fn check_evidence(engine: &Engine, text: &str, found: &[Evidence], expected: &[Value]) -> Outcome {
    let shown: Vec<_> = found
        .iter()
        .map(|e| (surface(text, e), e.status.name()))
        .collect();
    if found.len() != expected.len() {
        return Err(format!("evidence: found {shown:?}, expected {expected:?}"));
    }
    for (found, expected) in found.iter().zip(expected) {
        let dimension = &engine.lexicon().dimensions[found.dimension];
        let category = &dimension.categories[found.category];
        for (key, value) in expected.as_table().unwrap() {
            let number = |n: usize| Value::Integer(n as i64);
            let is: Value = match key.as_str() {
                "term" => category.terms[found.term].text.to_string().into(),
                "surface" => surface(text, found).into(),
                "start" => number(found.chars.start),
                "end" => number(found.chars.end),
                "status" => found.status.name().into(),
                "tags" => {
                    let names = engine.lexicon().tags();
                    Value::Array(found.tags_of(&names).into_iter().map(Value::from).collect())
                }
                "dimension" => dimension.name.as_str().into(),
                "category" => category.name.as_str().into(),
                "sentence" => text[found.sentence_bytes.start..found.sentence_bytes.end].into(),
                other => panic!("evidence key {other}"),
            };
            same(&format!("{key} of {shown:?}"), &is, value)?;
        }
    }
    Ok(())
}

fn check_scores(engine: &Engine, scores: &Scores, case: &Table) -> Outcome {
    if let Some(hash) = text(case, "text_hash") {
        same("text_hash", scores.text_hash.as_deref(), Some(hash))?;
    }
    for (name, expected) in case.get("score").and_then(Value::as_table).into_iter().flatten() {
        if name == "tokens" {
            same("tokens", scores.tokens as i64, expected.as_integer().unwrap())?;
            continue;
        }
        let at = engine
            .lexicon()
            .dimensions
            .iter()
            .position(|d| d.name == *name)
            .unwrap();
        let mut expected = expected.as_table().unwrap().clone();
        if let Some(wanted) = expected.remove("tags") {
            let names = engine.lexicon().tags();
            let counts = scores.tags[at * names.len()..].iter().map(|count| *count as i64);
            let named = names
                .into_iter()
                .zip(counts)
                .map(|(name, count)| (name.to_owned(), count.into()));
            same(&format!("{name}.tags"), Value::Table(named.collect()), wanted)?;
        }
        check_tally(name, &scores.dimensions[at], scores.rate(at), &expected)?;
    }
    let categories = engine.lexicon().dimensions.iter().flat_map(|d| &d.categories);
    for (category, tally) in categories.zip(&scores.categories) {
        let expected = case.get("categories").and_then(|all| all.get(&category.name));
        if let Some(expected) = expected.and_then(Value::as_table) {
            check_tally(&category.name, tally, None, expected)?;
        }
    }
    Ok(())
}

fn check_tally(
    name: &str,
    tally: &pressgauge::engine::Tally,
    rate: Option<f64>,
    expected: &Table,
) -> Outcome {
    for (key, expected) in expected {
        let number = expected.as_float().or(expected.as_integer().map(|n| n as f64));
        let what = format!("{name}.{key}");
        match key.as_str() {
            "hits" => same(&what, Some(tally.hits as f64), number)?,
            "distinct" => same(&what, Some(tally.distinct as f64), number)?,
            "weight" => same(&what, Some(tally.weight), number)?,
            "rate" => match (rate, number) {
                (Some(found), Some(wanted)) if (found - wanted).abs() <= 1e-12 * wanted.abs() => {}
                (None, None) => {}
                (found, wanted) => return Err(format!("{what}: found {found:?}, expected {wanted:?}")),
            },
            other => panic!("score key {other}"),
        }
    }
    Ok(())
}
