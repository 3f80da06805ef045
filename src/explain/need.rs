//! Why an occupation is short and how much it weighs in an area: points, need and volume, down to the cells (method, section 2).

use std::collections::{BTreeMap, BTreeSet};

use super::county::employed;
use super::ledger::{Cell, sum};
use super::step::{Operation, Step};
use super::{Context, ExplainError};
use crate::code::Ssyk;
use crate::config::Area;
use crate::demand::{Demand, INDICATORS, Indicator, assessed_groups, growth_links, weights};
use crate::language::say;

type Made = Result<Step, ExplainError>;

/// Names of the five indicators.
fn words(context: &Context, indicator: Indicator) -> (&'static str, &'static str) {
    let language = context.language;
    match indicator {
        Indicator::Recruitment => {
            ("recruitment", say!(language, sv: "Arbetsförmedlingens bedömning", en: "the Public Employment Service’s assessment"))
        }
        Indicator::Outlook => ("outlook", say!(language, sv: "Arbetsförmedlingens prognos", en: "the Public Employment Service’s forecast")),
        Indicator::Vacancies => ("vacancies", say!(language, sv: "annonser per anställd", en: "advertisements per employee")),
        Indicator::Replacement => ("replacement", say!(language, sv: "andel 55 år och äldre", en: "share aged 55 and over")),
        Indicator::Growth => ("growth", say!(language, sv: "tillväxt i riket", en: "growth in Sweden")),
    }
}

fn missing(context: &Context, indicator: Indicator, sv: &'static str, en: &'static str) -> Step {
    let (key, label) = words(context, indicator);
    Step::missing(key, label, say!(context.language, sv: sv, en: en))
}

/// The mean of the points of Arbetsförmedlingen's words over its occupations.
fn said(context: &Context, occupation: Ssyk, indicator: Indicator) -> Step {
    let county = context.analysis.county;
    let method = &context.config.method.demand;
    let (key, label) = words(context, indicator);
    let groups = assessed_groups(context.figures);
    let of_occupation = groups.iter().filter(|(_, codes)| codes.contains(&occupation)).map(|(id, _)| id);
    let mut points = Vec::new();
    for id in of_occupation {
        let is_known = context.figures.assessments.get(&(id.clone(), Some(county))).is_some_and(|words| words.period <= context.year());
        let Some(row) = context.ledger.find("assessment", &[id, county.as_str()]).filter(|_| is_known) else { continue };
        let name = context.figures.assessment_occupations.get(id).and_then(|(name, _, _)| name.as_deref());
        let name = name.map_or_else(|| id.clone(), |name| context.swedish_only(name));
        let found = if indicator == Indicator::Outlook {
            match row.text("outlook") {
                "öka" => Some(("outlook", method.outlook.increase, "demand.outlook.increase")),
                "vara oförändrad" => Some(("outlook", method.outlook.unchanged, "demand.outlook.unchanged")),
                "minska" => Some(("outlook", method.outlook.decrease, "demand.outlook.decrease")),
                _ => None,
            }
        } else {
            match (row.text("recruitment"), row.text("opportunities")) {
                ("brist", _) => Some(("recruitment", method.recruitment.shortage, "demand.recruitment.shortage")),
                ("paradox", _) => Some(("recruitment", method.recruitment.paradox, "demand.recruitment.paradox")),
                ("balans", _) => Some(("recruitment", method.recruitment.balance, "demand.recruitment.balance")),
                ("överskott", _) => Some(("recruitment", method.recruitment.surplus, "demand.recruitment.surplus")),
                ("", "stora") => Some(("opportunities", method.opportunities.large, "demand.opportunities.large")),
                ("", "medelstora") => Some(("opportunities", method.opportunities.medium, "demand.opportunities.medium")),
                ("", "små") => Some(("opportunities", method.opportunities.small, "demand.opportunities.small")),
                _ => None,
            }
        };
        if let Some((column, number, place)) = found {
            points.push(Step::given(format!("words:{id}"), name, number, "method.toml", place).by_cells(vec![row.cell(column)]));
        }
    }
    if points.is_empty() {
        return missing(
            context,
            indicator,
            "Arbetsförmedlingen har inte bedömt yrket i länet",
            "the Public Employment Service has not assessed the occupation in the county",
        );
    }
    Step::new(key, label, Operation::Mean, points)
}

/// The rates of occupations that are scored: of a JobTech group with enough employed in the groups of the county's register that share it.
fn scored_rates<'c>(context: &'c Context) -> &'c BTreeMap<Ssyk, f64> {
    context.rates.get_or_init(|| {
        let group = |row: &Demand| context.config.codes.occupation(row.occupation).jobtech_group.as_deref();
        let mut employed: BTreeMap<&str, i64> = BTreeMap::new();
        for row in context.analysis.demand.occupations.values() {
            if let Some(group) = group(row) {
                *employed.entry(group).or_default() += row.employed.total();
            }
        }
        let least = context.config.method.demand.vacancies.least_employed;
        let rows = context.analysis.demand.occupations.values();
        let is_scored = |row: &Demand| group(row).is_some_and(|group| employed[group] >= least);
        rows.filter(|row| is_scored(row)).filter_map(|row| Some((row.occupation, row.ads_per_100?))).collect()
    })
}

fn vacancies(context: &Context, occupation: Ssyk) -> Made {
    let language = context.language;
    let (key, label) = words(context, Indicator::Vacancies);
    let demand = &context.analysis.demand;
    let (row, county) = (&demand.occupations[&occupation], context.analysis.county);
    let Some(own) = scored_rates(context).get(&occupation).copied() else {
        return Ok(missing(
            context,
            Indicator::Vacancies,
            "för få anställda, eller ingen uppgift om annonser",
            "too few employed, or no figure for advertisements",
        ));
    };
    let group = context.config.codes.occupation(occupation).jobtech_group.clone().unwrap_or_default();
    let period =
        context.figures.ads.get(&(Some(county), group.clone())).and_then(|series| series.newest(context.year())).map_or(0, |found| found.period);
    let cell = context.ledger.row("ads", &[county.as_str(), &group, &period.to_string()])?.cell("ads");
    let label_ads = say!(language, sv: format!("annonser i länet i JobTechs grupp {group}"), en: format!("advertisements in the county in JobTech’s group {group}"));
    let ads = Step::sum_of("ads", label_ads, vec![cell]).held_against(row.ads.map(crate::demand::exact));
    let merged = demand.occupations.keys().filter(|other| context.config.codes.occupation(**other).jobtech_group.as_ref() == Some(&group));
    let mut cells = Vec::new();
    for other in merged {
        cells.extend(employed(context, county, *other)?.cells);
    }
    let employed = Step::sum_of("employed", say!(language, sv: "anställda i gruppens yrken", en: "employees in the group’s occupations"), cells);
    let rate = Step::new(
        "per_employed",
        say!(language, sv: "annonser per anställd", en: "advertisements per employee"),
        Operation::Quotient,
        vec![ads, employed],
    );
    let words = say!(language, sv: "annonser per 100 anställda", en: "advertisements per 100 employees");
    let rate = Step::new("rate", words, Operation::Product, vec![rate, Step::constant("100", 100.0)]).held_against(row.ads_per_100);
    let rates = scored_rates(context);
    let below = rates.values().filter(|rate| **rate < own).count() as u64;
    Ok(Step::new(key, label, Operation::Quartile { below, of: rates.len() as u64 }, vec![rate]))
}

/// The share aged 55 and over in Sweden.
fn share_55(context: &Context, occupation: Ssyk) -> Made {
    let language = context.language;
    let row = &context.analysis.demand.occupations[&occupation];
    let label = say!(language, sv: "andel 55 år och äldre i riket", en: "share aged 55 and over in Sweden");
    let found = context.figures.ages.get(&occupation).and_then(|years| years.range(..=context.year()).next_back());
    let (Some((period, ages)), Some(of_run)) = (found, row.share_55_plus) else {
        return Ok(Step::missing(
            "share_55_plus",
            label,
            say!(language, sv: "uppgift saknas, eller färre än det minsta antalet", en: "no figure, or fewer than the least base"),
        ));
    };
    let cells = |only: bool| -> Result<Vec<Cell>, ExplainError> {
        let groups = ages.keys().filter(|group| !only || context.config.method.demand.replacement.age_groups.contains(group));
        groups.map(|group| Ok(context.ledger.row("employed_age", &[occupation.as_str(), &period.to_string(), group])?.cell("employed"))).collect()
    };
    let old = Step::sum_of("aged_55_plus", say!(language, sv: "anställda 55 år och äldre", en: "employees aged 55 and over"), cells(true)?);
    let all = Step::sum_of("all_ages", say!(language, sv: "anställda i alla åldrar", en: "employees of all ages"), cells(false)?);
    Ok(Step::new("share_55_plus", label, Operation::Quotient, vec![old, all]).held_against(Some(of_run)))
}

/// Employed in Sweden in a year, in an occupation or in all.
fn nation(context: &Context, occupation: Option<Ssyk>, year: i32) -> Made {
    let period = year.to_string();
    let counties = context.config.codes.counties().map(|(county, _)| county);
    let rows: Vec<_> = if let Some(occupation) = occupation {
        counties.filter_map(|county| context.ledger.find("employed_county", &[county.as_str(), occupation.as_str(), &period])).collect()
    } else {
        let of_method = context.config.occupations();
        let wanted: BTreeSet<&str> = of_method.iter().map(Ssyk::as_str).collect();
        let is_wanted = |rest: &str| rest.split_once(' ').is_some_and(|(occupation, year)| year == period && wanted.contains(occupation));
        counties.flat_map(|county| context.ledger.rows_with("employed_county", &[county.as_str()], is_wanted)).collect()
    };
    let which = occupation.map_or_else(
        || format!("period={period}, every county, every ssyk4 of the method"),
        |code| format!("ssyk4={code} period={period}, every county"),
    );
    let cell = sum(&rows, &["women", "men"], which.clone()).ok_or(ExplainError::NoCell { table: "employed_county", row: which })?;
    let label =
        say!(context.language, sv: format!("anställda i riket {period}, kvinnor + män"), en: format!("employees in Sweden {period}, women + men"));
    Ok(Step::sum_of(format!("employed:{period}"), label, vec![cell]))
}

/// Mean annual log change over the links that cross no break.
fn log_growth(context: &Context, occupation: Option<Ssyk>, key: &'static str, label: &'static str) -> Made {
    let links = growth_links(&context.config.method, context.analysis.demand.period);
    let links = links.iter().map(|(from, to)| {
        let ratio = Step::new(
            "ratio",
            format!("{to}/{from}"),
            Operation::Quotient,
            vec![nation(context, occupation, *to)?, nation(context, occupation, *from)?],
        );
        Ok(Step::new(format!("link:{from}-{to}"), format!("ln {to}/{from}"), Operation::NaturalLogarithm, vec![ratio]))
    });
    Ok(Step::new(key, label, Operation::Mean, links.collect::<Result<_, ExplainError>>()?))
}

fn growth(context: &Context, occupation: Ssyk) -> Made {
    let language = context.language;
    let (key, label) = words(context, Indicator::Growth);
    let row = &context.analysis.demand.occupations[&occupation];
    let Some(of_run) = row.growth_excess else {
        return Ok(missing(context, Indicator::Growth, "för få anställda i riket i ett av åren", "too few employed in Sweden in one of the years"));
    };
    let own = log_growth(context, Some(occupation), "own", say!(language, sv: "yrkets årliga tillväxt", en: "the occupation’s annual growth"))?;
    let all = if let Some(step) = context.growth_of_all.get().cloned().flatten() {
        step
    } else {
        let step = log_growth(context, None, "all", say!(language, sv: "alla yrkens årliga tillväxt", en: "the annual growth of all occupations"))?;
        let _ = context.growth_of_all.set(Some(step.clone()));
        step
    };
    let excess =
        Step::new("difference", say!(language, sv: "yrket minus alla", en: "the occupation less all"), Operation::Difference, vec![own, all]);
    let words = say!(language, sv: "procentenheter om året", en: "percentage points a year");
    let excess = Step::new("excess", words, Operation::Product, vec![excess, Step::constant("100", 100.0)]).held_against(Some(of_run));
    Ok(Step::new(key, label, Operation::Points { cuts: context.config.method.demand.growth.cuts }, vec![excess])
        .noted("method.toml demand.growth.cuts"))
}

/// The occupation's points in the county, `m`: the weighted mean of five indicators.
///
/// # Errors
/// The data folder lacks a cell.
pub fn demand_chain(context: &Context, occupation: Ssyk) -> Result<Option<Step>, ExplainError> {
    let (Some(row), Some(kept)) = (context.analysis.demand.occupations.get(&occupation), context.points.get(&occupation)) else { return Ok(None) };
    if let Some(step) = kept.get() {
        return Ok(Some(step.clone()));
    }
    let step = points_of(context, row)?;
    Ok(Some(kept.get_or_init(|| step).clone()))
}

fn points_of(context: &Context, row: &Demand) -> Made {
    let language = context.language;
    let occupation = row.occupation;
    let weights = weights(&context.config.method);
    let mut inputs = Vec::new();
    for ((indicator, weight), of_run) in INDICATORS.into_iter().zip(weights).zip(row.indicator_points) {
        let step = match indicator {
            Indicator::Recruitment | Indicator::Outlook => said(context, occupation, indicator),
            Indicator::Vacancies => vacancies(context, occupation)?,
            Indicator::Growth => growth(context, occupation)?,
            Indicator::Replacement => {
                let (key, label) = words(context, indicator);
                let share = share_55(context, occupation)?;
                let cuts = context.config.method.demand.replacement.cuts;
                Step::new(key, label, Operation::Points { cuts }, vec![share]).noted("method.toml demand.replacement.cuts")
            }
        };
        inputs.push(step.held_against(of_run).weighing(weight));
    }
    let label = say!(language, sv: "poäng 0–3, vägt medelvärde av det som finns", en: "points 0–3, weighted mean of what there is");
    let step = Step::new("points", label, Operation::WeightedMean, inputs).held_against(row.points);
    Ok(step.noted(say!(language, sv: "vikter: method.toml demand.weights", en: "weights: method.toml demand.weights")))
}

/// Need × volume × share of an occupation in an area.
///
/// # Errors
/// The data folder lacks a cell.
pub(super) fn weight(context: &Context, area: &Area, occupation: Ssyk) -> Made {
    let language = context.language;
    let row = &context.analysis.demand.occupations[&occupation];
    let points =
        demand_chain(context, occupation)?.unwrap_or_else(|| Step::missing("points", "m", say!(language, sv: "uppgift saknas", en: "no figure")));
    let hundredfold = Step::new("100·m", "100·m", Operation::Product, vec![Step::constant("100", 100.0), points]);
    let need = Step::new(
        "need",
        say!(language, sv: "behov, 100·m/3", en: "need, 100·m/3"),
        Operation::Quotient,
        vec![hundredfold, Step::constant("3", 3.0)],
    );
    let need = need.held_against(row.need);
    let employed = employed(context, context.analysis.county, occupation)?;
    let mut share = share_55(context, occupation)?;
    if row.share_55_plus.is_none() {
        let label = say!(language, sv: "andel 55 år och äldre: länets medelvärde", en: "share aged 55 and over: the county’s mean");
        let over = say!(language, sv: "länets yrken med uppgift, vägda med antalet anställda", en: "the county’s occupations with a figure, weighted by employees");
        share = Step::counted("share_55_plus", label, mean_share(context), over);
    }
    let leaving = Step::new(
        "aged_55_plus",
        say!(language, sv: "anställda 55 år och äldre", en: "employees aged 55 and over"),
        Operation::Product,
        vec![employed, share],
    );
    let years = context.config.method.demand.volume.years_to_retirement;
    let years = Step::given(
        "years",
        say!(language, sv: "år till pension", en: "years to retirement"),
        years,
        "method.toml",
        "demand.volume.years_to_retirement",
    );
    let volume =
        Step::new("volume", say!(language, sv: "antal som ersätts om året", en: "replaced a year"), Operation::Quotient, vec![leaving, years]);
    let volume = volume.held_against(Some(row.volume));
    let number = area.occupations.get(&occupation).copied().unwrap_or(0.0);
    let list = if number < 1.0 { "shared" } else { "core" };
    let share = Step::given(
        "share",
        say!(language, sv: "yrkets del i området", en: "the occupation’s part in the area"),
        number,
        "areas.toml",
        format!("{}.{list}", area.key),
    );
    let label = say!(language, sv: "behov × antal × del", en: "need × number × part");
    Ok(Step::new("need_volume_share", label, Operation::Product, vec![need, volume, share]))
}

/// The county's mean share aged 55 and over, weighted by employees.
fn mean_share(context: &Context) -> f64 {
    let (mut old, mut all) = (0.0, 0.0);
    for row in context.analysis.demand.occupations.values() {
        if let Some(share) = row.share_55_plus {
            let employed = crate::demand::exact(row.employed.total());
            old += employed * share;
            all += employed;
        }
    }
    if all > 0.0 { old / all } else { 0.0 }
}
