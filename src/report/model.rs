//! What a document holds, whatever format it is written in: blocks with their numbers, captions, alternative texts and sources. Renderers only render.

use crate::language::{Language, say};
use crate::table::inert;

/// A run of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Text that carries the sentence.
    Strong(String),
    /// A link.
    Link {
        /// What the reader sees.
        text: String,
        /// A file of the run, an anchor of the document, or an address.
        target: String,
    },
    /// Text in another language than the document's.
    In(Language, Box<Inline>),
}

impl Inline {
    /// What a reader sees, without the emphasis.
    fn plain(&self) -> &str {
        match self {
            Self::Text(text) | Self::Strong(text) | Self::Link { text, .. } => text,
            Self::In(_, inner) => inner.plain(),
        }
    }
}

/// Text with emphasis and links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prose(pub Vec<Inline>);

impl Prose {
    /// An empty text.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds plain text.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.0.push(Inline::Text(super::text::held(&super::text::one_stop(&text.into()))));
        self
    }

    /// Adds text that carries the sentence.
    #[must_use]
    pub fn strong(mut self, text: impl Into<String>) -> Self {
        self.0.push(Inline::Strong(super::text::held(&text.into())));
        self
    }

    /// Adds a link.
    #[must_use]
    pub fn link(mut self, text: impl Into<String>, target: impl Into<String>) -> Self {
        self.0.push(Inline::Link { text: text.into(), target: target.into() });
        self
    }

    /// Adds what comes in `language` in a document in `document`: marked where the two differ.
    #[must_use]
    pub fn foreign(mut self, inline: Inline, language: Language, document: Language) -> Self {
        self.0.push(if language == document { inline } else { Inline::In(language, Box::new(inline)) });
        self
    }

    /// What a reader sees, without the emphasis.
    #[must_use]
    pub fn plain(&self) -> String {
        self.0.iter().map(Inline::plain).collect()
    }
}

impl From<String> for Prose {
    fn from(text: String) -> Self {
        Self::new().text(text)
    }
}

impl From<&str> for Prose {
    fn from(text: &str) -> Self {
        Self::new().text(text)
    }
}

/// A value in a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// Text with emphasis and links.
    Prose(Prose),
    /// A number with a fixed count of decimals.
    Number {
        /// The value.
        value: f64,
        /// Decimals.
        decimals: usize,
    },
    /// Above zero, but less than one unit.
    UnderOne,
    /// Persons.
    Count(i64),
    /// Persons, few enough to be shown as a span.
    SmallCount {
        /// The largest count of the span.
        most: i64,
    },
    /// Nothing is known; never to be mistaken for zero.
    Missing {
        /// Why, in words that finish "uppgift saknas: …".
        reason: &'static str,
    },
    /// The question does not arise.
    Empty,
}

impl Cell {
    /// A number, or the reason that there is none.
    #[must_use]
    pub fn number(value: Option<f64>, decimals: usize, reason: &'static str) -> Self {
        value.map_or(Self::Missing { reason }, |value| Self::Number { value, decimals })
    }

    /// A count of persons; from 1 to `small` it is shown as a span.
    #[must_use]
    pub fn persons(count: i64, small: i64) -> Self {
        if (1..=small).contains(&count) { Self::SmallCount { most: small } } else { Self::Count(count) }
    }

    /// What a reader sees.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Prose(text) => text.plain(),
            Self::Number { value, decimals } => language.number(*value, *decimals),
            Self::UnderOne => "<1".to_owned(),
            Self::Count(count) => language.whole(*count),
            Self::SmallCount { most } => format!("1–{most}"),
            Self::Missing { .. } => "–".to_owned(),
            Self::Empty => String::new(),
        }
    }

    /// What a reader sees, for a machine: a number with a dot and without spaces, nothing where nothing is known, text that no spreadsheet takes for a formula.
    fn field(&self, language: Language) -> String {
        match self {
            Self::Number { value, decimals } => Language::English.number(*value, *decimals).replace(',', "").replace('\u{2212}', "-"),
            Self::Count(count) => count.to_string(),
            Self::Missing { .. } | Self::Empty => String::new(),
            other => inert(&other.text(language)).into_owned(),
        }
    }

    /// A whole number that is never rounded to nothing.
    #[must_use]
    pub fn rounded(value: f64) -> Self {
        if value > 0.0 && value < 0.5 { Self::UnderOne } else { Self::Number { value, decimals: 0 } }
    }
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What it holds.
    pub head: String,
    /// Its unit.
    pub unit: Option<String>,
    /// Whether it holds numbers, which stand to the right.
    pub numeric: bool,
}

impl Column {
    /// A column of text.
    #[must_use]
    pub fn text(head: impl Into<String>) -> Self {
        Self { head: head.into(), unit: None, numeric: false }
    }

    /// A column of numbers.
    #[must_use]
    pub fn number(head: impl Into<String>, unit: &str) -> Self {
        Self { head: head.into(), unit: (!unit.is_empty()).then(|| unit.to_owned()), numeric: true }
    }
}

/// Rows under column heads; the first column names the row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
}

impl Grid {
    /// Why cells have no figure, each reason once, in the order of the cells.
    #[must_use]
    pub fn missing_reasons(&self) -> Vec<&'static str> {
        let mut reasons: Vec<&str> = Vec::new();
        for cell in self.rows.iter().flatten() {
            if let Cell::Missing { reason } = cell
                && !reasons.contains(reason)
            {
                reasons.push(reason);
            }
        }
        reasons
    }

    /// The cells as CSV with a header: UTF-8, comma, LF.
    ///
    /// # Errors
    /// A row has more or fewer cells than there are columns.
    pub fn csv(&self, language: Language) -> Result<Vec<u8>, csv::Error> {
        let head = self.columns.iter().map(|column| {
            let unit = column.unit.as_ref().map_or_else(String::new, |unit| format!(" ({unit})"));
            inert(&format!("{}{unit}", column.head)).into_owned()
        });
        let rows = self.rows.iter().map(|row| row.iter().map(|cell| cell.field(language)).collect::<Vec<String>>());
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in std::iter::once(head.collect::<Vec<String>>()).chain(rows) {
            writer.write_record(row)?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }

    /// What the dash in the cells means, in a sentence; `None` where there is no dash.
    #[must_use]
    pub fn meaning_of_dash(&self, language: Language) -> Option<String> {
        let reasons = self.missing_reasons().join("; ");
        (!reasons.is_empty()).then(
            || say!(language, sv: format!("– betyder att uppgift saknas: {reasons}."), en: format!("– means that there is no figure: {reasons}.")),
        )
    }
}

/// Where the numbers of a figure or a table come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Unit, where the columns do not say it.
    pub unit: Option<String>,
    /// Period of the figures.
    pub period: Option<String>,
    /// Publisher, table and day of retrieval.
    pub source: Prose,
    /// Names of the run's tables with the same numbers, without ending.
    pub tables: Vec<&'static str>,
}

impl Origin {
    /// Unit, period and source in one line; empty where there is none.
    #[must_use]
    pub fn line(&self, language: Language) -> Prose {
        let mut line = Prose::new();
        if let Some(unit) = &self.unit {
            line = line.text(format!("{}: {unit}. ", say!(language, sv: "Enhet", en: "Unit")));
        }
        if let Some(period) = &self.period {
            line = line.text(format!("Period: {period}. "));
        }
        line.0.extend(self.source.0.iter().cloned());
        line
    }
}

/// A numbered table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Number in the document, from 1.
    pub number: usize,
    /// The finding.
    pub title: String,
    /// The cells.
    pub grid: Grid,
    /// What a reader needs to read it.
    pub notes: Vec<Prose>,
    /// Where the numbers come from.
    pub origin: Origin,
}

/// Where a figure's numbers can be read.
#[derive(Clone, Debug, PartialEq)]
pub enum FigureData {
    /// In a table of its own, under the figure.
    Own(Grid),
    /// In the table of the document with this number.
    Table(usize),
}

/// A numbered figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Number in the document, from 1.
    pub number: usize,
    /// The finding.
    pub title: String,
    /// How to read it.
    pub caption: Prose,
    /// What it shows, in words and numbers, for somebody who cannot see it.
    pub alternative: String,
    /// The chart.
    pub svg: String,
    /// Path of the chart's files without ending, relative to the run's folder.
    pub file: String,
    /// Whether there is a PNG beside the SVG.
    pub png: bool,
    /// Its numbers.
    pub data: FigureData,
    /// Where the numbers come from.
    pub origin: Origin,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading; the document's own is level 1.
    Heading {
        /// 2, 3 or, in what is only for the screen, 4.
        level: u8,
        /// The words.
        text: String,
        /// Anchor, unique in the document.
        anchor: String,
    },
    /// A paragraph.
    Paragraph(Prose),
    /// The answer that the document opens with.
    Answer {
        /// Heading of level 2.
        heading: String,
        /// Paragraphs.
        paragraphs: Vec<Prose>,
    },
    /// A list.
    List(Vec<Prose>),
    /// A remark that must not be missed.
    Note(Prose),
    /// A table.
    Table(Table),
    /// A figure.
    Figure(Box<Figure>),
    /// What is read on a screen and left out where pages are counted (print, PDF): the document must say all that its reader needs without it. Stands last,
    /// so that the numbers of what is printed have no gaps; none of it holds another of its kind.
    ScreenOnly(Vec<Block>),
    /// Controls with which a reader weighs differently, where the format can compute; others leave it out.
    Weigh(Box<Weigh>),
}

/// A component of the score with its slider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeighPillar {
    /// Its key in the tables.
    pub key: &'static str,
    /// Its name.
    pub name: String,
    /// What it is made of.
    pub about: String,
}

/// A list that can be weighed differently.
#[derive(Clone, Debug, PartialEq)]
pub struct WeighList {
    /// Its key in the tables.
    pub key: &'static str,
    /// Its name.
    pub name: String,
    /// Weights in force, in the order of the components.
    pub weights: Vec<f64>,
}

/// "What if we weigh it differently?": sliders beside the order in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Weigh {
    /// Heading of level 2 with its anchor, where no heading stands before it.
    pub heading: Option<(String, String)>,
    /// What it is and how it is read.
    pub reading: Vec<Prose>,
    /// Heads of the two groups of controls: which list, how much each component weighs.
    pub legends: [String; 2],
    /// The lists, the first one chosen.
    pub lists: Vec<WeighList>,
    /// The components.
    pub pillars: Vec<WeighPillar>,
    /// Words on the button that returns to the weights in force.
    pub reset: String,
    /// Title of the table.
    pub title: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// What the script computes from and the sentences it says, JSON.
    pub data: String,
}

/// A link of the menu that all documents of a run share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuLink {
    /// What the reader sees.
    pub text: String,
    /// File.
    pub file: String,
}

/// How a document is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// As many A4 pages as it takes, with the numbers of every figure at the end.
    Report,
    /// The two sides of one sheet of A4.
    Sheet,
}

/// A document in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// File name without ending.
    pub stem: String,
    /// Title of the window, unique in the run.
    pub title: String,
    /// Heading of level 1.
    pub heading: String,
    /// A line under it: what this is, for whom, when.
    pub lead: Prose,
    /// Language.
    pub language: Language,
    /// Whether a list of its headings stands after the answer.
    pub contents: bool,
    /// How it is printed; `None` for a page of the web only.
    pub paper: Option<Paper>,
    /// The parts.
    pub blocks: Vec<Block>,
}

/// The blocks with what is only for the screen unpacked.
fn unpacked(blocks: &[Block]) -> Box<dyn Iterator<Item = &Block> + '_> {
    Box::new(blocks.iter().flat_map(|block| match block {
        Block::ScreenOnly(inner) => unpacked(inner),
        other => Box::new(std::iter::once(other)),
    }))
}

impl Document {
    /// Every block in order, what is only for the screen among them.
    pub fn parts(&self) -> impl Iterator<Item = &Block> {
        unpacked(&self.blocks)
    }

    /// The same document, printed on `paper`.
    #[must_use]
    pub fn on(mut self, paper: Paper) -> Self {
        self.paper = Some(paper);
        self
    }

    /// The figures, in order.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.parts().filter_map(|block| match block {
            Block::Figure(figure) => Some(&**figure),
            _ => None,
        })
    }

    /// The tables, in order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.parts().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
    }

    /// The headings of level 2 with their anchors, in order.
    pub fn headings(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parts().filter_map(|block| match block {
            Block::Heading { level: 2, text, anchor } => Some((text.as_str(), anchor.as_str())),
            _ => None,
        })
    }
}
