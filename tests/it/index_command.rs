//! `malmarknad index`: the published example through the command line, and a message for each kind of bad table.

use std::path::Path;

use crate::index_fixture::{Csv, reference};

const DATA: &str = "uCode,a,b\nX,1,4\nY,2,NA\nZ,3,6\n";
const META: &str = "Level,iCode,Direction,Weight,Parent,Type\n1,a,1,1,I,Indicator\n1,b,-1,1,I,Indicator\n2,I,1,1,,Aggregate\n";

/// Runs the command on small tables; gives the exit code, what was said and the files written.
fn index(data: &str, meta: &str, method: Option<&str>) -> (i32, String, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).unwrap();
        folder.path().join(name)
    };
    let out = folder.path().join("out");
    let mut command = crate::malmarknad();
    command.arg("index").arg("--data").arg(put("D.csv", data)).arg("--meta").arg(put("M.csv", meta)).arg("--out").arg(&out);
    if let Some(text) = method {
        command.arg("--method").arg(put("m.toml", text));
    }
    let output = command.output().unwrap();
    let files =
        std::fs::read_dir(&out).map_or_else(|_| Vec::new(), |list| list.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect());
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap(), files)
}

#[test]
fn small_tables_with_a_byte_order_mark_make_an_index() {
    let (code, told, files) = index(&format!("\u{feff}{DATA}"), META, None);
    assert_eq!((code, files.len()), (0, 15), "{told} {files:?}");
}

#[test]
fn a_method_with_factors_writes_how_sure_the_order_is() {
    let method = "[uncertainty]\nreplicates = 64\nrows = 16\nresamples = 10\n[[uncertainty.factors]]\nweights = { levels = [1], spread = { uniform = { share = 0.25 } } }\n";
    let (code, told, files) = index(DATA, META, Some(method));
    assert_eq!((code, files.len()), (0, 19), "{told} {files:?}");
}

#[test]
fn each_bad_table_is_told_with_its_place_and_nothing_is_written() {
    let cases = [
        (DATA.replace("X,1,", "X,\"1,5\","), META.into(), "D.csv, row 2, column a: \"1,5\" is not a number"),
        (DATA.replace("X,1,", "X,many,"), META.into(), "D.csv, row 2, column a: \"many\" is not a number"),
        (DATA.replace("Z,", "X,"), META.into(), "D.csv, row 4, column uCode: the code \"X\" is already in row 2"),
        (DATA.replace("uCode", "code"), META.into(), "D.csv: there is no column uCode"),
        (String::new(), META.into(), "D.csv: is empty"),
        (DATA.into(), String::new(), "M.csv: is empty"),
        (DATA.into(), META.replace("1,a,1,1,I", "1,a,1,1,J"), "M.csv, row 2, column Parent: \"J\" is not an aggregate"),
        (DATA.into(), META.replace("1,a,1,1,", "1,a,1,-1,"), "M.csv, row 2, column Weight: the weight is -1"),
        (DATA.into(), META.replace(",Weight", ",Wt"), "M.csv: there is no column Weight"),
        (DATA.into(), format!("{META}1,c,1,1,I,Indicator\n"), "M.csv, row 5, column iCode: \"c\" has no column in"),
        (DATA.into(), META.replace("1,b,-1,1,I,Indicator\n", ""), "D.csv, row 1, column b: \"b\" has no row in"),
    ];
    for (data, meta, wanted) in cases {
        let (code, told, files) = index(&data, &meta, None);
        assert!(code == 1 && told.contains(wanted) && told.contains("hint: ") && files.is_empty(), "{wanted}: {code} {told} {files:?}");
    }
    let (code, told, files) = index(DATA, META, Some("[normalise]\nal = 3\n"));
    assert!(code == 1 && told.contains("line 2") && told.contains("`al`") && files.is_empty(), "{told}");
}

/// Largest relative difference of two tables by uCode, over the columns of the first; `slack` is the published figures' own rounding.
fn same(have: &Path, want: &Path, slack: f64, but: &[(&str, &str)]) {
    let (have, want) = (Csv::read(have), Csv::read(want));
    let (rows, published) = (have.keyed("uCode"), want.keyed("uCode"));
    assert!(rows.keys().eq(published.keys()));
    for code in have.header.iter().skip(1) {
        let (is, should) = (have.numbers(code), want.numbers(code));
        for (unit, row) in &rows {
            let (is, should) = (is[*row], should[published[unit]]);
            let near = (is - should).abs() <= 1e-9 * should.abs() + slack || (is.is_nan() && should.is_nan());
            assert!(near || but.contains(&(unit.as_str(), code.as_str())), "{unit} {code}: {is} is not {should}");
        }
    }
}

#[test]
fn the_asem_example_through_the_command_line_is_coinrs() {
    let Some(folder) = reference() else { return };
    let asem = folder.join("asem");
    let out = tempfile::tempdir().unwrap();
    let mut command = crate::malmarknad();
    command.arg("index").arg("--data").arg(asem.join("asem_idata.csv")).arg("--meta").arg(asem.join("asem_imeta.csv"));
    command.arg("--method").arg(crate::home().join("docs/asem-method.toml")).arg("--out").arg(out.path()).assert().success();
    for stage in ["raw", "denominated", "imputed", "screened", "treated", "normalised", "aggregated"] {
        same(&out.path().join(format!("{stage}.csv")), &asem.join(format!("expected_{stage}.csv")), 0.0, &[]);
    }
    // Published with 12 decimals.
    same(&out.path().join("scores.csv"), &asem.join("expected_results_scores_full.csv"), 1e-12, &[]);
    // A tie of one indicator that the published data, printed with 15 digits, don't break as COINr's own doubles did.
    same(&out.path().join("ranks.csv"), &asem.join("expected_results_ranks_full.csv"), 0.0, &[("GRC", "TolMin")]);
}
