//! What the back-test's tests, orders and labels are called, and its results in words and cells.

use std::collections::BTreeSet;

use super::super::model::{Cell, Prose};
use super::super::text::{capital, years};
use super::super::view::{View, list_name};
use super::left_out::indicator_words;
use crate::backtest::measure::{Interval, Measure};
use crate::backtest::{BackTest, INDICATOR, Label, PUBLISHED, Test, TestResult};
use crate::config::{BALANCED, LIKELY, POTENTIAL};
use crate::language::{Language, say};
use crate::supply::{Market, MarketKind};

/// Scope of the back-test: countries with free movement.
pub const FREE_MOVEMENT: &str = "free_movement";

/// How sure the lists are for the very countries that the views put first: permits test nothing where nobody needs one. `None` where the back-test was not
/// made, or says nothing of them.
pub fn of_first(views: &[View]) -> Option<Prose> {
    let run = views.first()?.run;
    let (language, found) = (run.language, run.back_test?);
    let least = run.config.method.backtest.least_countries;
    let members = |view: &View, list| view.list(list).front(MarketKind::Country).members.iter().map(|row| row.market).collect::<Vec<_>>();
    let first: BTreeSet<Market> = views.iter().flat_map(|view| LISTS.map(|list| members(view, list))).flatten().collect();
    let is_free = |market: &&Market| matches!(market, Market::Country(country) if run.figures.free_movement.contains_key(country));
    let (free, all) = (first.iter().filter(is_free).count(), first.len());
    let labels = |test: &TestResult| {
        let [likely, untested] = LISTS.map(|list| verdict_words(test, list, least, language));
        Some((likely?, untested?))
    };
    let [one, other] = LISTS.map(|list| list_name(list, language));
    let mut text = Prose::new().strong(say!(language, sv: "Hur säkert?", en: "How sure?"));
    let mut told = false;
    if let Some((likely, untested)) = found.newest(Test::Stock, FREE_MOVEMENT).filter(|_| free > 0).and_then(labels) {
        told = true;
        let who = if free == all {
            say!(language, sv: format!("Alla {all} länder i första grupperna"), en: format!("All {all} countries in the first tiers"))
        } else {
            say!(language, sv: format!("Av de {all} länderna i första grupperna har {free}"), en: format!("Of the {all} countries in the first tiers, {free}"))
        };
        let have = if free == all { say!(language, sv: " har", en: " have") } else { say!(language, sv: "", en: " have") };
        text = text.text(say!(language,
            sv: format!(" {who}{have} fri rörlighet. Bland sådana länder har {one} {likely} och {other} {untested} när tidigare rangordningar hålls mot vad som följde."),
            en: format!(" {who}{have} free movement. Among such countries, {one} has {likely} and {other} {untested} when earlier rankings are held against what followed."),
        ));
    }
    let permits = [Test::Benchmark, Test::National].into_iter().find_map(|test| newest(found, test)).filter(|_| free < all);
    if let Some((test, (likely, untested))) = permits.and_then(|test| Some((test, labels(test)?))) {
        told = true;
        let followed = outcome_years(test, language);
        text = text.text(say!(language,
            sv: format!(" Bland länder som kräver arbetstillstånd har {one} {likely} och {other} {untested} mot tillstånden {followed}."),
            en: format!(" Among countries whose citizens need a work permit, {one} has {likely} and {other} {untested} against the permits of {followed}."),
        ));
    }
    told.then_some(text)
}

/// The lists that readers are shown.
pub const LISTS: [&str; 2] = [LIKELY, POTENTIAL];

/// The tests in the order of the page.
pub const TESTS: [Test; 5] = [Test::Benchmark, Test::National, Test::Stock, Test::NewMarkets, Test::NewPairs];

/// The newest result of a test on the markets that the page is about.
pub fn newest(found: &BackTest, test: Test) -> Option<&TestResult> {
    found.newest(test, if test == Test::Stock { "all" } else { PUBLISHED })
}

/// A test in a few words.
pub fn test_name(test: Test, language: Language) -> &'static str {
    match test {
        Test::National => say!(language, sv: "(a) alla yrken tillsammans", en: "(a) all occupations together"),
        Test::Stock => say!(language, sv: "(b) antalet som bor i Sverige", en: "(b) the number living in Sweden"),
        Test::Benchmark => say!(language, sv: "(c) yrkesgrupp för yrkesgrupp", en: "(c) one occupation group at a time"),
        Test::NewMarkets => say!(language, sv: "(d) nya länder", en: "(d) new countries"),
        Test::NewPairs => say!(language, sv: "(d) nya par av yrkesgrupp och land", en: "(d) new pairs of occupation group and country"),
    }
}

/// Which markets a result is of.
pub fn scope_words(test: &TestResult, language: Language) -> &'static str {
    match (test.scope, test.test) {
        ("all", _) => say!(language, sv: "alla länder", en: "all countries"),
        ("free_movement", _) => say!(language, sv: "länder med fri rörlighet", en: "countries with free movement"),
        ("unlisted", _) => {
            say!(language, sv: "utan länder som projektet inte rekryterar från", en: "without countries that the project does not recruit from")
        }
        ("listed", _) => {
            say!(language, sv: "bara länder som projektet inte rekryterar från", en: "only countries that the project does not recruit from")
        }
        (PUBLISHED, Test::Stock) => {
            say!(language, sv: "tredjeländer som projektet rekryterar från", en: "third countries that the project recruits from")
        }
        (PUBLISHED, _) => say!(language, sv: "tredjeländer", en: "third countries"),
        _ => {
            say!(language, sv: "tredjeländer, även med skattade antal i yrket", en: "third countries, also with estimated numbers in the occupation")
        }
    }
}

/// An order, as it stands alone.
pub fn ranker_name(test: &TestResult, ranker: &str, language: Language) -> String {
    let whole = test.groups == 1;
    let name = match ranker {
        LIKELY => say!(language, sv: "Trolig", en: "Likely"),
        POTENTIAL => say!(language, sv: "Oprövad", en: "Untested"),
        BALANCED => say!(language, sv: "Balanserad", en: "Balanced"),
        "population" => say!(language, sv: "Folkmängd", en: "Population"),
        "pool" if whole => say!(language, sv: "Antal sysselsatta i landet", en: "Number employed in the country"),
        "pool" => say!(language, sv: "Antal i yrket i landet", en: "Number in the occupation in the country"),
        "born_in_sweden" => {
            say!(language, sv: "Antal födda i landet som redan bor i Sverige", en: "Number born in the country already living in Sweden")
        }
        "history" if test.test == Test::Stock => say!(language, sv: "Tidigare ökning", en: "Earlier increase"),
        "history" => say!(language, sv: "Tidigare arbetstillstånd", en: "Earlier work permits"),
        "gravity" => say!(language, sv: "Gravitationsmodell", en: "Gravity model"),
        "indicator:diaspora_sweden" => say!(language,
            sv: "Födda i landet som bor i Sverige, i förhållande till landets folkmängd",
            en: "Residents of Sweden born in the country, relative to its population",
        ),
        other => return capital(indicator_words(other.strip_prefix(INDICATOR).unwrap_or(other), language)),
    };
    name.to_owned()
}

/// An order inside a sentence: the lists keep their capital.
pub fn ranker_in_prose(test: &TestResult, ranker: &str, language: Language) -> String {
    let name = match ranker {
        LIKELY | POTENTIAL => return ranker_name(test, ranker, language),
        "pool" if test.groups > 1 => say!(language, sv: "antalet i yrket i landet", en: "the number in the occupation in the country"),
        "pool" => say!(language, sv: "antalet sysselsatta i landet", en: "the number employed in the country"),
        "born_in_sweden" => {
            say!(language, sv: "antalet födda i landet som redan bor i Sverige", en: "the number born in the country already living in Sweden")
        }
        "history" if test.test == Test::Stock => say!(language, sv: "den tidigare ökningen", en: "the earlier increase"),
        "history" => say!(language, sv: "antalet tidigare arbetstillstånd", en: "the number of earlier work permits"),
        "gravity" => say!(language, sv: "gravitationsmodellen", en: "the gravity model"),
        other => return language.small(&ranker_name(test, other, language)),
    };
    name.to_owned()
}

/// A label.
pub fn label_words(label: Label, language: Language) -> &'static str {
    match label {
        Label::Support => say!(language, sv: label.as_str(), en: "support"),
        Label::WeakSupport => say!(language, sv: label.as_str(), en: "weak support"),
        Label::NoSupport => say!(language, sv: label.as_str(), en: "no support"),
    }
}

/// The label of an order in a test, or why it has none; `None` for orders that are not judged.
pub fn verdict_words(test: &TestResult, ranker: &str, least: usize, language: Language) -> Option<&'static str> {
    let judged = !matches!(ranker, "population" | "pool") && !ranker.starts_with(INDICATOR);
    match test.ranker(ranker)?.label {
        Some(label) => Some(label_words(label, language)),
        None if judged && test.countries < least => Some(say!(language, sv: "för få länder", en: "too few countries")),
        None => None,
    }
}

/// The years that followed.
pub fn outcome_years(test: &TestResult, language: Language) -> String {
    let (first, last) = (test.outcome.first().copied().unwrap_or(0), test.outcome.last().copied().unwrap_or(0));
    let unbroken = usize::try_from(last - first).is_ok_and(|span| span + 1 == test.outcome.len());
    if unbroken || test.test == Test::Stock {
        return years(first, last);
    }
    language.list(&test.outcome.iter().map(i32::to_string).collect::<Vec<_>>())
}

/// What is measured, as the head of a column.
pub fn measure_name(test: &TestResult, language: Language) -> &'static str {
    match test.measure {
        Measure::Spearman => say!(language, sv: "Rangkorrelation", en: "Rank correlation"),
        Measure::Auc => say!(language, sv: "Sannolikhet (AUC)", en: "Probability (AUC)"),
    }
}

/// The measure of an order.
pub fn value(test: &TestResult, ranker: &str) -> Option<f64> {
    Some(test.ranker(ranker)?.judged.value?.value)
}

/// The measure of an order in prose.
pub fn printed(test: &TestResult, ranker: &str, language: Language) -> String {
    value(test, ranker).map_or_else(|| "–".to_owned(), |value| language.number(value, 2))
}

/// The ends of an interval: "0,45 till 0,62".
pub fn ends(interval: Option<Interval>, language: Language) -> Option<String> {
    let interval = interval.filter(|interval| interval.low.is_finite() && interval.high.is_finite())?;
    let [low, high] = [interval.low, interval.high].map(|end| language.number(end, 2));
    Some(say!(language, sv: format!("{low} till {high}"), en: format!("{low} to {high}")))
}

/// A difference in prose: "0,05, 95 procents intervall −0,10 till 0,20".
pub fn difference(interval: Interval, language: Language) -> String {
    let value = language.number(interval.value, 2);
    let Some(ends) = ends(Some(interval), language) else { return value };
    say!(language, sv: format!("{value}, intervall {ends}"), en: format!("{value}, interval {ends}"))
}

/// The cell of a measure.
pub fn value_cell(value: Option<f64>, language: Language) -> Cell {
    Cell::number(value, 2, say!(language, sv: "ordningen prövas inte här", en: "the order is not tested here"))
}

/// The cell of an interval's ends.
pub fn ends_cell(interval: Option<Interval>, language: Language) -> Cell {
    ends(interval, language).map_or(Cell::Empty, Cell::Text)
}

/// The best of population and pool.
pub fn best_simple(test: &TestResult) -> Option<(&'static str, f64)> {
    let known = crate::backtest::BASELINES.into_iter().take(2).filter_map(|name| Some((name, value(test, name)?)));
    known.reduce(|best, other| if other.1 > best.1 { other } else { best })
}
