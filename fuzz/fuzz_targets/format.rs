//! The pure parsers, one at a time: MALMARKNAD_PARSER names it, and without it the first byte of the input chooses. None may panic, and none may take more
//! memory than its input warrants.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use malmarknad::format::{delimited, eurostat, eurostat_tsv, job_ads, json_stat, outlines, parquet_rows, workbook, world_bank};

const PARSERS: [(&str, fn(&[u8])); 10] = [
    ("json_stat", |bytes| drop(json_stat::read(bytes, "x").map(|data| data.cells().count()))),
    ("eurostat_tsv", |bytes| drop(eurostat_tsv::read(bytes, "x"))),
    ("delimited", |bytes| drop(delimited::read(bytes, "x"))),
    ("workbook", |bytes| drop(workbook::read(bytes, "x", "Table 1"))),
    ("world_bank", |bytes| drop(world_bank::read(bytes, "x", "NY.GDP.PCAP.PP.CD"))),
    ("job_ads", |bytes| drop(job_ads::count_lines(bytes.chunks(37).map(|chunk| Ok(chunk.to_vec())), "x", 2025))),
    ("topojson", |bytes| drop(outlines::topojson(bytes, "x", "countries", "name"))),
    ("geojson", |bytes| drop(outlines::geojson(bytes, "x", "name"))),
    ("parquet_rows", |bytes| drop(parquet_rows::read(bytes.to_vec(), "x"))),
    ("eurostat", |bytes| drop(eurostat::read(bytes, "x"))),
];

static CHOSEN: LazyLock<Option<fn(&[u8])>> = LazyLock::new(|| {
    let name = std::env::var("MALMARKNAD_PARSER").ok()?;
    let found = PARSERS.iter().find(|(parser, _)| *parser == name);
    Some(found.unwrap_or_else(|| panic!("there is no parser {name}")).1)
});

fuzz_target!(|input: &[u8]| {
    let Some((which, bytes)) = input.split_first() else { return };
    CHOSEN.unwrap_or(PARSERS[usize::from(*which) % PARSERS.len()].1)(bytes);
});
