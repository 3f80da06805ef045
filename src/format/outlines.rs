//! Outlines: TopoJSON, where areas share their borders as arcs, and GeoJSON, where each area has its own copy of them.

use serde_json::Value;

use super::FormatError;

/// Longitude and latitude in millionths of a degree: whole numbers, so that a point of a shared border is the same point in both areas.
pub type Point = (i64, i64);

/// A closed ring: its last point is its first.
pub type Ring = Vec<Point>;

/// An area as published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// What the property asked for says.
    pub name: String,
    /// All its rings, holes too: the area is what an odd number of them encloses.
    pub rings: Vec<Ring>,
}

fn unreadable(file: &str, format: &'static str, reason: impl Into<String>) -> FormatError {
    FormatError::Unreadable { file: file.to_owned(), format, reason: reason.into() }
}

fn millionths(degrees: f64, bound: f64) -> Option<i64> {
    // Somewhat beyond the bound: Natural Earth's quantised ±180 is off by a rounding.
    (degrees.is_finite() && degrees.abs() <= bound + 1e-3).then(|| (degrees.clamp(-bound, bound) * 1e6).round() as i64)
}

fn point(longitude: f64, latitude: f64) -> Option<Point> {
    Some((millionths(longitude, 180.0)?, millionths(latitude, 90.0)?))
}

fn pair(value: &Value) -> Option<(f64, f64)> {
    Some((value.get(0)?.as_f64()?, value.get(1)?.as_f64()?))
}

/// A ring of at least three corners that ends where it began.
fn closed(mut ring: Ring) -> Option<Ring> {
    ring.dedup();
    (ring.len() >= 4 && ring.first() == ring.last()).then_some(ring)
}

/// The areas of one object of a TopoJSON topology, with the property `name` of each.
///
/// # Errors
/// Not JSON, not a quantised topology, an arc that is not there, a ring that does not close.
pub fn topojson(bytes: &[u8], file: &str, object: &str, property: &str) -> Result<Vec<Outline>, FormatError> {
    let wrong = |reason: String| unreadable(file, "TopoJSON", reason);
    let document: Value = serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
    let transform = |name: &str| pair(&document["transform"][name]).ok_or_else(|| wrong(format!("no transform with {name}")));
    let (scale, translate) = (transform("scale")?, transform("translate")?);
    let arcs: Vec<Vec<Point>> = document["arcs"]
        .as_array()
        .ok_or_else(|| wrong("no arcs".to_owned()))?
        .iter()
        .map(|arc| {
            let (mut x, mut y) = (0.0, 0.0);
            let steps = arc.as_array()?.iter().map(|step| {
                let (right, up) = pair(step)?;
                (x, y) = (x + right, y + up);
                point(x * scale.0 + translate.0, y * scale.1 + translate.1)
            });
            steps.collect::<Option<Vec<Point>>>()
        })
        .collect::<Option<_>>()
        .ok_or_else(|| wrong("an arc is no list of places on Earth".to_owned()))?;
    // A negative number is the arc backwards: -1 is arc 0.
    let ring = |indices: &Value| -> Option<Ring> {
        let mut ring: Ring = Vec::new();
        for index in indices.as_array()? {
            let index = index.as_i64()?;
            let arc = arcs.get(usize::try_from(if index < 0 { -1 - index } else { index }).ok()?)?;
            if index < 0 {
                ring.extend(arc.iter().rev());
            } else {
                ring.extend(arc);
            }
        }
        closed(ring)
    };
    let geometries = document["objects"][object]["geometries"].as_array().ok_or_else(|| wrong(format!("no object {object}")))?;
    geometries.iter().map(|geometry| outline(geometry, &geometry["properties"][property], "arcs", ring).map_err(wrong)).collect()
}

/// The areas of a GeoJSON collection, with a property of each.
///
/// # Errors
/// Not JSON, not a collection of polygons, a ring that does not close.
pub fn geojson(bytes: &[u8], file: &str, property: &str) -> Result<Vec<Outline>, FormatError> {
    let wrong = |reason: String| unreadable(file, "GeoJSON", reason);
    let document: Value = serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
    let features = document["features"].as_array().ok_or_else(|| wrong("no features".to_owned()))?;
    let ring = |points: &Value| {
        let points = points.as_array()?.iter().map(|place| pair(place).and_then(|(longitude, latitude)| point(longitude, latitude)));
        closed(points.collect::<Option<_>>()?)
    };
    features.iter().map(|feature| outline(&feature["geometry"], &feature["properties"][property], "coordinates", ring).map_err(wrong)).collect()
}

/// The rings of a polygon or of many, read by `ring`.
fn outline(geometry: &Value, name: &Value, member: &str, ring: impl Fn(&Value) -> Option<Ring>) -> Result<Outline, String> {
    let name = name.as_str().ok_or("an area has no name")?.to_owned();
    let told: String = name.chars().take(60).flat_map(char::escape_debug).collect();
    let rings = geometry[member].as_array().ok_or_else(|| format!("{told} has no {member}"))?;
    let rings: Vec<&Value> = match geometry["type"].as_str() {
        Some("Polygon") => rings.iter().collect(),
        Some("MultiPolygon") => rings.iter().filter_map(Value::as_array).flatten().collect(),
        _ => return Err(format!("{told} is neither a polygon nor many")),
    };
    let rings = rings.into_iter().map(ring).collect::<Option<_>>().ok_or_else(|| format!("a ring of {told} does not close, or is no ring"))?;
    Ok(Outline { name, rings })
}
