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
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    packed(&pixels).map_err(|error| raster(&error))
}

/// The picture as PNG. It stands on white, so that nothing is transparent.
fn packed(pixels: &Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width(), pixels.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    // Half the time of the usual level, for files that are a little larger.
    encoder.set_deflate_compression(png::DeflateCompression::Level(3));
    // Flat colours repeat as they stand: without a filter the picture is smaller by a third, and made sooner.
    encoder.set_filter(png::Filter::NoFilter);
    let colours: Vec<u8> = pixels.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    encoder.write_header()?.write_image_data(&colours)?;
    Ok(bytes)
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
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.color_type, info.width), (png::ColorType::Rgb, info.height));
        let row = &pixels[..3 * info.width as usize];
        assert_eq!((&row[..3], &row[row.len() - 3..]), (&[0xcc, 0, 0][..], &[255, 255, 255][..]));
    }

    #[test]
    fn a_scale_must_be_positive() {
        assert!(png("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'/>", 0.0).is_err());
    }
}
