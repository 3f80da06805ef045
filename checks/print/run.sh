#!/usr/bin/env bash
# The documents that are handed out on paper: every industry's sheet, the steering group's document and the influence sheet print from Chromium on at most two A4 pages.
# Installs nothing; says "skipped" where Chromium or pdfinfo (poppler-utils) is missing.
# Usage: checks/print/run.sh [folder of a run]...
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ $# -eq 0 ]; then set -- reports/2026-23; fi
for tool in chromium pdfinfo; do
  command -v "$tool" > /dev/null || { echo "skipped: $tool is not installed"; exit 0; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
most=2
wrong=0
for run in "$@"; do
  [ -f "$run/index.html" ] || { echo "no pages in $run; run malmarknad first"; exit 1; }
  for page in "$run"/bransch-*.html "$run"/styrgrupp.html "$run"/paverkan.html "$run"/uppfoljning.html; do
    [ -f "$page" ] || continue
    pdf=$folder/$(basename "$page" .html).pdf
    rm -f "$pdf"
    chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer --user-data-dir="$folder/profile" \
      --print-to-pdf="$pdf" "file://$(realpath "$page")" > "$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
    pages=$(pdfinfo "$pdf" | awk '/^Pages:/ { print $2 }')
    if [ "$pages" -gt "$most" ]; then
      wrong=1
      echo "$page: $pages pages, at most $most"
    else
      echo "$page: $pages pages"
    fi
  done
done
exit "$wrong"
