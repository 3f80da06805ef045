//! The skilled-needs analysis: its pools are the ranking's, its competitors those that ELA lists, and every number of its prose is the table's.

use malmarknad::analysis::{Analysis, analyse};
use malmarknad::code::Country;
use malmarknad::config::{Area, AreaKind, Config};
use malmarknad::figures::Figures;
use malmarknad::language::Language;
use malmarknad::report::documents;
use malmarknad::report::model::{Block, Cell, Document};
use malmarknad::skills::{Outlook, SkilledNeed, is_skilled, skilled_needs};
use malmarknad::supply::Market;
use malmarknad::table::{Table, Values};

use crate::report::{context, numbers};

const BOTH: [Language; 2] = [Language::Swedish, Language::English];

fn analysed(config: &Config, figures: &Figures, county: &str) -> Analysis {
    analyse(figures, config, config.codes.county(county, "test").unwrap(), 2026).unwrap()
}

fn document(analysis: &Analysis, figures: &Figures, config: &Config, language: Language) -> Document {
    documents(&context(analysis, figures, config, language)).unwrap().into_iter().find(|document| document.stem == "nulagesanalys").unwrap()
}

#[test]
fn pools_are_the_rankings_and_competitors_those_that_ela_lists() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let analysis = analysed(&config, &figures, "23");
    let needs = skilled_needs(&analysis, &config, &figures);
    assert!(needs.len() > 60, "{}", needs.len());
    let (mut same, mut unrated) = (0, 0);
    for (occupation, need) in &needs {
        assert!(is_skilled(&config, *occupation) && ["1", "2", "3"].contains(&&occupation.as_str()[..1]));
        assert!(need.pools.windows(2).all(|pair| pair[0].pool.total >= pair[1].pool.total), "{occupation}");
        if need.is_needed_now() {
            for country in &analysis.supply.countries {
                let ours = need.pools.iter().find(|pool| pool.country == *country).map(|pool| pool.pool);
                assert_eq!(ours, analysis.supply.pools.get(&(Market::Country(*country), *occupation)).copied(), "{occupation} {country}");
                same += usize::from(ours.is_some());
            }
        } else {
            unrated += usize::from(!need.pools.is_empty());
        }
        // More than half of the occupation's weight is on the country's list, Sweden left out.
        let link = &analysis.links[occupation].weights;
        let short = |country: &Country| {
            let listed = &figures.shortages[country].1;
            link.iter().filter(|(isco, _)| listed.contains(isco)).map(|(_, weight)| weight).sum::<f64>() > 0.5 + 1e-12
        };
        let expected: Vec<Country> = figures.shortages.keys().copied().filter(|country| *country != Country::SWEDEN && short(country)).collect();
        assert_eq!(need.competitors, expected, "{occupation}");
        assert_eq!(need.reporting, figures.shortages.keys().filter(|country| **country != Country::SWEDEN).count());
    }
    assert!(same > 1000 && unrated > 5, "{same}, {unrated}");
}

#[test]
fn income_is_the_median_of_the_largest_pools_and_outlook_arbetsförmedlingens() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let analysis = analysed(&config, &figures, "22");
    let home = figures.income[&Country::SWEDEN].newest(2026).unwrap().value;
    let mut compared = 0;
    for need in skilled_needs(&analysis, &config, &figures).values() {
        let largest = need.pools.iter().take(10).filter_map(|pool| Some(figures.income.get(&pool.country)?.newest(2026)?.value / home));
        let mut largest: Vec<f64> = largest.collect();
        largest.sort_by(f64::total_cmp);
        if largest.len() == 10 {
            let middle = f64::midpoint(largest[4], largest[5]);
            assert!((need.income_share.unwrap() - middle).abs() < 1e-12);
            compared += 1;
        }
        let said: Vec<&str> = need.demand.words.iter().filter_map(|words| words.outlook.as_deref()).collect();
        match need.outlook {
            None => assert!(said.is_empty()),
            Some(outlook) if said.iter().all(|word| *word == said[0]) => assert_eq!(outlook.as_str(), said[0], "{}", need.occupation()),
            Some(_) => {}
        }
    }
    assert!(compared > 50, "{compared}");
}

/// A count as a text says it, if it is one of the numbers that are read again: none and one are other words.
fn spoken(count: usize) -> Option<String> {
    (count > 1).then(|| count.to_string())
}

/// What is said of the need in five years, of those that have a forecast.
fn forecasts(rows: &[&SkilledNeed]) -> Vec<String> {
    let known = rows.iter().filter(|need| need.outlook.is_some()).count();
    let growing = rows.iter().filter(|need| need.outlook == Some(Outlook::Increases)).count();
    if known == 0 {
        return vec!["5".to_owned()];
    }
    let without = rows.len() - known;
    // "both" and "in all 7" leave the count of the increases out, "in five years" stands in each.
    let of = if (growing, known) == (2, 2) { None } else { spoken(known) };
    let growing = if growing == known { None } else { spoken(growing) };
    [of, growing, spoken(without)].into_iter().flatten().chain(["5".to_owned()]).collect()
}

/// The numbers that an area's paragraph must say, from its needs.
fn expected(area: &Area, needs: &[&SkilledNeed], largest: usize) -> Vec<String> {
    let rows: Vec<&SkilledNeed> = needs.iter().copied().filter(|need| need.is_needed_now()).collect();
    let count = |wanted: &dyn Fn(&SkilledNeed) -> bool| rows.iter().filter(|need| wanted(need)).count();
    // Where it is all of them, no number is said.
    let part = |count: usize| if count == rows.len() { None } else { spoken(count) };
    let mut all: Vec<String> = [
        spoken(needs.len()),
        spoken(count(&|need| need.demand.rating.as_str() == "brist")),
        spoken(count(&|need| need.demand.rating.as_str() == "bevakas")),
        part(count(&|need| need.rules.iter().any(|(rule, whole)| *whole && rule.key != "inget_arbetstillstand"))),
        part(count(&|need| need.below_floor == Some(true))),
        part(count(&|need| need.pay.is_none())),
    ]
    .into_iter()
    .flatten()
    .collect();
    all.extend(forecasts(&rows));
    for persons in [rows.iter().map(|need| need.demand.employed.women).sum::<i64>(), rows.iter().map(|need| need.demand.employed.men).sum()] {
        all.extend(if (1..=4).contains(&persons) { vec!["1".to_owned(), "4".to_owned()] } else { vec![persons.to_string()] });
    }
    let most = rows.iter().map(|need| need.competitors.len()).max().unwrap();
    if most > 0 {
        all.extend(spoken(most).into_iter().chain([rows[0].reporting.to_string()]));
    }
    let mut incomes: Vec<f64> = rows.iter().filter_map(|need| need.income_share).collect();
    incomes.sort_by(f64::total_cmp);
    let mut ends: Vec<String> = [incomes[0], incomes[incomes.len() - 1]].iter().map(|share| format!("{:.0}", share * 100.0)).collect();
    ends.dedup();
    all.extend(ends);
    all.push(largest.to_string());
    // One is written as a word that is not counted, where a noun follows.
    assert!(needs.len() > 1, "{}", area.key);
    all.sort();
    all
}

#[test]
fn every_number_of_the_paragraphs_and_tables_is_that_of_the_needs() {
    let config = crate::config();
    let figures = crate::figures(&config);
    for (county, languages) in [("23", &BOTH[..]), ("22", &BOTH[1..])] {
        let analysis = analysed(&config, &figures, county);
        let needs = skilled_needs(&analysis, &config, &figures);
        for language in languages {
            let document = document(&analysis, &figures, &config, *language);
            let mut order: Vec<&Area> = config.areas.iter().filter(|area| area.kind == AreaKind::Industry).collect();
            order.extend(config.areas.iter().filter(|area| area.kind == AreaKind::Strength));
            let Some(Block::Answer { paragraphs, .. }) = document.blocks.first() else { panic!("no answer first") };
            let rated: Vec<&SkilledNeed> = needs.values().filter(|need| need.is_needed_now()).collect();
            let said = numbers(&paragraphs[0].plain(), *language);
            let mut first = vec![
                rated.len().to_string(),
                needs.len().to_string(),
                rated.iter().map(|need| need.demand.employed.women).sum::<i64>().to_string(),
                rated.iter().map(|need| need.demand.employed.men).sum::<i64>().to_string(),
            ];
            first.extend(forecasts(&rated));
            first.sort();
            assert_eq!(said, first, "county {county}: {}", paragraphs[0].plain());
            let words = if *language == Language::Swedish { "säger inte" } else { "does not say" };
            assert!(paragraphs.last().unwrap().plain().contains(words));

            let mut tables = document.tables();
            for area in order {
                let own: Vec<&SkilledNeed> = area.occupations.keys().filter_map(|occupation| needs.get(occupation)).collect();
                let place =
                    document.blocks.iter().position(|block| matches!(block, Block::Heading { anchor, .. } if *anchor == area.key.replace('_', "-")));
                let Block::Paragraph(finding) = &document.blocks[place.unwrap() + 1] else { panic!("{}", area.key) };
                let rows: Vec<&&SkilledNeed> = own.iter().filter(|need| need.is_needed_now()).collect();
                if rows.is_empty() {
                    continue;
                }
                // Names of occupations hold levels 1 and 2.
                let mut text = finding.plain().to_lowercase();
                for need in &own {
                    let name = config.codes.occupation(need.occupation());
                    text = text.replace(&language.pick(&name.swedish, &name.english).to_lowercase(), "");
                }
                let mut said = numbers(&text, *language);
                said.sort();
                assert_eq!(said, expected(area, &own, 10), "county {county}, {}: {}", area.key, finding.plain());
                let (need, competition) = (tables.next().unwrap(), tables.next().unwrap());
                assert_eq!((need.grid.rows.len(), competition.grid.rows.len()), (rows.len(), rows.len()), "{}", area.key);
                for (cells, others) in need.grid.rows.iter().zip(&competition.grid.rows) {
                    let Cell::Text(code) = &cells[1] else { panic!("{cells:?}") };
                    let row = rows.iter().find(|row| row.occupation().as_str() == code).unwrap();
                    let close = |cell: &Cell, expected: Option<f64>| match (cell, expected) {
                        (Cell::Number { value, .. }, Some(expected)) => (value - expected).abs() < 1e-9,
                        (Cell::Missing { .. }, None) => true,
                        (Cell::UnderOne, Some(expected)) => expected > 0.0 && expected < 0.5,
                        _ => false,
                    };
                    assert!(close(&cells[4], row.demand.need) && close(&cells[5], Some(row.demand.volume)), "{cells:?}");
                    let small = (1..=4).contains(&row.demand.employed.women);
                    assert_eq!(matches!(cells[6], Cell::SmallCount { .. }), small, "{cells:?}");
                    assert!(close(&others[1], row.pay_by_sex[0]) && close(&others[2], row.pay_by_sex[1]), "{others:?}");
                    assert!(close(&others[4], row.income_share.map(|share| share * 100.0)), "{others:?}");
                    assert_eq!(others[5], Cell::Count(i64::try_from(row.competitors.len()).unwrap()), "{others:?}");
                    let world: f64 = row.pools.iter().map(|pool| pool.pool.total).sum();
                    assert!(row.pools.is_empty() || close(&others[6], Some(world / 1000.0)), "{others:?}");
                }
            }
        }
    }
}

#[test]
fn the_tables_have_a_row_for_each_area_and_occupation_and_for_each_of_the_ten_largest_pools() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let analysis = analysed(&config, &figures, "01");
    let needs = skilled_needs(&analysis, &config, &figures);
    let tables = malmarknad::tables::tables(&analysis, &config, &figures, None);
    let table = |name: &str| -> &Table { tables.iter().find(|table| table.name == name).unwrap() };
    let listed: usize = config.areas.iter().map(|area| area.occupations.keys().filter(|occupation| needs.contains_key(occupation)).count()).sum();
    assert_eq!(table("skilled_needs").rows(), listed);
    assert_eq!(table("skilled_pools").rows(), needs.values().map(|need| need.pools.len().min(10)).sum::<usize>());
    let totals = table("skilled_pools").numbers("pool_total").unwrap();
    let Values::Whole(places) = &table("skilled_pools").columns[1].values else { panic!("place") };
    for (row, place) in places.iter().enumerate().skip(1) {
        assert!(*place == Some(1) || totals[row] <= totals[row - 1], "row {row}");
    }
}

#[test]
fn a_broken_section_of_the_method_is_told() {
    let home = crate::copied_home();
    let path = home.path().join("data/method.toml");
    let sound = std::fs::read_to_string(&path).unwrap();
    for (from, to, told) in [
        ("major_groups = [\"1\", \"2\", \"3\"]", "major_groups = [\"1\", \"x\"]", "x is no SSYK group"),
        ("largest_pools = 10", "largest_pools = 0", "0 is no count of countries"),
    ] {
        let broken = sound.replacen(from, to, 1);
        assert_ne!(broken, sound, "{from}");
        std::fs::write(&path, broken).unwrap();
        let error = Config::read(&home.path().join("data")).unwrap_err().to_string();
        assert!(error.contains(told) && error.contains("method.toml") && error.contains("hint: "), "{error}");
    }
}
