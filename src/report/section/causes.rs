//! What the changes since an earlier run are due to: coverage that went, new figures, new method, coverage that came.

use super::super::builder::Builder;
use super::super::model::{Cell, Column, Grid, Origin, Prose};
use super::super::view::View;
use super::heat::latest;
use super::sources;
use crate::compare::{Change, Comparison, Moves, Step, Whole};
use crate::config::LIKELY;
use crate::language::{Language, say};
use crate::supply::{Market, MarketKind};

/// Parts that are told together to a reader: coverage is one thing in a sentence.
fn told(moves: &Moves, language: Language) -> [String; 4] {
    let [went, figures, method, came] = moves.parts;
    [moves.places, figures, method, went + came].map(|places| language.number(places, 1))
}

/// What is new in the method, in a sentence.
fn of_method(comparison: &Comparison, language: Language) -> String {
    if comparison.method_files.is_empty() {
        return say!(language, sv: "Metoden är densamma i båda körningarna.", en: "The method is the same in both runs.").to_owned();
    }
    let files = language.list(&comparison.method_files.iter().map(|name| crate::chart::plain(name)).collect::<Vec<_>>());
    say!(language, sv: format!("I metoden skiljer sig {files}."), en: format!("In the method, these differ: {files}."))
}

/// The subsection of an area, for the markets that its chart shows.
pub fn of_area(builder: &mut Builder, view: &View, shown: &[Market]) {
    let Some(previous) = view.run.previous else { return };
    let language = view.language();
    let (then, year, list) = (previous.year, view.year(), view.list_name());
    builder.subheading(say!(language, sv: "Vad ändringarna beror på", en: "What the changes are due to"), "andringar");
    let Some(comparison) = &previous.comparison else {
        builder.paragraph(say!(language,
            sv: format!("Det kan inte räknas ut: körningen {then} saknar det som den är gjord av, eller är gjord av en version som räknar på ett annat sätt."),
            en: format!("That cannot be worked out: the run of {then} lacks what it was made from, or was made by a version that computes differently."),
        ));
        return;
    };
    let Some(moves) = comparison.moves(MarketKind::Country, view.weighting, Some(&view.area.key)) else {
        builder.paragraph(say!(language,
            sv: "Inget land rangordnas i båda körningarna, så ändringarna kan inte delas upp.",
            en: "No country is ranked in both runs, so the changes cannot be split.",
        ));
        return;
    };
    let [places, figures, method, coverage] = told(&moves, language);
    let (markets, of_method) = (moves.markets, of_method(comparison, language));
    builder.paragraph(say!(language,
        sv: format!("De {markets} länder som båda körningarna rangordnar på {list} har i snitt flyttat {places} platser enligt poängen. Var för sig flyttar nya siffror dem i snitt {figures} platser, ändrad metod {method} och ändrad täckning {coverage}; delarna kan ta ut varandra. {of_method}"),
        en: format!("The {markets} countries that both runs rank on {list} have moved {places} places on average by their scores. Taken one by one, new figures move them {figures} places on average, the changed method {method} and changed coverage {coverage}; the parts may cancel each other out. {of_method}"),
    ));
    let shown: Vec<&Change> = shown
        .iter()
        .filter_map(|market| comparison.of(MarketKind::Country, view.weighting, Some(&view.area.key)).find(|row| row.market == *market))
        .collect();
    if shown.is_empty() {
        return;
    }
    let (name, shown_moves) = (&view.name, Moves::of(shown.iter().copied()));
    let title = match shown_moves.and_then(|moves| largest(&moves)) {
        None => say!(language,
            sv: format!("Inget av de visade länderna i {name} har bytt plats enligt poängen sedan körningen {then}"),
            en: format!("None of the countries shown in {name} has changed rank by the score since the run of {then}"),
        ),
        Some(step) => {
            let cause = match step {
                Step::Figures => say!(language, sv: "Nya siffror", en: "New figures"),
                Step::Method => say!(language, sv: "Ändrad metod", en: "Changes in the method"),
                Step::Went => say!(language, sv: "Länder och uppgifter som har fallit bort", en: "Countries and indicators that have gone"),
                Step::Came => say!(language, sv: "Länder och uppgifter som har kommit till", en: "Countries and indicators that have come"),
            };
            say!(language,
                sv: format!("{cause} flyttar de visade länderna i {name} mest sedan körningen {then}"),
                en: format!("{cause} move the countries shown in {name} the most since the run of {then}"),
            )
        }
    };
    let (rank, up) = (say!(language, sv: "Plats", en: "Rank"), say!(language, sv: "platser upp", en: "places up"));
    let columns = vec![
        Column::text(say!(language, sv: "Land", en: "Country")),
        Column::number(rank, &then.to_string()),
        Column::number(rank, &if then == year { say!(language, sv: "nu", en: "now").to_owned() } else { year.to_string() }),
        Column::number(say!(language, sv: "Flytt", en: "Move"), up),
        Column::number(say!(language, sv: "Täckning som gick", en: "Coverage that went"), up),
        Column::number(say!(language, sv: "Nya siffror", en: "New figures"), up),
        Column::number(say!(language, sv: "Ny metod", en: "New method"), up),
        Column::number(say!(language, sv: "Täckning som kom", en: "Coverage that came"), up),
        Column::number(say!(language, sv: "Poäng", en: "Score"), say!(language, sv: "ändring", en: "change")),
    ];
    let rows = shown.iter().map(|row| cells(view, row)).collect();
    let notes = vec![
        say!(language,
            sv: "Delarna summerar till flytten. Minus är nedåt. Plats enligt poängen; hur säker platsen är står i tabellen före. Täckning är länder och uppgifter som bara den ena körningen har.",
            en: "The parts add up to the move. Minus is downwards. Rank by the score; how certain the rank is stands in the table before. Coverage is countries and indicators that only one of the runs has.",
        )
        .into(),
    ];
    let origin = Origin { unit: None, period: Some(latest(view)), source: sources::all(view.run), tables: vec!["changes"] };
    builder.table(title, Grid { columns, rows }, notes, origin);
}

/// The part that moves the most; `None` where nothing has moved.
fn largest(moves: &Moves) -> Option<Step> {
    let parts = crate::compare::STEPS.into_iter().zip(moves.parts).filter(|(_, places)| *places > 0.0);
    parts.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(step, _)| step)
}

fn cells(view: &View, row: &Change) -> Vec<Cell> {
    let language = view.language();
    let unranked = say!(language, sv: "landet rangordnades inte i båda körningarna", en: "the country was not ranked in both runs");
    let between = say!(language, sv: "landet kan inte rangordnas i leden emellan", en: "the country cannot be ranked in the states between");
    let reason = if row.parts == Err(Whole::Between) { between } else { unranked };
    let whole = |value: Option<i64>, reason| Cell::number(value.map(crate::demand::exact), 0, reason);
    let rank = |standing: Option<crate::compare::Standing>| whole(standing.map(|standing| i64::from(standing.rank)), unranked);
    let mut cells = vec![Cell::Text(view.market(row.market)), rank(row.before), rank(row.now), whole(row.places(), unranked)];
    cells.extend((0..4).map(|step| whole(row.parts.ok().map(|parts| parts.places[step]), reason)));
    cells.push(Cell::number(row.score(), 1, unranked));
    cells
}

/// One sentence for the steering group; `None` where there is nothing to say.
pub fn in_short(builder: &Builder) -> Option<Prose> {
    let previous = builder.run().previous?;
    let language = builder.language();
    let moves = previous.comparison.as_ref()?.moves(MarketKind::Country, LIKELY, None)?;
    let ([places, figures, method, coverage], then) = (told(&moves, language), previous.year);
    let head = say!(language, sv: format!("Sedan körningen {then}: "), en: format!("Since the run of {then}: "));
    Some(Prose::new().strong(head).text(say!(language,
        sv: format!("länderna på Trolig har i snitt flyttat {places} platser. Nya siffror flyttar dem {figures}, ändrad metod {method} och ändrad täckning {coverage}."),
        en: format!("the countries on Likely have moved {places} places on average. New figures move them {figures}, the changed method {method} and changed coverage {coverage}."),
    )))
}
