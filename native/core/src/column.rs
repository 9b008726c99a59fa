//! What a column of values showed, as `classify/column.py` keeps it: counts and sketches, and the few values that validators will try.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use crate::detect::Found;

const SKETCH_SIZE: usize = 1024;
const SAMPLE_SIZE: usize = 64;

/// Type of a value, as Python names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Str,
    /// A whole number.
    Int,
    /// Any other number.
    Float,
    /// A truth value.
    Bool,
    /// Opaque bytes.
    Bytes,
}

/// Names of the types, in the order of `Kind`.
pub const KINDS: [&str; 5] = ["str", "int", "float", "bool", "bytes"];

/// Pseudonyms are random already.
#[derive(Default)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |sum, byte| sum << 8 | u64::from(*byte));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// The smallest pseudonyms: the number of distinct values, exact up to the size of the sketch.
#[derive(Default)]
struct Sketch {
    kept: HashSet<u64, BuildHasherDefault<AsItIs>>,
    /// Once the sketch is full: the greatest that it keeps.
    limit: Option<u64>,
}

impl Sketch {
    fn add(&mut self, digest: u64) {
        if self.limit.is_some_and(|limit| digest >= limit) {
            return;
        }
        self.kept.insert(digest);
        if self.kept.len() > 2 * SKETCH_SIZE {
            let mut all: Vec<u64> = self.kept.drain().collect();
            let (_, limit, _) = all.select_nth_unstable(SKETCH_SIZE - 1);
            self.limit = Some(*limit);
            self.kept.extend(&all[..SKETCH_SIZE]);
        }
    }
}

/// One value as a column takes it.
pub struct Value<'a> {
    /// Its type.
    pub kind: Kind,
    /// Its length as the reference counts it.
    pub length: usize,
    /// Its candidates.
    pub found: Found,
    /// Its pseudonym.
    pub digest: u64,
    /// Its text where validators are to try it, with the number by which it is drawn.
    pub code: Option<(u64, &'a [u8])>,
}

/// Tell apart the ways of writing a value that have one pseudonym.
pub fn spread(digest: u64, text: &[u8]) -> u64 {
    digest.wrapping_add(u64::from(crc32(text)).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// The checksum of ZIP and PNG. Source: ISO 3309; the polynomial is reflected.
fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0, |sum: u32, byte| sum >> 8 ^ CRC[usize::from(sum as u8 ^ byte)])
}

static CRC: [u32; 256] = crc_table();

const fn crc_table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut sum = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 };
            bit += 1;
        }
        table[byte] = sum;
        byte += 1;
    }
    table
}

/// The summary of a column.
pub struct Column {
    /// Values that are neither null nor empty.
    pub n_values: u64,
    /// Nulls.
    pub n_null: u64,
    /// Empty texts.
    pub n_empty: u64,
    /// Values by type.
    pub types: [u64; KINDS.len()],
    /// Shortest.
    pub min_length: usize,
    /// Longest.
    pub max_length: usize,
    found: Vec<u64>,
    sketch: Sketch,
    codes: Vec<(u64, Box<[u8]>)>,
}

impl Default for Column {
    fn default() -> Self {
        let (found, codes, sketch) = (vec![0; 64], Vec::new(), Sketch::default());
        Column { n_values: 0, n_null: 0, n_empty: 0, types: [0; KINDS.len()], min_length: usize::MAX, max_length: 0, found, sketch, codes }
    }
}

impl Column {
    /// Take one value.
    pub fn add(&mut self, value: &Value<'_>) {
        self.n_values += 1;
        self.types[value.kind as usize] += 1;
        self.min_length = self.min_length.min(value.length);
        self.max_length = self.max_length.max(value.length);
        let mut found = value.found;
        while found != 0 {
            self.found[found.trailing_zeros() as usize] += 1;
            found &= found - 1;
        }
        if let Some((rank, code)) = value.code {
            self.keep(rank, code);
        }
        self.sketch.add(value.digest);
    }

    /// Keep a value for the validators unless it is kept or the sample is full of smaller pseudonyms.
    fn keep(&mut self, rank: u64, code: &[u8]) {
        if let Err(place) = self.codes.binary_search_by_key(&rank, |(own, _)| *own)
            && place < SAMPLE_SIZE
        {
            self.codes.insert(place, (rank, code.into()));
            self.codes.truncate(SAMPLE_SIZE);
        }
    }

    /// Counts of the candidates by the places of their bits.
    pub fn found(&self) -> &[u64] {
        &self.found
    }

    /// The smallest pseudonyms, sorted.
    pub fn smallest(&self) -> Vec<u64> {
        let mut all: Vec<u64> = self.sketch.kept.iter().copied().collect();
        all.sort_unstable();
        all.truncate(SKETCH_SIZE);
        all
    }

    /// The values that validators are to try, by pseudonym.
    pub fn codes(&self) -> &[(u64, Box<[u8]>)] {
        &self.codes
    }
}
