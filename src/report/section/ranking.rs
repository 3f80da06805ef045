//! Which markets fit best: the chart of places or scores, and the table.

use super::super::ReportError;
use super::super::builder::{Builder, FigureText};
use super::super::model::{Cell, Column, FigureData, Grid, Origin, Prose};
use super::super::text::sv;
use super::super::view::View;
use super::answer::{SAME_IN_ALL_COUNTIES, places};
use super::sources;
use crate::chart::ranking::{self, RankInterval, RankedMarket, RankingData};
use crate::market::MarketScore;
use crate::supply::{Market, MarketKind};

/// Names of the pillars.
pub const PILLAR_NAMES: [&str; 4] = ["Antal i yrket", "Tillgänglighet", "Rörlighet", "Väg in"];

/// What moves a market whose baseline lies outside its interval.
fn factor_words(factor: &str) -> &'static str {
    match factor {
        "data" | "data_error" | "error" => "osäkerheten i siffrorna",
        "normalisation" | "normalization" => "hur indikatorerna läggs på samma skala",
        "aggregation" => "hur delarna vägs ihop",
        "weights" | "pillar_weights" => "delarnas vikter",
        "drop" | "drop_indicator" | "leave_out" | "indicator" => "om en indikator tas bort",
        "crosswalk" | "ssyk_isco" => "nyckeln mellan yrkeskoderna",
        "floor" | "pay_floor" => "lönegolvet",
        _ => "ett av antagandena",
    }
}

fn title(view: &View, kind: MarketKind) -> String {
    let front = view.front(kind);
    let names = sv::list(&view.names(&front.markets));
    let ranked = view.ranked(kind).len();
    let (one, many) = match kind {
        MarketKind::Country => ("land", "länder"),
        MarketKind::County => ("län", "län"),
    };
    let of = sv::neuter(ranked, one, many);
    match front.tier {
        None => format!("{names} får högst poäng av {of}"),
        Some(members) if members > front.markets.len() => {
            format!("{} av {ranked} ligger i första gruppen, bland dem {names}", sv::capital(&sv::neuter(members, one, many)))
        }
        Some(_) => format!("{names} ligger i första gruppen av {of}"),
    }
}

fn figure(builder: &mut Builder, view: &View, kind: MarketKind, most: usize, table: usize) -> Result<(), ReportError> {
    let ranked = view.ranked(kind);
    let tiers = view.has_tiers(kind);
    let shown = &ranked[..ranked.len().min(most)];
    let markets: Vec<RankedMarket> = shown
        .iter()
        .map(|row| RankedMarket {
            name: view.market(row.market),
            score: row.score,
            interval: row.uncertainty.as_ref().filter(|_| tiers).map(|uncertainty| RankInterval {
                low: uncertainty.p05,
                median: uncertainty.median,
                high: uncertainty.p95,
            }),
            tier: row.uncertainty.as_ref().filter(|_| tiers).map(|uncertainty| uncertainty.tier),
        })
        .collect();
    let (many, slug) = match kind {
        MarketKind::Country => ("länder", "lander"),
        MarketKind::County => ("län", "lan"),
    };
    let first = format!("De {} första av {} {many}", shown.len(), ranked.len());
    let caption = if tiers {
        format!("{first}. Strecket visar platsen i nio av tio simuleringar, punkten medianen. Inom en grupp kan {many} inte skiljas åt.")
    } else {
        format!("{first}, med poäng av 100. Hur säkra platserna är har inte räknats ut i den här körningen, så små skillnader säger ingenting.")
    };
    let named: Vec<String> = shown
        .iter()
        .map(|row| match row.uncertainty.as_ref().filter(|_| tiers) {
            Some(uncertainty) => format!(
                "{} i grupp {} med medianplats {} (plats {})",
                view.market(row.market),
                uncertainty.tier,
                sv::number(uncertainty.median, 0),
                places(uncertainty.p05, uncertainty.p95)
            ),
            None => format!("{} {}", view.market(row.market), sv::number(row.score.unwrap_or(0.0), 1)),
        })
        .collect();
    let what = if tiers { "platser med intervall" } else { "poäng" };
    let alternative = format!("Liggande diagram över {what} för {} {many}: {}.", shown.len(), sv::list(&named));
    let text = FigureText { slug, title: title(view, kind), caption: caption.into(), alternative };
    let mut origin = origin(view, kind);
    origin.unit = Some(if tiers { "plats i rangordningen, 1 är bäst".to_owned() } else { "poäng 1–100".to_owned() });
    // The axis ends where the shown intervals do, on a round number; the words say of how many.
    let last = markets.iter().filter_map(|market| market.interval.as_ref()).map(|interval| interval.high).fold(0.0, f64::max);
    let candidates = (((last / 10.0).ceil() * 10.0) as usize).clamp(1, ranked.len().max(1));
    builder.figure(text, |about| ranking::svg(&RankingData { about, candidates, axis: None, markets }), FigureData::Table(table), origin)
}

fn origin(view: &View, kind: MarketKind) -> Origin {
    let period = match kind {
        MarketKind::Country => format!("senaste år för varje uppgift, till och med {}", view.year()),
        MarketKind::County => view.run.analysis.demand.period.to_string(),
    };
    let source = match kind {
        MarketKind::Country => sources::all(view.run),
        MarketKind::County => sources::line(view.run, &sources::COUNTIES),
    };
    Origin { unit: None, period: Some(period), source, tables: vec!["markets", "fit", "indicators"] }
}

fn pillar_columns(view: &View, kind: MarketKind) -> Vec<usize> {
    let empty = view.run.analysis.markets.empty_pillars.get(&kind);
    (0..4).filter(|pillar| !empty.is_some_and(|empty| empty.contains(&crate::market::PILLARS[*pillar]))).collect()
}

fn table(builder: &mut Builder, view: &View, kind: MarketKind, most: usize, with_pillars: bool) {
    let ranked = view.ranked(kind);
    let tiers = view.has_tiers(kind);
    let shown = &ranked[..ranked.len().min(most)];
    let pillars = if with_pillars { pillar_columns(view, kind) } else { Vec::new() };
    let country = kind == MarketKind::Country;
    let (head, many) = if country { ("Land", "länder") } else { ("Län", "län") };
    let mut columns = vec![Column::text(head)];
    if tiers {
        columns.extend([Column::number("Grupp", ""), Column::number("Plats", "median"), Column::number("Plats", "9 av 10 simuleringar")]);
    }
    columns.push(Column::number("Poäng", "1–100"));
    columns.extend(pillars.iter().map(|pillar| Column::number(PILLAR_NAMES[*pillar], "1–100")));
    if country {
        columns.extend([Column::number("Öppet för", "% av behovet"), Column::text("Att tänka på")]);
    }
    let rows = shown
        .iter()
        .map(|row| {
            let mut cells = vec![Cell::Text(view.market(row.market))];
            if let Some(uncertainty) = row.uncertainty.as_ref().filter(|_| tiers) {
                cells.extend([
                    Cell::Number { value: f64::from(uncertainty.tier), decimals: 0 },
                    Cell::Number { value: uncertainty.median, decimals: usize::from(uncertainty.median.fract() > 0.05) },
                    Cell::Text(places(uncertainty.p05, uncertainty.p95)),
                ]);
            }
            cells.push(Cell::number(row.score, 1, "poängen kan inte räknas ut"));
            let values = view.pillars(row.market);
            cells.extend(pillars.iter().map(|pillar| Cell::number(values[*pillar], 0, "underlag saknas för delen")));
            if country {
                cells.push(Cell::number(row.open_share.map(|share| share * 100.0), 0, "andelen kan inte räknas ut"));
                cells.push(Cell::Text(view.care_words(row.market)));
            }
            cells
        })
        .collect();
    let mut notes: Vec<Prose> = Vec::new();
    if with_pillars && country {
        notes.push("Antal i yrket: hur många som har yrket. Tillgänglighet: om de saknar arbete eller yrket inte är ett bristyrke i landet. Rörlighet: band till Sverige och skillnad i inkomst. Väg in: rätten att arbeta här och avståndet.".into());
    }
    notes.extend(shown.iter().filter_map(|row| moved(view, row)));
    let title = if shown.len() < ranked.len() {
        format!("De {} första av {} {many}", shown.len(), ranked.len())
    } else {
        format!("Alla {} {many} i ordning", shown.len())
    };
    builder.table(title, Grid { columns, rows }, notes, origin(view, kind));
}

/// A remark on a market whose score gives another place than the simulations.
fn moved(view: &View, row: &MarketScore) -> Option<Prose> {
    let factor = row.uncertainty.as_ref()?.moved_by?;
    Some(
        format!("{}: poängen ger en plats utanför intervallet. Det som flyttar platsen är {}.", view.market(row.market), factor_words(factor)).into(),
    )
}

/// The first countries outside the EU and EEA, in a sentence.
fn third_countries(view: &View) -> Option<String> {
    let free = |market: Market| matches!(market, Market::Country(country) if view.run.figures.free_movement.contains_key(&country));
    let ranked = view.ranked(MarketKind::Country);
    let first: Vec<&MarketScore> = ranked.iter().copied().filter(|row| !free(row.market)).take(3).collect();
    if first.is_empty() {
        return None;
    }
    let tiers = view.has_tiers(MarketKind::Country);
    let named: Vec<String> = first
        .iter()
        .map(|row| match row.uncertainty.as_ref().filter(|_| tiers) {
            Some(uncertainty) => {
                format!("{} (grupp {}, plats {})", view.market(row.market), uncertainty.tier, places(uncertainty.p05, uncertainty.p95))
            }
            None => format!("{} ({} poäng)", view.market(row.market), sv::number(row.score.unwrap_or(0.0), 1)),
        })
        .collect();
    let inside = ranked.iter().take(15).filter(|row| free(row.market)).count();
    let lead =
        if inside == ranked.len().min(15) { format!("Alla {inside} första länder har fri rörlighet till Sverige. ") } else { String::new() };
    Some(format!("{lead}Högst bland länder vars medborgare behöver arbetstillstånd ligger {}.", sv::list(&named)))
}

/// The section of an area: countries.
pub fn countries(builder: &mut Builder, view: &View) -> Result<(), ReportError> {
    builder.heading("Vilka länder passar bäst?", "lander");
    if view.ranked(MarketKind::Country).is_empty() {
        builder.paragraph("Inget land kan rangordnas, eftersom inget yrke i området rekryteras eller uppgifter saknas.");
        return Ok(());
    }
    builder.paragraph(
        "Poängen går från 1 till 100. Den väger ihop hur många som har yrkena, hur lätt de kan lämna det de har, vilka band de har till Sverige och hur vägen in ser ut. \
         Ett land får hög poäng bara om alla fyra delarna fungerar.",
    );
    builder.paragraph(SAME_IN_ALL_COUNTIES);
    figure(builder, view, MarketKind::Country, 15, builder.next_table())?;
    table(builder, view, MarketKind::Country, 15, true);
    if let Some(text) = third_countries(view) {
        builder.paragraph(text);
    }
    Ok(())
}

/// The section of an area: counties.
pub fn counties(builder: &mut Builder, view: &View) -> Result<(), ReportError> {
    builder.heading("Vilka län i Sverige passar bäst?", "lan");
    let ranked = view.ranked(MarketKind::County);
    if ranked.is_empty() {
        builder.paragraph("Inget län kan rangordnas, eftersom inget yrke i området rekryteras.");
        return Ok(());
    }
    let empty = view.run.analysis.markets.empty_pillars.get(&MarketKind::County).cloned().unwrap_or_default();
    let missing: Vec<String> =
        crate::market::PILLARS.iter().zip(PILLAR_NAMES).filter(|(key, _)| empty.contains(key)).map(|(_, name)| name.to_lowercase()).collect();
    let without = if missing.is_empty() {
        String::new()
    } else {
        format!(" Delen {} är inte med, eftersom uppgifter saknas; de andra delarna väger då tyngre.", sv::list(&missing))
    };
    builder.paragraph(format!(
        "Sveriges {} andra län rangordnas för sig, eftersom uppgifterna är andra: hur många som har yrkena, Arbetsförmedlingens bedömning där och avståndet.{without} \
         Poängen visar hur länen förhåller sig till varandra och går inte att jämföra med ländernas.",
        ranked.len()
    ));
    figure(builder, view, MarketKind::County, 10, builder.next_table())?;
    table(builder, view, MarketKind::County, 10, true);
    Ok(())
}

/// The countries of a document of two pages.
pub fn brief(builder: &mut Builder, view: &View, most: usize) -> Result<(), ReportError> {
    builder.heading("Vilka länder?", "lander");
    if view.ranked(MarketKind::Country).is_empty() {
        builder.paragraph("Inget land kan rangordnas, eftersom inget yrke i branschen rekryteras eller uppgifter saknas.");
        return Ok(());
    }
    figure(builder, view, MarketKind::Country, most, builder.next_table())?;
    table(builder, view, MarketKind::Country, most, false);
    if let Some(text) = third_countries(view) {
        builder.paragraph(text);
    }
    builder.paragraph(SAME_IN_ALL_COUNTIES);
    Ok(())
}
