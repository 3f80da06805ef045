//! How many there are of an occupation in a country: the key from SSYK to ISCO, the country's shares of occupations (published, or estimated from its
//! income) and its employed.

use std::collections::BTreeMap;

use super::ledger::{Cell, sum};
use super::step::{Operation, Step};
use super::{Context, ExplainError};
use crate::code::{Country, Isco, Sex, Ssyk};
use crate::crosswalk::Basis;
use crate::figures::Dated;
use crate::language::say;
use crate::supply::{Market, shares_at_level};

/// Sums over the countries of an ISCO group's line: n, Σx, Σy, Σx², Σxy.
pub(super) type LineSums = [f64; 5];

/// The weight of an ISCO group in an occupation, from SCB's key.
pub(super) fn key_weight(context: &Context, occupation: Ssyk, group: Isco) -> Step {
    let language = context.language;
    let rows = context.ledger.rows("ssyk_isco", &[occupation.as_str()]);
    let by_titles = context.analysis.links.get(&occupation).is_some_and(|link| link.basis == Basis::Titles);
    let inside = |isco: &str| isco.starts_with(group.as_str());
    let label = say!(language, sv: format!("nyckelns vikt för ISCO {group}"), en: format!("the key’s weight of ISCO {group}"));
    if by_titles {
        let cells = |only: bool| rows.iter().filter(|row| !only || inside(row.text("isco08"))).map(|row| row.cell("titles")).collect();
        let own = Step::sum_of("titles", say!(language, sv: "yrkesbenämningar i gruppen", en: "job titles in the group"), cells(true));
        let all = Step::sum_of("all_titles", say!(language, sv: "yrkesbenämningar i yrket", en: "job titles of the occupation"), cells(false));
        return Step::new("key_weight", label, Operation::Quotient, vec![own, all]);
    }
    let cells = |only: bool| {
        let keyed = rows.iter().filter(|row| row.text("in_key") == "true" && (!only || inside(row.text("isco08"))));
        keyed.map(|row| row.cell("in_key")).collect()
    };
    let pairs = Operation::CountOfCells;
    let own = Step::of_cells("pairs", say!(language, sv: "par i nyckeln i gruppen", en: "pairs of the key in the group"), pairs.clone(), cells(true));
    let all =
        Step::of_cells("all_pairs", say!(language, sv: "par i nyckeln för yrket", en: "pairs of the key for the occupation"), pairs, cells(false));
    Step::new("key_weight", label, Operation::Quotient, vec![own, all])
}

/// A country's published share of an ISCO group.
fn published_share(context: &Context, country: Country, group: Isco, period: i32, whole: &BTreeMap<Isco, f64>) -> Result<Step, ExplainError> {
    let language = context.language;
    let label = say!(language, sv: format!("andel av de sysselsatta, ISCO {group}"), en: format!("share of the employed, ISCO {group}"));
    let key = format!("group:{group}");
    let year = period.to_string();
    if !whole.contains_key(&group) {
        let reason = say!(language, sv: "landet redovisar inte gruppen", en: "the country does not report the group");
        return Ok(Step::missing(key, label, reason));
    }
    if context.analysis.supply.level.digits == 2 {
        let row = context.ledger.row("employment_share", &[country.as_str(), group.as_str(), &year])?;
        return Ok(Step::sum_of(key, label, vec![row.cell("share")]));
    }
    let persons = |group: Isco| -> Result<Step, ExplainError> {
        let cell = |sex: Sex| -> Result<Cell, ExplainError> {
            Ok(context.ledger.row("employment_major_group", &[country.as_str(), group.as_str(), sex.as_str(), &year])?.cell("thousands"))
        };
        let label = say!(language, sv: format!("kvinnor + män, ISCO {group}, tusental"), en: format!("women + men, ISCO {group}, thousands"));
        Ok(Step::sum_of(format!("thousands:{group}"), label, vec![cell(Sex::Women)?, cell(Sex::Men)?]))
    };
    let groups: Vec<Step> = whole.keys().map(|group| persons(*group)).collect::<Result<_, ExplainError>>()?;
    let all = Step::new("all_groups", say!(language, sv: "alla grupper", en: "all groups"), Operation::Sum, groups);
    Ok(Step::new(key, label, Operation::Quotient, vec![persons(group)?, all]))
}

/// Sums of every group's line over the countries that publish shares and have an income, Sweden among them.
fn lines<'a>(context: &'a Context) -> &'a BTreeMap<Isco, LineSums> {
    context.lines.get_or_init(|| {
        let (figures, config, supply) = (context.figures, context.config, &context.analysis.supply);
        let method = &config.method.estimated_pool;
        let mut countries: Vec<Country> = supply.countries.iter().copied().chain([Country::SWEDEN]).collect();
        countries.sort_unstable();
        let mut lines: BTreeMap<Isco, LineSums> = BTreeMap::new();
        for country in countries {
            let shares = shares_at_level(figures, config, country, context.year(), supply.level.digits);
            let income = figures.income.get(&country).and_then(|series| series.newest(context.year()));
            let (Some((_, shares)), Some(income)) = (shares, income) else { continue };
            let x = income.value.ln();
            for (group, share) in shares {
                let y = (share + method.offset).ln();
                let sums = lines.entry(group).or_default();
                for (sum, part) in sums.iter_mut().zip([1.0, x, y, x * x, x * y]) {
                    *sum += part;
                }
            }
        }
        lines.retain(|_, sums| sums[0] >= method.least_countries as f64);
        lines
    })
}

/// A country's share of an occupation where it publishes none: every group's line at the country's income, less the offset, not under 0; the occupation's
/// groups by the key's weights over the sum of all groups.
fn estimated_share(context: &Context, country: Country, occupation: Ssyk, income: Dated<f64>) -> Result<Step, ExplainError> {
    let language = context.language;
    let row = context.ledger.row("income", &[country.as_str(), &income.period.to_string()])?;
    let label = say!(language, sv: "bruttonationalprodukt per invånare", en: "gross domestic product per person");
    let income = Step::sum_of("income", label, vec![row.cell("gdp_per_person")]);
    let income = Step::new("ln_income", say!(language, sv: "ln av inkomsten", en: "ln of the income"), Operation::NaturalLogarithm, vec![income]);
    let offset = || {
        let label = say!(language, sv: "tillägg före logaritmen", en: "added before the logarithm");
        Step::given("offset", label, context.config.method.estimated_pool.offset, "method.toml", "estimated_pool.offset")
    };
    let raw = |group: &Isco, [count, sum_x, sum_y, sum_xx, sum_xy]: LineSums| {
        let line = say!(language,
            sv: format!("linjen för ISCO {group} över {count} länder som redovisar"),
            en: format!("the line of ISCO {group} over {count} countries that report"),
        );
        let line = Step::new("line", line, Operation::Line { count, sum_x, sum_y, sum_xx, sum_xy }, vec![income.clone()]).noted(say!(language,
            sv: "y: ln(andel + tillägg), x: ln av inkomsten; tabellerna employment_share och income, nyaste år",
            en: "y: ln(share + offset), x: ln of the income; tables employment_share and income, newest years",
        ));
        let share = Step::new("exp", "exp", Operation::Exponential, vec![line]);
        let share =
            Step::new("less_offset", say!(language, sv: "minus tillägget", en: "less the offset"), Operation::Difference, vec![share, offset()]);
        let label = say!(language, sv: format!("skattning före skalning, ISCO {group}"), en: format!("estimate before scaling, ISCO {group}"));
        Step::new(format!("group:{group}"), label, Operation::Largest, vec![share, Step::constant("0", 0.0)])
    };
    let lines = lines(context);
    let Some(link) = context.analysis.links.get(&occupation) else {
        return Ok(Step::missing("share", "x", say!(language, sv: "nyckeln har inget par för yrket", en: "the key has no pair for the occupation")));
    };
    let own: Vec<Step> = link
        .at_level(context.analysis.supply.level.digits)
        .keys()
        .map(|group| {
            let step = lines.get(group).map_or_else(
                || {
                    Step::missing(
                        format!("group:{group}"),
                        format!("ISCO {group}"),
                        say!(language, sv: "för få länder för en linje", en: "too few countries for a line"),
                    )
                },
                |sums| raw(group, *sums),
            );
            step.weighed_by(key_weight(context, occupation, *group))
        })
        .collect();
    let own = Step::new("own_groups", say!(language, sv: "yrkets grupper", en: "the occupation’s groups"), Operation::WeightedSum, own);
    let all: Vec<Step> = lines.iter().map(|(group, sums)| raw(group, *sums)).collect();
    let all = Step::new("all_groups", say!(language, sv: "alla grupper", en: "all groups"), Operation::Sum, all);
    let label = say!(language, sv: "yrkets andel, skattad ur landets inkomst", en: "the occupation’s share, estimated from the country’s income");
    Ok(Step::new("share", label, Operation::Quotient, vec![own, all]))
}

/// The occupation's share of a country's employment; a missing step where it has none.
pub(super) fn share(context: &Context, country: Country, occupation: Ssyk) -> Result<Step, ExplainError> {
    let language = context.language;
    let label = say!(language, sv: "yrkets andel av de sysselsatta", en: "the occupation’s share of the employed");
    let supply = &context.analysis.supply;
    let Some(link) = context.analysis.links.get(&occupation).filter(|link| !link.weights.is_empty()) else {
        return Ok(Step::missing(
            "share",
            label,
            say!(language, sv: "nyckeln har inget par för yrket", en: "the key has no pair for the occupation"),
        ));
    };
    match shares_at_level(context.figures, context.config, country, context.year(), supply.level.digits) {
        Some((period, shares)) => {
            let groups = link.at_level(supply.level.digits);
            let groups: Vec<Step> = groups
                .keys()
                .map(|group| Ok(published_share(context, country, *group, period, &shares)?.weighed_by(key_weight(context, occupation, *group))))
                .collect::<Result<_, ExplainError>>()?;
            Ok(Step::new("share", label, Operation::WeightedSum, groups))
        }
        None => match context.figures.income.get(&country).and_then(|series| series.newest(context.year())) {
            Some(income) if supply.estimated.shares.contains_key(&country) => estimated_share(context, country, occupation, income),
            _ => Ok(Step::missing("share", label, say!(language, sv: "landet redovisar inga yrken", en: "the country reports no occupations"))),
        },
    }
}

/// Persons in the occupation there.
pub(super) fn persons(context: &Context, country: Country, occupation: Ssyk) -> Result<Step, ExplainError> {
    let language = context.language;
    let label = say!(language, sv: "personer i yrket där", en: "persons in the occupation there");
    let pool = context.analysis.supply.pools.get(&(Market::Country(country), occupation));
    let Some(pool) = pool else {
        return Ok(Step::missing(
            "persons",
            label,
            say!(language, sv: "uppgift saknas, eller för lite av yrket redovisas", en: "no figure, or too little of the occupation is reported"),
        ));
    };
    let row = context.ledger.row("employed_country", &[country.as_str(), Sex::Total.as_str(), &pool.employed_period.to_string()])?;
    let employed = say!(language, sv: "sysselsatta, 15 år och äldre", en: "employed, 15 years and over");
    let employed = Step::of_cells("employed", employed, Operation::Cells { factor: 1000.0 }, vec![row.cell("thousands")]);
    let share = share(context, country, occupation)?.held_against(Some(pool.share));
    Ok(Step::new("persons", label, Operation::Product, vec![share, employed]).held_against(Some(pool.total)))
}

/// Employed in a Swedish county in all occupations of the method, as one sum.
pub(super) fn employed_in_all(context: &Context, county: crate::code::County) -> Result<Step, ExplainError> {
    let language = context.language;
    let period = context.analysis.demand.period;
    let cells = context.employed.get_or_init(|| {
        let of = |county: crate::code::County| {
            let rows: Vec<_> = context
                .config
                .occupations()
                .iter()
                .filter_map(|occupation| context.ledger.find("employed_county", &[county.as_str(), occupation.as_str(), &period.to_string()]))
                .collect();
            let left_out = context.config.method.units.left_out_prefixes.join(", ");
            sum(&rows, &["women", "men"], format!("county={county} period={period}, every ssyk4 but those that begin with {left_out}"))
        };
        context.config.codes.counties().map(|(county, _)| (county, of(county))).collect()
    });
    let cell =
        cells.get(&county).cloned().flatten().ok_or_else(|| ExplainError::NoCell { table: "employed_county", row: format!("{county} {period}") })?;
    let name = context.market_name(Market::County(county));
    Ok(Step::sum_of(
        "employed_in_all",
        say!(language, sv: format!("anställda i alla yrken, {name}"), en: format!("employees in all occupations, {name}")),
        vec![cell],
    ))
}
