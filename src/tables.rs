//! The tables of a run (`data/*.csv`, `data/*.parquet`), column for column as ARCHITECTURE.md and the README say.

mod influence;
mod skills;

use compact_str::ToCompactString;
use rayon::prelude::*;

use crate::analysis::Analysis;
use crate::backtest::measure::{Interval, Measure};
use crate::backtest::{BackTest, Label, RankerResult, TestResult};
use crate::code::{County, Isco, Ssyk};
use crate::config::Config;
use crate::crosswalk::in_jobtech;
use crate::demand::{Demand, INDICATORS, Indicator, Override};
use crate::figures::Figures;
use crate::foothold::{Foothold, Told, footholds};
use crate::index::sensitivity::Estimate;
use crate::market::{Fit, MarketScore, RankUncertainty, Ranking};
use crate::output::OutputFile;
use crate::reason::table_text;
use crate::supply::Market;
use crate::table::{Column, Table};

/// Key of the source of the ads that are open.
pub(crate) const OPEN_ADS: &str = "jobtech_open_ads";

/// An indicator of demand by name, for the column `drivers`: it says what weighs, not which way, since the points may be low.
#[must_use]
pub fn driver_words(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::Recruitment => "Arbetsförmedlingens bedömning",
        Indicator::Outlook => "Arbetsförmedlingens prognos",
        Indicator::Vacancies => "annonser per anställd",
        Indicator::Replacement => "andel 55 år eller äldre",
        Indicator::Growth => "tillväxt i riket",
    }
}

/// The name of a market in Swedish.
#[must_use]
pub fn market_name(config: &Config, market: Market) -> &str {
    match market {
        Market::Country(country) => &config.codes.country_name(country).swedish,
        Market::County(county) => &config.codes.county_info(county).swedish,
    }
}

fn evidence(row: &Demand) -> Option<String> {
    if let Some(Override { evidence, otherwise }) = &row.evidence {
        let (who, date, reason) = (&evidence.who, evidence.date, &evidence.reason);
        return Some(format!("arbetsgivarnas underlag: {who} ({date}): {reason}; uppgifterna ensamma ger {}", otherwise.as_str()));
    }
    (row.without_assessment && row.rating == crate::demand::Rating::Watch).then(|| "utan Arbetsförmedlingens bedömning".to_owned())
}

/// The table `demand`: every unit group that the register has.
#[must_use]
pub fn demand(analysis: &Analysis, config: &Config) -> Table {
    let rows: Vec<&Demand> = analysis.demand.occupations.values().collect();
    let points = |position: usize| rows.iter().map(move |row| row.indicator_points[position]).collect::<Vec<_>>();
    let mut columns = vec![
        Column::text("county", "Swedish county", rows.iter().map(|_| Some(analysis.county.to_compact_string()))),
        Column::text("ssyk4", "SSYK 2012 unit group", rows.iter().map(|row| Some(row.occupation.to_compact_string()))),
        Column::text("occupation", "Name", rows.iter().map(|row| Some(config.codes.occupation(row.occupation).swedish.as_str()))),
        Column::whole("employed_women", "Employed women, persons", rows.iter().map(|row| Some(row.employed.women))),
        Column::whole("employed_men", "Employed men, persons", rows.iter().map(|row| Some(row.employed.men))),
        Column::whole("employed_total", "Women + men; the register publishes no total", rows.iter().map(|row| Some(row.employed.total()))),
        Column::whole("period", "Year of the employed", rows.iter().map(|row| Some(i64::from(row.period)))),
        Column::whole("ads", "Ads in the county in the year, of the JobTech group", rows.iter().map(|row| row.ads)),
        Column::number("ads_per_100", "Ads per 100 employed of the JobTech group", rows.iter().map(|row| row.ads_per_100)),
        Column::number("share_55_plus", "Share aged 55+ in Sweden, 0…1", rows.iter().map(|row| row.share_55_plus)),
        Column::number("growth_excess", "Growth above all occupations in Sweden, percentage points a year", rows.iter().map(|row| row.growth_excess)),
        Column::number("county_growth", "The county's own growth, percent a year; never scored", rows.iter().map(|row| row.county_growth)),
    ];
    for (position, indicator) in INDICATORS.into_iter().enumerate() {
        let (name, description) = match indicator {
            Indicator::Recruitment => ("recruitment", "Points 0–3: recruitment situation"),
            Indicator::Outlook => ("outlook", "Points 0–3: five-year forecast"),
            Indicator::Vacancies => ("vacancies", "Points 0–3: ads per employed"),
            Indicator::Replacement => ("replacement", "Points 0–3: share aged 55+"),
            Indicator::Growth => ("growth", "Points 0–3: growth"),
        };
        columns.push(Column::number(name, description, points(position)));
    }
    let drivers = |row: &Demand| row.drivers.iter().map(|indicator| driver_words(*indicator)).collect::<Vec<_>>().join("; ");
    columns.extend([
        Column::number("coverage", "Share of the indicators' weight that is present", rows.iter().map(|row| Some(row.coverage))),
        Column::number("points", "Weighted mean of the points", rows.iter().map(|row| row.points)),
        Column::text("rating", "brist, bevakas, ingen brist, kan inte bedömas", rows.iter().map(|row| Some(row.rating.as_str()))),
        Column::number("need", "100 · points / 3", rows.iter().map(|row| row.need)),
        Column::number("volume", "Persons a year that leave by age", rows.iter().map(|row| Some(row.volume))),
        Column::text("drivers", "The two indicators that weigh most", rows.iter().map(|row| Some(drivers(row)))),
        Column::text("evidence", "What else the rating rests on", rows.iter().map(|row| evidence(row))),
    ]);
    Table { name: "demand", title: "Shortage in the county by occupation", columns }
}

fn area_occupations(analysis: &Analysis, config: &Config) -> Table {
    let rows: Vec<(&str, Ssyk, f64, Option<f64>)> = config
        .areas
        .iter()
        .zip(&analysis.markets.area_weights)
        .flat_map(|(area, weights)| {
            area.occupations.iter().map(|(occupation, share)| (area.key.as_str(), *occupation, *share, weights.weights.get(occupation).copied()))
        })
        .collect();
    Table {
        name: "area_occupations",
        title: "Occupations of each area",
        columns: vec![
            Column::text("area", "Key of the area", rows.iter().map(|row| Some(row.0))),
            Column::text("ssyk4", "SSYK 2012 unit group", rows.iter().map(|row| Some(row.1.to_compact_string()))),
            Column::number("weight", "Share of the area: 1 core, 0.5 works in many industries", rows.iter().map(|row| Some(row.2))),
            Column::number(
                "score_weight",
                "Weight in the area score, sum 1 over the recruited occupations; empty for the others",
                rows.iter().map(|row| row.3),
            ),
        ],
    }
}

fn crosswalk(analysis: &Analysis, config: &Config, figures: &Figures) -> Table {
    let rows: Vec<(Ssyk, Isco, f64, &str)> = analysis
        .links
        .iter()
        .flat_map(|(occupation, link)| link.weights.iter().map(|(isco, weight)| (*occupation, *isco, *weight, link.basis.as_str())))
        .collect();
    let checked = rows.iter().map(|row| in_jobtech(figures, &config.codes, row.0, row.1)).collect();
    Table {
        name: "crosswalk",
        title: "From SSYK 2012 to ISCO-08",
        columns: vec![
            Column::text("ssyk4", "SSYK 2012 unit group", rows.iter().map(|row| Some(row.0.to_compact_string()))),
            Column::text("isco08", "ISCO-08 unit group", rows.iter().map(|row| Some(row.1.to_compact_string()))),
            Column::number("weight", "Weight, sum 1 for each unit group of SSYK", rows.iter().map(|row| Some(row.2))),
            Column::text("basis", "titles or pairs", rows.iter().map(|row| Some(row.3))),
            Column {
                name: "in_jobtech",
                description: "Whether JobTech's taxonomy has the pair too; empty where it has no such group",
                values: crate::table::Values::Truth(checked),
            },
        ],
    }
}

/// Ads that were open when they were fetched, for each unit group with a group in JobTech; `None` where they have not been fetched, or later than the run's
/// year.
fn open_ads(analysis: &Analysis, config: &Config, figures: &Figures) -> Option<Table> {
    let retrieved = &figures.sources.get(OPEN_ADS)?.retrieved;
    let ads = |area: Option<County>, group: &str| figures.open_ads_until(analysis.year, area, group);
    let rows: Vec<(&Demand, &str)> = analysis
        .demand
        .occupations
        .values()
        .filter_map(|row| Some((row, config.codes.occupation(row.occupation).jobtech_group.as_deref()?)))
        .filter(|(_, group)| ads(None, group).is_some())
        .collect();
    (!rows.is_empty()).then(|| Table {
        name: "open_ads",
        title: "Ads in Platsbanken that were open on one day",
        columns: vec![
            Column::text("county", "Swedish county", rows.iter().map(|_| Some(analysis.county.to_compact_string()))),
            Column::text("ssyk4", "SSYK 2012 unit group", rows.iter().map(|(row, _)| Some(row.occupation.to_compact_string()))),
            Column::text("occupation", "Name", rows.iter().map(|(row, _)| Some(config.codes.occupation(row.occupation).swedish.as_str()))),
            Column::text(
                "jobtech_group",
                "JobTech's group, which merges some unit groups: they have the same count",
                rows.iter().map(|(_, group)| Some(*group)),
            ),
            Column::text("retrieved", "The day on which they were counted", rows.iter().map(|_| Some(retrieved.as_str()))),
            Column::whole("ads_county", "Open ads in the county", rows.iter().map(|(_, group)| ads(Some(analysis.county), group))),
            Column::whole("ads_sweden", "Open ads in Sweden, also those that name no county", rows.iter().map(|(_, group)| ads(None, group))),
        ],
    })
}

fn supply(analysis: &Analysis) -> Table {
    let mut rows: Vec<_> = analysis.supply.pools.iter().collect();
    rows.sort_by_key(|((market, occupation), _)| (market.kind(), *occupation, *market));
    Table {
        name: "supply",
        title: "People of an occupation in a market",
        columns: vec![
            Column::text("market_type", "country or county", rows.iter().map(|((market, _), _)| Some(market.kind().as_str()))),
            Column::text("market", "ISO 3166-1 alpha-2 or county", rows.iter().map(|((market, _), _)| Some(market.code()))),
            Column::text("ssyk4", "SSYK 2012 unit group", rows.iter().map(|((_, occupation), _)| Some(occupation.to_compact_string()))),
            Column::number("pool_women", "Women, persons", rows.iter().map(|(_, pool)| pool.women())),
            Column::number("pool_men", "Men, persons", rows.iter().map(|(_, pool)| pool.men())),
            Column::number("pool_total", "Persons", rows.iter().map(|(_, pool)| Some(pool.total))),
            Column::text("level", "Level of the occupation figures", rows.iter().map(|(_, pool)| Some(pool.level.as_str()))),
            Column::whole("period", "Year of the occupation figures", rows.iter().map(|(_, pool)| Some(i64::from(pool.period)))),
        ],
    }
}

fn indicators(analysis: &Analysis) -> Table {
    let rows = &analysis.markets.indicators;
    Table {
        name: "indicators",
        title: "Indicators of the markets",
        columns: vec![
            Column::text("market_type", "country or county", rows.iter().map(|row| Some(row.market.kind().as_str()))),
            Column::text("market", "ISO 3166-1 alpha-2 or county", rows.iter().map(|row| Some(row.market.code()))),
            Column::text(
                "ssyk4",
                "SSYK 2012 unit group; empty where it holds for the whole market",
                rows.iter().map(|row| row.occupation.map(|code| code.to_compact_string())),
            ),
            Column::text("indicator", "Indicator", rows.iter().map(|row| Some(row.indicator))),
            Column::number("raw", "As defined by the method, logarithm included", rows.iter().map(|row| Some(row.raw))),
            Column::number("treated", "After treatment of outliers", rows.iter().map(|row| Some(row.treated))),
            Column::number("normalised", "On the scale 1…100; empty where it is left out", rows.iter().map(|row| row.normalised)),
            Column::whole("period", "Year of the figure", rows.iter().map(|row| row.period.map(i64::from))),
            Column::text("flag", "Remark", rows.iter().map(|row| row.flag.as_deref())),
            Column::text("source", "Key of the source", rows.iter().map(|row| Some(row.source))),
        ],
    }
}

const WEIGHTING: &str = "Named weighting of data/method.toml; empty for counties, which have their own";

/// Rows of every ranking with the ranking that they are of.
fn in_rankings<T>(analysis: &Analysis, rows: impl Fn(&Ranking) -> &Vec<T>) -> Vec<(&Ranking, &T)> {
    analysis.markets.rankings.iter().flat_map(|ranking| rows(ranking).iter().map(move |row| (ranking, row))).collect()
}

fn fit(analysis: &Analysis) -> Table {
    let rows: Vec<(&Ranking, &Fit)> = in_rankings(analysis, |ranking| &ranking.fits);
    let weightings = rows.iter().map(|(ranking, _)| ranking.weighting.as_deref());
    let rows: Vec<&Fit> = rows.iter().map(|(_, row)| *row).collect();
    let mut columns = vec![
        Column::text("weighting", WEIGHTING, weightings),
        Column::text("market_type", "country or county", rows.iter().map(|row| Some(row.market.kind().as_str()))),
        Column::text("market", "ISO 3166-1 alpha-2 or county", rows.iter().map(|row| Some(row.market.code()))),
        Column::text("ssyk4", "SSYK 2012 unit group", rows.iter().map(|row| Some(row.occupation.to_compact_string()))),
    ];
    for (position, name) in crate::market::PILLARS.into_iter().enumerate() {
        columns.push(Column::number(name, "Pillar score 1…100", rows.iter().map(move |row| row.pillars[position])));
    }
    columns.extend([
        Column::number("score", "Fit 1…100", rows.iter().map(|row| row.score)),
        Column::number("coverage", "Share of the indicators' weight that is present", rows.iter().map(|row| Some(row.coverage))),
        Column::text("gate", "Gate A–E; empty for counties", rows.iter().map(|row| row.gate.map(crate::ethics::Gate::letter))),
        Column::text("gate_reason", "Why", rows.iter().map(|row| Some(table_text(row.gate_reason.as_ref())))),
        Column::truth("ranked", "Whether it is in the occupation's ranking", rows.iter().map(|row| row.ranked)),
        Column::text("reason", "Why not", rows.iter().map(|row| Some(table_text(row.reason.as_ref())))),
    ]);
    Table { name: "fit", title: "Fit of a market to an occupation", columns }
}

fn markets(analysis: &Analysis, config: &Config) -> Table {
    let rows: Vec<(&Ranking, &MarketScore)> = in_rankings(analysis, |ranking| &ranking.scores);
    let weightings: Vec<Option<&str>> = rows.iter().map(|(ranking, _)| ranking.weighting.as_deref()).collect();
    let rows: Vec<&MarketScore> = rows.iter().map(|(_, row)| *row).collect();
    let trial = |row: &MarketScore| match row.market {
        Market::Country(country) => analysis.markets.trials.get(&country).copied(),
        Market::County(_) => None,
    };
    let rows = rows.as_slice();
    let doubt = |get: fn(&RankUncertainty) -> i64| rows.iter().map(move |row| row.uncertainty.as_ref().map(get));
    let moved_by = rows.iter().map(|row| row.uncertainty.as_ref().and_then(|row| row.moved_by));
    let mut columns = vec![
        Column::text("weighting", WEIGHTING, weightings.into_iter()),
        Column::text("market_type", "country or county", rows.iter().map(|row| Some(row.market.kind().as_str()))),
        Column::text("area", "Key of the area", rows.iter().map(|row| Some(row.area.as_str()))),
        Column::text("market", "ISO 3166-1 alpha-2 or county", rows.iter().map(|row| Some(row.market.code()))),
        Column::text("name", "Name in Swedish", rows.iter().map(|row| Some(market_name(config, row.market)))),
        Column::whole("place", "Order in the reports: tier, median rank, mean rank", doubt(|row| i64::from(row.place))),
        Column::whole("tier", "Tier, 1 first; inside a tier the markets cannot be told apart", doubt(|row| i64::from(row.tier))),
        Column::number("score", "Score 1…100", rows.iter().map(|row| row.score)),
        Column::whole("rank", "Rank of the score (baseline), ties share the lowest", rows.iter().map(|row| row.rank.map(i64::from))),
    ];
    columns.extend(over_replicates(&rows.iter().map(|row| row.uncertainty.as_ref())));
    columns.extend([
        Column::number("coverage", "Coverage of the fits, weighted as the score", rows.iter().map(|row| row.coverage)),
        Column::number("weight_share", "Share of the area's weight with a fit, or closed", rows.iter().map(|row| row.weight_share)),
        Column::number("open_share", "Share of the need that the market is open for", rows.iter().map(|row| row.open_share)),
        Column::truth("ranked", "Whether it is ranked", rows.iter().map(|row| row.ranked)),
        Column::text("reason", "Why not", rows.iter().map(|row| Some(table_text(row.reason.as_ref())))),
        Column::text("moved_by", "Where the baseline rank lies outside its own interval: the factor that moves it", moved_by),
        Column {
            name: "untested",
            description: "Whether fewer have come than the candidates' median; empty where it is not known, and for counties",
            values: crate::table::Values::Truth(rows.iter().map(|row| trial(row).map(|trial| trial.is_untested())).collect()),
        },
    ]);
    Table { name: "markets", title: "Places of the markets in each area", columns }
}

/// What the replicates say of each row's rank; empty where there were none.
fn over_replicates<'a>(rows: &(impl Iterator<Item = Option<&'a RankUncertainty>> + Clone)) -> Vec<Column> {
    let number = |name, description, get: fn(&RankUncertainty) -> f64| Column::number(name, description, rows.clone().map(|row| row.map(get)));
    vec![
        number("rank_median", "Median rank over the replicates", |row| row.median),
        number("rank_mean", "Mean rank", |row| row.mean),
        number("rank_p05", "5th percentile of the rank", |row| row.p05),
        number("rank_p95", "95th percentile of the rank", |row| row.p95),
        number("p_top3", "Probability of being among the first three", |row| row.p_top[0]),
        number("p_top5", "Probability of being among the first five", |row| row.p_top[1]),
        number("p_top10", "Probability of being among the first ten", |row| row.p_top[2]),
    ]
}

fn sensitivity(analysis: &Analysis) -> Table {
    let rows = &analysis.assessed.sensitivity;
    let first = |get: fn(&Estimate) -> f64| rows.iter().map(move |row| Some(get(&row.first_order)));
    let total = |get: fn(&Estimate) -> f64| rows.iter().map(move |row| Some(get(&row.total_order)));
    Table {
        name: "sensitivity",
        title: "What decides the places: shares of the variance of the ranks",
        columns: vec![
            Column::text("weighting", WEIGHTING, rows.iter().map(|row| row.weighting.as_deref())),
            Column::text("area", "Key of the area", rows.iter().map(|row| Some(row.area.as_str()))),
            Column::text(
                "market",
                "Market; empty for the mean shift of all ranks",
                rows.iter().map(|row| row.market.map(|market| market.code().to_owned())),
            ),
            Column::text("factor", "Factor", rows.iter().map(|row| Some(row.factor))),
            Column::number("first_order", "Share of the variance by the factor alone", first(|estimate| estimate.value)),
            Column::number("first_order_p05", "5th percentile of the resamples", first(|estimate| estimate.p05)),
            Column::number("first_order_p95", "95th percentile", first(|estimate| estimate.p95)),
            Column::number("total_order", "Share by the factor with all its interactions", total(|estimate| estimate.value)),
            Column::number("total_order_p05", "5th percentile of the resamples", total(|estimate| estimate.p05)),
            Column::number("total_order_p95", "95th percentile", total(|estimate| estimate.p95)),
            Column::text("market_type", "country or county", rows.iter().map(|row| Some(row.kind.as_str()))),
        ],
    }
}

fn gender_ranks(analysis: &Analysis) -> Table {
    let rows = &analysis.assessed.by_sex;
    Table {
        name: "gender_ranks",
        title: "Places with women's and men's pool alone, among the markets whose pools are known by sex",
        columns: vec![
            Column::text("weighting", WEIGHTING, rows.iter().map(|row| row.weighting.as_deref())),
            Column::text("area", "Key of the area", rows.iter().map(|row| Some(row.area.as_str()))),
            Column::text("market_type", "country or county", rows.iter().map(|row| Some(row.kind.as_str()))),
            Column::text("market", "ISO 3166-1 alpha-2 or county", rows.iter().map(|row| Some(row.market.code()))),
            Column::text("sex", "Whose pool: women, men, or total among the same markets", rows.iter().map(|row| Some(row.sex.as_str()))),
            Column::number("score", "Score 1…100", rows.iter().map(|row| Some(row.score))),
            Column::whole("rank", "Rank of the score, ties share the lowest", rows.iter().map(|row| Some(i64::from(row.rank)))),
            Column::number("rank_median", "Median rank over the replicates; empty for total, see markets", rows.iter().map(|row| row.median)),
            Column::number("rank_p05", "5th percentile of the rank", rows.iter().map(|row| row.p05)),
            Column::number("rank_p95", "95th percentile", rows.iter().map(|row| row.p95)),
        ],
    }
}

fn occupation_places(analysis: &Analysis, config: &Config) -> Table {
    let rows = &analysis.assessed.by_occupation;
    let whole = |get: fn(&RankUncertainty) -> u32| rows.iter().map(move |row| Some(i64::from(get(&row.uncertainty))));
    let mut columns = vec![
        Column::text("market_type", "county", rows.iter().map(|row| Some(row.market.kind().as_str()))),
        Column::text("ssyk4", "SSYK 2012 unit group", rows.iter().map(|row| Some(row.occupation.to_compact_string()))),
        Column::text("market", "County", rows.iter().map(|row| Some(row.market.code()))),
        Column::text("name", "Name in Swedish", rows.iter().map(|row| Some(market_name(config, row.market)))),
        Column::whole("place", "Order in the reports: tier, median rank, mean rank", whole(|row| row.place)),
        Column::whole("tier", "Tier, 1 first; inside a tier the counties cannot be told apart", whole(|row| row.tier)),
        Column::number("score", "Fit 1…100", rows.iter().map(|row| Some(row.score))),
        Column::whole("rank", "Rank of the fit (baseline), ties share the lowest", rows.iter().map(|row| Some(i64::from(row.rank)))),
    ];
    columns.extend(over_replicates(&rows.iter().map(|row| Some(&row.uncertainty))));
    Table { name: "occupation_places", title: "Places of the counties for one occupation at a time", columns }
}

fn gender(analysis: &Analysis) -> Table {
    let rows = &analysis.gender;
    Table {
        name: "gender",
        title: "Women and men by occupation and market",
        columns: vec![
            Column::text("area", "Key of the area", rows.iter().map(|row| Some(row.area.as_str()))),
            Column::text("ssyk4", "SSYK 2012 unit group", rows.iter().map(|row| Some(row.occupation.to_compact_string()))),
            Column::text("market_type", "country or county", rows.iter().map(|row| Some(row.market.kind().as_str()))),
            Column::text("market", "ISO 3166-1 alpha-2 or county", rows.iter().map(|row| Some(row.market.code()))),
            Column::number(
                "share_women_county",
                "Share of women in the county, 0…1; empty on a base under 10",
                rows.iter().map(|row| row.share_county),
            ),
            Column::number("share_women_sweden", "Share of women in Sweden", rows.iter().map(|row| row.share_sweden)),
            Column::number("share_women_market", "Share of women in the market's pool", rows.iter().map(|row| row.share_market)),
            Column::text("class_county", "Class of the county's share, percent", rows.iter().map(|row| row.class_county.as_deref())),
            Column::whole(
                "recruits_to_40",
                "Recruits that bring the smaller sex to 40 percent; empty where none do",
                rows.iter().map(|row| row.recruits.and_then(|recruits| recruits.needed)),
            ),
            Column {
                name: "reachable",
                description: "Whether that is no more than are employed",
                values: crate::table::Values::Truth(rows.iter().map(|row| row.recruits.map(|recruits| recruits.reachable)).collect()),
            },
        ],
    }
}

fn foothold(analysis: &Analysis, config: &Config, figures: &Figures) -> Table {
    let rows = footholds(figures, analysis.county, analysis.year, config.method.gender.small_count);
    let small = config.method.gender.small_count;
    let told = |row: &Foothold| match row.told {
        Told::Few => Some(format!("1–{small}")),
        Told::Withheld => Some("visas inte".to_owned()),
        Told::Missing => Some("redovisas inte".to_owned()),
        Told::Exactly(_) => None,
    };
    Table {
        name: "foothold",
        title: "Who has a foothold here: born in the country, and first-time work permits; few are never told",
        columns: vec![
            Column::text("market", "ISO 3166-1 alpha-2", rows.iter().map(|row| Some(row.country.to_compact_string()))),
            Column::text("name", "Name in Swedish", rows.iter().map(|row| Some(market_name(config, Market::Country(row.country))))),
            Column::text(
                "measure",
                "born_county and born_sweden: born in the country, living there; permits_group and permits_year: first-time work permits",
                rows.iter().map(|row| Some(row.measure.as_str())),
            ),
            Column::text(
                "ssyk3",
                "SSYK 2012 minor group of permits; empty for the others. A group is left out where its count would be few, or give a few away",
                rows.iter().map(|row| row.group.map(|group| group.to_compact_string())),
            ),
            Column::text("sex", "women, men or total", rows.iter().map(|row| Some(row.sex.as_str()))),
            Column::whole("period_first", "First year counted", rows.iter().map(|row| Some(i64::from(row.period.0)))),
            Column::whole("period_last", "Last year counted", rows.iter().map(|row| Some(i64::from(row.period.1)))),
            Column::whole("count", "Persons, or decisions; empty where it is not told", rows.iter().map(|row| row.told.count())),
            Column::text("not_told", "1–4: so few; visas inte: it would give away a few; redovisas inte: not published", rows.iter().map(told)),
        ],
    }
}

fn sources(figures: &Figures) -> Table {
    let rows: Vec<_> = figures.sources.values().collect();
    let text = |name, description, get: fn(&crate::tidy::dataset::SourceRow) -> &String| {
        Column::text(name, description, rows.iter().map(move |row| Some(get(row).as_str())))
    };
    Table {
        name: "sources",
        title: "Sources of the figures",
        columns: vec![
            text("source", "Key", |row| &row.source),
            text("dataset", "The publisher's name of the dataset", |row| &row.dataset),
            text("publisher", "Publisher", |row| &row.publisher),
            text("title", "Title", |row| &row.title),
            text("url", "Address", |row| &row.url),
            text("retrieved", "When the copy was made", |row| &row.retrieved),
            text("period", "Span of periods", |row| &row.period),
            text("licence", "Licence", |row| &row.licence),
            text("attribution", "Attribution line", |row| &row.attribution),
            text("sha256", "Hash of the file that was read", |row| &row.sha256),
            Column::whole("rows", "Rows read from it", rows.iter().map(|row| Some(row.rows))),
        ],
    }
}

/// Every result of the back-test with its test, a ranker each.
fn judged(found: &BackTest) -> Vec<(&TestResult, &RankerResult)> {
    found.tests.iter().flat_map(|test| test.rankers.iter().map(move |row| (test, row))).collect()
}

/// The columns that say which test a row is of.
fn of_test(tests: &[&TestResult]) -> Vec<Column> {
    vec![
        Column::text("test", "Letter of the test in the method: a, b, c, d", tests.iter().map(|test| Some(test.test.letter()))),
        Column::text("name", "national, stock, benchmark, new_markets, new_pairs", tests.iter().map(|test| Some(test.test.as_str()))),
        Column::text("scope", "Which markets; \"estimated\" where estimated pools are used too", tests.iter().map(|test| Some(test.scope))),
        Column::text("sex", "Whose outcome: women, men or total", tests.iter().map(|test| Some(test.sex.as_str()))),
        Column::whole("as_of", "Year of the ranking: no later figure is used", tests.iter().map(|test| Some(i64::from(test.as_of)))),
    ]
}

/// The end of an interval, if there are resamples.
fn end(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// The table `backtest`: one row a test and ranker.
fn backtest(found: &BackTest) -> Table {
    let rows = judged(found);
    let tests: Vec<&TestResult> = rows.iter().map(|(test, _)| *test).collect();
    let years = |test: &TestResult| test.outcome.iter().map(i32::to_string).collect::<Vec<_>>().join(", ");
    let measure = |test: &TestResult| if test.measure == Measure::Spearman { "spearman" } else { "auc" };
    let count = |get: fn(&TestResult) -> usize| tests.iter().map(move |test| i64::try_from(get(test)).ok());
    let value = |get: fn(&Interval) -> f64| rows.iter().map(move |(_, row)| row.judged.value.as_ref().map(get).and_then(end));
    let above = |get: fn(&Interval) -> f64| rows.iter().map(move |(_, row)| row.judged.above_simple.as_ref().map(get).and_then(end));
    let mut columns = of_test(&tests);
    columns.extend([
        Column::text("outcome_years", "Years that followed; of test b the first and last of the step", tests.iter().map(|test| Some(years(test)))),
        Column::text(
            "measure",
            "spearman: rank correlation, 0 is chance; auc: probability, 0.5 is chance",
            tests.iter().map(|test| Some(measure(test))),
        ),
        Column::whole("countries", "Countries that every ranker and the outcome have a value for", count(|test| test.countries)),
        Column::whole("groups", "Occupation groups; 1 where all occupations are taken together", count(|test| test.groups)),
        Column::whole("positives", "Countries, or pairs of group and country, with an outcome above 0", count(|test| test.positives)),
        Column::text(
            "ranker",
            "A named weighting, a baseline, or indicator: and an indicator",
            rows.iter().map(|(_, row)| Some(row.ranker.as_str())),
        ),
        Column::number("value", "The measure", value(|interval| interval.value)),
        Column::number("p025", "2.5th percentile of the resamples", value(|interval| interval.low)),
        Column::number("p975", "97.5th percentile", value(|interval| interval.high)),
        Column::number("ndcg10", "NDCG of the first ten", rows.iter().map(|(_, row)| row.ndcg10)),
        Column::number("hits10", "Share of the true first ten that the first ten hold", rows.iter().map(|(_, row)| row.hits10)),
        Column::number("above_simple", "The measure less the best of population and pool, same resamples", above(|interval| interval.value)),
        Column::number("above_simple_p025", "2.5th percentile of that", above(|interval| interval.low)),
        Column::number("above_simple_p975", "97.5th percentile of that", above(|interval| interval.high)),
        Column::text(
            "label",
            "stöd, svagt stöd, inget stöd; empty for population, pool and indicators, and where there are too few countries",
            rows.iter().map(|(_, row)| row.label.map(Label::as_str)),
        ),
    ]);
    Table { name: "backtest", title: "Rankings as of earlier years against what followed", columns }
}

/// The table `backtest_differences`: one row a test, ranker and baseline.
fn backtest_differences(found: &BackTest) -> Table {
    let rows: Vec<(&TestResult, &str, &str, Option<Interval>)> = judged(found)
        .into_iter()
        .flat_map(|(test, row)| {
            test.baselines.iter().zip(&row.judged.differences).map(move |(baseline, value)| (test, row.ranker.as_str(), *baseline, *value))
        })
        .filter(|(_, ranker, baseline, _)| ranker != baseline)
        .collect();
    let tests: Vec<&TestResult> = rows.iter().map(|row| row.0).collect();
    let value = |get: fn(&Interval) -> f64| rows.iter().map(move |row| row.3.as_ref().map(get).and_then(end));
    let mut columns = of_test(&tests);
    columns.extend([
        Column::text("ranker", "Whose measure", rows.iter().map(|row| Some(row.1))),
        Column::text("baseline", "Whose is subtracted", rows.iter().map(|row| Some(row.2))),
        Column::number("difference", "The difference, on the same countries", value(|interval| interval.value)),
        Column::number("p025", "2.5th percentile of the resamples, the same for both", value(|interval| interval.low)),
        Column::number("p975", "97.5th percentile", value(|interval| interval.high)),
    ]);
    Table { name: "backtest_differences", title: "Paired differences between rankers and baselines", columns }
}

/// The table `backtest_leaks`: figures later than the ranking that uses them.
fn backtest_leaks(found: &BackTest) -> Table {
    let rows = &found.leaks;
    Table {
        name: "backtest_leaks",
        title: "Figures later than the ranking that uses them, because there is no older vintage",
        columns: vec![
            Column::whole("as_of", "Year of the ranking", rows.iter().map(|row| Some(i64::from(row.as_of)))),
            Column::text("table", "Tidy table of the figures", rows.iter().map(|row| Some(row.table))),
            Column::whole("newest", "Newest year used", rows.iter().map(|row| Some(i64::from(row.newest)))),
            Column::whole("countries", "Countries that it concerns", rows.iter().map(|row| i64::try_from(row.countries).ok())),
        ],
    }
}

/// Every table of the run, in the order of the documentation; those of the back-test where it was made.
#[must_use]
pub fn tables(analysis: &Analysis, config: &Config, figures: &Figures, found: Option<&BackTest>) -> Vec<Table> {
    let of_backtest = found.into_iter().flat_map(|found| [backtest(found), backtest_differences(found), backtest_leaks(found)]);
    let made: [&(dyn Fn() -> Table + Sync); 13] = [
        &|| demand(analysis, config),
        &|| area_occupations(analysis, config),
        &|| crosswalk(analysis, config, figures),
        &|| supply(analysis),
        &|| indicators(analysis),
        &|| fit(analysis),
        &|| markets(analysis, config),
        &|| gender(analysis),
        &|| gender_ranks(analysis),
        &|| occupation_places(analysis, config),
        &|| sensitivity(analysis),
        &|| foothold(analysis, config, figures),
        &|| influence::table(analysis, config, figures),
    ];
    let mut tables: Vec<Table> = made.into_par_iter().map(|make| make()).collect();
    tables.extend(skills::tables(analysis, config, figures));
    tables.extend(open_ads(analysis, config, figures));
    tables.extend(of_backtest);
    tables.push(sources(figures));
    tables
}

/// Employed that no area has, by occupation: what the area lists leave out.
#[must_use]
pub fn outside_areas(analysis: &Analysis, config: &Config) -> Vec<(Ssyk, i64)> {
    let listed = config.without_area();
    let mut rows: Vec<(Ssyk, i64)> =
        listed.iter().filter_map(|occupation| Some((*occupation, analysis.demand.occupations.get(occupation)?.employed.total()))).collect();
    rows.sort_by_key(|(occupation, employed)| (-employed, *occupation));
    rows
}

/// The share of an area's weight that has no ISCO pair: the join's loss.
#[must_use]
pub fn join_loss(analysis: &Analysis, area: usize) -> f64 {
    let weights = &analysis.markets.area_weights[area].weights;
    let lost = weights.iter().filter(|(occupation, _)| analysis.links.get(occupation).is_none_or(|link| link.weights.is_empty()));
    // From 0.0: the sum of nothing is otherwise -0.0, and is printed so.
    lost.fold(0.0, |sum, (_, weight)| sum + weight)
}

/// The Frictionless description of a run's CSV tables.
#[must_use]
pub fn datapackage(tables: &[Table], files: &[OutputFile], figures: &Figures, county: &str, year: i32) -> serde_json::Value {
    let file_of = |name: &str| files.iter().find(|file| file.path == format!("data/{name}.csv"));
    let resources: Vec<serde_json::Value> = tables
        .iter()
        .filter_map(|table| {
            let file = file_of(table.name)?;
            Some(serde_json::json!({
                "name": table.name,
                "type": "table",
                "title": table.title,
                "path": format!("{}.csv", table.name),
                "scheme": "file",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": file.bytes.len(),
                "hash": format!("sha256:{}", file.sha256),
                "schema": table.schema(),
            }))
        })
        .collect();
    let sources: Vec<serde_json::Value> = figures
        .sources
        .values()
        .map(|source| serde_json::json!({"title": format!("{}: {}", source.publisher, source.title), "path": source.url}))
        .collect();
    serde_json::json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": format!("malmarknad-{year}-{county}"),
        "title": format!("malmarknad {year}, county {county}: shortage occupations and target markets"),
        "sources": sources,
        "resources": resources,
    })
}
