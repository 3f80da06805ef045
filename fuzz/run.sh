#!/usr/bin/env bash
# Runs every parser and then the sources under the fuzzer for some seconds each, on a corpus of the small publishers' answers; stops at a panic or at more
# than 2 GB.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-600}
command -v cargo-fuzz > /dev/null || cargo install --locked cargo-fuzz
export RUSTC_BOOTSTRAP=1
run() {
  local target=$1 corpus=fuzz/corpus/$2
  mkdir -p "$corpus"
  MALMARKNAD_FUZZ_CORPUS="$PWD/$corpus" cargo test --quiet --test it "fetch::corpus_of_$target" > /dev/null
  echo "$2"
  cargo fuzz run --sanitizer none "$target" "$corpus" -- -max_total_time="$seconds" -rss_limit_mb=2048 -max_len=65536 -timeout=20
}
for parser in json_stat eurostat eurostat_tsv delimited workbook world_bank job_ads topojson geojson parquet_rows; do
  MALMARKNAD_PARSER=$parser run format "format-$parser"
done
run answer answer
