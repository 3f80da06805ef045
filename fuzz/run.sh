#!/usr/bin/env bash
# Runs each fuzz target for some seconds on a corpus of the small publishers' answers; stops at a panic or at more than 2 GB.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-600}
command -v cargo-fuzz > /dev/null || cargo install --locked cargo-fuzz
export RUSTC_BOOTSTRAP=1
for target in format answer; do
  mkdir -p "fuzz/corpus/$target"
  MALMARKNAD_FUZZ_CORPUS="$PWD/fuzz/corpus/$target" cargo test --quiet --test it "fetch::corpus_of_$target" > /dev/null
  cargo fuzz run --sanitizer none "$target" -- -max_total_time="$seconds" -rss_limit_mb=2048 -max_len=65536 -timeout=20
done
