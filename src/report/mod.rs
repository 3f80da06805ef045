//! Reports in Swedish or English from an analysis: documents of blocks, then files. No input or output, no clock; the same analysis gives the same bytes.

mod builder;
mod country_view;
pub mod data_status;
pub mod dataset;
mod documents;
pub mod feed;
pub mod html;
pub mod model;
pub mod notebook;
#[cfg(feature = "pdf")]
pub mod pdf;
mod section;
pub mod share;
pub mod text;
mod view;
pub mod workbook;

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::analysis::Analysis;
use crate::backtest::BackTest;
use crate::chart::base_map::{BaseMap, Extent};
use crate::chart::{ChartError, png};
use crate::config::{AreaKind, Config};
use crate::figures::Figures;
use crate::language::{Language, say};
use crate::previous::Previous;
use model::{Document, MenuLink};
use view::Lookup;

pub(crate) use section::left_out::indicator_words;

/// Pixels per point of the PNG files.
const PNG_SCALE: f32 = 2.0;

/// What the reports of a run are made from.
#[derive(Clone, Debug)]
pub struct RunContext<'a> {
    /// The county's analysis.
    pub analysis: &'a Analysis,
    /// How earlier rankings agreed with what followed; `None` leaves out its page.
    pub back_test: Option<&'a BackTest>,
    /// The places of an earlier run; `None` leaves out what has happened since.
    pub previous: Option<&'a Previous>,
    /// The method and the lists in force.
    pub config: &'a Config,
    /// The figures, for their sources.
    pub figures: &'a Figures,
    /// Language of every document.
    pub language: Language,
    /// Which figures the run used, in that language: "medföljande siffror".
    pub data_status: String,
    /// Date of the run, ISO 8601.
    pub date: String,
    /// Version of the program.
    pub version: &'a str,
    /// Whether every chart is also written as PNG.
    pub png: bool,
    /// Whether every printed document is also written as PDF; nothing without the feature `pdf`.
    pub pdf: bool,
    /// Whether the share kit is made and linked.
    pub share: bool,
    /// Files that are written beside the reports.
    pub companions: Vec<Companion>,
    /// The outlines of all maps.
    pub maps: Arc<BaseMaps>,
}

/// The maps without their figures, projected when one is first asked for and then the same for every document of every county of the same figures.
#[derive(Debug, Default)]
pub struct BaseMaps(OnceLock<Vec<BaseMap>>);

impl BaseMaps {
    /// Those that `figures` have outlines for.
    pub fn of(&self, figures: &Figures) -> &[BaseMap] {
        self.0.get_or_init(|| {
            let maps = [Extent::Europe, Extent::World, Extent::Sweden].map(|extent| BaseMap::new(extent, figures.outlines_of(extent.key())));
            maps.into_iter().filter(|map| !map.shapes.is_empty()).collect()
        })
    }
}

/// A file for machines and spreadsheets that the start page tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Companion {
    /// Every table in one workbook.
    Workbook,
    /// Target markets for a web platform.
    Feed,
    /// What the run was made from.
    Archive,
    /// A notebook, in this place outside the run's folder.
    Notebook(String),
}

/// A file of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Path relative to the run's folder, with `/`.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// A report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A chart refused its numbers.
    #[error("{document}, {chart}: {source}\nhint: this is a fault in malmarknad; please report it with the command you ran")]
    Chart {
        /// The document.
        document: String,
        /// The chart.
        chart: &'static str,
        /// What the chart says.
        source: ChartError,
    },
    /// The page shell refused its values.
    #[error("{document}: {source}\nhint: this is a fault in malmarknad; please report it with the command you ran")]
    Page {
        /// The document.
        document: String,
        /// What the template engine says.
        source: minijinja::Error,
    },
    /// A document could not be typeset.
    #[cfg(feature = "pdf")]
    #[error("{file}: {source}\nhint: this is a fault in malmarknad; run without pdf among --formats to get everything else, and report it")]
    Pdf {
        /// The file.
        file: String,
        /// What the typesetter says.
        source: pdf::PdfError,
    },
    /// A chart could not become a picture.
    #[error("{file}: {source}\nhint: run without PNG files to get everything else")]
    Picture {
        /// The file.
        file: String,
        /// What the rasteriser says.
        source: ChartError,
    },
}

/// The documents of a run: the start page, one per strength area, one per industry, in the order of `areas.toml`, Sweden's counties, whether the ranking is supported, the follow-up, and one
/// per country of the first tier of any area.
///
/// # Errors
/// A chart refuses its numbers.
pub fn documents(run: &RunContext) -> Result<Vec<Document>, ReportError> {
    let lookup = Lookup::new(run);
    // The start page needs no chart; the areas are drawn side by side and kept in order.
    let areas: Vec<Document> = (0..run.config.areas.len())
        .into_par_iter()
        .map(|position| {
            let view = view::View::new(run, &lookup, position);
            match view.area.kind {
                AreaKind::Strength => documents::area(&view),
                AreaKind::Industry => documents::brief(&view),
            }
        })
        .collect::<Result<_, _>>()?;
    let mut all = vec![documents::index(run, &lookup), documents::steering(run, &lookup)?];
    all.extend(areas);
    all.push(documents::skills(run, &lookup)?);
    all.push(documents::influence(run)?);
    all.push(documents::counties(run, &lookup)?);
    if let Some(found) = run.back_test {
        all.push(documents::support(run, found)?);
    }
    all.push(documents::follow_up(run));
    let countries: Vec<country_view::CountryView> =
        lookup.first().keys().filter_map(|country| country_view::CountryView::new(run, &lookup, *country)).collect();
    let explained = crate::explain::Context::new(run.analysis, run.config, run.figures, run.language);
    let countries: Vec<Document> = countries.par_iter().map(|view| documents::country(view, &explained)).collect::<Result<_, _>>()?;
    all.extend(countries);
    Ok(all)
}

/// Every file of the reports: pages, and charts as SVG and (if asked for) PNG, sorted by path.
///
/// # Errors
/// A chart refuses its numbers, or cannot become a picture.
pub fn reports(run: &RunContext) -> Result<Vec<OutputFile>, ReportError> {
    let documents = documents(run)?;
    let language = run.language;
    let areas = run.config.areas.iter();
    let start = MenuLink { text: say!(language, sv: "Startsida", en: "Start page").to_owned(), file: "index.html".to_owned() };
    let steering = MenuLink { text: documents::steering_heading(language).to_owned(), file: format!("{}.html", documents::STEERING) };
    let menu: Vec<MenuLink> = [start, steering]
        .into_iter()
        .chain(areas.map(|area| MenuLink { text: view::area_name(area, language), file: format!("{}.html", view::stem(area)) }))
        .chain([MenuLink { text: documents::counties_heading(language).to_owned(), file: format!("{}.html", documents::COUNTIES) }])
        .chain(
            documents
                .iter()
                .any(|document| document.stem.starts_with("land-"))
                .then(|| MenuLink { text: say!(language, sv: "Alla länder", en: "All countries").to_owned(), file: "index.html#lander".to_owned() }),
        )
        .chain([
            MenuLink { text: documents::skills_heading(language).to_owned(), file: format!("{}.html", documents::SKILLS) },
            MenuLink { text: documents::influence_heading(language).to_owned(), file: format!("{}.html", documents::INFLUENCE) },
        ])
        .chain(
            run.back_test.map(|_| MenuLink { text: documents::support_heading(language).to_owned(), file: format!("{}.html", documents::SUPPORT) }),
        )
        .chain([MenuLink { text: documents::follow_up_heading(language).to_owned(), file: format!("{}.html", documents::FOLLOW_UP) }])
        .collect();
    let footer = footer(run);
    let shell = html::Shell { menu: &menu, version: run.version, footer: &footer, pdf: run.pdf };
    let pages = documents.par_iter().map(|document| {
        let page = html::html(document, &shell).map_err(|source| ReportError::Page { document: document.stem.clone(), source })?;
        Ok(OutputFile { path: format!("{}.html", document.stem), bytes: page.into_bytes() })
    });
    let figures: Vec<&model::Figure> = documents.iter().flat_map(Document::figures).collect();
    let pictures = figures.par_iter().filter(|_| run.png).map(|figure| picture(figure));
    let drawings = figures.par_iter().map(|figure| Ok(drawing(figure)));
    // The longest work first, beside the rest.
    let (printed, (shared, drawn)) = rayon::join(
        || printed(run, &documents, &footer),
        || {
            rayon::join(
                || if run.share { share::files(run) } else { Ok(Vec::new()) },
                || pages.chain(pictures).chain(drawings).collect::<Result<Vec<OutputFile>, ReportError>>(),
            )
        },
    );
    let mut files = drawn?;
    files.extend(printed?);
    files.extend(shared?);
    files.sort_by(|first, second| first.path.cmp(&second.path));
    Ok(files)
}

/// The page that compares the counties of a run, with its charts. `run` is that of any of them; `folder` says where a county's reports begin, as seen from
/// the page.
///
/// # Errors
/// A chart refuses its numbers, or cannot become a picture.
pub fn joint(run: &RunContext, joint: &crate::joint::Joint, folder: impl Fn(crate::code::County) -> String) -> Result<Vec<OutputFile>, ReportError> {
    let document = documents::joint(run, joint, folder)?;
    let menu = [MenuLink { text: say!(run.language, sv: "Startsida", en: "Start page").to_owned(), file: "index.html".to_owned() }];
    let footer = footer(run);
    let shell = html::Shell { menu: &menu, version: run.version, footer: &footer, pdf: false };
    let page = html::html(&document, &shell).map_err(|source| ReportError::Page { document: document.stem.clone(), source })?;
    let mut files = vec![OutputFile { path: format!("{}.html", document.stem), bytes: page.into_bytes() }];
    for figure in document.figures() {
        files.push(drawing(figure));
        if run.png {
            files.push(picture(figure)?);
        }
    }
    Ok(files)
}

/// The line at the foot of every page.
fn footer(run: &RunContext) -> String {
    let (version, date, status) = (run.version, run.language.date(&run.date), crate::chart::plain(&run.data_status));
    say!(run.language,
        sv: format!("malmarknad {version}. Siffror: {status}, hämtade senast {date}. Typsnittet Inter, © The Inter Project Authors, SIL Open Font License 1.1."),
        en: format!("malmarknad {version}. Data: {status}, retrieved by {date}. Typeface Inter, © The Inter Project Authors, SIL Open Font License 1.1."),
    )
}

fn drawing(figure: &model::Figure) -> OutputFile {
    let bytes = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", figure.svg).into_bytes();
    OutputFile { path: format!("{}.svg", figure.file), bytes }
}

fn picture(figure: &model::Figure) -> Result<OutputFile, ReportError> {
    let file = format!("{}.png", figure.file);
    let bytes = png(&figure.svg, PNG_SCALE).map_err(|source| ReportError::Picture { file: file.clone(), source })?;
    Ok(OutputFile { path: file, bytes })
}

/// No PDF without the feature.
#[cfg(not(feature = "pdf"))]
#[expect(clippy::unnecessary_wraps, reason = "as it is with the feature")]
fn printed(_run: &RunContext, _documents: &[Document], _footer: &str) -> Result<Vec<OutputFile>, ReportError> {
    Ok(Vec::new())
}

/// Every printed document as PDF, if asked for.
#[cfg(feature = "pdf")]
fn printed(run: &RunContext, documents: &[Document], footer: &str) -> Result<Vec<OutputFile>, ReportError> {
    let program = format!("malmarknad {}", run.version);
    let imprint = pdf::Imprint { footer, date: &run.date, program: &program };
    // One at a time, the longest first: no thread is left alone with the long ones.
    let mut printed: Vec<&Document> = documents.iter().filter(|document| run.pdf && document.paper.is_some()).collect();
    printed.sort_by_key(|document| std::cmp::Reverse(document.blocks.len()));
    let files = printed
        .par_iter()
        .with_max_len(1)
        .map(|document| {
            let path = format!("{}.pdf", document.stem);
            let bytes = pdf::pdf(document, &imprint).map_err(|source| ReportError::Pdf { file: path.clone(), source })?;
            Ok(OutputFile { path, bytes })
        })
        .collect();
    pdf::forget();
    files
}
