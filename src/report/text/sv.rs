//! Swedish: numbers with a comma and no-break spaces, dates, lists, genitives, and names sorted with å ä ö last.

use std::cmp::Ordering;

use icu_collator::{Collator, CollatorBorrowed, options::CollatorOptions};
use icu_locale_core::locale;

use crate::chart::Language;
use crate::chart::number::formatted;

/// A space that holds a number and its unit together.
pub const NO_BREAK_SPACE: char = '\u{a0}';

/// A number with a fixed count of decimals.
#[must_use]
pub fn number(value: f64, decimals: usize) -> String {
    formatted(value, decimals, Language::Swedish)
}

/// A whole number.
#[must_use]
pub fn whole(value: i64) -> String {
    number(crate::demand::exact(value), 0)
}

/// A share of 0…1 in prose: "57 procent".
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{}{NO_BREAK_SPACE}procent", number(share * 100.0, 0))
}

/// A count from `least` and up in prose: words up to twelve, then digits.
fn words(count: usize, one: &str) -> String {
    const WORDS: [&str; 13] = ["inga", "", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"];
    match count {
        1 => one.to_owned(),
        2..=12 | 0 => WORDS[count].to_owned(),
        _ => whole(i64::try_from(count).unwrap_or(i64::MAX)),
    }
}

/// A count of something with the article *ett*: "ett yrke", "tre yrken", "111 yrken".
#[must_use]
pub fn neuter(count: usize, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    let number = if count == 0 { "inget".to_owned() } else { words(count, "ett") };
    format!("{number}{NO_BREAK_SPACE}{}", if count == 0 { one } else { noun })
}

/// A count of something with the article *en*: "en källa", "tre källor".
#[must_use]
pub fn common(count: usize, one: &str, many: &str) -> String {
    let noun = if count <= 1 { one } else { many };
    let number = if count == 0 { "ingen".to_owned() } else { words(count, "en") };
    format!("{number}{NO_BREAK_SPACE}{noun}")
}

/// "A", "A och B", "A, B och C". Names that hold a comma or an "och" themselves are told apart by semicolons: "A, a; B samt C och c".
#[must_use]
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [all @ .., last] => {
            let all: Vec<&str> = all.iter().map(AsRef::as_ref).collect();
            let compound = |item: &str| item.contains(',') || item.contains(" och ");
            if all.iter().any(|item| compound(item)) || compound(last.as_ref()) {
                format!("{} samt {}", all.join("; "), last.as_ref())
            } else {
                format!("{} och {}", all.join(", "), last.as_ref())
            }
        }
    }
}

/// A sentence that ends in an abbreviation has one full stop, not two.
#[must_use]
pub fn one_stop(text: &str) -> String {
    text.replace("m.fl..", "m.fl.").replace("m.m..", "m.m.")
}

/// The first `most` of a list and how many more there are: "A, B och 3 till".
#[must_use]
pub fn list_of_first<T: AsRef<str>>(items: &[T], most: usize) -> String {
    if items.len() <= most + 1 {
        return list(items);
    }
    let mut named: Vec<String> = items[..most].iter().map(|item| item.as_ref().to_owned()).collect();
    named.push(format!("{}{NO_BREAK_SPACE}till", items.len() - most));
    list(&named)
}

/// The genitive of a name: "Jämtlands läns", "Västra Götalands".
#[must_use]
pub fn genitive(name: &str) -> String {
    if name.ends_with(['s', 'x', 'z']) { name.to_owned() } else { format!("{name}s") }
}

/// The text with a capital at its beginning.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// A name inside a sentence: small letter at the beginning, unless it is an abbreviation.
#[must_use]
pub fn small(text: &str) -> String {
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return String::new() };
    if characters.clone().next().is_some_and(|second| second.is_uppercase() || second == '-') {
        return text.to_owned();
    }
    first.to_lowercase().chain(characters).collect()
}

const MONTHS: [&str; 12] = ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"];

/// A date of ISO 8601, whole or without day, in words; anything else as it is.
#[must_use]
pub fn date(iso: &str) -> String {
    let parts: Vec<&str> = iso.split('-').collect();
    let month = |text: &str| text.parse::<usize>().ok().and_then(|month| MONTHS.get(month.wrapping_sub(1)));
    match parts.as_slice() {
        [year, month_digits] if year.len() == 4 => month(month_digits).map(|month| format!("{month}{NO_BREAK_SPACE}{year}")),
        [year, month_digits, day] if year.len() == 4 => month(month_digits)
            .zip(day.parse::<u8>().ok().filter(|day| (1..=31).contains(day)))
            .map(|(month, day)| format!("{day}{NO_BREAK_SPACE}{month}{NO_BREAK_SPACE}{year}")),
        _ => None,
    }
    .unwrap_or_else(|| iso.to_owned())
}

/// Years as a span: "2024", "2019–2024".
#[must_use]
pub fn years(first: i32, last: i32) -> String {
    if first == last { first.to_string() } else { format!("{first}–{last}") }
}

/// Swedish order of names, å ä ö last.
pub struct Order(Option<CollatorBorrowed<'static>>);

impl Default for Order {
    fn default() -> Self {
        Self(Collator::try_new(locale!("sv").into(), CollatorOptions::default()).ok())
    }
}

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

    #[test]
    fn a_list_has_och_before_its_last_item_and_no_comma_there() {
        assert_eq!(list(&["Finland", "Polen", "Spanien"]), "Finland, Polen och Spanien");
        assert_eq!(list(&["Finland"]), "Finland");
        assert_eq!(list_of_first(&["a", "b", "c", "d", "e"], 2), "a, b och 3\u{a0}till");
        assert_eq!(list_of_first(&["a", "b", "c"], 2), "a, b och c");
    }

    #[test]
    fn a_name_that_ends_in_s_is_its_own_genitive() {
        assert_eq!(genitive("Jämtlands län"), "Jämtlands läns");
        assert_eq!(genitive("Västernorrlands"), "Västernorrlands");
    }

    #[test]
    fn prose_says_procent_and_holds_number_and_unit_together() {
        assert_eq!(percent(0.567), "57\u{a0}procent");
        assert_eq!(number(12_345.6, 1), "12\u{a0}345,6");
    }

    #[test]
    fn counts_up_to_twelve_are_words() {
        assert_eq!(neuter(1, "yrke", "yrken"), "ett\u{a0}yrke");
        assert_eq!(neuter(12, "yrke", "yrken"), "tolv\u{a0}yrken");
        assert_eq!(neuter(0, "yrke", "yrken"), "inget\u{a0}yrke");
        assert_eq!(common(1, "källa", "källor"), "en\u{a0}källa");
        assert_eq!(common(28, "källa", "källor"), "28\u{a0}källor");
    }

    #[test]
    fn dates_are_in_words_as_far_as_they_are_known() {
        assert_eq!(date("2026-06-01"), "1\u{a0}juni\u{a0}2026");
        assert_eq!(date("2026-08"), "augusti\u{a0}2026");
        assert_eq!(date("2019"), "2019");
        assert_eq!(date("2026-13-40"), "2026-13-40");
    }

    #[test]
    fn å_ä_and_ö_come_last() {
        let mut names: Vec<String> = ["Österrike", "Ungern", "Åland", "Zambia", "Ägypten", "Albanien"].map(str::to_owned).to_vec();
        Order::default().sort(&mut names);
        assert_eq!(names, ["Albanien", "Ungern", "Zambia", "Åland", "Ägypten", "Österrike"]);
    }

    #[test]
    fn a_name_inside_a_sentence_begins_small_but_an_abbreviation_does_not() {
        assert_eq!(small("Kockar och kallskänkor"), "kockar och kallskänkor");
        assert_eq!(small("IT-säkerhetsspecialister"), "IT-säkerhetsspecialister");
        assert_eq!(small("ST-läkare"), "ST-läkare");
    }
}
