#!/usr/bin/env bash
# The pictures in README.md, from the newest run: the top of an area's page, a chart as the run wrote it, and a printed sheet.
# Needs chromium, pdftoppm (poppler-utils) and a run with every format.
set -euo pipefail
cd "$(dirname "$0")/../.."
run=${1:-reports/2026-23}
area=omrade-upplevelser
sheet=bransch-vard-omsorg
for tool in chromium pdftoppm; do command -v "$tool" > /dev/null || { echo "$tool is not installed"; exit 1; }; done
[ -f "$run/$area.html" ] && [ -f "$run/$sheet.pdf" ] || { echo "no reports in $run; run malmarknad first"; exit 1; }
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$profile" --window-size=1100,1350 \
  --screenshot="$PWD/docs/pictures/area.png" "file://$(realpath "$run")/$area.html" > /dev/null 2>&1
cp "$run"/diagram/$area-*-karta-europa.png docs/pictures/map.png
pdftoppm -r 90 -f 1 -l 1 -singlefile -png "$run/$sheet.pdf" docs/pictures/sheet 2> /dev/null
ls -l docs/pictures/*.png
