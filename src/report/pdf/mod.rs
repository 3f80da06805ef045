//! One PDF per printed document, typeset by Typst: tagged for everyone to read (PDF/UA-1), for the archive (PDF/A-3a), with the numbers of its tables and
//! figures attached as CSV. The page is `shell.typ`; what it prints comes to it as strings, never as markup.

mod columns;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use serde_json::{Value, json};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::model::{Block, Cell, Document, Figure, FigureData, Grid, Inline, Origin, Paper, Prose};
use super::text::first_day;
use crate::chart::{INTER_REGULAR, INTER_SEMI_BOLD, has_glyph};
use crate::language::{Language, say};

/// Where the text, the charts and the attachments are, seen from the page.
const SHELL: &str = "/shell.typ";
const DATA: &str = "/document.json";

/// Width of the text on the page (A4 with margins of 20 mm) in points.
const TEXT_WIDTH: f64 = 170.0 / 25.4 * 72.0;
/// Size of the text of tables in points, on many pages and on one sheet.
const REPORT_TABLE_SIZE: f64 = 8.5;
const SHEET_TABLE_SIZE: f64 = 8.0;

static FONTS: LazyLock<Vec<Font>> =
    LazyLock::new(|| [INTER_REGULAR, INTER_SEMI_BOLD].into_iter().filter_map(|data| Font::new(Bytes::new(data), 0)).collect());
static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));
static LIBRARY: LazyLock<LazyHash<Library>> =
    LazyLock::new(|| LazyHash::new(Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build()));

/// What all PDF files of a run share.
#[derive(Clone, Debug)]
pub struct Imprint<'a> {
    /// Line at the foot of every page.
    pub footer: &'a str,
    /// Date of the run, ISO 8601.
    pub date: &'a str,
    /// Program and version.
    pub program: &'a str,
}

/// A document could not be typeset.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct PdfError(String);

impl PdfError {
    fn of(diagnostics: &[SourceDiagnostic]) -> Self {
        let mut text = String::new();
        for found in diagnostics {
            let separator = if text.is_empty() { "" } else { "; " };
            // Writing to a string cannot fail.
            let _ = write!(text, "{separator}{}", found.message);
            for hint in &found.hints {
                let _ = write!(text, " ({})", hint.v);
            }
        }
        Self(text)
    }
}

/// The document as PDF/UA-1 and PDF/A-3a. The same document gives the same bytes.
///
/// # Errors
/// Typst refuses the page, or the standards refuse what is on it: a fault in the program.
pub fn pdf(document: &Document, imprint: &Imprint) -> Result<Vec<u8>, PdfError> {
    let laid = |tight| -> Result<PagedDocument, PdfError> {
        typst::compile::<PagedDocument>(&Page::new(document, imprint, tight)?).output.map_err(|found| PdfError::of(&found))
    };
    let mut laid_out = laid(false)?;
    // What is handed out is one sheet: long names, as those in English, must not give it a third page.
    if document.paper == Some(Paper::Sheet) && laid_out.pages().len() > SHEET_PAGES {
        laid_out = laid(true)?;
    }
    let standards = PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_3a]).map_err(|found| PdfError(found.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(format!("malmarknad {} {} {}", document.stem, document.language.tag(), document.title)),
        creator: Smart::Custom(Some(imprint.program.to_owned())),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&laid_out, &options).map_err(|found| PdfError::of(&found))
}

/// Frees what was kept for typesetting the documents of a run, while other work goes on.
pub fn forget() {
    rayon::spawn(|| typst::comemo::evict(0));
}

/// Pages of a sheet.
const SHEET_PAGES: usize = 2;

/// One document as Typst's world: the shell, the document's text, its charts and attachments; nothing else can be read.
struct Page {
    main: Source,
    files: BTreeMap<String, Bytes>,
}

/// A path inside the page's world.
fn file_id(path: &str) -> Result<FileId, PdfError> {
    let path = VirtualPath::new(path).map_err(|error| PdfError(format!("{path}: {error:?}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl Page {
    fn new(document: &Document, imprint: &Imprint, tight: bool) -> Result<Self, PdfError> {
        let mut files = BTreeMap::new();
        let mut text = document_json(document, imprint, &mut files)?;
        text["tight"] = tight.into();
        files.insert(DATA.to_owned(), Bytes::from_string(text.to_string()));
        Ok(Self { main: Source::new(file_id(SHELL)?, include_str!("shell.typ").to_owned()), files })
    }
}

impl World for Page {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(id.vpath().get_with_slash()).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Text of signs that the embedded typeface has; another one becomes □, since a PDF for everyone may not hold a sign that it cannot show.
fn shown(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_control() || *character == '\n')
        .map(|character| if has_glyph(character) || character == '\n' { character } else { '□' })
        .collect()
}

/// Letters after which a word may be broken, in a word that is too long for a line.
const SYLLABLE: usize = 16;
/// The longest word that is left whole.
const LONGEST_WORD: usize = 40;

/// The same for running text: a word too long for any line may be broken.
fn told(text: &str) -> String {
    let mut words = Vec::new();
    for word in shown(text).split(' ') {
        let letters: Vec<char> = word.chars().collect();
        if letters.len() > LONGEST_WORD {
            words.push(letters.chunks(SYLLABLE).map(|part| part.iter().collect::<String>()).collect::<Vec<String>>().join("\u{ad}"));
        } else {
            words.push(word.to_owned());
        }
    }
    words.join(" ")
}

/// The document's anchors that a link may point to.
fn anchors(document: &Document) -> Vec<String> {
    let mut anchors = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Heading { anchor, .. } => anchors.push(anchor.clone()),
            Block::Answer { .. } => anchors.push("svaret".to_owned()),
            Block::Table(table) => anchors.push(format!("tabell-{}", table.number)),
            Block::Figure(figure) => anchors.push(format!("figur-{}", figure.number)),
            Block::Paragraph(_) | Block::List(_) | Block::Note(_) | Block::ScreenOnly(_) | Block::Weigh(_) => {}
        }
    }
    anchors
}

/// Turns blocks into what the shell reads.
struct Writer<'a> {
    language: Language,
    /// Size of the text of tables, in points.
    table_size: f64,
    anchors: Vec<String>,
    files: &'a mut BTreeMap<String, Bytes>,
    attachments: Vec<Value>,
}

fn document_json(document: &Document, imprint: &Imprint, files: &mut BTreeMap<String, Bytes>) -> Result<Value, PdfError> {
    let date = first_day(imprint.date).ok_or_else(|| PdfError(format!("{} is no date", shown(imprint.date))))?;
    let language = document.language;
    let sheet = document.paper == Some(Paper::Sheet);
    let table_size = if sheet { SHEET_TABLE_SIZE } else { REPORT_TABLE_SIZE };
    let mut writer = Writer { language, table_size, anchors: anchors(document), files, attachments: Vec::new() };
    let mut blocks: Vec<Value> = document.blocks.iter().filter_map(|block| writer.block(block).transpose()).collect::<Result<_, _>>()?;
    if document.paper == Some(Paper::Report) {
        blocks.extend(writer.numbers_of_figures(document));
    }
    Ok(json!({
        "title": shown(&document.title),
        "heading": told(&document.heading),
        "description": shown(&document.lead.plain()),
        "author": imprint.program,
        "date": [i32::from(date.year()), i32::from(date.month()), i32::from(date.day())],
        "language": language.tag(),
        "sheet": sheet,
        "table_size": table_size,
        "footer": shown(imprint.footer),
        "words": {
            "table": say!(language, sv: "Tabell", en: "Table"),
            "figure": say!(language, sv: "Figur", en: "Figure"),
        },
        "lead": writer.prose(&document.lead),
        "blocks": blocks,
        "attachments": writer.attachments,
    }))
}

impl Writer<'_> {
    fn prose(&self, text: &Prose) -> Value {
        text.0.iter().map(|run| self.inline(run)).collect()
    }

    /// A link to another file of the run is plain text: a PDF travels alone.
    fn inline(&self, run: &Inline) -> Value {
        match run {
            Inline::Text(text) => json!({ "kind": "text", "text": told(text) }),
            Inline::Strong(text) => json!({ "kind": "strong", "text": told(text) }),
            Inline::Link { text, target } => {
                let web = target.starts_with("https://") || target.starts_with("http://");
                match target.strip_prefix('#').filter(|anchor| self.anchors.iter().any(|known| known == anchor)) {
                    Some(anchor) => json!({ "kind": "anchor", "text": told(text), "target": anchor }),
                    None if web => json!({ "kind": "web", "text": told(text), "target": target }),
                    None => json!({ "kind": "text", "text": told(text) }),
                }
            }
            Inline::In(language, inner) => {
                let mut value = self.inline(inner);
                value["language"] = language.tag().into();
                value
            }
        }
    }

    fn plain(&self, text: impl Into<Prose>) -> Value {
        self.prose(&text.into())
    }

    /// What the shell prints; nothing of what is for the screen only.
    fn block(&mut self, block: &Block) -> Result<Option<Value>, PdfError> {
        Ok(Some(match block {
            Block::Heading { level, text, anchor } => {
                json!({ "kind": "heading", "level": (*level).clamp(2, 6), "text": told(text), "anchor": anchor })
            }
            Block::Paragraph(text) => json!({ "kind": "paragraph", "text": self.prose(text) }),
            Block::Note(text) => json!({ "kind": "note", "text": self.prose(text) }),
            Block::Answer { heading, paragraphs } => {
                let paragraphs: Vec<Value> = paragraphs.iter().map(|text| self.prose(text)).collect();
                json!({ "kind": "answer", "heading": told(heading), "paragraphs": paragraphs })
            }
            Block::List(items) => {
                let items: Vec<Value> = items.iter().map(|item| self.prose(item)).collect();
                json!({ "kind": "list", "items": items })
            }
            Block::Table(table) => {
                self.attach(&format!("tabell-{}", table.number), &table.title, &table.grid)?;
                let notes = table.notes.iter().cloned().chain(table.grid.meaning_of_dash(self.language).map(Prose::from));
                let notes: Vec<Value> = notes.map(|note| self.prose(&note)).collect();
                json!({
                    "kind": "table",
                    "number": table.number,
                    "title": told(&table.title),
                    "grid": self.grid(&table.grid),
                    "notes": notes,
                    "origin": self.origin(&table.origin),
                })
            }
            Block::Figure(figure) => self.figure(figure)?,
            Block::ScreenOnly(_) | Block::Weigh(_) => return Ok(None),
        }))
    }

    fn figure(&mut self, figure: &Figure) -> Result<Value, PdfError> {
        let file = format!("/figur-{}.svg", figure.number);
        self.files.insert(file.clone(), Bytes::from_string(shown(&figure.svg)));
        if let FigureData::Own(grid) = &figure.data {
            self.attach(&format!("figur-{}", figure.number), &figure.title, grid)?;
        }
        let mut caption = figure.caption.clone();
        if let FigureData::Table(number) = figure.data {
            let language = self.language;
            caption = caption
                .text(say!(language, sv: " Siffrorna står i ", en: " The numbers are in "))
                .link(say!(language, sv: format!("tabell {number}"), en: format!("table {number}")), format!("#tabell-{number}"));
            caption = caption.text(".");
        }
        Ok(json!({
            "kind": "figure",
            "number": figure.number,
            "title": told(&figure.title),
            "caption": self.prose(&caption),
            "alternative": shown(&figure.alternative),
            "file": file,
            "origin": self.origin(&figure.origin),
        }))
    }

    fn origin(&self, origin: &Origin) -> Value {
        self.prose(&origin.line(self.language))
    }

    fn grid(&self, grid: &Grid) -> Value {
        let widths = columns::widths(grid, self.language, TEXT_WIDTH, self.table_size);
        let columns: Vec<Value> = grid
            .columns
            .iter()
            .zip(widths)
            .map(|(column, width)| {
                let mut value =
                    json!({ "head": told(&column.head), "numeric": column.numeric, "width": width.points, "hyphenated": width.hyphenated });
                if let Some(unit) = &column.unit {
                    value["unit"] = shown(unit).into();
                }
                value
            })
            .collect();
        let rows: Vec<Vec<Value>> = grid.rows.iter().map(|row| row.iter().map(|cell| self.cell(cell)).collect()).collect();
        json!({ "columns": columns, "rows": rows })
    }

    fn cell(&self, cell: &Cell) -> Value {
        match cell {
            Cell::Prose(text) => self.prose(text),
            other => self.plain(other.text(self.language)),
        }
    }

    /// The tables under the figures of the web page, at the end of a printed report.
    fn numbers_of_figures(&self, document: &Document) -> Vec<Value> {
        let language = self.language;
        let own = document.blocks.iter().filter_map(|block| match block {
            Block::Figure(figure) => match &figure.data {
                FigureData::Own(grid) => Some((&**figure, grid)),
                FigureData::Table(_) => None,
            },
            _ => None,
        });
        let own: Vec<(&Figure, &Grid)> = own.collect();
        if own.is_empty() {
            return Vec::new();
        }
        let heading = say!(language, sv: "Siffrorna i figurerna", en: "The numbers in the figures");
        let mut blocks = vec![json!({ "kind": "heading", "level": 2, "text": heading, "anchor": "siffror" })];
        for (figure, grid) in own {
            let notes: Vec<Value> = grid.meaning_of_dash(language).into_iter().map(|note| self.plain(note)).collect();
            blocks.push(json!({
                "kind": "numbers",
                "number": figure.number,
                "title": told(&figure.title),
                "grid": self.grid(grid),
                "notes": notes,
            }));
        }
        blocks
    }

    /// Attaches a table's numbers as the page has them: exact shares would tell the small counts that the page does not.
    fn attach(&mut self, name: &str, title: &str, grid: &Grid) -> Result<(), PdfError> {
        let path = format!("/{name}.csv");
        let csv = grid.csv(self.language).map_err(|error| PdfError(format!("{name}.csv: {error}")))?;
        self.files.insert(path.clone(), Bytes::new(csv));
        self.attachments.push(json!({ "path": path, "description": shown(title) }));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::{Column, Table};
    use super::*;

    const HOSTILE: [&str; 6] =
        ["#let x = 1", "[#panic(1)] $a$ *b* @ref `c`", "\\u{41} \"quoted\" </svg>", "=cmd|' /C calc'!A0", "a\u{202e}b\u{0}c \u{1f600} العربية", "-"];

    fn document(text: &str, paper: Paper) -> Document {
        let long = "lång".repeat(125);
        let prose = || Prose::new().strong(text).link(text, "#nowhere").link(text, "https://example.org/").text(long.clone());
        let grid = Grid {
            columns: vec![Column::text(text), Column::number("Poäng", "1–100")],
            rows: vec![
                vec![Cell::Text(text.to_owned()), Cell::Number { value: 12.345, decimals: 1 }],
                vec![Cell::Prose(prose()), Cell::Missing { reason: "prov" }],
            ],
        };
        let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 90 20\"><text x=\"1\" y=\"12\">{}</text></svg>", "العربية");
        let figure = Figure {
            number: 1,
            title: text.to_owned(),
            caption: prose(),
            alternative: text.to_owned(),
            svg,
            file: "diagram/prov".to_owned(),
            png: false,
            data: FigureData::Own(grid.clone()),
            origin: Origin::default(),
        };
        Document {
            stem: "prov".to_owned(),
            title: text.to_owned(),
            heading: text.to_owned(),
            lead: prose(),
            language: Language::Swedish,
            contents: false,
            paper: Some(paper),
            blocks: vec![
                Block::Answer { heading: "Svaret".to_owned(), paragraphs: vec![prose()] },
                Block::Heading { level: 2, text: text.to_owned(), anchor: "a".to_owned() },
                Block::List(vec![prose()]),
                Block::Note(prose()),
                Block::Table(Table { number: 1, title: text.to_owned(), grid, notes: vec![prose()], origin: Origin::default() }),
                Block::Figure(Box::new(figure)),
                Block::ScreenOnly(vec![Block::Paragraph(prose())]),
            ],
        }
    }

    #[test]
    fn hostile_text_is_printed_and_nothing_else_and_the_same_every_time() {
        let imprint = Imprint { footer: "#panic()", date: "2026-08", program: "malmarknad" };
        for text in HOSTILE {
            for paper in [Paper::Report, Paper::Sheet] {
                let once = pdf(&document(text, paper), &imprint).unwrap_or_else(|error| panic!("{text}: {error}"));
                assert!(once.starts_with(b"%PDF"));
                assert!(once == pdf(&document(text, paper), &imprint).unwrap(), "{text}");
            }
        }
    }

    #[test]
    fn a_word_longer_than_a_line_may_be_broken_and_an_unknown_sign_is_a_box() {
        assert_eq!(told(&"a".repeat(41)).matches('\u{ad}').count(), 2);
        assert_eq!(told("Restaurang- och köksbiträden"), "Restaurang- och köksbiträden");
        assert_eq!(shown("日\u{0}a"), "□a");
    }

    #[test]
    fn what_is_no_date_is_an_error_and_never_another_date() {
        let imprint = Imprint { footer: "", date: "2026-13", program: "malmarknad" };
        assert!(pdf(&document("Polen", Paper::Sheet), &imprint).unwrap_err().to_string().contains("2026-13 is no date"));
    }

    #[test]
    fn attached_numbers_are_those_of_the_page_and_no_formula() {
        let values = [Cell::Number { value: 1234.565, decimals: 1 }, Cell::Number { value: -0.04, decimals: 0 }, Cell::Count(1500)];
        let words = [Cell::SmallCount { most: 4 }, Cell::UnderOne, Cell::Missing { reason: "prov" }, Cell::Text("a,\"b\"".to_owned())];
        let row: Vec<Cell> = values.into_iter().chain(words).collect();
        let columns = row.iter().map(|_| Column::text("=A1")).collect();
        let csv = String::from_utf8(Grid { columns, rows: vec![row] }.csv(Language::Swedish).unwrap()).unwrap();
        assert_eq!(csv.lines().nth(1).unwrap(), "1234.6,0,1500,1–4,<1,,\"a,\"\"b\"\"\"");
        assert!(csv.starts_with("'=A1,"));
    }
}
