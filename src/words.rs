//! Holds texts against the list of words that the project does not use (`data/words.toml`): words that make people a kind or a resource, and officialese.

use std::ops::Range;

use crate::config::{AvoidedWord, Config};
use crate::language::Language;

/// A word of the list in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<'a> {
    /// The entry of the list.
    pub entry: &'a AvoidedWord,
    /// The words around it, as they stand in the text.
    pub context: String,
}

/// The list, ready to be held against texts.
#[derive(Clone, Debug)]
pub struct Checker<'a> {
    entries: Vec<&'a AvoidedWord>,
    /// Names of occupations that hold a word of the list: SSYK's own, and so allowed.
    exempt: Vec<String>,
}

/// The text as it is compared: small letters, every white space a plain space.
fn comparable(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(|character| if character.is_whitespace() { ' ' } else { character }).collect()
}

/// Where a word of the list stands in a [`comparable`] text. Each of its parts may end in `*`: then any ending is found.
fn places(text: &str, word: &str) -> Vec<Range<usize>> {
    let parts: Vec<&str> = word.split(' ').collect();
    let Some(first) = parts.first().map(|part| part.trim_end_matches('*')).filter(|part| !part.is_empty()) else { return Vec::new() };
    let end = |start: usize| -> Option<usize> {
        let mut place = start;
        for (position, part) in parts.iter().enumerate() {
            if position > 0 {
                place += text[place..].strip_prefix(' ').map(|_| 1)?;
            }
            let stem = part.trim_end_matches('*');
            place += text[place..].strip_prefix(stem).map(|_| stem.len())?;
            let rest = text[place..].find(|character: char| !character.is_alphanumeric()).unwrap_or(text.len() - place);
            if part.ends_with('*') {
                place += rest;
            } else if rest > 0 && stem.ends_with(char::is_alphanumeric) {
                return None;
            }
        }
        Some(place)
    };
    let begins = |start: usize| !text[..start].ends_with(char::is_alphanumeric);
    text.match_indices(first).filter(|(start, _)| begins(*start)).filter_map(|(start, _)| Some(start..end(start)?)).collect()
}

impl<'a> Checker<'a> {
    /// For texts in `language`.
    #[must_use]
    pub fn new(config: &'a Config, language: Language) -> Self {
        let entries: Vec<&AvoidedWord> = config.words.avoid.iter().filter(|entry| entry.language == language.tag()).collect();
        let names = config.codes.occupations().map(|(_, name)| comparable(language.pick(&name.swedish, &name.english)));
        let exempt = names.filter(|name| entries.iter().any(|entry| !places(name, &comparable(&entry.word)).is_empty())).collect();
        Self { entries, exempt }
    }

    /// Every word of the list in `text`, in its order.
    #[must_use]
    pub fn found(&self, text: &str) -> Vec<Found<'a>> {
        const AROUND: usize = 40;
        let text = comparable(text);
        let inside = |phrase: &str, place: &Range<usize>| {
            text.match_indices(phrase).any(|(start, found)| start <= place.start && place.end <= start + found.len())
        };
        let mut all = Vec::new();
        for entry in &self.entries {
            let unless = entry.unless.iter().flatten().map(|phrase| comparable(phrase)).collect::<Vec<_>>();
            for place in places(&text, &comparable(&entry.word)) {
                let starts_in = |phrase: &String| {
                    text.match_indices(phrase.as_str())
                        .any(|(start, found)| (start..start + found.len()).contains(&place.start) || start == place.start)
                };
                if unless.iter().any(starts_in) || self.exempt.iter().any(|name| inside(name, &place)) {
                    continue;
                }
                let before: String = text[..place.start].chars().rev().take(AROUND).collect::<Vec<_>>().into_iter().rev().collect();
                let after: String = text[place.start..].chars().take(AROUND + place.len()).collect();
                all.push(Found { entry, context: format!("{before}{after}").trim().to_owned() });
            }
        }
        all
    }
}

/// What analysts have written themselves, with where it stands: names of areas, reasons, employers' words.
fn own_texts(config: &Config) -> Vec<(String, Language, &str)> {
    use Language::{English, Swedish};
    let mut texts = Vec::new();
    for area in &config.areas {
        texts.push((format!("areas.toml, {}.name", area.key), Swedish, area.name.as_str()));
        texts.push((format!("areas.toml, {}.name_en", area.key), English, area.name_en.as_str()));
    }
    for (country, why) in &config.not_recruited {
        texts.push((format!("markets.toml, not_recruited.countries.{country}.reason"), Swedish, why.reason.as_str()));
        texts.push((format!("markets.toml, not_recruited.countries.{country}.reason_en"), English, why.reason_en.as_str()));
    }
    for group in &config.method.supply.broad_groups {
        texts.push((format!("method.toml, supply.broad_groups, {}, reason", group.isco), Swedish, group.reason.as_str()));
        texts.push((format!("method.toml, supply.broad_groups, {}, reason_en", group.isco), English, group.reason_en.as_str()));
    }
    for rule in &config.permit_rules.occupation_rules {
        let place = |key: &str| format!("permit-rules.toml, occupation_rules, {}, {key}", rule.key);
        texts.extend([
            (place("name"), Swedish, rule.name.as_str()),
            (place("name_en"), English, rule.name_en.as_str()),
            (place("free_movement"), Swedish, rule.free_movement.as_str()),
            (place("free_movement_en"), English, rule.free_movement_en.as_str()),
            (place("third_country"), Swedish, rule.third_country.as_str()),
            (place("third_country_en"), English, rule.third_country_en.as_str()),
        ]);
    }
    for (row, evidence) in config.evidence.iter().enumerate() {
        texts.push((format!("employer-evidence.csv, row {}, who", row + 1), Swedish, evidence.who.as_str()));
        texts.push((format!("employer-evidence.csv, row {}, reason", row + 1), Swedish, evidence.reason.as_str()));
    }
    for (row, agreement) in config.agreements.iter().enumerate() {
        texts.push((format!("agreements.csv, row {}, agreement", row + 1), Swedish, agreement.name.as_str()));
    }
    texts
}

/// A line for every word of the list in what analysts have written: where, which, why not, and what to say instead.
#[must_use]
pub fn of_analysts(config: &Config) -> Vec<String> {
    let checkers = [Language::Swedish, Language::English].map(|language| (language, Checker::new(config, language)));
    let mut lines = Vec::new();
    for (place, language, text) in own_texts(config) {
        let Some((_, checker)) = checkers.iter().find(|(other, _)| *other == language) else { continue };
        for found in checker.found(text) {
            let AvoidedWord { word, why, instead, .. } = found.entry;
            lines.push(format!("{place}: \"{word}\" ({why}) Say instead: {instead}."));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stands(text: &str, word: &str) -> bool {
        !places(&comparable(text), word).is_empty()
    }

    #[test]
    fn a_word_is_found_whole_and_a_stem_with_any_ending() {
        assert!(stands("Länets Utlänningar.", "utlänning*") && stands("utlänning", "utlänning*"));
        assert!(!stands("inutlänning", "utlänning*"));
        assert!(stands("samt", "samt") && !stands("samtal", "samt") && !stands("tillsamt", "samt"));
        assert!(stands("Etniskt\u{a0}svenska", "etnisk* svensk*"));
        assert!(stands("t.ex. kockar", "t.ex.") && stands("(e.g. cooks)", "e.g."));
        assert!(!stands("", "samt") && !stands("samt", "") && !stands("samt", "*"));
    }
}
