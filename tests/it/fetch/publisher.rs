//! The publishers in small: each answers in its own layout, with few figures that follow from their codes. SCB's refuses what the real service refuses.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::LazyLock;

use serde_json::{Value, json};

use super::server::{Asked, Reaction};

/// Occupations that the small publishers have.
pub const OCCUPATIONS: [&str; 3] = ["0110", "2221", "5321"];
const COUNTIES: [&str; 21] =
    ["01", "03", "04", "05", "06", "07", "08", "09", "10", "12", "13", "14", "17", "18", "19", "20", "21", "22", "23", "24", "25"];

/// A figure that follows from its codes, so that a cell in the wrong place is seen.
pub fn figure(codes: &[&str]) -> u64 {
    let text = codes.join(" ");
    text.bytes().fold(7_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 9_973) + 27
}

/// A table of SCB's database.
pub struct PxTable {
    pub id: &'static str,
    pub path: &'static str,
    /// Code, its values with labels, whether it can be summed over.
    pub variables: Vec<(&'static str, Vec<(String, String)>, bool)>,
    pub unit: &'static str,
}

fn plain(codes: &[&str]) -> Vec<(String, String)> {
    codes.iter().map(|code| ((*code).to_owned(), format!("label of {code}"))).collect()
}

fn labelled(codes: &[(&str, &str)]) -> Vec<(String, String)> {
    codes.iter().map(|(code, label)| ((*code).to_owned(), (*label).to_owned())).collect()
}

/// The tables that the sources ask for.
pub fn px_tables() -> Vec<PxTable> {
    let occupations = || [plain(&OCCUPATIONS), plain(&["0002"])].concat();
    let sexes = || labelled(&[("1", "män"), ("2", "kvinnor")]);
    let three = || labelled(&[("1", "män"), ("2", "kvinnor"), ("1+2", "totalt")]);
    let regions = || [plain(&["00"]), plain(&COUNTIES), plain(&["99"])].concat();
    let register = |id, path, contents: &str, years: &[&str]| PxTable {
        id,
        path,
        variables: vec![
            ("Region", regions(), true),
            ("Yrke2012", occupations(), true),
            ("Kon", sexes(), true),
            ("ContentsCode", labelled(&[(contents, "Anställda 16–64 år")]), false),
            ("Tid", plain(years), false),
        ],
        unit: "antal",
    };
    // Every county, and a total that must not be asked for.
    let moves = |id, path, contents: &str, years: &[&str], sexes| PxTable {
        id,
        path,
        variables: vec![
            ("InflyttningsL", [plain(&COUNTIES), plain(&["TOT"])].concat(), false),
            ("UtflyttningsL", [plain(&COUNTIES), plain(&["TOT"])].concat(), false),
            ("Kon", sexes, true),
            ("ContentsCode", labelled(&[(contents, "Inrikes omflyttning mellan län")]), false),
            ("Tid", plain(years), false),
        ],
        unit: "antal",
    };
    let sectors = || labelled(&[("0", "samtliga sektorer"), ("1-3", "offentlig sektor"), ("4-5", "privat sektor")]);
    vec![
        register("TAB4401", "AM/AM0208/AM0208M/YREG60", "000000NP", &["2017", "2018"]),
        register("TAB4402", "AM/AM0208/AM0208M/YREG60N", "000005G2", &["2019", "2020"]),
        register("TAB4403", "AM/AM0208/AM0208M/YREG60BAS", "000006XY", &["2020", "2021"]),
        PxTable {
            id: "TAB4442",
            path: "AM/AM0208/AM0208E/YREG54BAS",
            variables: vec![
                ("Yrke2012", occupations(), true),
                ("SNI2007", plain(&["01-03", "05-33"]), true),
                ("Alder", plain(&["16-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64", "065-69"]), true),
                ("Kon", sexes(), true),
                ("ContentsCode", labelled(&[("000006Y1", "Anställda")]), false),
                ("Tid", plain(&["2023", "2024"]), false),
            ],
            unit: "antal",
        },
        PxTable {
            id: "TAB5990",
            path: "AM/AM0110/AM0110A/LonYrkeRegion4AN",
            variables: vec![
                ("Region", plain(&["SE", "SE11", "SE12", "SE21", "SE22", "SE23", "SE31", "SE32", "SE33"]), true),
                ("Sektor", sectors(), true),
                ("Yrke2012", [plain(&["0000"]), occupations()].concat(), true),
                ("Kon", three(), true),
                ("ContentsCode", labelled(&[("000007AQ", "Grundlön"), ("000007AS", "Månadslön")]), false),
                ("Tid", plain(&["2024", "2025"]), false),
            ],
            unit: "kr",
        },
        PxTable {
            id: "TAB5932",
            path: "AM/AM0110/AM0110A/LoneSpridSektYrk4AN",
            variables: vec![
                ("Sektor", sectors(), true),
                ("Yrke2012", [plain(&["0000"]), occupations()].concat(), true),
                ("Kon", three(), true),
                (
                    "ContentsCode",
                    labelled(&[
                        ("000007CD", "Medelvärde"),
                        ("000007CE", "Median"),
                        ("000007CG", "25:e percentilen"),
                        ("000007CH", "75:e percentilen"),
                    ]),
                    false,
                ),
                ("Tid", plain(&["2024", "2025"]), false),
            ],
            unit: "kr",
        },
        moves("TAB4409", "BE/BE0101/BE0101J/InOmflytt", "000000OW", &["2018", "2019", "2020", "2021", "2022", "2023", "2024", "2025"], sexes()),
        moves("TAB6672", "BE/BE0101/BE0101J/InOmflyttCKM", "000008AB", &["2025"], labelled(&[("1", "män"), ("2", "kvinnor"), ("TotSa", "totalt")])),
        PxTable {
            id: "TAB638",
            path: "BE/BE0101/BE0101A/BefolkningNy",
            variables: vec![
                ("Region", [regions(), plain(&["2380"])].concat(), true),
                ("Civilstand", plain(&["OG", "G"]), true),
                ("Alder", plain(&["0", "1", "100+"]), true),
                ("Kon", sexes(), true),
                ("ContentsCode", labelled(&[("BE0101N1", "Folkmängd"), ("BE0101N2", "Folkökning")]), false),
                ("Tid", plain(&["2023", "2024"]), false),
            ],
            unit: "antal",
        },
        PxTable {
            id: "TAB6670",
            path: "BE/BE0101/BE0101E/FolkmRegFlandKCKM",
            variables: vec![
                ("Region", [regions(), plain(&["2380"])].concat(), true),
                ("Fodelseregion", plain(&["TOTfod", "SE", "SO", "SY"]), true),
                ("Kon", labelled(&[("TotSa", "totalt"), ("1", "män"), ("2", "kvinnor")]), true),
                ("ContentsCode", labelled(&[("000007ZZ", "Folkmängd")]), false),
                ("Tid", plain(&["2025"]), false),
            ],
            unit: "antal",
        },
    ]
}

/// A cell that the small SCB has; pay of one occupation is not published.
pub fn px_value(codes: &BTreeMap<String, String>) -> Option<u64> {
    if codes.get("Region").is_some_and(|code| code == "SE33") && codes["Yrke2012"] == "0110" {
        return None;
    }
    Some(figure(&codes.values().map(String::as_str).collect::<Vec<_>>()))
}

fn error(status: u16, title: &str) -> Reaction {
    let body = json!({"type": "Parameter error", "title": title, "status": status});
    Reaction::Answer(status, vec![("content-type", "application/json".to_owned())], body.to_string().into_bytes())
}

fn dataset(table: &PxTable, chosen: &[(&str, Vec<String>)], tell_id: bool) -> Value {
    let mut dimension = serde_json::Map::new();
    for (code, codes) in chosen {
        let labels = &table.variables.iter().find(|(other, ..)| other == code).unwrap().1;
        let index: serde_json::Map<String, Value> = codes.iter().enumerate().map(|(place, code)| (code.clone(), json!(place))).collect();
        let label: serde_json::Map<String, Value> =
            labels.iter().filter(|(code, _)| codes.contains(code)).map(|(code, label)| (code.clone(), json!(label))).collect();
        dimension.insert((*code).to_owned(), json!({"label": code, "category": {"index": index, "label": label}}));
    }
    let mut values = Vec::new();
    let sizes: Vec<usize> = chosen.iter().map(|(_, codes)| codes.len()).collect();
    for flat in 0..sizes.iter().product::<usize>() {
        let mut rest = flat;
        let mut cell = BTreeMap::new();
        for (position, (code, codes)) in chosen.iter().enumerate().rev() {
            cell.insert((*code).to_owned(), codes[rest % sizes[position]].clone());
            rest /= sizes[position];
        }
        values.push(px_value(&cell));
    }
    let ids: Vec<&str> = chosen.iter().map(|(code, _)| *code).collect();
    let px = if tell_id { json!({"tableid": table.id}) } else { json!({}) };
    json!({"version": "2.0", "class": "dataset", "label": table.path, "source": "SCB", "updated": "2026-06-08T06:00:00Z", "id": ids, "size": sizes,
        "dimension": dimension, "extension": {"px": px}, "value": values})
}

/// SCB: the second version of the service, and below `/fallback-1` the first.
pub fn scb(asked: &Asked, limit: u64) -> Reaction {
    let (path, query) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
    let tables = px_tables();
    let answer = |value: Value| Reaction::ok("application/json; charset=UTF-8", value.to_string().into_bytes());
    if path == "/config" {
        return answer(json!({"apiVersion": "2.3.2", "maxDataCells": limit, "maxCallsPerTimeWindow": 30, "timeWindow": 10, "defaultLanguage": "sv"}));
    }
    if let Some(rest) = path.strip_prefix("/fallback-1/") {
        let Some(table) = tables.iter().find(|table| table.path == rest) else { return Reaction::Answer(404, vec![], b"not found".to_vec()) };
        if asked.method == "GET" {
            let variables: Vec<Value> = table
                .variables
                .iter()
                .map(|(code, codes, eliminable)| {
                    let (values, texts): (Vec<&String>, Vec<&String>) = codes.iter().map(|(code, label)| (code, label)).unzip();
                    json!({"code": code, "text": code, "values": values, "valueTexts": texts, "elimination": eliminable, "time": *code == "Tid"})
                })
                .collect();
            return answer(json!({"title": table.path, "variables": variables}));
        }
        let body: Value = serde_json::from_str(&asked.body).unwrap();
        assert_eq!(body["response"]["format"], "json-stat2");
        let mut chosen = Vec::new();
        for item in body["query"].as_array().unwrap() {
            assert_eq!(item["selection"]["filter"], "item");
            let codes: Vec<String> = item["selection"]["values"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect();
            let (code, known, _) = table.variables.iter().find(|(code, ..)| *code == item["code"]).unwrap();
            assert!(codes.iter().all(|code| known.iter().any(|(other, _)| other == code)), "a code that the table lacks");
            chosen.push((*code, codes));
        }
        let cells: u64 = chosen.iter().map(|(_, codes)| codes.len() as u64).product();
        assert!(cells <= 100_000, "{cells} cells asked of the first version");
        return answer(dataset(table, &chosen, true));
    }
    let Some((id, part)) = path.strip_prefix("/tables/").and_then(|rest| rest.split_once('/')) else { return error(404, "Non-existent table") };
    let Some(table) = tables.iter().find(|table| table.id == id) else { return error(404, "Non-existent table") };
    assert!(query.split('&').any(|pair| pair == "lang=sv"), "Swedish is asked for");
    if part == "metadata" {
        let all: Vec<(&str, Vec<String>)> =
            table.variables.iter().map(|(code, codes, _)| (*code, codes.iter().map(|(code, _)| code.clone()).collect())).collect();
        let ids: Vec<&str> = all.iter().map(|(code, _)| *code).collect();
        let mut dimension = serde_json::Map::new();
        for (code, codes, eliminable) in &table.variables {
            let index: serde_json::Map<String, Value> = codes.iter().enumerate().map(|(place, (code, _))| (code.clone(), json!(place))).collect();
            let label: serde_json::Map<String, Value> = codes.iter().map(|(code, label)| (code.clone(), json!(label))).collect();
            let mut category = json!({"index": index, "label": label});
            if *code == "ContentsCode" {
                category["unit"] = codes
                    .iter()
                    .map(|(code, _)| (code.clone(), json!({"base": table.unit, "decimals": 0})))
                    .collect::<serde_json::Map<_, _>>()
                    .into();
            }
            dimension.insert((*code).to_owned(), json!({"label": code, "category": category, "extension": {"elimination": eliminable}}));
        }
        let size: Vec<usize> = all.iter().map(|(_, codes)| codes.len()).collect();
        return answer(
            json!({"version": "2.0", "class": "dataset", "label": table.path, "id": ids, "size": size, "dimension": dimension, "value": []}),
        );
    }
    assert_eq!((part, asked.method.as_str()), ("data", "POST"));
    assert!(query.contains("outputFormat=json-stat2"));
    let Ok(body) = serde_json::from_str::<Value>(&asked.body) else { return error(400, "Illegal selection expression") };
    let mut chosen = Vec::new();
    for item in body["selection"].as_array().unwrap() {
        let Some((code, known, _)) = table.variables.iter().find(|(code, ..)| *code == item["variableCode"]) else {
            return error(400, "Non-existent variable");
        };
        let codes: Vec<String> = item["valueCodes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect();
        if !codes.iter().all(|code| known.iter().any(|(other, _)| other == code)) {
            return error(400, "Non-existent value");
        }
        chosen.push((*code, codes));
    }
    if table.variables.iter().any(|(code, _, eliminable)| !eliminable && !chosen.iter().any(|(other, _)| other == code)) {
        return error(400, "Missing selection for mandantory variable");
    }
    if chosen.iter().map(|(_, codes)| codes.len() as u64).product::<u64>() > limit {
        return error(400, "Too many cells selected");
    }
    answer(dataset(table, &chosen, true))
}

pub fn gzip(text: &str) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

fn world_bank(asked: &Asked) -> Reaction {
    let id = if asked.path.contains("SP.POP.TOTL") { "SP.POP.TOTL" } else { "NY.GDP.PCAP.PP.CD" };
    let page: u64 = asked.path.split("&page=").nth(1).unwrap().parse().unwrap();
    let areas = [("SE", "SWE"), ("PL", "POL"), ("1W", "WLD"), ("XC", "")];
    let rows: Vec<Value> = areas
        .iter()
        .map(|(two, three)| {
            let date = if page == 1 { "2023" } else { "2024" };
            let value = if *three == "POL" && page == 2 { Value::Null } else { json!(figure(&[id, two, date]) as f64 + 0.5) };
            json!({"indicator": {"id": id, "value": "x"}, "country": {"id": two, "value": two}, "countryiso3code": three, "date": date, "value": value, "unit": "", "obs_status": "", "decimal": 1})
        })
        .collect();
    let body = json!([{"page": page, "pages": 2, "per_page": 4, "total": 8, "sourceid": "2", "lastupdated": "2026-07-01"}, rows]);
    Reaction::ok("application/json", body.to_string().into_bytes())
}

pub fn workbook(rows: &[(u32, Vec<String>)], sheet: &str) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    // The same bytes every time, as a publisher's file has.
    let made = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 1, 1).unwrap();
    workbook.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&made));
    let page = workbook.add_worksheet().set_name(sheet).unwrap();
    for (row, cells) in rows {
        for (column, cell) in cells.iter().enumerate() {
            match cell.parse::<f64>() {
                Ok(number) => page.write_number(*row, column as u16, number).unwrap(),
                Err(_) => page.write_string(*row, column as u16, cell).unwrap(),
            };
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn texts(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

/// The migrant stock with its header in a row, counted from 0; the publisher has it in 10.
pub fn migrant_stock(header_row: u32, second: &str, third: &str) -> Vec<u8> {
    let mut header = texts(&[
        "Index",
        "Region of destination",
        "Coverage",
        "Data type",
        "Location code of destination",
        "Region of origin",
        "Location code of origin",
    ]);
    for _ in 0..3 {
        header.extend(texts(&["2020", "2024"]));
    }
    let row = |destination: &str, origin: &str| {
        let mut row = texts(&["1", "  Sweden", "x", "R", destination, " Poland", origin]);
        let count = |year: &str, sex: &str| figure(&[origin, year, sex]);
        row.extend(["2020", "2024"].map(|year| (count(year, "m") + count(year, "w")).to_string()));
        row.extend(["2020", "2024"].map(|year| count(year, "m").to_string()));
        row.extend(["2020", "2024"].map(|year| count(year, "w").to_string()));
        row
    };
    workbook(
        &[
            (0, texts(&["United Nations"])),
            (header_row - 1, texts(&["", "", "", "", "", "", "", "Both sexes combined", "", second, "", third])),
            (header_row, header),
            (header_row + 1, row("752", "616")),
            (header_row + 2, row("752", "900")),
            (header_row + 3, row("246", "616")),
        ],
        "Table 1",
    )
}

pub fn permits(year: i32) -> Vec<u8> {
    let mut header = texts(&["Medborgarskap"]);
    header.extend((1..=12).map(|month| format!("{year}-{month:02}")));
    header.push("Totalt".to_owned());
    let row = |name: &str, month: u64| {
        let mut row = vec![name.to_owned()];
        row.extend((0..12).map(|_| month.to_string()));
        row.push((12 * month).to_string());
        row
    };
    let title = format!("Beviljade arbetstillstånd {year}");
    workbook(&[(0, vec![title]), (2, header), (3, row("INDIEN", 5)), (4, row("THAILAND", 2)), (5, row("Totalt", 7))], "Medborgarskap, förstagångs")
}

fn barometer() -> Vec<u8> {
    let areas = ["00"].iter().chain(&COUNTIES);
    let rows: Vec<Value> = areas
        .map(|area| {
            json!({"yrkesomrade": "Hälso- och sjukvård", "yb_yrke": "Sjuksköterskor", "yb_concept_id": "bXNH_MNX_dUR", "lan": area, "antal_ssyk": 2,
                "del_av_ssyk": 0, "ssyk": "2221, 1340", "ssyk_text": "x", "yb_beskrivning": null, "jobbmojligheter": "stora",
                "rekryteringssituation": if *area == "23" { json!("brist") } else { Value::Null }, "paradox": [], "prognos": "öka",
                "text_jobbmojligheter": "å", "text_rekryteringssituation": "ä", "hogsta_bedomningsniva": "län", "delvis_helt": "helt",
                "omgang": "2026-1", "taxonomi_version": 31})
        })
        .collect();
    Value::Array(rows).to_string().into_bytes()
}

/// Ads as lines of JSON.
pub fn ads(year: i32) -> String {
    let mut lines = String::new();
    for (number, group) in ["2221", "5321", "2221"].iter().enumerate() {
        let group = json!({"concept_id": "x", "label": "å", "legacy_ams_taxonomy_id": group});
        // Some years have one group, others a list.
        let group = if number == 0 { json!([group]) } else { group };
        let address = if number == 2 { Value::Null } else { json!({"region_code": "23", "region": "Jämtlands län"}) };
        let ad = json!({"id": number.to_string(), "headline": "Vi söker\nfler", "occupation_group": group, "workplace_address": address,
            "publication_date": format!("{year}-0{}-11T00:00:00", number + 1), "number_of_vacancies": 3});
        lines.push_str(&format!("{ad}\n"));
    }
    lines.push_str(&format!(
        "{}\n",
        json!({"occupation_group": {"legacy_ams_taxonomy_id": "2221"}, "publication_date": format!("{}-12-31T23:59:00", year - 1)})
    ));
    lines
}

pub fn zipped(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(bytes).unwrap();
    archive.finish().unwrap().into_inner()
}

fn ilostat(asked: &Asked) -> Vec<u8> {
    if asked.path.contains("EMP_TEMP_SEX_AGE_NB_A") {
        let mut text =
            "\"ref_area.label\",\"source.label\",\"indicator.label\",\"sex.label\",\"classif1.label\",\"time\",\"obs_value\",\"obs_status.label\"\n"
                .to_owned();
        for country in ["Sweden", "Poland"] {
            for sex in ["Female", "Male", "Total"] {
                text.push_str(&format!(
                    "\"{country}\",\"LFS\",\"Employment by sex and age (thousands)\",\"{sex}\",\"Age (Youth, adults): 15+\",\"2024\",{}.5,\"\"\n",
                    figure(&[country, sex])
                ));
            }
        }
        return gzip(&text);
    }
    let mut text = "\"ref_area\",\"source\",\"indicator\",\"sex\",\"classif1\",\"time\",\"obs_value\",\"obs_status\"\n".to_owned();
    for country in ["SWE", "POL", "X01"] {
        if asked.path.contains("UNE_DEAP") {
            for sex in ["SEX_F", "SEX_M", "SEX_T"] {
                // The survey goes before another source for the same year.
                text.push_str(&format!("\"{country}\",\"BX:1\",\"UNE_DEAP_SEX_AGE_RT\",\"{sex}\",\"AGE_YTHADULT_YGE15\",\"2024\",99.0,\n"));
                let rate = figure(&[country, sex]) % 20;
                text.push_str(&format!("\"{country}\",\"BA:2\",\"UNE_DEAP_SEX_AGE_RT\",\"{sex}\",\"AGE_YTHADULT_YGE15\",\"2024\",{rate}.25,\"B\"\n"));
            }
        } else {
            for (class, count) in [("TOTAL", 100), ("22", 40), ("53", 50), ("01", 6), ("X", 4)] {
                text.push_str(&format!("\"{country}\",\"BA:2\",\"EMP_TEMP_SEX_OC2_NB\",\"SEX_T\",\"OC2_ISCO08_{class}\",\"2024\",{count},\n"));
                text.push_str(&format!("\"{country}\",\"BA:2\",\"EMP_TEMP_SEX_OC2_NB\",\"SEX_T\",\"OC2_ISCO88_{class}\",\"2024\",{count},\n"));
            }
        }
    }
    gzip(&text)
}

fn eurostat(asked: &Asked) -> Vec<u8> {
    let lines = if asked.path.contains("lfsa_egised") {
        let mut lines = "freq,age,sex,isco08,isced11,unit,geo\\TIME_PERIOD\t2023 \t2024 \r\n".to_owned();
        for sex in ["F", "M", "T"] {
            lines.push_str(&format!("A,Y_GE15,{sex},OC2,TOTAL,THS_PER,PL\t{}.5 b\t: u\r\n", figure(&[sex])));
            lines.push_str(&format!("A,Y_GE15,{sex},NRP,TOTAL,THS_PER,PL\t1.0 \t2.0 \r\n"));
        }
        lines
    } else {
        "freq,unit,sex,age,citizen,geo\\TIME_PERIOD\t2023 \t2024 \r\nA,PC,T,Y20-64,NAT,PL\t3.1 \t2.9 d\r\nA,PC,F,Y20-64,NAT,PL\t3.2 \t: \r\n"
            .to_owned()
    };
    lines.into_bytes()
}

/// Passport Index's table: every passport with every destination.
pub fn visas() -> String {
    let to_sweden = [("PL", "visa free"), ("PH", "visa required"), ("JP", "90"), ("TR", "e-visa"), ("SE", "-1")];
    let mut text = "Passport,Destination,Requirement\n".to_owned();
    for (passport, requirement) in to_sweden {
        for (destination, _) in to_sweden {
            let requirement = match destination {
                "SE" => requirement,
                own if own == passport => "-1",
                _ => "visa on arrival",
            };
            text.push_str(&format!("{passport},{destination},{requirement}\n"));
        }
    }
    text
}

/// The rows of CEPII's pairs, one kilometre each.
pub fn pairs(of: &[(&str, &str)]) -> Vec<(u32, Vec<String>)> {
    let header = texts(&["iso_o", "iso_d", "comlang_off", "distcap"]);
    let rows = (1..).zip(of).map(|(row, (from, to))| (row, texts(&[from, to, "0", "1"])));
    std::iter::once((0, header)).chain(rows).collect()
}

/// CEPII's workbook of pairs: the column of distances between capitals has a name, and Poland's distance to Sweden a text.
pub fn distances(sheet: &str, capitals: &str, poland: &str) -> Vec<u8> {
    let mut rows = vec![(0, texts(&["iso_o", "iso_d", "contig", "comlang_off", "dist", capitals, "distw"]))];
    let pairs =
        [("POL", "DEU", "1", "0", "516.1"), ("POL", "SWE", "0", "0", poland), ("FIN", "SWE", "1", "1", "396.9"), ("ROM", "SWE", "0", "0", ".")];
    rows.extend((1..).zip(pairs).map(|(row, (from, to, next, language, distance))| (row, texts(&[from, to, next, language, "1", distance, "."]))));
    workbook(&rows, sheet)
}

/// Columns of one of our own lists of codes.
fn listed(name: &str, wanted: [&str; 2]) -> Vec<(String, String)> {
    let mut reader = csv::Reader::from_path(crate::home().join("data/mappings").join(name)).unwrap();
    let rows = reader.deserialize::<BTreeMap<String, String>>().map(Result::unwrap);
    rows.map(|row| (row[wanted[0]].clone(), row[wanted[1]].clone())).collect()
}

/// JobTech's groups: concept id and code.
pub static GROUPS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| listed("jobtech_ssyk.csv", ["concept_id", "group"]));
/// Its regions: concept id and county.
pub static REGIONS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| listed("counties.csv", ["jobtech_id", "code"]));

/// Open ads of a group in a county; in some there are none. Of each group one ad more names no county.
pub fn open_ads(group: &str, county: &str) -> u64 {
    figure(&[group, county]) % 7
}

fn search(asked: &Asked) -> Vec<u8> {
    let pairs: Vec<(&str, &str)> = asked.path.split_once('?').unwrap().1.split('&').map(|pair| pair.split_once('=').unwrap()).collect();
    for wanted in [("limit", "0"), ("country", "i46j_HmG_v64"), ("stats", "region"), ("stats.limit", "30")] {
        assert!(pairs.contains(&wanted), "{}", asked.path);
    }
    let group = pairs.iter().find(|(name, _)| *name == "occupation-group").map(|(_, concept)| *concept);
    let groups: Vec<&str> = GROUPS.iter().filter(|(concept, _)| group.is_none_or(|group| group == concept)).map(|(_, code)| code.as_str()).collect();
    assert!(!groups.is_empty(), "{}", asked.path);
    let counts = REGIONS.iter().map(|(concept, county)| (concept, groups.iter().map(|group| open_ads(group, county)).sum::<u64>()));
    let values: Vec<Value> = counts
        .filter(|(_, count)| *count > 0)
        .map(|(concept, count)| json!({"term": "x", "concept_id": concept, "code": "x", "count": count}))
        .collect();
    let placed: u64 = values.iter().map(|value| value["count"].as_u64().unwrap()).sum();
    json!({"total": {"value": placed + groups.len() as u64}, "positions": 3 * placed, "query_time_in_millis": 12, "result_time_in_millis": 13,
        "stats": [{"type": "region", "values": values}], "freetext_concepts": {}, "hits": []})
    .to_string()
    .into_bytes()
}

fn taxonomy() -> Vec<u8> {
    let concepts: Vec<Value> = GROUPS
        .iter()
        .map(|(concept, code)| {
            let isco = if code == "5321" { "5329" } else { "2221" };
            json!({"id": concept, "ssyk_code_2012": code, "preferred_label": "x", "type": "ssyk-level-4", "related": [
                {"id": "y", "isco_code_08": isco, "preferred_label": "x", "type": "isco-level-4"}]})
        })
        .collect();
    json!({"data": {"concepts": concepts}}).to_string().into_bytes()
}

/// What the publisher of a source answers.
pub fn publisher(key: &str, asked: &Asked) -> Reaction {
    match key {
        key if key.starts_with("scb_") => scb(asked, 150_000),
        key if key.starts_with("world_bank_") => world_bank(asked),
        key if key.starts_with("ilostat_") => Reaction::ok("application/gzip", ilostat(asked)),
        key if key.starts_with("eurostat_") => Reaction::ok("text/tab-separated-values", eurostat(asked)),
        "un_migrant_stock_2024" => {
            Reaction::ok("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", migrant_stock(10, "Male", "Female"))
        }
        "af_yrkesbarometer" => Reaction::ok("application/json", barometer()),
        "jobtech_historical_ads" => Reaction::ok("application/zip", zipped("2025.jsonl", ads(2025).as_bytes())),
        "jobtech_open_ads" => Reaction::ok("application/json", search(asked)),
        "jobtech_taxonomy" => Reaction::ok("application/json", taxonomy()),
        "passport_index_dataset" => Reaction::ok("text/plain; charset=utf-8", visas().into_bytes()),
        "cepii_geodist" => Reaction::ok("application/zip", zipped("dist_cepii.xls", &distances("dist_cepii", "distcap", "809.0182"))),
        "migrationsverket" if asked.path.ends_with(".html") => {
            let links: String = [2024, 2025]
                .iter()
                .map(|year| format!("<a href=\"/download/18.abc/17{year}/Beviljade%20arbetstillst%C3%A5nd%20{year}.xlsx\">{year}</a>\n"))
                .collect();
            Reaction::ok("text/html", format!("<!DOCTYPE html><html><body>{links}</body></html>").into_bytes())
        }
        "migrationsverket" => Reaction::ok("application/octet-stream", permits(if asked.path.contains("2024.xlsx") { 2024 } else { 2025 })),
        other => panic!("the source {other} has no publisher in small: add one to tests/it/fetch/publisher.rs"),
    }
}
