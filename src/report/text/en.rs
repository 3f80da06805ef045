//! English, spelled as in Britain: lists, counts in words, names inside a sentence, articles of countries, months.

use super::NO_BREAK_SPACE;
use crate::language::Language;

/// A count of something: "one occupation", "no occupations", "twelve occupations", "1,028 occupations".
#[must_use]
pub fn count(count: usize, one: &str, many: &str) -> String {
    const WORDS: [&str; 13] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let number = WORDS.get(count).map_or_else(|| Language::English.whole(i64::try_from(count).unwrap_or(i64::MAX)), |word| (*word).to_owned());
    format!("{number}{NO_BREAK_SPACE}{}", if count == 1 { one } else { many })
}

/// "A", "A and B", "A, B and C". Names that hold a comma or an "and" themselves are told apart by semicolons: "A, a; B; and C and c".
#[must_use]
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [all @ .., last] => {
            let all: Vec<&str> = all.iter().map(AsRef::as_ref).collect();
            let compound = |item: &str| item.contains(',') || item.contains(" and ");
            if all.iter().any(|item| compound(item)) || compound(last.as_ref()) {
                format!("{}; and {}", all.join("; "), last.as_ref())
            } else {
                format!("{} and {}", all.join(", "), last.as_ref())
            }
        }
    }
}

/// A name inside a sentence: small letter at the beginning, unless its first word is an abbreviation (ICT, `PhD`).
#[must_use]
pub fn small(text: &str) -> String {
    let word = text.split([' ', ',']).next().unwrap_or_default();
    if word.chars().skip(1).any(char::is_uppercase) || word.chars().nth(1) == Some('-') {
        return text.to_owned();
    }
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

/// Countries whose names take an article inside a sentence.
const WITH_ARTICLE: [&str; 9] =
    ["Bahamas", "Central African Republic", "Comoros", "Dominican Republic", "Gambia", "Maldives", "Netherlands", "Philippines", "Seychelles"];

/// A country inside a sentence: "the Netherlands", "the United States", "the Faroe Islands".
#[must_use]
pub fn with_article(name: &str) -> String {
    let needs = WITH_ARTICLE.contains(&name) || name.starts_with("United ") || name.ends_with(" Islands");
    if needs { format!("the {name}") } else { name.to_owned() }
}

/// The verb that agrees with so many: `agrees(1, "is", "are")`.
#[must_use]
pub const fn agrees<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

/// The months.
pub const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_and_before_its_last_item_and_semicolons_between_compound_names() {
        assert_eq!(list(&["Finland", "Poland", "Spain"]), "Finland, Poland and Spain");
        assert_eq!(list(&["Finland", "Poland"]), "Finland and Poland");
        assert_eq!(list(&["a, b", "c", "d and e"]), "a, b; c; and d and e");
        assert_eq!(list(&["a, b and c", "d, e"]), "a, b and c; and d, e");
    }

    #[test]
    fn a_name_inside_a_sentence_begins_small_but_an_abbreviation_does_not() {
        assert_eq!(small("Cooks and cold-buffet managers"), "cooks and cold-buffet managers");
        assert_eq!(small("ICT-specialist professionals"), "ICT-specialist professionals");
        assert_eq!(small("PhD Students"), "PhD Students");
    }

    #[test]
    fn some_countries_take_an_article_inside_a_sentence() {
        assert_eq!(with_article("Netherlands"), "the Netherlands");
        assert_eq!(with_article("United Kingdom"), "the United Kingdom");
        assert_eq!(with_article("Poland"), "Poland");
    }
}
