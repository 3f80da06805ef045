//! The engine against published results: every stage of `COINr`'s ASEM example, its geometric variant, and the Human Development Index of 2022.

#![allow(clippy::float_cmp)] // published counts and bits are compared exactly

use std::path::Path;

use malmarknad::index::Table;
use malmarknad::index::aggregate::{Aggregation, weighted_geometric};
use malmarknad::index::chain::{IndexRun, run};
use malmarknad::index::method::{Method, Stage};
use malmarknad::index::normalise::{Direction, Normalisation, goalposts};
use malmarknad::index::rank::competition_ranks;
use malmarknad::index::screen::availability;
use malmarknad::index::structure::{Aggregate, IndexInput, Indicator};

use crate::index_fixture::{ASEM_METHOD, Csv, asem, reference};

fn asem_method() -> Method {
    toml::from_str(ASEM_METHOD).unwrap()
}

/// Compares a table, whose rows are `units` and columns `codes`, with a published one that is keyed by uCode; gives the largest relative difference.
fn worst_difference(units: &[&str], codes: &[String], table: &Table, file: &Path) -> f64 {
    let published = Csv::read(file);
    let rows = published.keyed("uCode");
    assert_eq!(rows.len(), units.len(), "{}", file.display());
    let mut worst: f64 = 0.0;
    for (column, code) in codes.iter().enumerate() {
        let wanted = published.numbers(code);
        for (row, unit) in units.iter().enumerate() {
            let (have, want) = (table.get(row, column), wanted[rows[*unit]]);
            assert_eq!(have.is_nan(), want.is_nan(), "{unit} {code}: {have} is not {want}");
            if !have.is_nan() {
                let difference = (have - want).abs() / want.abs().max(1e-9);
                assert!(difference < 1e-9, "{unit} {code}: {have} is not {want} in {}", file.display());
                worst = worst.max(difference);
            }
        }
    }
    worst
}

fn codes_of(run: &IndexRun, stage: Stage) -> Vec<String> {
    let count = if stage == Stage::Aggregate { run.tree.codes.len() } else { run.tree.indicators };
    run.tree.codes[..count].to_vec()
}

#[test]
fn every_stage_of_the_asem_example_is_coinrs() {
    let Some(folder) = reference() else { return };
    let input = asem(&folder);
    let done = run(&input, &asem_method()).unwrap();
    assert_eq!(done.stages.len(), 7);
    for table in &done.stages {
        let units: Vec<&str> = table.units.iter().map(|unit| input.units[*unit].as_str()).collect();
        let name = table.stage.table_name();
        let file = folder.join(format!("asem/expected_{name}.csv"));
        let worst = worst_difference(&units, &codes_of(&done, table.stage), &table.table, &file);
        println!("{name}: largest relative difference {worst:.1e}");
    }
}

#[test]
fn every_rank_of_the_asem_example_is_coinrs() {
    let Some(folder) = reference() else { return };
    let input = asem(&folder);
    let done = run(&input, &asem_method()).unwrap();
    let published = Csv::read(&folder.join("asem/expected_results_ranks_full.csv"));
    let scores = Csv::read(&folder.join("asem/expected_results_scores_full.csv"));
    let (rows, score_rows) = (published.keyed("uCode"), scores.keyed("uCode"));
    for (column, code) in done.tree.codes.iter().enumerate() {
        let (wanted, wanted_scores) = (published.numbers(code), scores.numbers(code));
        for (row, rank) in done.ranks_of(column).iter().enumerate() {
            let unit = &input.units[done.aggregated().units[row]];
            let want_rank = wanted[rows[unit]] as u32;
            if column >= done.tree.indicators {
                assert_eq!(*rank, Some(want_rank), "{unit} {code}");
            } else {
                // One indicator has a tie that the published data, printed with 15 digits, don't break as COINr's own doubles did.
                let have = done.aggregated().table.get(row, column);
                let tied = done.aggregated().table.column(column).iter().filter(|other| (*other - have).abs() < 1e-9).count() as u32;
                assert!((rank.unwrap()..rank.unwrap() + tied).contains(&want_rank), "{unit} {code}");
            }
            let have = done.aggregated().table.get(row, column);
            let want = wanted_scores[score_rows[unit]];
            assert!((have - want).abs() <= 0.005 + 1e-9 * want.abs(), "{unit} {code}: {have} is not {want}");
        }
    }
}

#[test]
fn the_points_that_move_in_the_asem_example_are_coinrs() {
    let Some(folder) = reference() else { return };
    let input = asem(&folder);
    let done = run(&input, &asem_method()).unwrap();
    let published = Csv::read(&folder.join("asem/expected_treat_points.csv"));
    // The file has no unit codes; its rows are those of the treated table.
    let rows = Csv::read(&folder.join("asem/expected_treated.csv")).keyed("uCode");
    let units = &done.stage(Stage::Treat).unwrap().units;
    let mut moved_indicators = 0;
    for (indicator, note) in done.treatments.iter().enumerate() {
        let note = note.as_ref().unwrap();
        let code = &input.indicators[indicator].code;
        let marks = if published.header.contains(code) { published.text(code) } else { vec![""; rows.len()] };
        moved_indicators += usize::from(!note.moved_down.is_empty() || !note.moved_up.is_empty());
        for (row, unit) in units.iter().enumerate() {
            let mark = if note.moved_down.contains(&row) {
                "winhi"
            } else if note.moved_up.contains(&row) {
                "winlo"
            } else {
                ""
            };
            assert_eq!(mark, marks[rows[&input.units[*unit]]], "{} {code}", input.units[*unit]);
        }
    }
    assert_eq!(moved_indicators, 15);
}

#[test]
fn the_availability_of_the_asem_example_is_coinrs() {
    let Some(folder) = reference() else { return };
    let input = asem(&folder);
    let done = run(&input, &asem_method()).unwrap();
    let published = Csv::read(&folder.join("asem/expected_data_avail.csv"));
    let rows = published.keyed("uCode");
    let table = done.stage(Stage::Raw).unwrap();
    for (row, have) in availability(&table.table).iter().enumerate() {
        let at = rows[&input.units[table.units[row]]];
        assert_eq!(have.missing as f64, published.numbers("N_missing")[at]);
        assert_eq!(have.zeros as f64, published.numbers("N_zero")[at]);
        assert!((have.present_share - published.numbers("Dat_Avail")[at]).abs() < 1e-12);
        assert!((have.nonzero_share - published.numbers("Non_Zero")[at]).abs() < 1e-12);
    }
}

#[test]
fn the_documented_figures_of_the_asem_example_come_out() {
    let Some(folder) = reference() else { return };
    let input = asem(&folder);
    let done = run(&input, &asem_method()).unwrap();
    let india = input.units.iter().position(|unit| unit == "IND").unwrap();
    for (code, score, rank) in [
        ("Index", 39.79, 45),
        ("Conn", 28.60, 44),
        ("Sust", 50.99, 43),
        ("Physical", 18.78, 48),
        ("ConEcFin", 6.38, 49),
        ("Political", 51.90, 33),
        ("Instit", 59.84, 37),
        ("P2P", 6.07, 47),
        ("Environ", 75.34, 6),
        ("Social", 22.74, 51),
        ("SusEcFin", 54.88, 36),
    ] {
        let column = done.tree.column(code).unwrap();
        assert!((done.aggregated().table.get(india, column) - score).abs() < 0.005 + 1e-9, "{code}");
        assert_eq!(done.ranks_of(column)[india], Some(rank), "{code}");
    }
    let ranks = done.ranks();
    for (place, unit) in ["CHE", "NLD", "DNK", "NOR", "BEL", "SWE", "AUT"].iter().enumerate() {
        let row = input.units.iter().position(|other| other == unit).unwrap();
        assert_eq!(ranks[row], Some(place as u32 + 1));
    }
}

#[test]
fn the_geometric_variant_of_the_asem_example_is_coinrs() {
    let Some(folder) = reference() else { return };
    let input = asem(&folder);
    let mut method = asem_method();
    method.normalise.all = Normalisation::MinMax { range: [1.0, 100.0] };
    method.aggregate.levels = vec![Aggregation::Geometric];
    let done = run(&input, &method).unwrap();
    let units: Vec<&str> = input.units.iter().map(String::as_str).collect();
    let file = folder.join("asem/expected_variant_norm_minmax_1_100_gmean.csv");
    let worst = worst_difference(&units, &done.tree.codes, &done.aggregated().table, &file);
    println!("geometric variant: largest relative difference {worst:.1e}");
}

#[test]
fn a_geometric_mean_of_zeros_is_refused_by_name() {
    let Some(folder) = reference() else { return };
    let mut method = asem_method();
    method.aggregate.levels = vec![Aggregation::Geometric];
    let message = run(&asem(&folder), &method).unwrap_err().to_string();
    assert!(message.contains("geometric mean of `") && message.contains("hint:"), "{message}");
}

#[test]
fn the_human_development_index_of_2022_is_undps() {
    let Some(folder) = reference() else { return };
    let data = Csv::read(&folder.join("hdi/hdi_2022.csv"));
    let (published, ranks) = (data.numbers("hdi"), data.numbers("hdi_rank"));
    let unit = [0.0, 1.0];
    let life = goalposts(&data.numbers("le"), 20.0, 85.0, unit, true);
    let expected = goalposts(&data.numbers("eys"), 0.0, 18.0, unit, true);
    let mean = goalposts(&data.numbers("mys"), 0.0, 15.0, unit, true);
    let income: Vec<f64> = data.numbers("gnipc").iter().map(|value| value.ln()).collect();
    let income = goalposts(&income, 100.0_f64.ln(), 75_000.0_f64.ln(), unit, true);
    let scores: Vec<f64> = (0..published.len())
        .map(|row| {
            let education = f64::midpoint(expected[row], mean[row]);
            // UNDP publishes no index where a dimension lacks a figure: a data threshold of 1.
            if [life[row], education, income[row]].iter().any(|value| value.is_nan()) {
                return f64::NAN;
            }
            let index = weighted_geometric(&[life[row], education, income[row]], &[1.0; 3]);
            index.map_or(f64::NAN, |index| (index * 1000.0).round() / 1000.0)
        })
        .collect();
    let found = competition_ranks(&scores);
    let ranked: Vec<usize> = (0..scores.len()).filter(|row| published[*row].is_finite()).collect();
    assert_eq!(ranked.len(), 193);
    assert_eq!(found.iter().flatten().count(), 193, "who has no published value has none here");
    for row in ranked {
        assert!((scores[row] - published[row]).abs() < 1e-9, "{}: {} is not {}", data.rows[row][0], scores[row], published[row]);
        assert_eq!(found[row].map(f64::from), Some(ranks[row]), "{}", data.rows[row][0]);
    }
}

/// An index of human development from four columns of the UNDP file, as a structure and a method file.
fn human_development(data: &Csv, columns: [&str; 4], life: [f64; 2]) -> Vec<f64> {
    let parents = ["health", "education", "education", "income"];
    let codes = ["life", "expected", "mean", "gni"];
    let indicator = |place: usize| Indicator {
        code: codes[place].into(),
        parent: Some(parents[place].into()),
        direction: Direction::Up,
        weight: 1.0,
        denominator: None,
        target: None,
    };
    let aggregate = |code: &str, level, parent: Option<&str>| Aggregate { code: code.into(), level, parent: parent.map(String::from), weight: 1.0 };
    let input = IndexInput {
        units: data.text("iso3").iter().map(|code| (*code).to_string()).collect(),
        indicators: (0..4).map(indicator).collect(),
        values: Table::from_columns(data.rows.len(), &columns.map(|column| data.numbers(column))),
        aggregates: vec![
            aggregate("health", 2, Some("hdi")),
            aggregate("education", 2, Some("hdi")),
            aggregate("income", 2, Some("hdi")),
            aggregate("hdi", 3, None),
        ],
        denominators: Vec::new(),
        groups: Vec::new(),
    };
    let method: Method = toml::from_str(&format!(
        r#"
        [treat.rule]
        first = "none"
        then = "none"

        [treat.indicators.gni]
        first = {{ box_cox = {{ lambda = 0.0, make_positive = false }} }}
        always = true

        [normalise.indicators]
        life = {{ goalposts = {{ low = {}, high = {}, range = [0.0, 1.0] }} }}
        expected = {{ goalposts = {{ low = 0.0, high = 18.0, range = [0.0, 1.0] }} }}
        mean = {{ goalposts = {{ low = 0.0, high = 15.0, range = [0.0, 1.0] }} }}
        gni = {{ goalposts = {{ low = {}, high = {}, range = [0.0, 1.0] }} }}

        [aggregate]
        levels = ["arithmetic", "geometric"]
        data_threshold = [1.0]
        "#,
        life[0],
        life[1],
        100.0_f64.ln(),
        75_000.0_f64.ln()
    ))
    .unwrap();
    run(&input, &method).unwrap().scores()
}

#[test]
fn the_development_of_women_and_men_is_undps() {
    let Some(folder) = reference() else { return };
    let data = Csv::read(&folder.join("hdi/hdi_2022.csv"));
    let all = human_development(&data, ["le", "eys", "mys", "gnipc"], [20.0, 85.0]);
    let women = human_development(&data, ["le_f", "eys_f", "mys_f", "gni_pc_f"], [22.5, 87.5]);
    let men = human_development(&data, ["le_m", "eys_m", "mys_m", "gni_pc_m"], [17.5, 82.5]);
    let (hdi, gdi) = (data.numbers("hdi"), data.numbers("gdi"));
    let (hdi_women, hdi_men) = (data.numbers("hdi_f"), data.numbers("hdi_m"));
    let mut compared = 0;
    for row in 0..hdi.len() {
        assert_eq!(hdi[row].is_nan(), all[row].is_nan(), "{}", data.rows[row][0]);
        if hdi[row].is_finite() {
            assert!(((all[row] * 1000.0).round() / 1000.0 - hdi[row]).abs() < 1e-9, "{}", data.rows[row][0]);
        }
        if gdi[row].is_finite() {
            compared += 1;
            assert!((women[row] - hdi_women[row]).abs() < 1e-6, "{} {} {}", data.rows[row][0], women[row], hdi_women[row]);
            assert!((men[row] - hdi_men[row]).abs() < 1e-6, "{} {} {}", data.rows[row][0], men[row], hdi_men[row]);
            assert!((women[row] / men[row] - gdi[row]).abs() < 0.000_5 + 1e-9, "{}", data.rows[row][0]);
        }
    }
    println!("gender development compared for {compared} countries");
    assert!(compared > 150);
}
