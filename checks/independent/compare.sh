#!/usr/bin/env bash
# Runs the independent computation and the program for three counties and compares every table; needs pandas, openpyxl, pyarrow and the publishers' files.
set -euo pipefail
cd "$(dirname "$0")/../.."
recorded=${MALMARKNAD_RECORDED:-../shared/recorded}
if ! python3 -c 'import pandas, openpyxl, pyarrow' 2> /dev/null || [ ! -d "$recorded" ]; then
  echo "skipped: pandas, openpyxl, pyarrow or the publishers' files are absent"
  exit 0
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for county in 23 22 01; do
  python3 checks/independent/method.py --county "$county" --year 2026 --out "$out/independent-$county" 2> /dev/null
  cargo run --quiet -- run --quiet --county "$county" --year 2026 --formats csv --replicates 1 --out "$out" > /dev/null
  python3 checks/independent/compare.py "$out/independent-$county" "$out/2026-$county/data"
done
