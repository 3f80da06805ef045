#!/usr/bin/env bash
# Runs the independent computation and the program for three counties and compares every table; needs pandas, openpyxl, pyarrow, scipy, xlrd and the publishers' files.
set -euo pipefail
cd "$(dirname "$0")/../.."
recorded=${MALMARKNAD_RECORDED:-../shared/recorded}
if ! python3 -c 'import pandas, openpyxl, pyarrow, scipy, xlrd' 2> /dev/null || [ ! -d "$recorded" ]; then
  echo "skipped: pandas, openpyxl, pyarrow, scipy, xlrd or the publishers' files are absent"
  exit 0
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for county in 23 22 01; do
  python3 checks/independent/method.py --county "$county" --year 2026 --out "$out/independent-$county" 2> /dev/null
  cargo run --quiet -- run --quiet --county "$county" --year 2026 --formats csv --replicates 1 --out "$out" > /dev/null
  for weighting in balanced likely potential; do
    python3 checks/independent/compare.py --weighting "$weighting" "$out/independent-$county" "$out/2026-$county/data"
  done
  python3 checks/independent/influence.py "$out/independent-$county" "$out/2026-$county/data" "$county"
  # Counties have one ranking of their own: indicators, fits, places of areas and of occupations, all of them.
  python3 checks/independent/compare.py --market-type county --table supply --table indicators --table fit --table markets --table occupation_places \
    --table gender "$out/independent-$county" "$out/2026-$county/data"
  python3 checks/independent/explain.py --county "$county" --tables "$out/independent-$county" -- cargo run --quiet --
done
for county in 23 22 01; do
  python3 checks/independent/compare_years.py --county "$county" --program "$(realpath "${CARGO_TARGET_DIR:-target}/debug/malmarknad")" --work "$out/years"
done
cargo run --quiet -- backtest --json --draws 20 > "$out/backtest.json" 2> /dev/null
python3 -W ignore checks/independent/backtest.py "$out/backtest.json"
