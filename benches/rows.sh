#!/usr/bin/env bash
# ILOSTAT's recorded csv.gz (297 113 rows) read as the tidy step reads it, beside pandas and Polars in Python.
set -euo pipefail
cd "$(dirname "$0")/.."
file=${MALMARKNAD_RECORDED:-../shared/recorded}/intl/ilostat/EMP_TEMP_SEX_AGE_NB_A-20260325T1614.csv.gz
[ -f "$file" ] || { echo "skipped: the recorded file is absent"; exit 0; }
command -v hyperfine > /dev/null || { echo "skipped: hyperfine is not installed"; exit 0; }
cargo build --quiet --example read_rows
program=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/debug/examples/read_rows
peers=()
for peer in pandas polars polars-sampled; do
  if python3 -c "import ${peer%-*}" 2> /dev/null; then peers+=("python3 benches/rows_peers.py $peer $file"); else echo "skipped: $peer is not installed"; fi
done
"$program" "$file"
# Python's start and imports are not the peers' reading: its seconds alone.
for peer in "${peers[@]}"; do $peer; done
hyperfine --warmup 1 --runs 7 "$program $file" "${peers[@]}"
