//! Equal-area projections, so that a country looks as large as it is: Lambert's azimuthal one (Europe as in EPSG:3035, Sweden about its own middle)
//! and Equal Earth (the world). On the ellipsoid GRS 80, by authalic latitude.

/// Half the great axis of GRS 80, metres.
const AXIS: f64 = 6_378_137.0;
/// Square of its eccentricity.
const ECCENTRICITY: f64 = 0.006_694_380_022_90;
/// Coefficients of Equal Earth (Šavrič, Patterson and Jenny 2018).
const EARTH: [f64; 4] = [1.340_264, -0.081_106, 0.000_893, 0.003_796];

/// From degrees to metres, x to the east and y to the north.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Projection {
    /// Lambert's azimuthal equal-area projection.
    Azimuthal {
        /// Longitude and latitude of the middle, degrees.
        middle: (f64, f64),
    },
    /// Equal Earth about the meridian of Greenwich.
    EqualEarth,
}

/// q of Snyder (1987), 3-12: proportional to the area between the equator and a latitude.
fn belt(latitude: f64) -> f64 {
    let (sine, eccentricity) = (latitude.sin(), ECCENTRICITY.sqrt());
    let logarithm = ((1.0 - eccentricity * sine) / (1.0 + eccentricity * sine)).ln() / (2.0 * eccentricity);
    (1.0 - ECCENTRICITY) * (sine / (1.0 - ECCENTRICITY * sine * sine) - logarithm)
}

/// The latitude on a sphere of the same area, radians.
fn authalic(latitude: f64) -> f64 {
    (belt(latitude) / belt(std::f64::consts::FRAC_PI_2)).clamp(-1.0, 1.0).asin()
}

/// Radius of that sphere, metres.
fn radius() -> f64 {
    AXIS * (belt(std::f64::consts::FRAC_PI_2) / 2.0).sqrt()
}

impl Projection {
    /// Where a place lies, metres from the middle.
    pub fn place(self, (longitude, latitude): (f64, f64)) -> (f64, f64) {
        let latitude = latitude.clamp(-90.0, 90.0).to_radians();
        match self {
            Self::Azimuthal { middle } => {
                let first = middle.1.to_radians();
                let (beta, beta_first) = (authalic(latitude), authalic(first));
                let turn = (longitude - middle.0).to_radians();
                let radius = radius();
                // Keeps the scale true at the middle in every direction.
                let stretch = AXIS * first.cos() / (1.0 - ECCENTRICITY * first.sin().powi(2)).sqrt() / (radius * beta_first.cos());
                let nearness = 1.0 + beta_first.sin() * beta.sin() + beta_first.cos() * beta.cos() * turn.cos();
                let scale = radius * (2.0 / nearness.max(1e-9)).sqrt();
                let (x, y) = (beta.cos() * turn.sin(), beta_first.cos() * beta.sin() - beta_first.sin() * beta.cos() * turn.cos());
                (scale * stretch * x, scale / stretch * y)
            }
            Self::EqualEarth => {
                let [a1, a2, a3, a4] = EARTH;
                let theta = (3.0_f64.sqrt() / 2.0 * authalic(latitude).sin()).asin();
                let (square, sixth) = (theta * theta, theta.powi(6));
                let width = 3.0 * (9.0 * a4 * sixth * square + 7.0 * a3 * sixth + 3.0 * a2 * square + a1);
                let x = 2.0 * 3.0_f64.sqrt() * longitude.to_radians() * theta.cos() / width;
                let y = theta * (a4 * sixth * square + a3 * sixth + a2 * square + a1);
                (radius() * x, radius() * y)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EUROPE: Projection = Projection::Azimuthal { middle: (10.0, 52.0) };

    #[test]
    fn europe_is_that_of_epsg_3035() {
        // False easting and northing of the reference system; the second place is the worked example of EPSG's guidance note 7-2.
        for (place, easting, northing) in [((10.0, 52.0), 4_321_000.0, 3_210_000.0), ((5.0, 50.0), 3_962_799.45, 2_999_718.85)] {
            let (x, y) = EUROPE.place(place);
            assert!((x + 4_321_000.0 - easting).abs() < 0.01 && (y + 3_210_000.0 - northing).abs() < 0.01, "{place:?}: {x} {y}");
        }
    }

    #[test]
    fn equal_earth_has_its_published_shape() {
        let ((x, _), (_, y)) = (Projection::EqualEarth.place((180.0, 0.0)), Projection::EqualEarth.place((0.0, 90.0)));
        assert!((x / radius() - 2.706_63).abs() < 1e-4 && (y / radius() - 1.317_362).abs() < 1e-4, "{x} {y}");
    }

    #[test]
    fn areas_are_kept() {
        let projections = [EUROPE, Projection::Azimuthal { middle: (16.0, 62.0) }, Projection::EqualEarth];
        for projection in projections {
            for (longitude, latitude) in [(-24.0, 64.0), (2.0, 47.0), (26.0, 71.0), (33.0, 35.0), (100.0, -20.0), (45.0, 10.0)] {
                // A cell of half a degree, its sides in many steps.
                let side = 0.5;
                let corners: Vec<(f64, f64)> = (0..40)
                    .map(|step| {
                        let (edge, along) = (step / 10, side * f64::from(step % 10) / 10.0);
                        match edge {
                            0 => (longitude + along, latitude),
                            1 => (longitude + side, latitude + along),
                            2 => (longitude + side - along, latitude + side),
                            _ => (longitude, latitude + side - along),
                        }
                    })
                    .map(|place| projection.place(place))
                    .collect();
                let drawn: f64 = (0..corners.len())
                    .map(|index| {
                        let ((x0, y0), (x1, y1)) = (corners[index], corners[(index + 1) % corners.len()]);
                        (x0 * y1 - x1 * y0) / 2.0
                    })
                    .sum();
                let (south, north): (f64, f64) = (latitude.to_radians(), (latitude + side).to_radians());
                let true_area = radius().powi(2) * side.to_radians() * (authalic(north).sin() - authalic(south).sin());
                assert!((drawn / true_area - 1.0).abs() < 0.01, "{projection:?} at {longitude} {latitude}: {}", drawn / true_area);
            }
        }
    }
}
