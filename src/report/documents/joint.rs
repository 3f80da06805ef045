//! Which shortages the counties share: the start page of a run of every county.

use super::super::builder::{Builder, FigureText};
use super::super::model::{Cell, Column, Document, FigureData, Grid, Origin, Prose};
use super::super::section::shortage::small_base;
use super::super::section::sources;
use super::super::text::{COUNTY, OCCUPATION, capital};
use super::super::view::{area_name, list_name, market_name, occupation_name};
use super::super::{ReportError, RunContext};
use crate::chart::heat_table::{self, HeatCell, HeatRow, HeatTableData};
use crate::chart::plain;
use crate::code::{Country, County, Ssyk};
use crate::config::{LIKELY, POTENTIAL};
use crate::gender::told_share;
use crate::joint::{Joint, Pair, SharedShortage};
use crate::language::say;
use crate::supply::Market;

/// How many occupations the table shows; the rest are in `shared_shortages`.
const SHOWN: usize = 30;
/// How many of the nearest counties are told of.
const NEAREST: usize = 3;
/// How many shared occupations are named of a pair.
const NAMED: usize = 4;
/// How many occupations and countries a sentence names.
const IN_SENTENCE: usize = 3;

/// "Jämtland" of "Jämtlands län", where the name has that form.
fn short(name: &str) -> String {
    let stem = name.strip_suffix(" län").or_else(|| name.strip_suffix(" county")).unwrap_or(name);
    stem.to_owned()
}

fn county_name(run: &RunContext, county: County) -> String {
    market_name(run, Market::County(county))
}

/// Names of occupations inside a sentence.
fn occupations(run: &RunContext, codes: &[Ssyk], most: usize) -> String {
    let names: Vec<String> = codes.iter().map(|code| run.language.small(&occupation_name(run, *code))).collect();
    run.language.list_of_first(&names, most)
}

/// The document. `run` is that of any of the counties: figures, method and language are the same for all.
///
/// # Errors
/// The chart refuses its numbers.
pub fn joint(run: &RunContext, joint: &Joint, folder: impl Fn(County) -> String) -> Result<Document, ReportError> {
    let language = run.language;
    let mut builder = Builder::new(run, "index".to_owned());
    builder.answer(answer(run, joint));
    counties(&mut builder, joint, &folder);
    shared(&mut builder, joint);
    likeness(&mut builder, joint)?;
    neighbours(&mut builder, joint);
    tiers(&mut builder, joint);
    builder.heading(say!(language, sv: "Vad sidan inte kan svara på", en: "What this page cannot answer"), "svarar-inte");
    builder.list(
        say!(language,
            sv: [
                "Om länen vill, får och hinner rekrytera tillsammans: sidan räknar bara vilka yrken som båda har brist på.",
                "Var i länen arbetsplatserna ligger. Avståndet är det mellan länens mittpunkter, fågelvägen.",
                "Om länen konkurrerar om samma personer i stället för att hjälpas åt. Ett yrke som nästan alla län har brist på finns det få att hämta inom landet.",
            ],
            en: [
                "Whether the counties want to, may and have time to recruit together: the page only counts the occupations that both are short of.",
                "Where in the counties the workplaces are. The distance is that between the counties’ centre points, as the crow flies.",
                "Whether the counties compete for the same people instead of helping each other. Of an occupation that nearly all counties are short of there are few to be found within the country.",
            ],
        )
        .map(Prose::from)
        .into(),
    );
    builder.heading(sources::heading(language), "kallor");
    builder.paragraph(sources::line(run, &sources::DEMAND));
    let (date, status, version, year) = (language.date(&run.date), plain(&run.data_status), plain(run.version), run.analysis.year);
    let lead = Prose::from(say!(language,
        sv: format!("Siffror: {status}, hämtade senast {date}. Program: malmarknad {version}."),
        en: format!("Data: {status}, retrieved by {date}. Program: malmarknad {version}."),
    ));
    let heading = say!(language, sv: format!("Vilka brister delar länen? {year}"), en: format!("Which shortages do the counties share? {year}"));
    Ok(builder.finish(heading.clone(), heading, lead, true))
}

/// The pair that is most alike, each pair once.
fn most_alike(joint: &Joint) -> Option<&Pair> {
    let each = joint.pairs.iter().filter(|pair| pair.county < pair.other && pair.likeness.is_some());
    each.reduce(|best, other| if other.likeness > best.likeness { other } else { best })
}

fn answer(run: &RunContext, joint: &Joint) -> Vec<Prose> {
    let language = run.language;
    let all = joint.counties.len();
    // More than half.
    let many = all / 2 + 1;
    let common: Vec<Ssyk> = joint.occupations.iter().filter(|row| row.counties.len() >= many).map(|row| row.occupation).collect();
    let mut paragraphs = Vec::new();
    if common.is_empty() {
        paragraphs.push(Prose::from(say!(language,
            sv: format!("Inget yrke är det brist på i fler än hälften av de {all} länen."),
            en: format!("No occupation is in short supply in more than half of the {all} counties."),
        )));
    } else {
        let (count, names) = (language.count(common.len(), OCCUPATION), occupations(run, &common, IN_SENTENCE));
        paragraphs.push(
            Prose::new()
                .strong(say!(language,
                    sv: format!("{} är det brist på i minst {many} av {all} län.", capital(&count)),
                    en: format!("{} are in short supply in at least {many} of {all} counties.", capital(&count)),
                ))
                .text(say!(language,
                    sv: format!(" Flest län saknar {names}. Där finns mest att vinna på att söka folk tillsammans utomlands, och minst att hämta hos varandra."),
                    en: format!(" Most counties are short of {names}. There the most is to be gained by looking for people together abroad, and the least to be found in each other’s counties."),
                )),
        );
    }
    if let Some(pair) = most_alike(joint) {
        let (one, other) = (county_name(run, pair.county), county_name(run, pair.other));
        let count = language.count(pair.shared.len(), OCCUPATION);
        paragraphs.push(Prose::from(say!(language,
            sv: format!("Mest lika brist har {one} och {other}: {count} är det brist på i båda."),
            en: format!("The shortages of {one} and {other} are the most alike: {count} are in short supply in both."),
        )));
    }
    paragraphs
}

fn shortage_origin(run: &RunContext, tables: Vec<&'static str>) -> Origin {
    let demand = &run.analysis.demand;
    let employed = say!(run.language, sv: format!("anställda {}", demand.period), en: format!("employees {}", demand.period));
    Origin { unit: None, period: Some(employed), source: sources::line(run, &sources::DEMAND), tables }
}

fn counties(builder: &mut Builder, joint: &Joint, folder: impl Fn(County) -> String) {
    let (run, language) = (builder.run(), builder.language());
    builder.heading(say!(language, sv: "Länens rapporter", en: "The counties’ reports"), "lan");
    let columns = vec![
        Column::text(say!(language, sv: "Län", en: "County")),
        Column::number(say!(language, sv: "Yrken med brist", en: "Occupations in short supply"), ""),
        Column::text(say!(language, sv: "Delar flest med", en: "Shares most with")),
        Column::number(say!(language, sv: "Gemensamma", en: "Shared"), say!(language, sv: "yrken", en: "occupations")),
    ];
    let rows = joint.counties.iter().map(|county| {
        let pairs = joint.pairs.iter().filter(|pair| pair.county == county.county);
        let most =
            pairs.reduce(|best, other| if other.shared.len() > best.shared.len() { other } else { best }).filter(|pair| !pair.shared.is_empty());
        let nothing = say!(language, sv: "länet har ingen brist gemensam med något annat", en: "the county shares no shortage with any other");
        vec![
            Cell::Prose(Prose::new().link(county_name(run, county.county), folder(county.county))),
            Cell::Count(i64::try_from(county.shortages.len()).unwrap_or(i64::MAX)),
            most.map_or(Cell::Missing { reason: nothing }, |pair| Cell::Text(county_name(run, pair.other))),
            most.map_or(Cell::Missing { reason: nothing }, |pair| Cell::Count(i64::try_from(pair.shared.len()).unwrap_or(i64::MAX))),
        ]
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    let counts: Vec<usize> = joint.counties.iter().map(|county| county.shortages.len()).collect();
    let (least, most) = (counts.iter().min().copied().unwrap_or(0), counts.iter().max().copied().unwrap_or(0));
    let title = say!(language,
        sv: format!("Länen har brist på mellan {least} och {most} yrken var"),
        en: format!("The counties are short of between {least} and {most} occupations each"),
    );
    builder.table(title, Grid { columns, rows }, Vec::new(), shortage_origin(run, vec!["county_pairs"]));
}

fn shared(builder: &mut Builder, joint: &Joint) {
    let (run, language) = (builder.run(), builder.language());
    let shown: Vec<&SharedShortage> = joint.occupations.iter().take(SHOWN).collect();
    let Some(first) = shown.first() else { return };
    builder.heading(say!(language, sv: "Vilka yrken saknas i flest län?", en: "Which occupations are most counties short of?"), "yrken");
    let title = say!(language,
        sv: format!("{} är det brist på i {}", occupation_name(run, first.occupation), language.count(first.counties.len(), COUNTY)),
        en: format!("{} are in short supply in {}", occupation_name(run, first.occupation), language.count(first.counties.len(), COUNTY)),
    );
    let employed = say!(language, sv: "anställda i de länen", en: "employees in those counties");
    let columns = vec![
        Column::text(say!(language, sv: "Yrke", en: "Occupation")),
        Column::text(say!(language, sv: "SSYK-kod", en: "SSYK code")),
        Column::number(say!(language, sv: "Län med brist", en: "Counties short of it"), ""),
        Column::number(say!(language, sv: "Ersätts", en: "To replace"), say!(language, sv: "personer per år", en: "persons a year")),
        Column::number(say!(language, sv: "Kvinnor", en: "Women"), employed),
        Column::number(say!(language, sv: "Män", en: "Men"), employed),
        Column::number(say!(language, sv: "Andel kvinnor", en: "Share of women"), "%"),
    ];
    let method = &run.config.method.gender;
    let rows = shown.iter().map(|row| {
        let share = told_share(row.employed, method).map(|share| share * 100.0);
        vec![
            Cell::Text(occupation_name(run, row.occupation)),
            Cell::Text(row.occupation.to_string()),
            Cell::Count(i64::try_from(row.counties.len()).unwrap_or(i64::MAX)),
            Cell::rounded(row.volume),
            Cell::persons(row.employed.women, method.small_count),
            Cell::persons(row.employed.men, method.small_count),
            Cell::number(share, 0, small_base(language)),
        ]
    });
    let rows = rows.collect();
    let rest = joint.occupations.len().saturating_sub(shown.len());
    let mut notes = vec![Prose::from(say!(language,
        sv: "Ersätts: så många anställda som i snitt når pensionsåldern varje år i de län som har brist.",
        en: "To replace: how many employees reach retirement age in an average year in the counties that are short of them.",
    ))];
    if rest > 0 {
        let count = language.count(rest, OCCUPATION);
        notes.push(Prose::from(say!(language,
            sv: format!("Ytterligare {count} med brist i något län finns i tabellfilen."),
            en: format!("Another {count} that some county is short of are in the table file."),
        )));
    }
    builder.table(title, Grid { columns, rows }, notes, shortage_origin(run, vec!["shared_shortages"]));
}

fn likeness(builder: &mut Builder, joint: &Joint) -> Result<(), ReportError> {
    let (run, language) = (builder.run(), builder.language());
    let Some(alike) = most_alike(joint) else { return Ok(()) };
    builder.heading(say!(language, sv: "Vilka län liknar varandra?", en: "Which counties are alike?"), "likhet");
    let names: Vec<String> = joint.counties.iter().map(|county| short(&county_name(run, county.county))).collect();
    let pair = |one: County, other: County| joint.pairs.iter().find(|pair| pair.county == one && pair.other == other);
    let percent = |one: County, other: County| pair(one, other).and_then(|pair| pair.likeness).map(|likeness| likeness * 100.0);
    let rows = joint.counties.iter().zip(&names).map(|(one, name)| {
        let cells = joint.counties.iter().map(|other| percent(one.county, other.county).map_or(HeatCell::Missing, HeatCell::Fit));
        HeatRow { name: name.clone(), cells: cells.collect() }
    });
    let rows: Vec<HeatRow> = rows.collect();
    let reason = say!(language, sv: "länet jämförs inte med sig självt", en: "a county is not compared with itself");
    let grid = Grid {
        columns: std::iter::once(Column::text(say!(language, sv: "Län", en: "County")))
            .chain(names.iter().map(|name| Column::number(name.clone(), "%")))
            .collect(),
        rows: joint
            .counties
            .iter()
            .zip(&names)
            .map(|(one, name)| {
                let cells = joint.counties.iter().map(|other| Cell::number(percent(one.county, other.county), 0, reason));
                std::iter::once(Cell::Text(name.clone())).chain(cells).collect()
            })
            .collect(),
    };
    let (one, other) = (short(&county_name(run, alike.county)), short(&county_name(run, alike.other)));
    let value = language.number(alike.likeness.unwrap_or(0.0) * 100.0, 0);
    let least = joint.pairs.iter().filter(|pair| pair.county < pair.other && pair.likeness.is_some());
    let least = least.reduce(|best, other| if other.likeness < best.likeness { other } else { best }).unwrap_or(alike);
    let (far, away) = (short(&county_name(run, least.county)), short(&county_name(run, least.other)));
    let lowest = language.number(least.likeness.unwrap_or(0.0) * 100.0, 0);
    let text = FigureText {
        slug: "likhet",
        title: say!(language,
            sv: format!("{one} och {other} har mest lika brist"),
            en: format!("The shortages of {one} and {other} are the most alike"),
        ),
        caption: Prose::from(say!(language,
            sv: "Varje ruta: yrken som båda länen har brist på, i procent av de yrken som något av dem har brist på. Streckad ruta: länet självt.",
            en: "Each cell: occupations that both counties are short of, in per cent of those that either is short of. Hatched: the county itself.",
        )),
        alternative: say!(language,
            sv: format!("Rutnät, län mot län. Mest lika: {one} och {other}, {value} procent av bristyrkena gemensamma. Minst lika: {far} och {away}, {lowest} procent."),
            en: format!("A grid, county by county. Most alike: {one} and {other}, {value} per cent of their shortages in common. Least alike: {far} and {away}, {lowest} per cent."),
        ),
    };
    let measure = Some(say!(language, sv: "Gemensam brist (procent)", en: "Shortages in common (per cent)").to_owned());
    let origin = shortage_origin(run, vec!["county_pairs"]);
    builder.figure(text, |about| heat_table::svg(&HeatTableData { about, measure, columns: names, rows }), FigureData::Own(grid), origin)
}

fn neighbours(builder: &mut Builder, joint: &Joint) {
    let (run, language) = (builder.run(), builder.language());
    builder.heading(say!(language, sv: "Vad delar länet med de närmaste?", en: "What does a county share with the nearest?"), "grannar");
    let columns = vec![
        Column::text(say!(language, sv: "Län", en: "County")),
        Column::text(say!(language, sv: "Med", en: "With")),
        Column::number(say!(language, sv: "Avstånd", en: "Distance"), "km"),
        Column::number(say!(language, sv: "Gemensamma", en: "Shared"), say!(language, sv: "yrken", en: "occupations")),
        Column::number(say!(language, sv: "Av länets brist", en: "Of the county’s shortages"), "%"),
        Column::text(say!(language, sv: "Störst tillsammans", en: "Largest together")),
    ];
    let mut rows = Vec::new();
    for county in &joint.counties {
        for pair in joint.nearest(county.county).into_iter().take(NEAREST) {
            let names: Vec<String> = pair.shared.iter().take(NAMED).map(|code| language.small(&occupation_name(run, *code))).collect();
            rows.push(vec![
                Cell::Text(county_name(run, pair.county)),
                Cell::Text(county_name(run, pair.other)),
                Cell::Number { value: pair.distance, decimals: 0 },
                Cell::Count(i64::try_from(pair.shared.len()).unwrap_or(i64::MAX)),
                Cell::number(
                    pair.share().map(|share| share * 100.0),
                    0,
                    say!(language, sv: "länet har ingen brist", en: "the county is short of nothing"),
                ),
                if names.is_empty() { Cell::Empty } else { Cell::Text(capital(&names.join("; "))) },
            ]);
        }
    }
    // Among the nearest alone, each pair once.
    let near = joint.counties.iter().flat_map(|county| joint.nearest(county.county).into_iter().take(NEAREST));
    let best = near.reduce(|best, other| if other.shared.len() > best.shared.len() { other } else { best });
    let Some(best) = best else { return };
    let (one, other, count) = (county_name(run, best.county), county_name(run, best.other), language.count(best.shared.len(), OCCUPATION));
    let title = say!(language,
        sv: format!("Av län som ligger nära varandra delar {one} och {other} mest: {count}"),
        en: format!("Of counties close to each other, {one} and {other} share the most: {count}"),
    );
    let note = Prose::from(say!(language,
        sv: format!("De {NEAREST} närmaste länen, räknat mellan länens mittpunkter. Störst tillsammans: de gemensamma yrken där flest når pensionsåldern i de båda länen."),
        en: format!("The {NEAREST} nearest counties, between the counties’ centre points. Largest together: the shared occupations in which most people reach retirement age in the two counties."),
    ));
    builder.table(title, Grid { columns, rows }, vec![note], shortage_origin(run, vec!["county_pairs", "shared_shortages"]));
}

/// In how many counties each country is in the first tier of an area, the most first.
fn first_of(run: &RunContext, joint: &Joint, list: &'static str, area: &str) -> Vec<(Country, usize)> {
    let mut found: Vec<(Country, usize)> = Vec::new();
    for country in joint.counties.iter().flat_map(|county| county.first.get(&(list, area.to_owned())).into_iter().flatten()) {
        match found.iter_mut().find(|(known, _)| known == country) {
            Some((_, count)) => *count += 1,
            None => found.push((*country, 1)),
        }
    }
    let order = run.language.order();
    let name = |country: Country| market_name(run, Market::Country(country));
    found.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| order.compare(&name(one.0), &name(other.0))));
    found
}

fn tiers(builder: &mut Builder, joint: &Joint) {
    let (run, language) = (builder.run(), builder.language());
    let mut rows = Vec::new();
    let mut widest: Option<(String, Country, usize)> = None;
    for area in &run.config.areas {
        let name = area_name(area, language);
        let [likely, untested] = [LIKELY, POTENTIAL].map(|list| first_of(run, joint, list, &area.key));
        if likely.is_empty() && untested.is_empty() {
            continue;
        }
        if let Some((country, count)) = likely.first().filter(|(_, count)| widest.as_ref().is_none_or(|(_, _, most)| count > most)) {
            widest = Some((name.clone(), *country, *count));
        }
        let told = |found: &[(Country, usize)]| {
            let names = found.iter().map(|(country, count)| format!("{} {count}", market_name(run, Market::Country(*country))));
            Cell::Text(names.collect::<Vec<_>>().join(", "))
        };
        rows.push(vec![Cell::Text(name), told(&likely), told(&untested)]);
    }
    let Some((area, country, count)) = widest else { return };
    builder.heading(say!(language, sv: "Vilka länder ligger först i flest län?", en: "Which countries come first in most counties?"), "lander");
    let head = |list: &str| {
        say!(language,
            sv: format!("Första gruppen på {}, antal län", list_name(list, language)),
            en: format!("First tier of {}, number of counties", list_name(list, language)),
        )
    };
    let columns = vec![Column::text(say!(language, sv: "Område", en: "Area")), Column::text(head(LIKELY)), Column::text(head(POTENTIAL))];
    let (country, all) = (language.country_in_prose(&market_name(run, Market::Country(country))), joint.counties.len());
    let title = say!(language,
        sv: format!("I {area} ligger {country} i första gruppen i {count} av {all} län"),
        en: format!("In {area} {country} is in the first tier in {count} of {all} counties"),
    );
    let notes = vec![Prose::from(say!(language,
        sv: "Inom en grupp kan länderna inte skiljas åt. Ordningen skiljer sig lite mellan länen, eftersom bara löner, vilka yrken som saknas och hur många som bor där redan är länets egna uppgifter.",
        en: "Within a tier the countries cannot be told apart. The order differs little between the counties, as only pay, which occupations are short and how many already live there are the county’s own figures.",
    ))];
    let origin = Origin { unit: None, period: None, source: sources::line(run, &[]), tables: vec!["first_tiers"] };
    builder.table(title, Grid { columns, rows }, notes, origin);
}
