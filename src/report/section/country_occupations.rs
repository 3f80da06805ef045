//! The occupations that a country fits best for, how many have them there, and the profile of its score.

use super::super::ReportError;
use super::super::builder::{Builder, FigureText};
use super::super::country_view::{CountryView, Match};
use super::super::model::{Cell, Column, FigureData, Grid, Origin};
use super::super::text::{COUNTRY, capital};
use super::super::view::View;
use super::heat::latest;
use super::ranking::{pillar_columns, pillar_names};
use super::sources;
use crate::backtest::measure::quantile;
use crate::chart::profile::{self, PillarRow, ProfileData};
use crate::ethics::Gate;
use crate::language::{Language, say};
use crate::supply::{Level, MarketKind, Pool};

/// Occupations in the table.
const OCCUPATIONS: usize = 12;

/// Thousands of persons: what a survey gives is not known to the last person. Below a tenth of a thousand nothing is told apart.
fn thousands(value: Option<f64>, reason: &'static str, language: Language) -> Cell {
    let Some(value) = value.map(|persons| persons / 1000.0) else { return Cell::Missing { reason } };
    if value > 0.0 && value < 0.1 {
        return Cell::Text(format!("<{}", language.number(0.1, 1)));
    }
    Cell::Number { value, decimals: usize::from(value < 10.0) }
}

/// What a pool rests on, with its years.
pub fn level_words(pool: &Pool, language: Language) -> String {
    let words = match pool.level {
        Level::TwoDigitsBySex | Level::OneDigitBySex => say!(language, sv: "publicerat", en: "published"),
        Level::TwoDigitsBorrowedSex => say!(language, sv: "publicerat, könen skattade", en: "published, the sexes estimated"),
        Level::TwoDigits => say!(language, sv: "publicerat, könen okända", en: "published, the sexes unknown"),
        Level::Estimated => say!(language, sv: "skattat ur landets inkomst", en: "estimated from the country’s income"),
        Level::UnitGroupBySex => say!(language, sv: "register", en: "register"),
    };
    format!("{}, {}", capital(words), pool.period)
}

/// What a gate says of recruiting, in words.
fn gate_words(view: &CountryView, found: &Match) -> String {
    let language = view.language();
    let entry = if view.moves_freely() {
        say!(language, sv: "fri rörlighet", en: "free movement")
    } else {
        say!(language, sv: "arbetstillstånd krävs", en: "work permit needed")
    };
    match found.fit.gate {
        Some(Gate::Care) => say!(language, sv: format!("Egen brist i landet; {entry}"), en: format!("Own shortage in the country; {entry}")),
        _ => capital(entry),
    }
}

/// The section: the table of occupations.
pub fn table(builder: &mut Builder, view: &CountryView) {
    let language = view.language();
    builder.heading(say!(language, sv: "Yrkena där landet passar bäst", en: "The occupations that the country fits best"), "yrken");
    let matches = view.matches();
    if matches.is_empty() {
        builder.paragraph(say!(language,
            sv: "Landet har uppgifter för inget av de yrken som det är brist på eller som bevakas.",
            en: "The country has figures for none of the occupations with a shortage or under watch.",
        ));
        return;
    }
    let sexes_unknown =
        say!(language, sv: "landet redovisar inte kvinnor och män i yrket", en: "the country does not report women and men in the occupation");
    let unknown = say!(language, sv: "uppgift om antalet i yrket saknas", en: "no figure for the number in the occupation");
    let shown = &matches[..matches.len().min(OCCUPATIONS)];
    let rows = shown
        .iter()
        .map(|found| {
            let demand = view.run.analysis.demand.occupations.get(&found.occupation);
            let reason = if found.pool.is_some() { sexes_unknown } else { unknown };
            vec![
                Cell::Text(view.views.first().map_or_else(String::new, |any| any.occupation(found.occupation))),
                Cell::number(found.fit.score, 0, unknown),
                // A share, not a number: the group's own women and men are the same for all of its occupations.
                Cell::number(found.pool.and_then(|pool| pool.share_women).map(|share| share * 100.0), 0, reason),
                thousands(found.pool.map(|pool| pool.total), unknown, language),
                found.pool.map_or(Cell::Missing { reason: unknown }, |pool| Cell::Text(level_words(pool, language))),
                Cell::number(
                    demand.and_then(|row| row.need),
                    0,
                    say!(language, sv: "behovet kan inte räknas ut", en: "the need cannot be calculated"),
                ),
                Cell::Text(gate_words(view, found)),
            ]
        })
        .collect();
    let abroad = say!(language, sv: "tusental, i yrkesgruppen där", en: "thousands, in the occupation group there");
    let columns = vec![
        Column::text(say!(language, sv: "Yrke", en: "Occupation")),
        Column::number(say!(language, sv: "Matchning", en: "Fit"), "1–100"),
        Column::number(say!(language, sv: "Kvinnor i yrket", en: "Women in the occupation"), say!(language, sv: "%, skattat", en: "%, estimated")),
        Column::number(say!(language, sv: "Kvinnor och män", en: "Women and men"), abroad),
        Column::text(say!(language, sv: "Så vet vi antalet", en: "How the number is known")),
        Column::number(say!(language, sv: "Länets behov", en: "The county’s need"), "0–100"),
        Column::text(say!(language, sv: "Att tänka på", en: "Points to note")),
    ];
    let best: Vec<_> = shown.iter().take(2).map(|found| found.occupation).collect();
    let (opening, best) = (capital(&view.in_prose), view.occupations(&best, 2));
    let title = say!(language,
        sv: format!("{opening} passar bäst för {best}"),
        en: format!("{opening} fits best for {best}"),
    );
    let (count, all, list) = (shown.len(), view.recruited().len(), view.list_name());
    let notes = vec![
        say!(language,
            sv: format!("De {count} yrken med högst matchning på listan {list}, av {all} som det är brist på eller som bevakas i något område."),
            en: format!("The {count} occupations with the highest fit on the list {list}, of {all} with a shortage or under watch in some area."),
        )
        .into(),
        say!(language,
            sv: "Antalet gäller den grövre yrkesgrupp som landet redovisar, så yrken i samma grupp får samma antal. Andelen kvinnor är skattad för yrket, ur landets huvudgrupper av yrken och Sveriges fördelning i yrket, där inget annat sägs. Resten är män.",
            en: "The number is of the coarser group that the country reports, so occupations of the same group get the same number. The share of women is estimated for the occupation, from the country’s major groups of occupations and Sweden’s distribution in the occupation, unless otherwise stated. The rest are men.",
        )
        .into(),
    ];
    let origin =
        Origin { unit: None, period: view.views.first().map(latest), source: sources::all(view.run), tables: vec!["fit", "supply", "demand"] };
    builder.table(title, Grid { columns, rows }, notes, origin);
}

/// A pillar with the country's score and those of the candidates, ascending.
struct Part {
    name: &'static str,
    own: Option<f64>,
    quartiles: Option<[f64; 3]>,
}

fn parts(area: &View, view: &CountryView) -> Vec<Part> {
    let candidates: Vec<[Option<f64>; 4]> = area.ranked(MarketKind::Country).iter().map(|row| area.pillars(row.market)).collect();
    let own = area.pillars(view.market);
    pillar_columns(area, MarketKind::Country)
        .into_iter()
        .map(|pillar| {
            let mut values: Vec<f64> = candidates.iter().filter_map(|pillars| pillars[pillar]).collect();
            values.sort_by(f64::total_cmp);
            let quartiles = (!values.is_empty()).then(|| [0.25, 0.5, 0.75].map(|share| quantile(&values, share)));
            Part { name: pillar_names(area.language())[pillar], own: own[pillar], quartiles }
        })
        .collect()
}

/// The section: the pillars of the score in the area where the country stands best.
pub fn profile(builder: &mut Builder, view: &CountryView) -> Result<(), ReportError> {
    let Some(best) = view.best() else { return Ok(()) };
    let language = view.language();
    builder.heading(say!(language, sv: "Starka och svaga sidor", en: "Strengths and weaknesses"), "profil");
    let area = &best.view;
    let parts = parts(area, view);
    let lead = |part: &Part| Some(part.own? - part.quartiles?[1]);
    let known: Vec<(&Part, f64)> = parts.iter().filter_map(|part| Some((part, lead(part)?))).collect();
    let strongest = known.iter().copied().reduce(|best, next| if next.1 > best.1 { next } else { best });
    let weakest = known.iter().copied().reduce(|worst, next| if next.1 < worst.1 { next } else { worst });
    let opening = capital(&view.in_prose);
    let title = match strongest.zip(weakest) {
        Some(((strong, lead), (weak, lag))) if lead > 0.0 && lag < 0.0 => {
            let (strong, weak) = (language.small(strong.name), language.small(weak.name));
            say!(language,
                sv: format!("Mot mitten av länderna är {} starkast i {strong} och svagast i {weak}", view.in_prose),
                en: format!("Against the middle of the countries {} is strongest in {strong} and weakest in {weak}", view.in_prose),
            )
        }
        // What is weakest of all may still be above the middle: no weakness then.
        Some(((strong, lead), (_, lag))) if lead > 0.0 && known.len() > 1 => {
            let strong = language.small(strong.name);
            let at = if lag > 0.0 { say!(language, sv: "över", en: "above") } else { say!(language, sv: "i eller över", en: "at or above") };
            say!(language,
                sv: format!("{opening} ligger {at} mitten av länderna i alla delar, mest i {strong}"),
                en: format!("{opening} lies {at} the middle of the countries in every component, most in {strong}"),
            )
        }
        Some((_, (weak, lag))) if lag < 0.0 && known.len() > 1 => {
            let weak = language.small(weak.name);
            say!(language,
                sv: format!("{opening} ligger inte över mitten av länderna i någon del, och längst under i {weak}"),
                en: format!("{opening} is above the middle of the countries in no component, and furthest below in {weak}"),
            )
        }
        _ => say!(language,
            sv: format!("{opening} bland länderna som rangordnas"),
            en: format!("{opening} among the ranked countries"),
        ),
    };
    let (name, list, ranked) = (&area.name, area.list_name(), area.ranked(MarketKind::Country).len());
    let candidates = say!(language,
        sv: format!("{} på {list}", language.count(ranked, COUNTRY)),
        en: format!("{} on {list}", language.count(ranked, COUNTRY)),
    );
    let caption = say!(language,
        sv: format!("Delarnas poäng för {name}, där landet står sig bäst på listan {list}. Ju längre stapel, desto bättre. Det grå fältet är den mittersta hälften av {ranked} länder, strecket medianen."),
        en: format!("Scores of the components for {name}, where the country does best on the list {list}. The longer the bar, the better. The grey field is the middle half of {ranked} countries, the line the median."),
    );
    let number = |value: f64| language.number(value, 0);
    let missing = say!(language, sv: "uppgift saknas", en: "no figure");
    let described: Vec<String> = parts
        .iter()
        .map(|part| {
            let own = part.own.map_or_else(|| missing.to_owned(), number);
            let others = part.quartiles.map_or_else(String::new, |[low, median, high]| {
                let (low, median, high) = (number(low), number(median), number(high));
                say!(language,
                    sv: format!(" (medianen {median}, mittersta hälften {low}–{high})"),
                    en: format!(" (median {median}, middle half {low}–{high})"),
                )
            });
            format!("{} {own}{others}", part.name)
        })
        .collect();
    let (own_name, described) = (&view.name, described.join("; "));
    let alternative = say!(language,
        sv: format!("Liggande staplar med poäng för {own_name}: {described}."),
        en: format!("Horizontal bars with scores for {own_name}: {described}."),
    );
    let no_basis = say!(language, sv: "underlag saknas för delen", en: "no figures for the component");
    let grid = Grid {
        columns: vec![
            Column::text(say!(language, sv: "Del", en: "Component")),
            Column::number(view.name.clone(), "1–100"),
            Column::number(say!(language, sv: "Undre kvartil", en: "Lower quartile"), "1–100"),
            Column::number(say!(language, sv: "Median", en: "Median"), "1–100"),
            Column::number(say!(language, sv: "Övre kvartil", en: "Upper quartile"), "1–100"),
        ],
        rows: parts
            .iter()
            .map(|part| {
                let mut cells = vec![Cell::Text(part.name.to_owned()), Cell::number(part.own, 0, no_basis)];
                cells.extend((0..3).map(|position| Cell::number(part.quartiles.map(|values| values[position]), 0, no_basis)));
                cells
            })
            .collect(),
    };
    let origin = Origin {
        unit: Some(say!(language, sv: "poäng 1–100", en: "score 1–100").to_owned()),
        period: Some(latest(area)),
        source: sources::all(view.run),
        tables: vec!["fit"],
    };
    let pillars = parts.iter().map(|part| PillarRow { name: part.name.to_owned(), value: part.own, quartiles: part.quartiles }).collect();
    let market = view.name.clone();
    let text = FigureText { slug: "profil", title, caption: caption.into(), alternative };
    builder.figure(text, |about| profile::svg(&ProfileData { about, market, candidates, pillars }), FigureData::Own(grid), origin)
}
