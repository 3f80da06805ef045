//! Where the markets lie: maps of Europe, of the world and of Sweden's counties, shaded by score.

use super::super::ReportError;
use super::super::builder::{Builder, FigureText};
use super::super::model::{Cell, Column, FigureData, Grid, Origin, Prose};
use super::super::text::{capital, en};
use super::super::view::View;
use super::answer::{noun, places};
use super::heat::latest;
use super::sources;
use crate::chart::base_map::{BaseMap, Extent};
use crate::chart::map::{self, MapArea, MapData, Shade, class, classes};
use crate::config::POTENTIAL;
use crate::language::{Language, say};
use crate::market::MarketScore;
use crate::reason::Reason;
use crate::supply::{Market, MarketKind};

/// A country among the first of its list that lies outside Europe calls for a map of the world.
const FIRST: usize = 15;
/// How many untested countries are named on the map.
const NAMED_IN_WORLD: usize = 12;
/// How many markets the alternative text names.
const NAMED: usize = 5;

/// What a market is shaded by.
fn shade(row: &MarketScore) -> Shade {
    match (row.score.filter(|_| row.ranked), &row.reason) {
        (Some(score), _) => Shade::Score(score),
        (None, Some(Reason::NotRecruited { .. } | Reason::Closed { .. })) => Shade::Closed,
        (None, Some(Reason::Tested | Reason::TrialUnknown)) => Shade::Unlisted,
        (None, _) => Shade::Missing,
    }
}

/// A map of a run, if its figures have outlines.
struct Drawn<'a> {
    base: &'a BaseMap,
    kind: MarketKind,
    slug: &'static str,
    /// " i Europa", as the end of "inget land" or "får högst poäng".
    of: &'static str,
    /// The markets that it is about.
    rows: Vec<&'a MarketScore>,
    /// Whether the named ones are only those that no other map names.
    named: Box<dyn Fn(&MarketScore) -> bool + 'a>,
}

/// The maps of the countries of the view's list: Europe, and the world where a country that leads lies elsewhere.
pub fn countries(builder: &mut Builder, view: &View) -> Result<(), ReportError> {
    let language = view.language();
    let (Some(europe), Some(world)) = (view.base_map(Extent::Europe), view.base_map(Extent::World)) else { return Ok(()) };
    let ranked = view.ranked(MarketKind::Country);
    let in_europe = |row: &MarketScore| europe.shape(row.market.code()).is_some();
    if !ranked.iter().any(|row| in_europe(row)) {
        return Ok(());
    }
    builder.subheading(say!(language, sv: "Var ligger länderna?", en: "Where are the countries?"), "karta");
    let named: Vec<Market> = view.front(MarketKind::Country).members.iter().map(|row| row.market).collect();
    let rows: Vec<&MarketScore> = sorted(view, MarketKind::Country).into_iter().filter(|row| in_europe(row)).collect();
    let drawn = Drawn {
        base: europe,
        kind: MarketKind::Country,
        slug: "karta-europa",
        of: say!(language, sv: " i Europa", en: " in Europe"),
        rows,
        named: Box::new(|row| named.contains(&row.market)),
    };
    figure(builder, view, &drawn)?;
    let leading: Vec<Market> =
        ranked.iter().take(FIRST).map(|row| row.market).chain(named.iter().copied()).filter(|market| europe.shape(market.code()).is_none()).collect();
    if !leading.is_empty() {
        let rows: Vec<&MarketScore> = sorted(view, MarketKind::Country).into_iter().filter(|row| !in_europe(row)).collect();
        let drawn = Drawn {
            base: world,
            kind: MarketKind::Country,
            slug: "karta-varlden",
            of: say!(language, sv: " utanför Europa", en: " outside Europe"),
            rows,
            named: Box::new(|row| leading.contains(&row.market)),
        };
        figure(builder, view, &drawn)?;
    }
    untested(builder, &view.list(POTENTIAL), world)
}

/// The map of the untested countries, which lie all over the world.
fn untested(builder: &mut Builder, view: &View, world: &BaseMap) -> Result<(), ReportError> {
    let named: Vec<Market> = view.ranked(MarketKind::Country).iter().take(NAMED_IN_WORLD).map(|row| row.market).collect();
    if named.is_empty() {
        return Ok(());
    }
    let rows: Vec<&MarketScore> = sorted(view, MarketKind::Country).into_iter().filter(|row| shade(row) != Shade::Unlisted).collect();
    let named = Box::new(move |row: &MarketScore| named.contains(&row.market));
    figure(builder, view, &Drawn { base: world, kind: MarketKind::Country, slug: "karta-oprovade", of: "", rows, named })
}

/// The map of Sweden's counties.
pub fn counties(builder: &mut Builder, view: &View) -> Result<(), ReportError> {
    let Some(sweden) = view.base_map(Extent::Sweden) else { return Ok(()) };
    let rows = sorted(view, MarketKind::County);
    if !rows.iter().any(|row| row.ranked) {
        return Ok(());
    }
    let of = say!(view.language(), sv: " av länen", en: " of the counties");
    figure(builder, view, &Drawn { base: sweden, kind: MarketKind::County, slug: "karta-lan", of, rows, named: Box::new(|row| row.ranked) })
}

/// Every market of the list: the ranked by score, then the others by name.
fn sorted<'a>(view: &View<'a>, kind: MarketKind) -> Vec<&'a MarketScore> {
    let order = view.language().order();
    let mut rows: Vec<&MarketScore> = view.scores(kind).collect();
    let score = |row: &MarketScore| row.score.filter(|_| row.ranked).unwrap_or(f64::NEG_INFINITY);
    rows.sort_by(|one, other| score(other).total_cmp(&score(one)).then_with(|| order.compare(&view.market(one.market), &view.market(other.market))));
    rows
}

/// What keeps a market from a score, on the map and in its table.
fn closed_words(language: Language) -> &'static str {
    say!(language, sv: "rekryteras inte ifrån", en: "not recruited from")
}

fn figure(builder: &mut Builder, view: &View, drawn: &Drawn) -> Result<(), ReportError> {
    let language = view.language();
    let tiers = view.has_tiers(drawn.kind);
    let first: Vec<Market> = if tiers { view.front(drawn.kind).members.iter().map(|row| row.market).collect() } else { Vec::new() };
    let country = drawn.kind == MarketKind::Country;
    let scored: Vec<(&MarketScore, f64)> = drawn
        .rows
        .iter()
        .filter_map(|row| match shade(row) {
            Shade::Score(score) => Some((*row, score)),
            _ => None,
        })
        .collect();
    // The world has the shades of all countries, those of Europe too.
    let all = view.scores(drawn.kind).filter(|row| drawn.base.extent == Extent::World || drawn.rows.iter().any(|other| other.market == row.market));
    let mut areas: Vec<MapArea> = all
        .map(|row| MapArea {
            code: row.market.code().to_owned(),
            name: view.market(row.market),
            shade: shade(row),
            first: first.contains(&row.market),
            named: (drawn.named)(row),
        })
        .collect();
    let home = if country { crate::code::Country::SWEDEN.to_string() } else { view.run.analysis.county.to_string() };
    let home_name = if country { say!(language, sv: "Sverige", en: "Sweden").to_owned() } else { view.county.clone() };
    areas.push(MapArea { code: home, name: home_name, shade: Shade::Home, first: false, named: drawn.base.extent != Extent::World });
    // Those that lead get their names first.
    let place = |area: &MapArea| drawn.rows.iter().position(|row| row.market.code() == area.code).unwrap_or(usize::MAX);
    areas.sort_by_key(|area| (!area.first, area.shade != Shade::Home, place(area)));

    let title = if tiers { of_tier(view, drawn, &first) } else { of_scores(view, drawn, &scored) };
    let bounds = classes(areas.iter().filter_map(|area| match area.shade {
        Shade::Score(score) => Some(score),
        _ => None,
    }));
    let alternative = alternative(view, drawn, &scored, &first);
    let origin = Origin {
        unit: Some(say!(language, sv: "poäng 1–100", en: "score 1–100").to_owned()),
        period: Some(if country { latest(view) } else { view.run.analysis.demand.period.to_string() }),
        source: with_outlines(view, drawn.kind),
        tables: vec!["markets"],
    };
    let text = FigureText { slug: drawn.slug, title, caption: caption(drawn, tiers, language), alternative };
    let grid = grid(view, drawn, tiers, &bounds);
    let (base, closed) = (drawn.base, closed_words(language).to_owned());
    let first = say!(language, sv: "första gruppen", en: "first tier").to_owned();
    let home = match drawn.kind {
        MarketKind::Country => say!(language, sv: "Sverige", en: "Sweden"),
        MarketKind::County => say!(language, sv: "det egna länet", en: "the county itself"),
    };
    builder.figure(
        text,
        |about| map::svg(&MapData { about, base, areas, closed, first, home: home.to_owned(), measure: None }),
        FigureData::Own(grid),
        origin,
    )
}

/// How many markets of a tier a title names.
const NAMED_IN_TITLE: usize = 4;

/// " på Trolig".
fn on_list(view: &View, kind: MarketKind) -> String {
    if kind == MarketKind::County {
        return String::new();
    }
    let list = view.list_name();
    say!(view.language(), sv: format!(" på {list}"), en: format!(" on {list}"))
}

/// Who on the map is in the first tier, inside which no order can be told.
fn of_tier(view: &View, drawn: &Drawn, first: &[Market]) -> String {
    let language = view.language();
    let mut names: Vec<String> = drawn.rows.iter().filter(|row| first.contains(&row.market)).map(|row| view.market(row.market)).collect();
    language.order().sort(&mut names);
    let count = names.len();
    let (of, on_list) = (drawn.of, on_list(view, drawn.kind));
    let is_county = drawn.kind == MarketKind::County;
    if count == 0 {
        return if is_county {
            say!(language, sv: "Inget län hör till första gruppen", en: "No county is in the first tier").to_owned()
        } else {
            say!(language, sv: format!("Inget land{of} hör till första gruppen{on_list}"), en: format!("No country{of} is in the first tier{on_list}"))
        };
    }
    let verb = en::agrees(count, "is", "are");
    if count > NAMED_IN_TITLE {
        let of = if is_county { "" } else { of };
        let count = capital(&language.count(count, noun(drawn.kind)));
        return say!(language, sv: format!("{count}{of} hör till första gruppen{on_list}"), en: format!("{count}{of} {verb} in the first tier{on_list}"));
    }
    let names = capital(&language.list(&names.iter().map(|name| language.country_in_prose(name)).collect::<Vec<_>>()));
    let of = if is_county { of } else { "" };
    say!(language, sv: format!("{names} hör till första gruppen{of}{on_list}"), en: format!("{names} {verb} in the first tier{of}{on_list}"))
}

/// Who on the map has the highest scores.
fn of_scores(view: &View, drawn: &Drawn, scored: &[(&MarketScore, f64)]) -> String {
    let language = view.language();
    let names: Vec<String> = scored.iter().take(3).map(|(row, _)| view.market_in_prose(row.market)).collect();
    let (opening, of, on_list) = (capital(&language.list(&names)), drawn.of, on_list(view, drawn.kind));
    let has = en::agrees(names.len(), "has the highest score", "have the highest scores");
    say!(language, sv: format!("{opening} får högst poäng{of}{on_list}"), en: format!("{opening} {has}{of}{on_list}"))
}

/// How to read it.
fn caption(drawn: &Drawn, tiers: bool, language: Language) -> Prose {
    let many = noun(drawn.kind).many(language);
    let mut text = say!(language, sv: "Ju mörkare färg, desto högre poäng.", en: "The darker the colour, the higher the score.").to_owned();
    if tiers {
        text.push_str(&say!(language,
            sv: format!(" Tjock ram är första gruppen; dess {many} kan inte skiljas åt."),
            en: format!(" A thick outline is the first tier, whose {many} cannot be told apart."),
        ));
    }
    text.push_str(match drawn.base.extent {
        Extent::Sweden => say!(language,
            sv: " Kartan visar poäng, inte avstånd: ett stort län är inte ett bättre län.",
            en: " The map shows scores, not distances: a large county is not a better county.",
        ),
        Extent::Europe => say!(language,
            sv: " Länderna har sina rätta ytor, men ett stort land är inte därför ett bättre land. Poängen står i kartans tabell.",
            en: " Countries have their true areas, but a large country is not for that reason a better one. The scores are in the map’s table.",
        ),
        Extent::World if drawn.of.is_empty() => say!(language,
            sv: " Länderna har sina rätta ytor. Grå länder är redan prövade eller ingår inte i analysen. Poängen står i kartans tabell.",
            en: " Countries have their true areas. Countries in grey have been tried already or are not part of the analysis. The scores are in the map’s table.",
        ),
        Extent::World => say!(language,
            sv: " Länderna har sina rätta ytor. Kartans tabell har länderna utanför Europa; de andra står i tabellen till kartan över Europa.",
            en: " Countries have their true areas. The map’s table has the countries outside Europe; the others are in the table of the map of Europe.",
        ),
    });
    text.into()
}

/// What the map shows, in words and numbers.
fn alternative(view: &View, drawn: &Drawn, scored: &[(&MarketScore, f64)], first: &[Market]) -> String {
    let language = view.language();
    let with_score = |(row, score): &(&MarketScore, f64)| {
        let (name, score) = (view.market_in_prose(row.market), language.number(*score, 1));
        format!("{name} {score}")
    };
    let highest = language.list(&scored.iter().take(NAMED).map(with_score).collect::<Vec<_>>());
    let count = language.count(scored.len(), noun(drawn.kind));
    let what = match drawn.base.extent {
        Extent::Europe => say!(language, sv: "Karta över Europa", en: "Map of Europe"),
        Extent::World => say!(language, sv: "Världskarta", en: "World map"),
        Extent::Sweden => say!(language, sv: "Karta över Sveriges län", en: "Map of Sweden’s counties"),
    };
    let of = drawn.of;
    let mut text = match drawn.kind {
        MarketKind::Country => say!(language,
            sv: format!("{what}. {}{of} har poäng; högst har {highest}", capital(&count)),
            en: format!("{what}. {}{of} have scores; the highest are {highest}", capital(&count)),
        ),
        MarketKind::County => say!(language,
            sv: format!("{what}. {} har poäng; högst har {highest}", capital(&count)),
            en: format!("{what}. {} have scores; the highest are {highest}", capital(&count)),
        ),
    };
    if let Some(last) = scored.last().filter(|_| scored.len() > NAMED) {
        let last = with_score(last);
        text.push_str(&say!(language, sv: format!(", lägst {last}"), en: format!(", the lowest {last}")));
    }
    text.push('.');
    let mut on_map: Vec<String> = scored.iter().filter(|(row, _)| first.contains(&row.market)).map(|(row, _)| view.market(row.market)).collect();
    if !on_map.is_empty() {
        language.order().sort(&mut on_map);
        let names = language.list(&on_map.iter().map(|name| language.country_in_prose(name)).collect::<Vec<_>>());
        text.push_str(&say!(language, sv: format!(" I första gruppen: {names}."), en: format!(" In the first tier: {names}.")));
    }
    let closed: Vec<String> = drawn.rows.iter().filter(|row| shade(row) == Shade::Closed).map(|row| view.market_in_prose(row.market)).collect();
    if !closed.is_empty() {
        let (words, names) = (capital(closed_words(language)), language.list(&closed));
        text = format!("{text} {words}: {names}.");
    }
    text
}

fn grid(view: &View, drawn: &Drawn, tiers: bool, bounds: &[f64; 6]) -> Grid {
    let language = view.language();
    let head = match drawn.kind {
        MarketKind::Country => say!(language, sv: "Land", en: "Country"),
        MarketKind::County => say!(language, sv: "Län", en: "County"),
    };
    let mut columns = vec![
        Column::text(head),
        Column::number(say!(language, sv: "Poäng", en: "Score"), "1–100"),
        Column::text(say!(language, sv: "Färg på kartan", en: "Colour on the map")),
    ];
    if tiers {
        let rank = say!(language, sv: "Plats", en: "Rank");
        columns.extend([
            Column::number(say!(language, sv: "Grupp", en: "Tier"), ""),
            Column::number(rank, say!(language, sv: "9 av 10 simuleringar", en: "9 simulations in 10")),
        ]);
    }
    let not_ranked = match drawn.kind {
        MarketKind::Country => say!(language, sv: "landet rangordnas inte", en: "the country is not ranked"),
        MarketKind::County => say!(language, sv: "länet rangordnas inte", en: "the county is not ranked"),
    };
    let rows = drawn.rows.iter().map(|row| {
        let shade = shade(row);
        let (score, colour) = match shade {
            Shade::Score(score) => {
                let class = class(score, bounds);
                (Some(score), format!("{}–{}", language.number(bounds[class], 0), language.number(bounds[class + 1], 0)))
            }
            Shade::Closed => (None, closed_words(language).to_owned()),
            Shade::Unlisted | Shade::Home => (None, say!(language, sv: "ingår inte", en: "not included").to_owned()),
            Shade::Missing => (None, say!(language, sv: "uppgifter saknas", en: "figures missing").to_owned()),
        };
        let mut cells = vec![Cell::Text(view.market(row.market)), Cell::number(score, 1, not_ranked), Cell::Text(colour)];
        if tiers {
            match row.uncertainty.as_ref().filter(|_| score.is_some()) {
                Some(uncertainty) => cells.extend([
                    Cell::Number { value: f64::from(uncertainty.tier), decimals: 0 },
                    Cell::Text(places(language, uncertainty.p05, uncertainty.p95)),
                ]),
                None => cells.extend([Cell::Empty, Cell::Empty]),
            }
        }
        cells
    });
    Grid { columns, rows: rows.collect() }
}

/// The figures' sources and that of the outlines.
fn with_outlines(view: &View, kind: MarketKind) -> Prose {
    let (mut line, outlines) = match kind {
        MarketKind::Country => (sources::all(view.run), sources::line(view.run, &[sources::OUTLINES[0]])),
        MarketKind::County => (sources::line(view.run, &sources::COUNTIES), sources::line(view.run, &[sources::OUTLINES[1]])),
    };
    line = line.text(say!(view.language(), sv: " Gränser: ", en: " Boundaries: "));
    // "Källa: " stands there already for the figures.
    line.0.extend(outlines.0.into_iter().skip(1));
    line
}
