//! The sources: the first byte says which, the rest is an answer of its publisher. The next calls and the tidy tables are made of it.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use malmarknad::code::Codes;
use malmarknad::snapshot::figures::understood;
use malmarknad::source::{Answers, Asked, SOURCES};

fn codes() -> &'static Codes {
    static CODES: OnceLock<Codes> = OnceLock::new();
    CODES.get_or_init(|| {
        let home = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        malmarknad::config::Config::read(&home.join("data")).expect("the lists of the project").codes
    })
}

fuzz_target!(|input: &[u8]| {
    let Some((which, bytes)) = input.split_first() else { return };
    let source = SOURCES[usize::from(*which) % SOURCES.len()];
    let path = std::env::temp_dir().join(format!("malmarknad-fuzz-{}", std::process::id()));
    std::fs::write(&path, bytes).expect("room for an answer");
    let asked = Asked { year: 2026, codes: codes() };
    let mut answers = Answers::default();
    // The same bytes answer whatever is asked, a few rounds long.
    for _ in 0..4 {
        let Ok(calls) = (source.calls)(&asked, &answers) else { break };
        if calls.is_empty() {
            break;
        }
        for call in calls.into_iter().take(5) {
            let _ = (source.judge)(&call, bytes);
            answers.kept.insert(call.name, path.clone());
        }
    }
    let _ = (source.allowed)(&answers);
    let _ = understood(source, &answers, "2026-01-01", "", codes());
});
