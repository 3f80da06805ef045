//! The two languages of the reports. Both wordings of a sentence stand side by side, in [`say!`], so that whoever changes one sees the other.

/// The language of a report: its words, its numbers, its order of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Language {
    /// Swedish: decimal comma, no-break space between thousands.
    #[default]
    Swedish,
    /// English: decimal point, comma between thousands.
    English,
}

impl Language {
    /// The language tag for `lang` attributes.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Swedish => "sv",
            Self::English => "en",
        }
    }

    /// Picks the text in this language.
    #[must_use]
    pub const fn pick<'a>(self, swedish: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Swedish => swedish,
            Self::English => english,
        }
    }
}

/// One sentence in both languages: `say!(language, sv: "Land", en: "Country")`. The arms are expressions of one type, and only the one that is asked for is
/// evaluated; for a sentence with numbers or names each arm is its own `format!`, since word order differs.
macro_rules! say {
    ($language:expr, sv: $swedish:expr, en: $english:expr $(,)?) => {
        match $language {
            $crate::language::Language::Swedish => $swedish,
            $crate::language::Language::English => $english,
        }
    };
}

pub(crate) use say;
