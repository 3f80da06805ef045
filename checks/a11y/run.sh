#!/usr/bin/env bash
# Every HTML page of the newest run: valid HTML (html-validate, vnu), accessibility (axe-core in headless Chromium), no sideways scroll at 320 px.
# Installs what it needs; says "skipped" where a browser or npm cannot be had.
set -euo pipefail
cd "$(dirname "$0")/../.."
run=${1:-reports/2026-23}
[ -f "$run/index.html" ] || { echo "no pages in $run; run malmarknad first"; exit 1; }
if ! command -v npm > /dev/null; then echo "skipped: npm is not installed"; exit 0; fi
if ! command -v chromium > /dev/null; then
  (apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium) > /dev/null 2>&1 || { echo "skipped: chromium cannot be installed"; exit 0; }
fi
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
if ! npm install --silent --no-audit --no-fund --prefix "$tools" axe-core@4 playwright-core@1 html-validate@9 > "$tools/log" 2>&1; then
  echo "skipped: the checkers cannot be installed"
  exit 0
fi
"$tools/node_modules/.bin/html-validate" --config checks/a11y/htmlvalidate.json "$run"/*.html
# The Nu Html Checker, which W3C's validator runs; it needs Java.
if ! command -v java > /dev/null; then
  echo "skipped: Java is not installed, so that vnu is not run"
elif ! npm install --silent --no-audit --no-fund --prefix "$tools" vnu-jar > "$tools/log" 2>&1; then
  echo "skipped: vnu cannot be installed"
else
  java -Xss2m -jar "$(find "$tools/node_modules/vnu-jar" -name vnu.jar | head -1)" --errors-only "$run"/*.html
  echo "vnu: no errors"
fi
NODE_PATH="$tools/node_modules" node checks/a11y/axe.cjs "$run"
