#!/usr/bin/env bash
# Times a whole run, its start and its memory, beside the pandas computation of the same method where pandas and the publishers' files are at hand.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --quiet
program=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/debug/malmarknad
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
if command -v hyperfine > /dev/null; then
  hyperfine --warmup 1 --runs 5 \
    "$program run --quiet --out $out" \
    "$program run --quiet --out $out --formats csv,parquet,html,png,share,xlsx,feed,notebook" \
    "$program run --quiet --out $out --formats csv" \
    "$program run --quiet --out $out --formats csv --replicates 1" \
    "$program --help"
  hyperfine --runs 2 "$program run --quiet --out $out --formats csv --county all"
else
  echo "skipped: hyperfine is not installed"
  time "$program" run --quiet --out "$out"
fi
if [ -x /usr/bin/time ]; then
  /usr/bin/time -v "$program" run --quiet --out "$out" 2>&1 | grep -E "Maximum resident|Elapsed"
else
  echo "skipped: /usr/bin/time is not installed"
fi
recorded=${MALMARKNAD_RECORDED:-../shared/recorded}
if python3 -c 'import pandas, openpyxl, pyarrow' 2> /dev/null && [ -d "$recorded" ]; then
  time python3 checks/independent/method.py --county 23 --year 2026 --out "$out/independent"
else
  echo "skipped: pandas or the publishers' files are absent"
fi
