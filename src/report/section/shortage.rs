//! Which occupations are short: the table, and need against volume as a map.

use super::super::ReportError;
use super::super::builder::{Builder, FigureText};
use super::super::model::{Cell, Column, FigureData, Grid, Origin, Prose};
use super::super::text::{OCCUPATION, capital};
use super::super::view::View;
use super::evidence::told;
use super::sources;
use crate::chart::shortage_map::{self, MappedOccupation, ShortageMapData};
use crate::demand::{Demand, INDICATORS, Indicator, Rating, exact};
use crate::gender::told_share;
use crate::language::{Language, say};
use crate::supply::share_women;
use crate::tables::driver_words;

/// Points of an indicator from which it speaks for a shortage.
const SPEAKS_FOR_SHORTAGE: f64 = 1.5;
/// Why a share is not shown.
pub fn small_base(language: Language) -> &'static str {
    say!(language, sv: "för få anställda, eller för få av ena könet, för en andel", en: "too few employees, or too few of one sex, for a share")
}

/// How many occupations there are of each kind, in a sentence.
pub fn summary(view: &View) -> String {
    let language = view.language();
    let rows: Vec<&Demand> = view.in_register().collect();
    let count = |rating: Rating| rows.iter().filter(|row| row.rating == rating).count();
    let (shortage, watch) = (count(Rating::Shortage), count(Rating::Watch));
    let (none, unknown) = (count(Rating::NoShortage), count(Rating::NotAssessed));
    let unit = if view.area.kind == crate::config::AreaKind::Industry {
        say!(language, sv: "Branschen", en: "The industry")
    } else {
        say!(language, sv: "Området", en: "The area")
    };
    // The register also has occupations that nobody in the county works in.
    let staffed = rows.iter().filter(|row| row.employed.total() > 0).count();
    let all = language.count(rows.len(), OCCUPATION);
    let all = if staffed == rows.len() {
        say!(language, sv: format!("{all} med anställda i länet"), en: format!("{all} with employees in the county"))
    } else {
        let of = language.count_alone(staffed);
        say!(language, sv: format!("{all}, {of} av dem med anställda i länet"), en: format!("{all}, {of} of them with employees in the county"))
    };
    let [watch, none, unknown] = [watch, none, unknown].map(|count| language.count_alone(count));
    say!(language,
        sv: {
            let shortage = capital(&language.count(shortage, OCCUPATION));
            format!(
                "{unit} har {all}. {shortage} bedöms ha brist, {watch} behöver bevakas, {none} har ingen brist och {unknown} kan inte bedömas."
            )
        },
        en: {
            let shortage = language.count_alone(shortage);
            format!(
                "{unit} has {all}: {shortage} with a shortage, {watch} under watch, {none} without a shortage and {unknown} that cannot be assessed."
            )
        },
    )
}

/// What speaks for a shortage, in words.
fn drivers(row: &Demand, language: Language) -> String {
    let words: Vec<&str> = row
        .drivers
        .iter()
        .filter(|driver| {
            let position = INDICATORS.iter().position(|indicator| indicator == *driver);
            position.and_then(|position| row.indicator_points[position]).is_some_and(|points| points > SPEAKS_FOR_SHORTAGE)
        })
        .map(|driver| match driver {
            Indicator::Vacancies => say!(language, sv: "många annonser per anställd", en: "many job adverts per employee"),
            Indicator::Replacement => say!(language, sv: "stor andel 55 år eller äldre", en: "large share aged 55 or over"),
            Indicator::Growth => say!(language, sv: "yrket växer i riket", en: "the occupation is growing in Sweden"),
            Indicator::Recruitment => say!(language, sv: driver_words(*driver), en: "Public Employment Service assessment"),
            Indicator::Outlook => say!(language, sv: driver_words(*driver), en: "Public Employment Service forecast"),
        })
        .collect();
    capital(&words.join("; "))
}

/// Name of an occupation, marked where it works in many industries.
fn name(view: &View, row: &Demand) -> Cell {
    let name = view.occupation(row.occupation);
    let shared = say!(view.language(), sv: "delat", en: "shared");
    Cell::Text(if view.is_shared(row.occupation) { format!("{name} ({shared})") } else { name })
}

/// A rating in words.
pub fn rating_words(rating: Rating, language: Language) -> &'static str {
    let english = match rating {
        Rating::Shortage => "shortage",
        Rating::Watch => "watch",
        Rating::NoShortage => "no shortage",
        Rating::NotAssessed => "cannot be assessed",
    };
    say!(language, sv: rating.as_str(), en: english)
}

/// The rating, marked where Arbetsförmedlingen is silent or employers have spoken.
pub fn rating(row: &Demand, language: Language) -> Cell {
    let mark = match (&row.evidence, row.without_assessment && row.rating == Rating::Watch) {
        (Some(_), _) => "**",
        (None, true) => "*",
        _ => "",
    };
    Cell::Text(format!("{}{mark}", capital(rating_words(row.rating, language))))
}

fn people(view: &View, row: &Demand) -> [Cell; 3] {
    let method = &view.run.config.method.gender;
    let share = told_share(row.employed, method).map(|share| share * 100.0);
    [
        Cell::persons(row.employed.women, method.small_count),
        Cell::persons(row.employed.men, method.small_count),
        Cell::number(share, 0, small_base(view.language())),
    ]
}

pub fn notes(view: &View, rows: &[&Demand]) -> Vec<Prose> {
    let language = view.language();
    let mut notes: Vec<Prose> = Vec::new();
    if rows.iter().any(|row| view.is_shared(row.occupation)) {
        notes.push(
            say!(language,
                sv: "Delat: yrket finns i många branscher och väger därför hälften.",
                en: "Shared: the occupation is found in many industries and therefore carries half the weight.",
            )
            .into(),
        );
    }
    if rows.iter().any(|row| row.evidence.is_none() && row.without_assessment && row.rating == Rating::Watch) {
        notes.push(
            say!(language,
                sv: "* Arbetsförmedlingen har inte bedömt yrket. Bedömningen vilar på annonser, åldrar och tillväxt.",
                en: "* The Public Employment Service has not assessed the occupation. The rating rests on job advertisements, ages and growth.",
            )
            .into(),
        );
    }
    for row in rows {
        if let Some(found) = &row.evidence {
            let mut note = Prose::from("** ");
            note.0.extend(told(view.run, row, found).0);
            notes.push(note);
        }
    }
    let small = view.run.config.method.gender.small_count;
    if rows.iter().any(|row| [row.employed.women, row.employed.men].iter().any(|count| (1..=small).contains(count))) {
        notes.push(
            say!(language,
                sv: format!("1–{small} betyder en till {small} personer; så små antal skrivs inte ut här."),
                en: {
                    let most = language.count_alone(usize::try_from(small).unwrap_or(0));
                    format!("1–{small} means one to {most} persons; counts that small are not printed here.")
                },
            )
            .into(),
        );
    }
    notes
}

pub fn origin(view: &View) -> Origin {
    let demand = &view.run.analysis.demand;
    let language = view.language();
    let word = |swedish: &'static str, english: &'static str| language.pick(swedish, english);
    let employed = Some(format!("{} {}", word("anställda", "employees"), demand.period));
    let ads = demand.ads_period.map(|ads| format!("{} {ads}", word("annonser", "job advertisements")));
    let ages = demand.age_period.map(|age| format!("{} {age} ({})", word("åldrar", "ages"), word("riket", "Sweden")));
    let period = [employed, ads, ages].into_iter().flatten().collect::<Vec<_>>().join(", ");
    Origin { unit: None, period: Some(period), source: sources::line(view.run, &sources::DEMAND), tables: vec!["demand", "area_occupations"] }
}

fn title(view: &View, rows: &[&Demand]) -> String {
    let language = view.language();
    let heaviest: Vec<String> = rows.iter().take(2).map(|row| view.occupation_in_prose(row.occupation)).collect();
    let many = heaviest.len() > 1;
    let heaviest = capital(&language.list(&heaviest));
    say!(language,
        sv: format!("{heaviest} {} i länets behov", if many { "är de yrken som väger tyngst" } else { "är det yrke som väger tyngst" }),
        en: format!("{heaviest} carry the most weight in the county’s need"),
    )
}

/// The section of an area: text, table and map.
pub fn whole(builder: &mut Builder, view: &View) -> Result<(), ReportError> {
    let language = view.language();
    let calculated = say!(language, sv: "Så är det räknat", en: "How it is calculated");
    builder.heading(say!(language, sv: "Vilka yrken är det brist på?", en: "Which occupations are in short supply?"), "yrken");
    builder.paragraph(summary(view));
    builder.paragraph(
        Prose::new()
            .text(say!(language,
                sv: "Bedömningen väger ihop Arbetsförmedlingens bedömning och prognos, annonser, ålder och tillväxt (se ",
                en: "The rating combines the Public Employment Service’s assessment and forecast, job advertisements, ages and growth (see ",
            ))
            .link(calculated, "#metod")
            .text(say!(language,
                sv: "). Vilka yrken som hör till området är projektets eget antagande: ingen offentlig källa delar in områdena i yrken.",
                en: "). Which occupations belong to the area is the project’s own assumption: no public source divides the areas into occupations.",
            )),
    );
    let rows = view.recruited();
    if rows.is_empty() {
        return Ok(());
    }
    let table = builder.next_table();
    let columns = vec![
        Column::text(say!(language, sv: "Yrke", en: "Occupation")),
        Column::text(say!(language, sv: "SSYK-kod", en: "SSYK code")),
        Column::text(say!(language, sv: "Bedömning", en: "Rating")),
        Column::number(say!(language, sv: "Behov", en: "Need"), "0–100"),
        replaced(language),
        women(language),
        men(language),
        share_of_women(language),
        Column::text(say!(language, sv: "Talar för brist", en: "Points to shortage")),
    ];
    let cells = rows
        .iter()
        .map(|row| {
            let [women, men, share] = people(view, row);
            vec![
                name(view, row),
                Cell::Text(row.occupation.to_string()),
                rating(row, language),
                Cell::number(row.need, 0, say!(language, sv: "behovet kan inte räknas ut", en: "the need cannot be calculated")),
                Cell::rounded(row.volume),
                women,
                men,
                share,
                Cell::Text(drivers(row, language)),
            ]
        })
        .collect();
    let mut notes = notes(view, &rows);
    notes.insert(
        0,
        say!(language,
            sv: "Behov: hur starkt uppgifterna talar för brist. Ersätts: så många anställda som i snitt når pensionsåldern varje år. Ordningen följer behov gånger antal som ersätts, med \
                 hälften för delade yrken; den produkten är yrkets vikt när länderna rangordnas.",
            en: "Need: how strongly the figures point to a shortage. To replace: how many employees reach retirement age in an average year. The order follows need times number to replace, halved \
                 for shared occupations; that product is the occupation’s weight when the countries are ranked.",
        )
        .into(),
    );
    builder.table(title(view, &rows), Grid { columns, rows: cells }, notes, origin(view));
    map(builder, view, &rows, table)
}

fn replaced(language: Language) -> Column {
    Column::number(say!(language, sv: "Ersätts", en: "To replace"), say!(language, sv: "personer per år", en: "persons a year"))
}

fn women(language: Language) -> Column {
    Column::number(say!(language, sv: "Kvinnor", en: "Women"), say!(language, sv: "anställda", en: "employees"))
}

fn men(language: Language) -> Column {
    Column::number(say!(language, sv: "Män", en: "Men"), say!(language, sv: "anställda", en: "employees"))
}

fn share_of_women(language: Language) -> Column {
    Column::number(say!(language, sv: "Andel kvinnor", en: "Share of women"), "%")
}

pub fn map(builder: &mut Builder, view: &View, rows: &[&Demand], table: usize) -> Result<(), ReportError> {
    let language = view.language();
    let most = |key: fn(&Demand) -> f64| {
        rows.iter().copied().max_by(|first, second| key(first).total_cmp(&key(second)).then(second.occupation.cmp(&first.occupation)))
    };
    let (Some(needed), Some(largest)) = (most(|row| row.need.unwrap_or(0.0)), most(|row| row.volume)) else { return Ok(()) };
    let name = |row: &Demand| view.occupation_in_prose(row.occupation);
    let title = if needed.occupation == largest.occupation {
        let name = capital(&name(needed));
        say!(language,
            sv: format!("{name} har både starkast tecken på brist och flest som ska ersättas"),
            en: format!("{name} show both the strongest signs of shortage and the most people to replace"),
        )
    } else {
        let (needed, largest) = (name(needed), name(largest));
        say!(language,
            sv: format!("Starkast är tecknen på brist för {needed}; flest ska ersättas bland {largest}"),
            en: format!("Signs of shortage are strongest for {needed}; most people are to be replaced among {largest}"),
        )
    };
    let describe = |row: &Demand| {
        let volume = if row.volume < 0.5 {
            say!(language, sv: "mindre än en person", en: "less than one person").to_owned()
        } else if row.volume < 1.5 {
            say!(language, sv: "en person", en: "one person").to_owned()
        } else {
            format!("{} {}", language.number(row.volume, 0), say!(language, sv: "personer", en: "persons"))
        };
        let (name, need) = (view.occupation(row.occupation), language.number(row.need.unwrap_or(0.0), 0));
        say!(language, sv: format!("{name}: behov {need} av 100, {volume} per år"), en: format!("{name}: need {need} out of 100, {volume} a year"))
    };
    let shortage = rows.iter().filter(|row| row.rating == Rating::Shortage).count();
    // The finding first, then the heaviest of the rest.
    let rest = rows.iter().filter(|row| row.occupation != needed.occupation && row.occupation != largest.occupation);
    let mut named: Vec<String> = vec![describe(needed)];
    named.extend((largest.occupation != needed.occupation).then(|| describe(largest)));
    named.extend(rest.take(4).map(|row| describe(row)));
    let (all, short, named) = (language.count(rows.len(), OCCUPATION), language.count_alone(shortage), named.join("; "));
    let alternative = say!(language,
        sv: format!(
            "Punktdiagram med {all}; {short} av dem bedöms ha brist. Behovet står på den lodräta axeln, antalet som ersätts per år på den vågräta. Starkast tecken, flest att ersätta och sedan de som väger tyngst: {named}."
        ),
        en: format!(
            "Scatter plot of {all}; {short} of them rated as shortage. Need is on the vertical axis, the number to replace a year on the horizontal. Strongest signs, most to replace, then those that weigh most: {named}."
        ),
    );
    let occupations = rows
        .iter()
        .map(|row| MappedOccupation {
            name: view.occupation(row.occupation),
            need: row.need,
            volume: Some(row.volume),
            employed: Some(exact(row.employed.total())),
            rating: if row.rating == Rating::Shortage { shortage_map::Rating::Shortage } else { shortage_map::Rating::Watched },
        })
        .collect();
    let caption = say!(language,
        sv: "Högt upp: starka tecken på brist. Långt till höger: många som ska ersättas varje år. Punktens yta följer antalet anställda.",
        en: "High up: strong signs of shortage. Far to the right: many to replace every year. The area of the dot follows the number of employees.",
    )
    .into();
    let text = FigureText { slug: "bristkarta", title, caption, alternative };
    let mut origin = origin(view);
    let unit = say!(language, sv: "poäng 0–100 (behov) och personer per år", en: "points 0–100 (need) and persons a year");
    origin.unit = Some(unit.to_owned());
    builder.figure(
        text,
        |about| shortage_map::svg(&ShortageMapData { about, occupations, ..ShortageMapData::default() }),
        FigureData::Table(table),
        origin,
    )
}

/// The heaviest occupations with their women and men, for a sheet of two pages.
pub fn sheet(builder: &mut Builder, view: &View, most: usize) {
    let rows = view.recruited();
    let language = view.language();
    builder.heading(say!(language, sv: "Vilka yrken?", en: "Which occupations?"), "yrken");
    builder.paragraph(summary(view));
    if rows.is_empty() {
        return;
    }
    let title = title(view, &rows);
    let total = rows.len();
    let rows = &rows[..total.min(most)];
    let least = view.run.config.method.gender.least_base;
    let abroad = super::people::abroad_shares(view);
    let no_sex_abroad = say!(language, sv: "inget av länderna redovisar kvinnor och män", en: "none of the countries reports women and men");
    let of_women = say!(language, sv: "% kvinnor", en: "% women");
    let columns = vec![
        Column::text(say!(language, sv: "Yrke", en: "Occupation")),
        Column::text(say!(language, sv: "Bedömning", en: "Rating")),
        replaced(language),
        women(language),
        men(language),
        Column::number(say!(language, sv: "Länet", en: "County"), of_women),
        Column::number(say!(language, sv: "Sverige", en: "Sweden"), of_women),
        Column::number(say!(language, sv: "Första länderna, skattad", en: "First countries, estimated"), of_women),
    ];
    let cells = rows
        .iter()
        .map(|row| {
            let [women, men, share] = people(view, row);
            let sweden = share_women(row.employed_sweden, least).map(|share| share * 100.0);
            let there = abroad.get(&row.occupation).copied().map(|share| share * 100.0);
            vec![
                name(view, row),
                rating(row, language),
                Cell::rounded(row.volume),
                women,
                men,
                share,
                Cell::number(sweden, 0, small_base(language)),
                Cell::number(there, 0, no_sex_abroad),
            ]
        })
        .collect();
    let mut notes = notes(view, rows);
    if total > most {
        let text = say!(language,
            sv: format!("De {most} yrken som väger tyngst av {total} med brist eller bevakning."),
            en: format!("The {most} occupations that weigh most of {total} with a shortage or under watch."),
        );
        notes.insert(0, text.into());
    }
    let origin = Origin { source: Prose::new(), tables: vec!["demand", "gender"], ..origin(view) };
    builder.table(title, Grid { columns, rows: cells }, notes, origin);
}

/// The heaviest occupations with what points to a shortage, for the second part of an industry's document.
pub fn brief(builder: &mut Builder, view: &View, most: usize) {
    let rows = view.recruited();
    let language = view.language();
    builder.heading(say!(language, sv: "Vilka yrken?", en: "Which occupations?"), "yrken");
    builder.paragraph(summary(view));
    if rows.is_empty() {
        return;
    }
    let title = title(view, &rows);
    let total = rows.len();
    let rows = &rows[..total.min(most)];
    let columns = vec![
        Column::text(say!(language, sv: "Yrke", en: "Occupation")),
        Column::text(say!(language, sv: "Bedömning", en: "Rating")),
        replaced(language),
        women(language),
        men(language),
        share_of_women(language),
        Column::text(say!(language, sv: "Talar för brist", en: "Points to shortage")),
    ];
    let cells = rows
        .iter()
        .map(|row| {
            let [women, men, share] = people(view, row);
            vec![name(view, row), rating(row, language), Cell::rounded(row.volume), women, men, share, Cell::Text(drivers(row, language))]
        })
        .collect();
    let mut notes = notes(view, rows);
    if total > most {
        let text = say!(language,
            sv: format!("De {most} yrken som väger tyngst av {total} med brist eller bevakning."),
            en: format!("The {most} occupations that weigh most of {total} with a shortage or under watch."),
        );
        notes.insert(0, text.into());
    }
    builder.table(title, Grid { columns, rows: cells }, notes, origin(view));
}
