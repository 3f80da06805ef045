//! JobTech's historical ads: a year's ads as packed JSON lines, some 5 GB unpacked, read as a stream.

use super::{Answers, Asked, Body, Call, Made, Pace, Source, nothing_allowed, once, sound};
use crate::format::job_ads;
use crate::tidy::dataset::Ads;
use crate::tidy::{Shelf, TidyError, table, unreadable};

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
    replaces: &["jobtech_ads"],
    keeps_years: true,
    calls: |asked, answers| Ok(once(call(asked), answers)),
    allowed: nothing_allowed,
    judge: sound,
    tables,
};

const START: &str = "year-";

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
