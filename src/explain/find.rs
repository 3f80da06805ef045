//! From what somebody types to a market, an occupation or an area, and the nearest names where there is none.

use super::ExplainError;
use crate::chart::plain;
use crate::code::{Country, County, Ssyk};
use crate::config::Config;
use crate::supply::Market;

/// What a score is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An occupation.
    Occupation(Ssyk),
    /// Key of an area.
    Area(String),
}

/// How many names a hint holds.
const NEAREST: usize = 5;
/// A longer text is compared by its beginning.
const LONGEST: usize = 80;
/// A part of a name shorter than this names nothing.
const SHORTEST_PART: usize = 4;

fn folded(text: &str) -> String {
    plain(&text.chars().take(LONGEST).collect::<String>()).trim().to_lowercase()
}

/// What was typed as one safe line.
fn typed(text: &str) -> String {
    let text = plain(&text.chars().take(LONGEST).collect::<String>());
    if text.is_empty() { "(nothing)".to_owned() } else { text }
}

/// The names nearest to what was typed, the nearest first: those that hold it, then by how alike they are.
fn nearest(wanted: &str, names: Vec<(String, String)>) -> String {
    let mut scored: Vec<(f64, String)> = names
        .into_iter()
        .map(|(name, shown)| {
            let name = name.to_lowercase();
            let holds = !wanted.is_empty() && name.contains(wanted);
            let alike = name.split(' ').map(|part| strsim::jaro_winkler(part, wanted)).fold(strsim::jaro_winkler(&name, wanted), f64::max);
            (if holds { 2.0 + alike } else { alike }, shown)
        })
        .collect();
    scored.sort_by(|first, second| second.0.total_cmp(&first.0).then_with(|| first.1.cmp(&second.1)));
    let mut names: Vec<String> = Vec::new();
    for (_, name) in scored {
        if names.len() < NEAREST && !names.contains(&name) {
            names.push(name);
        }
    }
    let names: Vec<String> = names.iter().map(|name| plain(name)).collect();
    format!("the nearest are {}", names.join("; "))
}

/// The market that `text` names: a country by ISO 3166-1 code or by its name in Swedish or English, a county by its two digits or its name.
///
/// # Errors
/// There is none; it is Sweden, or the county `home`.
pub fn find_market(config: &Config, home: County, text: &str) -> Result<Market, ExplainError> {
    let (codes, wanted) = (&config.codes, folded(text));
    let country = codes.countries().find(|(code, name)| {
        let code = code.as_str().to_lowercase();
        [code, name.alpha3.to_lowercase(), name.swedish.to_lowercase(), name.english.to_lowercase()].contains(&wanted)
    });
    if let Some((country, _)) = country {
        return if country == Country::SWEDEN { Err(ExplainError::Home { typed: typed(text) }) } else { Ok(Market::Country(country)) };
    }
    let bare = |name: &str| name.trim_end_matches(" län").trim_end_matches(" county").trim_end_matches('s').to_owned();
    let county = codes.counties().find(|(code, info)| {
        let names = [info.swedish.to_lowercase(), info.english.to_lowercase()];
        code.as_str() == wanted || names.iter().any(|name| *name == wanted || (!wanted.is_empty() && bare(name) == bare(&wanted)))
    });
    match county {
        Some((county, _)) if county == home => Err(ExplainError::Home { typed: typed(text) }),
        Some((county, _)) => Ok(Market::County(county)),
        None => {
            let countries = codes.countries().flat_map(|(code, name)| {
                [&name.swedish, &name.english].map(|spelled| (spelled.clone(), format!("{code} {} / {}", name.swedish, name.english)))
            });
            let counties = codes.counties().map(|(code, info)| (info.swedish.clone(), format!("{code} {}", info.swedish)));
            Err(ExplainError::Market { typed: typed(text), hint: nearest(&wanted, countries.chain(counties).collect()) })
        }
    }
}

/// The area or the occupation that `text` names: an area by its key or name, an occupation by its SSYK code, its name, or a part that no other name has.
///
/// # Errors
/// There is none, or more than one.
pub fn find_subject(config: &Config, text: &str) -> Result<Subject, ExplainError> {
    let wanted = folded(text);
    let area = config.areas.iter().find(|area| {
        let key = area.key.to_lowercase();
        [key.replace('_', "-"), key, area.name.to_lowercase(), area.name_en.to_lowercase()].contains(&wanted)
    });
    if let Some(area) = area {
        return Ok(Subject::Area(area.key.clone()));
    }
    if let Ok(code) = config.codes.ssyk(&wanted, "") {
        return Ok(Subject::Occupation(code));
    }
    let covered: Vec<Ssyk> = config.occupations();
    let named = || covered.iter().map(|code| (*code, config.codes.occupation(*code)));
    let exact = named().find(|(_, name)| name.swedish.to_lowercase() == wanted || name.english.to_lowercase() == wanted);
    if let Some((code, _)) = exact {
        return Ok(Subject::Occupation(code));
    }
    if wanted.chars().count() >= SHORTEST_PART {
        let holding: Vec<Ssyk> = named()
            .filter(|(_, name)| name.swedish.to_lowercase().contains(&wanted) || name.english.to_lowercase().contains(&wanted))
            .map(|(code, _)| code)
            .collect();
        if let [code] = holding.as_slice() {
            return Ok(Subject::Occupation(*code));
        }
    }
    let occupations =
        named().flat_map(|(code, name)| [&name.swedish, &name.english].map(|spelled| (spelled.clone(), format!("{code} {}", name.swedish))));
    let areas = config.areas.iter().flat_map(|area| [&area.key, &area.name].map(|spelled| (spelled.clone(), area.key.clone())));
    let codes = covered.iter().map(|code| (code.to_string(), format!("{code} {}", config.codes.occupation(*code).swedish)));
    Err(ExplainError::Subject { typed: typed(text), hint: nearest(&wanted, occupations.chain(areas).chain(codes).collect()) })
}
