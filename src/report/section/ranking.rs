//! Which markets fit best: the chart of places or scores, and the table.

use super::super::ReportError;
use super::super::builder::{Builder, FigureText};
use super::super::model::{Cell, Column, FigureData, Grid, Origin, Prose};
use super::super::text::{capital, en};
use super::super::view::View;
use super::answer::{names, noun, places, same_in_all_counties, two_lists};
use super::heat::latest;
use super::left_out::indicator_words;
use super::method::empty_names;
use super::neighbours::neighbours;
use super::sources;
use crate::chart::ranking::{self, RankInterval, RankedMarket, RankingData};
use crate::config::{LIKELY, POTENTIAL};
use crate::language::{Language, say};
use crate::market::MarketScore;
use crate::reason::Reason;
use crate::supply::{Market, MarketKind};

/// Names of the pillars.
pub fn pillar_names(language: Language) -> [&'static str; 4] {
    say!(language,
        sv: ["Antal i yrket", "Tillgänglighet", "Rörlighet", "Väg in"],
        en: ["Workforce", "Availability", "Mobility", "Route in"],
    )
}

/// How many markets a title names.
const NAMED_IN_TITLE: usize = 6;

/// What moves a market whose baseline lies outside its interval.
pub fn factor_words(factor: &str, language: Language) -> &'static str {
    match factor {
        "data" | "data_error" | "error" => say!(language, sv: "osäkerheten i siffrorna", en: "the uncertainty of the figures"),
        "normalisation" | "normalization" => {
            say!(language, sv: "hur indikatorerna läggs på samma skala", en: "how the indicators are put on one scale")
        }
        "aggregation" => say!(language, sv: "hur delarna vägs ihop", en: "how the components are combined"),
        "weights" | "pillar_weights" => say!(language, sv: "delarnas vikter", en: "the components’ weights"),
        "drop" | "drop_indicator" | "leave_out" | "indicator" => {
            say!(language, sv: "om en indikator tas bort", en: "whether an indicator is left out")
        }
        "crosswalk" | "ssyk_isco" => say!(language, sv: "nyckeln mellan yrkeskoderna", en: "the key between the occupation codes"),
        "weighting" => say!(language, sv: "valet av viktning", en: "the choice of weighting"),
        "floor" | "pay_floor" => say!(language, sv: "lönegolvet", en: "the pay floor"),
        _ => say!(language, sv: "ett av antagandena", en: "one of the assumptions"),
    }
}

/// Why a country stands where it does on its list, in a few words.
fn because(view: &View, market: Market, middle: &[Option<f64>; 4]) -> String {
    let language = view.language();
    view.leading_pillar(market, middle).map_or("", |(pillar, up)| pillar_words(pillar, up, language)).to_owned()
}

/// What a high or low score of a pillar says of a country.
fn pillar_words(pillar: usize, up: bool, language: Language) -> &'static str {
    match (pillar, up) {
        (0, true) => say!(language, sv: "många har yrkena där", en: "many have the occupations there"),
        (0, false) => say!(language, sv: "få har yrkena där", en: "few have the occupations there"),
        (1, true) => say!(language, sv: "många saknar arbete där", en: "many are without work there"),
        (1, false) => say!(language, sv: "få saknar arbete där", en: "few are without work there"),
        (2, true) => say!(language, sv: "många har flyttat därifrån de senaste åren", en: "many have moved from there in recent years"),
        (2, false) => say!(language, sv: "få har flyttat därifrån de senaste åren", en: "few have moved from there in recent years"),
        (_, true) => say!(language, sv: "vägen hit är kort och öppen", en: "the way here is short and open"),
        (_, false) => say!(language, sv: "vägen hit är lång eller krävande", en: "the way here is long or demanding"),
    }
}

/// A country's place on the other list: a number, or why it has none there.
fn other_place(view: &View, row: &MarketScore) -> Cell {
    let language = view.language();
    let other = view.list(if view.weighting == POTENTIAL { LIKELY } else { POTENTIAL });
    let ranked = other.ranked(MarketKind::Country);
    if let Some(place) = ranked.iter().position(|found| found.market == row.market) {
        return Cell::Number { value: (place + 1) as f64, decimals: 0 };
    }
    let found = other.scores(MarketKind::Country).find(|found| found.market == row.market);
    match found.and_then(|found| found.reason.as_ref()) {
        Some(Reason::Tested) => Cell::Text(say!(language, sv: "prövad", en: "tried").to_owned()),
        _ => Cell::Missing { reason: say!(language, sv: "landet rangordnas inte på den listan", en: "the country is not ranked on that list") },
    }
}

/// Which of the first ten countries stands high most because many have moved from there already.
fn habit(view: &View) -> Option<String> {
    let language = view.language();
    let without = view.list(POTENTIAL).ranks_of_scores();
    let ranks = view.ranked(MarketKind::Country).into_iter().take(10).filter_map(|row| {
        let (own, other) = (usize::try_from(row.rank?).ok()?, *without.get(&row.market)?);
        Some((row.market, own, other))
    });
    let (market, own, other) = ranks.reduce(|most, next| if next.2.saturating_sub(next.1) > most.2.saturating_sub(most.1) { next } else { most })?;
    if other <= own {
        return Some(
            say!(language,
                sv: "Ingen av de tio första skulle ha fått en sämre plats med vikterna på Oprövad, som inte räknar dem som redan har flyttat hit.",
                en: "None of the first ten would have ranked lower with the weights of Untested, which leave out those who have moved here already.",
            )
            .to_owned(),
        );
    }
    let name = view.market_in_prose(market);
    let opening = capital(&name);
    Some(say!(language,
        sv: format!(
            "{opening} ligger högt på listan främst för att många har flyttat därifrån de senaste åren: poängen ger plats {own}, men med vikterna på Oprövad, som inte räknar dem, plats {other} bland alla länder."
        ),
        en: format!(
            "{opening} stands high on the list mainly because many have moved from there in recent years: its score gives rank {own}, but with the weights of Untested, which leave them out, rank {other} among all countries."
        ),
    ))
}

/// Sentences that say why the first three countries of the list of untested ones stand elsewhere on the other list.
fn difference(view: &View) -> Option<String> {
    let language = view.language();
    let likely = view.list(LIKELY);
    // Both ranks are among all countries: the numbers on the lists count different countries.
    let (here, there) = (view.ranks_of_scores(), likely.ranks_of_scores());
    let sentence = |row: &&MarketScore| {
        let (own, other) = (*here.get(&row.market)?, *there.get(&row.market)?);
        let name = view.market_in_prose(row.market);
        let why = match likely.pillar_of_difference(view, row.market, other < own) {
            Some(pillar) if other != own => {
                let words = pillar_words(pillar, other < own, language);
                say!(language, sv: format!(", främst för att {words}"), en: format!(", mainly because {words}"))
            }
            _ => String::new(),
        };
        Some(say!(language,
            sv: format!("{} får plats {own} bland alla länder med vikterna här och plats {other} med dem på Trolig{why}.", capital(&name)),
            en: format!("{} gets rank {own} among all countries with the weights here and rank {other} with those of Likely{why}.", capital(&name)),
        ))
    };
    let sentences: Vec<String> = view.ranked(MarketKind::Country).iter().take(3).filter_map(sentence).collect();
    let lead = say!(language,
        sv: "Så här blir platserna av poängen ensam; tabellens ordning kommer av simuleringarna.",
        en: "These are the ranks by the score alone; the order of the table comes from the simulations.",
    );
    (!sentences.is_empty()).then(|| format!("{lead} {}", sentences.join(" ")))
}

/// " på Trolig", for countries.
fn on_list(view: &View, kind: MarketKind) -> String {
    match kind {
        MarketKind::Country => say!(view.language(), sv: format!(" på {}", view.list_name()), en: format!(" on {}", view.list_name())),
        MarketKind::County => String::new(),
    }
}

fn title(view: &View, kind: MarketKind) -> String {
    let language = view.language();
    let on_list = on_list(view, kind);
    let front = view.front(kind);
    // A title names no more than a reader takes in at a glance.
    let shown = front.markets.len().min(NAMED_IN_TITLE);
    let opening = capital(&language.list(&names(view, &front, &front.markets[..shown])));
    let ranked = view.ranked(kind).len();
    let of = language.count(ranked, noun(kind));
    match front.tier {
        None => {
            let has = en::agrees(shown, "has the highest score", "have the highest scores");
            say!(language, sv: format!("{opening} får högst poäng av {of}{on_list}"), en: format!("{opening} {has} of {of}{on_list}"))
        }
        Some(members) if members > shown => {
            let count = capital(&language.count(members, noun(kind)));
            say!(language,
                sv: format!("{count} av {ranked}{on_list} ligger i första gruppen"),
                en: format!("{count} of {ranked}{on_list} are in the first tier"),
            )
        }
        Some(_) => {
            let verb = en::agrees(shown, "is", "are");
            say!(language,
                sv: format!("{opening} ligger i första gruppen av {of}{on_list}"),
                en: format!("{opening} {verb} in the first tier of {of}{on_list}"),
            )
        }
    }
}

/// Share of the need that a country of Oprövad must be open for to be shown: below its first places most of that list is closed for nearly everything, which
/// tells a reader nothing.
const LEAST_OPEN: f64 = 0.5;

/// Whether a ranked country is shown: all on Trolig; on Oprövad those of the first tier and those that are open for at least half of the need.
fn is_shown(view: &View, row: &MarketScore) -> bool {
    let first = row.uncertainty.as_ref().is_some_and(|uncertainty| uncertainty.tier == 1);
    view.weighting != POTENTIAL || first || row.open_share.is_some_and(|share| share >= LEAST_OPEN)
}

/// The first `most` markets that are shown.
fn shown<'a>(view: &View<'a>, kind: MarketKind, most: usize) -> Vec<&'a MarketScore> {
    view.ranked(kind).into_iter().filter(|row| kind == MarketKind::County || is_shown(view, row)).take(most).collect()
}

/// How many ranked countries are not shown, in a sentence; nothing where all are.
fn not_shown(view: &View) -> Option<String> {
    let language = view.language();
    let ranked = view.ranked(MarketKind::Country);
    let count = ranked.iter().filter(|row| !is_shown(view, row)).count();
    let (all, list) = (ranked.len(), view.list_name());
    (count > 0).then(|| {
        say!(language,
            sv: format!("{count} av {all} länder på {list} visas inte: de är stängda för mer än halva behovet. De står i tabellen markets."),
            en: format!("{count} of {all} countries on {list} are not shown: they are closed for more than half of the need. They are in the table markets."),
        )
    })
}

/// The chart of the first `most` markets, whose numbers stand in the table with this number.
pub fn figure(builder: &mut Builder, view: &View, kind: MarketKind, most: usize, table: usize) -> Result<(), ReportError> {
    let language = view.language();
    let ranked = view.ranked(kind);
    let tiers = view.has_tiers(kind);
    let shown = shown(view, kind, most);
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
    let slug = match kind {
        MarketKind::Country if view.weighting == POTENTIAL => "oprovade",
        MarketKind::Country => "lander",
        MarketKind::County => "lan",
    };
    let many = noun(kind).many(language);
    let all_of_them = match kind {
        MarketKind::Country => say!(language, sv: "länderna", en: "countries"),
        MarketKind::County => say!(language, sv: "länen", en: "counties"),
    };
    let first = first_of(view, kind, shown.len(), ranked.len());
    let caption = if tiers {
        say!(language,
            sv: format!("{first}. Strecket visar platsen i nio av tio simuleringar, punkten medianen. Inom en grupp kan {all_of_them} inte skiljas åt."),
            en: format!("{first}. The bar shows the rank in nine simulations out of ten, the dot the median. Within a tier the {all_of_them} cannot be told apart."),
        )
    } else {
        say!(language,
            sv: format!("{first}, med poäng av 100. Hur säkra platserna är har inte räknats ut i den här körningen, så små skillnader säger ingenting."),
            en: format!("{first}, with scores out of 100. How certain the ranks are has not been calculated in this run, so small differences mean nothing."),
        )
    };
    let named: Vec<String> = shown
        .iter()
        .map(|row| match row.uncertainty.as_ref().filter(|_| tiers) {
            Some(uncertainty) => {
                let (name, tier) = (view.market_in_prose(row.market), uncertainty.tier);
                let (median, places) = (median(uncertainty.median, language), places(language, uncertainty.p05, uncertainty.p95));
                say!(language,
                    sv: format!("{name} i grupp {tier} med medianplats {median} (plats {places})"),
                    en: format!("{name} in tier {tier} with median rank {median} (rank {places})"),
                )
            }
            None => format!("{} {}", view.market_in_prose(row.market), language.number(row.score.unwrap_or(0.0), 1)),
        })
        .collect();
    let what =
        if tiers { say!(language, sv: "platser med intervall", en: "ranks with intervals") } else { say!(language, sv: "poäng", en: "scores") };
    let (count, named) = (shown.len(), language.list(&named));
    let alternative = say!(language,
        sv: format!("Liggande diagram över {what} för {count} {many}: {named}."),
        en: format!("Horizontal chart of {what} for {count} {many}: {named}."),
    );
    let text = FigureText { slug, title: title(view, kind), caption: caption.into(), alternative };
    let mut origin = origin(view, kind);
    let unit = if tiers {
        say!(language, sv: "plats i rangordningen, 1 är bäst", en: "rank, 1 is best")
    } else {
        say!(language, sv: "poäng 1–100", en: "score 1–100")
    };
    origin.unit = Some(unit.to_owned());
    // The axis ends where the shown intervals do, on a round number; the words say of how many.
    let last = markets.iter().filter_map(|market| market.interval.as_ref()).map(|interval| interval.high).fold(0.0, f64::max);
    let candidates = (((last / 10.0).ceil() * 10.0) as usize).clamp(1, ranked.len().max(1));
    builder.figure(text, |about| ranking::svg(&RankingData { about, candidates, axis: None, markets }), FigureData::Table(table), origin)
}

/// A median rank as the table prints it.
fn median(rank: f64, language: Language) -> String {
    language.number(rank, usize::from(rank.fract() > 0.05))
}

/// "De 15 första av 158 länder"; on Oprövad, of those that are open for at least half of the need.
fn first_of(view: &View, kind: MarketKind, shown: usize, ranked: usize) -> String {
    let language = view.language();
    let many = noun(kind).many(language);
    if kind == MarketKind::Country && view.ranked(kind).iter().any(|row| !is_shown(view, row)) {
        return say!(language,
            sv: format!("De {shown} första som är öppna för minst halva behovet, av {ranked} {many}"),
            en: format!("The first {shown} that are open for at least half of the need, of {ranked} {many}"),
        );
    }
    say!(language, sv: format!("De {shown} första av {ranked} {many}"), en: format!("The first {shown} of {ranked} {many}"))
}

/// Where the ranking of a kind of market comes from.
pub fn origin(view: &View, kind: MarketKind) -> Origin {
    let period = match kind {
        MarketKind::Country => latest(view),
        MarketKind::County => view.run.analysis.demand.period.to_string(),
    };
    let source = match kind {
        MarketKind::Country => sources::all(view.run),
        MarketKind::County => sources::line(view.run, &sources::COUNTIES),
    };
    Origin { unit: None, period: Some(period), source, tables: vec!["markets", "fit", "indicators"] }
}

/// The pillars that the view's list weighs and the kind of market has figures for.
pub fn pillar_columns(view: &View, kind: MarketKind) -> Vec<usize> {
    let empty = view.run.analysis.markets.empty_pillars.get(&kind);
    let weighting = view.run.config.method.weightings.get(view.weighting).filter(|_| kind == MarketKind::Country);
    let counted = |pillar: usize| weighting.is_none_or(|weighting| weighting.pillars()[pillar].1.weight > 0.0);
    (0..4).filter(|pillar| counted(*pillar) && !empty.is_some_and(|empty| empty.contains(&crate::market::PILLARS[*pillar]))).collect()
}

/// Columns of a market and its place: tier and interval where they are computed, and the score.
pub fn place_columns(head: &str, tiers: bool, language: Language) -> Vec<Column> {
    let mut columns = vec![Column::text(head)];
    if tiers {
        let rank = say!(language, sv: "Plats", en: "Rank");
        columns.extend([
            Column::number(say!(language, sv: "Grupp", en: "Tier"), ""),
            Column::number(rank, "median"),
            Column::number(rank, say!(language, sv: "9 av 10 simuleringar", en: "9 simulations in 10")),
        ]);
    }
    columns.push(Column::number(say!(language, sv: "Poäng", en: "Score"), "1–100"));
    columns
}

/// The cells of [`place_columns`].
pub fn place_cells(view: &View, row: &MarketScore, tiers: bool) -> Vec<Cell> {
    let language = view.language();
    let mut cells = vec![view.linked(row.market)];
    if let Some(uncertainty) = row.uncertainty.as_ref().filter(|_| tiers) {
        cells.extend([
            Cell::Number { value: f64::from(uncertainty.tier), decimals: 0 },
            Cell::Number { value: uncertainty.median, decimals: usize::from(uncertainty.median.fract() > 0.05) },
            Cell::Text(places(language, uncertainty.p05, uncertainty.p95)),
        ]);
    }
    cells.push(Cell::number(row.score, 1, say!(language, sv: "poängen kan inte räknas ut", en: "the score cannot be calculated")));
    cells
}

fn table(builder: &mut Builder, view: &View, kind: MarketKind, most: usize, with_pillars: bool) {
    let language = view.language();
    let ranked = view.ranked(kind);
    let tiers = view.has_tiers(kind);
    let shown = shown(view, kind, most);
    let pillars = if with_pillars { pillar_columns(view, kind) } else { Vec::new() };
    let country = kind == MarketKind::Country;
    let head = if country { say!(language, sv: "Land", en: "Country") } else { say!(language, sv: "Län", en: "County") };
    let many = noun(kind).many(language);
    let mut columns = place_columns(head, tiers, language);
    columns.extend(pillars.iter().map(|pillar| Column::number(pillar_names(language)[*pillar], "1–100")));
    if country && !with_pillars {
        let other = view.list(if view.weighting == POTENTIAL { LIKELY } else { POTENTIAL });
        columns.extend([
            Column::number(say!(language, sv: "Nummer på", en: "Number on"), other.list_name()),
            Column::text(say!(language, sv: "Utmärks av att", en: "Stands out in that")),
            Column::number(say!(language, sv: "Öppet för", en: "Open for"), say!(language, sv: "% av behovet", en: "% of the need")),
            Column::text(say!(language, sv: "Att tänka på", en: "Points to note")),
        ]);
    }
    let middle = view.middle();
    let rows = shown
        .iter()
        .map(|row| {
            let mut cells = place_cells(view, row, tiers);
            let values = view.pillars(row.market);
            let no_basis = say!(language, sv: "underlag saknas för delen", en: "no figures for the component");
            cells.extend(pillars.iter().map(|pillar| Cell::number(values[*pillar], 0, no_basis)));
            if country && !with_pillars {
                let unknown = say!(language, sv: "andelen kan inte räknas ut", en: "the share cannot be calculated");
                cells.extend([other_place(view, row), Cell::Text(because(view, row.market, &middle))]);
                cells.push(Cell::number(row.open_share.map(|share| share * 100.0), 0, unknown));
                cells.push(Cell::Text(view.care_words(row.market)));
            }
            cells
        })
        .collect();
    let mut notes: Vec<Prose> = Vec::new();
    if with_pillars && country {
        notes.push(pillar_note(view, &pillars).into());
    } else if country {
        notes.push(
            say!(language,
                sv: "Utmärks av att: den del där landet skiljer sig mest från mitten bland listans 15 första.",
                en: "Stands out in that: the component in which the country differs most from the middle of the first 15 on the list.",
            )
            .into(),
        );
    }
    notes.extend(not_shown(view).filter(|_| country && !with_pillars).map(Prose::from));
    notes.extend(shown.iter().filter_map(|row| moved(view, row)));
    let count = shown.len();
    let title = if with_pillars && country {
        let list = view.list_name();
        say!(language,
            sv: format!("Delarnas poäng för de {count} första på {list}"),
            en: format!("Scores of the components for the first {count} on {list}"),
        )
    } else if count < ranked.len() {
        format!("{}{}", first_of(view, kind, count, ranked.len()), on_list(view, kind))
    } else {
        let on_list = on_list(view, kind);
        say!(language, sv: format!("Alla {count} {many}{on_list} i ordning"), en: format!("All {count} {many}{on_list} in order"))
    };
    builder.table(title, Grid { columns, rows }, notes, origin(view, kind));
}

/// What each pillar of the view's list is made of.
fn pillar_note(view: &View, pillars: &[usize]) -> String {
    let language = view.language();
    let Some(weighting) = view.run.config.method.weightings.get(view.weighting) else { return String::new() };
    let parts = weighting.pillars();
    let sentences = pillars.iter().map(|pillar| {
        let indicators = parts[*pillar].1.indicators.iter().filter(|(_, weight)| **weight > 0.0);
        let words: Vec<&str> = indicators.map(|(name, _)| indicator_words(name, language)).collect();
        format!("{}: {}.", pillar_names(language)[*pillar], language.list(&words))
    });
    sentences.collect::<Vec<_>>().join(" ")
}

/// A remark on a market whose score gives another place than the simulations.
fn moved(view: &View, row: &MarketScore) -> Option<Prose> {
    let factor = row.uncertainty.as_ref()?.moved_by?;
    let language = view.language();
    let (name, words) = (view.market(row.market), factor_words(factor, language));
    Some(
        say!(language,
            sv: format!("{name}: poängen ger en plats utanför intervallet. Det som flyttar platsen är {words}."),
            en: format!("{name}: the score gives a rank outside the interval. What moves the rank is {words}."),
        )
        .into(),
    )
}

/// The first countries outside the EU and EEA, in a sentence.
fn third_countries(view: &View) -> Option<String> {
    let language = view.language();
    let free = |market: Market| matches!(market, Market::Country(country) if view.run.figures.free_movement.contains_key(&country));
    let ranked = view.ranked(MarketKind::Country);
    let first: Vec<&MarketScore> = ranked.iter().copied().filter(|row| !free(row.market)).take(3).collect();
    if first.is_empty() {
        return None;
    }
    let tiers = view.has_tiers(MarketKind::Country);
    let named: Vec<String> = first
        .iter()
        .map(|row| {
            let name = view.market_in_prose(row.market);
            if let Some(uncertainty) = row.uncertainty.as_ref().filter(|_| tiers) {
                let (tier, places) = (uncertainty.tier, places(language, uncertainty.p05, uncertainty.p95));
                say!(language, sv: format!("{name} (grupp {tier}, plats {places})"), en: format!("{name} (tier {tier}, rank {places})"))
            } else {
                let score = language.number(row.score.unwrap_or(0.0), 1);
                say!(language, sv: format!("{name} ({score} poäng)"), en: format!("{name} (score {score})"))
            }
        })
        .collect();
    let inside = ranked.iter().take(15).filter(|row| free(row.market)).count();
    let lead = if inside == ranked.len().min(15) {
        say!(language,
            sv: format!("Alla {inside} första länder har fri rörlighet till Sverige. "),
            en: format!("The first {inside} countries all have free movement to Sweden. "),
        )
    } else {
        String::new()
    };
    let highest = language.list(&named);
    let verb = en::agrees(named.len(), "is", "are");
    Some(say!(language,
        sv: format!("{lead}Högst bland länder vars medborgare behöver arbetstillstånd ligger {highest}."),
        en: format!("{lead}Highest among countries whose citizens need a work permit {verb} {highest}."),
    ))
}

/// The section of an area: countries.
pub fn countries(builder: &mut Builder, view: &View) -> Result<(), ReportError> {
    let language = view.language();
    builder.heading(say!(language, sv: "Vilka länder passar bäst?", en: "Which countries fit best?"), "lander");
    if view.ranked(MarketKind::Country).is_empty() {
        builder.paragraph(say!(language,
            sv: "Inget land kan rangordnas, eftersom inget yrke i området rekryteras eller uppgifter saknas.",
            en: "No country can be ranked, because no occupation in the area is recruited for or figures are missing.",
        ));
        return Ok(());
    }
    builder.paragraph(two_lists(language));
    builder.paragraph(same_in_all_counties(language));
    builder.subheading(say!(language, sv: "Trolig: varifrån kommer folk troligen?", en: "Likely: where are people likely to come from?"), "trolig");
    builder.paragraph(say!(language,
        sv: "Poängen går från 1 till 100. Den väger ihop hur många som har yrkena, hur många som saknar arbete, hur många som har flyttat till Sverige de senaste åren och hur vägen in ser ut. \
             Ett land får hög poäng bara om alla delarna fungerar.",
        en: "The score runs from 1 to 100. It combines how many people have the occupations, how many are without work, how many have moved to Sweden in recent years and what the route in \
             looks like. A country scores high only if all components work.",
    ));
    figure(builder, view, MarketKind::Country, 15, builder.next_table())?;
    table(builder, view, MarketKind::Country, 15, false);
    if let Some(text) = habit(view) {
        builder.paragraph(text);
    }
    if let Some(text) = third_countries(view) {
        builder.paragraph(text);
    }
    if let Some(text) = neighbours(std::slice::from_ref(view)) {
        builder.paragraph(text);
    }
    table(builder, view, MarketKind::Country, 15, true);
    untested(builder, view, 15, true)
}

/// The list of untested countries.
fn untested(builder: &mut Builder, view: &View, most: usize, with_pillars: bool) -> Result<(), ReportError> {
    let language = view.language();
    let list = view.list(POTENTIAL);
    builder.subheading(
        say!(language, sv: "Oprövad: vilka länder har få sökt sig hit ifrån?", en: "Untested: which countries have few come from?"),
        "oprovad",
    );
    let years: Vec<String> = view.run.analysis.markets.trial_years.iter().rev().map(i32::to_string).collect();
    let years = language.list(&years);
    builder.paragraph(say!(language,
        sv: format!(
            "Ett land utanför EU och EES är oprövat om det har fått färre förstagångstillstånd för arbete per invånare än medianen ({years}). Ett land med fri rörlighet är oprövat om \
             antalet födda där som bor i Sverige har ökat mindre än medianen bland sådana länder och inte redan är stort."
        ),
        en: format!(
            "A country outside the EU and EEA is untested if it has been granted fewer first-time work permits per inhabitant than the median ({years}). A country with free movement is \
             untested if the number of residents of Sweden born there has grown by less than the median of such countries and is not already large."
        ),
    ));
    if list.ranked(MarketKind::Country).is_empty() {
        builder.paragraph(say!(language,
            sv: "Inget oprövat land kan rangordnas här.",
            en: "No untested country can be ranked here.",
        ));
        return Ok(());
    }
    figure(builder, &list, MarketKind::Country, most, builder.next_table())?;
    table(builder, &list, MarketKind::Country, most, false);
    if let Some(text) = difference(&list) {
        builder.paragraph(text);
    }
    if with_pillars {
        table(builder, &list, MarketKind::Country, most, true);
    }
    Ok(())
}

/// The section of an area: counties.
pub fn counties(builder: &mut Builder, view: &View) -> Result<(), ReportError> {
    let language = view.language();
    builder.heading(say!(language, sv: "Vilka län i Sverige passar bäst?", en: "Which Swedish counties fit best?"), "lan");
    let ranked = view.ranked(MarketKind::County);
    if ranked.is_empty() {
        builder.paragraph(say!(language,
            sv: "Inget län kan rangordnas, eftersom inget yrke i området rekryteras.",
            en: "No county can be ranked, because no occupation in the area is recruited for.",
        ));
        return Ok(());
    }
    let empty = view.run.analysis.markets.empty_pillars.get(&MarketKind::County).cloned().unwrap_or_default();
    let missing = empty_names(&empty, language);
    let without = if missing.is_empty() {
        String::new()
    } else {
        let missing = language.list(&missing);
        say!(language,
            sv: format!(" Delen {missing} är inte med, eftersom uppgifter saknas; de andra delarna väger då tyngre."),
            en: format!(" The component {missing} is left out, because figures are missing; the other components then weigh more."),
        )
    };
    let count = ranked.len();
    let moves = if empty.contains(&"mobility") { "" } else { say!(language, sv: ", flyttarna därifrån hit", en: ", the moves from there to here") };
    builder.paragraph(say!(language,
        sv: format!(
            "Sveriges {count} andra län rangordnas för sig, eftersom uppgifterna är andra: hur många som har yrkena, Arbetsförmedlingens bedömning där{moves} och avståndet.{without} \
             Poängen visar hur länen förhåller sig till varandra och går inte att jämföra med ländernas."
        ),
        en: format!(
            "Sweden’s {count} other counties are ranked separately, because the figures are different: how many people have the occupations, the Public Employment Service’s assessment there{moves} \
             and the distance.{without} The score shows how the counties compare with one another and cannot be compared with that of the countries."
        ),
    ));
    figure(builder, view, MarketKind::County, 10, builder.next_table())?;
    table(builder, view, MarketKind::County, 10, true);
    Ok(())
}

/// Countries of the two lists on a sheet of two pages.
const LIKELY_ON_SHEET: usize = 8;
const UNTESTED_ON_SHEET: usize = 4;

/// The countries on a sheet of two pages: two tables.
pub fn sheet(builder: &mut Builder, view: &View) {
    let language = view.language();
    builder.heading(say!(language, sv: "Vilka länder?", en: "Which countries?"), "lander");
    if view.ranked(MarketKind::Country).is_empty() {
        builder.paragraph(say!(language,
            sv: "Inget land kan rangordnas, eftersom inget yrke i branschen rekryteras eller uppgifter saknas.",
            en: "No country can be ranked, because no occupation in the industry is recruited for or figures are missing.",
        ));
        return;
    }
    sheet_table(builder, view, LIKELY_ON_SHEET);
    sheet_table(builder, &view.list(POTENTIAL), UNTESTED_ON_SHEET);
}

fn sheet_table(builder: &mut Builder, view: &View, most: usize) {
    let language = view.language();
    let shown = shown(view, MarketKind::Country, most);
    if shown.is_empty() {
        return;
    }
    let tiers = view.has_tiers(MarketKind::Country);
    let mut columns = place_columns(say!(language, sv: "Land", en: "Country"), tiers, language);
    columns.extend([
        Column::number(say!(language, sv: "Öppet för", en: "Open for"), say!(language, sv: "% av behovet", en: "% of the need")),
        Column::text(say!(language, sv: "Att tänka på", en: "Points to note")),
    ]);
    let unknown = say!(language, sv: "andelen kan inte räknas ut", en: "the share cannot be calculated");
    let rows: Vec<Vec<Cell>> = shown
        .iter()
        .map(|row| {
            let mut cells = place_cells(view, row, tiers);
            cells.push(Cell::number(row.open_share.map(|share| share * 100.0), 0, unknown));
            cells.push(Cell::Text(view.care_words(row.market)));
            cells
        })
        .collect();
    let ranked = view.ranked(MarketKind::Country).len();
    let note = format!("{}.", first_of(view, MarketKind::Country, rows.len(), ranked));
    // The second table has the same period.
    let period = (view.weighting == LIKELY).then(|| latest(view));
    let origin = Origin { period, tables: vec!["markets", "fit"], ..Origin::default() };
    builder.table(title(view, MarketKind::Country), Grid { columns, rows }, vec![note.into()], origin);
}

/// Untested countries in the second part of an industry's document.
const UNTESTED_IN_BRIEF: usize = 8;

/// The countries in the second part of an industry's document: charts and what explains the places.
pub fn brief(builder: &mut Builder, view: &View, most: usize) -> Result<(), ReportError> {
    let language = view.language();
    builder.heading(say!(language, sv: "Vilka länder?", en: "Which countries?"), "lander");
    if view.ranked(MarketKind::Country).is_empty() {
        builder.paragraph(say!(language,
            sv: "Inget land kan rangordnas, eftersom inget yrke i branschen rekryteras eller uppgifter saknas.",
            en: "No country can be ranked, because no occupation in the industry is recruited for or figures are missing.",
        ));
        return Ok(());
    }
    figure(builder, view, MarketKind::Country, most, builder.next_table())?;
    table(builder, view, MarketKind::Country, most, false);
    if let Some(text) = third_countries(view) {
        builder.paragraph(text);
    }
    untested(builder, view, UNTESTED_IN_BRIEF, false)?;
    builder.paragraph(format!("{} {}", two_lists(language), same_in_all_counties(language)));
    Ok(())
}
