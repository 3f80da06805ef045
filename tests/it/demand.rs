//! Section 2 of the method: which occupations are short.

use std::collections::BTreeMap;

use malmarknad::code::{County, Ssyk};
use malmarknad::config::Config;
use malmarknad::demand::{Demand, Rating, assessed_groups, county_demand};
use malmarknad::figures::{Figures, Persons, Words};

/// Figures in which one occupation stands out from 100 equal ones in every county.
struct World {
    config: Config,
    figures: Figures,
    county: County,
}

impl World {
    fn new() -> Self {
        let config = crate::config();
        let county = config.codes.county("23", "test").unwrap();
        let mut figures = Figures::default();
        for (other, _) in config.codes.counties() {
            for occupation in config.occupations().into_iter().take(100) {
                let years = (2014..=2024).map(|year| (year, Persons { women: 50, men: 50 }));
                figures.employed.insert((other, occupation), years.collect());
            }
        }
        Self { config, figures, county }
    }

    fn code(&self, code: &str) -> Ssyk {
        self.config.codes.ssyk(code, "test").unwrap()
    }

    /// Sets the employed of an occupation in every county, by year.
    fn employ(&mut self, code: &str, by_year: &[(i32, i64)]) {
        let code = self.code(code);
        for (county, _) in self.config.codes.counties() {
            let years = by_year.iter().map(|(year, women)| (*year, Persons { women: *women, men: 0 }));
            self.figures.employed.insert((county, code), years.collect());
        }
    }

    fn say(&mut self, occupation: &str, codes: &[&str], inferred: bool, words: Option<Words>) {
        let codes = codes.iter().map(|code| self.code(code)).collect();
        self.figures.assessment_occupations.insert(occupation.to_owned(), (None, codes, inferred));
        if let Some(words) = words {
            self.figures.assessments.insert((occupation.to_owned(), Some(self.county)), words);
        }
    }

    fn demand(&self, code: &str) -> Demand {
        let demand = county_demand(&self.figures, &self.config, self.county, 2026).unwrap();
        demand.occupations[&self.code(code)].clone()
    }
}

fn situation(recruitment: &str, outlook: &str) -> Words {
    Words { recruitment: Some(recruitment.to_owned()), outlook: Some(outlook.to_owned()), ..Words::default() }
}

#[test]
fn a_paradox_is_not_a_plain_shortage() {
    let mut world = World::new();
    world.say("plain", &["1111"], false, Some(situation("brist", "öka")));
    world.say("paradox", &["1112"], false, Some(situation("paradox", "öka")));
    assert_eq!(world.demand("1111").indicator_points[0], Some(3.0));
    assert_eq!(world.demand("1112").indicator_points[0], Some(2.0));
}

#[test]
fn large_opportunities_alone_lie_between_shortage_and_paradox() {
    let mut world = World::new();
    world.say("older", &["1111"], false, Some(Words { opportunities: Some("stora".to_owned()), ..Words::default() }));
    assert_eq!(world.demand("1111").indicator_points[0], Some(2.5));
}

#[test]
fn an_occupation_not_assessed_is_missing_and_not_a_surplus() {
    let mut world = World::new();
    world.say("silent", &["1111"], false, Some(Words::default()));
    let demand = world.demand("1111");
    assert_eq!(demand.indicator_points[..2], [None, None]);
    assert!(demand.without_assessment);
}

#[test]
fn a_group_covered_by_several_takes_the_mean_of_those_assessed() {
    let mut world = World::new();
    world.say("first", &["1111"], false, Some(situation("brist", "öka")));
    world.say("second", &["1111"], false, Some(situation("balans", "minska")));
    world.say("third", &["1111"], false, Some(Words::default()));
    assert_eq!(world.demand("1111").indicator_points[..2], [Some(2.0), Some(1.5)]);
}

#[test]
fn an_inferred_second_code_is_dropped_where_another_has_it_alone() {
    let mut world = World::new();
    world.say("alone", &["1111"], false, None);
    world.say("several", &["1111", "1112"], true, None);
    world.say("published", &["1111", "1113"], false, None);
    let groups = assessed_groups(&world.figures);
    assert_eq!(groups["several"], vec![world.code("1112")]);
    assert_eq!(groups["published"].len(), 2, "what Arbetsförmedlingen itself publishes is kept");
}

#[test]
fn growth_never_crosses_a_series_break() {
    let mut world = World::new();
    // Ten times as many at each break, otherwise unchanged: without the breaks it would be the fastest growing occupation.
    world.employ("1111", &[(2018, 1), (2019, 10), (2020, 100), (2021, 100), (2022, 100), (2023, 1000), (2024, 1000)]);
    let growth = world.demand("1111").growth_excess.unwrap();
    assert!(growth.abs() < 1e-9, "growth {growth}");
}

#[test]
fn growth_from_fewer_than_twenty_is_missing() {
    let mut world = World::new();
    // The floor is on the national count: 21 counties with none but one.
    let code = world.code("1111");
    for (county, _) in world.config.codes.counties() {
        world.figures.employed.insert((county, code), (2014..=2024).map(|year| (year, Persons::default())).collect());
    }
    let few = (2014..=2024).map(|year| (year, Persons { women: 10, men: 9 }));
    world.figures.employed.insert((world.county, code), few.collect());
    assert_eq!(world.demand("1111").growth_excess, None);
}

#[test]
fn ads_per_employed_need_twenty_employed() {
    let mut world = World::new();
    world.employ("2111", &[(2024, 19)]);
    world.employ("2112", &[(2024, 20)]);
    for group in ["2111", "2112"] {
        world.figures.ads.insert((Some(world.county), group.to_owned()), [(2024, 5)].into_iter().collect());
    }
    assert_eq!(world.demand("2111").indicator_points[2], None);
    assert!(world.demand("2111").ads_per_100.is_some(), "the rate is still shown");
    assert_eq!(world.demand("2112").indicator_points[2], Some(0.0), "the only rate is the lowest");
}

#[test]
fn a_merged_group_gives_each_of_its_groups_the_same_rate() {
    let mut world = World::new();
    world.employ("1211", &[(2024, 5)]);
    world.employ("1212", &[(2024, 35)]);
    world.figures.ads.insert((Some(world.county), "1210".to_owned()), [(2024, 4)].into_iter().collect());
    let (first, second) = (world.demand("1211"), world.demand("1212"));
    assert_eq!(first.ads_per_100, Some(10.0));
    assert_eq!(first.ads_per_100, second.ads_per_100);
    assert!(first.indicator_points[2].is_some(), "the base for 20 employed is the merged group's");
}

#[test]
fn the_share_over_55_is_missing_where_an_age_group_is() {
    let mut world = World::new();
    let code = world.code("1111");
    let mut ages: BTreeMap<String, Option<i64>> = ["16-24", "55-59", "60-64", "065-69"].into_iter().map(|age| (age.to_owned(), Some(10))).collect();
    world.figures.ages.insert(code, BTreeMap::from([(2024, ages.clone())]));
    assert_eq!(world.demand("1111").share_55_plus, Some(0.75));
    ages.insert("25-29".to_owned(), None);
    world.figures.ages.insert(code, BTreeMap::from([(2024, ages)]));
    assert_eq!(world.demand("1111").share_55_plus, None);
}

#[test]
fn with_arbetsformedlingen_silent_the_rest_can_only_make_it_watched() {
    let mut world = World::new();
    let code = world.code("1111");
    // Old, growing and with many ads: three points on everything but Arbetsförmedlingen.
    world.employ("1111", &[(2019, 100), (2020, 100), (2021, 200), (2022, 400), (2023, 400), (2024, 800)]);
    let old: BTreeMap<String, Option<i64>> = ["55-59", "60-64", "065-69"].into_iter().map(|age| (age.to_owned(), Some(10))).collect();
    world.figures.ages.insert(code, BTreeMap::from([(2024, old)]));
    for (position, (other, _)) in world.config.codes.occupations().take(100).enumerate() {
        let ads = i64::try_from(position).unwrap();
        world.figures.ads.insert((Some(world.county), other.to_string()), [(2024, ads)].into_iter().collect());
    }
    world.figures.ads.insert((Some(world.county), "1111".to_owned()), [(2024, 100_000)].into_iter().collect());
    let demand = world.demand("1111");
    assert_eq!(demand.indicator_points[2..], [Some(3.0), Some(3.0), Some(3.0)]);
    assert_eq!((demand.coverage, demand.rating), (0.5, Rating::Watch));
    assert!(demand.without_assessment);
}

#[test]
fn employer_evidence_overrides_the_rating_and_says_who() {
    use malmarknad::evidence::Word;
    let mut world = World::new();
    let word = |rating, date| malmarknad::evidence::Evidence {
        county: world.config.codes.county("23", "test").unwrap(),
        occupation: world.config.codes.ssyk("1111", "test").unwrap(),
        rating,
        who: "Branschrådet".to_owned(),
        date,
        reason: "tre misslyckade rekryteringar".to_owned(),
    };
    let day = jiff::civil::date;
    let before = world.demand("1111").rating;
    // The newest counts, but none that is later than the run's year, wherever they stand in the file.
    let words = [(Word::NoShortage, day(2027, 1, 1)), (Word::Shortage, day(2026, 3, 1)), (Word::Watch, day(2025, 12, 31))];
    let words: Vec<_> = words.into_iter().map(|(rating, date)| word(rating, date)).collect();
    world.config.evidence = words;
    let demand = world.demand("1111");
    assert_eq!(demand.rating, Rating::Shortage);
    let set = demand.evidence.unwrap();
    assert_eq!((set.evidence.who.as_str(), set.evidence.date, set.otherwise), ("Branschrådet", day(2026, 3, 1), before));
    let other = world.config.codes.county("22", "test").unwrap();
    for item in &mut world.config.evidence {
        item.county = other;
    }
    assert_eq!((world.demand("1111").rating, world.demand("1111").evidence), (before, None));
}
