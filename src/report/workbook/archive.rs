//! The workbook's container: takes the archive that the writer made and puts other content in some of its parts, compressed piece by piece side by side.
//!
//! A part's pieces are deflated each by itself and end on a byte (a sync flush), so that put after one another they are one deflate stream.

use std::io::{Read, Write};

use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// What the archive cannot be, having just been written.
const DAMAGED: &str = "its archive cannot be read back";

const END: u32 = 0x0605_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const LOCAL: u32 = 0x0403_4b50;
/// Version 2.0 of the format: deflate and folders.
const VERSION: u16 = 20;
const DEFLATED: u16 = 8;
/// The first of January 1980, midnight: the format's zero.
const DATE: u16 = 0x21;

/// A piece of a part: compressed, with what it was.
pub struct Piece {
    compressed: Vec<u8>,
    checksum: Crc,
}

impl Piece {
    /// Compresses a piece; the last one of a part ends its stream.
    pub fn new(content: &[u8], last: bool) -> std::io::Result<Self> {
        let mut checksum = Crc::new();
        checksum.update(content);
        // Fast: a sheet is repetitive, and a slower level saves little.
        let mut encoder = DeflateEncoder::new(Vec::with_capacity(content.len() / 6), Compression::new(3));
        encoder.write_all(content)?;
        let compressed = if last {
            encoder.finish()?
        } else {
            encoder.flush()?;
            // What dropping the encoder appends goes nowhere.
            std::mem::take(encoder.get_mut())
        };
        Ok(Self { compressed, checksum })
    }
}

/// A file of the archive, compressed.
pub struct Part {
    /// Path in the archive.
    pub name: String,
    method: u16,
    checksum: u32,
    size: u32,
    compressed: Vec<u8>,
}

fn damaged() -> std::io::Error {
    std::io::Error::other(DAMAGED)
}

fn short(bytes: &[u8], at: usize) -> std::io::Result<u16> {
    bytes.get(at..at + 2).and_then(|two| two.try_into().ok()).map(u16::from_le_bytes).ok_or_else(damaged)
}

fn long(bytes: &[u8], at: usize) -> std::io::Result<u32> {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_le_bytes).ok_or_else(damaged)
}

impl Part {
    /// Its content.
    pub fn content(&self) -> std::io::Result<Vec<u8>> {
        let mut content = Vec::with_capacity(self.size as usize);
        if self.method == DEFLATED {
            DeflateDecoder::new(self.compressed.as_slice()).read_to_end(&mut content)?;
        } else {
            content.extend_from_slice(&self.compressed);
        }
        Ok(content)
    }

    /// Puts other content in its place, in pieces of which the last ends the stream.
    pub fn replace(&mut self, pieces: &[Piece]) {
        let mut checksum = Crc::new();
        self.compressed.clear();
        for piece in pieces {
            checksum.combine(&piece.checksum);
            self.compressed.extend_from_slice(&piece.compressed);
        }
        (self.method, self.checksum, self.size) = (DEFLATED, checksum.sum(), checksum.amount());
    }
}

/// The parts of an archive without comment, in its order.
pub fn parts(archive: &[u8]) -> std::io::Result<Vec<Part>> {
    let end = archive.len().checked_sub(22).ok_or_else(damaged)?;
    if long(archive, end)? != END {
        return Err(damaged());
    }
    let count = short(archive, end + 10)?;
    let mut at = long(archive, end + 16)? as usize;
    let mut parts = Vec::new();
    for _ in 0..count {
        if long(archive, at)? != CENTRAL {
            return Err(damaged());
        }
        let (method, checksum) = (short(archive, at + 10)?, long(archive, at + 16)?);
        let (packed, size) = (long(archive, at + 20)? as usize, long(archive, at + 24)?);
        let lengths = [28, 30, 32].map(|place| short(archive, at + place));
        let [name, extra, comment] = lengths;
        let (name_length, extra, comment) = (usize::from(name?), usize::from(extra?), usize::from(comment?));
        let local = long(archive, at + 42)? as usize;
        let name = archive.get(at + 46..at + 46 + name_length).ok_or_else(damaged)?;
        let content = local + 30 + usize::from(short(archive, local + 26)?) + usize::from(short(archive, local + 28)?);
        parts.push(Part {
            name: String::from_utf8_lossy(name).into_owned(),
            method,
            checksum,
            size,
            compressed: archive.get(content..content + packed).ok_or_else(damaged)?.to_vec(),
        });
        at += 46 + name_length + extra + comment;
    }
    Ok(parts)
}

/// The archive of the parts, without clock or machine in it.
pub fn archive(parts: &[Part]) -> std::io::Result<Vec<u8>> {
    let room = |number: usize| u32::try_from(number).map_err(|_| std::io::Error::other("it is larger than the format allows"));
    let mut bytes: Vec<u8> = Vec::with_capacity(parts.iter().map(|part| part.compressed.len() + 256).sum());
    let mut central: Vec<u8> = Vec::new();
    for part in parts {
        let offset = room(bytes.len())?;
        // From "flags" to the lengths, alike in both headers.
        let mut shared: Vec<u8> = Vec::new();
        for number in [0, part.method, 0, DATE] {
            shared.extend(number.to_le_bytes());
        }
        for number in [part.checksum, room(part.compressed.len())?, part.size] {
            shared.extend(number.to_le_bytes());
        }
        let name = u16::try_from(part.name.len()).map_err(|_| damaged())?;
        shared.extend(name.to_le_bytes());
        shared.extend(0_u16.to_le_bytes());
        bytes.extend(LOCAL.to_le_bytes());
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(&shared);
        bytes.extend(part.name.as_bytes());
        bytes.extend(&part.compressed);
        central.extend(CENTRAL.to_le_bytes());
        central.extend(VERSION.to_le_bytes());
        central.extend(VERSION.to_le_bytes());
        central.extend(&shared);
        // Comment, disk, two kinds of attributes.
        central.extend([0; 10]);
        central.extend(offset.to_le_bytes());
        central.extend(part.name.as_bytes());
    }
    let (start, length) = (room(bytes.len())?, room(central.len())?);
    let count = u16::try_from(parts.len()).map_err(|_| damaged())?;
    bytes.extend(&central);
    bytes.extend(END.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(count.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend(length.to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0; 2]);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_put_after_one_another_are_one_stream() {
        let (first, second) = (vec![b'a'; 70_000], (0..70_000_u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
        let whole = [first.as_slice(), &second, b"end"].concat();
        let pieces: Vec<Piece> = [(first.as_slice(), false), (&second, false), (b"end", true)]
            .map(|(content, last)| Piece::new(content, last).unwrap_or_else(|error| panic!("{error}")))
            .into();
        let mut part = Part { name: "a/b.xml".to_owned(), method: 0, checksum: 0, size: 0, compressed: Vec::new() };
        part.replace(&pieces);
        let read = parts(&archive(&[part]).unwrap_or_else(|error| panic!("{error}"))).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(read[0].name, "a/b.xml");
        assert!(read[0].content().unwrap_or_else(|error| panic!("{error}")) == whole);
        let mut checksum = Crc::new();
        checksum.update(&whole);
        assert_eq!((read[0].checksum, read[0].size as usize), (checksum.sum(), whole.len()));
    }

    #[test]
    fn what_is_no_archive_is_refused() {
        assert!(parts(b"PK").is_err() && parts(&[0; 64]).is_err());
    }
}
