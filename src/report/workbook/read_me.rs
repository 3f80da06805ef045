//! The sheets that explain: what the workbook is, what every sheet and column holds, and how the sources are to be cited.

use rust_xlsxwriter::{Format, Url, Worksheet, XlsxError};

use super::super::RunContext;
use super::super::documents::TABLES;
use super::super::section::answer::two_lists;
use super::super::section::sources::{citations, heading as sources_heading};
use super::super::view::county_name;
use super::{charts, sheet_name, text};
use crate::chart::plain;
use crate::language::{Language, say};
use crate::table::Table;

/// Name of the first sheet.
pub fn name(language: Language) -> &'static str {
    say!(language, sv: "Läs mig", en: "Read me")
}

/// Name of the sheet with the columns.
pub fn columns_name(language: Language) -> &'static str {
    say!(language, sv: "Kolumner", en: "Columns")
}

/// Widths of the first sheet's columns, in characters.
const WIDTHS: [f64; 6] = [34.0, 76.0, 28.0, 44.0, 60.0, 20.0];
/// Height of a line in points.
const LINE: f64 = 15.0;

/// A row after the other.
struct Lines {
    sheet: Worksheet,
    row: u32,
    bold: Format,
    wrapped: Format,
}

impl Lines {
    /// Makes the row as high as its wrapped texts need: not every program does so by itself.
    fn fit(&mut self, first: usize, cells: &[&str]) -> Result<(), XlsxError> {
        let needed = |(place, words): (usize, &&str)| (words.chars().count() as f64 * 1.1 / WIDTHS[(first + place).min(WIDTHS.len() - 1)]).ceil();
        let lines = cells.iter().enumerate().map(needed).fold(1.0, f64::max);
        if lines > 1.0 {
            self.sheet.set_row_height(self.row, lines * LINE)?;
        }
        Ok(())
    }

    fn heading(&mut self, words: &str) -> Result<(), XlsxError> {
        self.row += 1;
        self.cells(&[words], true)
    }

    fn cells(&mut self, cells: &[&str], strong: bool) -> Result<(), XlsxError> {
        if !strong {
            self.fit(0, cells)?;
        }
        let format = if strong { &self.bold } else { &self.wrapped };
        for (place, words) in cells.iter().enumerate() {
            self.sheet.write_string_with_format(self.row, place as u16, text(words), format)?;
        }
        self.row += 1;
        Ok(())
    }

    /// A row whose first cell leads to a sheet.
    fn leading(&mut self, to: &str, rest: &[&str]) -> Result<(), XlsxError> {
        self.fit(1, rest)?;
        let link = Url::new(format!("internal:'{}'!A1", to.replace('\'', "''"))).set_text(to);
        self.sheet.write_url(self.row, 0, link)?;
        for (place, words) in rest.iter().enumerate() {
            self.sheet.write_string_with_format(self.row, place as u16 + 1, text(words), &self.wrapped)?;
        }
        self.row += 1;
        Ok(())
    }
}

/// The first sheet.
pub fn read_me(run: &RunContext, tables: &[Table]) -> Result<Worksheet, XlsxError> {
    let language = run.language;
    let mut sheet = Worksheet::new();
    sheet.set_name(name(language))?;
    for (place, width) in WIDTHS.into_iter().enumerate() {
        sheet.set_column_width(place as u16, width)?;
    }
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    let (county, year) = (county_name(run), run.analysis.year);
    let title = say!(language, sv: format!("Målmarknader för {county} {year}"), en: format!("Target markets for {county} {year}"));
    sheet.write_string_with_format(0, 0, text(&title), &Format::new().set_bold().set_font_size(16))?;
    let wrapped = Format::new().set_text_wrap().set_align(rust_xlsxwriter::FormatAlign::Top);
    let top = Format::new().set_bold().set_align(rust_xlsxwriter::FormatAlign::Top);
    let mut lines = Lines { sheet, row: 2, bold: Format::new().set_bold(), wrapped };

    let status = plain(&run.data_status);
    let (date, version) = (language.date(&run.date), plain(run.version));
    let what = say!(language,
        sv: "Alla tabeller bakom rapporterna om länets bristyrken och vilka länder och svenska län det kan vända sig till.",
        en: "All tables behind the reports on the county’s shortage occupations and on the countries and Swedish counties that it can turn to.",
    );
    let facts = [
        (say!(language, sv: "Vad är detta?", en: "What is this?"), what.to_owned()),
        (say!(language, sv: "Län", en: "County"), county),
        (say!(language, sv: "År", en: "Year"), year.to_string()),
        (say!(language, sv: "Datum", en: "Date"), date),
        (say!(language, sv: "Siffror", en: "Data"), status),
        (say!(language, sv: "Program", en: "Program"), format!("malmarknad {version}")),
        (say!(language, sv: "De två listorna", en: "The two lists"), two_lists(language).to_owned()),
        (
            say!(language, sv: "Så läses en plats", en: "How to read a rank"),
            say!(language,
                sv: "Läs alltid en plats (rank_median) med dess intervall (rank_p05 till rank_p95). Inom en grupp (tier) kan marknaderna inte skiljas åt.",
                en: "Always read a rank (rank_median) with its interval (rank_p05 to rank_p95). Inside a tier the markets cannot be told apart.",
            )
            .to_owned(),
        ),
        (
            say!(language, sv: "Så läses cellerna", en: "How to read the cells"),
            say!(language,
                sv: "En tom cell betyder att uppgift saknas; noll är noll. Koder är text och behåller sina inledande nollor. En text som hade kunnat tas för en formel börjar med en apostrof.",
                en: "An empty cell means that the figure is missing; zero is zero. Codes are text and keep their leading zeros. Text that could be taken for a formula begins with an apostrophe. Names and ratings in the tables are in Swedish.",
            )
            .to_owned(),
        ),
    ];
    for (head, words) in facts {
        lines.fit(1, &[&words])?;
        lines.sheet.write_string_with_format(lines.row, 0, head, &top)?;
        lines.sheet.write_string_with_format(lines.row, 1, text(&words), &lines.wrapped)?;
        lines.row += 1;
    }

    lines.heading(say!(language, sv: "Bladen", en: "The sheets"))?;
    lines.cells(
        &say!(language, sv: ["Blad", "Innehåll", "Fil i mappen data", "Rader"], en: ["Sheet", "Content", "File in the folder data", "Rows"]),
        true,
    )?;
    lines.leading(
        columns_name(language),
        &[say!(language, sv: "Vad varje kolumn i tabellerna håller, på engelska som i filerna", en: "What each column of the tables holds")],
    )?;
    for (sheet, content) in charts::contents(language) {
        lines.leading(sheet, &[content])?;
    }
    for table in tables {
        let content =
            TABLES.iter().find(|(name, ..)| *name == table.name).map_or(table.title, |(_, swedish, english)| language.pick(swedish, english));
        lines.leading(&sheet_name(table.name, language), &[content, &format!("{}.csv", table.name)])?;
        let row = lines.row - 1;
        lines.sheet.write_number(row, 3, table.rows() as f64)?;
    }

    lines.heading(sources_heading(language))?;
    let cite = say!(language,
        sv: "Den som återanvänder siffrorna ska ange källan så som den visas här.",
        en: "Anyone who reuses the figures must cite the source as shown here.",
    );
    lines.sheet.write_string(lines.row, 0, cite)?;
    lines.row += 1;
    lines.cells(
        &say!(language,
            sv: ["Utgivare", "Titel", "Licens", "Så anges källan", "Adress", "Hämtad"],
            en: ["Publisher", "Title", "Licence", "How to cite the source", "Address", "Retrieved"],
        ),
        true,
    )?;
    for citation in citations(run) {
        let retrieved = language.date(&citation.retrieved);
        lines.cells(&[&citation.publisher, &citation.title, &citation.licence, &citation.attribution, &citation.url, &retrieved], false)?;
    }
    Ok(lines.sheet)
}

/// The sheet with what each column holds.
pub fn columns(run: &RunContext, tables: &[Table]) -> Result<Worksheet, XlsxError> {
    let language = run.language;
    let mut sheet = Worksheet::new();
    sheet.set_name(columns_name(language))?;
    for (place, width) in [26.0, 24.0, 12.0, 90.0].into_iter().enumerate() {
        sheet.set_column_width(place as u16, width)?;
    }
    let bold = Format::new().set_bold();
    let heads = say!(language, sv: ["Blad", "Kolumn", "Slag", "Vad den håller (på engelska)"], en: ["Sheet", "Column", "Kind", "What it holds"]);
    for (place, head) in heads.into_iter().enumerate() {
        sheet.write_string_with_format(0, place as u16, head, &bold)?;
    }
    let mut row = 1;
    for table in tables {
        for column in &table.columns {
            let kind = match column.values.kind() {
                "string" => say!(language, sv: "text", en: "text"),
                "number" => say!(language, sv: "tal", en: "number"),
                "integer" => say!(language, sv: "heltal", en: "whole number"),
                _ => say!(language, sv: "ja/nej", en: "yes/no"),
            };
            for (place, words) in [sheet_name(table.name, language).as_str(), column.name, kind, column.description].into_iter().enumerate() {
                sheet.write_string(row, place as u16, text(words))?;
            }
            row += 1;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    if row > 1 {
        sheet.autofilter(0, 0, row - 1, 3)?;
    }
    Ok(sheet)
}
