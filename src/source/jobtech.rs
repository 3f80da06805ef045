//! JobTech: the historical ads (a year's ads as packed JSON lines, some 5 GB unpacked, read as a stream), the search service's counts of open ads, and the
//! taxonomy's links between occupation groups and ISCO-08.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Answers, Asked, Body, Call, Made, Pace, Source, nothing_allowed, once, sound};
use crate::code::County;
use crate::format::job_ads;
use crate::tidy::dataset::{Ads, OpenAds};
use crate::tidy::{Shelf, TidyError, sweden, table, unreadable};

/// Ads by occupation and county.
pub(super) static ADS: Source = Source {
    key: "jobtech_historical_ads",
    dataset: "Historiska annonser",
    publisher: "Arbetsförmedlingen, JobTech",
    title: "Platsbankens annonser efter yrkesgrupp och län",
    page: "https://data.jobtechdev.se/annonser/historiska/",
    licence: "CC0 1.0",
    attribution: "Källa: Arbetsförmedlingen, Historiska annonser",
    used_for: "ads per employed",
    cadence_days: 400,
    bases: &[("https://data.jobtechdev.se", Pace { calls: 1, seconds: 2 })],
    by_hand: false,
    of_file: None,
    replaces: &["jobtech_ads"],
    keeps_years: true,
    calls: |asked, answers| Ok(once(call(asked), answers)),
    allowed: nothing_allowed,
    judge: sound,
    tables,
};

/// Open ads by occupation and county, counted by the search service.
pub(super) static OPEN_ADS: Source = Source {
    key: "jobtech_open_ads",
    dataset: "JobSearch",
    publisher: "Arbetsförmedlingen, JobTech",
    title: "Platsbankens öppna annonser efter yrkesgrupp och län",
    page: "https://jobsearch.api.jobtechdev.se",
    licence: "CC0 1.0",
    attribution: "Källa: Arbetsförmedlingen, Platsbanken",
    used_for: "open ads beside the ranking",
    cadence_days: 30,
    bases: &[("https://jobsearch.api.jobtechdev.se", Pace { calls: 2, seconds: 1 })],
    by_hand: false,
    of_file: None,
    replaces: &[],
    keeps_years: false,
    calls: |asked, answers| Ok(open_calls(asked, answers)),
    allowed: nothing_allowed,
    judge: sound,
    tables: open_tables,
};

/// The taxonomy's links to ISCO-08.
pub(super) static TAXONOMY: Source = Source {
    key: "jobtech_taxonomy",
    dataset: "JobTech Taxonomy",
    publisher: "Arbetsförmedlingen, JobTech",
    title: "Yrkesgrupper (SSYK) med motsvarande grupper i ISCO-08",
    page: "https://data.jobtechdev.se/taxonomy/",
    licence: "CC0 1.0",
    attribution: "Källa: Arbetsförmedlingen, JobTech Taxonomy",
    used_for: "a check of the key between SSYK and ISCO",
    cadence_days: 400,
    bases: &[("https://data.jobtechdev.se", Pace { calls: 1, seconds: 2 })],
    by_hand: false,
    of_file: None,
    replaces: &["jobtech_taxonomy"],
    keeps_years: false,
    calls: |_, answers| Ok(once(taxonomy_call(), answers)),
    allowed: nothing_allowed,
    judge: sound,
    tables: |shelf, _| Ok(vec![sweden::jobtech_isco(shelf)?]),
};

fn taxonomy_call() -> Call {
    const NAME: &str = "ssyk-level-4-with-related-isco-level-4-groups";
    Call::get("data", "links between SSYK and ISCO", format!("/taxonomy/version/latest/query/{NAME}/{NAME}.json"), Body::Json)
}

const START: &str = "year-";
/// The answer with all groups together.
const ALL: &str = "all";
/// What the name of a group's answer begins with.
const GROUP: &str = "group-";
/// Sweden's concept id: ads abroad have regions of their own.
const SWEDEN: &str = "i46j_HmG_v64";
/// No labour market has more; the sums of so many stay far from what a number holds.
const MOST_ADS: i64 = 1_000_000_000;
/// Ads that may come or go in a county in the minutes that the counting takes, however small it is.
const FEW: i64 = 10;
/// As many regions as the service tells at most: Sweden's 21 and the ads without one are fewer.
const MOST_REGIONS: usize = 30;

/// Counts alone, no ads: all groups together, then one call a group.
fn open_calls(asked: &Asked, answers: &Answers) -> Vec<Call> {
    let path = |group: &str| format!("/search?limit=0&country={SWEDEN}{group}&stats=region&stats.limit={MOST_REGIONS}");
    let whole = Call::get(ALL, "all open ads", path(""), Body::Json);
    let groups = asked.codes.jobtech_concepts().into_iter().map(|(group, concept)| {
        Call::get(format!("{GROUP}{group}"), format!("open ads of {group}"), path(&format!("&occupation-group={concept}")), Body::Json)
    });
    std::iter::once(whole).chain(groups).filter(|call| !answers.kept.contains_key(&call.name)).collect()
}

#[derive(Deserialize)]
struct Found {
    total: Total,
    stats: Vec<Stats>,
}

#[derive(Deserialize)]
struct Total {
    value: i64,
}

#[derive(Deserialize)]
struct Stats {
    r#type: String,
    values: Vec<Region>,
}

#[derive(Deserialize)]
struct Region {
    concept_id: String,
    count: i64,
}

/// Open ads of a county each, and of Sweden.
struct Counted {
    counties: BTreeMap<County, i64>,
    sweden: i64,
}

/// What the service found: how many in Sweden, and in each county that has any.
fn counted(shelf: &Shelf, name: &str, bytes: &[u8]) -> Result<Counted, TidyError> {
    let wrong = |reason: String| unreadable(name, "JobSearch's counts", reason);
    let found: Found = serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
    let sweden = found.total.value;
    if !(0..=MOST_ADS).contains(&sweden) {
        return Err(wrong(format!("{sweden} ads")));
    }
    let mut counties = BTreeMap::new();
    let regions: Vec<&Stats> = found.stats.iter().filter(|stats| stats.r#type == "region").collect();
    match regions.as_slice() {
        [] if sweden > 0 => return Err(wrong("no counts by region".to_owned())),
        // A list that is cut off would leave counties out, which would then seem to have none.
        [regions] if regions.values.len() >= MOST_REGIONS => return Err(wrong(format!("{} regions, more than Sweden has", regions.values.len()))),
        [regions] => {
            for region in &regions.values {
                let county = shelf.codes.jobtech_county(&region.concept_id, name)?;
                if !(0..=MOST_ADS).contains(&region.count) {
                    return Err(wrong(format!("{} ads in the county {county}", region.count)));
                }
                if counties.insert(county, region.count).is_some() {
                    return Err(wrong(format!("the county {county} has two counts")));
                }
            }
        }
        [] => {}
        _ => return Err(wrong("several lists of regions".to_owned())),
    }
    let placed: i64 = counties.values().sum();
    if placed > sweden {
        return Err(wrong(format!("{placed} in the counties, of {sweden} in all of Sweden")));
    }
    // Some ads name no county, but where most do not, every county would seem to have few.
    if 2 * placed < sweden && sweden >= 100 {
        return Err(wrong(format!("{placed} of {sweden} have a county")));
    }
    Ok(Counted { counties, sweden })
}

fn open_tables(shelf: &mut Shelf, answers: &Answers) -> Result<Made, TidyError> {
    let source = OPEN_ADS.key;
    let period = shelf.year_of(source);
    let whole = counted(shelf, ALL, &answers.bytes(ALL)?)?;
    let (mut rows, mut sum) = (Vec::new(), Counted { counties: BTreeMap::new(), sweden: 0 });
    for (name, _) in answers.named(GROUP) {
        let group = &name[GROUP.len()..];
        let of_group = counted(shelf, name, &answers.bytes(name)?)?;
        let row = |county: String, ads: i64| OpenAds { county, jobtech_group: group.to_owned(), period, ads, source: source.to_owned() };
        rows.extend(shelf.codes.counties().map(|(county, _)| row(county.to_string(), of_group.counties.get(&county).copied().unwrap_or(0))));
        rows.push(row("00".to_owned(), of_group.sweden));
        sum.sweden += of_group.sweden;
        of_group.counties.into_iter().for_each(|(county, ads)| *sum.counties.entry(county).or_default() += ads);
    }
    if whole.sweden == 0 {
        return Err(unreadable(OPEN_ADS.dataset, "open ads", "there is none in all of Sweden"));
    }
    // The ads change while they are counted, but a group that the service no longer knows, or takes for all groups, changes the sum by much; and so does a
    // county that the groups' counts leave out.
    let of_county = shelf.codes.counties().map(|(county, _)| {
        let ads = |counted: &Counted| counted.counties.get(&county).copied().unwrap_or(0);
        (county.to_string(), ads(&sum), ads(&whole), FEW)
    });
    for (area, found, all, few) in std::iter::once(("00".to_owned(), sum.sweden, whole.sweden, 0)).chain(of_county) {
        if 10 * (found + few) < 9 * all || 20 * (found - few) > 21 * all {
            return Err(TidyError::Meaning {
                place: OPEN_ADS.dataset.to_owned(),
                problem: format!("the groups have {found} ads together in {area}, but all ads are {all}"),
                hint: "a concept id has changed, or counties are left out; compare data/mappings/jobtech_ssyk.csv with JobTech's taxonomy",
            });
        }
    }
    shelf.receipt(source, rows.iter().map(|row| row.period));
    Ok(vec![table(rows)?])
}

/// The last year that is over.
fn call(asked: &Asked) -> Call {
    let year = asked.year - 1;
    Call::get(format!("{START}{year}"), format!("ads of {year} (some 900 MB)"), format!("/annonser/historiska/{year}.jsonl.zip"), Body::Archive)
}

fn tables(shelf: &mut Shelf, answers: &Answers) -> Result<Made, TidyError> {
    let source = ADS.key;
    let mut rows = Vec::new();
    for (name, path) in answers.named(START) {
        let period: i32 = name[START.len()..].parse().map_err(|_| unreadable(name, "a year", "the name of the answer"))?;
        let counts = job_ads::count(path, period)?;
        if counts.ads == 0 {
            return Err(unreadable(name, "ads of the year", format!("no ad of {period} in it")));
        }
        // Where too many ads have no occupation, the layout has changed rather than the ads.
        if counts.without_group * 10 > counts.ads {
            return Err(unreadable(name, "ads with an occupation group", format!("{} of {} have none", counts.without_group, counts.ads)));
        }
        // Some ads are for all of Sweden or for abroad, but where most name no county, every county would seem to have none.
        let placed: i64 = counts.by_month().filter(|(_, county, _, _)| !county.is_empty()).map(|(_, _, _, ads)| ads).sum();
        if 2 * placed < counts.ads - counts.without_group {
            return Err(unreadable(name, "ads with a county", format!("{placed} of {} have one", counts.ads - counts.without_group)));
        }
        for group in shelf.codes.jobtech_groups() {
            let mut sweden = 0;
            for (county, _) in shelf.codes.counties() {
                let ads = counts.of(group, county.as_str());
                sweden += ads;
                rows.push(Ads { county: county.to_string(), jobtech_group: group.to_owned(), period, ads, source: source.to_owned() });
            }
            let ads = sweden + counts.of(group, "");
            rows.push(Ads { county: "00".to_owned(), jobtech_group: group.to_owned(), period, ads, source: source.to_owned() });
        }
        if let Some(stranger) = counts.groups().find(|group| !shelf.codes.jobtech_groups().any(|known| known == *group)) {
            return Err(TidyError::Meaning {
                place: name.to_owned(),
                problem: format!("the occupation group {stranger:?} is in no list"),
                hint: "add it to data/mappings/jobtech_ssyk.csv",
            });
        }
        if let Some(stranger) = counts.counties().find(|county| !county.is_empty() && shelf.codes.county(county, name).is_err()) {
            return Err(TidyError::Meaning {
                place: name.to_owned(),
                problem: format!("the county {stranger:?} is in no list"),
                hint: "JobTech uses a new region code; see its taxonomy",
            });
        }
    }
    shelf.receipt(source, rows.iter().map(|row| row.period));
    Ok(vec![table(rows)?])
}
