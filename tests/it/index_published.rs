//! `malmarknad index` against figures that others have published, and against arithmetic done by hand: COINr's documentation, UNDP's gender indices of 2022,
//! and every normalisation and aggregation worked out here a second time from the published tables.

#![allow(clippy::float_cmp)] // published counts and ranks are compared exactly

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::index_fixture::{Csv, reference};

/// What a run wrote.
struct Tables {
    folder: TempDir,
}

impl Tables {
    fn of(data: &Path, meta: &Path, method: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("m.toml"), method).unwrap();
        let mut command = crate::malmarknad();
        command.arg("index").arg("--data").arg(data).arg("--meta").arg(meta);
        command.arg("--method").arg(folder.path().join("m.toml")).arg("--out").arg(folder.path().join("out")).assert().success();
        Self { folder }
    }

    /// From texts.
    fn made(data: &str, meta: &str, method: &str) -> Self {
        let inputs = tempfile::tempdir().unwrap();
        let path = |name: &str, text: &str| {
            std::fs::write(inputs.path().join(name), text).unwrap();
            inputs.path().join(name)
        };
        Self::of(&path("data.csv", data), &path("meta.csv", meta), method)
    }

    fn table(&self, name: &str) -> Csv {
        Csv::read(&self.folder.path().join(format!("out/{name}.csv")))
    }

    /// One column of a table by the codes in another.
    fn column(&self, name: &str, key: &str, column: &str) -> BTreeMap<String, f64> {
        let table = self.table(name);
        table.text(key).iter().map(|code| (*code).to_string()).zip(table.numbers(column)).collect()
    }
}

/// The ASEM example's data and metadata, if this machine has them.
fn asem() -> Option<(PathBuf, PathBuf, PathBuf)> {
    let folder = reference()?.join("asem");
    Some((folder.join("asem_idata.csv"), folder.join("asem_imeta.csv"), folder))
}

fn recipe() -> String {
    std::fs::read_to_string(crate::home().join("docs/asem-method.toml")).unwrap()
}

fn with(recipe: &str, from: &str, to: &str) -> String {
    let changed = recipe.replace(from, to);
    assert_ne!(changed, recipe, "{from}");
    changed
}

/// Equal to a figure printed with so many significant digits.
fn prints_as(value: f64, printed: f64, digits: i32) -> bool {
    let unit = 10_f64.powi(printed.abs().log10().floor() as i32 + 1 - digits);
    (value - printed).abs() <= 0.500_001 * unit
}

fn near(have: f64, want: f64) -> bool {
    (have.is_nan() && want.is_nan()) || (have - want).abs() <= 1e-9 * want.abs().max(1.0)
}

#[test]
fn the_normalised_figures_that_coinrs_documentation_prints_come_out() {
    // COINr 1.1, vignette "Normalisation": Borda and z-scores for two indicators of the raw ASEM data, min-max for the others.
    let Some((data, meta, _)) = asem() else { return };
    let done = Tables::of(&data, &meta, "[normalise.indicators]\nLPI = \"borda\"\nFlights = { z_score = { mean = 10.0, deviation = 2.0 } }\n");
    for (unit, borda, score, scaled) in [
        ("AUS", 36.0, 9.889_993, 66.144_97),
        ("AUT", 44.0, 9.588_735, 0.0),
        ("BEL", 45.0, 9.711_512, 97.143_14),
        ("BGD", 4.0, 8.529_810, 45.806_61),
        ("CHE", 42.0, 10.563_483, 0.0),
        ("CHN", 30.0, 13.235_114, 100.0),
    ] {
        let of = |code: &str| done.column("normalised", "uCode", code)[unit];
        assert_eq!(of("LPI"), borda, "{unit}");
        assert!((of("Flights") - score).abs() < 6e-7 && (of("Ship") - scaled).abs() < 6e-6, "{unit}");
    }
    // The same vignette, distance to the maximum: the first six cars of R's mtcars, with made-up cars that hold the extremes of all 32.
    let cars = "uCode,mpg,disp,hp,drat,wt,qsec\na,21,160,110,3.9,2.62,16.46\nb,21,160,110,3.9,2.875,17.02\nc,22.8,108,93,3.85,2.32,18.61\nd,21.4,258,110,3.08,3.215,19.44\n\
                e,18.7,360,175,3.15,3.44,17.02\nf,18.1,225,105,2.76,3.46,20.22\nlow,10.4,71.1,52,2.76,1.513,14.5\nhigh,33.9,472,335,4.93,5.424,22.9\n";
    let rows: String = ["mpg", "disp", "hp", "drat", "wt", "qsec"].map(|code| [code, ",Indicator,1,I,1,1\n"].concat()).concat();
    let meta = format!("iCode,Type,Level,Parent,Direction,Weight\n{rows}I,Aggregate,2,,1,1\n");
    let done = Tables::made(cars, &meta, "[normalise]\nall = \"distance_to_max\"\n");
    for (unit, printed) in [
        ("a", [0.451_063_8, 0.221_751_1, 0.204_947_0, 0.525_345_6, 0.283_047_8, 0.233_333_3]),
        ("d", [0.468_085_1, 0.466_201_0, 0.204_947_0, 0.147_465_4, 0.435_182_8, 0.588_095_2]),
        ("f", [0.327_659_6, 0.383_886_3, 0.187_279_2, 0.0, 0.497_826_6, 0.680_952_4]),
    ] {
        for (code, printed) in ["mpg", "disp", "hp", "drat", "wt", "qsec"].iter().zip(printed) {
            assert!((done.column("normalised", "uCode", code)[unit] - printed).abs() < 6e-8, "{unit} {code}");
        }
    }
}

#[test]
fn the_aggregates_that_coinrs_documentation_prints_come_out() {
    // Vignette "Aggregation": harmonic means of four raw indicators on 1–100 with the weights 1, 1, 2, 1, three digits.
    let Some((data, meta, _)) = asem() else { return };
    let (data, meta) = (Csv::read(&data), Csv::read(&meta));
    let codes = ["LPI", "Flights", "Ship", "Bord"];
    let mut rows = String::from("uCode,LPI,Flights,Ship,Bord\n");
    for row in &data.rows {
        let cells = ["uCode"].iter().chain(&codes).map(|code| row[data.place(code)].as_str());
        rows.extend([cells.collect::<Vec<_>>().join(","), "\n".into()]);
    }
    assert!(codes.iter().all(|code| meta.text("Direction")[meta.keyed("iCode")[*code]] == "1"));
    let few = "iCode,Type,Level,Parent,Direction,Weight\nLPI,Indicator,1,y,1,1\nFlights,Indicator,1,y,1,1\nShip,Indicator,1,y,1,2\nBord,Indicator,1,y,1,1\ny,Aggregate,2,,1,1\n";
    let done = Tables::made(&rows, few, "[normalise]\nall = { min_max = { range = [1.0, 100.0] } }\n[aggregate]\nlevels = [\"harmonic\"]\n");
    for (unit, printed) in [
        ("AUT", [94.1, 14.2, 1.0, 29.4, 2.36]),
        ("BEL", [94.6, 15.6, 97.2, 40.0, 41.5]),
        ("BGR", [35.0, 4.89, 38.0, 15.6, 14.3]),
        ("HRV", [51.2, 4.90, 59.2, 34.3, 17.4]),
        ("CYP", [43.7, 4.66, 55.7, 1.0, 3.93]),
    ] {
        for (code, printed) in codes.iter().chain(&["y"]).zip(printed) {
            let found = done.column("aggregated", "uCode", code)[unit];
            assert!(prints_as(found, printed, 3), "{unit} {code}: {found} is not {printed}");
        }
    }
    // The same vignette, a data threshold: means of two thirds of the children at least.
    let thin = "iCode,Type,Level,Parent,Direction,Weight\ni1,Indicator,1,y,1,1\ni2,Indicator,1,y,1,1\ni3,Indicator,1,y,1,1\ny,Aggregate,2,,1,1\n";
    let method = "[normalise]\nall = \"none\"\n[aggregate]\ndata_threshold = [0.6666666666666666]\n";
    let done = Tables::made("uCode,i1,i2,i3\na,1,3,1\nb,2,,NA\nc,3,NA,1\n", thin, method);
    let found = done.column("aggregated", "uCode", "y");
    assert!((found["a"] - 5.0 / 3.0).abs() < 1e-12 && found["b"].is_nan() && found["c"] == 2.0);
}

#[test]
fn what_coinrs_documentation_prints_of_weights_comes_out() {
    let Some((data, meta, _)) = asem() else { return };
    // Vignette "Weights": principal components of the pillars under each sub-index.
    let done = Tables::of(&data, &meta, &with(&recipe(), "source = \"given\"", "source = \"pca\"\nlevels = [2]"));
    let weights = done.column("weights", "iCode", "weight");
    for (code, printed) in [
        ("Physical", 0.511_797_0),
        ("ConEcFin", 0.304_992_6),
        ("Political", 0.354_767_1),
        ("Instit", 0.508_154_0),
        ("P2P", 0.510_845_5),
        ("Environ", 0.651_318_8),
        ("Social", -0.744_367_7),
        ("SusEcFin", 0.147_310_8),
    ] {
        assert!((weights[code] - printed).abs() < 6e-8, "{code}: {} is not {printed}", weights[code]);
    }
    assert!(done.table("notes").text("note").iter().any(|note| note.contains("a loading is negative")));
    // Those weights, given, make the same index: the loadings are what is used.
    let set: String = weights.iter().map(|(code, weight)| format!("{code} = {weight}\n")).filter(|line| !line.contains('-')).collect();
    let again = Tables::of(&data, &meta, &format!("{}\n[weights.set]\n{set}", recipe()));
    let (conn, same) = (done.column("aggregated", "uCode", "Conn"), again.column("aggregated", "uCode", "Conn"));
    assert!(conn.iter().all(|(unit, score)| near(*score, same[unit])));
    // Vignette "Analysis": components of the raw indicators, over the units that have all of them. There the directions are not turned, and the sign is R's.
    let raw = Tables::of(&data, &meta, "[normalise]\nall = \"none\"\n[weights]\nsource = \"pca\"\n");
    let loadings = raw.column("weights", "iCode", "weight");
    for (codes, printed) in [
        (&["CO2", "Forest", "MatCon", "PrimEner", "Renew"][..], &[-0.581, 0.214, -0.543, -0.313, 0.473][..]),
        (&["CPI", "FemLab", "FreePress", "NGOs", "Palma"], &[-0.417, -0.324, 0.401, -0.191, 0.302]),
        (&["GDPGrow", "NEET", "PrivDebt", "PubDebt", "RDExp"], &[0.472, 0.451, -0.492, -0.227, -0.53]),
    ] {
        for (code, printed) in codes.iter().zip(printed) {
            assert!(prints_as(loadings[*code].abs(), f64::abs(*printed), 3), "{code}: {}", loadings[*code]);
        }
    }
    // The same vignette: Cronbach's alpha of eight raw indicators with gaps.
    let alpha = raw.column("consistency", "iCode", "alpha_children")["P2P"];
    assert!((alpha - 0.051_266_59).abs() < 6e-9, "{alpha}");

    // Vignette "Weights": sub-indices of equal influence. COINr's coarse search ends at these weights, with these correlations of the sub-indices with the index.
    let correlations = |done: &Tables| {
        let table = done.table("aggregated");
        [pearson(&table.numbers("Conn"), &table.numbers("Index")), pearson(&table.numbers("Sust"), &table.numbers("Index"))]
    };
    let before = correlations(&Tables::of(&data, &meta, &recipe()));
    assert!((before[0] - 0.939_780_5).abs() < 6e-8 && (before[1] - 0.838_287_3).abs() < 6e-8, "{before:?}");
    let theirs = Tables::of(&data, &meta, &format!("{}\n[weights.set]\nConn = 0.3902439\nSust = 0.6097561\n", recipe()));
    let found = correlations(&theirs);
    assert!((found[0] - 0.897_133_6).abs() < 1e-7 && (found[1] - 0.892_511_9).abs() < 1e-7, "{found:?}");
    let ours = Tables::of(&data, &meta, &with(&recipe(), "source = \"given\"", "source = { optimised = {} }\nlevels = [3]"));
    let found = correlations(&ours);
    assert!((found[0] - found[1]).abs() < 1e-6, "{found:?}");
    assert!((ours.column("weights", "iCode", "weight")["Conn"] - 0.390_243_9).abs() < 0.01);
}

fn pearson(left: &[f64], right: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (a, b) = (mean(left), mean(right));
    let sum = |f: &dyn Fn(f64, f64) -> f64| left.iter().zip(right).map(|(x, y)| f(x - a, y - b)).sum::<f64>();
    sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
}

#[test]
fn what_coinrs_documentation_prints_of_statistics_treatment_and_results_comes_out() {
    let Some((data, meta, _)) = asem() else { return };
    let done = Tables::of(&data, &meta, &recipe());
    // Vignette "Analysis": statistics of the raw data, three digits.
    let statistics = done.table("statistics");
    let row = |code: &str| {
        (0..statistics.rows.len()).find(|row| statistics.text("iCode")[*row] == code && statistics.text("stage")[*row] == "raw").unwrap()
    };
    for (code, printed, unique, outliers) in [
        ("LPI", [2.07, 4.23, 3.41, 3.42, 0.538, -0.304, -0.657], 51.0, "false"),
        ("Flights", [0.99, 211.0, 38.6, 25.6, 46.7, 2.1, 4.51], 51.0, "true"),
        ("Ship", [0.0, 21.2, 12.0, 12.7, 6.84, -0.576, -0.681], 43.0, "false"),
        ("Bord", [0.0, 122.0, 23.6, 18.0, 24.8, 2.15, 5.79], 30.0, "true"),
        ("Elec", [0.0, 110.0, 16.2, 6.91, 22.7, 2.23, 5.79], 46.0, "true"),
    ] {
        for (name, printed) in ["min", "max", "mean", "median", "sd", "skewness", "kurtosis"].iter().zip(printed) {
            let found = statistics.numbers(name)[row(code)];
            assert!(found == printed || prints_as(found, printed, 3), "{code} {name}: {found} is not {printed}");
        }
        assert_eq!(statistics.numbers("unique")[row(code)], unique, "{code}");
        assert_eq!(statistics.text("flag_outliers")[row(code)], outliers, "{code}");
    }
    // The same vignette: pairs of one pillar that are at odds, and what data the units have.
    let pairs = done.table("correlations");
    for (pair, printed) in [(["CostImpEx", "TBTs"], -0.697), (["TBTs", "RTAs"], -0.752), (["TBTs", "TIRcon"], -0.623)] {
        let row = (0..pairs.rows.len()).find(|row| pair.contains(&pairs.text("first")[*row]) && pair.contains(&pairs.text("second")[*row])).unwrap();
        assert!(prints_as(pairs.numbers("correlation")[row], printed, 3) && pairs.text("flag")[row] == "opposed");
    }
    let availability = done.table("availability");
    for (unit, printed) in
        [("AUS", [0.0, 3.0, 1.0, 0.938_775_5]), ("BGD", [6.0, 1.0, 0.877_551_0, 0.976_744_2]), ("BRN", [10.0, 2.0, 0.795_918_4, 0.948_717_9])]
    {
        for (name, printed) in ["missing", "zeros", "available_share", "nonzero_share"].iter().zip(printed) {
            assert!((availability.numbers(name)[availability.keyed("uCode")[unit]] - printed).abs() < 6e-8, "{unit} {name}");
        }
    }
    // Vignette "Data treatment", of data that are not divided by size: skewness and kurtosis before and after, and how many values moved.
    let treated = Tables::of(&data, &meta, "[treat]\n");
    for (code, printed, moved) in [
        ("Flights", [2.103_287, 4.508_879, 1.900_658, 3.336_065], 1.0),
        ("Goods", [2.649_973, 8.266_610, 1.140_608, 0.157_205], 2.0),
        ("Services", [1.701_085, 2.375_656, 1.701_085, 2.375_656], 0.0),
    ] {
        for (name, printed) in ["skewness_before", "kurtosis_before", "skewness_after", "kurtosis_after"].iter().zip(printed) {
            assert!((treated.column("treatment", "iCode", name)[code] - printed).abs() < 6e-7, "{code} {name}");
        }
        assert_eq!(treated.column("treatment", "iCode", "moved_down")[code], moved, "{code}");
    }
    // Vignette "Sensitivity analysis": the mean shift of the ranks without each pillar.
    let shifts = done.column("leave_one_out", "iCode", "mean_shift");
    for (code, printed) in [
        ("Physical", 1.529_412),
        ("ConEcFin", 2.627_451),
        ("Political", 2.901_961),
        ("Instit", 1.176_471),
        ("P2P", 1.686_275),
        ("Environ", 3.098_039),
        ("Social", 3.960_784),
        ("SusEcFin", 2.627_451),
    ] {
        assert!((shifts[code] - printed).abs() < 6e-7, "{code}: {}", shifts[code]);
    }
}

/// Rank of each unit in the method as it is, then mean, 5th and 95th percentile of its ranks in COINr's own uncertainty run with 100 replicates (`vignettes/UA_results.RDS`
/// of COINr 1.1, whose first rows the vignette "Sensitivity analysis" prints).
const PUBLISHED_RANKS: &str = "AUS:35:35.28:34:38 AUT:7:7:5.95:9 BEL:5:5.15:3:9 BGD:46:45.46:41:48 BGR:30:27.59:24:30 BRN:40:40.07:37:45 CHE:1:1:1:1 CHN:49:48.72:47:50 \
CYP:29:30.35:29:32 CZE:17:15.32:13:17 DEU:9:8.4:6.95:11 DNK:3:2.2:2:3 ESP:19:20.79:18:25 EST:22:20.94:13:27 FIN:13:12.77:11:15 FRA:21:19.68:15:24 GBR:15:14.56:13:17 GRC:32:32.33:31:33 \
HRV:18:18.25:14:23 HUN:20:19.78:17:22 IDN:43:43.4:41:46 IND:45:45.35:43:48 IRL:12:10.75:8:13 ITA:28:28.52:28:30 JPN:34:35.74:33:41 KAZ:47:44.43:41:48 KHM:37:39.21:35.95:43 \
KOR:31:30.79:29.95:32.05 LAO:48:48.15:46:50 LTU:16:13.24:10.95:17 LUX:8:17.52:7:29 LVA:23:19.34:15:24 MLT:10:14.32:9:24 MMR:41:43.4:38:50 MNG:44:43.63:39:49 MYS:39:37.86:34:44 \
NLD:2:4.4:2:9 NOR:4:3.56:3:5 NZL:33:32.34:31:33 PAK:50:49.84:47:51 PHL:38:39.5:37:42 POL:26:24.47:21.95:26 PRT:27:26.9:26:28 ROU:25:23.69:18:27.05 RUS:51:50.03:47.95:51 SGP:14:18.23:12:26.05 \
SVK:24:22.3:20:25 SVN:11:9.11:7:11 SWE:6:5.49:4:6.05 THA:42:38.36:35:42 VNM:36:36.49:35:38";

#[test]
fn the_intervals_of_the_ranks_are_coinrs_within_one_rank() {
    let Some((data, meta, _)) = asem() else { return };
    let limits: Vec<String> = (1..=5).map(|most| format!("{{ first = {{ winsorise = {{ max = {most} }} }} }}")).collect();
    let plan = format!(
        "\n[uncertainty]\nreplicates = 2000\nrows = 512\nresamples = 20\n[[uncertainty.factors]]\ntreatment = {{ alternatives = [{}] }}\n\
         [[uncertainty.factors]]\nnormalisation = {{ alternatives = [{{ min_max = {{ range = [1.0, 100.0] }} }}, {{ z_score = {{ mean = 10.0, deviation = 2.0 }} }}] }}\n\
         [[uncertainty.factors]]\nweights = {{ levels = [2, 3], spread = {{ uniform = {{ share = 0.25 }} }} }}\n\
         [[uncertainty.factors]]\naggregation = {{ alternatives = [[\"arithmetic\"], [\"geometric\"]] }}\n",
        limits.join(", ")
    );
    let done = Tables::of(&data, &meta, &format!("{}{plan}", recipe()));
    let of = |name: &str| done.column("uncertainty", "uCode", name);
    let (rank, mean, low, high) = (of("rank"), of("rank_mean"), of("rank_p05"), of("rank_p95"));
    let mut units = 0;
    for line in PUBLISHED_RANKS.split_whitespace() {
        let (unit, figures) = line.split_once(':').unwrap();
        let published: Vec<f64> = figures.split(':').map(|figure| figure.parse().unwrap()).collect();
        assert_eq!(rank[unit], published[0], "{unit}");
        for (name, have, want) in [("p05", low[unit], published[2]), ("p95", high[unit], published[3])] {
            assert!((have - want).abs() <= 1.0, "{unit} {name}: {have} is not about {want}");
        }
        // A mean of 100 random replicates errs by a tenth of their spread.
        let error = (published[3] - published[2]) / 3.29 / 10.0;
        assert!((mean[unit] - published[1]).abs() < 0.3 + 3.5 * error, "{unit}: mean {} is not about {}", mean[unit], published[1]);
        units += 1;
    }
    assert_eq!((units, rank.len()), (51, 51));
    // `vignettes/SA_results.RDS`: the 5–95 % interval of each total-order index of the mean rank shift, of 100 rows. (Its first-order estimator errs off-centre.)
    let sensitivity = done.table("sensitivity");
    for (row, (factor, low, high)) in
        [("treatment", 0.0333, 0.0607), ("normalisation", 0.1864, 0.3704), ("weights", 0.1408, 0.2181), ("aggregation", 0.4066, 0.8367)]
            .iter()
            .enumerate()
    {
        assert_eq!((sensitivity.text("uCode")[row], sensitivity.text("factor")[row]), ("", *factor));
        let found = sensitivity.numbers("total_order")[row];
        assert!((*low..=*high).contains(&found), "{factor}: {found}");
    }
}

/// Directions and targets of the ASEM indicators.
fn indicators(meta: &Csv) -> Vec<(String, f64, f64)> {
    let (directions, targets) = (meta.numbers("Direction"), meta.numbers("Target"));
    let kinds = meta.text("Type");
    (0..meta.rows.len())
        .filter(|row| kinds[*row] == "Indicator")
        .map(|row| (meta.text("iCode")[row].to_string(), directions[row], targets[row]))
        .collect()
}

/// A value, all directed values that are present, direction, target, the value of Switzerland. COINr's formulas, as its reference states them.
type Formula = fn(f64, &[f64], f64, f64, f64) -> f64;
fn least(all: &[f64]) -> f64 {
    all.iter().copied().fold(f64::INFINITY, f64::min)
}
fn most(all: &[f64]) -> f64 {
    all.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}
fn mean(all: &[f64]) -> f64 {
    all.iter().sum::<f64>() / all.len() as f64
}
fn spread(all: &[f64]) -> f64 {
    let centre = mean(all);
    (all.iter().map(|x| (x - centre).powi(2)).sum::<f64>() / (all.len() as f64 - 1.0)).sqrt()
}
fn under(x: f64, all: &[f64]) -> f64 {
    all.iter().filter(|other| **other < x).count() as f64
}

#[test]
fn every_normalisation_is_its_formula_on_the_raw_example_with_its_gaps() {
    let Some((data, meta, _)) = asem() else { return };
    let (raw, described) = (Csv::read(&data), Csv::read(&meta));
    let swiss = raw.keyed("uCode")["CHE"];
    let ways: [(&str, Formula); 10] = [
        ("\"rank\"", |x, all, _, _, _| 1.0 + under(x, all)),
        ("\"borda\"", |x, all, _, _, _| under(x, all)),
        ("\"percentile_rank\"", |x, all, _, _, _| under(x, all) / (all.len() as f64 - 1.0)),
        ("\"distance_to_max\"", |x, all, _, _, _| 1.0 - (most(all) - x) / (most(all) - least(all))),
        ("\"fraction_of_max\"", |x, all, _, _, _| if most(all) == 0.0 { f64::NAN } else { x / most(all) }),
        ("{ min_max = { range = [1.0, 10.0] } }", |x, all, _, _, _| 1.0 + 9.0 * (x - least(all)) / (most(all) - least(all))),
        ("{ z_score = { mean = 10.0, deviation = 2.0 } }", |x, all, _, _, _| 10.0 + 2.0 * (x - mean(all)) / spread(all)),
        (
            "{ scaled = { from = [0.0, 50.0], factor = 10.0 } }",
            |x, _, direction, _, _| if direction > 0.0 { x / 50.0 * 10.0 } else { (x + 50.0) / 50.0 * 10.0 },
        ),
        ("{ distance_to_target = { cap = true } }", |x, all, direction, target, _| {
            let end = target * direction;
            if end > least(all) { ((x - least(all)) / (end - least(all))).min(1.0) } else { f64::NAN }
        }),
        (
            "{ distance_to_reference = { unit = \"CHE\" } }",
            |x, all, _, _, swiss| {
                if swiss > least(all) { 1.0 - (swiss - x) / (swiss - least(all)) } else { f64::NAN }
            },
        ),
    ];
    for (way, formula) in ways {
        let done = Tables::of(&data, &meta, &format!("[normalise]\nall = {way}\n"));
        let found = done.table("normalised");
        assert_eq!(found.text("uCode"), raw.text("uCode"));
        let mut gaps = 0;
        for (code, direction, target) in indicators(&described) {
            let directed: Vec<f64> = raw.numbers(&code).iter().map(|x| x * direction).collect();
            let present: Vec<f64> = directed.iter().copied().filter(|x| x.is_finite()).collect();
            for (row, (have, x)) in found.numbers(&code).iter().zip(&directed).enumerate() {
                let want = if x.is_nan() { f64::NAN } else { formula(*x, &present, direction, target, directed[swiss]) };
                assert!(near(*have, want), "{way} {code} row {row}: {have} is not {want}");
                gaps += usize::from(x.is_nan());
            }
        }
        assert_eq!(gaps, 63, "the example has gaps");
    }
}

#[test]
fn every_aggregation_is_its_formula_at_every_level_of_the_example() {
    let Some((data, meta, folder)) = asem() else { return };
    let described = Csv::read(&meta);
    let treated = Csv::read(&folder.join("expected_treated.csv"));
    let codes: Vec<&str> = described.text("iCode");
    let children =
        |parent: &str| -> Vec<&str> { (0..codes.len()).filter(|row| described.text("Parent")[*row] == parent).map(|row| codes[row]).collect() };
    let (levels, kinds) = (described.text("Level"), described.text("Type"));
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    // Of a table units × children; every weight of the example is 1.
    let rowwise = |table: &[Vec<f64>], of: &dyn Fn(&[f64]) -> f64| table.iter().map(|row| of(row)).collect::<Vec<f64>>();
    let power = |exponent: f64| move |row: &[f64]| (row.iter().map(|x| x.powf(exponent)).sum::<f64>() / row.len() as f64).powf(1.0 / exponent);
    let copeland = |table: &[Vec<f64>]| -> Vec<f64> {
        let beats = |a: &[f64], b: &[f64]| {
            let won = a.iter().zip(b).filter(|(x, y)| x > y).count();
            let lost = a.iter().zip(b).filter(|(x, y)| x < y).count();
            f64::from(u8::from(won > lost)) - f64::from(u8::from(lost > won))
        };
        table.iter().map(|a| table.iter().map(|b| beats(a, b)).sum()).collect()
    };
    for way in [
        "\"arithmetic\"",
        "\"geometric\"",
        "\"harmonic\"",
        "{ power = { exponent = 0.5 } }",
        "{ power = { exponent = -2.0 } }",
        "{ power = { exponent = 3.0 } }",
        "\"copeland\"",
    ] {
        let method = with(&recipe(), "[0.0, 100.0]", "[1.0, 100.0]").replace("levels = [\"arithmetic\"]", &format!("levels = [{way}]"));
        let done = Tables::of(&data, &meta, &method).table("aggregated");
        // The published table has the units in another order.
        let places = treated.keyed("uCode");
        let units: Vec<usize> = done.text("uCode").iter().map(|unit| places[*unit]).collect();
        let mut values: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for (code, direction, _) in indicators(&described) {
            let directed: Vec<f64> = treated.numbers(&code).iter().map(|x| x * direction).collect();
            let (low, high) = directed.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)));
            values.insert(code, directed.iter().map(|x| 1.0 + 99.0 * (x - low) / (high - low)).collect());
        }
        for level in ["2", "3", "4"] {
            for row in (0..codes.len()).filter(|row| levels[*row] == level && kinds[*row] == "Aggregate") {
                let below = children(codes[row]);
                let table: Vec<Vec<f64>> = (0..51).map(|unit| below.iter().map(|child| values[*child][unit]).collect()).collect();
                let want = match way {
                    "\"arithmetic\"" => rowwise(&table, &mean),
                    "\"geometric\"" => rowwise(&table, &|row| mean(&row.iter().map(|x| x.ln()).collect::<Vec<f64>>()).exp()),
                    "\"harmonic\"" => rowwise(&table, &|row| 1.0 / mean(&row.iter().map(|x| 1.0 / x).collect::<Vec<f64>>())),
                    "\"copeland\"" => copeland(&table),
                    _ => {
                        let exponent: f64 = way.trim_matches(|c: char| !c.is_ascii_digit() && c != '-').parse().unwrap();
                        rowwise(&table, &power(exponent))
                    }
                };
                for (have, unit) in done.numbers(codes[row]).iter().zip(&units) {
                    assert!(near(*have, want[*unit]), "{way} {} unit {unit}: {have} is not {}", codes[row], want[*unit]);
                }
                values.insert(codes[row].to_string(), want);
            }
        }
        assert!(values.contains_key("Index"));
    }
}

#[test]
fn principal_and_optimised_weights_are_those_worked_out_by_hand() {
    let meta = "iCode,Type,Level,Parent,Direction,Weight\na,Indicator,1,I,1,5\nb,Indicator,1,I,1,1\nc,Indicator,1,I,1,1\nI,Aggregate,2,,1,1\n";
    // c = a + b, with a and b uncorrelated and alike: correlations 0, 1/√2, 1/√2. The matrix times (1, 1, √2) is twice (1, 1, √2), so the loadings are 1/2, 1/2, 1/√2.
    let done = Tables::made("uCode,a,b,c\nu,1,0,1\nv,-1,0,-1\nw,0,1,1\nx,0,-1,-1\n", meta, "[weights]\nsource = \"pca\"\n");
    let weights = done.column("weights", "iCode", "weight");
    for (code, want) in [("a", 0.5), ("b", 0.5), ("c", 0.5_f64.sqrt())] {
        assert!(near(weights[code], want), "{code}: {}", weights[code]);
    }
    // On 0–100, u is (100, 50, 100): (50 + 25 + 100/√2)/(1 + 1/√2) = 50 + 25·√2.
    let index = done.column("scores", "uCode", "I");
    assert!(near(index["u"], 50.0 + 25.0 * 2.0_f64.sqrt()) && near(index["x"], 50.0 - 25.0 * 2.0_f64.sqrt()), "{index:?}");
    // A unit with a gap takes no part in the component, and its score is over what it has.
    let done = Tables::made("uCode,a,b,c\nu,1,0,1\nv,-1,0,-1\nw,0,1,1\nx,0,-1,-1\ny,1,,-1\n", meta, "[weights]\nsource = \"pca\"\n");
    assert!(near(done.column("weights", "iCode", "weight")["c"], 0.5_f64.sqrt()));
    assert!(near(done.column("scores", "uCode", "I")["y"], 100.0 * 0.5 / (0.5 + 0.5_f64.sqrt())));

    // Two uncorrelated indicators of the same spread correlate with their weighted mean as their weights do: an influence of 2 to 1 takes weights of 2 to 1.
    let meta = "iCode,Type,Level,Parent,Direction,Weight\na,Indicator,1,I,1,1\nb,Indicator,1,I,-1,1\nI,Aggregate,2,,1,1\n";
    let method = "[weights]\nsource = { optimised = { wanted = { a = 2.0, b = 1.0 } } }\n";
    let done = Tables::made("uCode,a,b\nu,0,9\nv,7,9\nw,0,3\nx,7,3\n", meta, method);
    let weights = done.column("weights", "iCode", "weight");
    assert!((weights["a"] - 2.0 / 3.0).abs() < 1e-6 && (weights["b"] - 1.0 / 3.0).abs() < 1e-6, "{weights:?}");
    let index = done.column("scores", "uCode", "I");
    for (unit, want) in [("u", 0.0), ("v", 200.0 / 3.0), ("w", 100.0 / 3.0), ("x", 100.0)] {
        assert!((index[unit] - want).abs() < 1e-4, "{index:?}");
    }
    // Any two have the same influence where weight times spread is the same: 0, 0, 0, 100 spreads √3/2 times as much as 0, 0, 100, 100, whatever they share.
    let done = Tables::made("uCode,a,b\nu,0,9\nv,0,9\nw,0,3\nx,7,3\n", meta, "[weights]\nsource = { optimised = {} }\n");
    let weights = done.column("weights", "iCode", "weight");
    assert!((weights["a"] / weights["b"] - 2.0 / 3.0_f64.sqrt()).abs() < 1e-5, "{weights:?}");
}

#[test]
fn the_mazziotta_pareto_index_is_the_one_worked_out_by_hand() {
    // Half the range of a is 5 and of b too, so that on 70–130 a is 70, 100, 130 and b, of which less is better, 130, 130, 70. u: mean 100, deviation 30,
    // 100 ∓ 30·30/100. v: mean 115, deviation 15, 115 ∓ 15·15/115. w as u.
    let meta = "iCode,Type,Level,Parent,Direction,Weight\na,Indicator,1,I,1,1\nb,Indicator,1,I,-1,1\nI,Aggregate,2,,1,1\n";
    let data = "uCode,a,b\nu,0,2\nv,5,2\nw,10,12\n";
    let method = |penalty: &str| {
        format!(
            "[normalise.indicators]\na = {{ around_reference = {{ reference = 5.0 }} }}\nb = {{ around_reference = {{ reference = 7.0 }} }}\n[aggregate]\nlevels = [{{ ampi = {{ {penalty} }} }}]\n"
        )
    };
    for (penalty, sign) in [("", -1.0), ("penalty = \"down\"", -1.0), ("penalty = \"up\"", 1.0)] {
        let done = Tables::made(data, meta, &method(penalty));
        assert_eq!(done.table("normalised").numbers("b"), [130.0, 130.0, 70.0]);
        let index = done.column("scores", "uCode", "I");
        for (unit, want) in [("u", 100.0 + sign * 9.0), ("v", 115.0 + sign * 225.0 / 115.0), ("w", 100.0 + sign * 9.0)] {
            assert!(near(index[unit], want), "{penalty} {unit}: {} is not {want}", index[unit]);
        }
        assert_eq!(done.table("scores").numbers("Rank"), [1.0, 2.0, 2.0]);
    }
    // Weights of 3 and 1 go into mean and deviation: v is 107.5, deviation √(0.75·7.5² + 0.25·22.5²) = √168.75.
    let done = Tables::made(data, &meta.replace("a,Indicator,1,I,1,1", "a,Indicator,1,I,1,3"), &method(""));
    assert!(near(done.column("scores", "uCode", "I")["v"], 107.5 - 168.75 / 107.5));
}

#[test]
fn the_gender_development_index_of_2022_is_undps() {
    // Human Development Report 2023/24 (UNDP, CC BY 3.0 IGO): 182 countries, the indices of women and men with nine decimals, their ratio with three.
    let Some(folder) = reference() else { return };
    let published = Csv::read(&folder.join("hdi/hdi_2022.csv"));
    let codes = ["le_f", "eys_f", "mys_f", "gni_pc_f", "le_m", "eys_m", "mys_m", "gni_pc_m"];
    let inputs = tempfile::tempdir().unwrap();
    let mut data = format!("uCode,{}\n", codes.join(","));
    for row in &published.rows {
        let cells = ["iso3"].iter().chain(&codes).map(|code| row[published.place(code)].as_str());
        data.extend([cells.collect::<Vec<_>>().join(","), "\n".into()]);
    }
    std::fs::write(inputs.path().join("data.csv"), data).unwrap();
    let method = std::fs::read_to_string(crate::home().join("docs/gdi-method.toml")).unwrap();
    let done = Tables::of(&inputs.path().join("data.csv"), &crate::home().join("docs/gdi-imeta.csv"), &method);
    let mut compared = 0;
    for (row, unit) in published.text("iso3").iter().enumerate() {
        for (code, slack) in [("hdi_f", 6e-10), ("hdi_m", 6e-10), ("gdi", 0.000_500_1)] {
            let (have, want) = (done.column("aggregated", "uCode", code)[*unit], published.numbers(code)[row]);
            assert!((have.is_nan() && want.is_nan()) || (have - want).abs() < slack, "{unit} {code}: {have} is not {want}");
        }
        compared += usize::from(published.numbers("gdi")[row].is_finite());
    }
    assert_eq!(compared, 182);
}

#[test]
fn the_gender_inequality_index_of_2022_is_undps() {
    // Human Development Report 2023/24, table 5 and the time series beside it (UNDP, CC BY 3.0 IGO): deaths and births, women's and men's shares of parliament,
    // schooling and labour force; the index and its rank. The ranks are of all 166 countries; these stand in the same order.
    const PUBLISHED: &str = "DNK,4.65771671,1.814,43.57541899,95.06726074,59.42,56.42458101,95.23809814,67.42,0.009\n\
        SWE,4.507839264,3.312,46.41833811,92.36278933,63.68,53.58166189,92.70197297,70.38,0.023\nPOL,1.959465471,9.16,27.5,86.51820374,50.09,72.5,90.7297821,65.51,0.105\n\
        BRA,72.14753684,43.582,17.50841751,67.40000153,53.75,82.49158249,64.97000122,73.64,0.391\nIND,102.653912,16.299,14.63414634,40.95923996,28.26,85.36585366,58.66342926,76.14,0.437\n\
        NGA,1047.235352,99.56,4.47761194,42.39007187,77.04,95.52238806,57.8144989,85.66,0.677\nYEM,183.3997163,52.497,0.294117647,23.7,5.84,99.70588235,38.2,64.69,0.82\n";
    let codes = ["mmr", "abr", "pr_f", "se_f", "lf_f", "pr_m", "se_m", "lf_m", "one"];
    let twice: Vec<String> = codes.iter().map(|code| format!("{code}_2")).collect();
    let mut data = format!("uCode,{},{}\n", codes.join(","), twice.join(","));
    let mut wanted = Vec::new();
    for line in PUBLISHED.lines() {
        let (unit, rest) = line.trim().split_once(',').unwrap();
        let (figures, index) = rest.rsplit_once(',').unwrap();
        data.extend([unit, ",", figures, ",1,", figures, ",1\n"]);
        wanted.push((unit, index.parse::<f64>().unwrap()));
    }
    let meta = std::fs::read_to_string(crate::home().join("docs/gii-imeta.csv")).unwrap();
    let method = std::fs::read_to_string(crate::home().join("docs/gii-method.toml")).unwrap();
    let done = Tables::made(&data, &meta, &method);
    for (unit, want) in &wanted {
        let have = done.column("aggregated", "uCode", "gii")[*unit];
        assert!((have - want).abs() < 0.000_500_1, "{unit}: {have} is not {want}");
    }
    // Without the complement the best country stands first, as in UNDP's ranks; the unequal one has lost most where the harmonic mean is taken.
    let equality = Tables::made(&data, &meta, &with(&method, "complement = true", "complement = false"));
    assert_eq!(equality.table("scores").text("uCode"), wanted.iter().map(|(unit, _)| *unit).collect::<Vec<_>>());
    // A ratio leaves nothing to rank without one of its two.
    let left = equality.table("leave_one_out");
    assert_eq!(left.numbers("units_compared")[left.keyed("iCode")["level"]], 0.0);
}
