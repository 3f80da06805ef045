//! Every table that `malmarknad index` writes, every shape of table that it reads, and what it says of bad tables and methods.

#![allow(clippy::float_cmp)] // published counts and ranks are compared exactly

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::index_fixture::{Csv, reference};

const DATA: &str = "uCode,uName,Region,Size,A,B,C\nSE,Sverige,N,10,1,20,3\nNO,Norge,N,5,2,10,NA\nPL,Polen,S,38,3,,5\nDE,Tyskland,S,83,4,40,9\n";
const META: &str = "iCode,iName,Type,Level,Parent,Direction,Weight,Denominator,minmax_lower,Comment\n\
A,First,Indicator,1,P,1,1,,,x\n\
B,Second,Indicator,1,P,-1,2,Size,,x\n\
C,Third,Indicator,1,Q,1,1,,,x\n\
P,Pillar,Aggregate,2,Index,1,1,,,\n\
Q,Other pillar,Aggregate,2,Index,1,1,,,\n\
Index,Index,Aggregate,3,,1,1,,,\n\
Region,,Group,,,,,,,\n\
Size,,Denominator,,,,,,,\n";

/// Input files in a folder of their own.
struct Case {
    folder: TempDir,
}

impl Case {
    fn new(data: impl AsRef<[u8]>, meta: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("data.csv"), data).unwrap();
        std::fs::write(folder.path().join("meta.csv"), meta).unwrap();
        Self { folder }
    }

    fn usual() -> Self {
        Self::new(DATA, META)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn method(&self, text: &str) -> &Self {
        std::fs::write(self.path("m.toml"), text).unwrap();
        self
    }

    fn command(&self, arguments: &[&str]) -> assert_cmd::Command {
        let mut command = crate::malmarknad();
        command.env_remove("MALMARKNAD_HOME").current_dir(self.folder.path());
        command.args(["index", "--data", "data.csv", "--meta", "meta.csv", "--out", "out"]).args(arguments);
        if self.path("m.toml").exists() {
            command.args(["--method", "m.toml"]);
        }
        command
    }

    fn table(&self, name: &str) -> Csv {
        Csv::read(&self.path(&format!("out/{name}.csv")))
    }

    /// What it says; it must fail, with a hint, and leave nothing behind.
    fn refused(&self, arguments: &[&str]) -> String {
        let before = std::fs::read_dir(self.folder.path()).unwrap().count();
        let told = self.command(arguments).assert().code(1);
        let text = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
        assert!(text.starts_with("error: ") && text.contains("\nhint: ") && !text.contains("panicked"), "{text}");
        assert_eq!(std::fs::read_dir(self.folder.path()).unwrap().count(), before, "something was written: {text}");
        text
    }
}

/// A faulty table is refused with all of `told` in the message.
fn refused(data: impl AsRef<[u8]>, meta: impl AsRef<[u8]>, told: &[&str]) {
    let text = Case::new(data, meta).refused(&[]);
    for part in told {
        assert!(text.contains(part), "no \"{part}\" in: {text}");
    }
}

fn run_asem(folder: &Path, out: &Path, method: &Path, more: &[&str]) {
    let mut command = crate::malmarknad();
    command.arg("index").arg("--data").arg(folder.join("asem/asem_idata.csv")).arg("--meta").arg(folder.join("asem/asem_imeta.csv"));
    command.arg("--method").arg(method).arg("--out").arg(out).args(more).assert().success();
}

/// The largest relative difference between two tables keyed by uCode, over the published one's codes.
fn worst_difference(found: &Csv, published: &Csv) -> f64 {
    let (rows, wanted_rows) = (found.keyed("uCode"), published.keyed("uCode"));
    assert_eq!(rows.keys().collect::<Vec<_>>(), wanted_rows.keys().collect::<Vec<_>>());
    let mut worst: f64 = 0.0;
    for code in published.header.iter().filter(|code| !["uCode", "uName", "Rank"].contains(&code.as_str())) {
        let (have, want) = (found.numbers(code), published.numbers(code));
        for (unit, row) in &rows {
            let (have, want) = (have[*row], want[wanted_rows[unit]]);
            assert_eq!(have.is_nan(), want.is_nan(), "{unit} {code}");
            if !have.is_nan() {
                worst = worst.max((have - want).abs() / want.abs().max(1e-9));
            }
        }
    }
    worst
}

#[test]
fn the_asem_recipe_gives_every_published_stage() {
    let Some(folder) = reference() else { return };
    let out = tempfile::tempdir().unwrap();
    run_asem(&folder, out.path(), &crate::home().join("docs/asem-method.toml"), &[]);
    for stage in ["raw", "denominated", "imputed", "screened", "treated", "normalised", "aggregated"] {
        let published = Csv::read(&folder.join(format!("asem/expected_{stage}.csv")));
        let worst = worst_difference(&Csv::read(&out.path().join(format!("{stage}.csv"))), &published);
        assert!(worst < 1e-9, "{stage}: {worst}");
    }
    let (ranks, published) = (Csv::read(&out.path().join("ranks.csv")), Csv::read(&folder.join("asem/expected_results_ranks_full.csv")));
    assert_eq!(ranks.text("uCode"), published.text("uCode"));
    for code in ["Index", "Conn", "Sust", "Physical", "ConEcFin", "Political", "Instit", "P2P", "Environ", "Social", "SusEcFin"] {
        assert_eq!(ranks.numbers(code), published.numbers(code), "{code}");
    }
    let scores = Csv::read(&out.path().join("scores.csv"));
    assert_eq!(scores.header[..6], ["uCode", "uName", "Rank", "Index", "Conn", "Sust"]);
    assert_eq!(scores.numbers("Rank"), (1..=51).map(f64::from).collect::<Vec<_>>());
    // The table of what moved names the same units as COINr's.
    let treatment = Csv::read(&out.path().join("treatment.csv"));
    assert_eq!(treatment.text("outcome").iter().filter(|outcome| **outcome == "first step").count(), 15);
}

#[test]
fn the_geometric_variant_comes_out_through_the_command_line() {
    let Some(folder) = reference() else { return };
    let out = tempfile::tempdir().unwrap();
    let recipe = std::fs::read_to_string(crate::home().join("docs/asem-method.toml")).unwrap();
    let variant = recipe.replace("[0.0, 100.0]", "[1.0, 100.0]").replace("\"arithmetic\"", "\"geometric\"");
    let method = out.path().join("variant.toml");
    std::fs::write(&method, variant).unwrap();
    run_asem(&folder, &out.path().join("out"), &method, &[]);
    let published = Csv::read(&folder.join("asem/expected_variant_norm_minmax_1_100_gmean.csv"));
    let worst = worst_difference(&Csv::read(&out.path().join("out/aggregated.csv")), &published);
    assert!(worst < 1e-9, "{worst}");
}

#[test]
fn a_method_with_doubts_gives_intervals_and_sensitivity_the_same_on_every_run() {
    let Some(folder) = reference() else { return };
    let out = tempfile::tempdir().unwrap();
    let recipe = std::fs::read_to_string(crate::home().join("docs/asem-method.toml")).unwrap();
    let method = out.path().join("m.toml");
    let doubts = "\n[uncertainty]\nrows = 64\nresamples = 20\n[[uncertainty.factors]]\nweights = { levels = [2, 3], spread = { uniform = { share = 0.25 } } }\n\
                  [[uncertainty.factors]]\nnormalisation = { alternatives = [{ min_max = { range = [1.0, 100.0] } }, { z_score = { mean = 10.0, deviation = 2.0 } }] }\n";
    std::fs::write(&method, format!("{recipe}{doubts}")).unwrap();
    let (first, again) = (out.path().join("first"), out.path().join("again"));
    run_asem(&folder, &first, &method, &["--replicates", "512", "--seed", "3"]);
    // The method in force holds replicates and seed, so it repeats the run by itself.
    run_asem(&folder, &again, &first.join("method.toml"), &[]);
    for entry in std::fs::read_dir(&first).unwrap() {
        let name = entry.unwrap().file_name();
        assert_eq!(std::fs::read(first.join(&name)).unwrap(), std::fs::read(again.join(&name)).unwrap(), "{}", name.display());
    }
    let table = Csv::read(&first.join("uncertainty.csv"));
    assert_eq!(table.rows.len(), 51);
    assert_eq!(table.text("uCode")[0], "CHE");
    for row in 0..51 {
        let at = |name: &str| table.numbers(name)[row];
        assert!(at("rank_p05") <= at("rank_median") && at("rank_median") <= at("rank_p95"));
        assert!((0.0..=1.0).contains(&at("p_top3")) && at("p_top3") <= at("p_top10"));
        assert_eq!(table.text("outside")[row] == "true", at("rank") < at("rank_p05") || at("rank") > at("rank_p95"));
    }
    let sensitivity = Csv::read(&first.join("sensitivity.csv"));
    assert_eq!(sensitivity.rows.len(), 52 * 2);
    assert_eq!(sensitivity.text("uCode")[..2], ["", ""]);
    // Rows of the acceptability sum to one; the pairwise table mirrors itself.
    let acceptability = Csv::read(&first.join("acceptability.csv"));
    for row in &acceptability.rows {
        let sum: f64 = row[1..].iter().map(|cell| cell.parse::<f64>().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-12);
    }
    let pairs = Csv::read(&first.join("pairwise.csv"));
    assert!((pairs.numbers("CHE")[1] + pairs.numbers(pairs.text("uCode")[1])[pairs.keyed("uCode")["CHE"]] - 1.0).abs() < 1e-12);
}

#[test]
fn without_a_method_it_divides_scales_and_averages_by_the_metadata() {
    let case = Case::usual();
    let told = case.command(&[]).assert().success();
    let paths: Vec<PathBuf> = String::from_utf8_lossy(&told.get_output().stdout).lines().map(PathBuf::from).collect();
    assert_eq!(paths[0], Path::new("out").join("scores.csv"));
    assert!(paths.iter().all(|path| case.path("").join(path).is_file()));
    let shown = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(
        shown.contains("4 of 4 units ranked by 3 indicators") && shown.contains("Tyskland") && shown.contains("column \"Comment\" is not used"),
        "{shown}"
    );
    assert_eq!(case.table("denominated").numbers("B")[..2], [2.0, 2.0]);
    let normalised = case.table("normalised");
    assert_eq!(normalised.numbers("A")[3], 100.0);
    // B: 2, 2, missing, 40/83 with less being better.
    assert_eq!(normalised.numbers("B")[0], 0.0);
    assert_eq!(normalised.numbers("B")[3], 100.0);
    let scores = case.table("scores");
    let row = scores.keyed("uCode");
    // SE: P = (1·0 + 2·0)/3 = 0, Q = 0; NO: P = (33.33 + 0)/3, Q missing; PL: P = 66.67, Q = 33.33; DE 100.
    for (unit, index) in [("DE", 100.0), ("PL", 50.0), ("NO", 100.0 / 9.0), ("SE", 0.0)] {
        assert!((scores.numbers("Index")[row[unit]] - index).abs() < 1e-12, "{unit}");
    }
    assert_eq!(scores.text("uCode"), ["DE", "PL", "NO", "SE"]);
    let weights = case.table("weights");
    assert!((weights.numbers("effective_weight")[1] - 1.0 / 3.0).abs() < 1e-12);
    for name in ["statistics", "availability", "consistency", "correlations", "strengths", "leave_one_out", "leave_one_out_ranks", "notes"] {
        let table = case.table(name);
        assert!(!table.header.is_empty(), "{name}");
        assert!(table.rows.iter().flatten().all(|cell| !["NaN", "inf", "-inf"].contains(&cell.as_str())), "{name}");
    }
    let left = case.table("leave_one_out");
    assert_eq!(left.text("iCode"), ["A", "B", "C", "P", "Q"]);
    assert!(case.command(&["--quiet"]).assert().success().get_output().stderr.is_empty());
}

#[test]
fn the_figures_are_read_however_they_were_saved() {
    let plain = Case::usual();
    plain.command(&[]).assert().success();
    let wanted = std::fs::read(plain.path("out/scores.csv")).unwrap();
    let row_names: Vec<String> =
        DATA.lines().enumerate().map(|(row, line)| if row == 0 { format!("\"\",{line}") } else { format!("\"{row}\",{line}") }).collect();
    let floats = META.replace("Indicator,1,", "Indicator,1.0,").replace(",-1,2,", ",-1.0,2.0,").replace("Aggregate,2,", "Aggregate,2.0,");
    for (data, meta) in [
        (format!("\u{feff}{DATA}"), format!("\u{feff}{META}")),
        (DATA.replace('\n', "\r\n"), META.replace('\n', "\r\n")),
        (format!("{DATA},,,,,,\n\n"), META.to_owned()),
        (DATA.replace("PL,Polen,S,38,3,,5", "\"PL\",\"Polen\",S, 38 ,3,NA,5.0e0"), META.to_owned()),
        (row_names.join("\n"), META.to_owned()),
        (DATA.to_owned(), floats),
    ] {
        let case = Case::new(data, meta);
        case.command(&[]).assert().success();
        assert_eq!(std::fs::read(case.path("out/scores.csv")).unwrap(), wanted);
    }
}

#[test]
fn denominators_may_stand_in_a_table_of_their_own() {
    let case = Case::usual();
    std::fs::write(case.path("sizes.csv"), "uCode,Name,Size\nXX,elsewhere,text\nDE,d,80\nPL,p,40\nNO,n,5\nSE,s,10\n").unwrap();
    let text = case.refused(&["--denominators", "sizes.csv"]);
    assert!(text.contains("sizes.csv, row 2, column Size: \"text\" is not a number"), "{text}");
    std::fs::write(case.path("sizes.csv"), "uCode,Name,Size\nDE,d,80\nPL,p,40\nNO,n,5\nSE,s,10\n").unwrap();
    case.command(&["--denominators", "sizes.csv"]).assert().success();
    assert_eq!(case.table("denominated").numbers("B")[3], 0.5);
    std::fs::write(case.path("sizes.csv"), "uCode,Size\nDE,80\nPL,40\nNO,5\n").unwrap();
    let text = case.refused(&["--denominators", "sizes.csv"]);
    assert!(text.contains("sizes.csv, column uCode") && text.contains("\"SE\""), "{text}");
}

#[test]
fn the_metadata_may_say_how_an_indicator_is_normalised() {
    let case = Case::new(DATA, META.replace("A,First,Indicator,1,P,1,1,,,x", "A,First,Indicator,1,P,1,1,,40,x"));
    case.command(&[]).assert().success();
    assert_eq!(case.table("normalised").numbers("A")[0], 40.0);
    // The method names the indicator itself: that goes before the metadata.
    case.method("[normalise.indicators]\nA = \"rank\"\n").command(&[]).assert().success();
    assert_eq!(case.table("normalised").numbers("A"), [1.0, 2.0, 3.0, 4.0]);
    case.method("[normalise]\nall = \"rank\"\n").command(&[]).assert().success();
    assert!(case.table("notes").text("note").iter().any(|note| note.contains("minmax_lower is not used")));
    refused(DATA, META.replace(",1,1,,,x\nB", ",1,1,,100,x\nB"), &["meta.csv, row 2, column minmax_upper", "minmax_lower is 100"]);
}

#[test]
fn faults_in_the_data_are_told_with_file_row_and_column() {
    let swap = |from: &str, to: &str| {
        let text = DATA.replacen(from, to, 1);
        assert_ne!(text, DATA);
        text
    };
    refused(swap("SE,Sverige,N,10,1,", "SE,Sverige,N,10,\"1,5\","), META, &["data.csv, row 2, column A: \"1,5\" is not a number", "with a dot"]);
    refused(swap("SE,Sverige,N,10,1,", "SE,Sverige,N,10,1,5,"), META, &["data.csv, row 2: 8 cells where the header has 7", "with a dot"]);
    refused(swap(",3,,5", ",3,många,5"), META, &["data.csv, row 4, column B: \"många\" is not a number"]);
    refused(swap(",3,,5", ",3,inf,5"), META, &["data.csv, row 4, column B"]);
    refused(swap(",3,,5", ",3,1e999,5"), META, &["data.csv, row 4, column B"]);
    refused(swap(",3,,5", ",3,1e200,5"), META, &["data.csv, row 4, column B", "too large"]);
    refused(swap("NO,", "SE,"), META, &["data.csv, row 3, column uCode", "already in row 2"]);
    refused(swap("NO,Norge", ",Norge"), META, &["data.csv, row 3, column uCode"]);
    refused(swap("uCode", "ucode"), META, &["data.csv", "no column uCode", "\"ucode\""]);
    refused(swap("A,B,C", "A,B,B"), META, &["data.csv, row 1, column B", "twice"]);
    refused(swap("A,B,C", "A,B,"), META, &["data.csv, row 1, column 7"]);
    refused(swap("A,B,C", "A,B,D"), META, &["\"C\" has no column in data.csv", "meta.csv, row 4"]);
    refused(
        swap("\n", ",D\n").replace("3\n", "3,1\n").replace("NA\n", "NA,1\n").replace("5\n", "5,1\n").replace("9\n", "9,1\n"),
        META,
        &["data.csv, row 1, column D", "no row in meta.csv"],
    );
    refused("", META, &["data.csv: is empty"]);
    refused("uCode,A\n", META, &["data.csv: there is a header but no rows"]);
    refused("uCode\nSE\n", META, &["has no column in data.csv"]);
    refused(DATA.replace(',', ";"), META, &["data.csv, row 1: the cells are not separated by commas"]);
    refused(DATA.replace("Sverige", "Sver\0ige"), META, &["data.csv, row 2, column uName: the cell holds a NUL byte"]);
    refused([DATA.as_bytes(), b"\xc5X,\xe5,S,1,1,1,1\n"].concat(), META, &["data.csv, row 6", "UTF-8"]);
    refused([0xff, 0xfe, 65, 0], META, &["UTF-16"]);
}

#[test]
fn faults_in_the_metadata_are_told_with_file_row_and_column() {
    let told = |from: &str, to: &str, parts: &[&str]| {
        let meta = META.replacen(from, to, 1);
        assert_ne!(meta, META, "{from}");
        refused(DATA, meta, parts);
    };
    told("B,Second", "A,Second", &["meta.csv, row 3, column iCode", "already in row 2"]);
    told(
        "Q,Other pillar,Aggregate,2,Index",
        "Q,Other pillar,Aggregate,2,Indx",
        &["meta.csv, row 6, column Parent", "\"Indx\" is not an aggregate", "Index"],
    );
    told("Index,Index,Aggregate,3,,", "Index,Index,Aggregate,3,P,", &["meta.csv, row 7, column Parent", "circle: \"Index\" → \"P\" → \"Index\""]);
    told("P,Pillar,Aggregate,2,Index", "P,Pillar,Aggregate,2,P", &["meta.csv, row 5, column Parent", "circle"]);
    told("A,First,Indicator,1,P", "A,First,Indicator,1,", &["meta.csv, row 2, column Parent", "empty"]);
    told("A,First,Indicator,1,P", "A,First,Indicator,1,Index", &["meta.csv, row 2, column Parent", "level 3"]);
    told("A,First,Indicator,1,P", "A,First,Indicator,2,P", &["meta.csv, row 2, column Level"]);
    told("Index,Index,Aggregate,3,,", "Index,Index,Aggregate,2,,", &["meta.csv", "level 2"]);
    told("A,First,Indicator,1,P,1,1", "A,First,Indicator,1,P,1,", &["meta.csv, row 2, column Weight", "empty"]);
    told("A,First,Indicator,1,P,1,1", "A,First,Indicator,1,P,1,-1", &["meta.csv, row 2, column Weight", "-1"]);
    told("A,First,Indicator,1,P,1,1", "A,First,Indicator,1,P,2,1", &["meta.csv, row 2, column Direction", "\"2\""]);
    told("A,First,Indicator", "A,First,Indikator", &["meta.csv, row 2, column Type", "Indicator, Aggregate, Group, Denominator, Other"]);
    told(",-1,2,Size", ",-1,2,Sise", &["meta.csv, row 3, column Denominator", "\"Sise\"", "Size"]);
    told("iCode,iName,Type,Level,Parent,Direction,Weight", "iCode,iName,Type,Level,Parent,Direction,W", &["meta.csv", "no column Weight"]);
    told("Q,Other pillar,Aggregate,2,Index", "Q,Other pillar,Aggregate,3,", &["meta.csv", "level"]);
    told("C,Third,Indicator,1,Q", "C,Third,Indicator,1,P", &["meta.csv, row 6, column iCode", "no children"]);
    told("Region,,Group", "Rank,,Group", &["meta.csv, row 8, column iCode", "\"Rank\""]);
    let without = |word: &str| META.lines().filter(|line| !line.contains(word)).collect::<Vec<_>>().join("\n");
    refused(DATA, without("Aggregate"), &["meta.csv: there is no aggregate"]);
    let headless = without("Index,Index").replace(",2,Index", ",2,");
    refused(DATA, headless, &["meta.csv, row 6, column Level", "\"P\" and \"Q\" both stand at the highest level"]);
}

#[test]
fn faults_in_the_method_are_told_with_the_key_and_what_is_allowed() {
    let case = Case::usual();
    let factor = "[uncertainty]\nrows = 4\n\n[[uncertainty.factors]]\nleave_out = { level = 1 }\n\n[[uncertainty.factors]]\n";
    let with_factor = |text: &str| format!("{factor}{text}");
    for (method, parts) in [
        // What TOML or the shape of the method refuses.
        ("[treat.rule]\nskew_limt = 2.0\n".into(), &["m.toml, line 2: ", "skew_limt", "skew_limit"][..]),
        ("\n[treat]\n[treat.rule]\nfirst = { winsorise = { max = 5, cont = 1 } }\n".into(), &["m.toml, line 4: ", "cont", "count"]),
        ("[aggregate]\nlevels = [\"arithmetics\"]\n".into(), &["m.toml, line 2: ", "arithmetics", "geometric"]),
        ("[aggregate]\n\n\nlevels = [\n  \"arithmetic\",\n  \"arithmetics\",\n]\n".into(), &["m.toml, line 6: ", "arithmetics"]),
        ("[normalise]\nall = { min_max = { range = \"x\" } }\n".into(), &["m.toml, line 2: "]),
        ("[normalise]\nall = { min_max = { range = [0, 1, 2] } }\n".into(), &["m.toml, line 2: "]),
        ("[normalise.all]\nz_score = {}\nrank = {}\n".into(), &["m.toml, line 1: "]),
        ("order = [\"treat\"\n".into(), &["m.toml, line "]),
        ("\n\n[impute]\n[impute]\n".into(), &["m.toml, line 4: ", "duplicate"]),
        ("[uncertainty]\nreplicates = -1\n".into(), &["m.toml, line 2: "]),
        (with_factor("weights = { levels = [1], spread = { uniform = { shares = 0.25 } } }\n"), &["m.toml, line 8: ", "shares"]),
        // What does not fit the index, or can't be.
        (
            "\n[aggregate]\nlevels = [\"arithmetic\", \"arithmetic\", \"geometric\"]\n".into(),
            &["m.toml, line 3, key aggregate.levels: ", "has 3 entries"],
        ),
        ("[aggregate]\n\ndata_threshold = [1.5]\n".into(), &["m.toml, line 3, key aggregate.data_threshold: ", "1.5", "between 0 and 1"]),
        ("[aggregate]\nof.P = { power = { exponent = inf } }\n".into(), &["m.toml, line 2, key aggregate.of.P.power.exponent: "]),
        ("[aggregate]\nof = { A = \"geometric\" }\n".into(), &["m.toml, line 2, key aggregate.of.A: ", "the aggregate `A`", "P, Q, Index"]),
        (
            "[aggregate.of]\nIndex = { ratio = {} }\nQ = { ratio = {} }\n".into(),
            &["m.toml, line 3, key aggregate.of.Q: ", "one of 1 elements", "exactly two"],
        ),
        ("order = [\"impute\", \"normalise\"]\n".into(), &["m.toml, line 1, key order: ", "Normalise"]),
        ("[impute]\ngroup_mean = { group = \"Land\" }\n".into(), &["m.toml, line 1, key impute: ", "`Land`", "Region"]),
        ("[screen]\nby = \"missing\"\ninclude = [\"XX\"]\n".into(), &["m.toml, line 3, key screen.include: ", "the unit `XX`"]),
        ("[screen]\navailability = nan\n".into(), &["m.toml, line 2, key screen.availability: "]),
        ("[screen]\nexclude = [\"SE\", \"NO\", \"PL\", \"DE\"]\n".into(), &["m.toml, line 1, key screen: ", "no units left"]),
        ("\n[normalise]\nall = { min_max = { range = [100.0, 0.0] } }\n".into(), &["m.toml, line 3, key normalise.all.min_max.range: ", "[100, 0]"]),
        (
            "[normalise.indicators]\nA = \"rank\"\nB = { goalposts = { low = 2.0,\n  high = 1.0 } }\n".into(),
            &["m.toml, line 3, key normalise.indicators.B.goalposts: ", "the lower end comes first"],
        ),
        (
            "[normalise.indicators.B]\nz_score.mean = 1.0\nz_score.deviation = 0.0\n".into(),
            &["m.toml, line 3, key normalise.indicators.B.z_score.deviation: "],
        ),
        (
            "[normalise]\nall = \"rank\"\nindicators.X = \"rank\"\n".into(),
            &["m.toml, line 3, key normalise.indicators.X: ", "the indicator `X`", "A, B, C"],
        ),
        ("[normalise]\nall = { distance_to_target = {} }\n".into(), &["m.toml, line 2, key normalise.all: ", "the target of `A` is missing"]),
        (
            "[normalise]\nall = { distance_to_reference = { unit = \"XX\" } }\n".into(),
            &["m.toml, line 2, key normalise.all.distance_to_reference.unit: ", "`XX`"],
        ),
        ("[normalise]\nall = { reciprocal = { clip = [0.0, 1.0] } }\n".into(), &["m.toml, line 2, key normalise.all.reciprocal.clip: ", "above 0"]),
        ("[weights]\nset = { Nope = 1.0 }\n".into(), &["m.toml, line 2, key weights.set.Nope: ", "the element `Nope`"]),
        ("[weights]\nsource = \"pca\"\nlevels = [0]\n".into(), &["m.toml, line 3, key weights.levels: "]),
        ("[weights.set]\nC = 0.0\n".into(), &["m.toml, line 1, key weights.set: ", "under `Q` weigh nothing"]),
        ("[weights]\nset = { A = nan }\n".into(), &["m.toml, line 2, key weights.set.A: ", "NaN"]),
        (
            "[weights]\nsource = { optimised = { wanted = { P = 0.0 } } }\n".into(),
            &["m.toml, line 2, key weights.source.optimised.wanted: ", "weigh nothing"],
        ),
        ("\n[aggregate]\nlevels = [\"geometric\"]\n".into(), &["m.toml, line 3, key aggregate.levels: ", "geometric mean", "above 0"]),
        ("[denominate]\nby = { A = \"Nope\" }\n".into(), &["m.toml, line 2, key denominate.by.A: ", "Nope", "Size"]),
        ("[denominate]\nscale = { A = 0.0 }\n".into(), &["m.toml, line 2, key denominate.scale.A: ", "above 0"]),
        ("[treat.indicators.A]\nfirst = { box_cox = { lambda = 99 } }\n".into(), &["m.toml, line 2, key treat.indicators.A.first.box_cox.lambda: "]),
        (
            "[treat.rule]\nskew_limit = 2\nfirst = { winsorise = { force = true } }\n".into(),
            &["m.toml, line 3, key treat.rule.first.winsorise: ", "`force` needs a limit"],
        ),
        ("[uncertainty]\ncertainty = 2.0\n".into(), &["m.toml, line 2, key uncertainty.certainty: "]),
        ("[uncertainty]\nrows = 99999999999\n".into(), &["m.toml, line 2, key uncertainty.rows: ", "at most"]),
        (with_factor("leave_out = { level = 1 }\n"), &["m.toml, line 8, key uncertainty.factors.2.leave_out: ", "there twice"]),
        (
            with_factor("weights = { levels = [9], spread = { uniform = { share = 0.25 } } }\n"),
            &["m.toml, line 8, key uncertainty.factors.2.weights.levels: "],
        ),
        (
            with_factor("[uncertainty.factors.weights]\nlevels = [1]\nspread = { uniform = { share = 0.25 } }\ndraws = 99999999999\n"),
            &["m.toml, line 11, key uncertainty.factors.2.weights.draws: "],
        ),
        (
            with_factor("normalisation = { alternatives = [\n  \"rank\",\n  { z_score = { deviation = -1.0 } },\n] }\n"),
            &["m.toml, line 10, key uncertainty.factors.2.normalisation.alternatives.2.z_score.deviation: "],
        ),
        (
            with_factor("aggregation = { alternatives = [[\"arithmetic\"], [\"arithmetic\", \"geometric\", \"geometric\"]] }\n"),
            &["m.toml, line 8, key uncertainty.factors.2.aggregation.alternatives: ", "has 3 entries"],
        ),
        (
            with_factor("aggregation = { alternatives = [[\"arithmetic\"],\n [{ ratio = {} }]] }\n"),
            &["m.toml, line 9, key uncertainty.factors.2.aggregation.alternatives.2: ", "exactly two"],
        ),
        (
            with_factor("imputation = { alternatives = [\"none\", { group_mean = { group = \"Land\" } }] }\n"),
            &["m.toml, line 8, key uncertainty.factors.2.imputation.alternatives.2: ", "`Land`"],
        ),
    ] {
        let text = case.method(&method).refused(&[]);
        for part in parts {
            assert!(text.contains(part), "no \"{part}\" in: {text}");
        }
        // The file's own line ends and byte-order mark move nothing.
        assert_eq!(text.replace('\r', ""), case.method(&format!("\u{feff}{}", method.replace('\n', "\r\n"))).refused(&[]).replace('\r', ""));
    }
    std::fs::write(case.path("m.toml"), b"\n[weights] # \xe5\n").unwrap();
    let text = case.refused(&[]);
    assert!(text.contains("m.toml, line 2: is not UTF-8"), "{text}");
    let text = Case::usual().refused(&["--method", "nowhere.toml"]);
    assert!(text.contains("nowhere.toml"), "{text}");
}

#[test]
fn every_method_in_the_documentation_is_one() {
    use malmarknad::index::method::Method;
    let text = std::fs::read_to_string(crate::home().join("docs/index-method.md")).unwrap();
    let blocks: Vec<&str> = text.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 1);
    for file in ["asem-method.toml", "gdi-method.toml", "gii-method.toml"] {
        assert!(text.contains(file), "{file} is not told of");
        toml::from_str::<Method>(&std::fs::read_to_string(crate::home().join("docs").join(file)).unwrap()).unwrap();
    }
    let method: Method = toml::from_str(blocks[0]).unwrap();
    assert_eq!(method.uncertainty.as_ref().unwrap().factors.len(), 7);
    // What is written as the method in force reads back as the same.
    assert_eq!(toml::from_str::<Method>(&toml::to_string(&method).unwrap()).unwrap(), method);
}

#[test]
fn thin_data_get_a_stated_rule_and_never_a_panic() {
    // One unit: no scale can be made, so nothing is ranked, and the exit code says so.
    let case = Case::new("uCode,Region,Size,A,B,C\nSE,N,10,1,20,3\n", META);
    case.command(&[]).assert().code(3);
    assert_eq!(case.table("scores").text("Index"), [""]);
    // A fixed scale ranks it.
    case.method("[normalise]\nall = { scaled = { from = [0.0, 50.0] } }\n").command(&[]).assert().success();
    assert_eq!(case.table("scores").text("Rank"), ["1"]);
    // A constant indicator and one without a figure are left out, with a note each.
    let case = Case::new("uCode,Region,Size,A,B,C\nSE,N,10,1,20,NA\nNO,N,5,1,30,\nPL,S,1,1,7,NA\n", META);
    case.command(&[]).assert().success();
    let notes = case.table("notes");
    let of = |code: &str| notes.text("code").iter().zip(notes.text("note")).any(|(at, note)| *at == code && note.contains("left out"));
    assert!(of("A") && of("C"));
    assert_eq!(case.table("scores").numbers("Rank"), [1.0, 2.0, 3.0]);
    // All the weight on nothing.
    refused(DATA, META.replace(",Q,1,1,", ",Q,1,0,"), &["meta.csv, row 4, column Weight: the elements under `Q` weigh nothing"]);
}

#[test]
fn an_old_table_does_not_stand_beside_new_ones_and_no_input_is_written_over() {
    let case = Case::usual();
    case.method("impute = \"median\"\n[treat]\n").command(&[]).assert().success();
    assert!(case.path("out/treated.csv").exists());
    std::fs::write(case.path("out/mine.csv"), "uCode,x\n").unwrap();
    case.method("").command(&[]).assert().success();
    assert!(!case.path("out/treated.csv").exists() && !case.path("out/imputations.csv").exists() && case.path("out/mine.csv").exists());
    std::fs::copy(case.path("data.csv"), case.path("raw.csv")).unwrap();
    let mut command = crate::malmarknad();
    command.current_dir(case.folder.path()).args(["index", "--data", "raw.csv", "--meta", "meta.csv", "--out", "."]);
    let told = command.assert().code(1);
    assert!(String::from_utf8_lossy(&told.get_output().stderr).contains("would be written over"));
    assert_eq!(std::fs::read_to_string(case.path("raw.csv")).unwrap(), DATA);
}

#[test]
fn text_from_the_tables_is_inert_to_spreadsheets_and_terminals() {
    let data = DATA.replace("DE,Tyskland", "DE,=1+\u{1b}[31mTyskland");
    let case = Case::new(data, META);
    let told = case.command(&[]).assert().success();
    assert!(!told.get_output().stderr.contains(&0x1b));
    assert!(case.table("scores").text("uName").iter().any(|name| name.starts_with("'=1+")));
}

#[test]
fn the_help_says_what_is_done_without_a_method() {
    let told = crate::malmarknad().args(["index", "--help"]).assert().success();
    let text = String::from_utf8_lossy(&told.get_output().stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    for part in ["Without --method: indicators are divided by the denominators", "Examples: malmarknad index --data", "3 no unit could be ranked"] {
        assert!(text.contains(part), "no \"{part}\" in: {text}");
    }
}

#[test]
fn a_row_is_told_where_it_stands_in_the_file() {
    let spoilt = |data: &str, told: &str| refused(data, META, &[told]);
    let bad = DATA.replacen(",3,,5", ",3,many,5", 1);
    // Blank lines are rows to a spreadsheet and lines to an editor, at the top and between, whatever ends them.
    spoilt(&bad.replacen("NO,", "\n\nNO,", 1), "data.csv, row 6, column B: \"many\"");
    spoilt(&format!("\n\n\n{bad}"), "data.csv, row 7, column B: \"many\"");
    spoilt(&format!("\u{feff}\n{bad}"), "data.csv, row 5, column B: \"many\"");
    spoilt(&bad.replacen("NO,", "\n\nNO,", 1).replace('\n', "\r\n"), "data.csv, row 6, column B: \"many\"");
    spoilt(&bad.replacen("NO,", "\n\nNO,", 1).replace('\n', "\r"), "data.csv, row 6, column B: \"many\"");
    // A text over three lines is one row to a spreadsheet; so are a quoted cell's own blank lines.
    spoilt(&bad.replacen("Sverige", "\"Sve\n\nrige\"", 1), "data.csv, row 4 (line 6), column B: \"many\"");
    spoilt(&bad.replacen("Sverige", "\"Sve\r\nrige\"", 1).replacen("NO,", "\nNO,", 1), "data.csv, row 5 (line 6), column B: \"many\"");
    // Every kind of message counts so: the second of two codes and the first, a short row, a name in the header, bytes that are no text.
    spoilt(&DATA.replacen("NO,", "\nSE,", 1), "data.csv, row 4, column uCode: the code \"SE\" is already in row 2");
    spoilt(&DATA.replacen("NO,Norge", "\nNO", 1), "data.csv, row 4: 6 cells where the header has 7");
    spoilt(&format!("\n{}", DATA.replacen("A,B,C", "A,B,B", 1)), "data.csv, row 2, column B: the column is there twice");
    spoilt(&DATA.replacen("NO,Norge", "NO,\"Norge", 1), "data.csv, row 3: 2 cells where the header has 7\nhint: a quotation mark is not closed");
    refused([b"\n", DATA.as_bytes(), b"\n\xc5X,\xe5,S,1,1,1,1\n"].concat(), META, &["data.csv, row 8, column uCode", "UTF-8"]);
    // So do the readers of metadata, of what they say of normalisation, and of denominators.
    refused(DATA, META.replacen("B,Second", "\nA,Second", 1), &["meta.csv, row 4, column iCode", "already in row 2"]);
    refused(DATA, META.replacen("A,First,Indicator,1,P,1,1,,,x", "\nA,First,Indicator,1,P,1,1,,100,x", 1), &["meta.csv, row 3, column minmax_upper"]);
    let case = Case::new(DATA.replacen("NO,", "\nNO,", 1), META);
    std::fs::write(case.path("sizes.csv"), "uCode,Size\n\n\nSE,few\n").unwrap();
    let text = case.refused(&["--denominators", "sizes.csv"]);
    assert!(text.contains("sizes.csv, column uCode: there is no row for the unit \"NO\" of data.csv, row 4"), "{text}");
    std::fs::write(case.path("sizes.csv"), "uCode,Size\n\n\nSE,few\nNO,1\nPL,1\nDE,1\n").unwrap();
    let text = case.refused(&["--denominators", "sizes.csv"]);
    assert!(text.contains("sizes.csv, row 4, column Size: \"few\" is not a number"), "{text}");
}
