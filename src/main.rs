fn main() {
    let start = std::time::Instant::now();
    let config = malmarknad::config::Config::read(std::path::Path::new("data")).unwrap_or_else(|error| panic!("{error}"));
    if std::env::args().nth(1).as_deref() == Some("bundle") {
        let tables = malmarknad::tidy::bundle(std::path::Path::new("../shared/recorded"), std::path::Path::new("data/recorded.toml"), &config.codes).unwrap_or_else(|error| panic!("{error}"));
        let rows: Vec<malmarknad::tidy::dataset::SourceRow> = csv::Reader::from_reader(tables["sources"].as_slice()).deserialize().collect::<Result<_, _>>().unwrap();
        for (name, bytes) in &tables { std::fs::write(format!("data/bundled/{name}.csv"), bytes).unwrap(); }
        std::fs::write("data/bundled/datapackage.json", serde_json::to_string_pretty(&malmarknad::bundle::datapackage(&tables, &rows)).unwrap() + "\n").unwrap();
    }
    println!("config {:?}", start.elapsed());
    let figures = malmarknad::figures::Figures::read(std::path::Path::new("data/bundled"), &config.codes).unwrap_or_else(|error| panic!("{error}"));
    println!("figures {:?}", start.elapsed());
    for county in ["23", "22", "01"] {
        let start = std::time::Instant::now();
        let county = config.codes.county(county, "--county").unwrap();
        let analysis = malmarknad::analysis::analyse(&figures, &config, county, 2026).unwrap_or_else(|error| panic!("{error}"));
        println!("analysis {:?}", start.elapsed());
        std::fs::create_dir_all(format!("/work/scratch/out/{county}")).unwrap();
        for table in malmarknad::tables::tables(&analysis, &config, &figures) {
            std::fs::write(format!("/work/scratch/out/{county}/{}.csv", table.name), table.csv().unwrap()).unwrap();
            std::fs::write(format!("/work/scratch/out/{county}/{}.parquet", table.name), table.parquet().unwrap()).unwrap();
        }
        println!("tables {:?}", start.elapsed());
    }
}
