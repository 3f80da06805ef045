//! The pure parsers: the first byte says which. None may panic, and none may take more memory than its input warrants.
#![no_main]

use libfuzzer_sys::fuzz_target;
use malmarknad::format::{delimited, eurostat_tsv, job_ads, json_stat, outlines, parquet_rows, workbook, world_bank};

fuzz_target!(|input: &[u8]| {
    let Some((which, bytes)) = input.split_first() else { return };
    match which % 9 {
        0 => drop(json_stat::read(bytes, "x").map(|data| data.cells().count())),
        1 => drop(eurostat_tsv::read(bytes, "x")),
        2 => drop(delimited::read(bytes, "x")),
        3 => drop(workbook::read(bytes, "x", "Table 1")),
        4 => drop(world_bank::read(bytes, "x", "NY.GDP.PCAP.PP.CD")),
        5 => drop(job_ads::count_lines(bytes.chunks(37).map(|chunk| Ok(chunk.to_vec())), "x", 2025)),
        6 => drop(outlines::topojson(bytes, "x", "countries", "name")),
        7 => drop(outlines::geojson(bytes, "x", "name")),
        _ => drop(parquet_rows::read(bytes.to_vec(), "x")),
    }
});
