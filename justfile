# The project's daily habits. README's two commands work without just.

# The main job on the bundled figures
run *arguments:
    cargo run -- run {{arguments}}

# Every test
test:
    cargo test

# What a commit must leave green
check:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    cargo test

# The bundled figures again from the publishers' files
bundle from="../shared/recorded":
    cargo run -- bundle --from {{from}}

# The JSON schemas beside data/*.toml again
schemas:
    for name in method areas markets permit-rules words feed; do cargo run --quiet -- config schema $name > data/schema/$name.json; done

# Speed of the engine and of a whole run (criterion; hyperfine and the pandas computation where they are installed)
bench:
    cargo bench
    bash benches/run.sh

# The independent computation of the method against the run, for three counties (needs pandas and the publishers' files)
independent:
    bash checks/independent/compare.sh

# The sheets and the steering group's document print on two pages each
print run="reports/2026-23":
    bash checks/print/run.sh {{run}}

# The pages in headless Chromium: axe-core, html-validate, reflow
a11y:
    bash checks/a11y/run.sh

# The sliders in headless Chromium against the engine
sliders:
    bash checks/sliders/run.sh

# Every PDF: PDF/UA-1 and PDF/A-3a, tags, reading order, pages (needs Java and poppler-utils)
pdf run="reports/2026-23":
    bash checks/pdf/run.sh {{run}}

# Workbook, notebook, feed and data package by other programs than ours
formats run="reports/2026-23":
    bash checks/formats/run.sh {{run}}

# What the publishers publish now, into data/snapshots
fetch *arguments:
    cargo run -- fetch {{arguments}}

# Every source against everything that servers have been seen to do: prints the matrix
faults:
    cargo test --test it fetch::faults -- --nocapture

# Fetches and runs killed at 200 random moments each (about 10 min)
kills:
    MALMARKNAD_KILLS=200 cargo test --test it fetch::killed

# The pictures in README.md, from the newest run
pictures:
    bash docs/pictures/make.sh

# Parsers and sources under the fuzzer, ten minutes each (installs cargo-fuzz; its flags need RUSTC_BOOTSTRAP on a stable toolchain)
fuzz seconds="600":
    bash fuzz/run.sh {{seconds}}

# SCB's calls against the official OpenAPI description (PXAPI_SPEC names it; needs npm)
contract:
    bash checks/contract/run.sh
