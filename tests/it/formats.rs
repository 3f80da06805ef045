//! Parsers of the publishers' formats: right on small files of our own, and never a panic on anything.

use malmarknad::format::{delimited, eurostat, eurostat_tsv, json_stat, parquet_rows, workbook, world_bank};
use malmarknad::table::{Column, Table};
use malmarknad::tidy::migration;
use proptest::prelude::*;

#[test]
fn a_eurostat_cell_can_carry_a_flag_and_no_value() {
    let text = "freq,sex,geo\\TIME_PERIOD\t2022 \t2023 \nA,F,SE\t470.7 b\t: u\nA,M,SE\t: \t0 \n";
    let table = eurostat_tsv::read(text.as_bytes(), "test").unwrap();
    let cells: Vec<_> = table.observations.iter().map(|cell| (cell.series, cell.period, cell.value, cell.flag.as_str())).collect();
    assert_eq!(cells, vec![(0, 2022, Some(470.7), "b"), (0, 2023, None, "u"), (1, 2023, Some(0.0), "")], "zero is zero, and missing is missing");
}

#[test]
fn json_stat_reads_a_sparse_map_whose_keys_have_no_order() {
    let text = r#"{"id":["a","b"],"size":[2,2],"dimension":{"a":{"category":{"index":{"y":1,"x":0}}},"b":{"category":{"index":["1","2"]}}},"value":{"3":4,"0":1}}"#;
    let data = json_stat::read(text.as_bytes(), "test").unwrap();
    assert_eq!(data.codes[0], ["x", "y"]);
    assert_eq!(data.values, [Some(1.0), None, None, Some(4.0)]);
}

#[test]
fn a_value_of_json_stat_that_is_no_number_is_an_error_and_a_remark_on_all_is_on_each_value() {
    let text = |value: &str, status: &str| {
        format!(r#"{{"id":["a"],"size":[3],"dimension":{{"a":{{"category":{{"index":["x","y","z"]}}}}}},"value":{value},"status":{status}}}"#)
    };
    let flags = |value: &str, status: &str| {
        let data = json_stat::read(text(value, status).as_bytes(), "test").map_err(|error| error.to_string())?;
        Ok(data.flags.into_iter().map(|(cell, flag)| format!("{cell} {flag}")).collect::<Vec<_>>())
    };
    let wrong = |value: &str, status: &str| -> String { flags(value, status).unwrap_err() };
    // Quoted numbers would read as missing.
    for value in [r#"[1,"2",3]"#, r#"{"1":"2"}"#, "[1,true,3]"] {
        assert!(wrong(value, "null").contains("neither a number nor null"), "{value}");
    }
    assert_eq!(flags("[1,null,3]", r#""e""#), Ok(vec!["0 e".to_owned(), "2 e".to_owned()]));
    assert_eq!(flags("[1,null,3]", r#"{"1":"u","2":"b"}"#), Ok(vec!["1 u".to_owned(), "2 b".to_owned()]));
    assert_eq!(flags("[1,null,3]", r#"["",null,"b"]"#), Ok(vec!["2 b".to_owned()]));
    for status in [r#"{"3":"u"}"#, r#"["u"]"#, r#"{"1":7}"#, "7"] {
        assert!(wrong("[1,2,3]", status).contains("status"), "{status}");
    }
}

#[test]
fn a_publishers_error_page_is_no_figure() {
    let page = b"<!DOCTYPE html><html><body>Service unavailable</body></html>";
    assert!(json_stat::read(page, "test").is_err());
    assert!(eurostat_tsv::read(page, "test").is_err());
    assert!(world_bank::read(page, "test", "NY.GDP.PCAP.PP.CD").is_err());
    assert!(workbook::read(page, "test", "Sheet1").is_err());
    assert!(parquet_rows::read(page.to_vec(), "test").is_err());
}

/// A workbook of two cells, A1 and one with another address than Excel would give it.
fn workbook_with_cell(address: &str) -> Vec<u8> {
    use std::io::{Read as _, Write as _};
    let mut made = rust_xlsxwriter::Workbook::new();
    let sheet = made.add_worksheet().set_name("Sheet1").unwrap();
    sheet.write_string(0, 0, "first").unwrap().write_number(1, 1, 7.0).unwrap();
    let mut from = zip::ZipArchive::new(std::io::Cursor::new(made.save_to_buffer().unwrap())).unwrap();
    let mut to = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for part in 0..from.len() {
        let mut part = from.by_index(part).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        to.start_file(part.name().unwrap().to_string(), zip::write::SimpleFileOptions::default()).unwrap();
        to.write_all(text.replace("r=\"B2\"", &format!("r=\"{address}\"")).as_bytes()).unwrap();
    }
    to.finish().unwrap().into_inner()
}

#[test]
fn two_cells_that_lie_billions_apart_or_nowhere_are_refused_and_take_no_memory() {
    let read = |address: &str| workbook::read(&workbook_with_cell(address), "test", "Sheet1").map_err(|error| error.to_string());
    let sheet = read("C4").unwrap();
    assert_eq!((sheet.rows.len(), sheet.cell(0, 0), sheet.cell(3, 2), sheet.cell(1, 1)), (4, "first", "7", ""));
    assert!(sheet.rows.iter().all(|row| row.len() == 3));
    for (address, words) in [
        // The last cell that Excel has: the rectangle to it has 17 thousand million.
        ("XFD1048576", "larger than 20 million cells"),
        ("B1048577", "outside a sheet"),
        ("XFE1", "outside a sheet"),
        // Beyond what the library counts with.
        ("ZZZZZZZZZZZ1", "cannot be counted"),
        ("B99999999999", "cannot be counted"),
        ("B0", "Excel workbook"),
        ("É1", "Excel workbook"),
    ] {
        let reason = read(address).unwrap_err();
        assert!(reason.contains(words), "{address}: {reason}");
    }
    // A panic elsewhere is still told and not contained.
    assert!(std::panic::catch_unwind(|| panic!("told")).is_err());
}

#[test]
fn a_parquet_file_with_any_bit_turned_is_read_or_refused() {
    let columns = vec![Column::text("code", "", [Some("PL"), Some("DE")]), Column::number("value", "", [Some(1.5), None])];
    let good = Table { name: "x", title: "", columns }.parquet().unwrap();
    assert!(parquet_rows::read(good.clone(), "test").is_ok());
    let mut refused = 0;
    for (place, bit) in (0..good.len()).flat_map(|place| (0..8).map(move |bit| (place, bit))) {
        let mut bytes = good.clone();
        bytes[place] ^= 1 << bit;
        refused += usize::from(parquet_rows::read(bytes, "test").is_err());
    }
    assert!(refused > good.len(), "{refused} of {} bits", 8 * good.len());
}

#[test]
fn a_table_reads_back_from_parquet_and_csv_as_it_was() {
    let table = Table {
        name: "test",
        title: "test",
        columns: vec![
            Column::text("code", "", [Some("0110"), None, Some("=cmd|' /C calc'!A0")]),
            Column::number("figure", "", [Some(0.1 + 0.2), None, Some(0.0)]),
            Column::whole("count", "", [Some(0), None, Some(-3)]),
        ],
    };
    let from_parquet = parquet_rows::read(table.parquet().unwrap(), "test").unwrap();
    let from_csv = delimited::read(&table.csv().unwrap(), "test").unwrap();
    assert_eq!(from_parquet, from_csv);
    assert_eq!(from_csv.text(0, 0), "0110");
    assert_eq!(from_csv.number(0, 1).unwrap(), Some(0.1 + 0.2), "the same bits");
    assert_eq!((from_csv.number(1, 1).unwrap(), from_csv.number(2, 1).unwrap()), (None, Some(0.0)));
    assert!(from_csv.text(2, 0).starts_with('\''), "a spreadsheet must not take it for a formula");
    assert_eq!(table.parquet().unwrap(), table.parquet().unwrap());
}

#[test]
fn a_number_that_is_not_finite_never_reaches_a_table() {
    let table = Table { name: "test", title: "test", columns: vec![Column::number("figure", "", [Some(f64::NAN)])] };
    assert!(table.csv().is_err() && table.parquet().is_err());
}

#[test]
fn each_layout_of_migrationsverkets_workbooks_is_read() {
    let Some(folder) = crate::shared("MALMARKNAD_RECORDED", "../shared/recorded") else { return };
    let folder = folder.join("se/migrationsverket");
    let sheet = |file: &str, sheet: &str| workbook::read(&std::fs::read(folder.join(file)).unwrap(), file, sheet).unwrap();
    // 2015: a blank before the header's first word, blank rows between blocks, no word TOTALT; 2017: Excel 97; 2020: Excel 2007.
    for (year, ending, cells, total) in [(2015, "xls", 1519, 13_313), (2017, "xls", 1783, 15_552), (2020, "xlsx", 1841, 15_231)] {
        let file = format!("beviljade_arbetstillstand_{year}.{ending}");
        let counts = migration::by_group(&sheet(&file, "Medborgarskap per yrkesgrupp"), year).unwrap();
        assert_eq!((counts.len(), counts.iter().map(|count| count.permits).sum::<i64>()), (cells, total), "{year}");
        let citizenships = migration::by_citizenship(&sheet(&file, "Yrkesgrupp, Medborgarskap")).unwrap();
        assert_eq!(citizenships.values().sum::<i64>(), total, "{year}");
    }
    let counts = migration::by_month(&sheet("beviljade_arbetstillstand_2022.xlsx", "Medborgarskap, förstagångs"), 2022).unwrap();
    assert_eq!(counts.iter().map(|count| count.permits).sum::<i64>(), 24_117);
    assert!(counts.iter().any(|count| count.citizenship == "BOSNIEN OCH HERCEGOVINA" && count.permits == 253), "a line break in a label is a blank");
    let another = migration::by_group(&sheet("beviljade_arbetstillstand_2020.xlsx", "Medborgarskap per yrkesgrupp"), 2019).unwrap_err();
    assert!(another.to_string().contains("Beviljade arbetstillstånd 2019"), "{another}");
}

proptest! {
    #[test]
    fn no_sheet_makes_migrationsverkets_parsers_panic(
        rows in proptest::collection::vec(
            proptest::collection::vec(
                prop_oneof![
                    Just(String::new()), Just("Yrkesgrupp".into()), Just("Medborgarskap".into()), Just("Antal".into()), Just("Summa:".into()),
                    Just("TOTALT".into()), Just("Totalt".into()), Just("INDIEN".into()), Just("2022-01".into()), Just("1".into()), Just("-1e300".into()),
                    Just("Beviljade arbetstillstånd 2022".into()),
                ],
                0..8,
            ),
            0..20,
        ),
    ) {
        let sheet = workbook::Sheet { file: "test".to_owned(), rows };
        let _ = migration::by_group(&sheet, 2022);
        let _ = migration::by_citizenship(&sheet);
        let _ = migration::by_month(&sheet, 2022);
    }

    #[test]
    fn no_bytes_make_a_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = json_stat::read(&bytes, "test");
        let _ = eurostat::read(&bytes, "test");
        let _ = eurostat_tsv::read(&bytes, "test");
        let _ = world_bank::read(&bytes, "test", "X");
        let _ = delimited::read(&bytes, "test");
        let _ = workbook::read(&bytes, "test", "Sheet1");
        let _ = parquet_rows::read(bytes, "test");
    }

    #[test]
    fn no_text_makes_the_eurostat_parser_panic(text in "(freq,geo\\\\TIME_PERIOD\t2022 \n)?[A-Z,\t\n :0-9.bu-]{0,200}") {
        let _ = eurostat_tsv::read(text.as_bytes(), "test");
    }
}
