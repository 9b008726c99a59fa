//! Reading one value: its type, length, candidates and pseudonyms. What it says of persons is for Python to decide.

use crate::column::{Kind, Value, spread};
use crate::detect::{Detector, Found};
use crate::digest::Digest;

const MAX_ADDRESSES: usize = 64;

/// A value on its way, without its text.
#[derive(Clone, Debug)]
pub struct Read {
    /// Its type.
    pub kind: Kind,
    /// Length as the reference counts it.
    pub length: usize,
    /// Candidates.
    pub found: Found,
    /// Pseudonym of the value, or of the first address in it.
    pub digest: u64,
    /// Pseudonyms of all addresses inside a text that is not one itself.
    pub inside: Vec<u64>,
    /// An `@` stands in it.
    pub has_sign: bool,
}

impl Read {
    /// Give the value to a column; `code` is its text where validators are to try it.
    pub fn value<'a>(&self, code: Option<(u64, &'a [u8])>) -> Value<'a> {
        Value { kind: self.kind, length: self.length, found: self.found, digest: self.digest, code }
    }
}

/// Reads values with one set of tables and one key.
pub struct Reader {
    /// The tables.
    pub detector: Detector,
    /// The digest function.
    pub digest: Digest,
}

impl Reader {
    /// Read a text, which is not empty.
    pub fn text(&self, text: &[u8]) -> Read {
        let length = if text.is_ascii() { text.len() } else { text.iter().filter(|byte| **byte & 0xc0 != 0x80).count() };
        let has_sign = memchr::memchr(b'@', text).is_some();
        let inside = if has_sign { self.addresses_in(text) } else { Vec::new() };
        let digest = inside.first().copied().unwrap_or_else(|| self.digest.of(text));
        Read { kind: Kind::Str, length, found: self.detector.text(text), digest, inside, has_sign }
    }

    /// Read a number as Python writes it, or a truth value.
    pub fn plain(&self, kind: Kind, text: &[u8]) -> Read {
        let found = match kind {
            Kind::Int => self.detector.whole_number(text),
            Kind::Float => self.detector.fraction(),
            _ => 0,
        };
        Read { kind, length: text.len(), found, digest: self.digest.of(text), inside: Vec::new(), has_sign: false }
    }

    /// Give the text of a value that validators are to try, with the number by which it is drawn.
    pub fn code<'a>(&self, read: &Read, text: &'a [u8]) -> Option<(u64, &'a [u8])> {
        (read.found & self.detector.code_bit() != 0).then(|| (spread(read.digest, text), text))
    }

    /// Pseudonyms of the addresses inside a text; none where it is one itself.
    fn addresses_in(&self, text: &[u8]) -> Vec<u64> {
        let spots = memchr::memchr_iter(b'@', text).take(MAX_ADDRESSES);
        let found: Vec<&[u8]> = spots.filter_map(|at| self.detector.address_around(text, at)).collect();
        match found.as_slice() {
            [only] if *only == self.digest.stripped(text) => Vec::new(),
            all => all.iter().map(|address| self.digest.of(address)).collect(),
        }
    }
}
