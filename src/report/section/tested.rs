//! What was tested and how it went: the tests in words, their tables and charts, women and men, single indicators, year by year.

use super::super::builder::{Builder, FigureText};
use super::super::model::{Cell, Column, FigureData, Grid, Origin, Prose};
use super::super::text::capital;
use super::super::view::market_name;
use super::super::{ReportError, RunContext};
use super::judged::{
    LISTS, TESTS, best_simple, ends, ends_cell, measure_name, newest, outcome_years, printed, ranker_in_prose, ranker_name, scope_words, test_name,
    value, value_cell, verdict_words,
};
use super::sources;
use crate::backtest::{BackTest, INDICATOR, PUBLISHED, RankerResult, Test, TestResult};
use crate::chart::intervals::{self, IntervalData, IntervalRow};
use crate::chart::outcome::{self, OutcomeData, OutcomeMarket};
use crate::code::Sex;
use crate::config::{BALANCED, LIKELY, POTENTIAL};
use crate::language::{Language, say};
use crate::supply::Market;

/// Orders of the tables with a test a row.
const COMPARED: [&str; 4] = [LIKELY, POTENTIAL, BALANCED, "history"];

/// What was tested, in plain words.
pub fn explained(builder: &mut Builder, found: &BackTest) {
    let language = builder.language();
    builder.heading(say!(language, sv: "Vad som har prövats", en: "What was tested"), "provningar");
    builder.paragraph(say!(language,
        sv: "Rangordningen görs som den kunde ha gjorts ett tidigare år: alla nyare siffror tas bort. Sedan hålls den mot vad som följde, bredvid enkla ordningar som ingen metod behövs för.",
        en: "The ranking is made as it could have been made in an earlier year: all later figures are removed. It is then held against what followed, beside simple orders that need no method.",
    ));
    let years = |test: Test| newest(found, test).map_or_else(String::new, |found| found.as_of.to_string());
    let (national, stock, benchmark) = (years(Test::National), years(Test::Stock), years(Test::Benchmark));
    let items = [
        (
            Test::National,
            say!(language,
                sv: format!("Alla yrken i riket tillsammans, mot antalet förstagångstillstånd för arbete till medborgare i varje tredjeland de upp till tre följande åren. Nyast: rangordning från {national}."),
                en: format!("All occupations in Sweden together, against the number of first-time work permits for citizens of each third country in the up to three years that followed. Newest: ranking of {national}."),
            ),
        ),
        (
            Test::Stock,
            say!(language,
                sv: format!("Samma rangordning för alla länder, mot hur antalet kvinnor och män födda i landet som bor i Sverige ändrades. Här är också flyktingar, anhöriga och studerande med. Nyast: rangordning från {stock}."),
                en: format!("The same ranking for all countries, against the change in the number of women and men born in the country and living in Sweden. Refugees, family members and students are also among them. Newest: ranking of {stock}."),
            ),
        ),
        (
            Test::Benchmark,
            say!(language,
                sv: format!("Varje yrkesgrupp för sig, mot tillstånden i den yrkesgruppen. Det är den prövning som är närmast frågan, och den görs om när metoden ändras. Rangordning från {benchmark}."),
                en: format!("Each occupation group by itself, against the permits in that group. This test is the closest to the question, and is repeated when the method changes. Ranking of {benchmark}."),
            ),
        ),
        (
            Test::NewMarkets,
            say!(language,
                sv: "Prövning (a) på bara de länder som hade få tillstånd tidigare.".to_owned(),
                en: "Test (a) on only those countries that had few permits before.".to_owned(),
            ),
        ),
        (
            Test::NewPairs,
            say!(language,
                sv: "Prövning (c) på bara de par av yrkesgrupp och land som inte hade något tillstånd tidigare.".to_owned(),
                en: "Test (c) on only those pairs of occupation group and country that had no permit before.".to_owned(),
            ),
        ),
    ];
    let item = |(test, text): (Test, String)| Prose::new().strong(format!("{}.", capital(test_name(test, language)))).text(format!(" {text}"));
    builder.list(items.into_iter().map(item).collect());
    builder.paragraph(say!(language,
        sv: "De enkla ordningarna är landets folkmängd och antalet i yrket där. Svårare att slå är antalet födda i landet som redan bor i Sverige, tidigare utfall (samma tillstånd eller ökning, perioden innan) och en gravitationsmodell: en linje av antalet i yrket, antalet som bor här, avståndet, skillnaden i inkomst och visumfriheten, anpassad till perioden innan.",
        en: "The simple orders are the country’s population and the number in the occupation there. Harder to beat are the number born in the country already living in Sweden, the earlier outcome (the same permits or increase, in the period before) and a gravity model: a line of the number in the occupation, the number living here, the distance, the difference in income and the visa rule, fitted to the period before.",
    ));
    builder.paragraph(say!(language,
        sv: "Rangkorrelationen är 1 om ordningen är exakt den som följde, 0 om den är slumpens och negativ om den är omvänd. AUC är sannolikheten att ett land som fick tillstånd stod före ett som inte fick: 0,5 är slumpen. Intervallen (95 procent) kommer av att länderna, och i (c) yrkesgrupperna, dras om slumpvis; skillnader räknas på samma dragningar.",
        en: "The rank correlation is 1 if the order is exactly that which followed, 0 if it is that of chance and negative if it is reversed. AUC is the probability that a country that got permits stood before one that did not: 0.5 is chance. The intervals (95 per cent) come from redrawing the countries, and in (c) the occupation groups, at random; differences are of the same draws.",
    ));
}

fn origin(builder: &Builder, test: Option<&TestResult>) -> Origin {
    let language = builder.language();
    let period = test.map(|test| {
        let (as_of, followed) = (test.as_of, outcome_years(test, language));
        say!(language, sv: format!("rangordning från {as_of}, utfall {followed}"), en: format!("ranking of {as_of}, outcome {followed}"))
    });
    Origin {
        unit: None,
        period,
        source: sources::line(builder.run(), &outcome_sources(builder.run(), test)),
        tables: vec!["backtest", "backtest_differences"],
    }
}

/// The sources of a test's outcome.
fn outcome_sources<'a>(run: &RunContext<'a>, test: Option<&TestResult>) -> Vec<&'a str> {
    match test {
        None => sources::outcomes(run),
        Some(test) if test.test == Test::Stock => vec![sources::STOCK],
        Some(test) => sources::permits(run).into_iter().filter(|key| test.outcome.iter().any(|year| key.ends_with(&year.to_string()))).collect(),
    }
}

/// The orders from the best to the worst; equal ones in their own order.
fn falling(test: &TestResult, kept: impl Fn(&RankerResult) -> bool) -> Vec<&RankerResult> {
    let mut rows: Vec<&RankerResult> = test.rankers.iter().filter(|row| kept(row)).collect();
    let number = |row: &RankerResult| row.judged.value.map_or(f64::NEG_INFINITY, |value| value.value);
    rows.sort_by(|first, second| number(second).total_cmp(&number(first)));
    rows
}

/// The tests' results, the newest year of each.
pub fn results(builder: &mut Builder, found: &BackTest) -> Result<(), ReportError> {
    let language = builder.language();
    builder.heading(say!(language, sv: "Hur det gick", en: "How it went"), "resultat");
    for (test, anchor) in TESTS.into_iter().zip(["yrkesgrupper", "alla-yrken", "boende", "nya-lander", "nya-par"]) {
        let Some(result) = newest(found, test) else { continue };
        builder.subheading(&capital(test_name(test, language)), anchor);
        match test {
            Test::Benchmark => interval_figure(builder, result)?,
            Test::National => outcome_figure(builder, result)?,
            _ => {}
        }
        result_table(builder, result);
    }
    Ok(())
}

/// The finding of a test in a sentence: the best order and the lists.
fn finding(test: &TestResult, language: Language) -> String {
    let Some(best) = falling(test, |row| !row.ranker.starts_with(INDICATOR)).first().copied() else { return String::new() };
    let (name, number) = (ranker_in_prose(test, &best.ranker, language), printed(test, &best.ranker, language));
    let others: Vec<String> = [LIKELY, POTENTIAL, "population"]
        .iter()
        .filter(|other| **other != best.ranker)
        .map(|other| format!("{} {}", ranker_in_prose(test, other, language), printed(test, other, language)))
        .collect();
    let others = capital(&others.join(", "));
    say!(language,
        sv: format!("Närmast det som följde: {name} {number}. {others}"),
        en: format!("Closest to what followed: {name} {number}. {others}"),
    )
}

/// Which lists are certainly better than the best simple order.
fn lists_finding(test: &TestResult, language: Language) -> String {
    let certain = |list: &&str| test.ranker(list).and_then(|row| row.judged.above_simple).is_some_and(|above| above.low > 0.0);
    let [likely, potential] = LISTS.map(|list| ranker_name(test, list, language));
    match (certain(&LISTS[0]), certain(&LISTS[1])) {
        (true, true) => say!(language,
            sv: "Båda listorna är bättre än den bästa enkla ordningen".to_owned(),
            en: "Both lists are better than the best simple order".to_owned(),
        ),
        (false, false) => say!(language,
            sv: "Ingen av listorna är säkert bättre än den bästa enkla ordningen".to_owned(),
            en: "Neither list is certainly better than the best simple order".to_owned(),
        ),
        (first, _) => {
            let (yes, no) = if first { (likely, potential) } else { (potential, likely) };
            say!(language,
                sv: format!("{yes} är bättre än den bästa enkla ordningen, {no} är det inte säkert"),
                en: format!("{yes} is better than the best simple order, {no} is not certainly so"),
            )
        }
    }
}

fn result_table(builder: &mut Builder, test: &TestResult) {
    let language = builder.language();
    let least = builder.run().config.method.backtest.least_countries;
    let interval = || say!(language, sv: "95 %", en: "95%");
    let columns = vec![
        Column::text(say!(language, sv: "Ordning", en: "Order")),
        Column::number(measure_name(test, language), ""),
        Column::number(measure_name(test, language), interval()),
        Column::number(say!(language, sv: "Över bästa enkla", en: "Above the best simple"), ""),
        Column::number(say!(language, sv: "Över bästa enkla", en: "Above the best simple"), interval()),
        Column::number("NDCG@10", ""),
        Column::number(say!(language, sv: "Träffar bland tio", en: "Hits among ten"), "%"),
        Column::text(say!(language, sv: "Bedömning", en: "Verdict")),
    ];
    let rows = falling(test, |row| !row.ranker.starts_with(INDICATOR))
        .into_iter()
        .map(|row| {
            let simple = matches!(row.ranker.as_str(), "population" | "pool");
            let above = row.judged.above_simple.filter(|_| !simple);
            let none = say!(language, sv: "inget land fick något", en: "no country got any");
            vec![
                Cell::Text(ranker_name(test, &row.ranker, language)),
                value_cell(row.judged.value.map(|value| value.value), language),
                ends_cell(row.judged.value, language),
                above.map_or(Cell::Empty, |above| Cell::Number { value: above.value, decimals: 2 }),
                ends_cell(above, language),
                Cell::number(row.ndcg10, 2, none),
                Cell::number(row.hits10.map(|hits| hits * 100.0), 0, none),
                verdict_words(test, &row.ranker, least, language).map_or(Cell::Empty, |words| Cell::Text(words.to_owned())),
            ]
        })
        .collect();
    let (countries, positives) = (language.whole(whole(test.countries)), language.whole(whole(test.positives)));
    let size = if test.groups > 1 {
        let groups = test.groups;
        say!(language,
            sv: format!("{countries} länder och {groups} yrkesgrupper; {positives} par fick tillstånd."),
            en: format!("{countries} countries and {groups} occupation groups; {positives} pairs got permits."),
        )
    } else if test.test == Test::Stock {
        say!(language, sv: format!("{countries} länder; antalet ökade för {positives}."), en: format!("{countries} countries; the number rose for {positives}."))
    } else {
        say!(language, sv: format!("{countries} länder; {positives} fick tillstånd."), en: format!("{countries} countries; {positives} got permits."))
    };
    let mut notes = vec![Prose::from(size)];
    if test.test == Test::Benchmark {
        notes.push(
            say!(language,
                sv: "Över bästa enkla: hur mycket mer än den bästa av folkmängd och antal i yrket. NDCG@10: hur mycket av de tillstånd som de tio bästa länderna gav som listans tio första fångar, de första platserna tyngst. Träffar: hur många av de tio som fick flest som står bland de tio första.",
                en: "Above the best simple: how much more than the better of population and number in the occupation. NDCG@10: how much of the permits that the ten best countries gave the first ten of the list capture, the first places weighing most. Hits: how many of the ten that got most are among the first ten.",
            )
            .into(),
        );
    }
    let origin = origin(builder, Some(test));
    builder.table(finding(test, language), Grid { columns, rows }, notes, origin);
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Every order of the test by occupation group, with its interval.
fn interval_figure(builder: &mut Builder, test: &TestResult) -> Result<(), ReportError> {
    let language = builder.language();
    let shown = falling(test, |_| true);
    let of = |row: &RankerResult| row.judged.value;
    let rows: Vec<IntervalRow> = shown
        .iter()
        .map(|row| IntervalRow {
            name: ranker_name(test, &row.ranker, language),
            value: of(row).map(|value| value.value),
            ends: of(row).map_or((f64::NAN, f64::NAN), |value| (value.low, value.high)),
            emphasised: LISTS.contains(&row.ranker.as_str()),
        })
        .collect();
    let mut references = vec![(say!(language, sv: "slumpen: 0", en: "chance: 0").to_owned(), 0.0)];
    if let Some((name, value)) = best_simple(test) {
        let (name, number) = (ranker_in_prose(test, name, language), language.number(value, 2));
        references.push((say!(language, sv: format!("bästa enkla, {name}: {number}"), en: format!("best simple, {name}: {number}")), value));
    }
    let said: Vec<String> = shown
        .iter()
        .map(|row| {
            let name = ranker_in_prose(test, &row.ranker, language);
            let ends = ends(of(row), language).map_or_else(String::new, |ends| format!(" ({ends})"));
            format!("{name} {}{ends}", printed(test, &row.ranker, language))
        })
        .collect();
    let (count, said) = (shown.len(), said.join("; "));
    let text = FigureText {
        slug: "ordningar",
        title: lists_finding(test, language),
        caption: say!(language,
            sv: "Punkten är rangkorrelationen mellan ordningen och tillstånden, i medeltal över yrkesgrupperna; strecket är 95 procents intervall. Listorna är markerade. Uppgifter som står ensamma räknas åt det håll som metoden trodde.",
            en: "The dot is the rank correlation between the order and the permits, the mean over the occupation groups; the bar is the 95 per cent interval. The lists are highlighted. Indicators that stand alone count in the direction that the method assumed.",
        )
        .into(),
        alternative: say!(language,
            sv: format!("Liggande diagram med {count} ordningar, den bästa överst: {said}."),
            en: format!("Horizontal chart of {count} orders, the best at the top: {said}."),
        ),
    };
    let axis = say!(language, sv: "Rangkorrelation med tillstånden som följde", en: "Rank correlation with the permits that followed").to_owned();
    let columns = vec![
        Column::text(say!(language, sv: "Ordning", en: "Order")),
        Column::number(measure_name(test, language), ""),
        Column::number(measure_name(test, language), say!(language, sv: "95 %", en: "95%")),
    ];
    let cells = shown.iter().map(|row| {
        vec![
            Cell::Text(ranker_name(test, &row.ranker, language)),
            value_cell(of(row).map(|value| value.value), language),
            ends_cell(of(row), language),
        ]
    });
    let grid = Grid { columns, rows: cells.collect() };
    let origin = origin(builder, Some(test));
    builder.figure(text, |about| intervals::svg(&IntervalData { about, axis, references, rows }), FigureData::Own(grid), origin)
}

/// Countries of a list by place, with what followed: name, place, place by outcome, outcome.
pub(super) struct Placed {
    pub name: String,
    pub place: usize,
    outcome_place: usize,
    pub outcome: f64,
}

pub(super) fn placed(builder: &Builder, test: &TestResult, list: &str) -> Vec<Placed> {
    let Some(position) = test.rankers.iter().position(|row| row.ranker == list) else { return Vec::new() };
    // Equal values share the first place of theirs.
    let place = |all: &[f64], own: f64| 1 + all.iter().filter(|other| **other > own).count();
    let scores: Vec<f64> = test.points.iter().map(|(_, _, values)| values[position]).collect();
    let outcomes: Vec<f64> = test.points.iter().map(|(_, outcome, _)| *outcome).collect();
    let mut rows: Vec<Placed> = test
        .points
        .iter()
        .map(|(country, outcome, values)| Placed {
            name: market_name(builder.run(), Market::Country(*country)),
            place: place(&scores, values[position]),
            outcome_place: place(&outcomes, *outcome),
            outcome: *outcome,
        })
        .collect();
    rows.sort_by(|first, second| first.place.cmp(&second.place).then_with(|| first.name.cmp(&second.name)));
    rows
}

/// The countries that tell most: the first of the list, those that got most, and the widest misses both ways; their positions, at most ten.
fn telling(rows: &[Placed]) -> Vec<usize> {
    let mut by_outcome: Vec<usize> = (0..rows.len()).collect();
    by_outcome.sort_by_key(|row| (rows[*row].outcome_place, rows[*row].place));
    let mut underrated = by_outcome.clone();
    underrated.retain(|row| rows[*row].outcome > 0.0);
    underrated.sort_by_key(|row| std::cmp::Reverse(rows[*row].place.saturating_sub(rows[*row].outcome_place)));
    let mut overrated = by_outcome.clone();
    overrated.sort_by_key(|row| std::cmp::Reverse(rows[*row].outcome_place.saturating_sub(rows[*row].place)));
    let mut chosen: Vec<usize> = Vec::new();
    for group in [(0..rows.len()).take(3).collect::<Vec<_>>(), by_outcome.into_iter().take(3).collect(), underrated, overrated] {
        let before = chosen.len();
        for row in group {
            if chosen.len() < before + 3 && chosen.len() < 10 && !chosen.contains(&row) {
                chosen.push(row);
            }
        }
    }
    chosen
}

/// Each country's place in the list *Trolig* against the permits that followed.
fn outcome_figure(builder: &mut Builder, test: &TestResult) -> Result<(), ReportError> {
    let language = builder.language();
    let rows = placed(builder, test, LIKELY);
    if rows.is_empty() {
        return Ok(());
    }
    let named = telling(&rows);
    let list = ranker_name(test, LIKELY, language);
    let (as_of, followed) = (test.as_of, outcome_years(test, language));
    let ten = rows.iter().filter(|row| row.outcome > 0.0 && row.outcome_place <= 10).count();
    let hits = rows.iter().filter(|row| row.outcome > 0.0 && row.outcome_place <= 10 && row.place <= 10).count();
    let without = rows.iter().filter(|row| row.outcome <= 0.0).count();
    let all = rows.len();
    let said: Vec<String> = named
        .iter()
        .map(|row| {
            let row = &rows[*row];
            let (name, place, outcome) = (language.country_in_prose(&row.name), row.place, language.number(row.outcome, 0));
            say!(language, sv: format!("{name} plats {place}, {outcome} tillstånd"), en: format!("{name} place {place}, permits {outcome}"))
        })
        .collect();
    let said = said.join("; ");
    let correlation = printed(test, LIKELY, language);
    let text = FigureText {
        slug: "plats-och-tillstand",
        title: say!(language,
            sv: format!("Av de {ten} länder som fick flest tillstånd {followed} stod {hits} bland de tio första i {list} från {as_of}"),
            en: format!("Of the {ten} countries that got most permits in {followed}, {hits} were among the first ten of {list} of {as_of}"),
        ),
        caption: say!(language,
            sv: format!("Varje punkt är ett land. Om listan vore fullkomlig skulle punkterna falla jämnt från vänster till höger. Högt uppe till höger: länder som listan undervärderade. Längst ned till vänster: länder som den övervärderade. Rangkorrelationen är {correlation}."),
            en: format!("Each dot is a country. If the list were perfect the dots would fall steadily from left to right. High up to the right: countries that the list underrated. At the bottom to the left: countries that it overrated. The rank correlation is {correlation}."),
        )
        .into(),
        alternative: say!(language,
            sv: format!("Punktdiagram med {all} länder. Tillstånden avtar med platsen; {without} länder fick inget. {said}."),
            en: format!("Scatter chart of {all} countries. Permits fall with the place; {without} countries got none. {said}."),
        ),
    };
    // Named countries come first, so that their names get the best places.
    let market = |position: usize| OutcomeMarket {
        name: rows[position].name.clone(),
        place: rows[position].place as f64,
        outcome: rows[position].outcome,
        named: named.contains(&position),
    };
    let rest = (0..rows.len()).filter(|position| !named.contains(position));
    let markets: Vec<OutcomeMarket> = named.iter().copied().chain(rest).map(market).collect();
    let small = builder.run().config.method.gender.small_count;
    let grid = Grid {
        columns: vec![
            Column::text(say!(language, sv: "Land", en: "Country")),
            Column::number(say!(language, sv: "Plats i listan", en: "Place in the list"), ""),
            Column::number(say!(language, sv: "Tillstånd", en: "Permits"), ""),
        ],
        rows: rows
            .iter()
            .map(|row| {
                vec![Cell::Text(row.name.clone()), Cell::Number { value: row.place as f64, decimals: 0 }, Cell::persons(row.outcome as i64, small)]
            })
            .collect(),
    };
    let place_axis = say!(language, sv: format!("Plats i listan {list} från {as_of} (1 är först)"), en: format!("Place in the list {list} of {as_of} (1 is first)"));
    let outcome_axis = say!(language,
        sv: format!("Förstagångstillstånd för arbete {followed}, varje streck är tio gånger fler"),
        en: format!("First-time work permits in {followed}, each line is ten times more"),
    );
    let zero = say!(language, sv: "inga", en: "none").to_owned();
    let origin = origin(builder, Some(test));
    let draw = |about| outcome::svg(&OutcomeData { about, place_axis, outcome_axis, zero, markets });
    builder.figure(text, draw, FigureData::Own(grid), origin)
}

/// A row of a table with a test a row: the orders that are compared, each with its verdict.
fn compared(test: &TestResult, least: usize, language: Language) -> Vec<Cell> {
    let mut cells = Vec::new();
    for ranker in COMPARED {
        cells.push(value_cell(value(test, ranker), language));
        if ranker != "history" {
            cells.push(verdict_words(test, ranker, least, language).map_or(Cell::Empty, |words| Cell::Text(words.to_owned())));
        }
    }
    cells.push(value_cell(best_simple(test).map(|(_, value)| value), language));
    cells
}

fn compared_columns(language: Language) -> Vec<Column> {
    let verdict = say!(language, sv: "bedömning", en: "verdict");
    let mut columns = Vec::new();
    for name in say!(language, sv: ["Trolig", "Oprövad", "Balanserad"], en: ["Likely", "Untested", "Balanced"]) {
        columns.push(Column::number(name, ""));
        columns.push(Column::text(format!("{name}, {verdict}")));
    }
    columns.push(Column::number(say!(language, sv: "Tidigare utfall", en: "Earlier outcome"), ""));
    columns.push(Column::number(say!(language, sv: "Bästa enkla", en: "Best simple"), ""));
    columns
}

/// Women and men, where the outcome is known by sex.
pub fn sexes(builder: &mut Builder, found: &BackTest) {
    let language = builder.language();
    let least = builder.run().config.method.backtest.least_countries;
    let Some(newest) = found.newest(Test::Stock, "all") else { return };
    let of =
        |sex: Sex| found.tests.iter().find(|test| test.test == Test::Stock && test.scope == "all" && test.sex == sex && test.as_of == newest.as_of);
    let rows: Vec<(&str, &TestResult)> = [
        (Sex::Women, say!(language, sv: "Kvinnor", en: "Women")),
        (Sex::Men, say!(language, sv: "Män", en: "Men")),
        (Sex::Total, say!(language, sv: "Båda", en: "Both")),
    ]
    .into_iter()
    .filter_map(|(sex, name)| Some((name, of(sex)?)))
    .collect();
    let (Some(women), Some(men)) = (of(Sex::Women), of(Sex::Men)) else { return };
    builder.heading(say!(language, sv: "Kvinnor och män", en: "Women and men"), "kvinnor-man");
    builder.paragraph(say!(language,
        sv: "Tillstånden är inte redovisade efter kön. Prövning (b) är det, och där är rangordningen densamma för båda; det som skiljer är vilka som kom.",
        en: "The permits are not published by sex. Test (b) is, and there the ranking is the same for both; what differs is who came.",
    ));
    let [(one, other), (third, fourth)] = LISTS.map(|list| (printed(women, list, language), printed(men, list, language)));
    let title = say!(language,
        sv: format!("Trolig når {one} för kvinnor och {other} för män, Oprövad {third} och {fourth}"),
        en: format!("Likely reaches {one} for women and {other} for men, Untested {third} and {fourth}"),
    );
    let mut columns = vec![Column::text(say!(language, sv: "Vilka som kom", en: "Who came"))];
    columns.extend(compared_columns(language));
    let rows =
        rows.into_iter().map(|(name, test)| std::iter::once(Cell::Text(name.to_owned())).chain(compared(test, least, language)).collect()).collect();
    let origin = origin(builder, Some(newest));
    builder.table(title, Grid { columns, rows }, Vec::new(), origin);
}

/// Single indicators, and those that point the wrong way.
pub fn indicators(builder: &mut Builder, found: &BackTest) {
    let language = builder.language();
    let Some(test) = newest(found, Test::Benchmark) else { return };
    let alone = falling(test, |row| row.ranker.starts_with(INDICATOR));
    if alone.is_empty() {
        return;
    }
    builder.heading(say!(language, sv: "Uppgifterna en och en", en: "The indicators one by one"), "uppgifter");
    let wrong: Vec<String> = alone
        .iter()
        .filter(|row| row.judged.value.is_some_and(|value| value.high < 0.0))
        .map(|row| {
            let name = ranker_in_prose(test, &row.ranker, language);
            format!("{} {}", name.split(" (").next().unwrap_or_default(), printed(test, &row.ranker, language))
        })
        .collect();
    builder.paragraph(say!(language,
        sv: "Varje uppgift har också fått ordna länderna ensam, åt det håll som metoden trodde att den verkar: låg medianålder, stor skillnad i inkomst, kort avstånd och så vidare. Ett negativt tal betyder att det var tvärtom.",
        en: "Each indicator has also been left to order the countries alone, in the direction in which the method assumed that it works: low median age, large difference in income, short distance and so on. A negative number means that it was the other way round.",
    ));
    let title = if wrong.is_empty() {
        say!(language, sv: "Ingen uppgift pekar säkert åt fel håll".to_owned(), en: "No indicator certainly points the wrong way".to_owned())
    } else {
        let wrong = wrong.join("; ");
        say!(language, sv: format!("Fel tecken: {wrong}"), en: format!("Wrong sign: {wrong}"))
    };
    let pairs = newest(found, Test::NewPairs);
    let mut columns = vec![
        Column::text(say!(language, sv: "Uppgift", en: "Indicator")),
        Column::number(measure_name(test, language), ""),
        Column::number(measure_name(test, language), say!(language, sv: "95 %", en: "95%")),
    ];
    if let Some(pairs) = pairs {
        columns.push(Column::number(measure_name(pairs, language), say!(language, sv: "nya par", en: "new pairs")));
    }
    let rows = alone
        .iter()
        .map(|row| {
            let mut cells = vec![
                Cell::Text(ranker_name(test, &row.ranker, language)),
                value_cell(row.judged.value.map(|value| value.value), language),
                ends_cell(row.judged.value, language),
            ];
            cells.extend(pairs.map(|pairs| value_cell(value(pairs, &row.ranker), language)));
            cells
        })
        .collect();
    let origin = origin(builder, Some(test));
    builder.table(title, Grid { columns, rows }, Vec::new(), origin);
}

/// The test of all occupations together, year by year.
pub fn years(builder: &mut Builder, found: &BackTest) {
    let language = builder.language();
    let least = builder.run().config.method.backtest.least_countries;
    let tests: Vec<&TestResult> = found.tests.iter().filter(|test| test.test == Test::National && test.scope == PUBLISHED).collect();
    let (Some(first), Some(last)) = (tests.first(), tests.last()) else { return };
    builder.heading(say!(language, sv: "År för år", en: "Year by year"), "ar");
    let of = |list: &str| {
        let numbers: Vec<f64> = tests.iter().filter_map(|test| value(test, list)).collect();
        let [low, high] = [numbers.iter().copied().fold(f64::INFINITY, f64::min), numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max)];
        say!(language,
            sv: format!("{} till {}", language.number(low, 2), language.number(high, 2)),
            en: format!("{} to {}", language.number(low, 2), language.number(high, 2)),
        )
    };
    let [likely, potential] = LISTS.map(of);
    let (from, to) = (first.as_of, last.as_of);
    let title = say!(language,
        sv: format!("Rangordningar från {from} till {to}: Trolig {likely}, Oprövad {potential}"),
        en: format!("Rankings of {from} to {to}: Likely {likely}, Untested {potential}"),
    );
    let mut columns = vec![
        Column::text(say!(language, sv: "Rangordning från", en: "Ranking of")),
        Column::text(say!(language, sv: "Tillstånd", en: "Permits")),
        Column::number(say!(language, sv: "Länder", en: "Countries"), ""),
    ];
    columns.extend(compared_columns(language));
    let rows = tests
        .iter()
        .map(|test| {
            let own = [Cell::Text(test.as_of.to_string()), Cell::Text(outcome_years(test, language)), Cell::Count(whole(test.countries))];
            own.into_iter().chain(compared(test, least, language)).collect()
        })
        .collect();
    let notes = vec![Prose::from(say!(language,
        sv: "Prövning (a), tredjeländer. Fönstren går delvis in i varandra, så åren är inte lika många oberoende prövningar. Där ett år inte är publicerat räknas de år som finns.",
        en: "Test (a), third countries. The windows overlap in part, so the years are not as many independent tests. Where a year is not published, the years there are count.",
    ))];
    let origin = Origin { period: None, ..origin(builder, None) };
    builder.table(title, Grid { columns, rows }, notes, origin);
}

/// Every test of every year and choice of markets.
pub fn everything(builder: &mut Builder, found: &BackTest) {
    if found.tests.is_empty() {
        return;
    }
    let language = builder.language();
    let least = builder.run().config.method.backtest.least_countries;
    builder.heading(say!(language, sv: "Alla prövningar", en: "All tests"), "alla");
    let mut columns = vec![
        Column::text(say!(language, sv: "Prövning", en: "Test")),
        Column::text(say!(language, sv: "Länder", en: "Countries")),
        Column::text(say!(language, sv: "Rangordning från", en: "Ranking of")),
        Column::text(say!(language, sv: "Utfall", en: "Outcome")),
        Column::number(say!(language, sv: "Antal länder", en: "Number of countries"), ""),
    ];
    columns.extend(compared_columns(language));
    let rows: Vec<Vec<Cell>> = found
        .tests
        .iter()
        .map(|test| {
            let sex = match test.sex {
                Sex::Women => say!(language, sv: ", kvinnor", en: ", women"),
                Sex::Men => say!(language, sv: ", män", en: ", men"),
                Sex::Total => "",
            };
            let own = [
                Cell::Text(format!("{}{sex}", test_name(test.test, language))),
                Cell::Text(scope_words(test, language).to_owned()),
                Cell::Text(test.as_of.to_string()),
                Cell::Text(outcome_years(test, language)),
                Cell::Count(whole(test.countries)),
            ];
            own.into_iter().chain(compared(test, least, language)).collect()
        })
        .collect();
    let count = rows.len();
    let title = say!(language, sv: format!("Listorna i {count} prövningar"), en: format!("The lists in {count} tests"));
    let notes = vec![Prose::from(say!(language,
        sv: format!("Med färre än {least} länder ges ingen bedömning. Intervall och alla andra ordningar står i tabellfilerna."),
        en: format!("With fewer than {least} countries no verdict is given. Intervals and all other orders are in the table files."),
    ))];
    let origin = Origin { period: None, ..origin(builder, None) };
    builder.table(title, Grid { columns, rows }, notes, origin);
}
