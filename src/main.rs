fn main() {
    let codes = malmarknad::code::Codes::read(std::path::Path::new("data/mappings")).unwrap();
    match malmarknad::tidy::bundle(std::path::Path::new("../shared/recorded"), std::path::Path::new("data/recorded.toml"), &codes) {
        Ok(tables) => for (name, bytes) in tables { println!("{name} {}", bytes.len()); std::fs::write(format!("data/bundled/{name}.csv"), bytes).unwrap(); },
        Err(error) => println!("{error}"),
    }
}
