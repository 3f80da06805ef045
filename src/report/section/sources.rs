//! Sources: the line under a figure or table, and the list with licences at the end.

use super::super::RunContext;
use super::super::builder::Builder;
use super::super::model::{Cell, Column, Grid, Inline, Origin, Prose};
use super::super::text::SOURCE;
use crate::chart::plain;
use crate::language::{Language, say};
use crate::tidy::dataset::SourceRow;

/// Sources of the demand.
pub const DEMAND: [&str; 6] =
    ["af_yrkesbarometer_2025_2", "af_yrkesbarometer_2025_05", "scb_yreg60", "scb_yreg54", "jobtech_ads", "af_occupation_key"];

/// Sources of pay, and of the employed beside it.
pub const PAY: [&str; 3] = ["scb_pay_region", "scb_pay_dispersion", "scb_yreg60"];

/// Sources of the skilled occupations' pay, and of people, income and shortages abroad.
pub const SKILLED: [&str; 6] = ["scb_pay_region", "scb_pay_dispersion", "ilostat_shares", "ilostat_employed", "world_bank_income", "ela_shortages"];

/// Sources of the shares of women and men.
pub const PEOPLE: [&str; 2] = ["scb_yreg60", "eurostat_lfsa_egised"];

/// Sources of the ranking of counties.
pub const COUNTIES: [&str; 5] = ["scb_yreg60", "af_yrkesbarometer_2025_2", "af_yrkesbarometer_2025_05", "scb_moves", "scb_population_counties"];

/// Outlines of countries and of counties; they draw the maps and decide nothing.
pub const OUTLINES: [&str; 2] = ["natural_earth_countries", "okfse_municipalities"];

/// Keys of the sources of work permits: evidence on the countries' pages, outcome of the back-test, nothing in the ranking.
const OF_PERMITS: &str = "migrationsverket";

/// People living in Sweden by country of birth.
pub const STOCK: &str = "un_migrant_stock";

/// Sources of work permits, oldest first.
pub fn permits<'a>(run: &RunContext<'a>) -> Vec<&'a str> {
    run.figures.sources.keys().map(String::as_str).filter(|key| key.starts_with(OF_PERMITS)).collect()
}

/// Sources of what followed earlier rankings.
pub fn outcomes<'a>(run: &RunContext<'a>) -> Vec<&'a str> {
    let mut keys = permits(run);
    keys.push(STOCK);
    keys
}

/// Shown on the countries' pages, but not what the ranking rests on.
const BESIDE_RANKING: [&str; 3] = ["gapminder_unemployment_men", "gapminder_unemployment_women", "eurostat_lfsa_urgan"];

/// What a source says of itself, in the document's language where `data/mappings/sources_en.csv` has it, else in Swedish.
struct Words {
    language: Language,
    publisher: String,
    dataset: String,
    title: String,
    /// Without "Källa:".
    attribution: String,
    licence: String,
}

fn words(run: &RunContext, key: &str, source: &SourceRow) -> Words {
    match run.config.codes.english_source(key).filter(|_| run.language == Language::English) {
        Some(english) => Words {
            language: Language::English,
            publisher: plain(&english.publisher),
            dataset: plain(&english.dataset),
            title: plain(&english.title),
            attribution: plain(&english.attribution),
            licence: plain(english.licence.as_ref().unwrap_or(&source.licence)),
        },
        None => Words {
            language: Language::Swedish,
            publisher: plain(&source.publisher),
            dataset: plain(&source.dataset),
            title: plain(&source.title),
            attribution: plain(source.attribution.trim_start_matches("Källa:")),
            licence: plain(&source.licence),
        },
    }
}

/// "Källa: SCB, Yrkesregistret (YREG54BAS, hämtad 2026); …": publisher, table and retrieval of each.
pub fn line(run: &RunContext, keys: &[&str]) -> Prose {
    let language = run.language;
    let mut entries: Vec<(Words, Vec<String>, Vec<String>)> = Vec::new();
    let mut in_use: Vec<&str> = Vec::new();
    for key in keys.iter().flat_map(|key| run.figures.source_keys(key)) {
        // One snapshot may have taken the place of several.
        if !in_use.contains(&key) {
            in_use.push(key);
        }
    }
    for (key, source) in in_use.iter().filter_map(|key| Some((*key, run.figures.sources.get(*key)?))) {
        let words = words(run, key, source);
        let dataset = plain(&source.dataset);
        // A publisher's code of a table is worth printing; a title is in the list at the end.
        let code = !dataset.contains(|character: char| character.is_lowercase()) || dataset.contains("LonYrke") || dataset.contains("LoneSprid");
        let code = (code && !words.attribution.contains(&dataset)).then_some(dataset);
        let retrieved = language.date(&source.retrieved);
        if let Some((_, codes, dates)) = entries.iter_mut().find(|(other, _, _)| other.attribution == words.attribution) {
            codes.extend(code.filter(|code| !codes.contains(code)));
            if !dates.contains(&retrieved) {
                dates.push(retrieved);
            }
        } else {
            entries.push((words, code.into_iter().collect(), vec![retrieved]));
        }
    }
    if entries.is_empty() {
        return Prose::new();
    }
    let word = if entries.len() == 1 { say!(language, sv: "Källa", en: "Source") } else { say!(language, sv: "Källor", en: "Sources") };
    let mut line = Prose::new().text(format!("{word}: "));
    for (position, (words, codes, dates)) in entries.into_iter().enumerate() {
        let codes = if codes.is_empty() { String::new() } else { format!("{}; ", codes.join(", ")) };
        let retrieved = say!(language, sv: "hämtad", en: "retrieved");
        if position > 0 {
            line = line.text("; ");
        }
        line =
            line.foreign(Inline::Text(words.attribution), words.language, language).text(format!(" ({codes}{retrieved} {})", language.list(&dates)));
    }
    line.text(".")
}

/// The publishers in one sentence, and where titles and licences stand: for a sheet of two pages.
pub fn sheet(builder: &mut Builder) {
    let language = builder.language();
    let publishers = publishers(builder.run());
    builder.paragraph(
        Prose::new()
            .text(say!(language,
                sv: format!("Egna beräkningar ur öppna data från {publishers}. Titlar, perioder, hämtningsdagar och licenser står på "),
                en: format!("Own calculations from open data of {publishers}. Titles, periods, dates of retrieval and licences are on "),
            ))
            .link(say!(language, sv: "startsidan", en: "the start page"), "index.html#kallor")
            .text("."),
    );
}

/// The publishers of what the ranking rests on, in alphabetical order.
pub fn publishers(run: &RunContext) -> String {
    let language = run.language;
    let mut publishers: Vec<String> = Vec::new();
    for (key, source) in used(run) {
        let named = words(run, key, source).publisher;
        let publisher = named.split([',', '(']).next().unwrap_or_default().trim();
        let publisher = if source.publisher.contains("SCB") { say!(language, sv: "SCB", en: "Statistics Sweden") } else { publisher }.to_owned();
        if !publishers.contains(&publisher) {
            publishers.push(publisher);
        }
    }
    language.order().sort(&mut publishers);
    language.list(&publishers)
}

/// The source line of what rests on nearly all sources.
pub fn all(run: &RunContext) -> Prose {
    let language = run.language;
    let publishers = publishers(run);
    Prose::new()
        .text(say!(language,
            sv: format!("Egna beräkningar. Källor: {publishers}. Tabeller, hämtningsdagar och licenser står under "),
            en: format!("Own calculations. Sources: {publishers}. Tables, dates of retrieval and licences are under "),
        ))
        .link(heading(language), "#kallor")
        .text(".")
}

/// The heading of the list.
pub fn heading(language: Language) -> &'static str {
    say!(language, sv: "Källor och licenser", en: "Sources and licences")
}

/// What the ranking rests on.
fn used<'a>(run: &RunContext<'a>) -> impl Iterator<Item = (&'a String, &'a SourceRow)> {
    let idle = |key: &str| BESIDE_RANKING.contains(&key) || OUTLINES.contains(&key) || key.starts_with(OF_PERMITS);
    run.figures.sources.iter().filter(move |(key, _)| !idle(key))
}

/// The publisher of a source in the report's language, without what it adds in brackets or after a comma.
pub fn publisher(run: &RunContext, key: &str) -> String {
    let key = run.figures.source_key(key);
    let Some(source) = run.figures.sources.get(key) else { return String::new() };
    let named = words(run, key, source).publisher;
    named.split([',', '(']).next().unwrap_or_default().trim().to_owned()
}

/// The list of all sources with their licences.
pub fn list(builder: &mut Builder) {
    let run = builder.run();
    let language = builder.language();
    let mut rows: Vec<(String, Vec<Cell>)> = run
        .figures
        .sources
        .iter()
        .map(|(key, source)| {
            let words = words(run, key, source);
            let own = words.language;
            let text = |text: String| {
                if own == language { Cell::Text(text) } else { Cell::Prose(Prose::new().foreign(Inline::Text(text), own, language)) }
            };
            let sorted = format!("{} {}", words.publisher, if own == Language::Swedish { &source.title } else { &words.title });
            // Where the data set is called as its title, once is enough.
            let same = own == Language::English && words.dataset == words.title;
            let dataset = if same { String::new() } else { format!(" ({})", words.dataset) };
            let title = Prose::new().foreign(Inline::Link { text: words.title, target: plain(&source.url) }, own, language);
            let title = title.foreign(Inline::Text(dataset), own, language);
            let attribution = say!(own, sv: plain(&source.attribution), en: format!("Source: {}", words.attribution));
            let cells = vec![
                text(words.publisher),
                Cell::Prose(title),
                Cell::Text(plain(&source.period)),
                Cell::Text(language.date(&source.retrieved)),
                text(words.licence),
                text(attribution),
            ];
            (sorted, cells)
        })
        .collect();
    let order = language.order();
    rows.sort_by(|first, second| order.compare(&first.0, &second.0));
    builder.paragraph(say!(language,
        sv: "Den som återanvänder siffrorna ska ange källan så som den sista kolumnen visar. Figurerna och beräkningarna är projektets egna.",
        en: "Anyone who reuses the figures must cite the source as shown in the last column. The charts and calculations are the project’s own.",
    ));
    let count = language.count(rows.len(), SOURCE);
    let title = say!(language,
        sv: format!("Siffrorna kommer från {count} med öppna data"),
        en: format!("The figures come from {count} of open data"),
    );
    let heads = say!(language,
        sv: ["Utgivare", "Titel och tabell", "Period", "Hämtad", "Licens", "Så anges källan"],
        en: ["Publisher", "Title and table", "Period", "Retrieved", "Licence", "How to cite the source"],
    );
    let grid = Grid { columns: heads.into_iter().map(Column::text).collect(), rows: rows.into_iter().map(|(_, cells)| cells).collect() };
    builder.table(title, grid, Vec::new(), Origin { tables: vec!["sources"], ..Origin::default() });
}

/// How a source is to be cited, outside a document.
pub struct Citation {
    /// Publisher's name.
    pub publisher: String,
    /// Title.
    pub title: String,
    /// Address.
    pub url: String,
    /// When the copy was made, ISO 8601.
    pub retrieved: String,
    /// Licence.
    pub licence: String,
    /// Attribution line.
    pub attribution: String,
}

/// The sources that the run rests on, as a reader is to cite them, by publisher and title.
pub fn citations(run: &RunContext) -> Vec<Citation> {
    let mut citations: Vec<Citation> = run
        .figures
        .sources
        .iter()
        .map(|(key, source)| {
            let words = words(run, key, source);
            let attribution = say!(words.language, sv: plain(&source.attribution), en: format!("Source: {}", words.attribution));
            let Words { publisher, title, licence, .. } = words;
            Citation { publisher, title, url: plain(&source.url), retrieved: plain(&source.retrieved), licence, attribution }
        })
        .collect();
    let order = run.language.order();
    citations.sort_by(|first, second| order.compare(&first.publisher, &second.publisher).then_with(|| order.compare(&first.title, &second.title)));
    citations
}

/// The attribution lines in one paragraph, for a document of two pages.
pub fn short(builder: &mut Builder) {
    let run = builder.run();
    let language = builder.language();
    let mut lines: Vec<(String, Language)> = Vec::new();
    for (key, source) in used(run) {
        let words = words(run, key, source);
        let line = format!("{} ({})", words.attribution, words.licence);
        if !lines.iter().any(|(other, _)| *other == line) {
            lines.push((line, words.language));
        }
    }
    let order = language.order();
    lines.sort_by(|first, second| order.compare(&first.0, &second.0));
    let mut paragraph = Prose::new();
    for (position, (line, own)) in lines.into_iter().enumerate() {
        if position > 0 {
            paragraph = paragraph.text("; ");
        }
        paragraph = paragraph.foreign(Inline::Text(line), own, language);
    }
    builder.paragraph(
        paragraph
            .text(say!(language,
                sv: ". Titlar, perioder och hämtningsdagar står på ",
                en: ". Titles, periods and dates of retrieval are on ",
            ))
            .link(say!(language, sv: "startsidan", en: "the start page"), "index.html#kallor")
            .text("."),
    );
}
