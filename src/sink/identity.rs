//! What makes two runs the same run, so that one can go on with the other: inputs, lexicon, options, version, outputs.
//! Threads are not part of it: they change no byte.

use crate::read::Stamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A run by what decides on its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// What every table says of itself: version, lexicon, options.
    pub about: BTreeMap<String, String>,
    /// The tables that are written, with their formats.
    pub tables: BTreeMap<String, String>,
    /// How many bytes of records make a part.
    pub part_bytes: usize,
    /// The inputs, in order.
    pub inputs: Vec<Stamp>,
}

impl Identity {
    /// Why this run cannot go on with an earlier one, in one sentence.
    pub fn differs(&self, earlier: &Self) -> Option<String> {
        self.differs_about(earlier)
            .or_else(|| (self.tables != earlier.tables).then(|| "the outputs or their formats differ".into()))
            .or_else(|| {
                (self.part_bytes != earlier.part_bytes)
                    .then(|| changed("part_bytes", earlier.part_bytes, self.part_bytes))
            })
            .or_else(|| self.differs_in_inputs(earlier))
    }

    /// Why it cannot be told whether this run reads what an earlier one has read.
    pub fn is_unsure(&self) -> Option<String> {
        let pipe = self.inputs.iter().find(|input| input.size.is_none())?;
        Some(format!(
            "{} cannot be read from its beginning again, as a file could",
            pipe.path
        ))
    }

    fn differs_about(&self, earlier: &Self) -> Option<String> {
        let keys = earlier.about.keys().chain(self.about.keys());
        let of = |run: &Self, key: &str| run.about.get(key).cloned().unwrap_or_default();
        let mut pairs = keys.map(|key| (key, of(earlier, key), of(self, key)));
        let (key, was, is) = pairs.find(|(_, was, is)| was != is)?;
        Some(match key.as_str() {
            "pressgauge.options" => {
                differing_option(&was, &is).unwrap_or_else(|| "the options differ".into())
            }
            "pressgauge.lexicon_sha256" => "the lexicon is another one".into(),
            key => changed(key.trim_start_matches("pressgauge."), was, is),
        })
    }

    fn differs_in_inputs(&self, earlier: &Self) -> Option<String> {
        let pairs = self.inputs.iter().zip(&earlier.inputs);
        for (input, was) in pairs {
            if input.path != was.path {
                return Some(format!(
                    "the inputs differ: there is {} where {} was",
                    input.path, was.path
                ));
            }
            if input != was {
                return Some(format!("{} has changed", input.path));
            }
        }
        let (is, was) = (self.inputs.len(), earlier.inputs.len());
        (is != was).then(|| format!("the inputs differ: there were {was}, and there are {is}"))
    }
}

fn differing_option(was: &str, is: &str) -> Option<String> {
    let [was, is] =
        [was, is].map(|options| serde_json::from_str::<BTreeMap<String, Value>>(options).unwrap_or_default());
    let name = was
        .keys()
        .chain(is.keys())
        .find(|name| was.get(*name) != is.get(*name))?;
    let shown = |options: &BTreeMap<String, Value>| options.get(name).unwrap_or(&Value::Null).to_string();
    Some(changed(name, shown(&was), shown(&is)))
}

fn changed(what: &str, was: impl ToString, is: impl ToString) -> String {
    format!("{what} was {} and is {}", was.to_string(), is.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        let about = [
            ("pressgauge.version", "1.0"),
            ("pressgauge.lexicon_sha256", "ab"),
            ("pressgauge.options", r#"{"head":null,"categories":false}"#),
        ];
        let stamp = |path: &str| Stamp {
            path: path.into(),
            size: Some(5),
            modified: Some(7),
        };
        Identity {
            about: about.map(|(key, value)| (key.into(), value.into())).into(),
            tables: [("scores".into(), "csv".into())].into(),
            part_bytes: 100,
            inputs: vec![stamp("a"), stamp("b")],
        }
    }

    fn why(change: impl FnOnce(&mut Identity)) -> Option<String> {
        let mut other = identity();
        change(&mut other);
        other.differs(&identity())
    }

    #[test]
    fn every_difference_has_its_sentence() {
        assert_eq!(why(|_| ()), None);
        let about = |key: &str, value: &str| {
            let (key, value) = (key.to_owned(), value.to_owned());
            why(|other| drop(other.about.insert(key, value))).unwrap()
        };
        assert_eq!(about("pressgauge.version", "1.1"), "version was 1.0 and is 1.1");
        assert_eq!(
            about("pressgauge.lexicon_sha256", "cd"),
            "the lexicon is another one"
        );
        assert_eq!(
            about("pressgauge.options", r#"{"head":null,"categories":true}"#),
            "categories was false and is true"
        );
        assert_eq!(
            about("pressgauge.options", r#"{"head":9,"categories":false}"#),
            "head was null and is 9"
        );
        assert_eq!(
            why(|other| drop(other.about.remove("pressgauge.version"))).unwrap(),
            "version was 1.0 and is "
        );
        assert_eq!(about("pressgauge.rules", "2"), "rules was  and is 2");
        assert_eq!(
            about("pressgauge.options", "{"),
            "categories was false and is null"
        );
        assert!(why(|other| other.tables.clear()).unwrap().contains("outputs"));
        assert_eq!(
            why(|other| other.part_bytes = 7).unwrap(),
            "part_bytes was 100 and is 7"
        );
        assert_eq!(
            why(|other| other.inputs[1].path = "c".into()).unwrap(),
            "the inputs differ: there is c where b was"
        );
        assert_eq!(
            why(|other| other.inputs[0].size = Some(6)).unwrap(),
            "a has changed"
        );
        assert_eq!(
            why(|other| other.inputs[0].modified = None).unwrap(),
            "a has changed"
        );
        assert_eq!(
            why(|other| other.inputs.truncate(1)).unwrap(),
            "the inputs differ: there were 2, and there are 1"
        );
    }

    #[test]
    fn a_pipe_cannot_be_read_again() {
        let mut run = identity();
        assert_eq!(run.is_unsure(), None);
        run.inputs[1].size = None;
        assert!(run.is_unsure().unwrap().starts_with("b cannot"));
    }
}
