//! Hostile input to `malmarknad index`: each is an error that names its place and says what to do, or comes under a rule that the documentation states. Never a panic,
//! never a table with a number that is none.

use std::path::PathBuf;

use tempfile::TempDir;

use crate::index_fixture::Csv;

const DATA: &str = "uCode,uName,Region,Size,A,B,C\nSE,Sverige,N,10,1,20,3\nNO,Norge,N,5,2,10,NA\nPL,Polen,S,38,3,,5\nDE,Tyskland,S,83,4,40,9\n";
const META: &str = "iCode,iName,Type,Level,Parent,Direction,Weight,Denominator,Target\n\
A,First,Indicator,1,P,1,1,,9\n\
B,Second,Indicator,1,P,-1,2,Size,1\n\
C,Third,Indicator,1,Q,1,1,,20\n\
P,Pillar,Aggregate,2,Index,1,1,,\n\
Q,Other pillar,Aggregate,2,Index,1,1,,\n\
Index,Index,Aggregate,3,,1,1,,\n\
Region,,Group,,,,,,\n\
Size,,Denominator,,,,,,\n";
/// A method that goes through every part of the engine.
const EVERYTHING: &str = "order = [\"denominate\", \"screen\", \"impute\", \"treat\"]\n[denominate]\n[screen]\nby = \"both\"\navailability = 0.1\n[impute]\ngroup_median = { group = \"Region\" }\n\
[treat]\n[weights]\nsource = { optimised = {} }\n[aggregate]\nlevels = [\"copeland\", { ampi = {} }]\n[uncertainty]\nreplicates = 16\nrows = 4\nresamples = 3\n\
[[uncertainty.factors]]\nweights = { levels = [1, 2], spread = { dirichlet = { concentration = 1.0 } }, draws = 8 }\n\
[[uncertainty.factors]]\nnormalisation = { alternatives = [\"rank\", \"percentile_rank\", { z_score = {} }] }\n\
[[uncertainty.factors]]\ndata_error = { variation = 0.5, draws = 2 }\n[[uncertainty.factors]]\nleave_out = { level = 1 }\n";

struct Told {
    code: i32,
    text: String,
    folder: TempDir,
}

impl Told {
    fn table(&self, name: &str) -> Csv {
        Csv::read(&self.folder.path().join(format!("out/{name}.csv")))
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }
}

/// Runs the command, and holds what is true of every run: an error has a hint and leaves nothing, and no table has a number that is none.
fn index(data: impl AsRef<[u8]>, meta: impl AsRef<[u8]>, method: Option<&[u8]>) -> Told {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("data.csv"), data).unwrap();
    std::fs::write(folder.path().join("meta.csv"), meta).unwrap();
    let mut command = crate::malmarknad();
    command.current_dir(folder.path()).args(["index", "--data", "data.csv", "--meta", "meta.csv", "--out", "out"]);
    if let Some(text) = method {
        std::fs::write(folder.path().join("m.toml"), text).unwrap();
        command.args(["--method", "m.toml"]);
    }
    let output = command.timeout(std::time::Duration::from_mins(1)).output().unwrap();
    let told = Told { code: output.status.code().unwrap_or(-1), text: String::from_utf8_lossy(&output.stderr).into_owned(), folder };
    assert!([0, 1, 3].contains(&told.code) && !told.text.contains("panicked"), "{} {}", told.code, told.text);
    assert!(!told.text.contains(|character: char| character.is_control() && character != '\n'), "{:?}", told.text);
    assert!(told.text.len() < 4_000, "{}", told.text);
    if told.code == 1 {
        assert!(told.text.starts_with("error: ") && told.text.contains("\nhint: ") && !told.out().exists(), "{}", told.text);
        return told;
    }
    for entry in std::fs::read_dir(told.out()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            for cell in Csv::read(&path).rows.iter().flatten() {
                assert!(!cell.parse::<f64>().is_ok_and(|value| !value.is_finite()), "{cell} in {}", path.display());
            }
        }
    }
    told
}

/// The input is refused with all of `parts` in the message.
fn refused(data: impl AsRef<[u8]>, meta: impl AsRef<[u8]>, method: Option<&str>, parts: &[&str]) {
    let told = index(data, meta, method.map(str::as_bytes));
    assert_eq!(told.code, 1, "{}", told.text);
    for part in parts {
        assert!(told.text.contains(part), "no \"{part}\" in: {}", told.text);
    }
}

fn data(from: &str, to: &str) -> String {
    let text = DATA.replacen(from, to, 1);
    assert_ne!(text, DATA, "{from}");
    text
}

fn meta(from: &str, to: &str) -> String {
    let text = META.replacen(from, to, 1);
    assert_ne!(text, META, "{from}");
    text
}

#[test]
fn what_is_no_number_is_refused_where_it_stands() {
    for text in [
        "NaN", "nan", "Inf", "-inf", "Infinity", "1e308", "1e151", "-1e999", "0x10", "1_000", "1 000", "٣", "1,5", "--", "1e", ".", "n/a", "null",
        "#N/A", "TRUE", "1.2.3", "−3", "12%", "€5", "=1+1",
    ] {
        refused(data(",3,,5", &format!(",3,\"{text}\",5")), META, None, &["data.csv, row 4, column B: ", text]);
        refused(
            DATA,
            meta("A,First,Indicator,1,P,1,1,", &format!("A,First,Indicator,1,P,1,\"{text}\",")),
            None,
            &["meta.csv, row 2, column Weight: "],
        );
        refused(DATA, meta(",9\n", &format!(",\"{text}\"\n")), None, &["meta.csv, row 2, column Target: "]);
    }
    let long = "x".repeat(500);
    refused(data(",3,,5", &format!(",3,{long},5")), META, None, &["row 4, column B", "…\" is not a number"]);
    refused(data("SE,", &format!("{long},")), META, None, &["row 2, column uCode", "is too long"]);
    refused(
        data("A,B,C", &format!("A,B,{long}")),
        meta("C,Third", &format!("{long},Third")),
        None,
        &["meta.csv, row 4, column iCode", "is too long"],
    );
    // A long name is only long.
    assert_eq!(index(data("Sverige", &long), meta("First", &long), None).code, 0);
}

#[test]
fn what_is_no_table_is_refused_for_what_it_is() {
    let semicolons = ["\u{feff}", &DATA.replace(',', ";")].concat();
    refused("", META, None, &["data.csv: is empty"]);
    refused(DATA, "\u{feff}", None, &["meta.csv: is empty"]);
    refused("\n\r\n\n", META, None, &["data.csv: is empty"]);
    refused(",,,\n", META, None, &["data.csv: is empty"]);
    refused(semicolons, META, None, &["data.csv, row 1: the cells are not separated by commas"]);
    refused(DATA, META.replace(',', "\t"), None, &["meta.csv, row 1: the cells are not separated by commas"]);
    refused(DATA.replace(',', "|"), META, None, &["data.csv: there is no column uCode"]);
    refused("<html><body>404, not found</body></html>\n", META, None, &["data.csv"]);
    refused(data("Sverige", "Sver\0ige"), META, None, &["data.csv, row 2, column uName: the cell holds a NUL byte"]);
    refused(DATA, meta("First", "F\0"), None, &["meta.csv, row 2, column iName: the cell holds a NUL byte"]);
    refused(
        DATA.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
        META,
        None,
        &["data.csv, row 1, column 1: the cell holds a NUL byte", "UTF-16"],
    );
    refused(
        [b"PK\x03\x04\x14\0".as_slice(), &[0, 255, 10, 13, 44, 34].repeat(50)].concat(),
        META,
        None,
        &["data.csv, row 1, column 1: ", "no CSV file"],
    );
    refused([b"\xff\xfe".as_slice(), DATA.as_bytes()].concat(), META, None, &["data.csv: is in UTF-16"]);
    let latin = |text: &str| text.chars().map(|character| character as u8).collect::<Vec<u8>>();
    refused(latin(&data("Sverige", "Värld")), META, None, &["data.csv, row 2, column uName: \"V\u{fffd}rld\" is not UTF-8"]);
    refused(latin(&data("uName", "uNäme")), META, None, &["data.csv, row 1, column 2: ", "UTF-8"]);
    refused(DATA, latin(&meta("Second", "Två\u{e5}")), None, &["meta.csv, row 3, column iName: ", "UTF-8"]);
    refused(data("Sverige", "\"Sverige"), META, None, &["data.csv, row 2: 2 cells", "a quotation mark is not closed"]);
    refused(data("A,B,C", "A,B"), META, None, &["data.csv, row 2: 7 cells where the header has 6"]);
    for (text, part) in [
        (b"\xff\xfe[".as_slice(), "m.toml, line 1: is not UTF-8"),
        (b"\n\n[weights] # \xe5\n", "m.toml, line 3: is not UTF-8"),
        (b"\n\0", "m.toml, line 2: "),
        (b"[normalise", "m.toml, line 1: "),
        (b"\n# \x1b[31m\n", "m.toml, line 2: "),
        (b"normalise = [1]\n", "m.toml, line 1: "),
        (b"[uncertainty]\nseed = -1\n", "m.toml, line 2: "),
        (b"[uncertainty]\ntops = [99999999999999999999]\n", "m.toml, line 2: "),
        (&[b"x = ".as_slice(), &b"[".repeat(5000), b"\n"].concat(), "m.toml, line 1: "),
    ] {
        let told = index(DATA, META, Some(text));
        assert!(told.code == 1 && told.text.contains(part), "{part}: {}", told.text);
    }
}

#[test]
fn codes_and_parents_that_make_no_tree_are_refused_where_they_stand() {
    refused(data("NO,", " SE ,"), META, None, &["data.csv, row 3, column uCode", "already in row 2"]);
    refused(data("A,B,C", "A,A,C"), META, None, &["data.csv, row 1, column A: the column is there twice"]);
    refused(DATA, meta("B,Second", "A,Second"), None, &["meta.csv, row 3, column iCode", "already in row 2"]);
    refused(DATA, meta("Aggregate,3,,", "Aggregate,3,Q,"), None, &["meta.csv, row 7, column Parent", "in a circle: \"Index\" → \"Q\" → \"Index\""]);
    refused(DATA, meta("Aggregate,2,Index", "Aggregate,2,P"), None, &["meta.csv, row 5, column Parent", "in a circle: \"P\" → \"P\""]);
    refused(DATA, meta("Second,Indicator,1,P", "Second,Indicator,1,A"), None, &["meta.csv, row 3, column Parent: \"A\" is not an aggregate"]);
    refused(
        DATA,
        meta("Second,Indicator,1,P", "Second,Indicator,1,Region"),
        None,
        &["meta.csv, row 3, column Parent: \"Region\" is not an aggregate"],
    );
    for level in ["1e9", "2.5", "-1", "0", "NA"] {
        refused(DATA, meta("Pillar,Aggregate,2", &format!("Pillar,Aggregate,{level}")), None, &["meta.csv, row 5, column Level: "]);
    }
    refused(
        DATA,
        meta("C,Third,Indicator,1,Q,1,1", "C,Third,Indicator,1,Q,1,0"),
        None,
        &["meta.csv, row 4, column Weight: the elements under `Q` weigh nothing"],
    );
    refused(&DATA[..=DATA.find('\n').unwrap()], META, None, &["data.csv: there is a header but no rows"]);
    // No weight at all is no fault where the method sets its own.
    let weightless = META.replace("P,1,1", "P,1,0").replace("P,-1,2", "P,-1,0").replace("Q,1,1", "Q,1,0").replace("Index,1,1", "Index,1,0");
    refused(DATA, &weightless, None, &["column Weight: ", "weigh nothing"]);
    assert_eq!(index(DATA, &weightless, Some(b"[weights]\nsource = \"equal\"\n")).code, 0);
}

#[test]
fn a_mean_or_a_logarithm_of_what_is_not_positive_is_refused_or_told() {
    let figures = "uCode,Region,Size,A,B,C\nS,N,1,-3,1,1\nT,N,2,-1,5,2\nU,N,3,0,7,3\nV,N,4,9,7,-30\n";
    for (way, name) in [
        ("\"geometric\"", "geometric"),
        ("\"harmonic\"", "harmonic"),
        ("{ power = { exponent = -1 } }", "power"),
        ("{ power = { exponent = 0.5 } }", "power"),
    ] {
        let method = format!("[normalise]\nall = \"none\"\n[aggregate]\nlevels = [{way}]\n");
        refused(figures, META, Some(&method), &["m.toml, line 4, key aggregate.levels: `A` of unit `S` is -3", name, "`P`", "[1, 100]"]);
    }
    refused(figures, META, Some("[aggregate]\nof.Q = \"geometric\"\n"), &["m.toml, line 2, key aggregate.of.Q: `C` of unit `V` is 0", "geometric"]);
    refused(
        figures,
        META,
        Some("[normalise]\nall = { reciprocal = {} }\n"),
        &["m.toml, line 2, key normalise.all: `A` of unit `S` is -3", "clip = [low, high]"],
    );
    // The logarithms of COINr shift the figures first; one that doesn't is not taken, and a note says so.
    for step in ["\"log_ct\"", "\"log_ct_plus\"", "\"log_ct_orig\"", "\"log_gii\"", "{ box_cox = { lambda = -3.0 } }"] {
        assert_eq!(index(figures, META, Some(format!("[treat.rule]\nfirst = {step}\nalways = true\n").as_bytes())).code, 0, "{step}");
    }
    let told = index(figures, META, Some(b"[treat.indicators.A]\nfirst = { box_cox = { lambda = 0.0, make_positive = false } }\nalways = true\n"));
    let notes = told.table("notes");
    assert!(notes.text("code").iter().zip(notes.text("note")).any(|(code, note)| *code == "A" && note.contains("left as it was")), "{}", told.text);
    // A Mazziotta-Pareto score of a mean that is not above 0 is missing, not bad.
    let told = index(figures, META, Some(b"[normalise]\nall = \"none\"\n[aggregate]\nlevels = [{ ampi = {} }]\n"));
    assert!(told.code == 0 && told.table("scores").text("Rank").contains(&""), "{}", told.text);
    // A denominator of 0 takes the figure away and a negative one turns it: both are told.
    let told = index(figures.replace("S,N,1,", "S,N,0,").replace("T,N,2,", "T,N,-2,"), META, None);
    let notes = told.table("notes");
    for part in ["the denominator Size of 1 units with a figure is missing or 0", "the denominator Size of 1 units with a figure is negative"] {
        assert!(notes.text("note").iter().any(|note| note.contains(part)), "no \"{part}\" in {:?}", notes.rows);
    }
}

#[test]
fn a_scale_that_the_metadata_state_is_refused_in_their_row() {
    let scaled = META.replacen(",Target\n", ",Target,minmax_lower\n", 1).replacen(",,9\n", ",,9,-1e120\n", 1).replace(",1,1,,\n", ",1,1,,,\n");
    let scaled = scaled.replace("Size,1\n", "Size,1,\n").replace(",,20\n", ",,20,\n").replace(",,,,,,\n", ",,,,,,,\n");
    for method in [None, Some("impute = \"mean\"\n"), Some("[normalise.indicators]\nB = \"rank\"\n")] {
        refused(DATA, &scaled, method, &["meta.csv, row 2: `normalise.indicators.A.min_max.range` is -1e120"]);
    }
}

#[test]
fn sizes_at_the_edge_stay_numbers_or_are_refused() {
    let edges = "uCode,Region,Size,A,B,C\nS,N,1,1e150,-1e150,1\nT,N,1,-1e150,1e150,2\nU,N,1,0,0,3\nV,N,1,5,0,9\nW,N,1,5e-324,1e-320,9\n";
    for method in [
        "[treat]\n[normalise]\nall = { z_score = {} }\n",
        "[treat]\n[normalise]\nall = { z_score = { mean = 1e100, deviation = 1e100 } }\n",
        "[normalise]\nall = { min_max = { range = [1.0, 1e100] } }\n[aggregate]\nlevels = [{ power = { exponent = 1000 } }]\n",
        "[normalise]\nall = { min_max = { range = [1e-100, 1.0] } }\n[aggregate]\nlevels = [{ power = { exponent = -1000 } }]\n",
        "[normalise]\nall = \"none\"\n",
        "[weights]\nset = { A = 1e150, B = 1e-150 }\n[aggregate]\nlevels = [\"copeland\"]\n",
        EVERYTHING,
    ] {
        index(edges, META, Some(method.as_bytes()));
    }
    let tiny = edges.replace("S,N,1,", "S,N,1e-150,");
    refused(tiny, META, None, &["data.csv, row 2: unit `S`, indicator `B over Size`: -", "1e150"]);
}

#[test]
fn thin_tables_go_through_every_part_by_a_stated_rule() {
    let header = "uCode,Region,Size,A,B,C\n";
    for (rows, ranked) in [
        ("S,N,1,1,2,3\n", false),
        ("S,N,1,1,2,3\nT,N,2,2,2,2\n", true),
        ("S,N,1,,1,1\nT,N,2,NA,5,2\nU,N,3,,7,3\n", true),
        ("S,N,1,,,\nT,N,2,NA,,\nU,N,3,,,NA\n", false),
        ("S,N,1,1,1,1\nT,N,2,1,8,1\nU,N,3,1,3,1\n", true),
        ("S,,1,1,1,1\nT,,2,1,,1\nU,,3,,3,2\n", true),
        ("S,N,,1,2,3\nT,N,,2,3,4\nU,N,,3,4,5\n", true),
    ] {
        let table = format!("{header}{rows}");
        for method in [None, Some("[impute]\ngroup_mean = { group = \"Region\" }\n[treat]\n[weights]\nsource = \"pca\"\n"), Some(EVERYTHING)] {
            let told = index(&table, META, method.map(str::as_bytes));
            // What can't be computed is refused; what can be is ranked as far as it goes.
            let expected: &[i32] = match (method, ranked) {
                (None, true) => &[0],
                (None, false) => &[3],
                _ => &[0, 1, 3],
            };
            assert!(expected.contains(&told.code), "{rows} {method:?}: {} {}", told.code, told.text);
        }
    }
}

#[test]
fn no_small_damage_makes_it_panic() {
    // A linear congruential generator: the same damages on every run.
    let mut state = 0x5eed_u64;
    let mut next = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let scraps = ["", ",", "\n", "\"", "-", "0", "9e149", "NA", ";", "\0", "\u{feff}", "=", "Index", "inf", "[", "}", "\r", "é"];
    let (mut refusals, mut runs) = (0, 0);
    for _ in 0..160 {
        let mut texts = [DATA.as_bytes().to_vec(), META.as_bytes().to_vec(), EVERYTHING.as_bytes().to_vec()];
        for _ in 0..=next(2) {
            let text = &mut texts[next(3)];
            let at = next(text.len());
            let end = (at + next(4)).min(text.len());
            text.splice(at..end, scraps[next(scraps.len())].bytes());
        }
        let told = index(&texts[0], &texts[1], Some(&texts[2]));
        if told.code == 1 { refusals += 1 } else { runs += 1 }
    }
    assert!(refusals > 20 && runs > 10, "{refusals} refused, {runs} run");
}
