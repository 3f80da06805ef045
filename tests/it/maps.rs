//! Maps, what has moved since an earlier run, what recruiting does and what decides: the figures of the charts are those of the tables.

use std::fmt::Write as _;
use std::path::Path;

use malmarknad::chart::base_map::{BaseMap, Extent};
use malmarknad::language::Language;
use malmarknad::previous::{Previous, PreviousError};
use malmarknad::report::model::{Block, Cell, Document, Figure, FigureData};
use malmarknad::report::{RunContext, documents};
use malmarknad::supply::MarketKind;
use malmarknad::tidy::sha256;

use crate::report::{analysed, context, numbers, texts};

const BOTH: [Language; 2] = [Language::Swedish, Language::English];

#[test]
fn every_country_that_can_be_ranked_and_every_county_is_on_a_map() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let county = config.codes.county("23", "test").unwrap();
    let analysis = malmarknad::analysis::analyse(&figures, &config, county, 2026).unwrap();
    let map = |extent: Extent| BaseMap::new(extent, figures.outlines_of(extent.key()));
    let (europe, world, sweden) = (map(Extent::Europe), map(Extent::World), map(Extent::Sweden));
    for country in &analysis.supply.countries {
        let (_, shape) = world.shape(country.as_str()).unwrap_or_else(|| panic!("{country} is not on the map of the world"));
        assert!(!shape.rings.is_empty() && shape.middle.0 > 0.0 && shape.middle.1 > 0.0, "{country}");
    }
    for country in figures.free_movement.keys() {
        assert!(europe.shape(country.as_str()).is_some(), "{country} is not on the map of Europe");
    }
    assert_eq!(sweden.shapes.len(), 21);
    for (county, _) in config.codes.counties() {
        assert!(sweden.shape(county.as_str()).is_some_and(|(_, shape)| shape.is_visible), "{county}");
    }
    // Malta is there, as a circle.
    assert!(europe.shape("MT").is_some_and(|(_, shape)| !shape.is_visible));
    // The areas are kept: France is 1.53 times Germany, Poland 7.3 times Denmark.
    let ratio = |map: &BaseMap, one: &str, other: &str| map.shape(one).unwrap().1.area / map.shape(other).unwrap().1.area;
    assert!((ratio(&europe, "FR", "DE") - 1.53).abs() < 0.06, "{}", ratio(&europe, "FR", "DE"));
    assert!((ratio(&europe, "PL", "DK") - 7.27).abs() < 0.4, "{}", ratio(&europe, "PL", "DK"));
}

fn maps(document: &Document) -> Vec<&Figure> {
    document.figures().filter(|figure| figure.file.contains("-karta-")).collect()
}

fn grid(figure: &Figure) -> &malmarknad::report::model::Grid {
    match &figure.data {
        FigureData::Own(grid) => grid,
        FigureData::Table(table) => panic!("{} has its numbers in table {table}", figure.title),
    }
}

#[test]
fn the_colour_on_a_map_is_the_class_of_the_score_in_the_table() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    for language in BOTH {
        let pages = documents(&context(&analysis, &figures, &config, language)).unwrap();
        let areas: Vec<&Document> = pages.iter().filter(|page| page.stem.starts_with("omrade-")).collect();
        assert!(areas.len() >= 4);
        for page in areas {
            let maps = maps(page);
            assert!(
                maps.iter().any(|map| map.file.ends_with("karta-europa")) && maps.iter().any(|map| map.file.ends_with("karta-lan")),
                "{}",
                page.stem
            );
            for map in maps {
                assert_ne!(map.caption.plain(), map.alternative);
                assert!(map.svg.len() < 150_000, "{}: {} bytes", map.file, map.svg.len());
                let grid = grid(map);
                let mut scored = 0;
                for row in &grid.rows {
                    let (Cell::Number { value, .. }, Cell::Text(class)) = (&row[1], &row[2]) else { continue };
                    let (low, high) = class.split_once('–').expect("a scored country has a class");
                    let (low, high): (f64, f64) = (low.parse().unwrap(), high.parse().unwrap());
                    assert!(low <= *value && *value <= high, "{}: {value} in {class}", map.file);
                    scored += 1;
                }
                assert!(scored >= 15, "{}: {scored}", map.file);
                // What the alternative text says of numbers stands in the table.
                let printed: Vec<String> = grid
                    .rows
                    .iter()
                    .filter_map(|row| match row[1] {
                        Cell::Number { value, decimals } => numbers(&language.number(value, decimals), language).pop(),
                        _ => None,
                    })
                    .collect();
                for number in numbers(&map.alternative, language).iter().filter(|number| number.contains('.')) {
                    assert!(printed.contains(number), "{}: {number} is not in the table", map.file);
                }
            }
        }
    }
}

#[test]
fn recruiting_and_what_decides_are_on_every_area_page_and_no_brief() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let pages = documents(&context(&analysis, &figures, &config, Language::Swedish)).unwrap();
    for page in &pages {
        let has = |slug: &str| page.figures().any(|figure| figure.file.ends_with(slug));
        let is_area = page.stem.starts_with("omrade-");
        assert_eq!(has("-avgor"), is_area, "{}", page.stem);
        assert!(!has("-rekrytering") || is_area, "{}", page.stem);
        assert!(!has("-sedan"), "{}: no earlier run was given", page.stem);
    }
    assert!(pages.iter().any(|page| page.figures().any(|figure| figure.file.ends_with("-rekrytering"))));
}

#[test]
fn recruits_move_the_share_of_women_as_the_method_says() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let pages = documents(&context(&analysis, &figures, &config, Language::Swedish)).unwrap();
    let mut checked = 0;
    for figure in pages.iter().flat_map(Document::figures).filter(|figure| figure.file.ends_with("-rekrytering")) {
        for row in &grid(figure).rows {
            let (Cell::Text(occupation), Cell::Text(country)) = (&row[0], &row[1]) else { panic!("a row begins with its names") };
            let codes = &config.codes;
            let found = analysis.gender.iter().find(|row| {
                codes.occupation(row.occupation).swedish == *occupation
                    && matches!(row.market, malmarknad::supply::Market::Country(code) if codes.country_name(code).swedish == *country)
            });
            let (Some(found), Cell::Number { value, .. }) = (found, &row[5]) else { continue };
            let now = analysis.demand.occupations[&found.occupation].employed;
            let (women, men) = (now.women as f64, now.men as f64);
            // (F + n·f)/(F + M + n) for 25 recruits.
            let after = 100.0 * (women + 25.0 * found.share_market.unwrap()) / (women + men + 25.0);
            assert!((after - value).abs() < 1e-9, "{occupation}, {country}");
            checked += 1;
        }
    }
    assert!(checked >= 10, "{checked}");
}

/// A folder that looks like a finished run.
fn earlier_run(folder: &Path, county: &str, table: &str, hash: &str) {
    std::fs::create_dir_all(folder.join("data")).unwrap();
    std::fs::write(folder.join("data/markets.csv"), table).unwrap();
    let manifest = format!(
        r#"{{"program":"malmarknad","version":"0.0.9","county":"{county}","year":2025,"replicates":8,"seed":1,"areas":[],"data":"bundled","formats":["csv"],
        "method_sha256":"other","inputs":[],"receipts":[],"outputs":[{{"path":"data/markets.csv","bytes":1,"sha256":"{hash}"}}]}}"#
    );
    std::fs::write(folder.join("manifest.json"), manifest).unwrap();
}

const HEADER: &str = "weighting,market_type,area,market,tier,rank_median,rank_p05,rank_p95\n";

#[test]
fn an_earlier_run_is_refused_with_a_remedy_where_it_is_another_county_changed_or_of_another_shape() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path();
    let read = |table: &str, county: &str, hash: Option<&str>| {
        earlier_run(run, county, table, hash.unwrap_or(&sha256(table.as_bytes())));
        Previous::read(run, "23", "method")
    };
    assert!(matches!(Previous::read(&run.join("nowhere"), "23", "method"), Err(PreviousError::Manifest(_))));
    assert!(matches!(read(HEADER, "01", None), Err(PreviousError::County { .. })));
    assert!(matches!(read(HEADER, "23", Some("ffff")), Err(PreviousError::Changed { .. })));
    assert!(matches!(read("area,market\n", "23", None), Err(PreviousError::Columns { column: "weighting", .. })));
    let row = |cells: &str| read(&format!("{HEADER}{cells}\n"), "23", None);
    for wrong in ["likely,country,besoksnaring,PL,1,NaN,1,2", "likely,country,besoksnaring,PL,1,0,1,2", "likely,country,besoksnaring,PL,x,1,1,2"] {
        let error = row(wrong).unwrap_err().to_string();
        assert!(error.contains("row 1") && error.contains("\nhint: "), "{error}");
    }
    let twice = "likely,country,besoksnaring,PL,1,2,1,3\nlikely,country,besoksnaring,PL,1,2,1,3";
    assert!(row(twice).unwrap_err().to_string().contains("second place"));
    let good = row("likely,country,besoksnaring,PL,1,2.5,1,3\nlikely,country,besoksnaring,UA,,,,").unwrap();
    assert_eq!((good.year, good.same_method, good.places.len()), (2025, false, 1));
}

#[test]
fn places_before_and_now_are_those_of_the_two_runs() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let area = config.areas.iter().find(|area| area.key == "digitala_losningar").expect("the area");
    let ranking = analysis.markets.ranking(MarketKind::Country, "likely").unwrap();
    // Every country had the place that it has now, but Poland stood far down and France is new.
    let mut table = HEADER.to_owned();
    for row in ranking.scores.iter().filter(|row| row.area == area.key) {
        let Some(place) = &row.uncertainty else { continue };
        let code = row.market.code();
        let [median, low, high] = if code == "PL" { [140.0, 130.0, 150.0] } else { [place.median, place.p05, place.p95] };
        if code != "FR" {
            writeln!(table, "likely,country,{},{code},{},{median},{low},{high}", area.key, place.tier).unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    earlier_run(folder.path(), "23", &table, &sha256(table.as_bytes()));
    let previous = Previous::read(folder.path(), "23", "method").unwrap();
    for language in BOTH {
        let run = RunContext { previous: Some(&previous), ..context(&analysis, &figures, &config, language) };
        let pages = documents(&run).unwrap();
        let page = pages.iter().find(|page| page.stem == "omrade-digitala-losningar").unwrap();
        let figure = page.figures().find(|figure| figure.file.ends_with("-sedan")).expect("what has moved");
        let (poland, france) = (language.pick("Polen", "Poland"), language.pick("Frankrike", "France"));
        assert!(figure.title.contains(poland) && !figure.title.contains(france), "{}", figure.title);
        assert!(figure.svg.contains("140 (130–150)"), "the place before is drawn with its interval");
        let FigureData::Table(number) = figure.data else { panic!("the table stands beside it") };
        let table = page.tables().find(|table| table.number == number).unwrap();
        let row = |name: &str| table.grid.rows.iter().find(|row| row[0] == Cell::Text(name.to_owned())).expect("the country");
        assert_eq!(row(poland)[1], Cell::Number { value: 140.0, decimals: 0 });
        assert_eq!(row(poland)[5], Cell::Text(language.pick("säker", "certain").to_owned()));
        assert!(matches!(row(france)[1], Cell::Missing { .. }));
        // The method's hash differs, and the reader is told.
        let notes = page.blocks.iter().filter(|block| matches!(block, Block::Note(_))).flat_map(|block| texts(block, language));
        assert!(notes.into_iter().any(|note| note.contains("2025")));
        // The other areas were not in that run.
        let other = pages.iter().find(|page| page.stem.starts_with("omrade-") && page.stem != "omrade-digitala-losningar").unwrap();
        assert!(other.figures().all(|figure| !figure.file.ends_with("-sedan")));
    }
}

/// Kilometres between two places on a sphere, given as longitude and latitude.
fn kilometres(one: (f64, f64), other: (f64, f64)) -> f64 {
    let [(east, north), (there_east, there_north)] = [one, other].map(|(east, north)| (east.to_radians(), north.to_radians()));
    let half = ((there_north - north) / 2.0).sin().powi(2) + north.cos() * there_north.cos() * ((there_east - east) / 2.0).sin().powi(2);
    2.0 * 6371.0 * half.sqrt().asin()
}

/// A country drawn in another one's place would be shaded with a score that is not its own, and nothing would tell.
#[test]
fn a_country_lies_as_far_from_sweden_as_the_distances_say() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let stockholm = (18.07, 59.33);
    let mut compared = 0;
    for (code, rings) in figures.outlines_of("world") {
        let Some((_, distance)) = figures.distance.iter().find(|(country, _)| country.as_str() == code) else { continue };
        let reach = rings.iter().flatten().map(|place| kilometres(stockholm, *place));
        let (nearest, farthest) = reach.fold((f64::INFINITY, 0.0_f64), |(near, far), km| (near.min(km), far.max(km)));
        // The distance is between the largest cities; outlines are simplified.
        let expected = nearest * 0.98 - 60.0..=farthest * 1.02 + 60.0;
        assert!(expected.contains(&distance.value), "{code}: {} km, its outline is {nearest:.0}–{farthest:.0} km away", distance.value);
        compared += 1;
    }
    assert!(compared > 150, "{compared} countries");
}

/// Whether a place lies inside the rings: a line to the east crosses their sides an odd number of times.
fn is_inside(rings: &[Vec<(f64, f64)>], (east, north): (f64, f64)) -> bool {
    let sides = rings.iter().flat_map(|ring| ring.windows(2));
    let crossed = sides.filter(|side| {
        let [(x, y), (to_x, to_y)] = [side[0], side[1]];
        (y > north) != (to_y > north) && east < x + (north - y) / (to_y - y) * (to_x - x)
    });
    crossed.count() % 2 == 1
}

#[test]
fn the_seat_of_each_county_lies_inside_its_outline_and_in_no_other() {
    // Longitude and latitude of the towns where the county administrative boards sit; Gothenburg and Malmö for two seats by the water.
    let seats = [
        ("01", (18.03, 59.35)),
        ("03", (17.64, 59.86)),
        ("04", (17.00, 58.76)),
        ("05", (15.62, 58.41)),
        ("06", (14.16, 57.76)),
        ("07", (14.81, 56.88)),
        ("08", (16.30, 56.68)),
        ("09", (18.33, 57.62)),
        ("10", (15.57, 56.19)),
        ("12", (13.02, 55.58)),
        ("13", (12.87, 56.68)),
        ("14", (12.00, 57.70)),
        ("17", (13.50, 59.40)),
        ("18", (15.21, 59.27)),
        ("19", (16.55, 59.62)),
        ("20", (15.63, 60.61)),
        ("21", (17.12, 60.66)),
        ("22", (17.90, 62.64)),
        ("23", (14.66, 63.17)),
        ("24", (20.24, 63.83)),
        ("25", (22.10, 65.60)),
    ];
    let config = crate::config();
    let figures = crate::figures(&config);
    for (code, seat) in seats {
        let found: Vec<&str> = figures.outlines_of("sweden").filter(|(_, rings)| is_inside(rings, seat)).map(|(county, _)| county).collect();
        assert_eq!(found, [code]);
    }
}
