//! A whole explanation: the answer first, what it cannot answer, the place, the gate, the chains, their sources, and the proof that they add up.

use std::collections::BTreeSet;

use super::area::area_chain;
use super::fit::{coverage_chain, fit_chain};
use super::need::demand_chain;
use super::{
    Cell, Check, Context, ExplainError, Explanation, FORMAT, Named, Operation, SourceOfCells, Step, Subject, TableOfCells, check, gate, rating,
    standing,
};
use crate::chart::plain;
use crate::code::{Country, Ssyk};
use crate::language::{Language, say};
use crate::market::{MarketScore, Ranking};
use crate::supply::Market;
use crate::tidy::dataset::SourceRow;

/// What is found for a market and a subject before it is put in words.
#[derive(Default)]
struct Found {
    answer: String,
    limits: Vec<String>,
    score: Option<f64>,
    ranked: bool,
    reason: Option<String>,
    reason_cells: Vec<Cell>,
    gate: Option<super::GateExplained>,
    standing: Option<super::Standing>,
    chain: Option<Step>,
    coverage: Option<Step>,
    demand: Option<Step>,
}

/// Where the score and the place of `market` in `subject` come from, by the named `weighting` (counties have their own).
///
/// # Errors
/// An unknown weighting, a cell that the data folder lacks, a chain that does not add up.
pub fn explain(context: &Context, weighting: &str, market: Market, subject: &Subject) -> Result<Explanation, ExplainError> {
    let ranking = context.analysis.markets.ranking(market.kind(), weighting).ok_or_else(|| ExplainError::Weighting {
        typed: plain(weighting),
        list: context.config.method.weightings.keys().map(String::as_str).collect::<Vec<_>>().join(", "),
    })?;
    let found = match (outside(context, market)?, subject) {
        (Some(found), _) => found,
        (None, Subject::Area(area)) => of_area(context, ranking, market, area)?,
        (None, Subject::Occupation(occupation)) => of_occupation(context, ranking, market, *occupation)?,
    };
    let gate_steps = found.gate.iter().flat_map(|gate| &gate.steps);
    let chains: Vec<&Step> = found.chain.iter().chain(&found.coverage).chain(&found.demand).chain(gate_steps).collect();
    let check: Check = check(&chains)?;
    let (mut keys, mut tables) = (BTreeSet::new(), BTreeSet::new());
    let mut note = |cell: &Cell| {
        keys.insert(cell.source.clone());
        tables.insert(cell.table.clone());
    };
    found.reason_cells.iter().for_each(&mut note);
    for chain in &chains {
        chain.walk("", &mut |_, step| step.cells.iter().for_each(&mut note));
    }
    let (codes, language) = (&context.config.codes, context.language);
    let county = codes.county_info(context.analysis.county);
    let named = |kind: &str, code: &str, name: &str| Named { kind: kind.to_owned(), code: code.to_owned(), name: plain(name) };
    let ratings = rating::of_subject(context, subject);
    let subject = match subject {
        Subject::Occupation(code) => named("occupation", code.as_str(), &context.occupation_name(*code)),
        Subject::Area(key) => named("area", key, &area_name(context, key)),
    };
    let sources = context.figures.sources.values().filter(|row| keys.contains(&row.source));
    Ok(Explanation {
        format: FORMAT.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        language: language.tag().to_owned(),
        county: named("county", context.analysis.county.as_str(), language.pick(&county.swedish, &county.english)),
        year: context.year(),
        weighting: ranking.weighting.clone(),
        market: named(market.kind().as_str(), market.code(), &context.market_name(market)),
        subject,
        answer: found.answer,
        limits: found.limits,
        score: found.score,
        ranked: found.ranked,
        reason: found.reason,
        reason_cells: found.reason_cells,
        gate: found.gate,
        standing: found.standing,
        chain: found.chain,
        coverage: found.coverage,
        demand: found.demand,
        ratings,
        sources: sources.map(|row| source(context, row)).collect(),
        tables: tables
            .into_iter()
            .map(|table| TableOfCells { sha256: context.figures.hashes.get(&table).cloned().unwrap_or_default(), table })
            .collect(),
        method_sha256: context.config.method_hash(),
        check,
    })
}

/// A source in the explanation's language where data/mappings/sources_en.csv has it, else in Swedish.
fn source(context: &Context, row: &SourceRow) -> SourceOfCells {
    let english = context.config.codes.english_source(&row.source).filter(|_| context.language == Language::English);
    let language = if english.is_some() { Language::English } else { Language::Swedish };
    let pick = |swedish: &str, english: Option<&str>| plain(english.unwrap_or(swedish));
    SourceOfCells {
        source: plain(&row.source),
        dataset: pick(&row.dataset, english.map(|own| own.dataset.as_str())),
        publisher: pick(&row.publisher, english.map(|own| own.publisher.as_str())),
        title: pick(&row.title, english.map(|own| own.title.as_str())),
        url: plain(&row.url),
        retrieved: plain(&row.retrieved),
        period: plain(&row.period),
        licence: pick(&row.licence, english.and_then(|own| own.licence.as_deref())),
        sha256: plain(&row.sha256),
        language: language.tag().to_owned(),
    }
}

fn area_name(context: &Context, key: &str) -> String {
    let area = context.config.areas.iter().find(|area| area.key == key);
    area.map_or_else(|| key.to_owned(), |area| plain(context.language.pick(&area.name, &area.name_en)))
}

/// Why a market is no candidate at all; `None` where it is one.
fn outside(context: &Context, market: Market) -> Result<Option<Found>, ExplainError> {
    let (language, supply) = (context.language, &context.analysis.supply);
    let name = context.market_name(market);
    let Market::Country(country) = market else { return Ok(None) };
    if supply.countries.contains(&country) {
        return Ok(None);
    }
    if let Some(why) = context.config.not_recruited.get(&country) {
        let (reason, date) = (plain(language.pick(&why.reason, &why.reason_en)), language.date(&context.config.not_recruited_list.date));
        let answer = say!(language,
            sv: format!("{name} rangordnas inte: landet står på projektets lista över länder som det inte rekryteras ifrån ({date}): {reason}."),
            en: format!("{name} is not ranked: the country is on the project’s list of countries that are not recruited from ({date}): {reason}."),
        );
        let reason = format!("markets.toml not_recruited.countries.{country}: {reason}");
        return Ok(Some(Found { answer, reason: Some(reason), limits: limits(context, None), ..Found::default() }));
    }
    Ok(Some(too_small(context, country, &name)?))
}

fn too_small(context: &Context, country: Country, name: &str) -> Result<Found, ExplainError> {
    let language = context.language;
    let least = context.config.method.supply.least_population;
    let found = context.figures.population.get(&country).and_then(|series| series.newest(context.year()));
    let cells = match found {
        Some(found) => vec![context.ledger.row("population", &[country.as_str(), &found.period.to_string()])?.cell("persons")],
        None => Vec::new(),
    };
    let least_words = language.number(least, 0);
    let reason = match found {
        Some(found) => {
            let (persons, period) = (language.number(found.value, 0), found.period);
            say!(language,
                sv: format!("{persons} invånare {period} är färre än {least_words} (method.toml supply.least_population)"),
                en: format!("{persons} inhabitants in {period} are fewer than {least_words} (method.toml supply.least_population)"),
            )
        }
        None => say!(language, sv: "uppgift om folkmängd saknas", en: "no figure for the population").to_owned(),
    };
    let answer = say!(language, sv: format!("{name} rangordnas inte: {reason}."), en: format!("{name} is not ranked: {reason}."));
    Ok(Found { answer, reason: Some(reason), reason_cells: cells, limits: limits(context, None), ..Found::default() })
}

/// What an explanation cannot answer.
fn limits(context: &Context, standing: Option<&super::Standing>) -> Vec<String> {
    let language = context.language;
    let mut limits = vec![
        say!(language,
            sv: "Kedjan visar hur talet är räknat, inte om rangordningen förutser vilka som kommer; det prövas i stod.html och med malmarknad backtest.",
            en: "The chain shows how the number is calculated, not whether the ranking predicts who comes; stod.html and malmarknad backtest test that.",
        )
        .to_owned(),
    ];
    if standing.is_some_and(|standing| standing.tier.is_none()) {
        limits.push(
            say!(language,
                sv: "För ett enskilt yrke räknas inget osäkerhetsintervall: små skillnader mellan grannarna betyder inget.",
                en: "For a single occupation no interval of uncertainty is computed: small differences between neighbours mean nothing.",
            )
            .to_owned(),
        );
    }
    limits
}

fn of_area(context: &Context, ranking: &Ranking, market: Market, key: &str) -> Result<Found, ExplainError> {
    let language = context.language;
    let (name, area) = (context.market_name(market), area_name(context, key));
    let row: Option<&MarketScore> = ranking.scores.iter().find(|row| row.market == market && row.area == key);
    let Some(row) = row else {
        let answer = say!(language, sv: format!("{name} har ingen rad i området {area}."), en: format!("{name} has no row in the area {area}."));
        return Ok(Found { answer, limits: limits(context, None), ..Found::default() });
    };
    let chain = area_chain(context, ranking, row)?;
    let standing = standing::of_area(context, ranking, row);
    let reason = row.reason.as_ref().map(|reason| plain(&reason.text(language)));
    let (count, parts) = (chain.inputs.len(), chain.inputs.iter().filter(|step| step.value.is_some()).count());
    let answer = if let (Some(score), Some(place)) = (row.score, &standing) {
        let (score, rank, of) = (language.number(score, 2), place.rank, place.of);
        let sure = sure(context, place);
        say!(language,
            sv: format!("{name} har poängen {score} av 100 i området {area}, det vägda medelvärdet av {parts} av områdets {count} yrken: plats {rank} av {of}.{sure}"),
            en: format!("{name} has the score {score} of 100 in the area {area}, the weighted mean of {parts} of the area’s {count} occupations: rank {rank} of {of}.{sure}"),
        )
    } else {
        let reason = reason.clone().unwrap_or_default();
        say!(language, sv: format!("{name} rangordnas inte i området {area}: {reason}."), en: format!("{name} is not ranked in the area {area}: {reason}."))
    };
    let limits = limits(context, standing.as_ref());
    Ok(Found { answer, limits, score: row.score, ranked: row.ranked, reason, standing, chain: Some(chain), ..Found::default() })
}

/// How sure a place is, in a sentence that begins with a space; nothing where it was not computed.
fn sure(context: &Context, place: &super::Standing) -> String {
    let language = context.language;
    let (Some(tier), Some(members), Some(median), Some(low), Some(high)) =
        (place.tier, place.tier_members, place.rank_median, place.rank_p05, place.rank_p95)
    else {
        return String::new();
    };
    let [median, low, high] = [median, low, high].map(|rank| language.number(rank, 0));
    say!(language,
        sv: format!(" I nio fall av tio ligger platsen mellan {low} och {high}, medianen är {median}. Grupp {tier} har {members} medlemmar, som inbördes inte kan skiljas åt."),
        en: format!(" In nine cases of ten the rank lies between {low} and {high}, the median is {median}. Tier {tier} has {members} members, which cannot be told apart."),
    )
}

fn of_occupation(context: &Context, ranking: &Ranking, market: Market, occupation: Ssyk) -> Result<Found, ExplainError> {
    let language = context.language;
    let (name, named) = (context.market_name(market), context.occupation_name(occupation));
    let demand = demand_chain(context, occupation)?;
    let row = context.analysis.demand.occupations.get(&occupation);
    let fit = ranking.fit(market, occupation);
    let Some(fit) = fit else {
        let reason = match row {
            None if !context.config.occupations().contains(&occupation) => say!(language,
                sv: "yrket är utelämnat ur metoden: militära yrken och yrken utan kod analyseras inte",
                en: "the occupation is left out of the method: military occupations and those without a code are not analysed",
            )
            .to_owned(),
            None => say!(language, sv: "länets register har inte yrket", en: "the county’s register does not have the occupation").to_owned(),
            Some(row) if row.rating.is_recruited() => {
                say!(language, sv: "nyckeln har inget par för yrket", en: "the key has no pair for the occupation").to_owned()
            }
            Some(row) => {
                let (rated, whose) = (rating::words(row.rating, language), rating::whose(context, row));
                say!(language,
                    sv: format!("yrket är bedömt som ”{rated}” i länet{whose}, och marknader rangordnas bara för yrken med brist eller bevakning"),
                    en: format!("the occupation is rated “{rated}” in the county{whose}, and markets are ranked only for occupations with a shortage or under watch"),
                )
            }
        };
        let answer = say!(language, sv: format!("{name} rangordnas inte för {named} ({occupation}): {reason}."), en: format!("{name} is not ranked for {named} ({occupation}): {reason}."));
        return Ok(Found { answer, reason: Some(reason), limits: limits(context, None), demand, ..Found::default() });
    };
    let chain = fit_chain(context, ranking, fit)?;
    let coverage = coverage_chain(context, ranking, fit);
    let gate = gate::explained(context, fit)?;
    let standing = standing::of_occupation(context, ranking, fit).filter(|_| fit.ranked);
    let reason = fit.reason.as_ref().map(|reason| plain(&reason.text(language)));
    let with_number = |step: &Step| Some(format!("{} {}", step.label.to_lowercase(), language.number(step.value?, 1)));
    let pillars = language.list(&chain.inputs.iter().filter_map(with_number).collect::<Vec<String>>());
    let with_reason = |step: &Step| match &step.operation {
        Operation::Missing { reason } => Some(format!("{} ({reason})", step.label.to_lowercase())),
        _ => None,
    };
    let left_out: Vec<String> = chain.inputs.iter().filter_map(with_reason).collect();
    let left_out = if left_out.is_empty() {
        String::new()
    } else {
        let left_out = language.list(&left_out);
        say!(language, sv: format!(" Räknas inte med: {left_out}."), en: format!(" Not counted: {left_out}."))
    };
    let answer = if let (Some(score), Some(place)) = (fit.score, &standing) {
        let (score, rank, of) = (language.number(score, 2), place.rank, place.of);
        say!(language,
            sv: format!("{name} har matchningen {score} av 100 för {named} ({occupation}), det geometriska medelvärdet av {pillars}: plats {rank} av {of}.{left_out}"),
            en: format!("{name} has the fit {score} of 100 for {named} ({occupation}), the geometric mean of {pillars}: rank {rank} of {of}.{left_out}"),
        )
    } else {
        let reason = reason.clone().unwrap_or_default();
        say!(language, sv: format!("{name} rangordnas inte för {named} ({occupation}): {reason}."), en: format!("{name} is not ranked for {named} ({occupation}): {reason}."))
    };
    let limits = limits(context, standing.as_ref());
    Ok(Found {
        answer,
        limits,
        score: fit.score,
        ranked: fit.ranked,
        reason,
        gate,
        standing,
        chain: Some(chain),
        coverage: Some(coverage),
        demand,
        ..Found::default()
    })
}
