//! The run as a Jupyter notebook (`analys.ipynb`): opens with its figures shown and runs from top to bottom, with pandas or Polars, on the run's Parquet tables.
//!
//! What a cell prints is computed here from the same tables as the cell reads, so that running it changes nothing.

mod figures;
mod source;

use serde_json::{Value, json};

use super::model::{Inline, Prose};
use super::view::{Lookup, View, county_name};
use super::{ReportError, RunContext};
use crate::chart::plain;
use crate::config::AreaKind;
use crate::language::{Language, say};
use crate::table::Table;

/// The notebook's name.
pub const FILE: &str = "analys.ipynb";

/// Cells on their way.
struct Cells {
    cells: Vec<Value>,
    run: u32,
}

/// A text as the list of lines that the format asks for.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

impl Cells {
    fn id(&self) -> String {
        format!("cell-{:02}", self.cells.len() + 1)
    }

    fn markdown(&mut self, text: &str) {
        self.cells.push(json!({"cell_type": "markdown", "id": self.id(), "metadata": {}, "source": lines(text.trim())}));
    }

    fn code(&mut self, source: &str, outputs: &[Value]) {
        self.run += 1;
        self.cells.push(json!({
            "cell_type": "code",
            "execution_count": self.run,
            "id": self.id(),
            "metadata": {},
            "outputs": outputs,
            "source": lines(source.trim()),
        }));
    }
}

/// A table as a cell of the notebook prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    title: String,
    head: Vec<String>,
    body: Vec<Vec<String>>,
}

impl Shown {
    /// The output of the notebook's `show`, to the letter.
    fn output(&self) -> Value {
        json!({"data": {"text/html": lines(&self.html()), "text/plain": lines(&self.text())}, "metadata": {}, "output_type": "display_data"})
    }

    fn text(&self) -> String {
        let rows = || std::iter::once(&self.head).chain(&self.body);
        let width = |column: usize| rows().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.head.len()).map(width).collect();
        let line = |row: &Vec<String>| {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.chars().count()))).collect();
            cells.join("  ").trim_end_matches(' ').to_owned()
        };
        std::iter::once(self.title.clone()).chain(rows().map(line)).collect::<Vec<_>>().join("\n")
    }

    fn html(&self) -> String {
        let head: Vec<String> = self.head.iter().map(|cell| format!("<th scope=\"col\">{}</th>", escaped(cell))).collect();
        let head = head.concat();
        let body: Vec<String> = self
            .body
            .iter()
            .map(|row| {
                let rest: Vec<String> = row[1..].iter().map(|cell| format!("<td>{}</td>", escaped(cell))).collect();
                format!("<tr><th scope=\"row\">{}</th>{}</tr>", escaped(&row[0]), rest.concat())
            })
            .collect();
        let title = escaped(&self.title);
        format!("<table>\n<caption>{title}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{}\n</tbody>\n</table>", body.join("\n"))
    }
}

/// As Python's `html.escape`.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#x27;")
}

/// Text that Markdown leaves alone.
fn inert(text: &str) -> String {
    let mut kept = String::new();
    for character in plain(text).chars() {
        match character {
            '&' => kept.push_str("&amp;"),
            '<' => kept.push_str("&lt;"),
            '>' => kept.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '$' | '|' | '#' | '~' => kept.extend(['\\', character]),
            other => kept.push(other),
        }
    }
    kept
}

fn inline(part: &Inline) -> String {
    match part {
        Inline::Text(text) | Inline::Link { text, .. } => inert(text),
        Inline::Strong(text) => format!("**{}**", inert(text.trim())),
        Inline::In(_, inner) => inline(inner),
    }
}

fn prose(text: &Prose) -> String {
    text.0.iter().map(inline).collect()
}

/// A value as Python writes it; JSON's strings, numbers, lists and objects of strings are Python's too.
fn python(value: &Value) -> String {
    value.to_string()
}

/// The notebook's bytes. `data` is where its tables are, relative to itself.
///
/// # Errors
/// A chart refuses its numbers, or cannot become a picture.
pub fn notebook(run: &RunContext, tables: &[Table], data: &str) -> Result<Vec<u8>, ReportError> {
    let language = run.language;
    let lookup = Lookup::new(run);
    let views: Vec<View> = (0..run.config.areas.len()).map(|position| View::new(run, &lookup, position)).collect();
    let mut cells = Cells { cells: Vec::new(), run: 0 };
    let (county, year) = (inert(&county_name(run)), run.analysis.year);
    let (date, status, version) = (language.date(&run.date), inert(&run.data_status), inert(run.version));
    cells.markdown(&say!(language,
        sv: format!(
            "# Målmarknader för {county} {year}\n\nSiffror: {status}, hämtade senast {date}. Program: malmarknad {version}.\n\nAnteckningsboken visar körningens svar och hur de räknas fram ur tabellerna i mappen `data`. Den öppnas med figurerna på plats och kan köras om uppifrån och ned, med pandas eller Polars. Diagrammen ritas om där matplotlib finns."
        ),
        en: format!(
            "# Target markets for {county} {year}\n\nData: {status}, retrieved by {date}. Program: malmarknad {version}.\n\nThe notebook shows the answers of the run and how they are calculated from the tables in the folder `data`. It opens with its figures in place and can be run again from top to bottom, with pandas or Polars. The charts are drawn again where matplotlib is installed."
        ),
    ));
    let Some(view) = views.iter().find(|view| view.area.kind == AreaKind::Strength).or(views.first()) else {
        return Ok(finished(&cells, language));
    };
    let tables = figures::Tables::new(run, tables);
    cells.markdown(say!(language,
        sv: "## Inställningar\n\nByt mapp, område eller bibliotek här och kör om.",
        en: "## Settings\n\nChange folder, area or library here and run again.",
    ));
    cells.code(&source::settings(&tables, &views, view, data), &[]);
    cells.code(&source::helpers(language), &[]);

    cells.markdown(say!(language, sv: "## Svaret i korthet", en: "## The answer in brief"));
    let paragraphs = super::section::answer::overall(&views).unwrap_or_else(|| views.iter().map(super::section::answer::one_line).collect());
    cells.markdown(&paragraphs.iter().map(prose).collect::<Vec<_>>().join("\n\n"));
    cells.code(&source::first_tiers(language), &[tables.first_tiers(&views).output()]);

    let name = inert(&view.name);
    cells.markdown(&say!(language,
        sv: format!("## Rangordningen i ett område\n\nHär visas {name}; byt `AREA` för ett annat. En plats läses alltid med sitt intervall, och inom en grupp kan länderna inte skiljas åt."),
        en: format!("## The ranking of an area\n\nShown here: {name}; change `AREA` for another. A rank is always read with its interval, and inside a tier the countries cannot be told apart."),
    ));
    cells
        .code(&source::ranking(language), &[tables.ranking(&view.area.key, "likely").output(), tables.ranking(&view.area.key, "potential").output()]);
    cells.code(&source::interval_chart(language), &figures::picture(view, "lander")?);

    cells.markdown(say!(language,
        sv: "## Kvinnor och män i yrkena\n\nYrken som bedöms ha brist eller bevakas, de tyngsta först. Antal från en till fyra personer visas som 1–4, och ingen andel räknas på färre än tio eller där det ena könet är så få.",
        en: "## Women and men in the occupations\n\nOccupations rated as short or under watch, the heaviest first. Counts of one to four persons are shown as 1–4, and no share is calculated on fewer than ten or where one sex is so few.",
    ));
    let gender = &run.config.method.gender;
    cells.code(&source::occupations(language, gender.small_count, gender.least_base), &[tables.occupations(&view.area.key).output()]);
    cells.code(&source::people_chart(language), &figures::picture(view, "kvinnor-och-man")?);

    if run.back_test.is_some() {
        cells.markdown(say!(language,
            sv: "## Har rangordningen stöd?\n\nRangordningar från tidigare år mot de tillstånd som följde, med 95 procents intervall. Slumpen ger 0 i rangkorrelation (spearman) och 0,5 i auc.",
            en: "## Is the ranking supported?\n\nRankings of earlier years against the permits that followed, with 95 per cent intervals. Chance gives 0 in rank correlation (spearman) and 0.5 in auc.",
        ));
        cells.code(&source::back_test(language), &[tables.back_test().output()]);
    }

    cells.markdown(&say!(language,
        sv: format!("## Väg om delarna\n\nPoängen på Trolig är ett vägt geometriskt medelvärde av delarna i varje yrke, och sedan ett medelvärde över yrkena med deras vikt. Ett yrke som är stängt räknas som {}. Ändra `weights` och se vad som händer; med vikterna i kraft ger räkningen rapportens poäng.", language.number(run.config.method.area.closed_score, 0)),
        en: format!("## Reweigh the components\n\nThe score on Likely is a weighted geometric mean of the components in each occupation, then a mean over the occupations with their weight. An occupation that is closed counts as {}. Change `weights` and see what happens; with the weights in force the calculation gives the score of the report.", language.number(run.config.method.area.closed_score, 0)),
    ));
    let weights = tables.weights();
    let mut other = weights.clone();
    // A second example: what feasibility loses, the pool gains.
    let moved = other[3].1.min(0.1);
    let rounded = |weight: f64| (weight * 1e4).round() / 1e4;
    (other[0].1, other[3].1) = (rounded(other[0].1 + moved), rounded(other[3].1 - moved));
    cells.code(&source::reweigh(language, &weights, run.config.method.area.closed_score), &[]);
    cells.code(&source::reweighed(language, &weights), &[tables.reweighed(&view.area.key, &weights).output()]);
    cells.code(&source::reweighed(language, &other), &[tables.reweighed(&view.area.key, &other).output()]);

    cells.markdown(say!(language, sv: "## Källor", en: "## Sources"));
    let sources: Vec<String> = super::section::sources::citations(run)
        .into_iter()
        .map(|citation| format!("- {} ({})", inert(&citation.attribution), inert(&citation.licence)))
        .collect();
    let mut once: Vec<String> = Vec::new();
    for line in sources {
        if !once.contains(&line) {
            once.push(line);
        }
    }
    cells.markdown(&once.join("\n"));
    Ok(finished(&cells, language))
}

fn finished(cells: &Cells, language: Language) -> Vec<u8> {
    let notebook = json!({
        "cells": cells.cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python", "pygments_lexer": "ipython3"},
            "language": language.tag(),
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    });
    // Jupyter indents by one space.
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b" ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    // Strings, numbers and lists of them: nothing that can be refused, and a vector takes every byte.
    let _ = serde::Serialize::serialize(&notebook, &mut serializer);
    bytes.push(b'\n');
    bytes
}
