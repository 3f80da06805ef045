//! What decides the places: how much of the variation of the ranks each choice makes.

use std::collections::BTreeMap;

use super::super::ReportError;
use super::super::builder::{Builder, FigureText};
use super::super::model::{Cell, Column, FigureData, Grid, Origin};
use super::super::text::capital;
use super::super::view::View;
use super::ranking::factor_words;
use super::sources;
use crate::chart::sensitivity::{self, SensitivityData, SensitivityFactor, Share};
use crate::index::sensitivity::Estimate;
use crate::language::say;
use crate::supply::MarketKind;
use crate::uncertainty::SensitivityRow;

/// Fewer rows of the design say nothing, whatever they give.
const LEAST_ROWS: usize = 8;
/// The countries that a reader meets.
const LEADING: usize = 15;

fn share(estimate: Estimate) -> Share {
    Share { value: estimate.value * 100.0, low: estimate.p05 * 100.0, high: estimate.p95 * 100.0 }
}

/// The section of an area; nothing where the run made no sensitivity analysis.
pub fn whole(builder: &mut Builder, view: &View) -> Result<(), ReportError> {
    let language = view.language();
    let own =
        |row: &&SensitivityRow| row.kind == MarketKind::Country && row.weighting.as_deref() == Some(view.weighting) && row.area == view.area.key;
    let rows: Vec<&SensitivityRow> = view.run.analysis.assessed.sensitivity.iter().filter(own).collect();
    let mut whole: Vec<&SensitivityRow> = rows.iter().copied().filter(|row| row.market.is_none() && row.total_order.value.is_finite()).collect();
    // The largest first; equal ones stay in the order of the factors.
    whole.sort_by(|one, other| other.total_order.value.total_cmp(&one.total_order.value));
    let Some(most) = whole.first().copied() else { return Ok(()) };
    builder.heading(say!(language, sv: "Vad avgör platserna?", en: "What decides the ranks?"), "avgor");
    builder.paragraph(say!(language,
        sv: "Rangordningen bygger på val som kunde ha gjorts på andra sätt: vilka vikter delarna får, hur uppgifterna läggs på samma skala, vilken indikator som tas bort. \
             I simuleringarna görs valen om. Diagrammet visar hur stor del av ländernas flyttningar som varje val ger upphov till.",
        en: "The ranking rests on choices that could have been made in other ways: which weights the components get, how the figures are put on one scale, which indicator is left out. \
             The simulations make these choices again. The chart shows how much of the countries’ movements each choice gives rise to.",
    ));
    // Of a few runs the estimates may be anything at all.
    let estimates = whole.iter().flat_map(|row| [row.first_order, row.total_order]);
    let mut shares = estimates.flat_map(|estimate| [estimate.value, estimate.p05, estimate.p95]).map(|share| share * 100.0);
    let rows_made = view.run.analysis.assessed.effort.map_or(0, |effort| effort.sensitivity_rows);
    if rows_made < LEAST_ROWS || !shares.all(|share| (sensitivity::SHARES.0..=sensitivity::SHARES.1).contains(&share)) {
        builder.paragraph(say!(language,
            sv: "Rangordningen har gjorts om för få gånger för att säga vilket val som betyder mest. Det kräver en körning med fler omräkningar.",
            en: "The ranking has been recalculated too few times to say which choice matters most. That takes a run with more recalculations.",
        ));
        return Ok(());
    }
    let number = |value: f64| language.number(value * 100.0, 0);
    let (words, alone, together) = (factor_words(most.factor, language), number(most.first_order.value), number(most.total_order.value));
    let list = view.list_name();
    let mut text = say!(language,
        sv: format!(
            "Störst betydelse för {list} som helhet har {words}: {alone} procent av flyttningarna kommer av det ensamt och {together} procent när det också räknas tillsammans med \
             de andra valen."
        ),
        en: format!(
            "What matters most for {list} as a whole is {words}: {alone} per cent of the movements come from it alone and {together} per cent when its effects together with the \
             other choices are counted too."
        ),
    );
    if let Some(sentence) = leading(view, &rows) {
        text.push(' ');
        text.push_str(&sentence);
    }
    if whole.iter().any(|row| row.factor == "weighting") {
        text.push_str(say!(language,
            sv: " Valet av viktning görs öppet, som två listor, och ingår därför inte i intervallen på någon av dem.",
            en: " The choice of weighting is made in the open, as two lists, and is therefore not part of the intervals on either of them.",
        ));
    }
    builder.paragraph(text);

    let name = |row: &SensitivityRow| capital(factor_words(row.factor, language));
    let factors: Vec<SensitivityFactor> =
        whole.iter().map(|row| SensitivityFactor { name: name(row), alone: share(row.first_order), together: share(row.total_order) }).collect();
    let title = say!(language,
        sv: format!("{} betyder mest för platserna på {list}", capital(words)),
        en: format!("{} matters most for the ranks on {list}", capital(words)),
    );
    let caption = say!(language,
        sv: "Mörk stapel: valet ensamt. Ljus stapel: valet också tillsammans med de andra. Strecken är osäkerheten (nio av tio omräkningar). De ljusa staplarna summerar till mer än 100, \
             eftersom samspel räknas hos alla som deltar; ett värde under noll är slump, liksom att ett val ser ut att betyda mer ensamt än med samspel.",
        en: "Dark bar: the choice alone. Light bar: the choice together with the others too. The lines are the uncertainty (nine recalculations in ten). The light bars add up to more than \
             100, because an interaction is counted with everyone who takes part; a value below zero is chance, and so is a choice that seems to matter more alone than with interactions.",
    );
    let listed: Vec<String> = whole
        .iter()
        .map(|row| {
            let (words, alone, together) = (factor_words(row.factor, language), number(row.first_order.value), number(row.total_order.value));
            say!(language, sv: format!("{words} {alone} ensamt, {together} med samspel"), en: format!("{words} {alone} alone, {together} with interactions"))
        })
        .collect();
    let listed = listed.join("; ");
    let alternative = say!(language,
        sv: format!("Liggande staplar, procent av flyttningarna i rangordningen: {listed}."),
        en: format!("Horizontal bars, per cent of the movements in the ranking: {listed}."),
    );
    let ends = |estimate: Estimate| {
        let (low, high) = (number(estimate.p05), number(estimate.p95));
        Cell::Text(say!(language, sv: format!("{low} till {high}"), en: format!("{low} to {high}")))
    };
    let span = say!(language, sv: "9 av 10 omräkningar", en: "9 recalculations in 10");
    let unit = say!(language, sv: "%", en: "%");
    let columns = vec![
        Column::text(say!(language, sv: "Val", en: "Choice")),
        Column::number(say!(language, sv: "Ensamt", en: "Alone"), unit),
        Column::number(say!(language, sv: "Ensamt", en: "Alone"), span),
        Column::number(say!(language, sv: "Med samspel", en: "With interactions"), unit),
        Column::number(say!(language, sv: "Med samspel", en: "With interactions"), span),
    ];
    let cell = |value: f64| Cell::Number { value: value * 100.0, decimals: 0 };
    let table = whole
        .iter()
        .map(|row| {
            vec![Cell::Text(name(row)), cell(row.first_order.value), ends(row.first_order), cell(row.total_order.value), ends(row.total_order)]
        })
        .collect();
    let origin = Origin {
        unit: Some(say!(language, sv: "procent av variansen i ländernas platser", en: "per cent of the variance of the countries’ ranks").to_owned()),
        period: None,
        source: sources::all(view.run),
        tables: vec!["sensitivity"],
    };
    let data = |about| SensitivityData {
        about,
        axis: say!(language, sv: "Procent av flyttningarna i rangordningen", en: "Per cent of the movements in the ranking").to_owned(),
        alone: say!(language, sv: "valet ensamt", en: "the choice alone").to_owned(),
        together: say!(language, sv: "också tillsammans med de andra valen", en: "together with the other choices too").to_owned(),
        factors,
    };
    let text = FigureText { slug: "avgor", title, caption: caption.into(), alternative };
    builder.figure(text, |about| sensitivity::svg(&data(about)), FigureData::Own(Grid { columns, rows: table }), origin)
}

/// Which choice moves most of the countries that lead.
fn leading(view: &View, rows: &[&SensitivityRow]) -> Option<String> {
    let language = view.language();
    let markets: Vec<_> = view.ranked(MarketKind::Country).into_iter().take(LEADING).map(|row| row.market).collect();
    let mut wins: BTreeMap<&str, usize> = BTreeMap::new();
    let mut known = 0;
    for market in &markets {
        let own = rows.iter().filter(|row| row.market == Some(*market) && row.total_order.value.is_finite());
        if let Some(most) = own.reduce(|best, next| if next.total_order.value > best.total_order.value { next } else { best }) {
            *wins.entry(most.factor).or_default() += 1;
            known += 1;
        }
    }
    let (factor, count) = wins.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    let words = factor_words(factor, language);
    Some(if count == known {
        say!(language,
            sv: format!("Det som flyttar vart och ett av de {known} första länderna mest är {words}."),
            en: format!("What moves each of the first {known} countries most is {words}."),
        )
    } else {
        say!(language,
            sv: format!("Bland de {known} första länderna är {words} det som flyttar flest: {count} länder."),
            en: format!("Among the first {known} countries {words} is what moves the most of them: {count} countries."),
        )
    })
}
