//! "Så räknade vi": one score of a country's page down to the publishers' cells. The area where the country stands best, occupation by occupation, and one occupation step by step.

use super::super::builder::Builder;
use super::super::country_view::{CountryView, Standing};
use super::super::model::{Cell, Column, Grid, Origin, Prose};
use super::super::text::{OCCUPATION, capital};
use super::super::view::occupation_name;
use super::sources;
use crate::chart::number::shortest;
use crate::explain::{self, Context, ExplainError, Operation, Step};
use crate::language::{Language, say};
use crate::market::Ranking;
use crate::supply::MarketKind;

/// Tables that count people: a count so small that somebody could be pointed at is a span, and what is made of it is not told.
const OF_PEOPLE: [&str; 3] = ["migrants_in_sweden", "born_abroad_county", "employed_county"];
/// Steps below this many levels stand in the command's answer, not on the page.
const DEEPEST: usize = 8;
/// A sum of more terms than this is not written term by term.
const MOST_TERMS: usize = 6;
/// Decimals that a page shows at most.
const DECIMALS: usize = 4;

/// The section; a note where the chain cannot be followed.
pub fn section(builder: &mut Builder, view: &CountryView, context: &Context) {
    let language = view.language();
    builder.heading(say!(language, sv: "Så räknade vi", en: "How we calculated"), "sa-raknade-vi");
    let Some(best) = view.best() else {
        builder.paragraph(say!(language,
            sv: "Landet står inte i första gruppen för något område, så här finns ingen poäng att följa.",
            en: "The country is not in the first tier of any area, so there is no score to follow here.",
        ));
        return;
    };
    let Some(ranking) = view.run.analysis.markets.ranking(MarketKind::Country, view.list) else { return };
    match followed(context, ranking, &best) {
        Ok((chain, check)) => shown(builder, view, &best, &chain, &check),
        Err(error) => {
            let error = error.to_string();
            let error = crate::chart::plain(error.lines().next().unwrap_or_default());
            builder.note(say!(language, sv: format!("Kedjan kan inte visas: {error}."), en: format!("The chain cannot be shown: {error}.")));
        }
    }
}

fn followed(context: &Context, ranking: &Ranking, best: &Standing) -> Result<(Step, explain::Check), ExplainError> {
    let chain = explain::area_chain(context, ranking, best.row)?;
    let check = explain::check(&[&chain])?;
    Ok((chain, check))
}

fn shown(builder: &mut Builder, view: &CountryView, best: &Standing, chain: &Step, check: &explain::Check) {
    let language = view.language();
    let mut rows: Vec<&Step> = chain.inputs.iter().collect();
    rows.sort_by(|first, second| second.weight.unwrap_or(0.0).total_cmp(&first.weight.unwrap_or(0.0)).then_with(|| first.key.cmp(&second.key)));
    let is_followed = |step: &&&Step| step.operation == Operation::WeightedGeometricMean && step.value.is_some();
    let Some(leading) = rows.iter().find(is_followed).copied() else { return };
    let (country, area, list) = (capital(&view.in_prose), &best.view.name, view.list_name());
    let score = language.number(chain.value.unwrap_or(f64::NAN), 1);
    let (name, fit) = (occupation(view, leading), language.number(leading.value.unwrap_or(f64::NAN), 1));
    let (compared, cells) = (check.compared, check.cells);
    builder.paragraph(say!(language,
        sv: format!("{country} har poängen {score} för {area} på listan {list}. Den är medelvärdet av matchningen i områdets yrken, vägt med länets behov. Här följs den yrke för yrke, och det tyngsta yrket med egen matchning ({name}: {fit}) ner till utgivarnas siffror."),
        en: format!("{country} has the score {score} for {area} on the list {list}. It is the mean of the fit in the area’s occupations, weighted by the county’s need. Here it is followed occupation by occupation, and the heaviest occupation with a fit of its own ({name}: {fit}) down to the publishers’ figures."),
    ));
    builder.paragraph(say!(language,
        sv: format!("Kedjan är räknad om från början ur {} celler, och {} av dess steg är jämförda med rapportens tal utan skillnad. Den visar hur talet är räknat, inte om rangordningen förutser vilka som kommer. Alla siffror, också för andra yrken och länder, ger kommandot malmarknad explain.", language.number(cells as f64, 0), language.number(compared as f64, 0)),
        en: format!("The chain was calculated anew from {} cells, and {} of its steps were compared with the report’s numbers without a difference. It shows how the number is calculated, not whether the ranking predicts who comes. The command malmarknad explain gives every figure, also for other occupations and countries.", language.number(cells as f64, 0), language.number(compared as f64, 0)),
    ));
    occupations(builder, view, best, chain, &rows);
    steps(builder, view, leading);
}

/// The occupation of a step of the area's score, with its code.
fn occupation(view: &CountryView, step: &Step) -> String {
    let code = step.key.strip_prefix("occupation:").and_then(|code| view.run.config.codes.ssyk(code, "chain").ok());
    code.map_or_else(|| step.label.clone(), |code| format!("{code} {}", occupation_name(view.run, code)))
}

/// The number of the first step with this key in a tree.
fn number_of(step: &Step, key: &str) -> Option<f64> {
    let mut found = None;
    step.walk("", &mut |_, step| {
        if found.is_none() && step.key == key {
            found = step.value;
        }
    });
    found
}

/// The area's score, an occupation a row.
fn occupations(builder: &mut Builder, view: &CountryView, best: &Standing, chain: &Step, rows: &[&Step]) {
    let language = view.language();
    let unknown = say!(language, sv: "yrket räknas inte i poängen", en: "the occupation does not count in the score");
    let no_need = say!(language, sv: "behovet kan inte räknas ut", en: "the need cannot be calculated");
    let cells = rows
        .iter()
        .map(|row| {
            let weight = row.weight_chain.as_deref();
            let of = |key: &str| weight.and_then(|weight| number_of(weight, key));
            let closed = matches!(row.operation, Operation::Given { .. });
            let remark = if closed { say!(language, sv: "stängt, räknas som lägst", en: "closed, counts as the lowest") } else { "" };
            vec![
                Cell::Text(occupation(view, row)),
                Cell::number(of("need"), 1, no_need),
                Cell::number(of("volume"), 1, no_need),
                Cell::number(of("share"), 1, no_need),
                Cell::number(row.weight.map(|weight| weight * 100.0), 2, no_need),
                Cell::number(row.value, 2, unknown),
                Cell::Text(remark.to_owned()),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(say!(language, sv: "Yrke", en: "Occupation")),
        Column::number(say!(language, sv: "Behov", en: "Need"), "0–100"),
        Column::number(say!(language, sv: "Ersätts", en: "Replaced"), say!(language, sv: "personer om året", en: "persons a year")),
        Column::number(say!(language, sv: "Del", en: "Part"), say!(language, sv: "1 eller 0,5", en: "1 or 0.5")),
        Column::number(say!(language, sv: "Vikt", en: "Weight"), "%"),
        Column::number(say!(language, sv: "Matchning", en: "Fit"), "1–100"),
        Column::text(say!(language, sv: "Anmärkning", en: "Remark")),
    ];
    let (area, score) = (&best.view.name, language.number(chain.value.unwrap_or(f64::NAN), 1));
    let count = language.count(rows.len(), OCCUPATION);
    let title = say!(language,
        sv: format!("Poängen {score} för {area} är det vägda medelvärdet över {count}"),
        en: format!("The score {score} for {area} is the weighted mean over {count}"),
    );
    let notes = vec![Prose::from(say!(language,
        sv: "Vikten är behov × antal som ersätts × del, i procent av områdets summa. Poängen är summan av vikt × matchning, delad med vikterna av de yrken som räknas.",
        en: "The weight is need × replaced × part, in per cent of the area’s sum. The score is the sum of weight × fit, divided by the weights of the occupations that count.",
    ))];
    let origin = Origin { source: sources::all(view.run), tables: vec!["area_occupations", "demand", "fit", "markets"], ..Origin::default() };
    builder.table(title, Grid { columns, rows: cells }, notes, origin);
}

/// Whether a count of few people is among the cells that a step is made of.
fn is_of_few(step: &Step, small: i64) -> bool {
    let mut found = false;
    step.walk("", &mut |_, step| {
        let few = |cell: &explain::Cell| {
            OF_PEOPLE.contains(&cell.table.as_str()) && cell.number.is_some_and(|number| number > 0.0 && number <= crate::demand::exact(small))
        };
        found = found || step.cells.iter().any(few);
    });
    found
}

/// A step of the page with its number in the outline.
struct Row<'a> {
    number: String,
    step: &'a Step,
}

/// The steps in the order of the outline: each with its inputs under it, the key's weights left out.
fn outline<'a>(step: &'a Step, number: &str, level: usize, rows: &mut Vec<Row<'a>>) {
    if step.operation == Operation::Constant {
        return;
    }
    // The same chain again (the share stands in two indicators) is said once.
    let again =
        !step.inputs.is_empty() && rows.iter().any(|row| row.step.label == step.label && row.step.inputs == step.inputs && row.step.key == step.key);
    rows.push(Row { number: number.to_owned(), step });
    if level == DEEPEST || again || step.inputs.len() > MOST_TERMS {
        return;
    }
    let inputs = step.inputs.iter().filter(|input| input.operation != Operation::Constant);
    for (position, input) in inputs.enumerate() {
        outline(input, &format!("{number}.{}", position + 1), level + 1, rows);
    }
}

/// How a step is made, in words.
fn made(step: &Step, language: Language) -> String {
    let short = |value: f64| shortest(value, DECIMALS, language);
    match &step.operation {
        Operation::Cells { factor } if (*factor - 1.0).abs() > 0.0 => {
            say!(language, sv: format!("utgivarens siffra × {}", short(*factor)), en: format!("the publisher’s figure × {}", short(*factor)))
        }
        Operation::Cells { .. } if step.cells.len() > 1 => {
            say!(language, sv: "summan av utgivarens siffror", en: "the sum of the publisher’s figures").to_owned()
        }
        Operation::Cells { .. } => say!(language, sv: "utgivarens siffra", en: "the publisher’s figure").to_owned(),
        Operation::CountOfCells => say!(language, sv: "antal rader hos utgivaren", en: "the publisher’s rows").to_owned(),
        Operation::Given { file, .. } | Operation::Counted { over: file } => file.clone(),
        Operation::Constant => String::new(),
        Operation::Missing { reason } => reason.clone(),
        Operation::Sum => say!(language, sv: "summa", en: "sum").to_owned(),
        Operation::Difference => say!(language, sv: "skillnad", en: "difference").to_owned(),
        Operation::Product => say!(language, sv: "produkt", en: "product").to_owned(),
        Operation::Quotient => say!(language, sv: "kvot", en: "quotient").to_owned(),
        Operation::OneMinus => "1 − x".to_owned(),
        Operation::Negation => "−x".to_owned(),
        Operation::NaturalLogarithm => "ln x".to_owned(),
        Operation::LogarithmOfOnePlus => "ln(1 + x)".to_owned(),
        Operation::Exponential => "exp x".to_owned(),
        Operation::Largest => say!(language, sv: "det största", en: "the largest").to_owned(),
        Operation::Mean => say!(language, sv: "medelvärde", en: "mean").to_owned(),
        Operation::WeightedSum => say!(language, sv: "vägd summa", en: "weighted sum").to_owned(),
        Operation::WeightedMean => say!(language, sv: "vägt medelvärde", en: "weighted mean").to_owned(),
        Operation::WeightedGeometricMean => say!(language, sv: "vägt geometriskt medelvärde", en: "weighted geometric mean").to_owned(),
        Operation::Scale { low, high, logarithmic, reverse, bottom, top } => {
            let ln = if *logarithmic { "ln " } else { "" };
            let (first, last) = if *reverse { (top, bottom) } else { (bottom, top) };
            let (low, high, first, last) = (short(*low), short(*high), short(*first), short(*last));
            say!(language,
                sv: format!("rak skala: {ln}{low} ger {first}, {ln}{high} ger {last}"),
                en: format!("linear scale: {ln}{low} gives {first}, {ln}{high} gives {last}"),
            )
        }
        Operation::PayPoints { floor, .. } => {
            let floor = short(*floor);
            say!(language, sv: format!("poäng mot lönegolvet {floor} kr"), en: format!("points against the pay floor of SEK {floor}"))
        }
        Operation::Line { count, .. } => {
            let count = short(*count);
            say!(language, sv: format!("minsta kvadratlinje över {count} länder"), en: format!("least-squares line over {count} countries"))
        }
        Operation::Points { .. } | Operation::Quartile { .. } | Operation::TreatedMinMax { .. } | Operation::GreatCircle { .. } => {
            say!(language, sv: "metoden, avsnitt 2 och 4", en: "method, sections 2 and 4").to_owned()
        }
    }
}

/// A number with as many decimals as it takes, at most so many as a page shows.
fn rounded(value: f64) -> Cell {
    let most = if value.abs() >= 1000.0 {
        0
    } else if value.abs() >= 10.0 {
        2
    } else {
        DECIMALS
    };
    let decimals = (0..most).find(|decimals| {
        let scaled = value * 10_f64.powi(i32::try_from(*decimals).unwrap_or(0));
        (scaled - scaled.round()).abs() < 1e-9
    });
    Cell::Number { value, decimals: decimals.unwrap_or(most) }
}

/// One occupation, step by step, and the cells that it ends in.
fn steps(builder: &mut Builder, view: &CountryView, leading: &Step) {
    let language = view.language();
    let small = view.run.config.method.gender.small_count;
    let mut rows = Vec::new();
    outline(leading, "1", 1, &mut rows);
    let few = say!(language, sv: "så få personer att talet inte visas", en: "so few persons that the number is not shown");
    let missing = say!(language, sv: "uppgift saknas, och räknas inte", en: "no figure, and not counted");
    let is_above = |key: &str| ["occupation:", "pillar:", "indicator:"].iter().any(|beginning| key.starts_with(beginning));
    let grid_rows = rows
        .iter()
        .map(|Row { number, step }| {
            let value = match step.value {
                Some(_) if !is_above(&step.key) && is_of_few(step, small) => Cell::Missing { reason: few },
                Some(value) => rounded(value),
                None => Cell::Missing { reason: missing },
            };
            vec![
                Cell::Text(number.clone()),
                Cell::Text(capital(&step.label)),
                step.weight.map_or(Cell::Empty, rounded),
                value,
                Cell::Text(made(step, language)),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(say!(language, sv: "Steg", en: "Step")),
        Column::text(say!(language, sv: "Vad", en: "What")),
        Column::number(say!(language, sv: "Vikt", en: "Weight"), say!(language, sv: "i steget ovanför", en: "in the step above")),
        Column::number(say!(language, sv: "Värde", en: "Value"), ""),
        Column::text(say!(language, sv: "Räknat som", en: "Calculated as")),
    ];
    let (name, fit) = (occupation(view, leading), language.number(leading.value.unwrap_or(f64::NAN), 1));
    let country = capital(&view.in_prose);
    let title = say!(language, sv: format!("{country} och {name}: matchningen {fit} steg för steg"), en: format!("{country} and {name}: the fit {fit} step by step"));
    let notes = vec![Prose::from(say!(language,
        sv: "Steg 1.1 är en del av steg 1, och så vidare. Värden är avrundade här; kommandot malmarknad explain ger alla decimaler.",
        en: "Step 1.1 is a part of step 1, and so on. Values are rounded here; the command malmarknad explain gives every decimal.",
    ))];
    let method = say!(language, sv: "Egna beräkningar; cellerna och deras källor står i nästa tabell.", en: "Own calculations; the cells and their sources are in the next table.");
    builder.table(
        title,
        Grid { columns, rows: grid_rows },
        notes,
        Origin { source: method.into(), tables: vec!["fit", "indicators", "supply"], ..Origin::default() },
    );
    cells(builder, view, leading, &rows, small);
}

fn cells(builder: &mut Builder, view: &CountryView, leading: &Step, rows: &[Row], small: i64) {
    let (language, run) = (view.language(), view.run);
    let none = say!(language, sv: "utgivaren har inget tal", en: "the publisher has no number");
    let value = |cell: &explain::Cell| match cell.number {
        Some(number) if OF_PEOPLE.contains(&cell.table.as_str()) && number.fract() == 0.0 => Cell::persons(number as i64, small),
        Some(_) if cell.text == "true" || cell.text == "false" => {
            Cell::Text(say!(language, sv: ["nej", "ja"], en: ["no", "yes"])[usize::from(cell.text == "true")].to_owned())
        }
        Some(number) => Cell::Number { value: number, decimals: cell.text.split_once('.').map_or(0, |(_, decimals)| decimals.len().min(12)) },
        None if cell.text.is_empty() => Cell::Missing { reason: none },
        None => Cell::Text(cell.text.clone()),
    };
    let mut keys: Vec<&str> = Vec::new();
    let mut grid_rows = Vec::new();
    for Row { number, step } in rows {
        for cell in &step.cells {
            if !keys.contains(&cell.source.as_str()) {
                keys.push(&cell.source);
            }
            grid_rows.push(vec![
                Cell::Text(number.clone()),
                Cell::Text(format!("{}, {}", cell.table, cell.column)),
                Cell::Text(cell.row.clone()),
                value(cell),
                cell.period.map_or(Cell::Empty, |period| Cell::Text(period.to_string())),
                Cell::Text(cell.flag.clone().unwrap_or_default()),
                Cell::Text(sources::publisher(run, &cell.source)),
            ]);
        }
    }
    let columns = vec![
        Column::text(say!(language, sv: "Steg", en: "Step")),
        Column::text(say!(language, sv: "Tabell och kolumn", en: "Table and column")),
        Column::text(say!(language, sv: "Rad", en: "Row")),
        Column::number(say!(language, sv: "Siffra", en: "Figure"), ""),
        Column::text(say!(language, sv: "År", en: "Year")),
        Column::text(say!(language, sv: "Utgivarens anmärkning", en: "The publisher’s remark")),
        Column::text(say!(language, sv: "Utgivare", en: "Publisher")),
    ];
    let name = occupation(view, leading);
    let count = grid_rows.len();
    let title = say!(language, sv: format!("{name}: de {count} siffror hos utgivarna som kedjan slutar i"), en: format!("{name}: the {count} figures of the publishers that the chain ends in"));
    let notes = vec![Prose::from(say!(language,
        sv: "Tabell, kolumn och rad är de i datamappen (data/bundled). Nyckeln mellan yrkeskoderna, som ger vikterna för ISCO-grupperna, står i tabellen crosswalk.",
        en: "Table, column and row are those of the data folder (data/bundled). The key between the occupation codes, which gives the weights of the ISCO groups, is in the table crosswalk.",
    ))];
    let origin = Origin { source: sources::line(run, &keys), tables: vec!["sources"], ..Origin::default() };
    builder.table(title, Grid { columns, rows: grid_rows }, notes, origin);
}
