//! Ads that are open on the day of a fetch: they stand beside the ranking and change nothing in it.

use malmarknad::analysis::analyse;
use malmarknad::figures::Figures;
use malmarknad::language::Language;
use malmarknad::report::documents;
use malmarknad::report::model::{Cell, Document};
use malmarknad::snapshot::Store;
use malmarknad::snapshot::figures::folder;
use malmarknad::tables::tables;
use malmarknad::uncertainty::{Effort, assess};

use super::publisher::{self, GROUPS, REGIONS, open_ads};
use super::server::{Reaction, Server};
use super::{fetched, good, plan};

fn told(document: &Document, language: Language) -> String {
    document.blocks.iter().flat_map(|block| crate::report::texts(block, language)).collect::<Vec<_>>().join("\n")
}

#[test]
fn open_ads_are_told_on_the_areas_pages_as_the_service_counts_them_and_the_ranking_stays() {
    let config = crate::config();
    let home = tempfile::tempdir().unwrap();
    let store = Store::new(home.path());
    fetched(&store, &plan(&config, "jobtech_open_ads", &good("jobtech_open_ads").url)).unwrap();
    let made = folder(&store, &crate::home().join("data/bundled"), &config.codes, "lists", None).unwrap();
    let figures = Figures::read(&made.folder, &config.codes).unwrap();
    let year: i32 = figures.sources["jobtech_open_ads"].retrieved[..4].parse().unwrap();
    assert_eq!(figures.open_ads.len(), GROUPS.len() * (REGIONS.len() + 1));
    for (_, group) in GROUPS.iter() {
        let mut all = 1;
        for (_, county) in REGIONS.iter() {
            let area = Some(config.codes.county(county, "test").unwrap());
            assert_eq!(figures.open_ads_until(year, area, group), Some(open_ads(group, county).cast_signed()), "{group} {county}");
            all += open_ads(group, county).cast_signed();
        }
        assert_eq!(figures.open_ads_until(year, None, group), Some(all), "{group}");
        // A run of an earlier year knows nothing of them.
        assert_eq!(figures.open_ads_until(year - 1, None, group), None);
    }
    let county = config.codes.county("23", "test").unwrap();
    let bundled = crate::figures(&config);
    let mut now = analyse(&figures, &config, county, year).unwrap();
    let without = analyse(&bundled, &config, county, year).unwrap();
    assert_eq!(now.markets.rankings, without.markets.rankings, "they weigh nothing");
    let of_run = tables(&now, &config, &figures, None);
    assert!(
        of_run.iter().any(|table| table.name == "open_ads")
            && !tables(&without, &config, &bundled, None).iter().any(|table| table.name == "open_ads")
    );
    assess(&mut now, &figures, &config, Effort { replicates: 128, sensitivity_rows: 8, seed: 70 }).unwrap();
    let document = |figures: &Figures, language: Language, stem: &str| -> Document {
        let all = documents(&crate::report::context(&now, figures, &config, language)).unwrap();
        all.into_iter().find(|document| document.stem == stem).unwrap()
    };
    let page = |figures: &Figures, language: Language| document(figures, language, "omrade-upplevelser");
    // The start page lists the table where the run has it.
    let start = |figures: &Figures| told(&document(figures, Language::English, "index"), Language::English);
    assert!(start(&figures).contains("open_ads") && !start(&bundled).contains("open_ads"));
    // Nor does it tell of them.
    let earlier = analyse(&figures, &config, county, year - 1).unwrap();
    assert!(!tables(&earlier, &config, &figures, None).iter().any(|table| table.name == "open_ads"));
    // Own sums: the occupations of the area with a shortage or under watch, each group once.
    let area = config.areas.iter().position(|area| area.key == "upplevelser").unwrap();
    let mut groups: Vec<&str> =
        now.markets.area_weights[area].weights.keys().filter_map(|code| config.codes.occupation(*code).jobtech_group.as_deref()).collect();
    groups.sort_unstable();
    groups.dedup();
    let here: u64 = groups.iter().map(|group| open_ads(group, "23")).sum();
    let most = groups.iter().map(|group| open_ads(group, "23")).max().unwrap();
    let open = groups.iter().filter(|group| open_ads(group, "23") > 0).count();
    let swedish = page(&figures, Language::Swedish);
    let day = Language::Swedish.date(&figures.sources["jobtech_open_ads"].retrieved);
    let text = told(&swedish, Language::Swedish);
    assert!(text.contains(&format!("Den {day} fanns {here} öppna annonser i Jämtlands län")), "{here}: {text}");
    let table = swedish.tables().find(|table| table.origin.tables.contains(&"open_ads")).unwrap();
    assert_eq!(table.grid.rows.len(), open.min(12));
    let count = |cell: &Cell| match cell {
        Cell::Count(count) => *count as u64,
        other => panic!("{other:?}"),
    };
    assert_eq!(count(&table.grid.rows[0][1]), most);
    assert!(table.grid.rows.iter().map(|row| count(&row[1])).is_sorted_by(|one, next| one >= next));
    assert!(told(&page(&figures, Language::English), Language::English).contains(&format!("there were {here} open ads")));
    assert!(!told(&page(&bundled, Language::Swedish), Language::Swedish).contains("Öppna annonser"));
}

#[test]
fn a_service_that_no_longer_knows_a_group_is_refused() {
    let config = crate::config();
    let tried = |change: fn(&str, serde_json::Value) -> serde_json::Value| {
        let home = tempfile::tempdir().unwrap();
        let server = Server::start(Box::new(move |asked, _| match publisher::publisher("jobtech_open_ads", asked) {
            Reaction::Answer(status, headers, body) => {
                let body = change(&asked.path, serde_json::from_slice(&body).unwrap()).to_string();
                Reaction::Answer(status, headers, body.into_bytes())
            }
            other => other,
        }));
        fetched(&Store::new(home.path()), &plan(&config, "jobtech_open_ads", &server.url)).unwrap_err()
    };
    // It takes an unknown group for every group, or for none.
    let reason = tried(|_, mut found| {
        found["total"]["value"] = 90_000.into();
        found["stats"][0]["values"][0]["count"] = 60_000.into();
        found
    });
    assert!(reason.contains("the groups have") && reason.contains("90000"), "{reason}");
    let reason = tried(|path, found| if path.contains("occupation-group") { serde_json::json!({"total": {"value": 0}, "stats": []}) } else { found });
    assert!(reason.contains("the groups have 0 ads together in 00"), "{reason}");
    // Every group's counts leave a county out: each county would seem to have none, and the sums of Sweden would not show it.
    let reason = tried(|path, mut found| {
        if path.contains("occupation-group") {
            let kept = |value: &serde_json::Value| value["concept_id"] != "65Ms_7r1_RTG";
            let values: Vec<_> = found["stats"][0]["values"].as_array().unwrap().iter().filter(|value| kept(value)).cloned().collect();
            found["stats"][0]["values"] = values.into();
        }
        found
    });
    assert!(reason.contains("the groups have 0 ads together in 23"), "{reason}");
    let reason = tried(|_, mut found| {
        let all = found["total"]["value"].as_i64().unwrap();
        found["total"]["value"] = (all / 3).into();
        found
    });
    assert!(reason.contains("of") && reason.contains("in all of Sweden"), "{reason}");
    let reason = tried(|_, mut found| {
        found["total"]["value"] = i64::MAX.into();
        found
    });
    assert!(reason.contains("9223372036854775807 ads"), "{reason}");
    let reason = tried(|_, mut found| {
        found["stats"][0]["values"][0]["count"] = (-3).into();
        found
    });
    assert!(reason.contains("-3 ads in the county"), "{reason}");
    let reason = tried(|_, mut found| {
        let more = found["stats"][0]["values"][0].clone();
        found["stats"][0]["values"] = vec![more; 30].into();
        found
    });
    assert!(reason.contains("30 regions"), "{reason}");
}
