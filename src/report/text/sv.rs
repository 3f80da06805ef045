//! Swedish: lists, counts in words, names inside a sentence, months.

use super::NO_BREAK_SPACE;
use crate::language::Language;

/// A count from 1 and up in prose: words up to twelve, then digits.
fn words(count: usize, one: &str) -> String {
    const WORDS: [&str; 13] = ["inga", "", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"];
    match count {
        1 => one.to_owned(),
        2..=12 | 0 => WORDS[count].to_owned(),
        _ => Language::Swedish.whole(i64::try_from(count).unwrap_or(i64::MAX)),
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

/// "A", "A och B", "A, B och C". Names that hold an "och" or a decimal comma are told apart by semicolons: "A; B samt C och c". Where one is a list with
/// commas itself, a semicolon stands before the last too: "A, a; samt B, b" is two names.
#[must_use]
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [all @ .., last] => {
            let all: Vec<&str> = all.iter().map(AsRef::as_ref).collect();
            let any = |holds: fn(&str) -> bool| all.iter().copied().chain([last.as_ref()]).any(holds);
            if any(|item| item.contains(", ")) {
                format!("{}; samt {}", all.join("; "), last.as_ref())
            } else if any(|item| item.contains(',') || item.contains(" och ")) {
                format!("{} samt {}", all.join("; "), last.as_ref())
            } else {
                format!("{} och {}", all.join(", "), last.as_ref())
            }
        }
    }
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

/// The months.
pub const MONTHS: [&str; 12] =
    ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_och_before_its_last_item_and_no_comma_there() {
        assert_eq!(list(&["Finland", "Polen", "Spanien"]), "Finland, Polen och Spanien");
        assert_eq!(list(&["Finland"]), "Finland");
        assert_eq!(list(&["a", "b", "c och d"]), "a; b samt c och d");
        assert_eq!(list(&["a 1,5", "b 2,5"]), "a 1,5 samt b 2,5");
    }

    #[test]
    fn names_with_commas_are_told_apart_however_few_they_are() {
        assert_eq!(list(&["a, b", "c", "d och e"]), "a, b; c; samt d och e");
        assert_eq!(list(&["a, b och c", "d, e"]), "a, b och c; samt d, e");
        assert_eq!(list(&["a, b och c"]), "a, b och c");
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
    fn a_name_inside_a_sentence_begins_small_but_an_abbreviation_does_not() {
        assert_eq!(small("Kockar och kallskänkor"), "kockar och kallskänkor");
        assert_eq!(small("IT-säkerhetsspecialister"), "IT-säkerhetsspecialister");
        assert_eq!(small("ST-läkare"), "ST-läkare");
    }
}
