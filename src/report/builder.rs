//! Puts a document together: numbers its figures and tables, names their anchors and files.

use super::model::{Block, Document, Figure, FigureData, Grid, Origin, Prose, Table, Weigh};
use super::text::held;
use super::{ReportError, RunContext};
use crate::chart::{ChartError, Description};
use crate::language::{Language, say};

/// A document on its way.
pub struct Builder<'a> {
    run: &'a RunContext<'a>,
    stem: String,
    blocks: Vec<Block>,
    tables: usize,
    figures: usize,
    /// Source lines that stand already, with where.
    sources: Vec<(Prose, Prose)>,
    /// Whether what comes is only for the screen.
    screen_only: bool,
}

/// A source line shorter than this is quicker read than looked up.
const SHORT_SOURCE: usize = 70;

/// What a figure says beside its chart.
pub struct FigureText {
    /// Part of the file name.
    pub slug: &'static str,
    /// The finding.
    pub title: String,
    /// How to read it.
    pub caption: Prose,
    /// What it shows, in words and numbers.
    pub alternative: String,
}

impl<'a> Builder<'a> {
    /// An empty document that becomes the file `stem`.
    pub fn new(run: &'a RunContext<'a>, stem: String) -> Self {
        Self { run, stem, blocks: Vec::new(), tables: 0, figures: 0, sources: Vec::new(), screen_only: false }
    }

    /// The run.
    pub fn run(&self) -> &'a RunContext<'a> {
        self.run
    }

    /// The document's language.
    pub fn language(&self) -> Language {
        self.run.language
    }

    /// The answer.
    pub fn answer(&mut self, paragraphs: Vec<Prose>) {
        let heading = say!(self.language(), sv: "Svaret i korthet", en: "The answer in brief").to_owned();
        self.blocks.push(Block::Answer { heading, paragraphs });
    }

    /// A heading of level 2 with its anchor.
    pub fn heading(&mut self, text: &str, anchor: &str) {
        self.push_heading(2, text, anchor);
    }

    /// A heading of level 3 with its anchor.
    pub fn subheading(&mut self, text: &str, anchor: &str) {
        self.push_heading(3, text, anchor);
    }

    /// What is only for the screen stands under a heading of its own, so its headings are one level lower; the sheet has their anchors already.
    fn push_heading(&mut self, level: u8, text: &str, anchor: &str) {
        let (level, anchor) = if self.screen_only { (level + 1, format!("{anchor}-mer")) } else { (level, anchor.to_owned()) };
        self.blocks.push(Block::Heading { level, text: text.to_owned(), anchor });
    }

    /// What `add` adds under a heading of level 2, for the screen only.
    pub fn screen_only(&mut self, heading: &str, anchor: &str, add: impl FnOnce(&mut Self) -> Result<(), ReportError>) -> Result<(), ReportError> {
        let printed = std::mem::take(&mut self.blocks);
        self.heading(heading, anchor);
        self.screen_only = true;
        let added = add(self);
        self.screen_only = false;
        let inner = std::mem::replace(&mut self.blocks, printed);
        self.blocks.push(Block::ScreenOnly(inner));
        added
    }

    /// The origin with its source line, or, where the line stands in the document already, where that is.
    fn once(&mut self, mut origin: Origin, label: String, anchor: String) -> Origin {
        if origin.source.plain().chars().count() < SHORT_SOURCE {
            return origin;
        }
        if let Some((_, place)) = self.sources.iter().find(|(source, _)| *source == origin.source) {
            origin.source = place.clone();
        } else {
            let as_in = say!(self.language(), sv: "Källor: som i ", en: "Sources: as in ");
            self.sources.push((origin.source.clone(), Prose::new().text(as_in).link(label, anchor).text(".")));
        }
        origin
    }

    /// A paragraph.
    pub fn paragraph(&mut self, text: impl Into<Prose>) {
        self.blocks.push(Block::Paragraph(text.into()));
    }

    /// A remark that must not be missed.
    pub fn note(&mut self, text: impl Into<Prose>) {
        self.blocks.push(Block::Note(text.into()));
    }

    /// A list; nothing where it has no items.
    pub fn list(&mut self, items: Vec<Prose>) {
        if !items.is_empty() {
            self.blocks.push(Block::List(items));
        }
    }

    /// The number that the next table gets.
    pub fn next_table(&self) -> usize {
        self.tables + 1
    }

    /// A table.
    pub fn table(&mut self, title: String, grid: Grid, notes: Vec<Prose>, origin: Origin) {
        let mut title = title;
        title = held(&title);
        self.tables += 1;
        let number = self.tables;
        let label = say!(self.language(), sv: format!("tabell {number}"), en: format!("table {number}"));
        let origin = self.once(origin, label, format!("#tabell-{number}"));
        self.blocks.push(Block::Table(Table { number: self.tables, title, grid, notes, origin }));
    }

    /// A figure, drawn by `draw` from what it is to say about itself.
    pub fn figure(
        &mut self,
        text: FigureText,
        draw: impl FnOnce(Description) -> Result<String, ChartError>,
        data: FigureData,
        origin: Origin,
    ) -> Result<(), ReportError> {
        self.figures += 1;
        let number = self.figures;
        let FigureText { slug, title, caption, alternative } = text;
        let (title, alternative) = (held(&title), held(&alternative));
        let about =
            Description { id: format!("diagram-{number}"), title: title.clone(), alternative: alternative.clone(), language: self.language() };
        let svg = draw(about).map_err(|source| ReportError::Chart { document: self.stem.clone(), chart: slug, source })?;
        let file = format!("diagram/{}-{number}-{slug}", self.stem);
        let png = self.run.png;
        let label = say!(self.language(), sv: format!("figur {number}"), en: format!("figure {number}"));
        let origin = self.once(origin, label, format!("#figur-{number}"));
        self.blocks.push(Block::Figure(Box::new(Figure { number, title, caption, alternative, svg, file, png, data, origin })));
        Ok(())
    }

    /// Controls with which a reader weighs differently.
    pub fn weigh(&mut self, weigh: Weigh) {
        self.blocks.push(Block::Weigh(Box::new(weigh)));
    }

    /// The finished document.
    pub fn finish(self, title: String, heading: String, lead: Prose, contents: bool) -> Document {
        Document { stem: self.stem, title, heading, lead, language: self.run.language, contents, paper: None, blocks: self.blocks }
    }
}
