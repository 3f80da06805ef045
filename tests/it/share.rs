//! The share kit: exact sizes, texts that are short enough, alternative texts, and no number that the tables lack.

use malmarknad::language::Language;
use malmarknad::report::share::{FOLDER, SHORT, SIZES, kits};
use malmarknad::report::{OutputFile, RunContext, reports};
use malmarknad::supply::{Market, MarketKind};

use crate::report::{context, numbers};

const BOTH: [Language; 2] = [Language::Swedish, Language::English];

fn shared(files: &[OutputFile]) -> Vec<&OutputFile> {
    files.iter().filter(|file| file.path.starts_with(FOLDER)).collect()
}

#[test]
fn every_area_has_its_pictures_in_exact_size_and_its_texts_and_the_start_page_links_to_them() {
    let config = crate::config();
    let (analysis, figures) = crate::report::analysed(&config);
    let run = RunContext { share: true, ..context(&analysis, &figures, &config, Language::Swedish) };
    let files = reports(&run).unwrap();
    let start = files.iter().find(|file| file.path == "index.html").unwrap();
    let start = std::str::from_utf8(&start.bytes).unwrap();
    let kit = shared(&files);
    assert_eq!(kit.len(), config.areas.len() * 4);
    for file in &kit {
        assert!(start.contains(&format!("href=\"{}\"", file.path)), "{}", file.path);
        if let Some((_, size)) = file.path.strip_suffix(".png").and_then(|path| path.rsplit_once('-')) {
            let side = |from: usize| u32::from_be_bytes(file.bytes[from..from + 4].try_into().unwrap());
            assert_eq!(format!("{}x{}", side(16), side(20)), size, "{}", file.path);
            assert!(SIZES.contains(&(side(16), side(20))), "{}", file.path);
            assert!(file.bytes.len() < 400_000, "{}: {} bytes", file.path, file.bytes.len());
        }
    }
    let without = reports(&context(&analysis, &figures, &config, Language::Swedish)).unwrap();
    assert!(shared(&without).is_empty());
    let start = without.iter().find(|file| file.path == "index.html").unwrap();
    assert!(!String::from_utf8_lossy(&start.bytes).contains("href=\"dela/"), "no link to what is not made");
}

#[test]
fn the_texts_are_short_enough_differ_and_tell_only_what_the_tables_hold() {
    let config = crate::config();
    let (analysis, figures) = crate::report::analysed(&config);
    for language in BOTH {
        for (area, kit) in config.areas.iter().zip(kits(&context(&analysis, &figures, &config, language))) {
            let place = &kit.stem;
            assert!(kit.short.chars().count() <= SHORT && kit.short.chars().count() > 60, "{place}: {}", kit.short);
            assert!(kit.long.len() > 3 && kit.long.join(" ").chars().count() > kit.short.chars().count(), "{place}");
            assert!(!kit.alternative.is_empty() && kit.alternative != kit.short && !kit.long.contains(&kit.alternative), "{place}");
            let unsure = if language == Language::Swedish { "skiljas åt" } else { "told apart" };
            for text in [&kit.short, &kit.long[1], &kit.alternative] {
                assert!(
                    text.contains(unsure) || text.contains("ensamt") || text.contains("alone") || text.contains("ligger först"),
                    "{place}: {text}"
                );
            }
            // Women and men are in every text, and a whole tier is told by name.
            let sexes = if language == Language::Swedish { ["kvinnor", "män"] } else { ["women", "men"] };
            for text in [&kit.short, kit.long.iter().find(|text| text.contains(sexes[0])).unwrap(), &kit.alternative] {
                assert!(sexes.iter().all(|sex| text.contains(sex)), "{place}: {text}");
            }
            let ranking = analysis.markets.ranking(MarketKind::Country, "likely").unwrap();
            let first = ranking.scores.iter().filter(|row| row.area == area.key && row.uncertainty.as_ref().is_some_and(|found| found.tier == 1));
            let mut names: Vec<String> = first
                .map(|row| {
                    let Market::Country(country) = row.market else { panic!("{place}") };
                    let name = config.codes.country_name(country);
                    if language == Language::Swedish { name.swedish.clone() } else { name.english.clone() }
                })
                .collect();
            language.order().sort(&mut names);
            for text in [&kit.short, &kit.long[1]] {
                let named: Vec<usize> = names.iter().filter_map(|name| text.find(name.as_str())).collect();
                assert!(!named.is_empty() && named.is_sorted(), "{place}: {text}");
            }
            let drawn = if names.len() > 8 { 7 } else { names.len() };
            for picture in &kit.pictures {
                let rows: Vec<String> = picture.lines.iter().map(|line| line.text.clone()).filter(|text| names.contains(text)).collect();
                let mut sorted = rows.clone();
                language.order().sort(&mut sorted);
                assert!(!rows.is_empty() && rows.len() <= drawn && rows == sorted, "{place}: {rows:?}");
            }
            assert!(kit.source.contains("SCB") || kit.source.contains("Statistics Sweden"), "{place}");
            // What the tables hold of the area.
            let (mut women, mut men) = (0, 0);
            let weights = &analysis.markets.area_weights.iter().find(|weights| weights.area == area.key).unwrap().weights;
            for occupation in weights.keys() {
                let employed = analysis.demand.occupations[occupation].employed;
                women += employed.women;
                men += employed.men;
            }
            let share = (100.0 * women as f64 / (women + men) as f64).round();
            let mut known: Vec<String> =
                vec!["2026".to_owned(), "9".to_owned(), "10".to_owned(), format!("{share:.0}"), format!("{:.0}", 100.0 - share)];
            for list in ["likely", "potential"] {
                let ranking = analysis.markets.ranking(MarketKind::Country, list).unwrap();
                let rows: Vec<_> = ranking.scores.iter().filter(|row| row.area == area.key).collect();
                known.push(rows.iter().filter(|row| row.ranked).count().to_string());
                let first: Vec<_> = rows.iter().filter_map(|row| row.uncertainty.as_ref().filter(|found| found.tier == 1)).collect();
                known.push(first.len().to_string());
                for found in &first {
                    known.extend([format!("{:.0}", found.p05), format!("{:.0}", found.p95)]);
                }
                // "… och 3 till": how many of the tier are not named.
                known.extend((1..first.len()).map(|named| (first.len() - named).to_string()));
            }
            let drawn = kit.pictures.iter().flat_map(|picture| &picture.lines).map(|line| line.text.clone());
            let axis = |number: &String| number == "1" || number.parse::<u32>().is_ok_and(|number| number % 5 == 0);
            for text in drawn {
                let strange: Vec<String> = numbers(&text, language).into_iter().filter(|number| !known.contains(number) && !axis(number)).collect();
                assert!(strange.is_empty(), "{place}: {strange:?} in {text}");
            }
            for text in kit.long.iter().chain([&kit.short, &kit.alternative]) {
                let strange: Vec<String> = numbers(text, language).into_iter().filter(|number| !known.contains(number)).collect();
                assert!(strange.is_empty(), "{place}: {strange:?} in {text}, the tables have {known:?}");
            }
        }
    }
}

#[test]
fn hostile_and_long_names_stay_inside_pictures_and_texts() {
    let mut config = crate::config();
    let names = [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "# rubrik\n- lista",
        "a\u{202e}b\u{0}c",
        &"lång".repeat(125),
        &"ett namn ".repeat(56),
    ];
    for (area, name) in config.areas.iter_mut().zip(names) {
        area.name = name.to_owned();
        area.name_en = name.to_owned();
    }
    let (analysis, figures) = crate::report::analysed(&config);
    for language in BOTH {
        let run = RunContext { share: true, ..context(&analysis, &figures, &config, language) };
        for kit in kits(&run) {
            assert!(kit.short.chars().count() <= SHORT, "{}", kit.short);
            for picture in &kit.pictures {
                let (width, height) = (f64::from(picture.size.0), f64::from(picture.size.1));
                assert!(
                    picture.lines.iter().all(|line| line.right <= width && line.bottom <= height && line.left >= 0.0 && line.top >= 0.0),
                    "{}",
                    kit.stem
                );
            }
        }
        for file in malmarknad::report::share::files(&run).unwrap().iter().filter(|file| file.path.ends_with("md") || file.path.ends_with("txt")) {
            let text = std::str::from_utf8(&file.bytes).unwrap();
            assert!(!text.contains('\u{202e}') && !text.contains('\u{0}'), "{}", file.path);
            let marked = file.path.ends_with("md");
            assert!(!marked || !(text.contains("<script") || text.contains("[x](") || text.contains("\n# rubrik")), "{}: {text}", file.path);
        }
    }
}
