#!/usr/bin/env bash
# The machine formats of a run, by other programs than ours: the notebook under nbclient with pandas and with Polars, the workbook by openpyxl and LibreOffice against the
# CSV tables, the feed by its schema, the data package by Frictionless, the JSON-LD by pyld. Installs what it needs; says "skipped" where something cannot be had.
# usage: checks/formats/run.sh [RUN_DIR] [NOTEBOOK]
set -euo pipefail
cd "$(dirname "$0")/../.."
run=$(realpath "${1:-reports/2026-23}")
[ -f "$run/manifest.json" ] || { echo "no finished run in $run; run malmarknad first"; exit 1; }
name=$(basename "$run")
notebook=${2:-}
for candidate in "$run/../../notebooks-out/$name/analys.ipynb" "$run/../notebooks-out/$name/analys.ipynb"; do
  if [ -z "$notebook" ] && [ -f "$candidate" ]; then notebook=$candidate; fi
done
environment=${MALMARKNAD_CHECKS:-$(mktemp -d)}
scratch=$(mktemp -d)
cleanup() { rm -rf "$scratch"; if [ -z "${MALMARKNAD_CHECKS:-}" ]; then rm -rf "$environment"; fi; }
trap cleanup EXIT
if [ ! -x "$environment/bin/python" ]; then
  python3 -m venv "$environment" || { echo "skipped: no Python with venv"; exit 0; }
fi
install() { "$environment/bin/pip" install --quiet --disable-pip-version-check "$@" > "$scratch/pip" 2>&1; }
if ! install openpyxl jsonschema pyld; then echo "skipped: the checkers cannot be installed"; exit 0; fi

"$environment/bin/python" checks/formats/check.py files "$run"

if [ -z "$notebook" ]; then
  echo "skipped: the run has no notebook"
elif ! install nbclient nbformat ipykernel pandas polars pyarrow matplotlib; then
  echo "skipped: Jupyter, pandas or Polars cannot be installed"
else
  for library in pandas polars; do
    MALMARKNAD_LIBRARY=$library MALMARKNAD_DATA="$run/data" "$environment/bin/python" checks/formats/check.py notebook "$run" "$notebook"
  done
fi

if ! install frictionless==5.18.1; then
  echo "skipped: frictionless cannot be installed"
elif [ -f "$run/data/datapackage.json" ]; then
  "$environment/bin/frictionless" validate "$run/data/datapackage.json" > "$scratch/frictionless" || { tail -40 "$scratch/frictionless"; exit 1; }
  echo "data package: valid (Frictionless)"
fi

if [ -f "$run/tabeller.xlsx" ]; then
  office=$(command -v soffice || command -v libreoffice || true)
  if [ -z "$office" ] && [ "$(id -u)" = 0 ]; then
    (apt-get update -qq && timeout 900 apt-get install -y -qq --no-install-recommends libreoffice-calc) > /dev/null 2>&1 || true
    office=$(command -v soffice || true)
  fi
  if [ -z "$office" ]; then
    echo "skipped: LibreOffice cannot be installed"
  else
    # Sheet by sheet: -1 writes every sheet to a file of its own, named <workbook>-<sheet>.csv.
    "$office" --headless "-env:UserInstallation=file://$scratch/office" --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1' \
      --outdir "$scratch/sheets" "$run/tabeller.xlsx" > "$scratch/office.log" 2>&1 || { cat "$scratch/office.log"; exit 1; }
    "$environment/bin/python" checks/formats/check.py office "$run" "$scratch/sheets"
  fi
fi
