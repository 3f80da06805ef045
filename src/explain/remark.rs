//! Remarks on figures in words: the publishers' flags, and those that the program sets itself.

use crate::chart::plain;
use crate::language::{Language, say};

/// A letter of Eurostat's flags.
fn letter_words(letter: char, language: Language) -> Option<&'static str> {
    Some(match letter {
        'b' => say!(language, sv: "brott i tidsserien", en: "break in the series"),
        'd' => say!(language, sv: "annan definition än de andra länderna", en: "another definition than the other countries"),
        'e' => say!(language, sv: "skattning", en: "estimate"),
        'p' => say!(language, sv: "preliminär", en: "provisional"),
        'u' => say!(language, sv: "låg tillförlitlighet", en: "low reliability"),
        _ => return None,
    })
}

/// A remark in the language's words; one that nobody has words for stays as it was published.
pub(super) fn words(remark: &str, language: Language) -> String {
    let known = match remark {
        "both sexes only" => Some(say!(language, sv: "bara båda könen tillsammans", en: "both sexes only")),
        "sexes estimated" => Some(say!(language, sv: "könen är skattade", en: "sexes estimated")),
        "estimated" => Some(say!(language, sv: "skattat", en: "estimated")),
        "more employed than inhabitants" => Some(say!(language, sv: "fler sysselsatta än invånare", en: "more employed than inhabitants")),
        "women + men" => Some(say!(language, sv: "kvinnor + män", en: "women + men")),
        "unknown" => Some(say!(language, sv: "okänt", en: "unknown")),
        "reliability high" => Some(say!(language, sv: "hög tillförlitlighet", en: "high reliability")),
        "reliability medium" => Some(say!(language, sv: "medelgod tillförlitlighet", en: "medium reliability")),
        "reliability low" => Some(say!(language, sv: "låg tillförlitlighet", en: "low reliability")),
        "Break in series" => Some(say!(language, sv: "brott i tidsserien", en: "break in the series")),
        "winsorised" => Some(say!(language, sv: "ytterligheter flyttade (winsorised)", en: "winsorised")),
        "log_CT" => Some(say!(language, sv: "logaritm (log_CT)", en: "logarithm (log_CT)")),
        _ => None,
    };
    if let Some(words) = known {
        return words.to_owned();
    }
    let letters: Option<Vec<&str>> = remark.chars().map(|letter| letter_words(letter, language)).collect();
    letters.filter(|letters| !letters.is_empty()).map_or_else(|| plain(remark), |letters| letters.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_is_told_in_the_language_and_an_unknown_one_stays() {
        let both = |remark| [Language::Swedish, Language::English].map(|language| words(remark, language));
        assert_eq!(both("sexes estimated"), ["könen är skattade", "sexes estimated"]);
        assert_eq!(both("bu"), ["brott i tidsserien, låg tillförlitlighet", "break in the series, low reliability"]);
        assert_eq!(both("revised"), ["revised", "revised"]);
        assert!(!words("a\u{1b}[2J", Language::Swedish).contains('\u{1b}'));
    }
}
