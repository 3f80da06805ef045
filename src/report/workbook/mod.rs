//! The run as one workbook (`tabeller.xlsx`): a sheet that explains, sheets with native charts, and every table on a sheet of its own, cell for cell as its CSV.

mod charts;
mod read_me;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, IgnoreError, Table as SheetTable, TableColumn, TableStyle, Workbook, Worksheet, XlsxError,
};

use super::RunContext;
use super::text::first_day;
use super::view::county_name;
use crate::language::{Language, say};
use crate::table::{Column, Table, TableError, Values, inert};

/// The workbook's name in the run's folder.
pub const FILE: &str = "tabeller.xlsx";

/// The most that a cell of the format can hold, in UTF-16 units.
const LONGEST: usize = 32_767;
/// Width of a column, in characters.
const WIDTHS: (usize, usize) = (9, 48);
/// Rows that are looked at for the width of a column.
const SAMPLE: usize = 400;

/// Of deflate's levels 1–9.
const COMPRESSION: u8 = 2;

/// A workbook could not be made.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// A table holds what no table may hold.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The format has no room, or the writer refused.
    #[error("the workbook, sheet {sheet}: {reason}\nhint: leave it out with --formats csv,parquet,html,png to get everything else")]
    Write {
        /// The sheet.
        sheet: String,
        /// The writer's words.
        reason: String,
    },
}

/// Names of the tables' sheets in Swedish and in English.
const SHEETS: [(&str, &str, &str); 22] = [
    ("demand", "Brist i länet", "Shortage"),
    ("area_occupations", "Områdenas yrken", "Area occupations"),
    ("crosswalk", "Yrkeskoder", "Occupation codes"),
    ("supply", "Utbud", "Supply"),
    ("indicators", "Indikatorer", "Indicators"),
    ("fit", "Matchning", "Fit"),
    ("markets", "Rangordning", "Ranking"),
    ("gender", "Kvinnor och män", "Women and men"),
    ("gender_ranks", "Platser efter kön", "Ranks by sex"),
    ("occupation_places", "Länens platser per yrke", "Counties by occupation"),
    ("sensitivity", "Vad som avgör", "What decides"),
    ("foothold", "Fäste här", "Foothold"),
    ("influence", "Lönegolv och regler", "Pay floor and rules"),
    ("skilled_needs", "Nulägesanalys", "Skilled needs"),
    ("skilled_pools", "Nulägesanalys, länder", "Skilled needs, countries"),
    ("open_ads", "Öppna annonser", "Open ads"),
    ("backtest", "Prövning", "Back-test"),
    ("backtest_differences", "Prövning, skillnader", "Back-test, differences"),
    ("backtest_leaks", "Prövning, senare siffror", "Back-test, later figures"),
    ("changes", "Ändringar", "Changes"),
    ("follow_up", "Uppföljning", "Follow-up"),
    ("sources", "Källor", "Sources"),
];

/// The sheet of a table; one that has no name of its own is called as its file.
#[must_use]
pub fn sheet_name(table: &str, language: Language) -> String {
    let named = SHEETS.iter().find(|(name, ..)| *name == table);
    named.map_or_else(|| table.chars().take(31).collect(), |(_, swedish, english)| language.pick(swedish, english).to_owned())
}

/// A table of more rows has filters and no frame: the library remembers each cell of a frame, which for a million cells was a fifth of the workbook's time.
const FRAMED: usize = 10_000;

/// The workbook's bytes, the same for the same run.
///
/// # Errors
/// A number that is not finite, or more rows than a sheet can hold.
pub fn workbook(run: &RunContext, tables: &[Table]) -> Result<Vec<u8>, WorkbookError> {
    let refused = |sheet: &str| {
        let sheet = sheet.to_owned();
        move |error: XlsxError| WorkbookError::Write { sheet, reason: error.to_string() }
    };
    let mut sheets = vec![read_me::read_me(run, tables).map_err(refused("read me"))?];
    sheets.push(read_me::columns(run, tables).map_err(refused("columns"))?);
    sheets.extend(charts::sheets(run).map_err(refused("charts"))?);
    let mut book = Workbook::new();
    // The default takes more than twice as long for files that are a seventh smaller.
    book.set_zip_compression_level(COMPRESSION);
    book.set_properties(&properties(run)?);
    for sheet in sheets {
        book.push_worksheet(sheet);
    }
    // Two million cells: their rows wait in temporary files. One table after another, so that the strings are numbered alike in every run.
    for table in tables {
        table.check()?;
        let mut sheet = book.new_worksheet_with_low_memory().map_err(refused(table.name))?;
        fill(&mut sheet, table, run.language).map_err(refused(table.name))?;
        book.push_worksheet(sheet);
    }
    book.save_to_buffer().map_err(refused(FILE))
}

/// What the file says of itself. Its date is the run's, never the clock's.
fn properties(run: &RunContext) -> Result<DocProperties, WorkbookError> {
    let language = run.language;
    let (county, year) = (county_name(run), run.analysis.year);
    let wrong = |reason: String| WorkbookError::Write { sheet: FILE.to_owned(), reason };
    let day = first_day(&run.date).ok_or_else(|| wrong(format!("{} is no date", crate::chart::plain(&run.date))))?;
    let date = ExcelDateTime::from_ymd(day.year().unsigned_abs(), day.month().unsigned_abs(), day.day().unsigned_abs())
        .map_err(|error| wrong(error.to_string()))?;
    let properties = DocProperties::new()
        .set_title(say!(language, sv: format!("Målmarknader för {county} {year}: alla tabeller"), en: format!("Target markets for {county} {year}: all tables")))
        .set_subject(say!(language, sv: "Bristyrken och målmarknader", en: "Shortage occupations and target markets"))
        .set_author("malmarknad")
        .set_comment(say!(language, sv: "Första bladet förklarar innehållet.", en: "The first sheet explains the content."))
        .set_custom_property(say!(language, sv: "Språk", en: "Language"), language.tag())
        .set_creation_datetime(&date);
    Ok(properties)
}

/// Text as the CSV has it, cut where a cell has no room for it.
fn text(value: &str) -> std::borrow::Cow<'_, str> {
    let safe = inert(value);
    if safe.len() <= LONGEST || safe.encode_utf16().count() <= LONGEST {
        return safe;
    }
    let mut units = 0;
    let kept = safe.chars().take_while(|character| {
        units += character.len_utf16();
        units < LONGEST
    });
    let mut cut: String = kept.collect();
    cut.push('…');
    cut.into()
}

/// How many characters a column asks for, judged by its first rows.
fn width(column: &Column) -> f64 {
    let rows = column.values.len().min(SAMPLE);
    let content = match &column.values {
        Values::Text(values) => values[..rows].iter().flatten().map(|text| text.chars().count()).max().unwrap_or(0),
        // A long fraction is shown shortened to its column.
        Values::Number(_) => 11,
        Values::Whole(values) => values[..rows].iter().flatten().map(|value| value.to_string().len()).max().unwrap_or(0),
        Values::Truth(_) => 6,
    };
    // The filter's button stands beside the head.
    let head = column.name.chars().count() + 4;
    (content + 2).max(head).clamp(WIDTHS.0, WIDTHS.1) as f64
}

/// Makes a table's sheet: head in the first row, frozen and with filters, and the rows. Codes are text, numbers are numbers, what is missing is no cell.
fn fill(sheet: &mut Worksheet, table: &Table, language: Language) -> Result<(), XlsxError> {
    sheet.set_name(sheet_name(table.name, language))?;
    let head = Format::new().set_bold();
    let last = u32::try_from(table.rows()).map_err(|_| XlsxError::RowColumnLimitError)?;
    for (position, column) in table.columns.iter().enumerate() {
        let place = u16::try_from(position).map_err(|_| XlsxError::RowColumnLimitError)?;
        sheet.set_column_width(place, width(column))?;
        sheet.write_string_with_format(0, place, column.name, &head)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    let columns = table.columns.len() as u16;
    if last > 0 && columns > 0 {
        if table.rows() <= FRAMED {
            let headers: Vec<TableColumn> = table.columns.iter().map(|column| TableColumn::new().set_header(column.name)).collect();
            let (_, swedish, english) = super::documents::TABLES.iter().find(|(name, ..)| *name == table.name).unwrap_or(&("", "", ""));
            let frame = SheetTable::new()
                .set_name(format!("t_{}", table.name))
                .set_style(TableStyle::Light1)
                .set_columns(&headers)
                .set_alt_text_title(sheet_name(table.name, language))
                .set_alt_text(language.pick(swedish, english));
            sheet.add_table(0, 0, last, columns - 1, &frame)?;
        } else {
            sheet.autofilter(0, 0, last, columns - 1)?;
        }
        // Codes are text on purpose, leading zeros and all.
        sheet.ignore_error_range(1, 0, last, columns - 1, IgnoreError::NumberStoredAsText)?;
    }
    // Row by row after all else, as what is written goes to the file.
    for row in 0..table.rows() {
        let line = row as u32 + 1;
        for (position, column) in table.columns.iter().enumerate() {
            let place = position as u16;
            match &column.values {
                Values::Text(values) => values[row].as_ref().map(|value| sheet.write_string(line, place, text(value)).map(drop)),
                Values::Number(values) => values[row].map(|value| sheet.write_number(line, place, value).map(drop)),
                Values::Whole(values) => values[row].map(|value| sheet.write_number(line, place, crate::demand::exact(value)).map(drop)),
                Values::Truth(values) => values[row].map(|value| sheet.write_boolean(line, place, value).map(drop)),
            }
            .transpose()?;
        }
    }
    Ok(())
}
