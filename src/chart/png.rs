//! Rasterises a chart with the embedded fonts only, so that a PNG is the same on every machine.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};

use super::ChartError;
use super::text::{INTER_REGULAR, INTER_SEMI_BOLD};

/// Longest side of a PNG in pixels; a larger scale is reduced to it.
const LONGEST_SIDE: f32 = 16_000.0;

/// A chart's SVG as a PNG on white, `scale` pixels per point: 3 gives 1446 pixels across, 4.17 prints at 300 dots per inch.
///
/// # Errors
/// [`ChartError::Raster`] if `svg` is not SVG, or `scale` is not a positive number.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, ChartError> {
    let raster = |reason: &dyn std::fmt::Display| ChartError::Raster(reason.to_string());
    if !(scale.is_finite() && scale > 0.0) {
        return Err(raster(&format!("a scale of {scale}")));
    }
    let tree = Tree::from_str(svg, &options()).map_err(|error| raster(&error))?;
    let size = tree.size();
    let scale = scale * super::canvas::PER_POINT.recip() as f32;
    let scale = scale.min(LONGEST_SIDE / size.width().max(size.height()));
    let pixels_along = |length: f32| ((length * scale).ceil() as u32).max(1);
    let mut pixels = Pixmap::new(pixels_along(size.width()), pixels_along(size.height())).ok_or_else(|| raster(&"no memory for the picture"))?;
    pixels.fill(Color::WHITE);
    super::lettering::paint(tree.root(), Transform::from_scale(scale, scale), &mut pixels);
    packed(&pixels).map_err(|error| raster(&error))
}

/// The picture as PNG. It stands on white, so that nothing is transparent. Most charts have so few colours that each pixel is a byte.
fn packed(pixels: &Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width(), pixels.height());
    encoder.set_depth(png::BitDepth::Eight);
    // Half the time of the usual level, for files that are a little larger.
    encoder.set_deflate_compression(png::DeflateCompression::Level(2));
    // Flat colours repeat as they stand: without a filter the picture is smaller by a third, and made sooner.
    encoder.set_filter(png::Filter::NoFilter);
    let data = if let Some((palette, places)) = indexed(pixels.data()) {
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_palette(palette);
        places
    } else {
        encoder.set_color(png::ColorType::Rgb);
        pixels.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
    };
    encoder.write_header()?.write_image_data(&data)?;
    Ok(bytes)
}

/// The colours of a picture in the order in which they come, three bytes each, and each pixel's place among them; `None` if there are more than a byte
/// tells apart. `data` has four bytes for each pixel.
fn indexed(data: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    const COLOURS: usize = 256;
    /// Several times as many, so that most colours are found where they are first looked for.
    const SLOTS: usize = 2048;
    let mut palette: Vec<u32> = Vec::with_capacity(COLOURS);
    // Places in the palette, by what a multiplication makes of the colour.
    let mut slots = [None::<u8>; SLOTS];
    let mut last = None;
    let mut places = Vec::with_capacity(data.len() / 4);
    for pixel in data.chunks_exact(4) {
        let colour = u32::from_be_bytes([0, pixel[0], pixel[1], pixel[2]]);
        let place = match last {
            Some((before, place)) if before == colour => place,
            _ => {
                let mut slot = (colour.wrapping_mul(0x9E37_79B1) >> 21) as usize;
                loop {
                    match slots[slot] {
                        Some(place) if palette[usize::from(place)] == colour => break place,
                        Some(_) => slot = (slot + 1) % SLOTS,
                        None => {
                            let place = u8::try_from(palette.len()).ok()?;
                            palette.push(colour);
                            slots[slot] = Some(place);
                            break place;
                        }
                    }
                }
            }
        };
        last = Some((colour, place));
        places.push(place);
    }
    let colours = palette.into_iter().flat_map(|colour| {
        let [_, red, green, blue] = colour.to_be_bytes();
        [red, green, blue]
    });
    Some((colours.collect(), places))
}

/// Reads SVG with the embedded fonts and no others.
pub(super) fn options() -> Options<'static> {
    // Read once: a run makes more than a hundred pictures.
    static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
        let mut fonts = Database::new();
        fonts.load_font_data(INTER_REGULAR.to_vec());
        fonts.load_font_data(INTER_SEMI_BOLD.to_vec());
        fonts.set_sans_serif_family("Inter");
        Arc::new(fonts)
    });
    Options { fontdb: Arc::clone(&FONTS), font_family: "Inter".to_owned(), ..Options::default() }
}

#[cfg(test)]
/// Width, height and each pixel's colour, as any reader of PNG finds them.
pub(super) fn read(bytes: &[u8]) -> (u32, u32, Vec<[u8; 3]>) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    (info.width, info.height, pixels.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_svg_is_an_error() {
        assert!(png("<p>nej</p>", 1.0).is_err());
    }

    #[test]
    fn a_picture_is_read_back_as_it_was_drawn_on_white() {
        let red = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 4'><rect width='2' height='4' fill='#cc0000'/></svg>";
        let bytes = super::png(red, 9.0).unwrap();
        let (width, height, colours) = read(&bytes);
        assert_eq!(width, height);
        let row = &colours[..width as usize];
        assert_eq!((row[0], row[row.len() - 1]), ([0xcc, 0, 0], [255, 255, 255]));
    }

    #[test]
    fn every_colour_is_read_back_however_many_there_are() {
        for colours in [1, 2, 256, 257, 4000] {
            let mut pixels = Pixmap::new(100, 80).unwrap();
            // Colours that come again, and neighbours that differ in one channel.
            let wanted: Vec<[u8; 3]> =
                (0..8000).map(|place| place * 7 % colours).map(|colour| [(colour % 256) as u8, (colour / 256 * 16) as u8, 9]).collect();
            for (pixel, [red, green, blue]) in pixels.data_mut().chunks_exact_mut(4).zip(&wanted) {
                pixel.copy_from_slice(&[*red, *green, *blue, 255]);
            }
            assert_eq!(indexed(pixels.data()).is_some(), colours <= 256, "{colours}");
            let (width, height, found) = read(&packed(&pixels).unwrap());
            assert_eq!((width, height), (100, 80));
            assert!(found == wanted, "{colours} colours");
        }
    }

    #[test]
    fn a_scale_must_be_positive() {
        assert!(png("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'/>", 0.0).is_err());
    }
}
