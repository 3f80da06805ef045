//! Which occupations are short: the table, and need against volume as a map.

use super::super::ReportError;
use super::super::builder::{Builder, FigureText};
use super::super::model::{Cell, Column, FigureData, Grid, Origin, Prose};
use super::super::text::sv;
use super::super::view::View;
use super::sources;
use crate::chart::shortage_map::{self, MappedOccupation, ShortageMapData};
use crate::demand::{Demand, INDICATORS, Indicator, Rating, exact};
use crate::supply::share_women;
use crate::tables::driver_words;

/// Points of an indicator from which it speaks for a shortage.
const SPEAKS_FOR_SHORTAGE: f64 = 1.5;
/// Why a share is not shown.
pub const SMALL_BASE: &str = "för få anställda för en andel";

/// How many occupations there are of each kind, in a sentence.
pub fn summary(view: &View) -> String {
    let rows: Vec<&Demand> = view.in_register().collect();
    let count = |rating: Rating| rows.iter().filter(|row| row.rating == rating).count();
    let (shortage, watch) = (count(Rating::Shortage), count(Rating::Watch));
    let (none, unknown) = (count(Rating::NoShortage), count(Rating::NotAssessed));
    let unit = if view.area.kind == crate::config::AreaKind::Industry { "Branschen" } else { "Området" };
    format!(
        "{unit} har {} med anställda i länet. {} bedöms ha brist, {} behöver bevakas, {} har ingen brist och {} kan inte bedömas.",
        sv::neuter(rows.len(), "yrke", "yrken"),
        sv::capital(&sv::neuter(shortage, "yrke", "yrken")),
        digits(watch),
        digits(none),
        digits(unknown)
    )
}

fn digits(count: usize) -> String {
    if count == 0 { "inget".to_owned() } else { sv::neuter(count, "", "").trim_end_matches(sv::NO_BREAK_SPACE).to_owned() }
}

/// What speaks for a shortage, in words.
fn drivers(row: &Demand) -> String {
    let words: Vec<&str> = row
        .drivers
        .iter()
        .filter(|driver| {
            let position = INDICATORS.iter().position(|indicator| indicator == *driver);
            position.and_then(|position| row.indicator_points[position]).is_some_and(|points| points > SPEAKS_FOR_SHORTAGE)
        })
        .map(|driver| match driver {
            Indicator::Vacancies => "många annonser per anställd",
            Indicator::Replacement => "stor andel 55 år eller äldre",
            Indicator::Growth => "yrket växer i riket",
            Indicator::Recruitment | Indicator::Outlook => driver_words(*driver),
        })
        .collect();
    sv::capital(&words.join("; "))
}

/// Name of an occupation, marked where it works in many industries.
fn name(view: &View, row: &Demand) -> Cell {
    let name = view.occupation(row.occupation);
    Cell::Text(if view.is_shared(row.occupation) { format!("{name} (delat)") } else { name })
}

/// The rating, marked where Arbetsförmedlingen is silent or employers have spoken.
fn rating(row: &Demand) -> Cell {
    let mark = match (&row.evidence, row.without_assessment && row.rating == Rating::Watch) {
        (Some(_), _) => "**",
        (None, true) => "*",
        _ => "",
    };
    Cell::Text(format!("{}{mark}", sv::capital(row.rating.as_str())))
}

fn people(view: &View, row: &Demand) -> [Cell; 3] {
    let method = &view.run.config.method.gender;
    let share = share_women(row.employed, method.least_base).map(|share| share * 100.0);
    [Cell::persons(row.employed.women, method.small_count), Cell::persons(row.employed.men, method.small_count), Cell::number(share, 0, SMALL_BASE)]
}

fn notes(view: &View, rows: &[&Demand]) -> Vec<Prose> {
    let mut notes = Vec::new();
    if rows.iter().any(|row| view.is_shared(row.occupation)) {
        notes.push("Delat: yrket finns i många branscher och väger därför hälften.".into());
    }
    if rows.iter().any(|row| row.evidence.is_none() && row.without_assessment && row.rating == Rating::Watch) {
        notes.push("* Arbetsförmedlingen har inte bedömt yrket. Bedömningen vilar på annonser, åldrar och tillväxt.".into());
    }
    for row in rows {
        if let Some(evidence) = &row.evidence {
            let text = format!("** {}: arbetsgivarnas underlag, {}.", view.occupation(row.occupation), crate::chart::plain(evidence));
            notes.push(text.into());
        }
    }
    let small = view.run.config.method.gender.small_count;
    if rows.iter().any(|row| [row.employed.women, row.employed.men].iter().any(|count| (1..=small).contains(count))) {
        notes.push(format!("1–{small} betyder en till {small} personer; så små antal visas inte exakt.").into());
    }
    notes
}

fn origin(view: &View) -> Origin {
    let demand = &view.run.analysis.demand;
    let employed = Some(format!("anställda {}", demand.period));
    let ads = demand.ads_period.map(|ads| format!("annonser {ads}"));
    let ages = demand.age_period.map(|age| format!("åldrar {age} (riket)"));
    let period = [employed, ads, ages].into_iter().flatten().collect::<Vec<_>>().join(", ");
    Origin { unit: None, period: Some(period), source: sources::line(view.run, &sources::DEMAND), tables: vec!["demand", "area_occupations"] }
}

fn title(view: &View, rows: &[&Demand]) -> String {
    let heaviest: Vec<String> = rows.iter().take(2).map(|row| sv::small(&view.occupation(row.occupation))).collect();
    let verb = if heaviest.len() > 1 { "är de yrken som väger tyngst" } else { "är det yrke som väger tyngst" };
    sv::capital(&format!("{} {verb} i länets behov", sv::list(&heaviest)))
}

/// The section of an area: text, table and map.
pub fn whole(builder: &mut Builder, view: &View) -> Result<(), ReportError> {
    builder.heading("Vilka yrken är det brist på?", "yrken");
    builder.paragraph(summary(view));
    builder.paragraph(
        Prose::new()
            .text("Bedömningen väger ihop Arbetsförmedlingens bedömning och prognos, annonser, ålder och tillväxt (se ")
            .link("Så är det räknat", "#metod")
            .text("). Vilka yrken som hör till området är projektets eget antagande: ingen offentlig källa delar in områdena i yrken."),
    );
    let rows = view.recruited();
    if rows.is_empty() {
        return Ok(());
    }
    let table = builder.next_table();
    let columns = vec![
        Column::text("Yrke"),
        Column::text("SSYK-kod"),
        Column::text("Bedömning"),
        Column::number("Behov", "0–100"),
        Column::number("Ersätts", "personer per år"),
        Column::number("Kvinnor", "anställda"),
        Column::number("Män", "anställda"),
        Column::number("Andel kvinnor", "%"),
        Column::text("Talar för brist"),
    ];
    let cells = rows
        .iter()
        .map(|row| {
            let [women, men, share] = people(view, row);
            vec![
                name(view, row),
                Cell::Text(row.occupation.to_string()),
                rating(row),
                Cell::number(row.need, 0, "behovet kan inte räknas ut"),
                Cell::rounded(row.volume),
                women,
                men,
                share,
                Cell::Text(drivers(row)),
            ]
        })
        .collect();
    let mut notes = notes(view, &rows);
    notes.insert(
        0,
        "Behov: hur starkt uppgifterna talar för brist. Ersätts: så många anställda som i snitt når pensionsåldern varje år. Ordningen följer behov gånger antal som ersätts, med \
         hälften för delade yrken; den produkten är yrkets vikt när länderna rangordnas."
            .into(),
    );
    builder.table(title(view, &rows), Grid { columns, rows: cells }, notes, origin(view));
    map(builder, view, &rows, table)
}

fn map(builder: &mut Builder, view: &View, rows: &[&Demand], table: usize) -> Result<(), ReportError> {
    let most = |key: fn(&Demand) -> f64| {
        rows.iter().copied().max_by(|first, second| key(first).total_cmp(&key(second)).then(second.occupation.cmp(&first.occupation)))
    };
    let (Some(needed), Some(largest)) = (most(|row| row.need.unwrap_or(0.0)), most(|row| row.volume)) else { return Ok(()) };
    let name = |row: &Demand| sv::small(&view.occupation(row.occupation));
    let title = if needed.occupation == largest.occupation {
        format!("{} har både starkast tecken på brist och flest som ska ersättas", sv::capital(&name(needed)))
    } else {
        format!("Starkast är tecknen på brist för {}; flest ska ersättas bland {}", name(needed), name(largest))
    };
    let describe = |row: &Demand| {
        let volume = if row.volume < 1.0 { "mindre än en person".to_owned() } else { format!("{} personer", sv::number(row.volume, 0)) };
        format!("{}: behov {} av 100, {volume} per år", view.occupation(row.occupation), sv::number(row.need.unwrap_or(0.0), 0))
    };
    let shortage = rows.iter().filter(|row| row.rating == Rating::Shortage).count();
    let named: Vec<String> = rows.iter().take(5).map(|row| describe(row)).collect();
    let alternative = format!(
        "Punktdiagram med {}; {} av dem bedöms ha brist. Behovet står på den lodräta axeln, antalet som ersätts per år på den vågräta. De som väger tyngst: {}.",
        sv::neuter(rows.len(), "yrke", "yrken"),
        digits(shortage),
        named.join("; ")
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
    let caption =
        "Högt upp: starka tecken på brist. Långt till höger: många som ska ersättas varje år. Punktens yta följer antalet anställda.".into();
    let text = FigureText { slug: "bristkarta", title, caption, alternative };
    let mut origin = origin(view);
    origin.unit = Some("poäng 0–100 (behov) och personer per år".to_owned());
    builder.figure(
        text,
        |about| shortage_map::svg(&ShortageMapData { about, occupations, ..ShortageMapData::default() }),
        FigureData::Table(table),
        origin,
    )
}

/// The heaviest occupations, for a document of two pages.
pub fn brief(builder: &mut Builder, view: &View, most: usize) {
    let rows = view.recruited();
    builder.heading("Vilka yrken?", "yrken");
    builder.paragraph(summary(view));
    if rows.is_empty() {
        return;
    }
    let title = title(view, &rows);
    let total = rows.len();
    let rows = &rows[..total.min(most)];
    let columns = vec![
        Column::text("Yrke"),
        Column::text("Bedömning"),
        Column::number("Ersätts", "personer per år"),
        Column::number("Kvinnor", "anställda"),
        Column::number("Män", "anställda"),
        Column::number("Andel kvinnor", "%"),
        Column::text("Talar för brist"),
    ];
    let cells = rows
        .iter()
        .map(|row| {
            let [women, men, share] = people(view, row);
            vec![name(view, row), rating(row), Cell::rounded(row.volume), women, men, share, Cell::Text(drivers(row))]
        })
        .collect();
    let mut notes = notes(view, rows);
    if total > most {
        notes.insert(0, format!("De {most} yrken som väger tyngst av {total} med brist eller bevakning.").into());
    }
    builder.table(title, Grid { columns, rows: cells }, notes, origin(view));
}
