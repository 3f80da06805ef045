//! The score of every indicator of a Swedish county: its own raw value and those of the other counties, which make the scale.

use super::Context;
use super::ExplainError;
use super::country::least_ratio;
use super::pool::employed_in_all;
use super::step::{Operation, Step};
use crate::code::{County, Ssyk};
use crate::demand::assessed_groups;
use crate::language::say;
use crate::market::{YEARS_OF_MOVES, last_year_of_moves, range, treated};
use crate::supply::Market;

type Made = Result<Step, ExplainError>;

/// Employed in an occupation in a county, women + men.
pub(super) fn employed(context: &Context, county: County, occupation: Ssyk) -> Made {
    let period = context.analysis.demand.period.to_string();
    let row = context.ledger.row("employed_county", &[county.as_str(), occupation.as_str(), &period])?;
    let name = context.market_name(Market::County(county));
    let label = say!(context.language, sv: format!("anställda i yrket, kvinnor + män, {name}"), en: format!("employees in the occupation, women + men, {name}"));
    Ok(Step::sum_of("employed", label, vec![row.cell("women"), row.cell("men")]))
}

/// The occupation's share of the employed in a county.
fn share(context: &Context, county: County, occupation: Ssyk) -> Made {
    let label = say!(context.language, sv: "yrkets andel av de anställda", en: "the occupation’s share of the employees");
    let parts = vec![employed(context, county, occupation)?, employed_in_all(context, county)?];
    Ok(Step::new(format!("share:{county}"), label, Operation::Quotient, parts))
}

/// Points of Arbetsförmedlingen's words on one of its occupations in another county: the mirror of the shortage.
fn availability(context: &Context, id: &str, county: County) -> Option<Step> {
    let points = &context.config.method.county_markets;
    let row = context.ledger.find("assessment", &[id, county.as_str()])?;
    let (column, number, place) = match (row.text("recruitment"), row.text("opportunities")) {
        ("överskott", _) => ("recruitment", points.surplus, "surplus"),
        ("balans", _) => ("recruitment", points.balance, "balance"),
        ("paradox", _) => ("recruitment", points.paradox, "paradox"),
        ("brist", _) => ("recruitment", points.shortage, "shortage"),
        ("", "små") => ("opportunities", points.small, "small"),
        ("", "medelstora") => ("opportunities", points.medium, "medium"),
        ("", "stora") => ("opportunities", points.large, "large"),
        _ => return None,
    };
    let name = context.figures.assessment_occupations.get(id).and_then(|(name, _, _)| name.as_deref());
    let name = name.map_or_else(|| id.to_owned(), |name| context.swedish_only(name));
    Some(Step::given(format!("words:{id}"), name, number, "method.toml", format!("county_markets.{place}")).by_cells(vec![row.cell(column)]))
}

/// The mean of those points over Arbetsförmedlingen's occupations; `None` where nothing is said.
fn assessment(context: &Context, county: County, occupation: Ssyk) -> Option<Step> {
    let year = context.year();
    let groups = assessed_groups(context.figures);
    let of_occupation = groups.iter().filter(|(_, codes)| codes.contains(&occupation)).map(|(id, _)| id);
    let said = of_occupation.filter(|id| context.figures.assessments.get(&((*id).clone(), Some(county))).is_some_and(|words| words.period <= year));
    let points: Vec<Step> = said.filter_map(|id| availability(context, id, county)).collect();
    let label = say!(context.language, sv: "Arbetsförmedlingens bedömning, poäng", en: "the Public Employment Service’s assessment, points");
    (!points.is_empty()).then(|| Step::new("assessment", label, Operation::Mean, points))
}

fn distance(context: &Context, county: County) -> Step {
    let codes = &context.config.codes;
    let places = [county, context.analysis.county].into_iter().flat_map(|county| {
        let info = codes.county_info(county);
        let place = |what: &str, degrees: f64| {
            let label = format!("{what}, {}", context.market_name(Market::County(county)));
            Step::given(format!("{what}:{county}"), label, degrees, "mappings/counties.csv", format!("code={county} {what}"))
        };
        [place("latitude", info.latitude), place("longitude", info.longitude)]
    });
    let radius = context.config.method.county_markets.earth_radius_km;
    let label = say!(context.language, sv: "kilometer mellan länens mittpunkter", en: "kilometres between the counties’ centroids");
    let kilometres = Step::new("kilometres", label, Operation::GreatCircle { radius }, places.collect());
    let logarithm = Step::new("ln", "ln x", Operation::NaturalLogarithm, vec![kilometres]);
    Step::new(
        "raw",
        say!(context.language, sv: "−ln kilometer: närmare är bättre", en: "−ln kilometres: nearer is better"),
        Operation::Negation,
        vec![logarithm],
    )
}

/// Moves from a county to the run's over five years, per 1 000 inhabitants; `None` where a year or the inhabitants are missing.
fn moves(context: &Context, county: County) -> Option<Step> {
    let (language, own) = (context.language, context.analysis.county);
    let last = last_year_of_moves(context.figures, own, context.year())?;
    let first = last + 1 - YEARS_OF_MOVES;
    let mut cells = Vec::new();
    for year in first..=last {
        let row = context.ledger.find("moves_county", &[county.as_str(), own.as_str(), &year.to_string()])?;
        cells.extend([row.cell("women"), row.cell("men")]);
    }
    let period = context.figures.inhabitants.get(&county)?.newest(last)?.period;
    let row = context.ledger.find("population_county", &[county.as_str(), &period.to_string()])?;
    let label = say!(language,
        sv: format!("flyttar till länet {first}–{last}, kvinnor + män, gånger 1 000"),
        en: format!("moves to the county {first}–{last}, women + men, times 1,000"),
    );
    let moved = Step::of_cells("moved", label, Operation::Cells { factor: 1000.0 }, cells);
    let inhabitants = Step::sum_of(
        "inhabitants",
        say!(language, sv: "invånare, kvinnor + män", en: "inhabitants, women + men"),
        vec![row.cell("women"), row.cell("men")],
    );
    let label = say!(language, sv: "flyttar till länet per 1 000 invånare", en: "moves to the county per 1,000 inhabitants");
    Some(Step::new("raw", label, Operation::Quotient, vec![moved, inhabitants]))
}

/// The raw value of an indicator of one county; `None` where it has none.
fn raw_of(context: &Context, county: County, occupation: Ssyk, indicator: &str) -> Result<Option<Step>, ExplainError> {
    let language = context.language;
    Ok(Some(match indicator {
        "pool" => {
            let label = say!(language, sv: "ln(1 + anställda)", en: "ln(1 + employees)");
            Step::new("raw", label, Operation::LogarithmOfOnePlus, vec![employed(context, county, occupation)?])
        }
        "specialisation" => {
            let parts = vec![share(context, county, occupation)?, share(context, context.analysis.county, occupation)?];
            let ratio =
                Step::new("ratio", say!(language, sv: "andelen mot länets", en: "the share against the county’s"), Operation::Quotient, parts);
            let held = say!(language, sv: "inte under det minsta", en: "not under the least");
            let held = Step::new("held", held, Operation::Largest, vec![ratio, least_ratio(context)]);
            Step::new(
                "raw",
                say!(language, sv: "ln av andelen mot länets", en: "ln of the share against the county’s"),
                Operation::NaturalLogarithm,
                vec![held],
            )
        }
        "assessment" => match assessment(context, county, occupation) {
            Some(step) => step,
            None => return Ok(None),
        },
        "distance" => distance(context, county),
        "moves" => match moves(context, county) {
            Some(step) => step,
            None => return Ok(None),
        },
        _ => return Ok(None),
    }))
}

/// The score of an indicator of a county, on the scale that all counties make.
pub(super) fn normalised(context: &Context, county: County, occupation: Ssyk, indicator: &str, label: String) -> Made {
    let mut peers = Vec::new();
    for other in &context.analysis.supply.counties {
        let Some(run) = context.indicator(Market::County(*other), occupation, indicator) else { continue };
        if let Some(step) = raw_of(context, *other, occupation, indicator)? {
            let name = context.market_name(Market::County(*other));
            let label = format!("{name}: {}", step.label);
            peers.push(step.named(format!("county:{other}"), label).held_against(Some(run.raw)));
        }
    }
    let limits = &context.config.method.county_markets.treatment;
    let [bottom, top] = context.config.method.fit.scale;
    let values: Vec<f64> = peers.iter().filter_map(|step| step.value).collect();
    let own = format!("county:{county}");
    let (after, treatment) = treated(&values, limits);
    let (lowest, highest) = range(&after);
    let operation = Operation::TreatedMinMax {
        treated: peers.iter().position(|step| step.key == own).and_then(|place| after.get(place).copied()),
        own,
        skewness: limits.skewness,
        kurtosis: limits.kurtosis,
        most_rounds: limits.most_rounds as u64,
        bottom,
        top,
        treatment: treatment.map(str::to_owned),
        lowest,
        highest,
    };
    let run = context.indicator(Market::County(county), occupation, indicator).and_then(|row| row.normalised);
    Ok(Step::new(format!("indicator:{indicator}"), label, operation, peers).held_against(run))
}
