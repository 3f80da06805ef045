//! The rows of the tables' sheets as the format has them. The writer of the rest takes several seconds for two million cells; this a few tenths.

use std::collections::HashMap;
use std::fmt::Write;

use rayon::prelude::*;

use super::archive::{Part, Piece};
use super::text;
use crate::table::{Table, Values};

/// Rows in a piece that is made and compressed by itself.
const ROWS: usize = 4096;

/// The strings of the whole workbook, each once, in the order they were first met.
pub struct Strings {
    /// Where the first of ours stands: the writer's own go before.
    first: usize,
    /// The strings as elements.
    elements: String,
    count: usize,
}

/// Numbers of strings by column and row.
type Numbers = Vec<Vec<Option<u32>>>;

/// A table whose texts are numbers of strings.
pub struct Numbered<'a> {
    table: &'a Table,
    /// By column, empty where the column is no text.
    texts: Numbers,
}

/// Numbers every text of the tables.
pub fn numbered<'a>(tables: &'a [Table], first: usize) -> (Vec<Numbered<'a>>, Strings) {
    // Each table by itself, then the few different strings of all together.
    let own: Vec<(Vec<&str>, Numbers)> = tables
        .par_iter()
        .map(|table| {
            let mut met: HashMap<&str, u32> = HashMap::new();
            let mut order: Vec<&str> = Vec::new();
            let texts = table
                .columns
                .iter()
                .map(|column| {
                    let Values::Text(values) = &column.values else { return Vec::new() };
                    let mut number = |value: &'a String| {
                        *met.entry(value.as_str()).or_insert_with(|| {
                            order.push(value);
                            order.len() as u32 - 1
                        })
                    };
                    values.iter().map(|value| value.as_ref().map(&mut number)).collect()
                })
                .collect();
            (order, texts)
        })
        .collect();
    let mut met: HashMap<&str, u32> = HashMap::new();
    let mut strings = Strings { first, elements: String::new(), count: 0 };
    let mut tables_numbered = Vec::new();
    for (table, (order, mut texts)) in tables.iter().zip(own) {
        let places: Vec<u32> = order
            .into_iter()
            .map(|value| {
                *met.entry(value).or_insert_with(|| {
                    strings.add(value);
                    (strings.first + strings.count - 1) as u32
                })
            })
            .collect();
        for number in texts.iter_mut().flatten().flatten() {
            *number = places[*number as usize];
        }
        tables_numbered.push(Numbered { table, texts });
    }
    (tables_numbered, strings)
}

/// Whether a text holds what the format reads as an escaped character: `_x000D_`.
fn is_escape(rest: &str) -> bool {
    let bytes = rest.as_bytes();
    bytes.len() >= 7 && bytes.starts_with(b"_x") && bytes[2..6].iter().all(u8::is_ascii_hexdigit) && bytes[6] == b'_'
}

impl Strings {
    fn add(&mut self, value: &str) {
        self.count += 1;
        let value = text(value);
        let space = value.starts_with(|character: char| character.is_whitespace()) || value.ends_with(|character: char| character.is_whitespace());
        self.elements.push_str(if space { "<si><t xml:space=\"preserve\">" } else { "<si><t>" });
        for (place, character) in value.char_indices() {
            match character {
                '&' => self.elements.push_str("&amp;"),
                '<' => self.elements.push_str("&lt;"),
                '>' => self.elements.push_str("&gt;"),
                '_' if is_escape(&value[place..]) => self.elements.push_str("_x005F_"),
                '\t' | '\n' => self.elements.push(character),
                // XML has no other way to hold these.
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                    let _ = write!(self.elements, "_x{:04X}_", u32::from(character));
                }
                other => self.elements.push(other),
            }
        }
        self.elements.push_str("</t></si>");
    }

    /// Puts the strings after the writer's own.
    pub fn put(&self, part: &mut Part) -> std::io::Result<()> {
        let content = String::from_utf8(part.content()?).map_err(std::io::Error::other)?;
        let head = content.find("<si>").or_else(|| content.find("</sst>")).ok_or_else(unexpected)?;
        let end = content.rfind("</sst>").ok_or_else(unexpected)?;
        let unique = self.first + self.count;
        // The count of cells may be left out, and a wrong one is worse than none.
        let start = content[..head].find("<sst").ok_or_else(unexpected)?;
        let whole = format!(
            "{}<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" uniqueCount=\"{unique}\">{}{}</sst>",
            &content[..start],
            &content[head..end],
            self.elements
        );
        part.replace(&[Piece::new(whole.as_bytes(), true)?]);
        Ok(())
    }
}

/// How many strings the writer has put there.
pub fn strings_of_writer(part: &Part) -> std::io::Result<usize> {
    let content = String::from_utf8(part.content()?).map_err(std::io::Error::other)?;
    Ok(content.matches("<si>").count())
}

fn unexpected() -> std::io::Error {
    std::io::Error::other("a part of it is not as expected")
}

/// The letters of a column: A, B, …, Z, AA.
fn letters(column: usize) -> String {
    let last = char::from(b'A' + (column % 26) as u8);
    if column < 26 { last.to_string() } else { format!("{}{last}", letters(column / 26 - 1)) }
}

impl Numbered<'_> {
    /// The elements of some rows.
    fn rows(&self, rows: std::ops::Range<usize>, columns: &[String]) -> String {
        let mut xml = String::with_capacity(rows.len() * self.table.columns.len() * 36);
        for row in rows {
            let line = row + 2;
            let _ = write!(xml, "<row r=\"{line}\">");
            for ((column, letters), texts) in self.table.columns.iter().zip(columns).zip(&self.texts) {
                // Writing to a string cannot fail.
                let _ = match &column.values {
                    Values::Text(_) => texts[row].map(|number| write!(xml, "<c r=\"{letters}{line}\" t=\"s\"><v>{number}</v></c>")),
                    Values::Number(values) => values[row].map(|value| write!(xml, "<c r=\"{letters}{line}\"><v>{value}</v></c>")),
                    Values::Whole(values) => values[row].map(|value| write!(xml, "<c r=\"{letters}{line}\"><v>{value}</v></c>")),
                    Values::Truth(values) => values[row].map(|value| write!(xml, "<c r=\"{letters}{line}\" t=\"b\"><v>{}</v></c>", u8::from(value))),
                };
            }
            xml.push_str("</row>");
        }
        xml
    }

    /// Puts the rows under the head that the sheet has.
    pub fn put(&self, part: &mut Part) -> std::io::Result<()> {
        let sheet = String::from_utf8(part.content()?).map_err(std::io::Error::other)?;
        let columns: Vec<String> = (0..self.table.columns.len()).map(letters).collect();
        let (before, after) = sheet.split_once("</sheetData>").ok_or_else(unexpected)?;
        let (first, rest) = before.split_once("<dimension ref=\"").ok_or_else(unexpected)?;
        let (_, rest) = rest.split_once("\"/>").ok_or_else(unexpected)?;
        let last = columns.last().map_or("A", String::as_str);
        let head = format!("{first}<dimension ref=\"A1:{last}{}\"/>{rest}", self.table.rows() + 1);
        let starts: Vec<usize> = (0..self.table.rows()).step_by(ROWS).collect();
        let mut pieces = vec![Piece::new(head.as_bytes(), false)?];
        let of_rows = starts.par_iter().map(|start| {
            let rows = *start..(*start + ROWS).min(self.table.rows());
            Piece::new(self.rows(rows, &columns).as_bytes(), false)
        });
        pieces.extend(of_rows.collect::<std::io::Result<Vec<_>>>()?);
        pieces.push(Piece::new(format!("</sheetData>{after}").as_bytes(), true)?);
        part.replace(&pieces);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_in_a_spreadsheet() {
        assert_eq!([0, 25, 26, 27, 51, 52, 701, 702].map(letters), ["A", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn a_text_that_looks_escaped_stays_as_it_is() {
        let mut strings = Strings { first: 0, elements: String::new(), count: 0 };
        strings.add("_x0041_ & <\u{1}");
        assert_eq!(strings.elements, "<si><t>_x005F_x0041_ &amp; &lt;_x0001_</t></si>");
    }
}
