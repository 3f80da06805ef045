//! Whether the ranking is supported, in a few sentences, and where it is not.

use super::super::builder::Builder;
use super::super::documents::{SUPPORT, support_heading};
use super::super::model::Prose;
use super::super::text::capital;
use super::judged::{
    LISTS, TESTS, best_simple, difference, ends, label_words, newest, outcome_years, printed, ranker_in_prose, ranker_name, test_name, value,
    verdict_words,
};
use super::tested::placed;
use crate::backtest::measure::Measure;
use crate::backtest::{BackTest, Test, TestResult};
use crate::config::{BALANCED, LIKELY, POTENTIAL};
use crate::language::{Language, say};

/// The line on every page that leads here; nothing where the back-test was not made.
pub fn link(builder: &mut Builder) {
    if builder.run().back_test.is_none() {
        return;
    }
    let language = builder.language();
    builder.paragraph(
        Prose::new()
            .text(say!(language,
                sv: "Hur rangordningar från tidigare år stämmer med vad som sedan hände står på sidan ",
                en: "How rankings of earlier years agree with what then happened is told on the page ",
            ))
            .link(support_heading(language), format!("{SUPPORT}.html"))
            .text(if support_heading(language).ends_with('?') { "" } else { "." }),
    );
}

/// How an order stands to a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    Better,
    Even,
    Worse,
}

impl Relation {
    fn of(test: &TestResult, list: &str, baseline: &str) -> Option<Self> {
        let list_less_baseline = test.difference(list, baseline)?;
        Some(if list_less_baseline.high < 0.0 {
            Self::Better
        } else if list_less_baseline.low > 0.0 {
            Self::Worse
        } else {
            Self::Even
        })
    }

    fn words(self, language: Language) -> &'static str {
        match self {
            Self::Better => say!(language, sv: "är bättre än", en: "is better than"),
            Self::Even => say!(language, sv: "kan inte skiljas från", en: "cannot be told from"),
            Self::Worse => say!(language, sv: "är sämre än", en: "is worse than"),
        }
    }
}

/// "Tidigare arbetstillstånd (0,64) är bättre än båda listorna".
fn against_lists(test: &TestResult, baseline: &str, language: Language) -> Option<String> {
    let relations: Vec<Relation> = LISTS.iter().filter_map(|list| Relation::of(test, list, baseline)).collect();
    let [first, second] = *relations.as_slice() else { return None };
    let (name, number) = (ranker_in_prose(test, baseline, language), printed(test, baseline, language));
    let [likely, potential] = LISTS.map(|list| ranker_name(test, list, language));
    let (one, other) = (first.words(language), second.words(language));
    if first == Relation::Even && second == Relation::Even {
        return Some(say!(language,
            sv: format!("{name} ({number}) kan inte skiljas från någon av listorna"),
            en: format!("{name} ({number}) cannot be told from either list"),
        ));
    }
    Some(if first == second {
        say!(language, sv: format!("{name} ({number}) {one} båda listorna"), en: format!("{name} ({number}) {one} both lists"))
    } else {
        say!(language, sv: format!("{name} ({number}) {one} {likely} och {other} {potential}"), en: format!("{name} ({number}) {one} {likely} and {other} {potential}"))
    })
}

fn verdict(test: &TestResult, list: &str, least: usize, language: Language) -> &'static str {
    verdict_words(test, list, least, language).unwrap_or(say!(language, sv: "ingen bedömning", en: "no verdict"))
}

/// The first sentences: each list's label in the test by occupation group, and what predicts better.
fn opening(test: &TestResult, least: usize, language: Language) -> Prose {
    let [likely, potential] = LISTS.map(|list| ranker_name(test, list, language));
    let [first, second] = LISTS.map(|list| verdict(test, list, least, language));
    let heads = if first == second {
        say!(language, sv: format!("Listorna {likely} och {potential} har båda {first}"), en: format!("The lists {likely} and {potential} both have {first}"))
    } else {
        say!(language, sv: format!("Listan {likely} har {first} och listan {potential} {second}"), en: format!("The list {likely} has {first} and the list {potential} has {second}"))
    };
    let [one, other] = LISTS.map(|list| printed(test, list, language));
    let followed = outcome_years(test, language);
    let how = match test.test {
        Test::Benchmark => say!(language, sv: " yrkesgrupp för yrkesgrupp", en: " one occupation group at a time"),
        _ => "",
    };
    let simple = best_simple(test).map_or_else(String::new, |(name, value)| {
        let (name, value) = (ranker_in_prose(test, name, language), language.number(value, 2));
        say!(language, sv: format!(", mot {value} för den bästa enkla ordningen ({name})"), en: format!(", against {value} for the best simple order ({name})"))
    });
    let sentence = say!(language,
        sv: format!("{heads} när de prövas{how} mot de arbetstillstånd som följde {followed}."),
        en: format!("{heads} when tested{how} against the work permits that followed in {followed}."),
    );
    let mut text = say!(language,
        sv: format!(" Rangkorrelationen är {one} och {other}{simple}."),
        en: format!(" The rank correlations are {one} and {other}{simple}."),
    );
    let better: Vec<String> = ["history", "born_in_sweden"].iter().filter_map(|name| against_lists(test, name, language)).collect();
    if !better.is_empty() {
        let better = capital(&better.join("; "));
        text = format!("{text} {better}.");
    }
    Prose::new().strong(sentence).text(text)
}

/// The answer.
pub fn answer(builder: &mut Builder, found: &BackTest) {
    let language = builder.language();
    let least = builder.run().config.method.backtest.least_countries;
    let Some(first) = TESTS.iter().find_map(|test| newest(found, *test)) else {
        builder.answer(vec![
            say!(language,
                sv: "Det går inte att svara på med körningens siffror: ingen rangordning från ett tidigare år kan hållas mot något som följde.",
                en: "The figures of this run cannot tell: no ranking of an earlier year can be held against anything that followed.",
            )
            .into(),
        ]);
        return;
    };
    let mut paragraphs = vec![opening(first, least, language)];
    for list in LISTS {
        let others = TESTS.iter().filter_map(|test| newest(found, *test)).filter(|test| test.test != first.test);
        let parts: Vec<String> = others
            .map(|test| {
                let (label, name, number) = (verdict(test, list, least, language), test_name(test.test, language), printed(test, list, language));
                // Chance is 0 in a rank correlation and 0.5 here: the two are not to be compared.
                let number = if test.measure == Measure::Auc {
                    say!(language, sv: format!("{number} (ett annat mått)"), en: format!("{number} (another measure)"))
                } else {
                    number
                };
                say!(language, sv: format!("{label} i {name}: {number}"), en: format!("{label} in {name}: {number}"))
            })
            .collect();
        if !parts.is_empty() {
            let name = ranker_name(first, list, language);
            let heading = say!(language, sv: format!("{name} i de andra prövningarna:"), en: format!("{name} in the other tests:"));
            paragraphs.push(Prose::new().strong(heading).text(format!(" {}.", parts.join("; "))));
        }
    }
    let [support, weak, none] = [crate::backtest::Label::Support, crate::backtest::Label::WeakSupport, crate::backtest::Label::NoSupport]
        .map(|label| label_words(label, language));
    paragraphs.push(
        Prose::new()
            .text(say!(language,
                sv: format!(
                    "{} betyder bättre än både folkmängd och antal i yrket, även i intervallets nedre ände. Med {weak} menas bara bättre än slumpen, med {none} inte säkert ens det. ",
                    capital(support)
                ),
                en: format!(
                    "{} means better than both population and number in the occupation, even at the lower end of the interval. By {weak} is meant only better than chance, by {none} not certainly even that. ",
                    capital(support)
                ),
            ))
            .link(say!(language, sv: "Var rangordningen inte håller", en: "Where the ranking does not hold"), "#haller-inte")
            .text(say!(language, sv: " är lika viktigt.", en: " matters as much.")),
    );
    builder.answer(paragraphs);
}

/// The country that got most, where the list had it far down; nothing where it was among the first.
fn missed(builder: &Builder, test: &TestResult) -> Option<Prose> {
    let language = builder.language();
    let rows = placed(builder, test, LIKELY);
    let most = rows.iter().reduce(|most, next| if next.outcome > most.outcome { next } else { most })?;
    if most.place <= FAR {
        return None;
    }
    let (name, all, place) = (language.country_in_prose(&most.name), rows.len(), most.place);
    let (permits, followed, as_of) = (language.number(most.outcome, 0), outcome_years(test, language), test.as_of);
    let list = ranker_name(test, LIKELY, language);
    let head = say!(language, sv: "Landet med flest tillstånd stod långt ner.", en: "The country with most permits stood far down.");
    Some(Prose::new().strong(head).text(say!(language,
        sv: format!(" {} fick {permits} tillstånd {followed} men hade plats {place} av {all} tredjeländer i {list} från {as_of}.", capital(&name)),
        en: format!(" {} got {permits} permits in {followed} but had rank {place} of {all} third countries in {list} of {as_of}.", capital(&name)),
    )))
}

/// A country after this place was not among the first.
const FAR: usize = 20;

/// Where it fails, each from the numbers.
pub fn failures(builder: &mut Builder, found: &BackTest) {
    let language = builder.language();
    let least = builder.run().config.method.backtest.least_countries;
    builder.heading(say!(language, sv: "Var rangordningen inte håller", en: "Where the ranking does not hold"), "haller-inte");
    let mut items: Vec<Prose> = Vec::new();
    let seen = &builder.run().config.method.backtest.benchmark_outcome;
    let seen = super::super::text::years(seen.iter().min().copied().unwrap_or(0), seen.iter().max().copied().unwrap_or(0));
    let item = |head: String, text: String| Prose::new().strong(head).text(format!(" {text}"));
    if let Some(test) = newest(found, Test::Benchmark) {
        let head =
            say!(language, sv: "Vikterna är valda efter en första blick på facit.", en: "The weights were chosen after a first look at the answers.");
        items.push(item(head.to_owned(), say!(language,
            sv: format!("Trolig och Oprövad gjordes sedan tillstånden {seen} hade använts i ett första test. Därför är (c) ingen oberoende prövning av dem; de senare åren i (a) är det närmaste som finns."),
            en: format!("Likely and Untested were made after the permits of {seen} had been used in a first test. So (c) is no independent test of them; the later years of (a) are the nearest there is."),
        )));
        items.extend(test.difference(BALANCED, "population").map(|found| {
            let certain = found.low > 0.0;
            let difference = difference(found, language);
            let head = if certain {
                say!(language, sv: "Den balanserade viktningen är bättre än folkmängd.", en: "The balanced weighting is better than population.")
            } else {
                say!(language, sv: "Den balanserade viktningen är inte säkert bättre än folkmängd.", en: "The balanced weighting is not shown to be better than population.")
            };
            let [balanced, population] = [BALANCED, "population"].map(|name| printed(test, name, language));
            item(head.to_owned(), say!(language,
                sv: format!("Yrkesgrupp för yrkesgrupp når den {balanced}, folkmängd {population}: skillnaden är {difference}."),
                en: format!("One occupation group at a time it reaches {balanced}, population {population}: the difference is {difference}."),
            ))
        }));
    }
    let new: Vec<&TestResult> = [Test::NewMarkets, Test::NewPairs].iter().filter_map(|test| newest(found, *test)).collect();
    let told: Vec<String> = new
        .iter()
        .map(|test| {
            let name = test_name(test.test, language);
            let [potential, likely, balanced] = [POTENTIAL, LIKELY, BALANCED].map(|list| printed(test, list, language));
            let label = verdict(test, POTENTIAL, least, language);
            say!(language,
                sv: format!("{name}: Oprövad {potential} ({label}), Trolig {likely}, Balanserad {balanced}"),
                en: format!("{name}: Untested {potential} ({label}), Likely {likely}, Balanced {balanced}"),
            )
        })
        .collect();
    if !told.is_empty() {
        let beats = new.iter().all(|test| value(test, POTENTIAL) > value(test, LIKELY));
        let head = if beats {
            say!(language, sv: "Oprövad har högre tal än Trolig på nya marknader.", en: "Untested has higher numbers than Likely on new markets.")
        } else {
            say!(language, sv: "Att Oprövad är bättre på nya eller små marknader är inte visat.", en: "That Untested is better for new or small markets is not shown.")
        };
        items.push(item(head.to_owned(), format!("{}.", capital(&told.join("; ")))));
    }
    if let Some(test) = newest(found, Test::National) {
        items.extend(missed(builder, test));
        let known: Vec<String> = ["history", "born_in_sweden", "gravity"].iter().filter_map(|name| against_lists(test, name, language)).collect();
        if !known.is_empty() {
            let beaten = LISTS.iter().all(|list| Relation::of(test, list, "history") == Some(Relation::Better));
            let head = if beaten {
                say!(language, sv: "Tidigare tillstånd förutsäger bättre än listorna.", en: "Earlier permits predict better than the lists.")
            } else {
                say!(language, sv: "Vad som redan har hänt är svårt att slå.", en: "What has already happened is hard to beat.")
            };
            let (known, followed) = (known.join("; "), outcome_years(test, language));
            items.push(item(head.to_owned(), say!(language,
                sv: format!("Alla yrken tillsammans mot tillstånd {followed}: {known}. Trolig räknar med hur många som nyligen har flyttat hit från landet; Oprövad gör det inte."),
                en: format!("All occupations together against permits in {followed}: {known}. Likely counts how many have recently moved here from the country; Untested does not."),
            )));
        }
    }
    if let Some(test) = found.newest(Test::Stock, "free_movement") {
        let lists: Vec<String> = LISTS
            .iter()
            .map(|list| {
                let (name, label, number) = (ranker_name(test, list, language), verdict(test, list, least, language), printed(test, list, language));
                let ends = ends(test.ranker(list).and_then(|row| row.judged.value), language).map_or_else(String::new, |ends| format!(" ({ends})"));
                say!(language, sv: format!("{name} har {label}, {number}{ends}"), en: format!("{name} has {label}, {number}{ends}"))
            })
            .collect();
        let (countries, lists) = (test.countries, lists.join("; "));
        let head = say!(language, sv: "Mellan EU-länder är ordningen prövad bara genom (b).", en: "Between EU countries the order is tested only through (b).");
        items.push(item(head.to_owned(), say!(language,
            sv: format!("Den som har fri rörlighet behöver inget tillstånd, så ingenting visar vilka yrken de fick arbete i. För {countries} länder med fri rörlighet gäller: {lists}."),
            en: format!("Those with free movement need no permit, so nothing shows in which occupations they found work. For {countries} countries with free movement: {lists}."),
        )));
    }
    items.push(item(
        say!(language, sv: "Tillstånd är inte en kampanjs resultat.", en: "Permits are not the result of a campaign.").to_owned(),
        say!(language,
            sv: "De visar arbetsgivares vanor, förmedlare och lagar. Ett land som ingen har vänt sig till får inga tillstånd, hur väl det än skulle passa.",
            en: "They show employers’ habits, agents and laws. A country that nobody has approached gets no permits, however well it would fit.",
        )
        .to_owned(),
    ));
    items.push(item(
        say!(language, sv: "Länets egen lista är inte prövad.", en: "The county’s own list is not tested.").to_owned(),
        say!(language,
            sv: "Tillstånd redovisas inte efter län och område. Det som prövas är samma vikter för alla yrken i riket tillsammans, och för en yrkesgrupp i taget.",
            en: "Permits are not published by county and area. What is tested is the same weights for all occupations in Sweden together, and for one occupation group at a time.",
        )
        .to_owned(),
    ));
    builder.list(items);
}
