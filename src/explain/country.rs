//! The raw value of every indicator of a country, down to the cells.

use super::pool::{key_weight, persons, share};
use super::step::{Operation, Step};
use super::{Context, ExplainError};
use crate::code::{Country, Isco, Sex, Ssyk};
use crate::figures::Series;
use crate::language::say;
use crate::market::recent_increase;

type Made = Result<Step, ExplainError>;

/// The words of a raw value's step.
fn raw(words: &'static str, operation: Operation, inputs: Vec<Step>) -> Step {
    Step::new("raw", words, operation, inputs)
}

fn unknown(context: &Context) -> Step {
    Step::missing("raw", "x", say!(context.language, sv: "uppgift saknas", en: "no figure"))
}

/// Women + men born in the country and living in Sweden.
fn born(context: &Context, country: Country, period: i32) -> Made {
    let cells = [Sex::Women, Sex::Men].map(|sex| {
        let row = context.ledger.find("migrants_in_sweden", &[country.as_str(), sex.as_str(), &period.to_string()]);
        row.map(|row| row.cell("persons"))
    });
    let cells: Vec<_> = cells.into_iter().flatten().collect();
    if cells.is_empty() {
        return Err(ExplainError::NoCell { table: "migrants_in_sweden", row: format!("{country} {period}") });
    }
    let label = say!(context.language,
        sv: format!("födda i landet som bor i Sverige {period}, kvinnor + män"),
        en: format!("born in the country and living in Sweden {period}, women + men"),
    );
    Ok(Step::sum_of(format!("born:{period}"), label, cells))
}

fn newest<T: Copy>(series: Option<&Series<T>>, year: i32) -> Option<String> {
    series.and_then(|series| series.newest(year)).map(|found| found.period.to_string())
}

/// Whether a country has reported an ISCO unit group short: 1 or 0.
fn reported(context: &Context, country: Country, group: Isco) -> Step {
    let row = context.ledger.find("shortage_abroad", &[country.as_str(), group.as_str()]);
    let label = say!(context.language, sv: format!("rapporterad som brist, ISCO {group}"), en: format!("reported short, ISCO {group}"));
    Step::of_cells(format!("group:{group}"), label, Operation::CountOfCells, row.iter().map(|row| row.cell("isco08")).collect())
}

/// The share of an occupation that a country reports short itself.
pub(super) fn short(context: &Context, country: Country, occupation: Ssyk) -> Step {
    let link = context.analysis.links.get(&occupation);
    let groups = link.into_iter().flat_map(|link| link.weights.keys());
    let groups = groups.map(|group| reported(context, country, *group).weighed_by(key_weight(context, occupation, *group))).collect();
    let label =
        say!(context.language, sv: "andel av yrket som landet rapporterar som brist", en: "share of the occupation that the country reports short");
    Step::new("short", label, Operation::WeightedSum, groups)
}

fn no_shortage(context: &Context, country: Country, occupation: Ssyk) -> Step {
    let language = context.language;
    let method = &context.config.method.fit;
    let label = say!(language, sv: "ingen brist i landet självt", en: "no shortage in the country itself");
    let unknown = |why: String| Step::given("raw", label, method.unknown_shortage, "method.toml", "fit.unknown_shortage").noted(why);
    let listed = context.figures.shortages.get(&country).filter(|(period, _)| *period <= context.year());
    let Some((_, listed)) = listed else {
        return unknown(say!(language, sv: "okänt: landet rapporterar inte till ELA", en: "unknown: the country does not report to ELA").to_owned());
    };
    let short = short(context, country, occupation);
    if short.value.is_none_or(|short| short == 0.0) && listed.len() < method.full_list_groups {
        let (count, full) = (listed.len(), method.full_list_groups);
        return unknown(say!(language,
            sv: format!("okänt: landets lista har {count} grupper och inte yrket; under {full} är den inte fullständig"),
            en: format!("unknown: the country’s list has {count} groups and not the occupation; under {full} it is not full"),
        ));
    }
    raw(label, Operation::OneMinus, vec![short])
}

fn entry(context: &Context, country: Country, occupation: Ssyk) -> Made {
    let language = context.language;
    let points = &context.config.method.entry;
    let label = say!(language, sv: "poäng för rätten att arbeta", en: "points of the right to work");
    if let Some(membership) = context.figures.free_movement.get(&country) {
        let cells = vec![context.ledger.row("free_movement", &[country.as_str()])?.cell("membership")];
        let (number, place) = if membership == "nordic" { (points.nordic, "entry.nordic") } else { (points.free_movement, "entry.free_movement") };
        return Ok(Step::given("raw", label, number, "method.toml", place).by_cells(cells));
    }
    let [usual, upper] = pay(context, occupation)?;
    let floor = context.config.permit_rules.pay_floor.floor;
    let operation = Operation::PayPoints {
        floor,
        reaches: points.pay_reaches_floor,
        upper_reaches: points.upper_quartile_reaches_floor,
        below: points.pay_below_floor,
    };
    let label_pay = say!(language, sv: "poäng av lönen mot lönegolvet", en: "points of the pay against the pay floor");
    let of_pay = Step::new("pay_points", label_pay, operation, vec![usual, upper]).noted("method.toml entry; permit-rules.toml pay_floor.floor");
    let visa: Vec<_> = context.ledger.find("visa", &[country.as_str()]).iter().map(|row| row.cell("visa_free")).collect();
    let free = Step::sum_of("visa_free", say!(language, sv: "inget visum behövs (1) eller visum (0)", en: "no visa needed (1) or a visa (0)"), visa);
    let of_visa = Step::given(
        "points",
        say!(language, sv: "poäng utan visum", en: "points without a visa"),
        points.visa_free,
        "method.toml",
        "entry.visa_free",
    );
    let of_visa =
        Step::new("visa_points", say!(language, sv: "tillägg för visum", en: "added for the visa"), Operation::Product, vec![of_visa, free]);
    Ok(raw(label, Operation::Sum, vec![of_pay, of_visa]))
}

/// Usual pay and upper quartile in the county's region, kronor a month.
pub(super) fn pay(context: &Context, occupation: Ssyk) -> Result<[Step; 2], ExplainError> {
    let language = context.language;
    let pay = context.analysis.markets.pay.get(&occupation).copied().unwrap_or_default();
    let region = &context.config.codes.county_info(context.analysis.county).nuts2;
    let none = say!(language, sv: "lön publiceras inte", en: "no pay is published");
    let (words, upper_words) = say!(language,
        sv: ("vanlig lön, kronor i månaden", "övre kvartilen i riket, kronor i månaden"),
        en: ("usual pay, kronor a month", "upper quartile in Sweden, kronor a month"),
    );
    let usual = match pay.usual {
        None => Step::missing("usual_pay", words, none),
        Some(found) => {
            let year = found.period.to_string();
            let cell = if pay.regional {
                context.ledger.row("pay_region", &[region, occupation.as_str(), "total", &year])?.cell("mean_pay")
            } else {
                context.ledger.row("pay_dispersion", &[occupation.as_str(), "total", &year])?.cell("median")
            };
            Step::sum_of("usual_pay", words, vec![cell]).held_against(Some(found.value))
        }
    };
    let upper = match pay.upper_quartile {
        None => Step::missing("upper_quartile", upper_words, none),
        Some(found) => {
            let row = context.ledger.row("pay_dispersion", &[occupation.as_str(), "total", &found.period.to_string()])?;
            Step::sum_of("upper_quartile", upper_words, vec![row.cell("upper_quartile")]).held_against(Some(found.value))
        }
    };
    Ok([usual, upper])
}

fn specialisation(context: &Context, country: Country, occupation: Ssyk) -> Made {
    let language = context.language;
    let there = share(context, country, occupation)?;
    let here = share(context, Country::SWEDEN, occupation)?.held_against(context.analysis.supply.sweden_share.get(&occupation).copied());
    let here = here.named("share_sweden", say!(language, sv: "yrkets andel i Sverige", en: "the occupation’s share in Sweden"));
    let ratio =
        Step::new("ratio", say!(language, sv: "andelen mot Sveriges", en: "the share against Sweden’s"), Operation::Quotient, vec![there, here]);
    let least = least_ratio(context);
    let held = Step::new("held", say!(language, sv: "inte under det minsta", en: "not under the least"), Operation::Largest, vec![ratio, least]);
    Ok(raw(say!(language, sv: "ln av andelen mot Sveriges", en: "ln of the share against Sweden’s"), Operation::NaturalLogarithm, vec![held]))
}

/// The floor of the ratio.
pub(super) fn least_ratio(context: &Context) -> Step {
    let label = say!(context.language, sv: "minsta kvot", en: "least ratio");
    Step::given("least_ratio", label, context.config.method.fit.least_ratio, "method.toml", "fit.least_ratio")
}

/// The raw value of an indicator of a country; a missing step where the run has none.
pub(super) fn raw_of(context: &Context, country: Country, occupation: Ssyk, indicator: &str) -> Made {
    let language = context.language;
    let (figures, ledger, year, code) = (context.figures, &context.ledger, context.year(), country.as_str());
    let one = |table, key: &[&str], column: &str, label: &str| Ok(Step::sum_of("raw", label, vec![ledger.row(table, key)?.cell(column)]));
    let one_of = |table, key: &[&str], column: &str, name: &str, label: &str| -> Made {
        Ok(Step::sum_of(name, label, vec![ledger.row(table, key)?.cell(column)]))
    };
    match indicator {
        "pool" => Ok(raw(
            say!(language, sv: "ln(1 + personer)", en: "ln(1 + persons)"),
            Operation::LogarithmOfOnePlus,
            vec![persons(context, country, occupation)?],
        )),
        "specialisation" => specialisation(context, country, occupation),
        "no_shortage_at_home" => Ok(no_shortage(context, country, occupation)),
        "entry" => entry(context, country, occupation),
        "unemployment" => match newest(figures.unemployment.get(&(country, Sex::Total)), year) {
            Some(period) => {
                one("unemployment", &[code, "total", &period], "rate", say!(language, sv: "arbetslöshet, procent", en: "unemployment, percent"))
            }
            None => Ok(unknown(context)),
        },
        "median_age" => one("median_age", &[code, &(year - 1).to_string()], "years", say!(language, sv: "medianålder, år", en: "median age, years")),
        "diaspora_sweden" => {
            let (Some(period), Some(population)) =
                (newest(figures.born_in_sweden.get(&country), year), newest(figures.population.get(&country), year))
            else {
                return Ok(unknown(context));
            };
            let born = born(context, country, period.parse().unwrap_or(year))?;
            let population = one_of("population", &[code, &population], "persons", "population", say!(language, sv: "invånare", en: "inhabitants"))?;
            let share =
                Step::new("per_inhabitant", say!(language, sv: "per invånare", en: "per inhabitant"), Operation::Quotient, vec![born, population]);
            let share = Step::new(
                "per_100000",
                say!(language, sv: "per 100 000 invånare", en: "per 100 000 inhabitants"),
                Operation::Product,
                vec![share, Step::constant("100000", 100_000.0)],
            );
            Ok(raw("ln(1 + x)", Operation::LogarithmOfOnePlus, vec![share]))
        }
        "recent" => {
            let Some((_, (before, last))) = recent_increase(figures, country, year) else { return Ok(unknown(context)) };
            let step = vec![born(context, country, last)?, born(context, country, before)?];
            let increase = Step::new("increase", say!(language, sv: "ökning, personer", en: "increase, persons"), Operation::Difference, step);
            let held = Step::new(
                "held",
                say!(language, sv: "inte under 0", en: "not under 0"),
                Operation::Largest,
                vec![increase, Step::constant("0", 0.0)],
            );
            Ok(raw(say!(language, sv: "ln(1 + ökning)", en: "ln(1 + increase)"), Operation::LogarithmOfOnePlus, vec![held]))
        }
        "diaspora_county" => {
            let county = context.analysis.county;
            let Some(period) = newest(figures.born_in_county.get(&(county, country)), year) else { return Ok(unknown(context)) };
            let label = say!(language, sv: "födda i landet som bor i länet", en: "born in the country and living in the county");
            let born = one_of("born_abroad_county", &[county.as_str(), code, &period], "persons", "born", label)?;
            Ok(raw("ln(1 + x)", Operation::LogarithmOfOnePlus, vec![born]))
        }
        "income_gap" => {
            let label = say!(language, sv: "bruttonationalprodukt per invånare", en: "gross domestic product per person");
            let income = |country: Country, name: &str| -> Made {
                let period = newest(figures.income.get(&country), year).unwrap_or_default();
                one_of("income", &[country.as_str(), &period], "gdp_per_person", name, label)
            };
            let ratio = vec![income(Country::SWEDEN, "sweden")?, income(country, "there")?];
            let ratio = Step::new("ratio", say!(language, sv: "Sverige mot landet", en: "Sweden against the country"), Operation::Quotient, ratio);
            Ok(raw("ln x", Operation::NaturalLogarithm, vec![ratio]))
        }
        "distance" => {
            let label = say!(language, sv: "kilometer mellan huvudstäderna", en: "kilometres between the capitals");
            let distance = one_of("distance", &[code], "kilometres", "kilometres", label)?;
            Ok(raw("ln x", Operation::NaturalLogarithm, vec![distance]))
        }
        _ => Ok(unknown(context)),
    }
}
