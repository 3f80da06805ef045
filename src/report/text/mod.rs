//! Sentences and numbers in a report's language: what is asked of [`Language`] here is answered by `sv.rs` or `en.rs`.

pub mod en;
pub mod sv;

use std::cmp::Ordering;

use icu_collator::{Collator, CollatorBorrowed, options::CollatorOptions};
use icu_locale_core::locale;

use crate::chart::number::formatted;
use crate::language::{Language, say};

/// A space that holds a number and its unit together.
pub const NO_BREAK_SPACE: char = '\u{a0}';

/// Something that is counted, in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noun {
    /// Whether the Swedish article is *ett*.
    pub neuter: bool,
    /// One and many in Swedish.
    pub swedish: [&'static str; 2],
    /// One and many in English.
    pub english: [&'static str; 2],
}

/// A country.
pub const COUNTRY: Noun = Noun { neuter: true, swedish: ["land", "länder"], english: ["country", "countries"] };
/// A Swedish county.
pub const COUNTY: Noun = Noun { neuter: true, swedish: ["län", "län"], english: ["county", "counties"] };
/// An occupation.
pub const OCCUPATION: Noun = Noun { neuter: true, swedish: ["yrke", "yrken"], english: ["occupation", "occupations"] };
/// A source.
pub const SOURCE: Noun = Noun { neuter: false, swedish: ["källa", "källor"], english: ["source", "sources"] };

impl Noun {
    /// The word for many.
    #[must_use]
    pub const fn many(self, language: Language) -> &'static str {
        language.pick(self.swedish[1], self.english[1])
    }
}

impl Language {
    /// A number with a fixed count of decimals.
    #[must_use]
    pub fn number(self, value: f64, decimals: usize) -> String {
        formatted(value, decimals, self)
    }

    /// A whole number.
    #[must_use]
    pub fn whole(self, value: i64) -> String {
        self.number(crate::demand::exact(value), 0)
    }

    /// A share of 0…1 in prose: "57 procent", "57 per cent".
    #[must_use]
    pub fn percent(self, share: f64) -> String {
        format!("{}{NO_BREAK_SPACE}{}", self.number(share * 100.0, 0), self.pick("procent", "per cent"))
    }

    /// A number with its percent sign, for brackets and heads of columns: "57 %", "57%".
    #[must_use]
    pub fn percent_sign(self, number: &str) -> String {
        say!(self, sv: format!("{number} %"), en: format!("{number}%"))
    }

    /// A count of something in prose: "ett yrke", "tre yrken", "111 yrken"; "one occupation", "no occupations".
    #[must_use]
    pub fn count(self, count: usize, noun: Noun) -> String {
        let [one, many] = say!(self, sv: noun.swedish, en: noun.english);
        match self {
            Self::Swedish if noun.neuter => sv::neuter(count, one, many),
            Self::Swedish => sv::common(count, one, many),
            Self::English => en::count(count, one, many),
        }
    }

    /// A count without its noun, of something that has been named: "inget", "tre"; "none", "three".
    #[must_use]
    pub fn count_alone(self, count: usize) -> String {
        match (self, count) {
            (Self::Swedish, 0) => "inget".to_owned(),
            (Self::English, 0) => "none".to_owned(),
            _ => self.count(count, Noun { neuter: true, swedish: ["", ""], english: ["", ""] }).trim_end_matches(NO_BREAK_SPACE).to_owned(),
        }
    }

    /// "A, B och C"; "A, B and C". Names that hold a comma or the conjunction themselves are told apart by semicolons: "A, a; samt B, b".
    #[must_use]
    pub fn list<T: AsRef<str>>(self, items: &[T]) -> String {
        match self {
            Self::Swedish => sv::list(items),
            Self::English => en::list(items),
        }
    }

    /// The first `most` of a list and how many more there are: "A, B och 3 till"; "A, B and 3 more".
    #[must_use]
    pub fn list_of_first<T: AsRef<str>>(self, items: &[T], most: usize) -> String {
        if items.len() <= most + 1 {
            return self.list(items);
        }
        let mut named: Vec<String> = items[..most].iter().map(|item| item.as_ref().to_owned()).collect();
        named.push(format!("{}{NO_BREAK_SPACE}{}", items.len() - most, self.pick("till", "more")));
        self.list(&named)
    }

    /// A name inside a sentence: small letter at the beginning, unless it is an abbreviation or a proper name.
    #[must_use]
    pub fn small(self, text: &str) -> String {
        match self {
            Self::Swedish => sv::small(text),
            Self::English => en::small(text),
        }
    }

    /// A date of ISO 8601, whole or without day, in words; anything else as it is.
    #[must_use]
    pub fn date(self, iso: &str) -> String {
        match self {
            Self::Swedish => date(iso, &sv::MONTHS),
            Self::English => date(iso, &en::MONTHS),
        }
    }

    /// A country inside a sentence: "Nederländerna", "the Netherlands".
    #[must_use]
    pub fn country_in_prose(self, name: &str) -> String {
        match self {
            Self::Swedish => name.to_owned(),
            Self::English => en::with_article(name),
        }
    }

    /// The order of names.
    #[must_use]
    pub fn order(self) -> Order {
        let locale = say!(self, sv: locale!("sv"), en: locale!("en"));
        Order(Collator::try_new(locale.into(), CollatorOptions::default()).ok())
    }
}

/// A sentence that ends in an abbreviation has one full stop, not two.
#[must_use]
pub fn one_stop(text: &str) -> String {
    text.replace("m.fl..", "m.fl.").replace("m.m..", "m.m.")
}

/// Units that are held together with the number before them.
const UNITS: [&str; 9] = ["procent", "per cent", "%", "kronor", "SEK", "personer", "persons", "år", "years"];

/// The text with a no-break space between each number and its unit.
#[must_use]
pub fn held(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut before = ' ';
    for (place, character) in text.char_indices() {
        let rest = &text[place + character.len_utf8()..];
        let is_unit = |unit: &str| rest.strip_prefix(unit).is_some_and(|after| !after.starts_with(char::is_alphanumeric));
        let holds = character == ' ' && before.is_ascii_digit() && UNITS.iter().any(|unit| is_unit(unit));
        kept.push(if holds { NO_BREAK_SPACE } else { character });
        before = character;
    }
    kept
}

/// The text with a capital at its beginning.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// Years as a span: "2024", "2019–2024".
#[must_use]
pub fn years(first: i32, last: i32) -> String {
    if first == last { first.to_string() } else { format!("{first}–{last}") }
}

/// The first day of a date of ISO 8601 that may lack its day: of "2026-08" the first of August; `None` for what is no date.
#[must_use]
pub fn first_day(iso: &str) -> Option<jiff::civil::Date> {
    let parts: Vec<&str> = iso.split('-').collect();
    let (year, month, day) = match parts.as_slice() {
        [year] => (*year, "1", "1"),
        [year, month] => (*year, *month, "1"),
        [year, month, day] => (*year, *month, *day),
        _ => return None,
    };
    jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn date(iso: &str, months: &[&str; 12]) -> String {
    let parts: Vec<&str> = iso.split('-').collect();
    let month = |text: &str| text.parse::<usize>().ok().and_then(|month| months.get(month.wrapping_sub(1)));
    match parts.as_slice() {
        [year, month_digits] if year.len() == 4 => month(month_digits).map(|month| format!("{month}{NO_BREAK_SPACE}{year}")),
        [year, month_digits, day] if year.len() == 4 => month(month_digits)
            .zip(day.parse::<u8>().ok().filter(|day| (1..=31).contains(day)))
            .map(|(month, day)| format!("{day}{NO_BREAK_SPACE}{month}{NO_BREAK_SPACE}{year}")),
        _ => None,
    }
    .unwrap_or_else(|| iso.to_owned())
}

/// The order of names in a language: Swedish with å ä ö last, English with them among a and o.
pub struct Order(Option<CollatorBorrowed<'static>>);

impl Order {
    /// Compares two names.
    #[must_use]
    pub fn compare(&self, first: &str, second: &str) -> Ordering {
        let ordering = self.0.as_ref().map_or(Ordering::Equal, |collator| collator.compare(first, second));
        ordering.then_with(|| first.cmp(second))
    }

    /// Sorts names.
    pub fn sort(&self, names: &mut [String]) {
        names.sort_by(|first, second| self.compare(first, second));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, Swedish};

    #[test]
    fn a_long_list_says_how_many_more_there_are() {
        assert_eq!(Swedish.list_of_first(&["a", "b", "c", "d", "e"], 2), "a, b och 3\u{a0}till");
        assert_eq!(Swedish.list_of_first(&["a", "b", "c"], 2), "a, b och c");
        assert_eq!(English.list_of_first(&["a", "b", "c", "d", "e"], 2), "a, b and 3\u{a0}more");
    }

    #[test]
    fn a_number_is_never_parted_from_its_unit() {
        assert_eq!(held("från 11 procent, 3 personer och 12 år"), "från 11\u{a0}procent, 3\u{a0}personer och 12\u{a0}år");
        assert_eq!(held("det kostar 300 kronor; 5 årtionden; alla procent"), "det kostar 300\u{a0}kronor; 5 årtionden; alla procent");
        assert_eq!(held("95 per cent, 65 %"), "95\u{a0}per cent, 65\u{a0}%");
    }

    #[test]
    fn prose_says_procent_and_per_cent_and_holds_number_and_unit_together() {
        assert_eq!(Swedish.percent(0.567), "57\u{a0}procent");
        assert_eq!(Swedish.number(12_345.6, 1), "12\u{a0}345,6");
        assert_eq!(English.percent(0.567), "57\u{a0}per cent");
        assert_eq!(English.number(12_345.6, 1), "12,345.6");
    }

    #[test]
    fn a_count_agrees_with_its_noun_in_both_languages() {
        assert_eq!(Swedish.count(1, OCCUPATION), "ett\u{a0}yrke");
        assert_eq!(Swedish.count(28, SOURCE), "28\u{a0}källor");
        assert_eq!(English.count(1, OCCUPATION), "one\u{a0}occupation");
        assert_eq!(English.count(0, OCCUPATION), "no\u{a0}occupations");
        assert_eq!(English.count(12, COUNTRY), "twelve\u{a0}countries");
        assert_eq!(English.count(1_028, SOURCE), "1,028\u{a0}sources");
        assert_eq!((Swedish.count_alone(0), English.count_alone(0)), ("inget".to_owned(), "none".to_owned()));
        assert_eq!((Swedish.count_alone(3), English.count_alone(3)), ("tre".to_owned(), "three".to_owned()));
    }

    #[test]
    fn a_date_without_its_day_is_the_first_and_what_is_no_date_is_none() {
        let day = |iso: &str| first_day(iso).map(|day| day.to_string());
        assert_eq!(day("2026-08").as_deref(), Some("2026-08-01"));
        assert_eq!(day("2026-06-30").as_deref(), Some("2026-06-30"));
        assert_eq!(day("2019").as_deref(), Some("2019-01-01"));
        assert_eq!(["2026-13-40", "2026-02-30", "okänt", "", "2026-08-01-01"].map(first_day), [None; 5]);
    }

    #[test]
    fn dates_are_in_words_as_far_as_they_are_known() {
        assert_eq!(Swedish.date("2026-06-01"), "1\u{a0}juni\u{a0}2026");
        assert_eq!(Swedish.date("2026-08"), "augusti\u{a0}2026");
        assert_eq!(Swedish.date("2019"), "2019");
        assert_eq!(Swedish.date("2026-13-40"), "2026-13-40");
        assert_eq!(English.date("2026-06-01"), "1\u{a0}June\u{a0}2026");
    }

    #[test]
    fn å_ä_and_ö_come_last_in_swedish_and_with_a_and_o_in_english() {
        let names: Vec<String> = ["Österrike", "Ungern", "Åland", "Zambia", "Ägypten", "Albanien"].map(str::to_owned).to_vec();
        let sorted = |language: Language| {
            let mut names = names.clone();
            language.order().sort(&mut names);
            names
        };
        assert_eq!(sorted(Swedish), ["Albanien", "Ungern", "Zambia", "Åland", "Ägypten", "Österrike"]);
        assert_eq!(sorted(English), ["Ägypten", "Åland", "Albanien", "Österrike", "Ungern", "Zambia"]);
    }
}
