//! What every chart promises whatever the data: no text over another or outside the page, nothing alive in a label, the same
//! bytes twice, a name and a description for those who cannot see it.

use std::collections::HashSet;
use std::sync::LazyLock;

use proptest::prelude::*;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Group, Node, Tree};
use roxmltree::Document;

use crate::code::Codes;
use crate::figures::Figures;

use super::base_map::{BaseMap, Extent};
use super::canvas::{Canvas, PER_POINT, Rect, WIDTH};
use super::competition::{self, CompetitionData, ContestedOccupation};
use super::dumbbell::{self, DumbbellData, DumbbellRow};
use super::heat_table::{self, Gate, HeatCell, HeatRow, HeatTableData};
use super::intervals::{self, IntervalData, IntervalRow};
use super::map::{self, MapArea, MapData, Shade};
use super::outcome::{self, OutcomeData, OutcomeMarket};
use super::png::{self, png};
use super::profile::{self, PillarRow, ProfileData};
use super::ranking::{self, RankInterval, RankedMarket, RankingData};
use super::recruiting::{self, RecruitedOccupation, RecruitingData, RecruitingMarket};
use super::sensitivity::{self, SensitivityData, SensitivityFactor, Share};
use super::shortage_map::{self, MappedOccupation, Rating, ShortageMapData};
use super::slope::{self, SlopeData, SlopeMarket, SlopePlace};
use super::{ChartError, Description, Language};

const NAMES: [&str; 8] = [
    "Polen",
    "Underläkare och specialistsjuksköterskor inom psykiatrisk vård",
    "Maskinoperatörer, kvarndrift, tvål- och tvättmedelstillverkning m.m.",
    "<script>alert('x')</script> & \"citat\"",
    "Höger\u{202e}till\u{200f}vänster\u{0}\u{7} שלום",
    "Arbetsterapeuter",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "",
];

/// A chart of one kind, ready to be drawn.
#[derive(Debug, Clone)]
enum Chart {
    Ranking(RankingData),
    Map(ShortageMapData),
    Heat(HeatTableData),
    Dumbbell(DumbbellData),
    Competition(CompetitionData),
    Intervals(IntervalData),
    Outcome(OutcomeData),
    Areas(Areas),
    Recruiting(RecruitingData),
    Sensitivity(SensitivityData),
    Slope(SlopeData),
    Profile(ProfileData),
}

/// A map's figures without the outlines, which are borrowed.
#[derive(Debug, Clone)]
struct Areas {
    about: Description,
    extent: Extent,
    words: String,
    shaded: Vec<MapArea>,
}

impl Areas {
    fn data(&self) -> MapData<'static> {
        let words = self.words.clone();
        MapData {
            about: self.about.clone(),
            base: base(self.extent),
            areas: self.shaded.clone(),
            closed: words.clone(),
            first: words.clone(),
            home: words,
            measure: None,
        }
    }
}

/// The outlines that come with the program.
fn base(extent: Extent) -> &'static BaseMap {
    static MAPS: LazyLock<[BaseMap; 3]> = LazyLock::new(|| {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        let codes = Codes::read(&folder.join("mappings")).expect("the code lists");
        let figures = Figures::read(&folder.join("bundled"), &codes).expect("the bundled figures");
        [Extent::Europe, Extent::World, Extent::Sweden].map(|extent| BaseMap::new(extent, figures.outlines_of(extent.key())))
    });
    match extent {
        Extent::Europe => &MAPS[0],
        Extent::World => &MAPS[1],
        Extent::Sweden => &MAPS[2],
    }
}

impl Chart {
    fn draw(&self) -> Canvas {
        match self {
            Self::Ranking(data) => ranking::draw(data),
            Self::Map(data) => shortage_map::draw(data),
            Self::Heat(data) => heat_table::draw(data),
            Self::Dumbbell(data) => dumbbell::draw(data),
            Self::Competition(data) => competition::draw(data),
            Self::Intervals(data) => intervals::draw(data),
            Self::Outcome(data) => outcome::draw(data),
            Self::Areas(areas) => map::draw(&areas.data()),
            Self::Recruiting(data) => recruiting::draw(data),
            Self::Sensitivity(data) => sensitivity::draw(data),
            Self::Slope(data) => slope::draw(data),
            Self::Profile(data) => profile::draw(data),
        }
        .expect("the numbers are possible")
    }

    fn svg(&self) -> String {
        match self {
            Self::Ranking(data) => ranking::svg(data),
            Self::Map(data) => shortage_map::svg(data),
            Self::Heat(data) => heat_table::svg(data),
            Self::Dumbbell(data) => dumbbell::svg(data),
            Self::Competition(data) => competition::svg(data),
            Self::Intervals(data) => intervals::svg(data),
            Self::Outcome(data) => outcome::svg(data),
            Self::Areas(areas) => map::svg(&areas.data()),
            Self::Recruiting(data) => recruiting::svg(data),
            Self::Sensitivity(data) => sensitivity::svg(data),
            Self::Slope(data) => slope::svg(data),
            Self::Profile(data) => profile::svg(data),
        }
        .expect("the numbers are possible")
    }
}

fn about(language: Language) -> Description {
    Description {
        id: "figur 1\"><b>".to_owned(),
        title: "Polen & \"Spanien\" <först>\u{0}".to_owned(),
        alternative: "Två meningar.\nOch en till.".to_owned(),
        language,
    }
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(&NAMES[..]).prop_map(str::to_owned),
        2 => "\\PC{0,40}",
        1 => "[a-zåäö]{1,14}( [a-zåäö]{1,25}){0,8}",
        1 => prop::sample::select(&NAMES[..]).prop_map(|name| name.repeat(20)),
    ]
}

fn languages() -> impl Strategy<Value = Language> {
    prop_oneof![Just(Language::Swedish), Just(Language::English)]
}

/// A number that may be missing, not a number, or at the ends of its range.
fn figures(from: f64, to: f64) -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        8 => (from..to).prop_map(Some),
        1 => Just(None),
        1 => prop::sample::select(vec![f64::NAN, 0.0, from, to]).prop_map(Some),
    ]
}

fn rankings() -> impl Strategy<Value = Chart> {
    let intervals = (1.0..60.0, 0.0..20.0, 0.0..20.0).prop_map(|(median, below, above)| RankInterval {
        low: f64::max(median - below, 1.0),
        median,
        high: median + above,
    });
    let markets = (names(), figures(0.0, 100.0), prop::option::of(intervals), prop::option::of(1_u32..5))
        .prop_map(|(name, score, interval, tier)| RankedMarket { name, score, interval, tier });
    (languages(), 0_usize..90, prop::option::of(names()), any::<bool>(), prop::collection::vec(markets, 0..20)).prop_map(
        |(language, candidates, axis, scores_only, mut markets)| {
            if scores_only {
                for market in &mut markets {
                    market.interval = None;
                }
            }
            Chart::Ranking(RankingData { about: about(language), candidates, axis, markets })
        },
    )
}

fn maps() -> impl Strategy<Value = Chart> {
    let occupations = (names(), figures(0.0, 100.0), prop_oneof![figures(0.0, 300.0), figures(0.0, 1e9)], figures(0.0, 5000.0), any::<bool>())
        .prop_map(|(name, need, volume, employed, shortage)| MappedOccupation {
            name,
            need,
            volume,
            employed,
            rating: if shortage { Rating::Shortage } else { Rating::Watched },
        });
    (languages(), prop::option::of(names()), prop::collection::vec(occupations, 0..70), any::<bool>()).prop_map(
        |(language, need_axis, mut occupations, stacked)| {
            if stacked {
                for occupation in &mut occupations {
                    occupation.need = Some(70.0);
                    occupation.volume = Some(12.0);
                }
            }
            Chart::Map(ShortageMapData { about: about(language), need_axis: need_axis.clone(), volume_axis: need_axis, occupations })
        },
    )
}

fn heat_tables() -> impl Strategy<Value = Chart> {
    let cells = prop_oneof![
        6 => figures(1.0, 100.0).prop_map(|fit| fit.map_or(HeatCell::Missing, HeatCell::Fit)),
        1 => Just(HeatCell::Gated(Gate::D)),
        1 => Just(HeatCell::Gated(Gate::E)),
    ];
    let rows = (names(), prop::collection::vec(cells, 0..30)).prop_map(|(name, cells)| HeatRow { name, cells });
    (languages(), prop::option::of(names()), prop::collection::vec(names(), 0..30), prop::collection::vec(rows, 0..16))
        .prop_map(|(language, measure, columns, rows)| Chart::Heat(HeatTableData { about: about(language), measure, columns, rows }))
}

fn dumbbells() -> impl Strategy<Value = Chart> {
    let rows = (names(), figures(0.0, 100.0), figures(0.0, 100.0), figures(0.0, 100.0)).prop_map(|(name, county, sweden, market)| DumbbellRow {
        name,
        county,
        sweden,
        market,
    });
    (languages(), names(), names(), prop::collection::vec(rows, 0..20))
        .prop_map(|(language, county, market, occupations)| Chart::Dumbbell(DumbbellData { about: about(language), county, market, occupations }))
}

fn interval_plots() -> impl Strategy<Value = Chart> {
    let ends = (prop_oneof![8 => -1.0..1.0, 1 => Just(f64::NAN)], prop_oneof![8 => -1.0..1.0, 1 => Just(f64::NAN)]);
    let rows =
        (names(), figures(-1.0, 1.0), ends, any::<bool>()).prop_map(|(name, value, ends, emphasised)| IntervalRow { name, value, ends, emphasised });
    let references = (names(), prop_oneof![8 => -1.0..1.0, 1 => Just(0.0), 1 => Just(f64::NAN)]);
    (languages(), names(), prop::collection::vec(references, 0..4), prop::collection::vec(rows, 0..20))
        .prop_map(|(language, axis, references, rows)| Chart::Intervals(IntervalData { about: about(language), axis, references, rows }))
}

fn outcomes() -> impl Strategy<Value = Chart> {
    let outcome = prop_oneof![4 => 0.0..3000.0, 2 => Just(0.0), 1 => 0.0..1e9, 1 => Just(f64::NAN)];
    let markets = (names(), 1.0..120.0, outcome, any::<bool>()).prop_map(|(name, place, outcome, named)| OutcomeMarket {
        name,
        place: f64::round(place),
        outcome,
        named,
    });
    (languages(), names(), names(), names(), prop::collection::vec(markets, 0..60)).prop_map(|(language, place_axis, outcome_axis, zero, markets)| {
        Chart::Outcome(OutcomeData { about: about(language), place_axis, outcome_axis, zero, markets })
    })
}

fn profiles() -> impl Strategy<Value = Chart> {
    let quartile = || prop_oneof![8 => 0.0..100.0, 1 => Just(0.0), 1 => Just(100.0), 1 => Just(f64::NAN)];
    let quartiles = prop::option::of((quartile(), quartile(), quartile()).prop_map(|(low, median, high)| [low, median, high]));
    let rows = (names(), figures(0.0, 100.0), quartiles).prop_map(|(name, value, quartiles)| PillarRow { name, value, quartiles });
    (languages(), names(), names(), prop::collection::vec(rows, 0..7))
        .prop_map(|(language, market, candidates, pillars)| Chart::Profile(ProfileData { about: about(language), market, candidates, pillars }))
}

fn area_maps() -> impl Strategy<Value = Chart> {
    let shades = prop_oneof![
        8 => (0.0..100.0).prop_map(Shade::Score),
        1 => Just(Shade::Score(f64::NAN)),
        1 => Just(Shade::Closed),
        1 => Just(Shade::Missing),
        1 => Just(Shade::Unlisted),
        1 => Just(Shade::Home),
    ];
    let extents = prop_oneof![Just(Extent::Europe), Just(Extent::World), Just(Extent::Sweden)];
    (languages(), extents, names()).prop_flat_map(move |(language, extent, words)| {
        // Some codes that no map has.
        let mut codes: Vec<String> = base(extent).shapes.iter().map(|shape| shape.code.clone()).collect();
        codes.extend(["ZZ", "<b>", ""].map(str::to_owned));
        let area = (prop::sample::select(codes), names(), shades.clone(), any::<bool>(), any::<bool>())
            .prop_map(|(code, name, shade, first, named)| MapArea { code, name, shade, first, named });
        prop::collection::vec(area, 0..50)
            .prop_map(move |areas| Chart::Areas(Areas { about: about(language), extent, words: words.clone(), shaded: areas }))
    })
}

fn recruitings() -> impl Strategy<Value = Chart> {
    let market = (names(), prop::collection::vec(figures(0.0, 100.0), 0..5), names()).prop_map(|(name, after, needed)| RecruitingMarket {
        name,
        after,
        needed,
    });
    let occupation = (names(), figures(0.0, 100.0), prop::collection::vec(market, 0..7)).prop_map(|(name, now, markets)| RecruitedOccupation {
        name,
        now,
        markets,
    });
    (languages(), prop::collection::vec(1_u32..1_000_000, 0..5), names(), prop::collection::vec(occupation, 0..5)).prop_map(
        |(language, recruits, needed_head, occupations)| {
            Chart::Recruiting(RecruitingData { about: about(language), recruits, needed_head, occupations })
        },
    )
}

fn sensitivities() -> impl Strategy<Value = Chart> {
    let ends = || prop_oneof![8 => -20.0..140.0, 1 => Just(f64::NAN), 1 => -1000.0..1000.0];
    let share = move || (ends(), ends(), ends()).prop_map(|(value, low, high)| Share { value, low, high });
    let factor = (names(), share(), share()).prop_map(|(name, alone, together)| SensitivityFactor { name, alone, together });
    (languages(), names(), names(), prop::collection::vec(factor, 0..12)).prop_map(|(language, axis, words, factors)| {
        Chart::Sensitivity(SensitivityData { about: about(language), axis, alone: words.clone(), together: words, factors })
    })
}

fn competitions() -> impl Strategy<Value = Chart> {
    // The number of people is written by the program itself; names and words are not.
    let occupation =
        (names(), 0_usize..200, prop_oneof![(0_u32..9_999_999).prop_map(|people| people.to_string()), Just("uppgift saknas".to_owned())]);
    (languages(), names(), 0_usize..200, prop::collection::vec(occupation, 0..40)).prop_map(|(language, axis, reporting, rows)| {
        let people = "I världen, tusental personer".to_owned();
        let occupations = rows.into_iter().map(|(name, countries, people)| ContestedOccupation { name, countries: countries.min(reporting), people });
        Chart::Competition(CompetitionData { about: about(language), axis, people, reporting, occupations: occupations.collect() })
    })
}

fn slopes() -> impl Strategy<Value = Chart> {
    let rank = || prop_oneof![8 => 1.0..160.0, 1 => Just(1.0), 1 => Just(f64::NAN)];
    let place = move || prop::option::of((rank(), rank(), rank()).prop_map(|(median, low, high)| SlopePlace { median, low, high }));
    let market =
        (names(), place(), place(), any::<bool>()).prop_map(|(name, before, after, is_certain)| SlopeMarket { name, before, after, is_certain });
    (languages(), names(), names(), prop::collection::vec(market, 0..40))
        .prop_map(|(language, before, after, markets)| Chart::Slope(SlopeData { about: about(language), before, after, markets }))
}

fn charts() -> impl Strategy<Value = Chart> {
    prop_oneof![
        rankings(),
        maps(),
        heat_tables(),
        dumbbells(),
        interval_plots(),
        outcomes(),
        area_maps(),
        recruitings(),
        sensitivities(),
        competitions(),
        slopes(),
        profiles()
    ]
}

/// The first two texts that touch, or the first that leaves the page.
fn collision(canvas: &Canvas) -> Option<String> {
    let page = Rect::new(0.0, 0.0, WIDTH, canvas.height).grown(0.05);
    let texts: Vec<_> = canvas.texts().collect();
    for (index, one) in texts.iter().enumerate() {
        if !page.contains(one.rect) {
            return Some(format!("{one:?} leaves the page {page:?}"));
        }
        // Lines of one paragraph share an edge; a hair of rounding is no overlap.
        let inner = one.rect.grown(-0.01);
        for other in &texts[..index] {
            if inner.overlaps(other.rect.grown(-0.01)) {
                return Some(format!("{one:?} covers {other:?}"));
            }
        }
    }
    None
}

fn is_inert(node: roxmltree::Node) -> bool {
    let allowed = ["svg", "title", "desc", "rect", "line", "polyline", "polygon", "circle", "text", "path", "defs", "pattern"];
    allowed.contains(&node.tag_name().name())
        && node
            .attributes()
            .all(|attribute| !attribute.name().starts_with("on") && !attribute.name().ends_with("href") && attribute.name() != "style")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_text_covers_another_or_leaves_the_page(chart in charts()) {
        prop_assert_eq!(collision(&chart.draw()), None);
    }

    #[test]
    fn a_label_is_inert_whatever_it_says(chart in charts()) {
        let svg = chart.svg();
        let document = Document::parse(&svg).expect("well-formed");
        for node in document.descendants().filter(roxmltree::Node::is_element) {
            prop_assert!(is_inert(node), "{node:?}");
            for attribute in node.attributes() {
                let value = attribute.value();
                prop_assert!(!value.contains("NaN") && !value.contains("inf"), "{value}");
            }
        }
        prop_assert!(!svg.chars().any(|c| c.is_control() && c != '\n'));
        let turned = svg.contains(['\u{202e}', '\u{200f}']);
        prop_assert!(!turned);
    }

    #[test]
    fn the_same_data_gives_the_same_bytes(chart in charts()) {
        prop_assert_eq!(chart.svg(), chart.svg());
    }
}

fn samples() -> Vec<Chart> {
    let hostile = |count: usize| (0..count).map(|index| NAMES[index % NAMES.len()].to_owned());
    let language = Language::Swedish;
    vec![
        Chart::Ranking(RankingData {
            about: about(language),
            candidates: 30,
            axis: None,
            markets: hostile(9)
                .enumerate()
                .map(|(index, name)| RankedMarket {
                    name,
                    score: Some(70.0 - index as f64),
                    interval: Some(RankInterval { low: 1.0, median: 1.0 + index as f64, high: 12.0 }),
                    tier: Some(1 + index as u32 / 4),
                })
                .collect(),
        }),
        Chart::Map(ShortageMapData {
            about: about(language),
            occupations: hostile(9)
                .enumerate()
                .map(|(index, name)| MappedOccupation {
                    name,
                    need: Some(50.0 + 5.0 * index as f64),
                    volume: Some(3.0 * index as f64),
                    employed: (index > 0).then_some(100.0 * index as f64),
                    rating: Rating::Watched,
                })
                .collect(),
            ..ShortageMapData::default()
        }),
        Chart::Heat(HeatTableData {
            about: about(language),
            measure: None,
            columns: hostile(6).collect(),
            rows: hostile(4)
                .map(|name| HeatRow { name, cells: vec![HeatCell::Fit(61.0), HeatCell::Missing, HeatCell::Gated(Gate::D), HeatCell::Gated(Gate::E)] })
                .collect(),
        }),
        Chart::Dumbbell(DumbbellData {
            about: about(language),
            county: "Jämtlands län".to_owned(),
            market: "Polen".to_owned(),
            occupations: hostile(4).map(|name| DumbbellRow { name, county: Some(91.0), sweden: Some(90.0), market: None }).collect(),
        }),
        Chart::Intervals(IntervalData {
            about: about(language),
            axis: "Rangkorrelation".to_owned(),
            references: vec![("slumpen".to_owned(), 0.0), ("folkmängd".to_owned(), 0.4)],
            rows: hostile(5)
                .enumerate()
                .map(|(index, name)| IntervalRow {
                    name,
                    value: Some(0.6 - 0.2 * index as f64),
                    ends: (0.5 - 0.2 * index as f64, 0.7 - 0.2 * index as f64),
                    emphasised: index == 1,
                })
                .collect(),
        }),
        Chart::Outcome(OutcomeData {
            about: about(language),
            place_axis: "Plats i listan".to_owned(),
            outcome_axis: "Tillstånd".to_owned(),
            zero: "inga".to_owned(),
            markets: hostile(8)
                .enumerate()
                .map(|(index, name)| OutcomeMarket { name, place: 1.0 + index as f64, outcome: 5.0 * index as f64, named: index % 2 == 0 })
                .collect(),
        }),
        Chart::Areas(Areas {
            about: about(language),
            extent: Extent::Europe,
            words: "första gruppen".to_owned(),
            shaded: ["PL", "DE", "MT", "RO", "UA", "RU", "SE", "LI"]
                .into_iter()
                .zip(hostile(8))
                .enumerate()
                .map(|(index, (code, name))| MapArea {
                    code: code.to_owned(),
                    name,
                    shade: match index {
                        4 => Shade::Missing,
                        5 => Shade::Closed,
                        6 => Shade::Home,
                        _ => Shade::Score(10.0 + 9.0 * index as f64),
                    },
                    first: index < 2,
                    named: true,
                })
                .collect(),
        }),
        Chart::Recruiting(RecruitingData {
            about: about(language),
            recruits: vec![5, 10, 25],
            needed_head: "rekryterade till 40 %".to_owned(),
            occupations: hostile(3)
                .map(|name| RecruitedOccupation {
                    name,
                    now: Some(82.0),
                    markets: hostile(4)
                        .map(|name| RecruitingMarket { name, after: vec![Some(80.0), Some(78.0), None], needed: "går inte att nå".to_owned() })
                        .collect(),
                })
                .collect(),
        }),
        Chart::Sensitivity(SensitivityData {
            about: about(language),
            axis: "Procent av platsernas variation".to_owned(),
            alone: "ensamt".to_owned(),
            together: "med samspel".to_owned(),
            factors: hostile(6)
                .enumerate()
                .map(|(index, name)| SensitivityFactor {
                    name,
                    alone: Share { value: 20.0 * index as f64 - 4.0, low: 20.0 * index as f64 - 9.0, high: 20.0 * index as f64 + 4.0 },
                    together: Share::default(),
                })
                .collect(),
        }),
        Chart::Competition(CompetitionData {
            about: about(language),
            axis: "Länder som har rapporterat brist".to_owned(),
            people: "I världen, tusental personer".to_owned(),
            reporting: 31,
            occupations: hostile(6)
                .enumerate()
                .map(|(index, name)| ContestedOccupation { name, countries: 5 * index, people: format!("{} 200", index + 1) })
                .collect(),
        }),
        Chart::Slope(SlopeData {
            about: about(language),
            before: "Körningen 2025".to_owned(),
            after: "Den här körningen".to_owned(),
            markets: hostile(8)
                .enumerate()
                .map(|(index, name)| SlopeMarket {
                    name,
                    before: (index > 0).then_some(SlopePlace { median: 3.0, low: 1.0, high: 7.0 }),
                    after: Some(SlopePlace { median: 1.0 + index as f64, low: 1.0, high: 9.0 }),
                    is_certain: index % 3 == 0,
                })
                .collect(),
        }),
        Chart::Profile(ProfileData {
            about: about(language),
            market: "Polen".to_owned(),
            candidates: "84 länder".to_owned(),
            pillars: hostile(4)
                .enumerate()
                .map(|(index, name)| PillarRow { name, value: (index > 0).then_some(20.0 * index as f64), quartiles: Some([30.0, 48.0, 61.0]) })
                .collect(),
        }),
    ]
}

fn texts(chart: &Chart) -> String {
    chart.draw().texts().map(|text| text.text.clone()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_chart_has_a_role_a_name_and_a_description() {
    for chart in samples() {
        let svg = chart.svg();
        let document = Document::parse(&svg).expect("well-formed");
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        let by_id = |id: &str| document.descendants().find(|node| node.attribute("id") == Some(id)).and_then(|node| node.text());
        assert_eq!(by_id(root.attribute("aria-labelledby").expect("a name")), Some("Polen & \"Spanien\" <först>"));
        assert_eq!(by_id(root.attribute("aria-describedby").expect("a description")), Some("Två meningar. Och en till."));
    }
}

#[test]
fn ids_carry_the_charts_prefix_and_are_unique() {
    let svg = samples()[0].svg();
    let document = Document::parse(&svg).expect("well-formed");
    let ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    assert!(ids.iter().all(|id| id.starts_with("figur-1---b-")), "{ids:?}");
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
}

#[test]
fn no_text_is_smaller_than_nine_points() {
    for chart in samples() {
        let svg = chart.svg();
        let document = Document::parse(&svg).expect("well-formed");
        for node in document.descendants().filter(|node| node.has_tag_name("text")) {
            let size: f64 = node.attribute("font-size").and_then(|size| size.parse().ok()).expect("a size");
            assert!(size >= 90.0, "{size} tenths of a point");
            assert_eq!(node.attribute("font-family"), Some("Inter, sans-serif"));
        }
    }
}

#[test]
fn every_chart_becomes_a_png_with_visible_marks() {
    for chart in samples() {
        let picture = png(&chart.svg(), 1.0).expect("a picture");
        let (_, _, colours) = super::png::read(&picture);
        let dark = colours.iter().flatten().filter(|value| **value < 200).count();
        assert!(dark > 200, "{dark} dark values");
        assert_eq!(picture, png(&chart.svg(), 1.0).expect("a picture"));
    }
}

/// The largest and the mean difference between a picture with our letters and the same as resvg paints it whole, and how many values of it are dark.
fn painted_differently(svg: &str) -> (u8, f64, usize) {
    let tree = Tree::from_str(svg, &super::png::options()).expect("readable");
    let scale = Transform::from_scale(0.2, 0.2);
    let blank = || {
        let mut pixels = Pixmap::new((tree.size().width() * 0.2).ceil() as u32, (tree.size().height() * 0.2).ceil() as u32).expect("memory");
        pixels.fill(resvg::tiny_skia::Color::WHITE);
        pixels
    };
    let (mut ours, mut whole) = (blank(), blank());
    super::lettering::paint(tree.root(), scale, &mut ours);
    resvg::render(&tree, scale, &mut whole.as_mut());
    let differences: Vec<u8> = ours.data().iter().zip(whole.data()).map(|(first, second)| first.abs_diff(*second)).collect();
    let mean = differences.iter().map(|value| f64::from(*value)).sum::<f64>() / differences.len() as f64;
    (differences.into_iter().max().unwrap_or(0), mean, whole.data().iter().filter(|value| **value < 200).count())
}

/// The letters are painted by us, the rest by resvg mark by mark: no mark is lost, moved or painted in another order.
#[test]
fn every_chart_is_painted_as_resvg_paints_it_whole() {
    for chart in samples() {
        let svg = chart.svg();
        let (largest, mean, dark) = painted_differently(&svg);
        // Sixteen points of a pixel against its area.
        assert!(largest < 80 && mean < 1.0, "{largest} at most, {mean} in the mean: {}", &svg[..200]);
        assert!(dark > 200, "{dark} dark values");
        let mut marks = svg.clone();
        let document = Document::parse(&svg).expect("well-formed");
        let texts: Vec<_> = document.descendants().filter(|node| node.has_tag_name("text")).map(|node| node.range()).collect();
        for text in texts.into_iter().rev() {
            marks.replace_range(text, "");
        }
        let (largest, _, _) = painted_differently(&marks);
        assert_eq!(largest, 0, "the marks of {}", &svg[..200]);
    }
}

/// The boxes of the texts as the renderer sets them, in drawing order.
fn rendered(group: &Group, boxes: &mut Vec<(f64, f64, f64, f64)>) {
    for node in group.children() {
        match node {
            Node::Group(group) => rendered(group, boxes),
            Node::Text(text) => {
                let found = text.abs_bounding_box();
                boxes.push((
                    f64::from(found.left()) / PER_POINT,
                    f64::from(found.top()) / PER_POINT,
                    f64::from(found.right()) / PER_POINT,
                    f64::from(found.bottom()) / PER_POINT,
                ));
            }
            _ => {}
        }
    }
}

#[test]
fn the_renderer_sets_every_text_inside_its_measured_box() {
    for chart in samples() {
        let tree = Tree::from_str(&chart.svg(), &png::options()).expect("readable");
        let mut boxes = Vec::new();
        rendered(tree.root(), &mut boxes);
        let canvas = chart.draw();
        let texts: Vec<_> = canvas.texts().collect();
        assert_eq!(boxes.len(), texts.len());
        for (text, (left, top, right, bottom)) in texts.iter().zip(boxes) {
            if text.text.contains('ש') {
                continue;
            }
            let room = text.rect.grown(0.6);
            assert!(
                room.left <= left && room.top <= top && right <= room.right() && bottom <= room.bottom(),
                "{text:?} is set at {left} {top} {right} {bottom}"
            );
        }
    }
}

#[test]
fn no_bare_rank_stands_without_its_interval() {
    let texts = texts(&samples()[0]);
    assert!(texts.contains("3 (1–12)"), "{texts}");
    assert!(texts.contains("Grupp 1 – kan inte skiljas åt"), "{texts}");
}

#[test]
fn a_missing_fit_is_explained_and_never_a_number() {
    let texts = texts(&samples()[2]);
    assert!(texts.contains("saknas"), "{texts}");
    assert!(!texts.split(' ').any(|word| word == "0"), "{texts}");
}

#[test]
fn a_market_without_an_outcome_is_in_the_band_of_zeros_and_named() {
    let texts = texts(&samples()[5]);
    assert!(texts.contains("inga") && texts.contains("Polen"), "{texts}");
}

#[test]
fn a_profile_says_what_is_missing_and_where_the_candidates_lie() {
    let profile = samples().into_iter().find(|chart| matches!(chart, Chart::Profile(_))).expect("a sample of each chart");
    let texts = texts(&profile);
    assert!(texts.contains("uppgift") && texts.contains("48 (30–61)") && texts.contains("84 länder"), "{texts}");
}

#[test]
fn a_result_is_printed_with_its_interval() {
    let texts = texts(&samples()[4]);
    assert!(texts.contains("0,60 [0,50; 0,70]") && texts.contains("folkmängd"), "{texts}");
}

#[test]
fn a_missing_share_of_women_is_said_in_words() {
    assert!(texts(&samples()[3]).contains("uppgift saknas"));
}

#[test]
fn an_occupation_without_figures_is_named_below_the_map() {
    let chart = Chart::Map(ShortageMapData {
        occupations: vec![MappedOccupation { name: "Barnmorskor".to_owned(), ..MappedOccupation::default() }],
        ..ShortageMapData::default()
    });
    assert!(texts(&chart).contains("Barnmorskor"));
}

#[test]
fn forty_occupations_on_one_spot_are_all_numbered() {
    let chart = Chart::Map(ShortageMapData {
        occupations: (0..40)
            .map(|index| MappedOccupation {
                name: format!("Yrke {index}"),
                need: Some(70.0),
                volume: Some(12.0),
                employed: Some(300.0),
                rating: Rating::Shortage,
            })
            .collect(),
        ..ShortageMapData::default()
    });
    let numbers: Vec<String> = chart.draw().texts().map(|text| text.text.clone()).collect();
    for number in 1..=40 {
        // Once in the chart, once in the key; round numbers may be ticks as well.
        let count = numbers.iter().filter(|text| **text == number.to_string()).count();
        assert!(count >= 2, "{number} stands {count} times");
    }
}

#[test]
fn a_number_that_cannot_be_true_is_refused() {
    let heat = HeatTableData {
        columns: vec!["Barnmorskor".to_owned()],
        rows: vec![HeatRow { name: "Polen".to_owned(), cells: vec![HeatCell::Fit(140.0)] }],
        ..HeatTableData::default()
    };
    assert!(matches!(heat_table::svg(&heat), Err(ChartError::OutOfRange { what: "fit", .. })));
    let ranking = RankingData { markets: vec![RankedMarket { score: Some(f64::INFINITY), ..RankedMarket::default() }], ..RankingData::default() };
    assert!(ranking::svg(&ranking).is_err());
}

#[test]
fn an_empty_chart_says_that_it_is_empty() {
    let svg = ranking::svg(&RankingData::default()).expect("drawn");
    assert!(svg.contains("Inga uppgifter att visa."));
}

#[test]
fn every_label_of_a_map_that_has_room_is_written_once() {
    let chart = &samples()[6];
    let all = texts(chart);
    assert!(all.contains("Polen") && all.contains("uppgifter saknas") && all.contains("första gruppen"), "{all}");
    let svg = chart.svg();
    assert!(svg.contains("-hatched)") && svg.contains("-crossed)"), "missing and closed are told apart without colour");
}

#[test]
fn a_map_stays_small_enough_for_its_page() {
    for extent in [Extent::Europe, Extent::World, Extent::Sweden] {
        let areas = base(extent).shapes.iter().map(|shape| MapArea { code: shape.code.clone(), shade: Shade::Score(40.0), ..MapArea::default() });
        let svg = Chart::Areas(Areas { about: about(Language::Swedish), extent, words: "-".to_owned(), shaded: areas.collect() }).svg();
        assert!(svg.len() < 150_000, "{extent:?}: {} bytes", svg.len());
        assert!(svg.len() > 10_000, "{extent:?}: {} bytes", svg.len());
    }
}

#[test]
fn recruiting_prints_what_the_share_becomes() {
    let all = texts(&samples()[7]);
    assert!(all.contains("i dag 82\u{a0}%") && all.contains("78\u{a0}%") && all.contains("saknas"), "{all}");
}

#[test]
fn a_place_before_and_now_is_printed_with_its_interval() {
    let all = texts(&samples()[10]);
    assert!(all.contains("Polen 1 (1–9)") && !all.contains("Polen 3 (1–7)"), "{all}");
}
