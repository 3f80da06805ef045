//! Reads packed CSV as the tidy step does and says how many rows there are: `cargo run --example read_rows -- FILE.csv.gz`. What `benches/rows.sh` times.

use std::io::Read as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("give the file\nhint: cargo run --example read_rows -- FILE.csv.gz")?;
    let packed = std::fs::read(&file)?;
    let mut bytes = Vec::with_capacity(packed.len() * 30);
    flate2::bufread::MultiGzDecoder::new(packed.as_slice()).read_to_end(&mut bytes)?;
    let table = malmarknad::format::delimited::read_whole(bytes, &file)?;
    let column = table.header.iter().position(|name| name == "obs_value").ok_or("no column obs_value")?;
    let mut sum = 0.0;
    for row in 0..table.len() {
        sum += table.number(row, column)?.unwrap_or(0.0);
    }
    writeln(format_args!("{} rows, obs_value sums to {sum:.0}", table.len()))
}

fn writeln(text: std::fmt::Arguments) -> Result<(), Box<dyn std::error::Error>> {
    use std::io::Write as _;
    Ok(std::io::stdout().write_fmt(format_args!("{text}\n"))?)
}
