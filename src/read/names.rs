//! What archives call the text, the date, the source: names in an order of preference, and the caller's own choice
//! before them.

/// What a document is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The text that is scored.
    Text,
    /// The headline.
    Title,
    /// Its own identifier.
    Id,
    /// The address.
    Url,
    /// The outlet.
    Source,
    /// The language.
    Language,
    /// When it was published.
    Date,
    /// When it was fetched; used where no publication date is known.
    Crawl,
}

impl Field {
    /// How many there are.
    pub const COUNT: usize = 8;

    /// All of them, in the order in which they are told.
    pub const ALL: [Field; Self::COUNT] = [
        Field::Text,
        Field::Title,
        Field::Id,
        Field::Url,
        Field::Source,
        Field::Language,
        Field::Date,
        Field::Crawl,
    ];

    /// The word for messages and manifests.
    pub fn name(self) -> &'static str {
        match self {
            Field::Text => "text",
            Field::Title => "title",
            Field::Id => "id",
            Field::Url => "url",
            Field::Source => "source",
            Field::Language => "language",
            Field::Date => "date",
            Field::Crawl => "crawl date",
        }
    }

    /// The names that archives give it, the best first, in normal form.
    pub fn names(self) -> &'static [&'static str] {
        NAMES[self as usize]
    }
}

/// The names of each field, in the order of `Field::ALL`.
const NAMES: [&[&str]; Field::COUNT] = [
    &[
        "maintext",
        "plain_text",
        "text",
        "content",
        "body",
        "article",
        "article_text",
        "full_text",
        "fulltext",
        "selftext",
    ],
    &["title", "headline", "hed"],
    &[
        "id",
        "doc_id",
        "uuid",
        "article_id",
        "stories_id",
        "_id",
        "warc_record_id",
    ],
    &["url", "link", "requested_url", "source_url", "warc_target_uri"],
    &[
        "source_domain",
        "domain",
        "sitename",
        "publisher",
        "publication",
        "outlet",
        "media_name",
        "source",
    ],
    &["language", "lang"],
    &[
        "date_publish",
        "published_date",
        "publish_date",
        "date_published",
        "published_at",
        "pub_date",
        "published",
        "date",
        "time",
        "created_utc",
    ],
    &["date_download", "crawl_date", "warc_date"],
];

/// The caller's own choice of fields, each a key or a dotted path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The text.
    pub text: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// The identifier.
    pub id: Option<String>,
    /// The address.
    pub url: Option<String>,
    /// The outlet.
    pub source: Option<String>,
    /// The language.
    pub language: Option<String>,
    /// The date of publication, or of the crawl if its name says so.
    pub date: Option<String>,
    /// What else the tables carry, in this order.
    pub keep: Vec<String>,
}

impl Overrides {
    /// The choices made, each with its option's field.
    pub fn chosen(&self) -> impl Iterator<Item = (Field, &str)> {
        let all = [
            (Field::Text, &self.text),
            (Field::Title, &self.title),
            (Field::Id, &self.id),
            (Field::Url, &self.url),
            (Field::Source, &self.source),
            (Field::Language, &self.language),
            (Field::Date, &self.date),
        ];
        all.into_iter()
            .filter_map(|(field, name)| Some((field, name.as_deref()?)))
    }
}

/// Names are compared so: lower case, with `_` for `-` and space.
pub fn normal(name: &str) -> String {
    let low = name.trim().to_lowercase();
    low.replace(['-', ' '], "_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_normal_and_no_name_serves_two_fields() {
        let mut seen = HashSet::new();
        for name in Field::ALL.iter().flat_map(|field| field.names()) {
            assert_eq!(normal(name), *name);
            assert!(seen.insert(name), "{name}");
        }
        assert_eq!(Field::Crawl.names()[0], "date_download");
        assert_eq!(normal(" WARC-Target URI "), "warc_target_uri");
    }
}
