//! The scores against an independent computation of the method (`checks/independent`), made from the publishers' files and not from the bundled tables.

use std::collections::BTreeMap;

use malmarknad::analysis::analyse;

#[test]
fn scores_and_ranks_equal_an_independent_computation_for_three_counties() {
    let config = crate::config();
    let figures = crate::figures(&config);
    for code in ["23", "22", "01"] {
        let county = config.codes.county(code, "test").unwrap();
        let analysis = analyse(&figures, &config, county, 2026).unwrap();
        let ours: BTreeMap<[String; 4], (f64, u32)> = analysis
            .markets
            .rankings
            .iter()
            .flat_map(|ranking| ranking.scores.iter().map(move |row| (ranking.weighting.clone().unwrap_or_default(), row)))
            .filter_map(|(weighting, row)| {
                let key = [weighting, row.market.kind().as_str().to_owned(), row.area.clone(), row.market.code().to_owned()];
                Some((key, (row.score?, row.rank?)))
            })
            .collect();
        let path = crate::home().join(format!("tests/it/fixtures/independent_markets_{code}.csv"));
        let mut reader = csv::Reader::from_path(path).unwrap();
        let theirs: Vec<(String, String, String, String, f64, u32)> = reader.deserialize().collect::<Result<_, _>>().unwrap();
        assert_eq!(ours.len(), theirs.len(), "county {code}: other markets are ranked");
        for (weighting, kind, area, market, score, rank) in theirs {
            let (our_score, our_rank) = ours[&[weighting.clone(), kind, area.clone(), market.clone()]];
            assert!((our_score - score).abs() <= 1e-8 * score, "county {code}, {weighting}, {area}, {market}: {our_score} and {score}");
            assert_eq!(our_rank, rank, "county {code}, {weighting}, {area}, {market}");
        }
    }
}
