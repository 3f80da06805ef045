//! Sweden's other counties as target markets: the answer over all areas, area by area, occupation by occupation, and what is not known.

use std::collections::BTreeMap;

use super::super::ReportError;
use super::super::builder::{Builder, FigureText};
use super::super::model::{Cell, Column, FigureData, Grid, Origin, Prose};
use super::super::text::{COUNTY, OCCUPATION, capital, en};
use super::super::view::{View, county_name, market_name, occupation_name, stem};
use super::answer::{front_names, places};
use super::method::empty_names;
use super::ranking::{figure, origin, pillar_columns, pillar_names, place_cells, place_columns};
use super::sources;
use crate::chart::base_map::Extent;
use crate::chart::map::{self, MapArea, MapData, Shade, class, classes};
use crate::code::{County, Ssyk};
use crate::demand::Demand;
use crate::figures::Persons;
use crate::language::{Language, say};
use crate::market::{MarketScore, YEARS_OF_MOVES, moves_into};
use crate::supply::{Market, MarketKind};
use crate::uncertainty::OccupationPlace;

const KIND: MarketKind = MarketKind::County;
/// How many counties a cell names.
const NAMED: usize = 5;
/// How many steps of "in so many areas" the answer tells.
const STEPS: usize = 3;
/// How many counties an area's chart shows.
const CHARTED: usize = 10;

/// In which areas each county shares the first tier (without tiers: is among those that are named), for those that do in any.
fn first(views: &[View]) -> BTreeMap<Market, Vec<usize>> {
    let mut found: BTreeMap<Market, Vec<usize>> = BTreeMap::new();
    for view in views {
        for row in view.front(KIND).members {
            found.entry(row.market).or_default().push(view.position);
        }
    }
    found
}

/// The areas that rank counties at all.
fn ranking<'a, 'b>(views: &'b [View<'a>]) -> Vec<&'b View<'a>> {
    views.iter().filter(|view| !view.ranked(KIND).is_empty()).collect()
}

/// The answer: which counties come first in most areas, how sure that is, and what the page cannot say.
pub fn answer(builder: &mut Builder, views: &[View]) {
    let language = builder.language();
    let ranking = ranking(views);
    let Some(any) = ranking.first() else {
        builder.answer(vec![
            say!(language,
                sv: "Inget län kan rangordnas, eftersom inget yrke i något område bedöms ha brist eller bevakas.",
                en: "No county can be ranked, because no occupation of any area is assessed as short or under watch.",
            )
            .into(),
        ]);
        return;
    };
    let counts: BTreeMap<Market, usize> = first(views).into_iter().map(|(market, areas)| (market, areas.len())).collect();
    let mut steps: Vec<usize> = counts.values().copied().collect();
    steps.sort_unstable_by(|one, other| other.cmp(one));
    steps.dedup();
    let named = |wanted: usize| {
        let mut names: Vec<String> = counts.iter().filter(|(_, count)| **count == wanted).map(|(market, _)| any.market(*market)).collect();
        language.order().sort(&mut names);
        names
    };
    let most = steps.first().copied().unwrap_or(0);
    let (leading, all) = (named(most), ranking.len());
    let verb = en::agrees(leading.len(), "is", "are");
    let tiers = any.has_tiers(KIND);
    let reach = say!(language, sv: format!("{most} av {all} områden och branscher"), en: format!("{most} of {all} areas and industries"));
    let text = if tiers {
        say!(language, sv: format!(" ligger i första gruppen i {reach}."), en: format!(" {verb} in the first tier of {reach}."))
    } else {
        say!(language, sv: format!(" hör till de tre med högst poäng i {reach}."), en: format!(" {verb} among the three with the highest scores in {reach}."))
    };
    let mut opening = Prose::new().strong(capital(&language.list(&leading))).text(text);
    let after: Vec<String> = steps
        .iter()
        .skip(1)
        .take(STEPS - 1)
        .map(|count| {
            let names = language.list(&named(*count));
            say!(language, sv: format!("{names} i {count}"), en: format!("{names} in {count}"))
        })
        .collect();
    if !after.is_empty() {
        let after = after.join("; ");
        opening = opening.text(say!(language, sv: format!(" Därefter kommer {after}."), en: format!(" Next come {after}.")));
    }
    let mut paragraphs = vec![opening];
    if tiers {
        let sizes: Vec<usize> = ranking.iter().map(|view| view.front(KIND).members.len()).collect();
        let (low, high) = (sizes.iter().min().copied().unwrap_or(0), sizes.iter().max().copied().unwrap_or(0));
        let size = if low == high { language.count(low, COUNTY) } else { format!("{low}–{high} {}", COUNTY.many(language)) };
        paragraphs.push(say!(language,
            sv: format!("Den första gruppen har {size}, beroende på område. Inom en grupp kan länen inte skiljas åt: platsen är ett intervall, och vilket av dem som är bäst går inte att säga."),
            en: format!("The first tier has {size}, depending on the area. Within a tier the counties cannot be told apart: the rank is an interval, and which of them is best cannot be said."),
        ).into());
    }
    let moves = if is_empty(builder, "mobility") {
        say!(language, sv: " Uppgifter om flyttar mellan länen ingår inte.", en: " Figures for moves between the counties are not included.")
    } else {
        ""
    };
    paragraphs.push(Prose::new().strong(say!(language, sv: "Det här kan sidan inte svara på:", en: "What the page cannot answer:")).text(say!(language,
        sv: format!(
            " hur många i ett län som vill eller kan flytta.{moves} Rangordningen är inte prövad mot vad som följde. Län och länder rangordnas var för sig, och deras poäng går inte att jämföra."
        ),
        en: format!(
            " how many in a county want to move, or can.{moves} The ranking has not been tested against what followed. Counties and countries are ranked separately, and their scores cannot be compared."
        ),
    )));
    builder.answer(paragraphs);
}

/// Whether a pillar of the counties has no figures.
fn is_empty(builder: &Builder, pillar: &str) -> bool {
    builder.run().analysis.markets.empty_pillars.get(&KIND).is_some_and(|empty| empty.contains(&pillar))
}

/// The section: the first tier of each area, and the map.
pub fn overview(builder: &mut Builder, views: &[View]) -> Result<(), ReportError> {
    let language = builder.language();
    let ranking = ranking(views);
    let Some(any) = ranking.first() else { return Ok(()) };
    builder.heading(say!(language, sv: "Område för område", en: "Area by area"), "omraden");
    let tiers = any.has_tiers(KIND);
    let rows = ranking
        .iter()
        .map(|view| {
            let members = view.front(KIND).members;
            let mut cells = vec![
                Cell::Prose(Prose::new().link(view.name.clone(), format!("{}.html", stem(view.area)))),
                Cell::Text(front_names(view, KIND, usize::MAX)),
                Cell::Number { value: members.len() as f64, decimals: 0 },
            ];
            if tiers {
                let (low, high) = hull(members.iter().filter_map(|row| row.uncertainty.as_ref()).map(|doubt| (doubt.p05, doubt.p95)));
                cells.push(Cell::Text(places(language, low, high)));
            }
            cells.push(Cell::Number { value: view.ranked(KIND).len() as f64, decimals: 0 });
            cells
        })
        .collect();
    let mut columns = vec![
        Column::text(say!(language, sv: "Område eller bransch", en: "Area or industry")),
        Column::text(if tiers {
            say!(language, sv: "Första gruppen", en: "First tier")
        } else {
            say!(language, sv: "Högst poäng", en: "Highest scores")
        }),
        Column::number(say!(language, sv: "Län där", en: "Counties in it"), ""),
    ];
    if tiers {
        columns.push(Column::number(say!(language, sv: "Plats", en: "Rank"), say!(language, sv: "9 av 10 simuleringar", en: "9 simulations in 10")));
    }
    columns.push(Column::number(say!(language, sv: "Län i rangordningen", en: "Counties ranked"), ""));
    let mut origin = origin(any, KIND);
    origin.tables = vec!["markets"];
    let notes = vec![
        say!(language,
            sv: "Områdena överlappar varandra, så de är inte oberoende besked. Platsen är intervallen för gruppens län tillsammans.",
            en: "The areas overlap, so they are not independent findings. The rank spans the intervals of the tier’s counties together.",
        )
        .into(),
    ];
    let title = say!(language, sv: "Vilka län som ligger först i varje område", en: "Which counties come first in each area");
    builder.table(title.to_owned(), Grid { columns, rows }, notes, origin);
    map(builder, views, &ranking)
}

/// The lowest and the highest end of intervals.
fn hull(intervals: impl Iterator<Item = (f64, f64)>) -> (f64, f64) {
    intervals.fold((f64::INFINITY, 0.0), |(low, high), (first, last)| (first.min(low), last.max(high)))
}

/// The map: in how large a share of the areas a county shares the first tier.
fn map(builder: &mut Builder, views: &[View], ranking: &[&View]) -> Result<(), ReportError> {
    let language = builder.language();
    let run = builder.run();
    let Some(view) = ranking.first() else { return Ok(()) };
    let Some(base) = view.base_map(Extent::Sweden) else { return Ok(()) };
    let all = ranking.len();
    let first = first(views);
    let share = |areas: usize| areas as f64 / all as f64 * 100.0;
    let order = language.order();
    let mut rows: Vec<(Market, String, usize)> = run
        .analysis
        .supply
        .counties
        .iter()
        .map(|county| {
            let market = Market::County(*county);
            (market, view.market(market), first.get(&market).map_or(0, Vec::len))
        })
        .collect();
    rows.sort_by(|one, other| other.2.cmp(&one.2).then_with(|| order.compare(&one.1, &other.1)));
    let most = rows.first().map_or(0, |row| row.2);
    let mut areas: Vec<MapArea> = rows
        .iter()
        .map(|(market, name, count)| MapArea {
            code: market.code().to_owned(),
            name: name.clone(),
            shade: Shade::Score(share(*count)),
            first: *count == most,
            named: true,
        })
        .collect();
    areas.push(MapArea { code: run.analysis.county.to_string(), name: county_name(run), shade: Shade::Home, first: false, named: true });
    areas.sort_by_key(|area| (!area.first, area.shade != Shade::Home));
    let bounds = classes(rows.iter().map(|row| share(row.2)));
    let whole = |count: usize| language.whole(i64::try_from(count).unwrap_or(i64::MAX));
    let grid = Grid {
        columns: vec![
            Column::text(say!(language, sv: "Län", en: "County")),
            Column::number(say!(language, sv: "Områden där länet ligger i första gruppen", en: "Areas in whose first tier the county is"), ""),
            Column::number(say!(language, sv: "Andel", en: "Share"), say!(language, sv: "% av områdena", en: "% of the areas")),
            Column::text(say!(language, sv: "Färg på kartan", en: "Colour on the map")),
        ],
        rows: rows
            .iter()
            .map(|(_, name, count)| {
                let class = class(share(*count), &bounds);
                let colour = format!("{}–{}", language.number(bounds[class], 0), language.number(bounds[class + 1], 0));
                vec![
                    Cell::Text(name.clone()),
                    Cell::Number { value: *count as f64, decimals: 0 },
                    Cell::Number { value: share(*count), decimals: 0 },
                    Cell::Text(colour),
                ]
            })
            .collect(),
    };
    let leading: Vec<String> = rows.iter().filter(|row| row.2 == most).map(|row| row.1.clone()).collect();
    let (leading, verb) = (capital(&language.list(&leading)), en::agrees(leading.len(), "is", "are"));
    let title = say!(language,
        sv: format!("{leading} ligger oftast i första gruppen: i {most} av {all} områden"),
        en: format!("{leading} {verb} most often in the first tier: in {most} of {all} areas"),
    );
    let told: Vec<String> = rows.iter().filter(|row| row.2 > 0).map(|row| format!("{} {}", row.1, whole(row.2))).collect();
    let never: Vec<String> = rows.iter().filter(|row| row.2 == 0).map(|row| row.1.clone()).collect();
    let told = language.list(&told);
    let mut alternative = say!(language,
        sv: format!("Karta över Sveriges län. Antal områden av {all} där länet ligger i första gruppen: {told}."),
        en: format!("Map of Sweden’s counties. Number of areas out of {all} in whose first tier the county is: {told}."),
    );
    if !never.is_empty() {
        let never = language.list(&never);
        alternative = say!(language, sv: format!("{alternative} Inget område: {never}."), en: format!("{alternative} No area: {never}."));
    }
    let caption = say!(language,
        sv: "Ju mörkare färg, desto fler områden har länet i sin första grupp. Tjock ram: flest. Kartan visar inte poäng eller avstånd, och ett stort län är inte ett bättre län.",
        en: "The darker the colour, the more areas have the county in their first tier. Thick outline: the most. The map shows neither scores nor distances, and a large county is not a better county.",
    );
    let mut source = sources::line(run, &sources::COUNTIES);
    source = source.text(say!(language, sv: " Gränser: ", en: " Boundaries: "));
    source.0.extend(sources::line(run, &[sources::OUTLINES[1]]).0.into_iter().skip(1));
    let measure = say!(language, sv: "andel av områdena, procent", en: "share of the areas, per cent");
    let origin = Origin { unit: Some(measure.to_owned()), period: Some(run.analysis.demand.period.to_string()), source, tables: vec!["markets"] };
    let text = FigureText { slug: "karta-lan", title, caption: caption.into(), alternative };
    let data = |about| MapData {
        about,
        base,
        areas,
        closed: String::new(),
        first: say!(language, sv: "flest områden", en: "most areas").to_owned(),
        home: say!(language, sv: "det egna länet", en: "the county itself").to_owned(),
        measure: Some(say!(language, sv: "Första gruppen, % av områdena", en: "First tier, % of the areas").to_owned()),
    };
    builder.figure(text, |about| map::svg(&data(about)), FigureData::Own(grid), origin)
}

/// The section: every county of each area in order, with intervals and components.
pub fn areas(builder: &mut Builder, views: &[View]) -> Result<(), ReportError> {
    let language = builder.language();
    let ranking = ranking(views);
    if ranking.is_empty() {
        return Ok(());
    }
    builder.heading(say!(language, sv: "Länen i varje område", en: "The counties of each area"), "lan");
    builder.paragraph(say!(language,
        sv: "Poängen går från 1 till 100 och visar hur länen förhåller sig till varandra i området. Ett län får hög poäng bara om alla delar fungerar.",
        en: "The score runs from 1 to 100 and shows how the counties of the area compare with one another. A county scores high only if all components work.",
    ));
    for view in ranking {
        builder.subheading(&view.name, &format!("lan-{}", view.area.key.replace('_', "-")));
        figure(builder, view, KIND, CHARTED, builder.next_table())?;
        table(builder, view);
    }
    Ok(())
}

fn table(builder: &mut Builder, view: &View) {
    let language = view.language();
    let tiers = view.has_tiers(KIND);
    let pillars = pillar_columns(view, KIND);
    let ranked = view.ranked(KIND);
    let mut columns = place_columns(say!(language, sv: "Län", en: "County"), tiers, language);
    columns.extend(pillars.iter().map(|pillar| Column::number(pillar_names(language)[*pillar], "1–100")));
    let no_basis = say!(language, sv: "underlag saknas för delen", en: "no figures for the component");
    let rows = ranked
        .iter()
        .map(|row| {
            let mut cells = place_cells(view, row, tiers);
            let values = view.pillars(row.market);
            cells.extend(pillars.iter().map(|pillar| Cell::number(values[*pillar], 0, no_basis)));
            cells
        })
        .collect();
    let (count, name) = (ranked.len(), &view.name);
    let title = say!(language, sv: format!("Alla {count} län i ordning för {name}"), en: format!("All {count} counties in order for {name}"));
    builder.table(title, Grid { columns, rows }, not_ranked(view), origin(view, KIND));
}

/// Counties without a place, with the reason.
fn not_ranked(view: &View) -> Vec<Prose> {
    let language = view.language();
    let of = |row: &MarketScore| {
        let (name, reason) = (view.market(row.market), row.reason.as_ref()?.text(language));
        Some(say!(language, sv: format!("{name} rangordnas inte: {reason}."), en: format!("{name} is not ranked: {reason}.")).into())
    };
    view.scores(KIND).filter(|row| !row.ranked).filter_map(of).collect()
}

/// The first tier for an occupation (without tiers: nothing is known).
struct FirstFor<'a> {
    demand: &'a Demand,
    rows: Vec<&'a OccupationPlace>,
    ranked: usize,
}

/// The recruited occupations with their first tier, the greatest need first.
fn by_occupation<'a>(builder: &Builder<'a>) -> Vec<FirstFor<'a>> {
    let analysis = builder.run().analysis;
    let mut places: BTreeMap<Ssyk, Vec<&OccupationPlace>> = BTreeMap::new();
    for row in &analysis.assessed.by_occupation {
        places.entry(row.occupation).or_default().push(row);
    }
    let mut found: Vec<FirstFor> = places
        .into_iter()
        .filter_map(|(occupation, rows)| {
            let ranked = rows.len();
            let rows = rows.into_iter().filter(|row| row.uncertainty.tier == 1).collect();
            Some(FirstFor { demand: analysis.demand.occupations.get(&occupation)?, rows, ranked })
        })
        .collect();
    let weight = |row: &FirstFor| row.demand.need.unwrap_or(0.0) * row.demand.volume;
    found.sort_by(|one, other| weight(other).total_cmp(&weight(one)).then(one.demand.occupation.cmp(&other.demand.occupation)));
    found
}

/// The section: every recruited occupation with the counties of its first tier.
pub fn occupations(builder: &mut Builder) {
    let language = builder.language();
    let run = builder.run();
    builder.heading(say!(language, sv: "Yrke för yrke", en: "Occupation by occupation"), "yrken");
    let found = by_occupation(builder);
    if found.is_empty() {
        builder.paragraph(say!(language,
            sv: "Inget län kan rangordnas för ett yrke i taget i den här körningen.",
            en: "No county can be ranked for one occupation at a time in this run.",
        ));
        return;
    }
    builder.paragraph(say!(language,
        sv: "Samma uppgifter som ovan, men för ett yrke i taget. Yrkena med störst behov och flest som ska ersättas står först. Ett yrke säger mindre säkert än ett helt område: intervallen är bredare.",
        en: "The same figures as above, but for one occupation at a time. The occupations with the greatest need and replacement come first. An occupation tells less surely than a whole area: the intervals are wider.",
    ));
    let employed = |county: County, occupation: Ssyk| {
        let series = run.figures.employed.get(&(county, occupation))?;
        series.at(run.analysis.demand.period)
    };
    let small = run.config.method.gender.small_count;
    let rows = found
        .iter()
        .map(|row| {
            let occupation = row.demand.occupation;
            let names: Vec<String> = row.rows.iter().map(|place| market_name(run, place.market)).collect();
            let (low, high) = hull(row.rows.iter().map(|place| (place.uncertainty.p05, place.uncertainty.p95)));
            let mut persons = Persons::default();
            for place in &row.rows {
                if let Market::County(county) = place.market {
                    persons += employed(county, occupation).unwrap_or_default();
                }
            }
            vec![
                Cell::Text(occupation_name(run, occupation)),
                Cell::Text(language.list_of_first(&names, NAMED)),
                Cell::Text(say!(language, sv: format!("{} av {}", row.rows.len(), row.ranked), en: format!("{} of {}", row.rows.len(), row.ranked))),
                Cell::Text(places(language, low, high)),
                Cell::persons(persons.women, small),
                Cell::persons(persons.men, small),
            ]
        })
        .collect();
    let in_tier = say!(language, sv: "anställda i första gruppen", en: "employees in the first tier");
    let columns = vec![
        Column::text(say!(language, sv: "Yrke", en: "Occupation")),
        Column::text(say!(language, sv: "Första gruppen", en: "First tier")),
        Column::number(say!(language, sv: "Län i gruppen", en: "Counties in the tier"), ""),
        Column::number(say!(language, sv: "Plats", en: "Rank"), say!(language, sv: "9 av 10 simuleringar", en: "9 simulations in 10")),
        Column::number(say!(language, sv: "Kvinnor", en: "Women"), in_tier),
        Column::number(say!(language, sv: "Män", en: "Men"), in_tier),
    ];
    let alone = found.iter().filter(|row| row.rows.len() == 1).count();
    let all = language.count(found.len(), OCCUPATION);
    let title = say!(language,
        sv: format!("För {alone} av {all} ligger ett enda län först"),
        en: format!("For {alone} of {all} a single county comes first"),
    );
    let period = run.analysis.demand.period.to_string();
    let origin =
        Origin { unit: None, period: Some(period), source: sources::line(run, &sources::COUNTIES), tables: vec!["occupation_places", "fit"] };
    let notes = vec![
        say!(language,
            sv: format!("1–{small} betyder en till {small} personer. Alla län med plats, poäng och intervall för varje yrke står i tabellen occupation_places."),
            en: format!("1–{small} means one to {small} persons. Every county with rank, score and interval for each occupation is in the table occupation_places."),
        )
        .into(),
    ];
    builder.table(title, Grid { columns, rows }, notes, origin);
}

/// How many moved to the county over the years that count, from which counties, women and men. `None` where moves have not been fetched.
pub fn moves(builder: &mut Builder) {
    let language = builder.language();
    let run = builder.run();
    let Some((last, moved)) = moves_into(run.figures, run.analysis.county, run.analysis.year) else { return };
    let indicators = run.analysis.markets.indicators.iter().filter(|value| value.indicator == "moves");
    let rates: BTreeMap<Market, f64> = indicators.map(|value| (value.market, value.raw)).collect();
    let mut rows: Vec<(Market, Persons, f64)> = moved
        .into_iter()
        .filter_map(|(county, persons)| {
            let market = Market::County(county);
            Some((market, persons, *rates.get(&market)?))
        })
        .collect();
    rows.sort_by(|one, other| other.2.total_cmp(&one.2).then(one.0.cmp(&other.0)));
    let Some((nearest, _, rate)) = rows.first() else { return };
    let years = format!("{}–{last}", last + 1 - YEARS_OF_MOVES);
    builder.heading(say!(language, sv: "Vilka som har flyttat hit", en: "Who has moved here"), "flyttar");
    let mut all = Persons::default();
    for (_, persons, _) in &rows {
        all += *persons;
    }
    let (county, total) = (county_name(run), language.whole(all.total()));
    let women = language.percent(all.women as f64 / all.total().max(1) as f64);
    builder.paragraph(say!(language,
        sv: format!(
            "Under {years} flyttade människor {total} gånger till {county} från andra län. Kvinnor stod för {women} av flyttarna. Siffrorna gäller alla åldrar och yrken. Hur många som arbetar i ett bristyrke är inte känt."
        ),
        en: format!(
            "In {years} people moved to {county} from other counties {total} times. Women made {women} of the moves. The figures are for all ages and occupations. How many of the movers work in a shortage occupation is not known."
        ),
    ));
    let small = run.config.method.gender.small_count;
    let title = {
        let (name, rate) = (market_name(run, *nearest), language.number(*rate, 1));
        say!(language,
            sv: format!("{name} har flest flyttar hit för sin folkmängd: {rate} per 1 000 invånare"),
            en: format!("{name} has the most moves here for its population: {rate} per 1,000 inhabitants"),
        )
    };
    let grid_rows = rows
        .iter()
        .map(|(market, persons, rate)| {
            vec![
                Cell::Text(market_name(run, *market)),
                Cell::persons(persons.women, small),
                Cell::persons(persons.men, small),
                Cell::Number { value: *rate, decimals: 1 },
            ]
        })
        .collect();
    let moves = say!(language, sv: "flyttar", en: "moves");
    let columns = vec![
        Column::text(say!(language, sv: "Från", en: "From")),
        Column::number(say!(language, sv: "Kvinnor", en: "Women"), moves),
        Column::number(say!(language, sv: "Män", en: "Men"), moves),
        Column::number(say!(language, sv: "Flyttar", en: "Moves"), say!(language, sv: "per 1 000 invånare där", en: "per 1,000 inhabitants there")),
    ];
    let notes = vec![
        say!(language,
            sv: format!("1–{small} betyder en till {small} flyttar. Den som har flyttat flera gånger räknas varje gång."),
            en: format!("1–{small} means one to {small} moves. Someone who has moved several times is counted each time."),
        )
        .into(),
    ];
    let source = sources::line(run, &["scb_moves", "scb_population_counties"]);
    let origin = Origin { unit: None, period: Some(years), source, tables: vec!["indicators"] };
    builder.table(title, Grid { columns, rows: grid_rows }, notes, origin);
}

/// The section: what the page does not know.
pub fn unknown(builder: &mut Builder) {
    let language = builder.language();
    let run = builder.run();
    builder.heading(say!(language, sv: "Vad som inte är känt", en: "What is not known"), "saknas");
    let mut items: Vec<Prose> = Vec::new();
    let empty = run.analysis.markets.empty_pillars.get(&KIND).cloned().unwrap_or_default();
    if !empty.is_empty() {
        let names = language.list(&empty_names(&empty, language));
        items.push(Prose::new().strong(say!(language, sv: "Utan uppgifter.", en: "Without figures.")).text(say!(language,
            sv: format!(" Delen {names} är inte med: metoden vill ha flyttar till länet de senaste fem åren, och de är inte inlästa. De andra delarna väger då tyngre."),
            en: format!(" The component {names} is left out: the method asks for moves to the county over the last five years, and they are not loaded. The other components then weigh more."),
        )));
    }
    let (silent, all) = silent(builder);
    if silent > 0 {
        items.push(Prose::new().strong(say!(language, sv: "Arbetsförmedlingen har inte bedömt allt.", en: "Not everything has been assessed.")).text(say!(language,
            sv: format!(" I {silent} av {all} yrken saknas bedömning för alla andra län. Där avgör antalet i yrket och avståndet ensamma."),
            en: format!(" For {silent} of {all} occupations the Public Employment Service has assessed no other county. There the number in the occupation and the distance decide alone."),
        )));
    }
    items.push(Prose::new().strong(say!(language, sv: "Bedömningen är ingen räkning.", en: "The assessment is no count.")).text(say!(language,
        sv: " Ett överskott säger att det är svårt att få arbete där, inte hur många som söker. Hur många som är arbetslösa i ett visst yrke i ett visst län ingår inte.",
        en: " A surplus says that work is hard to find there, not how many are looking. How many are unemployed in an occupation in a county is not included.",
    )));
    items.push(Prose::new().strong(say!(language, sv: "Livet runt arbetet.", en: "Life around the work.")).text(say!(language,
        sv: " Lön, bostad, en partners arbete och vad människor vill syns inte i siffrorna, och avståndet är fågelvägen mellan länens mitt.",
        en: " Pay, housing, a partner’s work and what people want are not in the figures, and the distance is as the crow flies between the centres of the counties.",
    )));
    items
        .push(Prose::new().strong(say!(language, sv: "Det ena länets vinst är det andras förlust.", en: "One county’s gain is another’s loss.")).text(
        say!(language,
            sv: " Den som flyttar mellan län saknas där. Ett län som självt har brist får låga poäng för tillgänglighet, men är inte stängt.",
            en: " Whoever moves between counties is missed there. A county with a shortage of its own scores low on availability, but is not closed.",
        ),
    ));
    items.push(
        say!(language,
            sv: "Rangordningen av län är inte prövad mot vad som följde; prövningarna gäller länder.",
            en: "The ranking of counties has not been tested against what followed; the tests are of countries.",
        )
        .into(),
    );
    builder.list(items);
}

/// Recruited occupations whose assessment no other county has, and how many there are.
fn silent(builder: &Builder) -> (usize, usize) {
    let analysis = builder.run().analysis;
    let recruited: Vec<Ssyk> = analysis.demand.occupations.values().filter(|row| row.rating.is_recruited()).map(|row| row.occupation).collect();
    let assessed: std::collections::BTreeSet<Ssyk> = analysis
        .markets
        .indicators
        .iter()
        .filter(|value| value.market.kind() == KIND && value.indicator == "assessment")
        .filter_map(|value| value.occupation)
        .collect();
    (recruited.iter().filter(|occupation| !assessed.contains(occupation)).count(), recruited.len())
}

/// The heading of the page, also in the menu.
pub fn heading(language: Language) -> &'static str {
    say!(language, sv: "Län i Sverige", en: "Swedish counties")
}
