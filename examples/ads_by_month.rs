//! Counts a year of job ads by occupation group, county and month: `cargo run --example ads_by_month -- 2025.jsonl.zip 2025`. What `benches/ads.sh` times.

use std::io::Write as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), Some(year)) = (arguments.next(), arguments.next()) else {
        return Err("give the file and the year\nhint: cargo run --example ads_by_month -- 2025.jsonl.zip 2025".into());
    };
    let counts = malmarknad::format::job_ads::count(std::path::Path::new(&file), year.parse()?)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    writeln!(out, "group,county,month,ads")?;
    for (group, county, month, ads) in counts.by_month() {
        writeln!(out, "{group},{county},{month},{ads}")?;
    }
    Ok(())
}
