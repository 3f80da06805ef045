//! Women and men: shares in the county, in Sweden and in the first countries, and what recruiting could even out.

use std::collections::BTreeMap;

use super::super::ReportError;
use super::super::builder::{Builder, FigureText};
use super::super::model::{Cell, Column, FigureData, Grid, Origin, Prose};
use super::super::text::{OCCUPATION, en};
use super::super::view::View;
use super::shortage::small_base;
use super::sources;
use crate::chart::dumbbell::{self, DumbbellData, DumbbellRow};
use crate::chart::recruiting::{self, RecruitedOccupation, RecruitingData, RecruitingMarket};
use crate::code::{Sex, Ssyk};
use crate::demand::{Demand, exact};
use crate::gender::{duncan, share_after, told_share};
use crate::index::median;
use crate::language::say;
use crate::supply::{Market, MarketKind, share_women};
use crate::uncertainty::SexRank;

/// How many of the first countries stand for "the first countries".
const COUNTRIES: usize = 10;

/// An occupation with what is known of its women and men.
struct Row<'a> {
    demand: &'a Demand,
    county: Option<f64>,
    sweden: Option<f64>,
    /// Median of the first countries.
    abroad: Option<f64>,
    change: Change,
}

/// What recruiting from the first countries could do.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Change {
    /// Already even.
    Even,
    /// The fewest recruits that bring the smaller sex to the level, and from where.
    Reached(i64, Market),
    /// Not from any of them.
    OutOfReach,
    /// A share is unknown.
    Unknown,
}

/// The first countries whose women and men are known for some occupation of the area.
fn abroad(view: &View) -> Vec<Market> {
    let known = |market: Market| view.weights.keys().any(|occupation| view.gender(market, *occupation).is_some_and(|row| row.share_market.is_some()));
    view.ranked(MarketKind::Country).into_iter().map(|row| row.market).filter(|market| known(*market)).take(COUNTRIES).collect()
}

fn rows<'a>(view: &View<'a>, markets: &[Market], most: usize) -> Vec<Row<'a>> {
    let method = &view.run.config.method.gender;
    let recruited = view.recruited().into_iter().take(most);
    recruited
        .map(|demand| {
            let share = |market: &Market| view.gender(*market, demand.occupation).and_then(|row| row.share_market);
            let county = share_women(demand.employed, method.least_base);
            let fewest = markets
                .iter()
                .filter_map(|market| {
                    let recruits = view.gender(*market, demand.occupation)?.recruits?;
                    recruits.needed.filter(|_| recruits.reachable).map(|needed| (needed, *market))
                })
                .min_by_key(|(needed, _)| *needed);
            let known = markets.iter().any(|market| view.gender(*market, demand.occupation).is_some_and(|row| row.recruits.is_some()));
            let change = match (county, fewest) {
                (Some(share), _) if share >= method.balance && share <= 1.0 - method.balance => Change::Even,
                (None, _) => Change::Unknown,
                (_, Some((needed, market))) => Change::Reached(needed, market),
                _ if known => Change::OutOfReach,
                _ => Change::Unknown,
            };
            Row {
                demand,
                county: told_share(demand.employed, method),
                sweden: share_women(demand.employed_sweden, method.least_base),
                abroad: median(markets.iter().filter_map(share).collect()),
                change,
            }
        })
        .collect()
}

/// Median share of women in the first countries, by occupation, where it is known.
pub fn abroad_shares(view: &View) -> BTreeMap<Ssyk, f64> {
    rows(view, &abroad(view), usize::MAX).into_iter().filter_map(|row| Some((row.demand.occupation, row.abroad?))).collect()
}

/// How many of the recruited occupations are even, can be made more so or not, in a paragraph for a sheet of two pages.
pub fn sheet(builder: &mut Builder, view: &View) {
    let language = view.language();
    let markets = abroad(view);
    let rows = rows(view, &markets, usize::MAX);
    if rows.is_empty() {
        return;
    }
    builder.heading(say!(language, sv: "Kvinnor och män", en: "Women and men"), "kvinnor-och-man");
    let level = view.run.config.method.gender.balance;
    let span = format!("{}–{}", language.number(level * 100.0, 0), language.percent(1.0 - level));
    let even = names(view, &rows, |change| change == Change::Even);
    let reached = reached(view, &rows);
    let (all, even_count, reached_count) = (rows.len(), even.len(), reached.len());
    let count = language.count_alone(even_count);
    let mut text = Prose::new().strong(say!(language,
        sv: format!("{} av {all} yrken har en jämn könsfördelning i länet ({span} kvinnor).", super::super::text::capital(&count)),
        en: format!("Of {all} occupations, {count} {} balanced in the county ({span} women).", en::agrees(even_count, "is", "are")),
    ));
    if reached_count > 0 {
        let (reached, level, reached_count) =
            (language.list_of_first(&reached, 2), language.percent(level), language.count(reached_count, OCCUPATION));
        text = text.text(say!(language,
            sv: format!(" I {reached_count} kan rekrytering från de första länderna göra att det mindre könet når {level}: {reached}."),
            en: format!(" In {reached_count}, recruitment from the first countries can bring the smaller sex to {level}: {reached}."),
        ));
    }
    let count = language.count(markets.len(), super::super::text::COUNTRY);
    text = text.text(if markets.is_empty() {
        say!(language,
            sv: " Inget land i rangordningen redovisar kvinnor och män i yrkena. Kön påverkar aldrig ett lands poäng.".to_owned(),
            en: " No country in the ranking reports women and men in the occupations. Sex never affects a country’s score.".to_owned(),
        )
    } else {
        say!(language,
            sv: format!(" ”Första länderna” i tabell 1 är medianen av de {count} som ligger först på Trolig. Kön påverkar aldrig ett lands poäng."),
            en: format!(" “First countries” in table 1 is the median of the {count} that come first on Likely. Sex never affects a country’s score."),
        )
    });
    builder.paragraph(text);
}

/// "kockar (12 från Spanien, mot 40 anställda i dag)" for every occupation that recruiting can even out, those first that need least for their size.
fn reached(view: &View, rows: &[Row]) -> Vec<String> {
    let language = view.language();
    let found = rows.iter().filter_map(|row| match row.change {
        Change::Reached(needed, market) => Some((row.demand, needed, market)),
        _ => None,
    });
    let mut found: Vec<(&Demand, i64, Market)> = found.collect();
    let share = |(demand, needed, _): &(&Demand, i64, Market)| exact(*needed) / exact(demand.employed.total());
    found.sort_by(|one, other| share(one).total_cmp(&share(other)));
    let told = found.into_iter().map(|(demand, needed, market)| {
        let (occupation, country) = (view.occupation_in_prose(demand.occupation), view.market_in_prose(market));
        let (needed, employed) = (language.whole(needed), language.whole(demand.employed.total()));
        say!(language,
            sv: format!("{occupation} ({needed} från {country}, mot {employed} anställda i dag)"),
            en: format!("{occupation} ({needed} from {country}, against {employed} employed today)"),
        )
    });
    told.collect()
}

fn names(view: &View, rows: &[Row], which: impl Fn(Change) -> bool) -> Vec<String> {
    rows.iter().filter(|row| which(row.change)).map(|row| view.occupation_in_prose(row.demand.occupation)).collect()
}

/// What the shares say, in sentences.
fn sentences(view: &View, rows: &[Row], unit: &str) -> Vec<Prose> {
    let language = view.language();
    let mut items = Vec::new();
    if let Some(index) = duncan(view.area, &view.run.analysis.demand) {
        let index = language.percent(index);
        items.push(
            Prose::new()
                .strong(say!(language,
                    sv: format!("Uppdelningen mellan könen är {index}."),
                    en: format!("Occupational segregation between women and men is {index}."),
                ))
                .text(say!(language,
                    sv: format!(
                        " Så stor andel av kvinnorna, eller av männen, skulle behöva byta yrke för att kvinnor och män skulle fördela sig lika över {unit} yrken (Duncans index)."
                    ),
                    en: format!(
                        " That share of the women, or of the men, would have to change occupation for women and men to be spread alike over {unit} occupations (Duncan’s index of dissimilarity)."
                    ),
                )),
        );
    }
    let level = view.run.config.method.gender.balance;
    let span = format!("{}–{}", language.number(level * 100.0, 0), language.percent(1.0 - level));
    let even = names(view, rows, |change| change == Change::Even);
    if !even.is_empty() {
        let even = language.list_of_first(&even, 6);
        items.push(Prose::new().strong(say!(language, sv: "Redan jämna", en: "Already balanced")).text(say!(language,
            sv: format!(" ({span} kvinnor): {even}."),
            en: format!(" ({span} women): {even}."),
        )));
    }
    let reached = reached(view, rows);
    if !reached.is_empty() {
        let heading = say!(language, sv: "Kan nå ", en: "Can reach ");
        let level = language.percent(level);
        items.push(Prose::new().strong(format!("{heading}{level}")).text(say!(language,
            sv: format!(" av det mindre könet, om så här många rekryteras: {}.", language.list_of_first(&reached, 6)),
            en: format!(" of the smaller sex, with this many recruits: {}.", language.list_of_first(&reached, 6)),
        )));
    }
    let out = names(view, rows, |change| change == Change::OutOfReach);
    if !out.is_empty() {
        let out = language.list_of_first(&out, 6);
        items.push(
            Prose::new().strong(say!(language, sv: "Går inte att jämna ut härifrån", en: "Cannot be balanced by recruiting from these countries")).text(
                say!(language,
                    sv: format!(
                        ": {out}. Också i de första länderna är ett av könen för få i yrket, eller så skulle det krävas fler rekryteringar än länet har anställda. Här krävs andra åtgärder."
                    ),
                    en: format!(
                        ": {out}. In the first countries, too, one of the sexes is too small a minority in the occupation, or more recruits would be needed than the county has employees. Other measures are needed here."
                    ),
                ),
            ),
        );
    }
    items
}

fn change_cell(view: &View, change: Change) -> Cell {
    let language = view.language();
    match change {
        Change::Even => Cell::Text(say!(language, sv: "Redan jämnt", en: "Already balanced").to_owned()),
        Change::Reached(needed, market) => {
            let (needed, market) = (language.whole(needed), view.market_in_prose(market));
            Cell::Text(say!(language, sv: format!("{needed} från {market}"), en: format!("{needed} from {market}")))
        }
        Change::OutOfReach => Cell::Text(say!(language, sv: "Går inte att nå härifrån", en: "Out of reach from these countries").to_owned()),
        Change::Unknown => Cell::Missing {
            reason: say!(language,
                sv: "kvinnor och män kan inte anges i länet eller i länderna",
                en: "women and men cannot be given in the county or in the countries",
            ),
        },
    }
}

/// Shares of women as a figure with its table.
fn figure(builder: &mut Builder, view: &View, rows: &[Row], markets: &[Market]) -> Result<(), ReportError> {
    let language = view.language();
    let percent = |share: Option<f64>| share.map(|share| share * 100.0);
    let known: Vec<(&Row, f64)> = rows.iter().filter_map(|row| row.county.map(|share| (row, share))).collect();
    let extreme = |more: bool| {
        known.iter().copied().reduce(|best, other| if (other.1 > best.1) == more && (other.1 - best.1).abs() > 0.0 { other } else { best })
    };
    let describe = |(row, share): (&Row, f64)| {
        let (share, name) = (language.percent(share), view.occupation_in_prose(row.demand.occupation));
        say!(language, sv: format!("{} kvinnor bland {name}", share.replace('\u{a0}', " ")), en: format!("{share} women among {name}"))
    };
    let title = match extreme(false).zip(extreme(true)) {
        Some((low, high)) if low.0.demand.occupation != high.0.demand.occupation => {
            let (low, high) = (describe(low), describe(high));
            say!(language, sv: format!("I länet går det från {low} till {high}"), en: format!("The county ranges from {low} to {high}"))
        }
        Some((low, _)) => {
            let share = describe(low);
            say!(language, sv: format!("I länet är det {share}"), en: format!("The county has {share}"))
        }
        None => say!(language,
            sv: "Andelen kvinnor kan inte visas: för få anställda",
            en: "The share of women cannot be shown: too few employees",
        )
        .to_owned(),
    };
    let market_names: Vec<String> = markets.iter().map(|market| view.market_in_prose(*market)).collect();
    let abroad = if market_names.is_empty() {
        say!(language,
            sv: "Inget land i rangordningen redovisar kvinnor och män i yrkena.",
            en: "No country in the ranking reports women and men in the occupations.",
        )
        .to_owned()
    } else {
        let names = language.list(&market_names);
        say!(language,
            sv: format!(
                "”Första länderna” är medianen av {names} (skattad: varje lands egen fördelning i yrkets huvudgrupp, justerad med Sveriges i yrket)."
            ),
            en: format!(
                "“First countries” is the median of {names} (estimated: each country’s own distribution in the occupation’s major group, adjusted by Sweden’s in the occupation)."
            ),
        )
    };
    let caption = say!(language,
        sv: format!("Andel kvinnor i procent. Det grå bandet visar 40–60 procent, som räknas som jämnt. {abroad}"),
        en: format!("Share of women, per cent. The grey band shows 40–60 per cent, which counts as balanced. {abroad}"),
    );
    let described: Vec<String> = rows
        .iter()
        .map(|row| {
            let share = |value: Option<f64>| {
                value.map_or_else(|| say!(language, sv: "uppgift saknas", en: "no figure").to_owned(), |value| language.number(value * 100.0, 0))
            };
            let name = view.occupation(row.demand.occupation);
            let (county, sweden, abroad) = (share(row.county), share(row.sweden), share(row.abroad));
            say!(language,
                sv: format!("{name}: {county} i länet, {sweden} i Sverige, {abroad} i de första länderna"),
                en: format!("{name}: {county} in the county, {sweden} in Sweden, {abroad} in the first countries"),
            )
        })
        .collect();
    let (count, described) = (language.count(rows.len(), OCCUPATION), described.join("; "));
    let alternative = say!(language,
        sv: format!("Diagram med andelen kvinnor i procent för {count}. {described}."),
        en: format!("Chart of the share of women, per cent, for {count}. {described}."),
    );
    let occupations = rows
        .iter()
        .map(|row| DumbbellRow {
            name: view.occupation(row.demand.occupation),
            county: percent(row.county),
            sweden: percent(row.sweden),
            market: percent(row.abroad),
        })
        .collect();
    let level = language.percent_sign(&language.number(view.run.config.method.gender.balance * 100.0, 0));
    let of_women = say!(language, sv: "% kvinnor", en: "% women");
    let no_sex_abroad = say!(language, sv: "inget av länderna redovisar kvinnor och män", en: "none of the countries reports women and men");
    let grid = Grid {
        columns: vec![
            Column::text(say!(language, sv: "Yrke", en: "Occupation")),
            Column::number(say!(language, sv: "Länet", en: "County"), of_women),
            Column::number(say!(language, sv: "Sverige", en: "Sweden"), of_women),
            Column::number(say!(language, sv: "Första länderna, skattad", en: "First countries, estimated"), of_women),
            Column::text(say!(language,
                sv: format!("Rekryteringar till {level} av det mindre könet, där det krävs minst"),
                en: format!("Recruits until the smaller sex is {level}, where fewest are needed"),
            )),
        ],
        rows: rows
            .iter()
            .map(|row| {
                vec![
                    Cell::Text(view.occupation(row.demand.occupation)),
                    Cell::number(percent(row.county), 0, small_base(language)),
                    Cell::number(percent(row.sweden), 0, small_base(language)),
                    Cell::number(percent(row.abroad), 0, no_sex_abroad),
                    change_cell(view, row.change),
                ]
            })
            .collect(),
    };
    let period = view.run.analysis.demand.period;
    let origin = Origin {
        unit: Some(say!(language, sv: "andel kvinnor, procent", en: "share of women, per cent").to_owned()),
        period: Some(say!(language,
            sv: format!("{period} (länet och Sverige), senaste år (andra länder)"),
            en: format!("{period} (county and Sweden), latest year (other countries)"),
        )),
        source: sources::line(view.run, &sources::PEOPLE),
        tables: vec!["gender"],
    };
    let text = FigureText { slug: "kvinnor-och-man", title, caption: caption.into(), alternative };
    let county = view.county.clone();
    let market = if markets.is_empty() {
        say!(language, sv: "Andra länder", en: "Other countries")
    } else {
        say!(language, sv: "Första länderna", en: "First countries")
    }
    .to_owned();
    builder.figure(text, |about| dumbbell::svg(&DumbbellData { about, county, market, occupations }), FigureData::Own(grid), origin)
}

/// The section of an area or an industry: at most `most` occupations.
pub fn whole(builder: &mut Builder, view: &View, most: usize, unit: &str) -> Result<(), ReportError> {
    let language = view.language();
    builder.heading(say!(language, sv: "Kvinnor och män", en: "Women and men"), "kvinnor-och-man");
    let markets = abroad(view);
    let all = rows(view, &markets, usize::MAX);
    if all.is_empty() {
        builder.paragraph(say!(language,
            sv: "Inget yrke rekryteras, så det finns inget att jämföra.",
            en: "No occupation is recruited for, so there is nothing to compare.",
        ));
        return Ok(());
    }
    builder.list(sentences(view, &all, unit));
    builder.paragraph(say!(language,
        sv: "Kön påverkar aldrig ett lands poäng. Hur många rekryteringar som krävs räknas som om de som kommer fördelar sig som i landets yrke.",
        en: "Sex never affects a country’s score. The number of recruits needed is calculated as if those who come are distributed as in the country’s occupation.",
    ));
    if let Some(text) = by_sex(view) {
        builder.paragraph(text);
    }
    figure(builder, view, &all[..all.len().min(most)], &markets)
}

/// Recruits that the chart shows the share after.
const RECRUITS: [u32; 3] = [5, 10, 25];
/// Occupations and countries of the chart.
const CHARTED: (usize, usize) = (3, 5);

/// What recruiting does: the share of women after some recruits from each of the first countries, for the heaviest occupations that are uneven.
pub fn recruiting(builder: &mut Builder, view: &View) -> Result<(), ReportError> {
    let language = view.language();
    let markets: Vec<Market> = abroad(view);
    let mut countries: Vec<Market> = markets.iter().copied().take(CHARTED.1).collect();
    let uneven = |row: &Row| matches!(row.change, Change::Reached(..) | Change::OutOfReach) && row.county.is_some();
    let known = |row: &Row| {
        countries.iter().filter(|market| view.gender(**market, row.demand.occupation).is_some_and(|found| found.recruits.is_some())).count() > 1
    };
    let after = |row: &Row, market: Market, recruits: u32| {
        let share = view.gender(market, row.demand.occupation)?.share_market?;
        share_after(row.demand.employed, share, f64::from(recruits)).map(|share| share * 100.0)
    };
    let most = RECRUITS[RECRUITS.len() - 1];
    let all = rows(view, &markets, usize::MAX);
    let mut chosen: Vec<&Row> = all.iter().filter(|row| uneven(row) && known(row)).collect();
    // Those that recruiting can even out first, then those that it moves most; equal ones by weight.
    let first_countries = countries.clone();
    let largest = |row: &Row| {
        let moved = first_countries.iter().filter_map(|market| Some((after(row, *market, most)? - row.county? * 100.0).abs()));
        moved.fold(0.0, f64::max)
    };
    chosen.sort_by(|one, other| {
        let reached = |row: &Row| matches!(row.change, Change::Reached(..));
        reached(other).cmp(&reached(one)).then(largest(other).total_cmp(&largest(one)))
    });
    chosen.truncate(CHARTED.0);
    let Some(first) = chosen.first().copied() else { return Ok(()) };
    // Where the fewest recruits are needed is in the chart, in the place of the last of the first countries.
    let mut fewest: Vec<Market> = Vec::new();
    for row in &chosen {
        if let Change::Reached(_, market) = row.change
            && !fewest.contains(&market)
        {
            fewest.push(market);
        }
    }
    countries.retain(|market| !fewest.contains(market));
    countries.truncate(CHARTED.1.saturating_sub(fewest.len()));
    countries.extend(fewest);
    countries.sort_by_key(|market| markets.iter().position(|known| known == market));

    let level = view.run.config.method.gender.balance;
    let needed = |row: &Row, market: Market| match view.gender(market, row.demand.occupation).and_then(|found| found.recruits) {
        Some(recruits) => match recruits.needed.filter(|_| recruits.reachable) {
            Some(needed) => language.whole(needed),
            None => say!(language, sv: "går inte att nå", en: "out of reach").to_owned(),
        },
        None => say!(language, sv: "uppgift saknas", en: "no figure").to_owned(),
    };
    builder.subheading(
        say!(language, sv: "Vad gör rekryteringen med könsfördelningen?", en: "What does recruitment do to the gender balance?"),
        "rekrytering",
    );
    builder.paragraph(say!(language,
        sv: format!(
            "Om de som rekryteras fördelar sig som i landets yrke flyttar andelen kvinnor i länet så här. I ett yrke med många anställda märks {most} rekryterade knappt; i ett litet yrke kan de räcka."
        ),
        en: format!(
            "If those recruited are distributed as in the country’s occupation, the county’s share of women moves like this. In an occupation with many employees {most} recruits are hardly \
             noticeable; in a small one they may be enough."
        ),
    ));
    let percent = |share: f64| language.number(share, 0);
    let title = recruiting_title(view, first, &countries, &after);
    let told: Vec<String> = chosen
        .iter()
        .map(|row| {
            let (occupation, now) = (view.occupation(row.demand.occupation), percent(row.county.unwrap_or(0.0) * 100.0));
            let parts: Vec<String> = countries
                .iter()
                .filter_map(|market| {
                    let (country, then) = (view.market_in_prose(*market), percent(after(row, *market, most)?));
                    Some(say!(language, sv: format!("{then} med {country}"), en: format!("{then} with {country}")))
                })
                .collect();
            let parts = language.list(&parts);
            say!(language, sv: format!("{occupation}: {now} procent i dag, {parts}"), en: format!("{occupation}: {now} per cent today, {parts}"))
        })
        .collect();
    let told = told.join("; ");
    let alternative = say!(language,
        sv: format!("Andelen kvinnor i länet i dag och efter {most} rekryterade från varje land. {told}."),
        en: format!("Share of women in the county today and after {most} recruits from each country. {told}."),
    );
    let target = language.percent_sign(&language.number(level * 100.0, 0));
    let needed_head = say!(language, sv: format!("antal till {target}"), en: format!("number to reach {target}"));
    let caption = say!(language,
        sv: format!(
            "Cirkeln är andelen i dag, trianglarna andelen efter så många rekryterade. Bandet är en jämn fördelning. Sista kolumnen är hur många rekryterade det krävs för att det mindre könet \
             ska nå {target}; ”går inte att nå” är fler än länet har anställda, eller så är könet i minoritet i landet också. Skattade andelar: se figuren ovan."
        ),
        en: format!(
            "The circle is the share today, the triangles the share after that many recruits. The band is an even distribution. The last column is how many recruits it takes for the smaller \
             sex to reach {target}; “out of reach” is more than the county has employees, or the sex is in the minority in the country too. Estimated shares: see the figure above."
        ),
    );
    let occupations: Vec<RecruitedOccupation> = chosen
        .iter()
        .map(|row| RecruitedOccupation {
            name: view.occupation(row.demand.occupation),
            now: row.county.map(|share| share * 100.0),
            markets: countries
                .iter()
                .map(|market| RecruitingMarket {
                    name: view.market(*market),
                    after: RECRUITS.iter().map(|recruits| after(row, *market, *recruits)).collect(),
                    needed: needed(row, *market),
                })
                .collect(),
        })
        .collect();
    let percent_head = |recruits: &u32| say!(language, sv: format!("Efter {recruits} rekryterade"), en: format!("After {recruits} recruits"));
    let of_women = say!(language, sv: "% kvinnor", en: "% women");
    let mut columns = vec![
        Column::text(say!(language, sv: "Yrke", en: "Occupation")),
        Column::text(say!(language, sv: "Land", en: "Country")),
        Column::number(say!(language, sv: "I dag", en: "Today"), of_women),
    ];
    columns.extend(RECRUITS.iter().map(|recruits| Column::number(percent_head(recruits), of_women)));
    columns.push(Column::text(say!(language, sv: format!("Rekryterade för att nå {target}"), en: format!("Recruits to reach {target}"))));
    let no_share =
        say!(language, sv: "landet redovisar inte kvinnor och män i yrket", en: "the country does not report women and men in the occupation");
    let grid_rows = chosen
        .iter()
        .flat_map(|row| countries.iter().map(move |market| (*row, *market)))
        .map(|(row, market)| {
            let mut cells = vec![
                Cell::Text(view.occupation(row.demand.occupation)),
                Cell::Text(view.market(market)),
                Cell::number(row.county.map(|share| share * 100.0), 0, no_share),
            ];
            cells.extend(RECRUITS.iter().map(|recruits| Cell::number(after(row, market, *recruits), 0, no_share)));
            cells.push(Cell::Text(needed(row, market)));
            cells
        })
        .collect();
    let period = view.run.analysis.demand.period;
    let origin = Origin {
        unit: Some(say!(language, sv: "andel kvinnor, procent", en: "share of women, per cent").to_owned()),
        period: Some(
            say!(language, sv: format!("{period} (länet), senaste år (andra länder)"), en: format!("{period} (county), latest year (other countries)")),
        ),
        source: sources::line(view.run, &sources::PEOPLE),
        tables: vec!["gender", "demand"],
    };
    let text = FigureText { slug: "rekrytering", title, caption: caption.into(), alternative };
    let recruits = RECRUITS.to_vec();
    builder.figure(
        text,
        |about| recruiting::svg(&RecruitingData { about, recruits, needed_head, occupations }),
        FigureData::Own(Grid { columns, rows: grid_rows }),
        origin,
    )
}

/// What the chart shows of its first occupation: what evening it out takes, or how near recruiting from any of the countries brings it.
fn recruiting_title(view: &View, row: &Row, countries: &[Market], after: &impl Fn(&Row, Market, u32) -> Option<f64>) -> String {
    let language = view.language();
    let occupation = view.occupation_in_prose(row.demand.occupation);
    let (level, employed) = (language.percent(view.run.config.method.gender.balance), row.demand.employed.total());
    if let Change::Reached(needed, market) = row.change {
        let (needed, country, employed) = (language.whole(needed), view.market_in_prose(market), language.whole(employed));
        return say!(language,
            sv: format!("{needed} rekryterade från {country} krävs för {level} av det mindre könet bland {occupation}, som är {employed} i länet"),
            en: format!("{needed} recruits from {country} are needed to reach {level} of the smaller sex among {occupation}, who number {employed} in the county"),
        );
    }
    let now = row.county.unwrap_or(f64::NAN) * 100.0;
    // More recruits than there are employed would be another occupation than the county's.
    let recruits = RECRUITS.into_iter().rev().find(|recruits| i64::from(*recruits) <= employed).unwrap_or(RECRUITS[0]);
    let nearer = |then: f64| (now - 50.0).abs() - (then - 50.0).abs();
    let then = countries.iter().filter_map(|market| Some((*market, after(row, *market, recruits)?)));
    let best = then.reduce(|best, next| if nearer(next.1) > nearer(best.1) { next } else { best });
    let shown = |share: f64| language.number(share, 0);
    match best.filter(|(_, then)| nearer(*then) > 0.0 && shown(*then) != shown(now)) {
        Some((market, then)) => {
            let (country, now, then) = (view.market_in_prose(market), shown(now), shown(then));
            say!(language,
                sv: format!("Med {recruits} rekryterade från {country} går andelen kvinnor bland {occupation} från {now} till {then} procent"),
                en: format!("With {recruits} recruits from {country} the share of women among {occupation} goes from {now} to {then} per cent"),
            )
        }
        None => say!(language,
            sv: format!("{recruits} rekryterade från något av länderna gör inte {occupation} jämnare"),
            en: format!("{recruits} recruits from any of the countries do not bring {occupation} closer to balance"),
        ),
    }
}

/// Where the order differs when only women's or only men's pool is counted.
fn by_sex(view: &View) -> Option<String> {
    let language = view.language();
    let rows = &view.run.analysis.assessed.by_sex;
    let own = |row: &&SexRank| row.kind == MarketKind::Country && row.weighting.as_deref() == Some(view.weighting) && row.area == view.area.key;
    let of = |sex: Sex| -> BTreeMap<Market, &SexRank> { rows.iter().filter(own).filter(|row| row.sex == sex).map(|row| (row.market, row)).collect() };
    let (women, men) = (of(Sex::Women), of(Sex::Men));
    // The countries that a reader meets: those that lead when both sexes are counted.
    let leading: Vec<Market> = view.ranked(MarketKind::Country).iter().take(15).map(|row| row.market).collect();
    let both = leading.iter().filter_map(|market| Some((*market, *women.get(market)?, *men.get(market)?)));
    // Of those that differ as much, the one that stands first on the list.
    let apart = |(_, woman, man): &(Market, &SexRank, &SexRank)| woman.rank.abs_diff(man.rank);
    let (market, woman, man) = both.reduce(|most, next| if apart(&next) > apart(&most) { next } else { most })?;
    let count = women.len().min(men.len());
    if woman.rank == man.rank {
        return Some(say!(language,
            sv: format!("Räknas bara kvinnor eller bara män i yrkena har de främsta länderna samma ordning ({count} länder med känd könsfördelning)."),
            en: format!("With only women or only men in the occupations counted, the leading countries keep the same order ({count} countries whose shares of women and men are known)."),
        ));
    }
    let (name, by_women, by_men) = (view.market_in_prose(market), woman.rank, man.rank);
    let before = |first: &SexRank, second: &SexRank| first.p95.zip(second.p05).is_some_and(|(last, first)| last < first);
    let apart = before(woman, man) || before(man, woman);
    let sure = if apart {
        say!(language, sv: "Intervallen går isär, så skillnaden är säker.", en: "The intervals lie apart, so the difference is certain.")
    } else {
        say!(language, sv: "Intervallen överlappar, så skillnaden är osäker.", en: "The intervals overlap, so the difference is uncertain.")
    };
    Some(say!(language,
        sv: format!(
            "Räknas bara kvinnor i yrkena hamnar {name} på plats {by_women}, räknas bara män på plats {by_men}, av {count} länder med känd könsfördelning. Inget \
             annat av de främsta länderna skiljer sig mer. {sure}"
        ),
        en: format!(
            "With only women in the occupations counted, {name} comes in place {by_women}, with only men in place {by_men}, of {count} countries whose shares of women and men are known. \
             No other of the leading countries differs more. {sure}"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_count_lies_between_the_two_in_the_middle() {
        assert_eq!(median(vec![0.4, 0.1, 0.2, 0.3]), Some(0.25));
        assert_eq!(median(vec![0.9, 0.1, 0.2]), Some(0.2));
        assert_eq!(median(Vec::new()), None);
    }
}
