#!/usr/bin/env bash
# A year of job ads (700 000, some 5 GB unpacked): our stream beside Polars and DuckDB in Python, the same counts, time and memory of each.
set -euo pipefail
cd "$(dirname "$0")/.."
ads=${1:-700000}
cargo build --quiet --example ads_by_month
program=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/debug/examples/ads_by_month
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 benches/make_ads.py "$work/2025.jsonl.zip" 2025 "$ads"
ls -l "$work/2025.jsonl.zip" | awk '{print $5, "bytes packed"}'
timed() {
  local name=$1
  shift
  /usr/bin/time -f "$name: %e s, %U s of processor time, %M kB" "$@" > "$work/$name.csv"
}
timed ours "$program" "$work/2025.jsonl.zip" 2025
for peer in polars duckdb; do
  if python3 -c "import $peer" 2> /dev/null; then
    timed "$peer" python3 benches/ads_peers.py "$peer" "$work/2025.jsonl.zip" 2025
    # The same counts, whatever the order of an empty county.
    if cmp -s <(sort "$work/ours.csv") <(sort "$work/$peer.csv"); then echo "$peer: the same counts"; else echo "$peer: OTHER COUNTS"; exit 1; fi
  else
    echo "skipped: $peer is not installed"
  fi
done
