//! An explanation as an indented text of at most 100 columns. Numbers stand in full, so that a hand can compute every line again.

use std::fmt::Write as _;

use super::{Cell, Explanation, Operation, RatingExplained, Standing, Step, remark};
use crate::language::{Language, say};

/// The widest line; an address may be wider.
pub const WIDTH: usize = 100;
/// More inputs than this are written as a formula without their numbers.
const WRITTEN_OUT: usize = 4;
/// A plain sum of more terms than this is not written term by term.
const MOST_TERMS: usize = 12;

/// A number with all its digits: the shortest text that reads back to the same bits.
fn digits(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value}"))
}

struct Writer<'a> {
    text: String,
    language: Language,
    /// What stands already, so that it is not said twice.
    written: Vec<&'a Step>,
}

/// Breaks `line` at spaces so that each part fits; what follows the first part is set in by `hanging`.
fn wrapped(text: &mut String, indent: usize, hanging: usize, line: &str) {
    let mut column = indent;
    let mut first = true;
    text.push_str(&" ".repeat(indent));
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        let width = word.chars().count();
        if !first && column + 1 + width > WIDTH {
            let _ = write!(text, "\n{}", " ".repeat(hanging));
            column = hanging;
            first = true;
        }
        if !first {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += width;
        first = false;
    }
    text.push('\n');
}

/// The formula of a step with the numbers of its inputs.
fn formula(step: &Step, language: Language) -> String {
    let inputs = &step.inputs;
    let numbers: Vec<String> = inputs.iter().map(|input| digits(input.value)).collect();
    let joined = |sign: &str| if inputs.len() <= WRITTEN_OUT { numbers.join(sign) } else { format!("x₁{sign}…{sign}x{}", inputs.len()) };
    let one = || numbers.first().cloned().unwrap_or_default();
    let there: Vec<&Step> = inputs.iter().filter(|input| input.value.is_some()).collect();
    let weights = || there.iter().map(|input| digits(input.weight)).collect::<Vec<_>>().join(" + ");
    let weighted = |value: fn(String) -> String| {
        there.iter().map(|input| format!("{}·{}", digits(input.weight), value(digits(input.value)))).collect::<Vec<_>>().join(" + ")
    };
    let few = there.len() <= WRITTEN_OUT;
    match &step.operation {
        Operation::Cells { factor } if (*factor - 1.0).abs() > 0.0 => {
            say!(language, sv: format!("= cellen × {factor}"), en: format!("= cell × {factor}"))
        }
        Operation::Cells { .. } if step.cells.len() > 1 => say!(language, sv: "= Σ celler", en: "= Σ cells").to_owned(),
        Operation::Cells { .. } | Operation::Constant | Operation::Missing { .. } => String::new(),
        Operation::CountOfCells => say!(language, sv: "= antal celler", en: "= number of cells").to_owned(),
        Operation::Given { file, place } => format!("({file} {place})"),
        Operation::Counted { over } => format!("({over})"),
        Operation::Sum => format!("= {}", joined(" + ")),
        Operation::Difference => format!("= {}", joined(" − ")),
        Operation::Product => format!("= {}", joined(" × ")),
        Operation::Quotient => format!("= {}", joined(" / ")),
        Operation::OneMinus => format!("= 1 − {}", one()),
        Operation::Negation => format!("= −{}", one()),
        Operation::NaturalLogarithm => format!("= ln {}", one()),
        Operation::LogarithmOfOnePlus => format!("= ln(1 + {})", one()),
        Operation::Exponential => format!("= exp {}", one()),
        Operation::Largest => format!("= max({})", joined("; ")),
        Operation::Mean if inputs.len() > 1 => format!("= ({}) / {}", joined(" + "), inputs.len()),
        Operation::Mean => format!("= {}", one()),
        Operation::WeightedSum if few => format!("= {}", weighted(|value| value)),
        Operation::WeightedSum => "= Σ w·x".to_owned(),
        Operation::WeightedMean if few => format!("= ({}) / ({})", weighted(|value| value), weights()),
        Operation::WeightedMean => "= Σ w·x / Σ w".to_owned(),
        Operation::WeightedGeometricMean if few => format!("= exp(({}) / ({}))", weighted(|value| format!("ln {value}")), weights()),
        Operation::WeightedGeometricMean => "= exp(Σ w·ln x / Σ w)".to_owned(),
        Operation::Scale { low, high, logarithmic, reverse, bottom, top } => {
            let ln = if *logarithmic { "ln " } else { "" };
            let less = if *reverse { format!("{} − ", digits(Some(bottom + top))) } else { String::new() };
            let (open, close) = if *reverse { ("(", ")") } else { ("", "") };
            let span = top - bottom;
            format!("= {less}{open}{bottom} + {span} · clip[0,1]( ({} − {ln}{low}) / ({ln}{high} − {ln}{low}) ){close}", one())
        }
        Operation::Points { cuts: [first, second, third] } => {
            let x = one();
            say!(language, sv: format!("= poäng av {x} med gränserna {first}, {second}, {third}"), en: format!("= points of {x} by the cuts {first}, {second}, {third}"))
        }
        Operation::Quartile { below, of } => format!("= floor(4 · {below} / {of})"),
        Operation::PayPoints { floor, reaches, upper_reaches, below } => say!(language,
            sv: format!("= {reaches} om x₁ ≥ {floor}, annars {upper_reaches} om x₂ ≥ {floor} eller båda saknas, annars {below}"),
            en: format!("= {reaches} if x₁ ≥ {floor}, else {upper_reaches} if x₂ ≥ {floor} or both are missing, else {below}"),
        ),
        Operation::TreatedMinMax { bottom, top, treated, lowest, highest, .. } => {
            format!("= {bottom} + {} · ({} − {lowest}) / ({highest} − {lowest})", top - bottom, digits(*treated))
        }
        Operation::GreatCircle { radius } => format!("= haversine, radius {radius}"),
        Operation::Line { count, sum_x, sum_y, sum_xx, sum_xy } => {
            format!("= ȳ + (Σxy/n − x̄ȳ)/(Σx²/n − x̄²)·(x − x̄), n {count}, Σx {sum_x}, Σy {sum_y}, Σx² {sum_xx}, Σxy {sum_xy}")
        }
    }
}

impl<'a> Writer<'a> {
    fn cell(&mut self, indent: usize, cell: &Cell) {
        let language = self.language;
        let place = match cell.line {
            Some(line) => say!(language, sv: format!("rad {line}"), en: format!("line {line}")),
            None => say!(language, sv: format!("summa av {} rader", cell.rows), en: format!("sum of {} rows", cell.rows)),
        };
        let flag = cell.flag.as_ref().map_or_else(String::new, |flag| format!(", {flag}"));
        let text = if cell.text.is_empty() { "–" } else { &cell.text };
        wrapped(
            &mut self.text,
            indent,
            indent + 4,
            &format!("· {text}  {}.{} [{}], {place}{flag}, [{}]", cell.table, cell.column, cell.row, cell.source),
        );
    }

    fn peers(&mut self, indent: usize, step: &'a Step) {
        let Operation::TreatedMinMax { own, treatment, treated, lowest, highest, .. } = &step.operation else { return };
        let language = self.language;
        let none = || say!(language, sv: "ingen", en: "none").to_owned();
        let done = treatment.as_ref().map_or_else(none, |treatment| remark::words(treatment, language));
        let values: Vec<String> =
            step.inputs.iter().map(|peer| format!("{} {}", peer.key.trim_start_matches("county:"), digits(peer.value))).collect();
        let line = say!(language,
            sv: format!("skala över länen: lägst {lowest}, högst {highest}; behandling: {done}, eget värde efter den {}", digits(*treated)),
            en: format!("scale over the counties: lowest {lowest}, highest {highest}; treatment: {done}, own value after it {}", digits(*treated)),
        );
        wrapped(&mut self.text, indent, indent + 4, &line);
        wrapped(&mut self.text, indent, indent + 4, &format!("x: {}", values.join("; ")));
        if let Some(own) = step.inputs.iter().find(|peer| peer.key == *own) {
            self.step(indent, own, usize::MAX);
        }
    }

    fn step(&mut self, indent: usize, step: &'a Step, depth: usize) {
        let language = self.language;
        // A number of the formula stands in the formula.
        if step.operation == Operation::Constant {
            return;
        }
        let weight = step.weight.map_or_else(String::new, |weight| format!("{weight} × "));
        let is_deep = !step.inputs.is_empty() && !matches!(step.operation, Operation::CountOfCells);
        let again = is_deep && self.written.iter().any(|other| other.label == step.label && other.value == step.value && other.inputs == step.inputs);
        let tail = match &step.operation {
            Operation::Missing { reason } => format!("– ({reason})"),
            _ if again => format!("{} {}", digits(step.value), say!(language, sv: "(som ovan)", en: "(as above)")),
            _ => format!("{} {}", digits(step.value), formula(step, language)),
        };
        wrapped(&mut self.text, indent, indent + 4, &format!("{weight}{}: {tail}", step.label));
        if let Some(note) = &step.note {
            wrapped(&mut self.text, indent + 2, indent + 4, &format!("({note})"));
        }
        if again {
            return;
        }
        if is_deep {
            self.written.push(step);
        }
        if depth == 0 {
            return;
        }
        for cell in &step.cells {
            self.cell(indent + 2, cell);
        }
        if let Some(chain) = &step.weight_chain {
            self.step(indent + 2, chain, depth.saturating_sub(1));
        }
        match &step.operation {
            Operation::TreatedMinMax { .. } => self.peers(indent + 2, step),
            Operation::Sum if step.inputs.len() > MOST_TERMS => {
                let count = step.inputs.len();
                let line = say!(language, sv: format!("{count} termer; --json har alla"), en: format!("{count} terms; --json has them all"));
                wrapped(&mut self.text, indent + 2, indent + 4, &line);
            }
            _ => {
                for input in &step.inputs {
                    self.step(indent + 2, input, depth - 1);
                }
            }
        }
    }

    fn heading(&mut self, heading: &str) {
        let _ = write!(self.text, "\n{heading}\n");
    }

    fn line(&mut self, indent: usize, line: &str) {
        // Paragraphs at the margin hang nowhere.
        wrapped(&mut self.text, indent, if indent == 0 { 0 } else { indent + 4 }, line);
    }

    fn rating(&mut self, rating: &RatingExplained) {
        self.line(2, &rating.answer);
        self.line(4, &say!(self.language, sv: format!("uppgifterna: {}", rating.rule), en: format!("the figures: {}", rating.rule)));
    }

    fn standing(&mut self, standing: &Standing) {
        let language = self.language;
        self.heading(say!(language, sv: "Platsen", en: "The place"));
        let (rank, of) = (standing.rank, standing.of);
        self.line(2, &say!(language, sv: format!("poängens plats {rank} av {of}"), en: format!("rank of the score {rank} of {of}")));
        if let (Some(tier), Some(members), Some(place)) = (standing.tier, standing.tier_members, standing.place) {
            let (median, mean) = (digits(standing.rank_median), digits(standing.rank_mean));
            let (low, high) = (digits(standing.rank_p05), digits(standing.rank_p95));
            let replicates = standing.replicates.unwrap_or(0);
            self.line(2, &say!(language,
                sv: format!("grupp {tier} med {members}, nummer {place} i rapporternas ordning; median {median}, medel {mean}, 5–95 procent {low}–{high} över {replicates} omräkningar"),
                en: format!("tier {tier} of {members}, number {place} in the order of the reports; median {median}, mean {mean}, 5–95 percent {low}–{high} over {replicates} replicates"),
            ));
            let [three, five, ten] = [standing.p_top3, standing.p_top5, standing.p_top10].map(digits);
            self.line(
                2,
                &say!(language,
                    sv: format!("sannolikhet att vara bland de första tre {three}, fem {five}, tio {ten}"),
                    en: format!("probability of being among the first three {three}, five {five}, ten {ten}"),
                ),
            );
        }
        if let Some(factor) = &standing.moved_by {
            self.line(
                2,
                &say!(language,
                    sv: format!("poängens plats ligger utanför intervallet; faktorn som flyttar den: {factor}"),
                    en: format!("the rank of the score lies outside the interval; the factor that moves it: {factor}"),
                ),
            );
        }
        self.line(2, say!(language, sv: "bredvid står:", en: "beside it:"));
        for other in &standing.beside {
            let tier = match other.same_tier {
                Some(true) => say!(language, sv: ", samma grupp", en: ", same tier"),
                Some(false) => say!(language, sv: ", annan grupp", en: ", another tier"),
                None => "",
            };
            let interval = match (other.rank_p05, other.rank_p95) {
                (Some(low), Some(high)) => format!(", 5–95 % {low}–{high}"),
                _ => String::new(),
            };
            let behind = other
                .behind
                .map_or_else(String::new, |share| say!(language, sv: format!(", kommer efter i {share}"), en: format!(", comes after in {share}")));
            let (code, name, score) = (&other.code, &other.name, digits(other.score));
            let rank = other.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
            self.line(4, &format!("{code} {name}: {score}, {} {rank}{tier}{interval}{behind}", say!(language, sv: "plats", en: "rank")));
        }
    }

    /// The occupations of an area by weight, each on a line with what its weight is made of.
    fn occupations(&mut self, chain: &'a Step) {
        let language = self.language;
        wrapped(&mut self.text, 2, 6, &format!("{}: {} = Σ w·F / Σ w", chain.label, digits(chain.value)));
        let mut rows: Vec<&Step> = chain.inputs.iter().collect();
        rows.sort_by(|first, second| second.weight.unwrap_or(0.0).total_cmp(&first.weight.unwrap_or(0.0)).then_with(|| first.key.cmp(&second.key)));
        for row in rows {
            let tail = match &row.operation {
                Operation::Missing { reason } => format!("– ({reason})"),
                Operation::Given { .. } => format!("{} ({})", digits(row.value), row.note.as_deref().unwrap_or("")),
                _ => digits(row.value),
            };
            self.line(4, &format!("{} × {}: {tail}", digits(row.weight), row.label));
            if let Some(product) = row.weight_chain.as_ref().and_then(|chain| chain.inputs.first()) {
                let parts: Vec<String> = product.inputs.iter().map(|part| format!("{} {}", part.label, digits(part.value))).collect();
                self.line(
                    6,
                    &format!("w: {} / {}", parts.join(" × "), digits(row.weight_chain.as_ref().and_then(|chain| chain.inputs.get(1)?.value))),
                );
            }
        }
        let line = say!(language,
            sv: "Varje yrkes kedja ner till cellerna: malmarknad explain MARKNAD YRKE, eller --full här.",
            en: "Each occupation’s chain down to the cells: malmarknad explain MARKET OCCUPATION, or --full here.",
        );
        self.line(2, line);
    }
}

/// The explanation as text; with `full`, an area's occupations too are followed down to the cells.
#[must_use]
pub fn text(explanation: &Explanation, full: bool) -> String {
    let language = if explanation.language == Language::English.tag() { Language::English } else { Language::Swedish };
    let mut writer = Writer { text: String::new(), language, written: Vec::new() };
    let list = explanation.weighting.clone().unwrap_or_else(|| say!(language, sv: "länens egna vikter", en: "the counties’ own weights").to_owned());
    let head = format!(
        "{} {}, {} {} ({}, {}, {list})",
        explanation.market.code,
        explanation.market.name,
        explanation.subject.code,
        explanation.subject.name,
        explanation.county.name,
        explanation.year
    );
    writer.line(0, &head);
    writer.line(0, &explanation.answer);
    for limit in &explanation.limits {
        writer.line(0, limit);
    }
    if let Some(standing) = &explanation.standing {
        writer.standing(standing);
    }
    if let Some(reason) = &explanation.reason {
        writer.heading(say!(language, sv: "Varför inte rangordnad", en: "Why not ranked"));
        writer.line(2, reason);
        for cell in &explanation.reason_cells {
            writer.cell(2, cell);
        }
    }
    if let Some(gate) = &explanation.gate {
        writer.heading(say!(language, sv: "Etik och väg in", en: "Ethics and route in"));
        let reason = gate.reason.as_deref().unwrap_or(say!(language, sv: "inget känt hinder", en: "no known obstacle"));
        writer.line(2, &format!("{}: {reason} ({})", gate.letter, gate.rule));
        for step in &gate.steps {
            writer.step(2, step, usize::MAX);
        }
    }
    if let Some(chain) = &explanation.chain {
        writer.heading(say!(language, sv: "Poängen", en: "The score"));
        if explanation.subject.kind == "area" && !full {
            writer.occupations(chain);
        } else {
            writer.step(2, chain, usize::MAX);
        }
    }
    if let Some(coverage) = &explanation.coverage {
        writer.heading(say!(language, sv: "Täckningen", en: "The coverage"));
        writer.step(2, coverage, 2);
    }
    if explanation.demand.is_some() || !explanation.ratings.is_empty() {
        writer.heading(say!(language, sv: "Bristen i länet", en: "The shortage in the county"));
    }
    for rating in &explanation.ratings {
        writer.rating(rating);
    }
    if let Some(demand) = &explanation.demand {
        writer.step(2, demand, usize::MAX);
    }
    if !explanation.sources.is_empty() {
        writer.heading(say!(language, sv: "Källor", en: "Sources"));
    }
    for source in &explanation.sources {
        let foreign = if source.language == explanation.language { "" } else { " (In Swedish.)" };
        let (key, publisher, dataset, title, period, licence) =
            (&source.source, &source.publisher, &source.dataset, &source.title, &source.period, &source.licence);
        writer.line(2, &format!("[{key}] {publisher}: {dataset}. {title} ({period}), {licence}.{foreign}"));
        writer.line(4, &source.url);
        writer.line(4, &say!(language, sv: format!("hämtad {}", source.retrieved), en: format!("retrieved {}", source.retrieved)));
        writer.line(4, &format!("sha256 {}", source.sha256));
    }
    let check = &explanation.check;
    writer.heading(say!(language, sv: "Prövat", en: "Held against the run"));
    let (steps, cells, compared, difference) = (check.steps, check.cells, check.compared, check.largest_difference);
    writer.line(2, &say!(language,
        sv: format!("{steps} steg och {cells} celler räknade om; {compared} steg jämförda med körningens tal, största skillnad {difference}"),
        en: format!("{steps} steps and {cells} cells computed again; {compared} steps compared with the run’s numbers, largest difference {difference}"),
    ));
    writer.text
}
