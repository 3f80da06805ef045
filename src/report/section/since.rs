//! What has happened to the places since an earlier run.

use super::super::ReportError;
use super::super::builder::{Builder, FigureText};
use super::super::model::{Cell, Column, FigureData, Grid, Origin, Prose};
use super::super::view::View;
use super::answer::places;
use super::causes;
use super::heat::latest;
use super::sources;
use crate::chart::slope::{self, SlopeData, SlopeMarket, SlopePlace};
use crate::language::say;
use crate::market::RankUncertainty;
use crate::previous::PreviousPlace;
use crate::supply::{Market, MarketKind};

/// Rank, now or then, within which a move is of interest.
const NEAR: f64 = 20.0;
/// Fewest places of a move that is shown for a country outside the first tier.
const LEAST: f64 = 3.0;
/// Most markets of the chart.
const MOST: usize = 18;

/// A country in both runs.
#[derive(Clone, Copy)]
struct Move<'a> {
    market: Market,
    before: Option<PreviousPlace>,
    now: &'a RankUncertainty,
}

impl Move<'_> {
    /// How many places up, or down if negative.
    fn up(&self) -> Option<f64> {
        Some(self.before?.median - self.now.median)
    }

    /// Whether the intervals lie apart.
    fn is_certain(&self) -> bool {
        self.before.is_some_and(|before| before.p95 < self.now.p05 || self.now.p95 < before.p05)
    }
}

/// The section of an area; nothing where no earlier run was given.
pub fn whole(builder: &mut Builder, view: &View) -> Result<(), ReportError> {
    let Some(previous) = view.run.previous else { return Ok(()) };
    let language = view.language();
    let (then, year, list) = (previous.year, view.year(), view.list_name());
    builder.heading(say!(language, sv: "Sedan förra körningen", en: "Since the previous run"), "sedan");
    let of = |market: Market| previous.places.get(&(view.weighting.to_owned(), view.area.key.clone(), market.code().to_owned())).copied();
    let all: Vec<Move> = view
        .ranked(MarketKind::Country)
        .into_iter()
        .filter_map(|row| Some(Move { market: row.market, before: of(row.market), now: row.uncertainty.as_ref()? }))
        .collect();
    if !all.iter().any(|found| found.before.is_some()) {
        builder.paragraph(say!(language,
            sv: format!("Platserna kan inte jämföras med körningen {then}, eftersom området eller platsernas osäkerhet saknas i en av dem."),
            en: format!("The ranks cannot be compared with the run of {then}, because the area or the uncertainty of the ranks is missing in one of them."),
        ));
        return Ok(());
    }
    if !previous.same_method {
        builder.note(say!(language,
            sv: format!("Metoden har ändrats sedan körningen {then}. En del av skillnaderna kan bero på det och inte på länderna."),
            en: format!("The method has changed since the run of {then}. Some of the differences may be due to that and not to the countries."),
        ));
    }
    let first = all.iter().map(|found| found.now.tier).min().unwrap_or(1);
    let size = |found: &Move| found.up().map_or(0.0, f64::abs);
    let near = |found: &Move| found.now.median <= NEAR || found.before.is_some_and(|before| before.median <= NEAR);
    let mut shown: Vec<Move> = all.iter().copied().filter(|found| found.now.tier == first).take(MOST - 6).collect();
    let mut movers: Vec<Move> =
        all.iter().copied().filter(|found| found.now.tier != first && near(found) && (size(found) >= LEAST || found.before.is_none())).collect();
    movers.sort_by(|one, other| other.is_certain().cmp(&one.is_certain()).then(size(other).total_cmp(&size(one))));
    shown.extend(movers.into_iter().take(MOST - shown.len()));
    shown.sort_by_key(|found| (found.now.place, found.market));

    let certain: Vec<&Move> = shown.iter().filter(|found| found.is_certain()).collect();
    let names: Vec<String> = certain.iter().map(|found| view.market_in_prose(found.market)).collect();
    let title = if names.is_empty() {
        say!(language,
            sv: format!("Inget av länderna har säkert bytt plats på {list} sedan körningen {then}"),
            en: format!("None of the countries has certainly changed rank on {list} since the run of {then}"),
        )
    } else {
        let names = super::super::text::capital(&language.list_of_first(&names, 4));
        say!(language,
            sv: format!("{names} har säkert bytt plats på {list} sedan körningen {then}"),
            en: format!("{names} certainly changed rank on {list} since the run of {then}"),
        )
    };
    builder.paragraph(say!(language,
        sv: "Diagrammet visar den första gruppen och de länder som har flyttat mest bland de främsta. En flytt är säker om intervallen från de två körningarna inte överlappar; annars kan den bero \
             på slumpen.",
        en: "The chart shows the first tier and those of the leading countries that have moved most. A move is certain if the intervals of the two runs do not overlap; otherwise it may be due to \
             chance.",
    ));
    let interval = |low: f64, high: f64| places(language, low, high);
    let rank = |median: f64| language.number(median, usize::from(median.fract() > 0.05));
    let told: Vec<String> = shown
        .iter()
        .map(|found| {
            let (name, now) = (view.market_in_prose(found.market), rank(found.now.median));
            let now_interval = interval(found.now.p05, found.now.p95);
            match found.before {
                Some(before) => {
                    let (then, then_interval) = (rank(before.median), interval(before.p05, before.p95));
                    say!(language,
                        sv: format!("{name} från {then} (plats {then_interval}) till {now} (plats {now_interval})"),
                        en: format!("{name} from {then} (rank {then_interval}) to {now} (rank {now_interval})"),
                    )
                }
                None => say!(language,
                    sv: format!("{name} ny på {now} (plats {now_interval})"),
                    en: format!("{name} new at {now} (rank {now_interval})"),
                ),
            }
        })
        .collect();
    let told = language.list(&told);
    let alternative = say!(language,
        sv: format!("Lutande linjer från medianplatsen {then} till medianplatsen {year}: {told}."),
        en: format!("Sloping lines from the median rank of {then} to that of {year}: {told}."),
    );
    let caption = say!(language,
        sv: "Plats 1 är överst. Talen är medianplats och, inom parentes, platsen i nio av tio simuleringar. Tjocka linjer är säkra flyttar.",
        en: "Rank 1 is at the top. The numbers are the median rank and, in brackets, the rank in nine simulations out of ten. Thick lines are certain moves.",
    );
    let markets: Vec<SlopeMarket> = shown
        .iter()
        .map(|found| SlopeMarket {
            name: view.market(found.market),
            before: found.before.map(|before| SlopePlace { median: before.median, low: before.p05, high: before.p95 }),
            after: Some(SlopePlace { median: found.now.median, low: found.now.p05, high: found.now.p95 }),
            is_certain: found.is_certain(),
        })
        .collect();
    let origin = || Origin { unit: None, period: Some(latest(view)), source: sources::all(view.run), tables: vec!["markets"] };
    let text = FigureText { slug: "sedan", title: title.clone(), caption: caption.into(), alternative };
    let (before, after) = if then == year {
        say!(language,
            sv: (format!("Förra körningen ({then})"), format!("Den här körningen ({year})")),
            en: (format!("The previous run ({then})"), format!("This run ({year})")),
        )
    } else {
        (then.to_string(), year.to_string())
    };
    let table = FigureData::Table(builder.next_table());
    builder.figure(text, |about| slope::svg(&SlopeData { about, before, after, markets }), table, origin())?;

    let rank_head = say!(language, sv: "Plats", en: "Rank");
    let simulations = say!(language, sv: "9 av 10 simuleringar", en: "9 simulations in 10");
    let columns = vec![
        Column::text(say!(language, sv: "Land", en: "Country")),
        Column::number(say!(language, sv: "Plats förut", en: "Rank before"), "median"),
        Column::number(say!(language, sv: "Plats förut", en: "Rank before"), simulations),
        Column::number(rank_head, "median"),
        Column::number(rank_head, simulations),
        Column::text(say!(language, sv: "Flytt", en: "Move")),
    ];
    let new = say!(language, sv: "landet rangordnades inte då", en: "the country was not ranked then");
    let median = |median: f64| Cell::Number { value: median, decimals: usize::from(median.fract() > 0.05) };
    let rows = shown
        .iter()
        .map(|found| {
            let direction = match found.up() {
                None => say!(language, sv: "ny", en: "new"),
                Some(_) if found.is_certain() => say!(language, sv: "säker", en: "certain"),
                Some(up) if up.abs() < 1e-9 => say!(language, sv: "ingen", en: "none"),
                Some(_) => say!(language, sv: "kan vara slump", en: "may be chance"),
            };
            let (then, then_interval) = match found.before {
                Some(before) => (median(before.median), Cell::Text(interval(before.p05, before.p95))),
                None => (Cell::Missing { reason: new }, Cell::Empty),
            };
            vec![
                Cell::Text(view.market(found.market)),
                then,
                then_interval,
                median(found.now.median),
                Cell::Text(interval(found.now.p05, found.now.p95)),
                Cell::Text(direction.to_owned()),
            ]
        })
        .collect();
    let gone = gone(view, &all);
    builder.table(title, Grid { columns, rows }, gone.into_iter().map(Prose::from).collect(), origin());
    causes::of_area(builder, view, &shown.iter().map(|found| found.market).collect::<Vec<_>>());
    Ok(())
}

/// Countries that were in the first tier and are not ranked now.
fn gone(view: &View, all: &[Move]) -> Option<String> {
    let language = view.language();
    let previous = view.run.previous?;
    let known = |code: &str| all.iter().any(|found| found.market.code() == code);
    let then = previous
        .places
        .iter()
        .filter(|((weighting, area, code), place)| weighting == view.weighting && *area == view.area.key && place.tier == 1 && !known(code));
    let names: Vec<String> = then
        .filter_map(|((_, _, code), _)| {
            let row = view.scores(MarketKind::Country).find(|row| row.market.code() == code)?;
            Some(view.market_in_prose(row.market))
        })
        .collect();
    (!names.is_empty()).then(|| {
        let names = language.list(&names);
        say!(language,
            sv: format!("I första gruppen då, men inte rangordnade nu: {names}."),
            en: format!("In the first tier then, but not ranked now: {names}."),
        )
    })
}
