#!/usr/bin/env bash
# The sliders of every area and industry page in headless Chromium: the position they start in gives the baseline ranks and scores of data/markets.csv, another
# position gives what the engine gives with those weights in the method, arrow keys and the reset work, axe-core finds nothing, and without JavaScript nothing shows.
# Installs what it needs; says "skipped" where a browser or npm cannot be had. Usage: checks/sliders/run.sh [FOLDER OF A RUN [BINARY]]
set -euo pipefail
cd "$(dirname "$0")/../.."
run=${1:-reports/2026-23}
binary=${2:-target/debug/malmarknad}
[ -f "$run/index.html" ] && [ -f "$run/data/markets.csv" ] || { echo "no pages and tables in $run; run malmarknad first"; exit 1; }
[ -x "$binary" ] || { echo "no program at $binary; build it first, or name it"; exit 1; }
if ! command -v npm > /dev/null; then echo "skipped: npm is not installed"; exit 0; fi
if ! command -v chromium > /dev/null; then
  (apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium) > /dev/null 2>&1 || { echo "skipped: chromium cannot be installed"; exit 0; }
fi
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
if ! npm install --silent --no-audit --no-fund --prefix "$tools" axe-core@4 playwright-core@1 > "$tools/log" 2>&1; then
  echo "skipped: the checkers cannot be installed"
  exit 0
fi
# The engine with other weights: a copy of data/ with the pillars of both lists weighing something else.
weigh() {
  awk -v list="[weightings.$1]" -v pillar="$2" -v weight="$3" \
    '/^\[/ { inside = ($0 == list) } inside && $1 == pillar { sub(/weight = [0-9.]+/, "weight = " weight) } { print }' \
    "$tools/home/data/method.toml" > "$tools/method" && mv "$tools/method" "$tools/home/data/method.toml"
}
mkdir "$tools/home"
cp -r data "$tools/home/data"
weigh likely pool 0.20; weigh likely availability 0.30; weigh likely mobility 0.10; weigh likely feasibility 0.40
weigh potential pool 0.25; weigh potential availability 0.45; weigh potential feasibility 0.30
county=$(basename "$run" | cut -d- -f2)
year=$(basename "$run" | cut -d- -f1)
"$binary" --home "$tools/home" run --quiet --county "$county" --year "$year" --replicates 1 --formats csv --out "$tools/out" > /dev/null
NODE_PATH="$tools/node_modules" node checks/sliders/sliders.cjs "$run" "$tools/out/$year-$county"
