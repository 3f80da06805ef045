//! The follow-up, ready for the project's report: what was promised, with a baseline, this year's figure and the direction, and what cannot be told.

use std::collections::BTreeSet;

use super::super::RunContext;
use super::super::builder::Builder;
use super::super::model::{Cell, Column, Document, Grid, Origin, Paper, Prose};
use super::super::section::{sources, verdict};
use super::super::text::{COUNTRY, COUNTY};
use super::super::view::{area_name, county_name};
use crate::code::Sex;
use crate::follow_up::{Basis, Direction, Figure, Missing, Promise, Row};
use crate::language::{Language, say};
use crate::supply::MarketKind;

/// File name without ending.
pub const STEM: &str = "uppfoljning";

/// What the document is called in the menu.
pub fn heading(language: Language) -> &'static str {
    say!(language, sv: "Uppföljning", en: "Follow-up")
}

/// A line on the start page.
pub fn link(builder: &mut Builder) {
    let language = builder.language();
    builder.paragraph(
        Prose::new()
            .text(say!(language, sv: "Det som projektet har lovat, med basår och riktning, står i ", en: "What the project has promised, with baseline and direction, is in the "))
            .link(say!(language, sv: "uppföljningen", en: "follow-up"), format!("{STEM}.html"))
            .text("."),
    );
}

/// Why something is missing, in words that finish "uppgift saknas: …".
fn why(missing: Missing, language: Language) -> &'static str {
    match missing {
        Missing::NoBaselineRun => {
            say!(language, sv: "ingen körning från basåret har lagts till grund", en: "no run of the baseline year has been given")
        }
        Missing::NoTiers => say!(language, sv: "hur säkra platserna är har inte räknats ut", en: "how certain the ranks are has not been calculated"),
        Missing::NothingNoted => say!(language, sv: "projektet har inte noterat någon kommunikation", en: "the project has noted no communication"),
        Missing::TooFew => say!(language, sv: "för få anställda för en andel", en: "too few employees for a share"),
        Missing::NoShortage => say!(language, sv: "inget yrke har brist", en: "no occupation has a shortage"),
        Missing::NotInRegister => say!(language, sv: "registret saknar året", en: "the register lacks the year"),
        Missing::NothingLater => say!(language, sv: "ingen siffra efter basåret är publicerad", en: "no figure later than the baseline is published"),
        Missing::OtherCoverage => say!(language,
            sv: "Arbetsförmedlingens bedömning finns inte av lika många yrken i de två körningarna",
            en: "the two runs do not have the Public Employment Service’s assessment of as many occupations",
        ),
        Missing::NotPublished => {
            say!(language, sv: "ingen av källorna har födelseland efter yrke och län", en: "none of the sources has country of birth by occupation and county")
        }
    }
}

/// A direction in a word.
fn way(direction: Direction, language: Language) -> &'static str {
    match direction {
        Direction::Up => say!(language, sv: "ökar", en: "rising"),
        Direction::Down => say!(language, sv: "minskar", en: "falling"),
        Direction::Same => say!(language, sv: "oförändrat", en: "unchanged"),
    }
}

/// The cells of a row: baseline, now and direction.
fn cells(row: &Row, language: Language) -> [Cell; 3] {
    let decimals = usize::from(row.promise.unit() == "percent");
    let cell = |figure: Result<Figure, Missing>| match figure {
        Ok(figure) => Cell::Number { value: figure.value, decimals },
        Err(missing) => Cell::Missing { reason: why(missing, language) },
    };
    let direction = match row.direction {
        Ok(direction) => Cell::Text(way(direction, language).to_owned()),
        Err(missing) => Cell::Missing { reason: why(missing, language) },
    };
    [cell(row.baseline), cell(row.now), direction]
}

/// The document.
pub fn follow_up(run: &RunContext) -> Document {
    let language = run.language;
    let basis = Basis { analysis: run.analysis, config: run.config, figures: run.figures, previous: run.previous };
    let rows = basis.rows();
    let mut builder = Builder::new(run, STEM.to_owned());
    answer(&mut builder, &rows);
    markets(&mut builder, &rows);
    sexes(&mut builder, &basis, &rows);
    unanswered(&mut builder, &basis, &rows);
    verdict::link(&mut builder);
    let (date, county, year) = (language.date(&run.date), county_name(run), run.analysis.year);
    let base = run.config.follow_up.baseline_year;
    let lead = Prose::from(say!(language,
        sv: format!("Underlag till projektets redovisning, med {base} som basår. Siffror hämtade senast {date}."),
        en: format!("For the project’s reporting, with {base} as the baseline. Figures retrieved by {date}."),
    ));
    let title = say!(language, sv: format!("Uppföljning för {county} {year}"), en: format!("Follow-up for {county} {year}"));
    builder.finish(title.clone(), title, lead, false).on(Paper::Sheet)
}

fn of_county(rows: &[Row], promise: Promise) -> impl Iterator<Item = &Row> {
    rows.iter().filter(move |row| row.promise == promise && row.area.is_none())
}

fn answer(builder: &mut Builder, rows: &[Row]) {
    let language = builder.language();
    let base = builder.run().config.follow_up.baseline_year;
    let mut paragraphs: Vec<Prose> = Vec::new();
    let count = |promise: Promise, kind: MarketKind| {
        let row = of_county(rows, promise).find(|row| row.kind == Some(kind))?;
        let noun = if kind == MarketKind::Country { COUNTRY } else { COUNTY };
        Some(language.count(row.now.ok()?.value as usize, noun))
    };
    let both = |promise: Promise| count(promise, MarketKind::Country).zip(count(promise, MarketKind::County));
    if let Some((countries, counties)) = both(Promise::Identified) {
        paragraphs.push(say!(language,
            sv: format!("I år är {countries} och {counties} i Sverige identifierade som målmarknader: de ligger i första gruppen för minst ett område eller en bransch."),
            en: format!("This year {countries} and {counties} in Sweden are identified as target markets: they are in the first tier of at least one area or industry."),
        ).into());
    } else {
        let because = why(Missing::NoTiers, language);
        paragraphs.push(
            say!(language,
                sv: format!("Hur många målmarknader som är identifierade kan inte sägas: {because}."),
                en: format!("How many target markets are identified cannot be told: {because}."),
            )
            .into(),
        );
    }
    paragraphs.push(match both(Promise::Communicated) {
        Some((countries, counties)) => say!(language,
            sv: format!("Projektet har noterat att det har kommunicerat {countries} och {counties} som målmarknader."),
            en: format!("The project has noted that it has communicated {countries} and {counties} as target markets."),
        )
        .into(),
        None => say!(language,
            sv: "Hur många målmarknader som är kommunicerade kan inte sägas: projektet har inte noterat någon kommunikation.",
            en: "How many target markets have been communicated cannot be told: the project has noted no communication.",
        )
        .into(),
    });
    let share = |sex: Sex| of_county(rows, Promise::ShareOfShortage).find(|row| row.sex == Some(sex));
    if let (Some(women), Some(men)) = (share(Sex::Women), share(Sex::Men)) {
        paragraphs.push(match (women.now, men.now) {
            (Ok(women_now), Ok(men_now)) => {
                let percent = |figure: Figure| language.percent(figure.value / 100.0);
                let (women_now, men_now, period) = (percent(women_now), percent(men_now), women_now.period);
                let direction = match women.direction {
                    Ok(Direction::Up) => say!(language, sv: format!("Andelen kvinnor ökar sedan {base}."), en: format!("The share of women is rising since {base}.")),
                    Ok(Direction::Down) => say!(language, sv: format!("Andelen kvinnor minskar sedan {base}."), en: format!("The share of women is falling since {base}.")),
                    Ok(Direction::Same) => say!(language, sv: format!("Andelarna är oförändrade sedan {base}."), en: format!("The shares are unchanged since {base}.")),
                    Err(missing) => {
                        let because = why(missing, language);
                        say!(language, sv: format!("Om andelarna ändras kan inte sägas än: {because}."), en: format!("Whether the shares are changing cannot be told yet: {because}."))
                    }
                };
                say!(language,
                    sv: format!("Av de anställda i länets yrken med brist är {women_now} kvinnor och {men_now} män ({period}). {direction}"),
                    en: format!("Of the employees in the county’s occupations with a shortage, {women_now} are women and {men_now} are men ({period}). {direction}"),
                )
                .into()
            }
            (Err(missing), _) | (_, Err(missing)) => {
                let because = why(missing, language);
                say!(language, sv: format!("Andelen kvinnor och män i yrken med brist saknas: {because}."), en: format!("The share of women and men in occupations with a shortage is missing: {because}.")).into()
            }
        });
    }
    paragraphs.push(
        say!(language,
            sv: "Uppföljningen kan inte svara på om någon har anställts, eller om en ändring beror på projektet.",
            en: "The follow-up cannot tell whether anybody has been employed, or whether a change is due to the project.",
        )
        .into(),
    );
    builder.answer(paragraphs);
}

/// The name of a row: the whole county, or an area.
fn name(builder: &Builder, area: Option<&str>) -> String {
    let run = builder.run();
    let language = builder.language();
    let whole = || say!(language, sv: "Hela länet", en: "The whole county").to_owned();
    area.map_or_else(whole, |key| {
        run.config.areas.iter().find(|area| area.key == key).map_or_else(|| crate::chart::plain(key), |area| area_name(area, language))
    })
}

fn markets(builder: &mut Builder, rows: &[Row]) {
    let language = builder.language();
    builder.heading(say!(language, sv: "Målmarknader, område för område", en: "Target markets, area by area"), "malmarknader");
    let title = say!(language, sv: "Målmarknader som är identifierade", en: "Target markets identified");
    let note = say!(language,
        sv: "Identifierade: länder i första gruppen på Trolig eller Oprövad, och län i första gruppen. En marknad räknas en gång på varje rad. Fler i första gruppen kan betyda att platserna är osäkrare, inte att fler passar.",
        en: "Identified: countries in the first tier of Likely or Untested, and counties in the first tier. A market counts once on each row. More in the first tier may mean that the ranks are less certain, not that more markets fit.",
    );
    let source = say!(language, sv: "Egna beräkningar.", en: "Own calculations.");
    counts(builder, rows, Promise::Identified, title, note, source);
    // Where nothing is noted, the answer has said so.
    if !builder.run().config.communicated.is_empty() {
        let title = say!(language, sv: "Målmarknader som är kommunicerade", en: "Target markets communicated");
        let note = say!(language,
            sv: "Kommunicerade: de som projektet har noterat till och med året. En marknad räknas en gång på varje rad.",
            en: "Communicated: those that the project has noted up to and including the year. A market counts once on each row.",
        );
        let source = say!(language, sv: "Projektets egna noteringar.", en: "The project’s own notes.");
        counts(builder, rows, Promise::Communicated, title, note, source);
    }
}

/// How many markets of each area, countries before counties.
fn counts(builder: &mut Builder, rows: &[Row], promise: Promise, title: &str, note: &str, source: &str) {
    let language = builder.language();
    let (base, year) = (builder.run().config.follow_up.baseline_year, builder.run().analysis.year);
    let columns = vec![
        Column::text(say!(language, sv: "Område eller bransch", en: "Area or industry")),
        Column::text(say!(language, sv: "Marknader", en: "Markets")),
        Column::number(say!(language, sv: format!("Basåret {base}"), en: format!("Baseline {base}")), ""),
        Column::number(say!(language, sv: format!("År {year}"), en: format!("Year {year}")), ""),
        Column::text(say!(language, sv: "Riktning", en: "Direction")),
    ];
    let kind_name = |kind: Option<MarketKind>| match kind {
        Some(MarketKind::County) => say!(language, sv: "län", en: "counties"),
        _ => say!(language, sv: "länder", en: "countries"),
    };
    let lines = rows
        .iter()
        .filter(|row| row.promise == promise)
        .map(|row| {
            let mut line = vec![Cell::Text(name(builder, row.area.as_deref())), Cell::Text(kind_name(row.kind).to_owned())];
            line.extend(cells(row, language));
            line
        })
        .collect();
    let origin = Origin { unit: None, period: None, source: source.into(), tables: vec!["follow_up"] };
    builder.table(title.to_owned(), Grid { columns, rows: lines }, vec![note.into()], origin);
}

fn sexes(builder: &mut Builder, basis: &Basis, rows: &[Row]) {
    let run = builder.run();
    let language = builder.language();
    let base = run.config.follow_up.baseline_year.to_string();
    let period = run.analysis.demand.period.to_string();
    let small = run.config.method.gender.small_count;
    builder.heading(say!(language, sv: "Kvinnor och män i yrken med brist", en: "Women and men in occupations with a shortage"), "kvinnor-och-man");
    let (women, men) = (say!(language, sv: "Kvinnor", en: "Women"), say!(language, sv: "Män", en: "Men"));
    let persons = say!(language, sv: format!("antal {period}"), en: format!("number {period}"));
    let baseline = say!(language, sv: format!("%, basåret {base}"), en: format!("%, baseline {base}"));
    let newest = say!(language, sv: format!("%, nyast {period}"), en: format!("%, newest {period}"));
    let direction = |head: &str| {
        let mut column = Column::text(head);
        column.unit = Some(say!(language, sv: "riktning", en: "direction").to_owned());
        column
    };
    let columns = vec![
        Column::text(say!(language, sv: "Område eller bransch", en: "Area or industry")),
        Column::number(women, &persons),
        Column::number(men, &persons),
        Column::number(women, &baseline),
        Column::number(women, &newest),
        direction(women),
        Column::number(men, &baseline),
        Column::number(men, &newest),
        direction(men),
    ];
    let of = |sex: Sex| rows.iter().filter(move |row| row.promise == Promise::ShareOfShortage && row.sex == Some(sex));
    let lines = of(Sex::Women)
        .zip(of(Sex::Men))
        .map(|(women, men)| {
            let employed = basis.employed_short(women.area.as_deref());
            let mut line =
                vec![Cell::Text(name(builder, women.area.as_deref())), Cell::persons(employed.women, small), Cell::persons(employed.men, small)];
            line.extend(cells(women, language));
            line.extend(cells(men, language));
            line
        })
        .collect();
    let least = language.number(run.config.follow_up.least_change, 1);
    let notes = vec![
        say!(language,
            sv: format!("Samma yrken båda åren: de som har brist nu. En ändring under {least} procentenheter kallas oförändrat."),
            en: format!("The same occupations in both years: those with a shortage now. A change of less than {least} percentage points is called unchanged."),
        )
        .into(),
    ];
    let origin = Origin { unit: None, period: None, source: sources::line(run, &["scb_yreg60"]), tables: vec!["follow_up", "demand"] };
    let title = say!(language, sv: "Kvinnor och män bland de anställda i yrken med brist", en: "Women and men among the employees in occupations with a shortage");
    builder.table(title.to_owned(), Grid { columns, rows: lines }, notes, origin);
}

fn unanswered(builder: &mut Builder, basis: &Basis, rows: &[Row]) {
    let language = builder.language();
    let (base, year) = (builder.run().config.follow_up.baseline_year, builder.run().analysis.year);
    builder.heading(say!(language, sv: "Vad uppföljningen inte kan svara på", en: "What the follow-up cannot answer"), "saknas");
    let missing: BTreeSet<Missing> = rows.iter().flat_map(|row| [row.baseline.err(), row.now.err(), row.direction.err()]).flatten().collect();
    let mut items: Vec<Prose> = Vec::new();
    if missing.contains(&Missing::NotPublished) {
        items.push(
            say!(language,
                sv: "Hur stor del av de anställda i områdets yrken som är födda i ett annat land: ingen av körningens källor redovisar födelseland efter yrke och län.",
                en: "How large a share of the employees in an area’s occupations were born in another country: none of the run’s sources has country of birth by occupation and county.",
            )
            .into(),
        );
    }
    if missing.contains(&Missing::NoBaselineRun) {
        items.push(
            say!(language,
                sv: format!("Hur många målmarknader som var identifierade {base}: det kräver att körningen görs med en körning från det året till grund."),
                en: format!("How many target markets were identified in {base}: that needs the run to be given a run of that year."),
            )
            .into(),
        );
    }
    if let Some([then, now]) = basis.other_coverage() {
        let number = |count: usize| language.number(count as f64, 0);
        let [(then, of_then), (now, of_now)] = [then, now].map(|run| (number(run.occupations), number(run.of)));
        items.push(
            say!(language,
                sv: format!("Om fler eller färre målmarknader är identifierade än basåret: i körningen för {base} har {then} av {of_then} yrken Arbetsförmedlingens bedömning, i den för {year} {now} av {of_now}. Skillnaden i antal kan bero på det och inget annat."),
                en: format!("Whether more or fewer target markets are identified than in the baseline year: in the run for {base}, {then} of {of_then} occupations have the Public Employment Service’s assessment, in that for {year}, {now} of {of_now}. The difference in number may be due to that and nothing else."),
            )
            .into(),
        );
    }
    if missing.contains(&Missing::NothingNoted) {
        items.push(
            say!(language,
                sv: "Vilka målmarknader som är kommunicerade: projektet för sina noteringar i filen data/communicated.csv, och den är tom.",
                en: "Which target markets have been communicated: the project keeps its notes in the file data/communicated.csv, and it is empty.",
            )
            .into(),
        );
    }
    items.push(
        say!(language,
            sv: "Om projektet är orsaken till en ändring. Andelarna ändras också av pensioneringar, flyttar och konjunktur.",
            en: "Whether the project is the cause of a change. The shares also change with retirements, moves and the business cycle.",
        )
        .into(),
    );
    builder.list(items);
}
