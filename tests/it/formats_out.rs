//! The machine formats: the workbook, the notebook, the feed and the catalogue's description say what the tables say, and hold nothing that acts.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use malmarknad::config::Config;
use malmarknad::language::Language;
use malmarknad::output::OutputFile;
use malmarknad::report::{RunContext, dataset, feed, notebook, workbook};
use malmarknad::table::{Column, Table, Values};
use malmarknad::tables::tables;

use crate::report::{analysed, context};

const BOTH: [Language; 2] = [Language::Swedish, Language::English];

fn hostile(config: &mut Config) {
    let names = ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "a\u{202e}b\u{0}c", "**[x](javascript:1)** `a` $b$", &"lång".repeat(125)];
    for (area, name) in config.areas.iter_mut().zip(names) {
        name.clone_into(&mut area.name);
        name.clone_into(&mut area.name_en);
    }
}

fn opened(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

/// Whether a cell of the workbook is the cell of the CSV, with the column's type.
fn same(cell: &Data, text: &str, values: &Values) -> bool {
    match (cell, values) {
        (Data::Empty, _) => text.is_empty(),
        (Data::Float(value), Values::Number(_) | Values::Whole(_)) => text.parse::<f64>().is_ok_and(|parsed| parsed.to_bits() == value.to_bits()),
        (Data::Int(value), Values::Number(_) | Values::Whole(_)) => text.parse::<i64>().is_ok_and(|parsed| parsed == *value),
        (Data::Bool(value), Values::Truth(_)) => text == value.to_string(),
        (Data::String(value), Values::Text(_)) => value == text,
        _ => false,
    }
}

fn assert_equal(book: &mut Xlsx<Cursor<Vec<u8>>>, table: &Table, language: Language) {
    let range = book.worksheet_range(&workbook::sheet_name(table.name, language)).unwrap();
    let csv = table.csv().unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_slice());
    let mut rows = 0_u32;
    for (row, record) in reader.records().enumerate() {
        for (place, text) in record.unwrap().iter().enumerate() {
            let cell = range.get_value((row as u32, place as u32)).cloned().unwrap_or(Data::Empty);
            let column = &table.columns[place];
            let equal = if row == 0 { cell == Data::String(text.to_owned()) } else { same(&cell, text, &column.values) };
            assert!(equal, "{} row {row}, {}: {cell:?}, in the CSV {text:?}", table.name, column.name);
        }
        rows += 1;
    }
    assert_eq!(range.end().map(|(row, _)| row + 1), Some(rows), "{}", table.name);
}

#[test]
fn every_table_of_the_workbook_is_its_csv_cell_by_cell() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let found = crate::backtest::quick(&config, &figures, 20);
    let tables = tables(&analysis, &config, &figures, Some(&found));
    let run = RunContext { back_test: Some(&found), ..context(&analysis, &figures, &config, Language::Swedish) };
    let mut book = opened(workbook::workbook(&run, &tables).unwrap());
    let names = book.sheet_names();
    assert_eq!(names[0], "Läs mig");
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    assert!(names.iter().all(|name| name.chars().count() <= 31), "{names:?}");
    let first = book.worksheet_range("Läs mig").unwrap();
    for table in &tables {
        assert_equal(&mut book, table, Language::Swedish);
        let sheet = workbook::sheet_name(table.name, Language::Swedish);
        assert_ne!(sheet, table.name, "a table has a name of its own in the report's language");
        let listed = first.rows().any(|row| row[0] == Data::String(sheet.clone()) && row[3] == Data::Float(table.rows() as f64));
        assert!(listed, "{sheet} is explained on the first sheet, with its rows");
    }
    for source in figures.sources.values().filter(|source| source.source.starts_with("scb")) {
        let cited = first.rows().any(|row| row.iter().any(|cell| matches!(cell, Data::String(text) if *text == source.attribution)));
        assert!(cited, "{} is cited on the first sheet", source.source);
    }
}

#[test]
fn text_that_could_act_is_text_in_the_workbook() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let acting = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "{=1}", "http://a.example", "0012", "_x0041_", "a\u{202e}b", "<b>&amp;</b>", "rad\nrad"];
    let long = "å".repeat(40_000);
    let values: Vec<Option<&str>> = acting.iter().copied().chain([long.as_str()]).map(Some).chain([None]).collect();
    let numbers = [1.0, 0.1 + 0.2, 1e-17, -0.000_000_123, 123_456_789.123_456_79].into_iter().map(Some).chain(std::iter::repeat_n(None, 9));
    let table = Table { name: "demand", title: "", columns: vec![Column::text("text", "", values), Column::number("number", "", numbers)] };
    let bytes = workbook::workbook(&context(&analysis, &figures, &config, Language::English), std::slice::from_ref(&table)).unwrap();
    let mut book = opened(bytes);
    let range = book.worksheet_range("Shortage").unwrap();
    let formulas = book.worksheet_formula("Shortage").unwrap();
    assert!(formulas.rows().flatten().all(String::is_empty), "{formulas:?}");
    for (row, text) in (1..).zip(acting) {
        let inert = if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text.to_owned() };
        assert_eq!(range.get_value((row, 0)), Some(&Data::String(inert)));
    }
    for (row, number) in (1..).zip([1.0, 0.1 + 0.2, 1e-17, -0.000_000_123, 123_456_789.123_456_79]) {
        assert_eq!(range.get_value((row, 1)), Some(&Data::Float(number)));
    }
    let Some(Data::String(cut)) = range.get_value((1 + acting.len() as u32, 0)) else { panic!("the long text is missing") };
    assert!(cut.encode_utf16().count() <= 32_767 && cut.ends_with('…'));
    assert_eq!(range.get_value((2 + acting.len() as u32, 0)).unwrap_or(&Data::Empty), &Data::Empty);
}

#[test]
fn hostile_names_are_inert_in_every_machine_format_and_the_bytes_are_the_same_twice() {
    let mut config = crate::config();
    hostile(&mut config);
    let (analysis, figures) = analysed(&config);
    let all = tables(&analysis, &config, &figures, None);
    let small: Vec<Table> = all.iter().filter(|table| table.rows() < 2_000).cloned().collect();
    for language in BOTH {
        let run = context(&analysis, &figures, &config, language);
        let book = workbook::workbook(&run, &small).unwrap();
        assert!(book == workbook::workbook(&run, &small).unwrap());
        let mut book = opened(book);
        for sheet in book.sheet_names() {
            let range = book.worksheet_range(&sheet).unwrap();
            for cell in range.rows().flatten() {
                assert!(!matches!(cell, Data::String(text) if text.starts_with(['=', '@']) || text.contains('\0')), "{sheet}: {cell:?}");
            }
        }
        let bytes = notebook::notebook(&run, &all, "../data").unwrap();
        assert!(bytes == notebook::notebook(&run, &all, "../data").unwrap());
        let written: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        for cell in written["cells"].as_array().unwrap() {
            let source = text_of(&cell["source"]);
            assert!(!source.contains('\u{202e}') && !source.contains('\0'), "{source}");
            if cell["cell_type"] == "markdown" {
                assert!(!source.contains("<script") && !source.contains("[x](") && !source.contains("$b$"), "{source}");
            }
            for output in cell["outputs"].as_array().into_iter().flatten() {
                assert!(!text_of(&output["data"]["text/html"]).contains("<script"));
            }
        }
        let told = serde_json::to_string(&feed::feed(&run, &BTreeSet::new())).unwrap();
        assert!(told == serde_json::to_string(&feed::feed(&run, &BTreeSet::new())).unwrap());
        assert!(!told.contains('\u{202e}') && !told.contains("\\u0000"));
    }
}

#[test]
fn the_feed_says_what_the_tables_say_and_links_only_to_what_there_is() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let written: BTreeSet<&str> = ["index.html", "omrade-upplevelser.html", "omrade-upplevelser.pdf", "land-pl.html"].into();
    for language in BOTH {
        let run = context(&analysis, &figures, &config, language);
        let made = feed::feed(&run, &written);
        let text = serde_json::to_string(&made).unwrap();
        // No field but those of the schema, and none lost.
        let again: feed::Feed = serde_json::from_str(&text).unwrap();
        assert_eq!(again, made);
        assert_eq!((made.language.as_str(), made.county.code.as_str(), made.year), (language.tag(), "23", 2026));
        assert_eq!(made.areas.len(), config.areas.len());
        for (area, own) in made.areas.iter().zip(&config.areas) {
            assert_eq!((area.key.as_str(), area.name.as_str()), (own.key.as_str(), language.pick(&own.name, &own.name_en)));
            assert_eq!(area.page.html.is_some(), area.key == "upplevelser");
            assert_eq!(area.page.pdf.is_some(), area.key == "upplevelser");
            assert!(area.answer.contains(&area.lists[0].countries[0].name) || area.answer.contains("länder") || area.answer.contains("countries"));
            for list in &area.lists {
                let kind = malmarknad::supply::MarketKind::Country;
                let ranking = analysis.markets.ranking(kind, &list.key).unwrap();
                let mut rows: Vec<_> = ranking.scores.iter().filter(|row| row.area == area.key && row.ranked).collect();
                rows.sort_by_key(|row| row.uncertainty.as_ref().unwrap().place);
                assert_eq!(rows.len(), list.countries.len());
                for (row, country) in rows.iter().zip(&list.countries) {
                    let (doubt, standing) = (row.uncertainty.as_ref().unwrap(), country.standing.as_ref().unwrap());
                    assert_eq!((row.market.code(), row.score), (country.iso2.as_str(), country.score));
                    assert_eq!(
                        (doubt.tier, doubt.median, doubt.p05, doubt.p95),
                        (standing.tier, standing.median, standing.interval.p05, standing.interval.p95)
                    );
                    assert_eq!(country.page.html.is_some(), country.iso2 == "PL");
                    assert!(!country.care.is_empty());
                }
            }
            for occupation in &area.occupations {
                for persons in [&occupation.women, &occupation.men] {
                    assert!(persons.count.is_none_or(|count| !(1..=4).contains(&count)), "{} tells a small count", occupation.name);
                    assert_eq!(persons.count.is_none(), persons.text == "1–4");
                }
            }
        }
    }
}

#[test]
fn the_schema_of_the_feed_beside_the_others_is_that_of_the_program() {
    let committed = std::fs::read_to_string(crate::home().join("data/schema/feed.json")).unwrap();
    let committed: serde_json::Value = serde_json::from_str(&committed).unwrap();
    assert_eq!(committed, feed::schema(), "make it again: malmarknad config schema feed > data/schema/feed.json");
}

/// A text that may be a list of lines.
fn text_of(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Array(lines) => lines.iter().filter_map(|line| line.as_str()).collect(),
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

#[test]
fn the_notebook_has_every_field_of_its_format_and_opens_with_the_numbers_of_the_tables() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let found = crate::backtest::quick(&config, &figures, 20);
    let all = tables(&analysis, &config, &figures, Some(&found));
    for language in BOTH {
        let run = RunContext { back_test: Some(&found), ..context(&analysis, &figures, &config, language) };
        let bytes = notebook::notebook(&run, &all, "../../reports/2026-23/data").unwrap();
        let written: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!((written["nbformat"].as_i64(), written["nbformat_minor"].as_i64()), (Some(4), Some(5)));
        assert_eq!(written["metadata"]["kernelspec"]["name"], "python3");
        let cells = written["cells"].as_array().unwrap();
        let ids: BTreeSet<&str> = cells.iter().filter_map(|cell| cell["id"].as_str()).collect();
        assert_eq!(ids.len(), cells.len());
        assert!(
            ids.iter().all(|id| (1..=64).contains(&id.len()) && id.chars().all(|character| character.is_ascii_alphanumeric() || character == '-'))
        );
        let (mut printed, mut pictures) = (Vec::new(), 0);
        for cell in cells {
            assert!(cell["metadata"].is_object() && cell["source"].is_array());
            if cell["cell_type"] == "markdown" {
                assert!(cell.get("outputs").is_none() && cell.get("execution_count").is_none());
                continue;
            }
            assert_eq!(cell["cell_type"], "code");
            assert!(cell["execution_count"].is_i64());
            for output in cell["outputs"].as_array().unwrap() {
                assert_eq!(output["output_type"], "display_data");
                assert!(output["metadata"].is_object());
                pictures += usize::from(output["data"].get("image/png").is_some());
                if output["data"].get("text/html").is_some() {
                    printed.push((text_of(&output["data"]["text/html"]), text_of(&output["data"]["text/plain"])));
                }
            }
        }
        assert_eq!((printed.len(), pictures), (7, 2));
        let area = config.areas.iter().find(|area| area.kind == malmarknad::config::AreaKind::Strength).unwrap();
        let ranking = analysis.markets.ranking(malmarknad::supply::MarketKind::Country, "likely").unwrap();
        let mut rows: Vec<_> = ranking.scores.iter().filter(|row| row.area == area.key && row.ranked).collect();
        rows.sort_by_key(|row| row.uncertainty.as_ref().unwrap().place);
        let (html, plain) = &printed[1];
        for row in rows.iter().take(15) {
            let (score, doubt) = (language.number(row.score.unwrap(), 1), row.uncertainty.as_ref().unwrap());
            let interval = format!("{}–{}", language.number(doubt.p05, 1), language.number(doubt.p95, 1));
            let cells = format!("<td>{}</td><td>{interval}</td><td>{score}</td></tr>", language.number(doubt.median, 1));
            assert!(html.contains(&cells), "{cells}\n{html}");
            assert!(plain.lines().any(|line| line.contains(&interval) && line.ends_with(&score)), "{plain}");
        }
        // With the weights in force the score of the report comes out again.
        let (html, _) = &printed[5];
        let rows: Vec<&str> = html.split("<tr>").skip(2).collect();
        assert_eq!(rows.len(), 10);
        for row in rows {
            let cells: Vec<&str> = row.split("<td>").skip(1).map(|cell| cell.split('<').next().unwrap()).collect();
            assert_eq!(cells[0], cells[1], "{row}");
        }
    }
}

#[test]
fn the_catalogues_description_names_every_file_and_is_the_same_in_both_languages() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let all: Vec<Table> = tables(&analysis, &config, &figures, None).into_iter().filter(|table| table.rows() < 2_000).collect();
    let file = |table: &Table| OutputFile::new(format!("data/{}.csv", table.name), table.csv().unwrap());
    let files: Vec<OutputFile> = all.iter().map(file).collect();
    let [swedish, english] = BOTH.map(|language| dataset::dataset(&context(&analysis, &figures, &config, language), &all, &files));
    let described: BTreeMap<&str, usize> = swedish["schema:distribution"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| (part["schema:contentUrl"]["@id"].as_str().unwrap(), part["dcat:byteSize"]["@value"].as_str().unwrap().parse().unwrap()))
        .collect();
    assert_eq!(described.len(), all.len());
    for OutputFile { path, bytes, .. } in &files {
        assert_eq!(described[path.strip_prefix("data/").unwrap()], bytes.len(), "{path}");
    }
    assert!(swedish["@context"].as_object().unwrap().values().all(serde_json::Value::is_string), "no context from elsewhere");
    // The day's status is in words, all else is the same.
    assert_eq!(swedish, english);
}

#[test]
fn a_notebook_somebody_has_worked_in_is_kept_when_the_run_is_made_again() {
    let out = tempfile::tempdir().unwrap();
    let reports = out.path().join("reports");
    let run = |formats: &str| {
        let arguments = ["run", "--area", "upplevelser", "--replicates", "1", "--formats", formats, "--out"];
        crate::malmarknad().args(arguments).arg(&reports).assert().success();
    };
    run("notebook");
    let folder = out.path().join("notebooks-out/2026-23");
    let path = folder.join("analys.ipynb");
    let first = std::fs::read_to_string(&path).unwrap();
    assert!(first.contains("../../reports/2026-23/data") && reports.join("2026-23/data/markets.parquet").is_file());
    crate::malmarknad().arg("verify").arg(&folder).arg(reports.join("2026-23")).assert().success();
    std::fs::write(&path, "mine").unwrap();
    crate::malmarknad().arg("verify").arg(&folder).assert().code(1);
    run("notebook");
    assert_eq!(std::fs::read_to_string(folder.join("analys-sparad-1.ipynb")).unwrap(), "mine");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), first);
    run("csv");
    assert!(!path.exists() && folder.join("analys-sparad-1.ipynb").is_file(), "an old notebook is not left beside new tables");
}
