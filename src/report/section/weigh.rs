//! "What if we weigh it differently?": the pillar scores of every country and occupation, for sliders that make the order again in the reader's browser.

use serde_json::{Value, json};

use super::super::builder::Builder;
use super::super::model::{Column, Prose, Weigh, WeighList, WeighPillar};
use super::super::text::capital;
use super::super::view::View;
use super::left_out::indicator_words;
use super::ranking::pillar_names;
use crate::code::Ssyk;
use crate::config::{LIKELY, POTENTIAL};
use crate::ethics::Gate;
use crate::language::{Language, say};
use crate::market::{Fit, PILLARS};
use crate::reason::Reason;
use crate::supply::{Market, MarketKind};

/// Countries in the table at a time.
const SHOWN: usize = 15;
/// Decimals of a pillar score in the page: enough for a score that is right to 1e-9.
const DECIMALS: f64 = 1e10;

/// The heading and its anchor.
fn heading(language: Language) -> (String, String) {
    (say!(language, sv: "Vad händer om vi väger annorlunda?", en: "What if we weigh it differently?").to_owned(), "vikter".to_owned())
}

/// The section of an area: complete as it stands, with sliders where a browser runs them.
pub fn whole(builder: &mut Builder, view: &View) {
    let Some(mut weigh) = weigh(view) else { return };
    weigh.heading = None;
    let (text, anchor) = heading(view.language());
    builder.heading(&text, &anchor);
    builder.paragraph(in_force(view));
    builder.weigh(weigh);
}

/// The sliders of a document of two pages, which come with their own heading and so leave nothing on paper.
pub fn brief(builder: &mut Builder, view: &View) {
    if let Some(weigh) = weigh(view) {
        builder.weigh(weigh);
    }
}

/// The weights of both lists in a sentence each, and what the intervals hold of their uncertainty.
fn in_force(view: &View) -> String {
    let language = view.language();
    let sentences = lists(view).into_iter().map(|list| {
        let whole: f64 = list.weights.iter().sum();
        let named = list.weights.iter().zip(pillar_names(language)).filter(|(weight, _)| **weight > 0.0);
        let parts: Vec<String> = named.map(|(weight, name)| format!("{} {}", name.to_lowercase(), language.percent(weight / whole))).collect();
        let (name, parts) = (list.name, language.list(&parts));
        say!(language, sv: format!("På {name} väger {parts}."), en: format!("On {name} the weights are {parts}."))
    });
    let sentences = sentences.collect::<Vec<_>>().join(" ");
    say!(language,
        sv: format!("Hur mycket varje del ska väga är ett val. {sentences} Intervallen ovan räknar med att vikterna är osäkra: varje simulering väger delarna lite olika."),
        en: format!("How much each component is to weigh is a choice. {sentences} The intervals above allow for uncertain weights: every simulation weighs the components a little differently."),
    )
}

/// The lists that the view's area has countries on.
fn lists(view: &View) -> Vec<WeighList> {
    let made = [LIKELY, POTENTIAL].into_iter().filter_map(|key| {
        let list = view.list(key);
        let weighting = view.run.config.method.weightings.get(key)?;
        let weights: Vec<f64> = weighting.pillars().iter().map(|(_, pillar)| pillar.weight).collect();
        let ranked = !list.ranked(MarketKind::Country).is_empty() && weights.iter().sum::<f64>() > 0.0;
        ranked.then(|| WeighList { key, name: list.list_name().to_owned(), weights })
    });
    made.collect()
}

/// The sliders; `None` where nothing is ranked.
fn weigh(view: &View) -> Option<Weigh> {
    let language = view.language();
    let lists = lists(view);
    let first = lists.first()?;
    let weightings = &view.run.config.method.weightings;
    let pillars = PILLARS.into_iter().zip(pillar_names(language)).enumerate().map(|(position, (key, name))| {
        // The first list that counts a component says what it is made of.
        let counted = lists.iter().find(|list| list.weights[position] > 0.0).unwrap_or(first);
        let weighting = weightings.get(counted.key);
        let indicators = weighting.into_iter().flat_map(|weighting| weighting.pillars()[position].1.indicators.iter());
        let words: Vec<&str> = indicators.filter(|(_, weight)| **weight > 0.0).map(|(name, _)| indicator_words(name, language)).collect();
        WeighPillar { key, name: name.to_owned(), about: capital(&language.list(&words)) }
    });
    let tiers = view.has_tiers(MarketKind::Country);
    let without = say!(language, sv: "utan intervall", en: "without interval");
    let mut columns = vec![
        Column::text(say!(language, sv: "Land", en: "Country")),
        Column::number(say!(language, sv: "Plats med dina vikter", en: "Rank with your weights"), without),
        Column::number(say!(language, sv: "Poäng med dina vikter", en: "Score with your weights"), "1–100"),
        Column::number(say!(language, sv: "Mot gällande vikter", en: "Against the weights in force"), say!(language, sv: "platser", en: "places")),
    ];
    if tiers {
        let official = say!(language, sv: "officiell ordning", en: "official order");
        columns.extend([
            Column::number(say!(language, sv: "Grupp", en: "Tier"), official),
            Column::number(say!(language, sv: "Plats i 9 av 10 simuleringar", en: "Rank in 9 simulations out of 10"), official),
        ]);
    }
    Some(Weigh {
        heading: Some(heading(language)),
        reading: reading(view, tiers),
        legends: say!(language, sv: ["Lista", "Hur mycket delarna väger"], en: ["List", "How much the components weigh"]).map(str::to_owned),
        pillars: pillars.collect(),
        reset: say!(language, sv: "Återställ vikterna", en: "Reset the weights").to_owned(),
        title: say!(language,
            sv: format!("De {SHOWN} första länderna med dina vikter, bredvid den officiella ordningen"),
            en: format!("The first {SHOWN} countries with your weights, beside the official order"),
        ),
        columns,
        data: data(view, &lists, tiers).to_string(),
        lists,
    })
}

/// What it is, how it is read, and how much less sure it is than the order in force.
fn reading(view: &View, tiers: bool) -> Vec<Prose> {
    let language = view.language();
    let replicates = view.run.analysis.assessed.effort.map_or(0, |effort| effort.replicates);
    let replicates = language.whole(i64::try_from(replicates).unwrap_or(i64::MAX));
    let how = say!(language,
        sv: "Dra i ett reglage, eller använd piltangenterna, så räknas ordningen om här på sidan. Reglagen behöver inte bli hundra tillsammans: procenttalet visar delens andel av vikten. Formeln är densamma som i rapporten, och inget skickas någonstans.",
        en: "Drag a slider, or use the arrow keys, and the order is recalculated here on the page. The sliders need not add up to a hundred: the percentage shows the component’s share of the weight. The formula is the same as in the report, and nothing is sent anywhere.",
    );
    let head = say!(language, sv: "Din ordning har inga intervall.", en: "Your order has no intervals.");
    let honest = if tiers {
        say!(language,
            sv: format!(" Den bygger på en enda uträkning. Den officiella ordningen bygger på {replicates} simuleringar och säger bara så mycket som siffrorna räcker till: därför står grupp och intervall bredvid. Små skillnader i din ordning säger ingenting."),
            en: format!(" It rests on a single calculation. The official order rests on {replicates} simulations and says no more than the figures allow: that is why tier and interval stand beside it. Small differences in your order mean nothing."),
        )
    } else {
        say!(language,
            sv: " Den bygger på en enda uträkning. Små skillnader säger ingenting.".to_owned(),
            en: " It rests on a single calculation. Small differences mean nothing.".to_owned(),
        )
    };
    vec![how.into(), Prose::new().strong(head).text(honest)]
}

/// What the script computes from, with the sentences it says.
fn data(view: &View, lists: &[WeighList], tiers: bool) -> Value {
    let method = &view.run.config.method;
    let occupations: Vec<Ssyk> = view.weights.keys().copied().collect();
    let language = view.language();
    let each = lists.iter().map(|list| {
        let own = view.list(list.key);
        let only_untested = method.weightings.get(list.key).is_some_and(|weighting| weighting.only_untested);
        let trials = &view.run.analysis.markets.trials;
        let candidates = view.run.analysis.supply.countries.iter().copied();
        let candidates = candidates.filter(|country| !only_untested || trials.get(country).is_some_and(crate::market::Trial::is_untested));
        let countries: Vec<Value> = candidates.map(|country| of_country(&own, &occupations, Market::Country(country), tiers)).collect();
        json!({ "key": list.key, "name": list.name, "weights": list.weights, "countries": countries })
    });
    json!({
        "lists": each.collect::<Vec<_>>(),
        "occupations": occupations.iter().map(|occupation| view.weight(*occupation)).collect::<Vec<_>>(),
        "closed": method.area.closed_score,
        "leastWeight": method.area.least_weight,
        "leastCoverage": method.fit.least_coverage,
        "shown": SHOWN,
        "tiers": tiers,
        "words": words(language),
    })
}

/// A country: its names, its official place, and by occupation whether it is open and what each pillar gives.
fn of_country(view: &View, occupations: &[Ssyk], market: Market, tiers: bool) -> Value {
    let fits: Vec<Option<&Fit>> = occupations.iter().map(|occupation| view.fit(market, *occupation)).collect();
    let state = |fit: Option<&Fit>| match fit {
        Some(fit) if fit.gate.is_some_and(Gate::is_closed) => 'x',
        Some(fit) if fit.reason != Some(Reason::NoPool) => 'o',
        _ => '-',
    };
    let by_pillar = |pick: fn(&Fit) -> [Option<f64>; 4]| -> Vec<Value> {
        (0..4).map(|pillar| compact(fits.iter().map(|fit| fit.and_then(|fit| pick(fit)[pillar])).collect())).collect()
    };
    let (name, prose) = (view.market(market), view.market_in_prose(market));
    let mut country = json!({
        "code": market.code(),
        "name": name,
        "states": fits.iter().copied().map(state).collect::<String>(),
        "scores": by_pillar(|fit| fit.pillars),
        "coverage": by_pillar(|fit| fit.pillar_coverage),
    });
    if prose != name {
        country["prose"] = json!(prose);
    }
    let place = view.ranked(MarketKind::Country).into_iter().find(|row| row.market == market).and_then(|row| row.uncertainty.as_ref());
    if let Some(place) = place.filter(|_| tiers) {
        country["tier"] = json!(place.tier);
        country["interval"] = json!([place.p05, place.p95]);
    }
    country
}

/// One value where all occupations share it, else one each; rounded, missing as null.
fn compact(values: Vec<Option<f64>>) -> Value {
    let rounded: Vec<Option<f64>> = values.into_iter().map(|value| value.map(|value| (value * DECIMALS).round() / DECIMALS)).collect();
    match rounded.split_first() {
        Some((first, rest)) if rest.iter().all(|other| other == first) => json!(first),
        _ => json!(rounded),
    }
}

/// The sentences of the live region; words in braces are filled in by the script.
fn words(language: Language) -> Value {
    let mut words = json!({
        "decimal": say!(language, sv: ",", en: "."),
        "and": say!(language, sv: " och ", en: " and "),
        "percent": language.percent_sign("{number}"),
        "of": say!(language, sv: "{number} procent av vikten", en: "{number} per cent of the weight"),
        "idle": say!(language, sv: "räknas inte på {list}", en: "not counted on {list}"),
        "default": say!(language,
            sv: "{list} med de vikter som gäller. Ordningen efter poäng skiljer sig lite från den officiella, som bygger på simuleringarna.",
            en: "{list} with the weights in force. The order by score differs a little from the official one, which rests on the simulations.",
        ),
        "first": say!(language, sv: "Med dina vikter får {names} högst poäng på {list}.", en: "With your weights {names} have the highest scores on {list}."),
        "firstOne": say!(language, sv: "Med dina vikter får {names} högst poäng på {list}.", en: "With your weights {names} has the highest score on {list}."),
        "tier": say!(language,
            sv: "Av de tio första hör {count} till den officiella första gruppen.",
            en: "Of the first ten, {count} are in the official first tier.",
        ),
        "same": say!(language, sv: "De {shown} första är samma länder som med gällande vikter.", en: "The first {shown} are the same countries as with the weights in force."),
        "changed": say!(language,
            sv: "Bland de {shown} första kommer {in} in och {out} faller ut.",
            en: "Among the first {shown}, {in} come in and {out} drop out.",
        ),
        "changedOne": say!(language,
            sv: "Bland de {shown} första kommer {in} in och {out} faller ut.",
            en: "Among the first {shown}, {in} comes in and {out} drops out.",
        ),
        "most": say!(language, sv: "Mest flyttar {name}, från plats {from} till {to}.", en: "{name} moves most, from rank {from} to {to}."),
        "nothing": say!(language, sv: "Minst en del måste väga mer än noll. Ordningen är den senaste.", en: "At least one component must weigh more than zero. The order shown is the last one."),
    });
    words["up"] = json!(say!(language, sv: "{number} upp", en: "up {number}"));
    words["down"] = json!(say!(language, sv: "{number} ned", en: "down {number}"));
    words["still"] = json!(say!(language, sv: "oförändrad", en: "unchanged"));
    words["none"] = json!(say!(language, sv: "rangordnas inte", en: "not ranked"));
    words
}
