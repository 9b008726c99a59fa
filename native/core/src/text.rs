//! The texture of JSON: spaces, strings, escapes, numbers. Positions in, positions out.

use wide::u8x16;

/// The byte order mark that a document may start with.
pub const BOM: &[u8] = b"\xef\xbb\xbf";

const LANES: usize = 16;

fn lanes(data: &[u8], at: usize) -> Option<u8x16> {
    let part = data.get(at..at + LANES)?;
    <[u8; LANES]>::try_from(part).ok().map(u8x16::from)
}

/// Give the position of the first byte from `at` on that is no white space, or the end.
#[inline(always)]
pub fn space(data: &[u8], at: usize) -> usize {
    match data.get(at) {
        Some(byte) if *byte <= b' ' => long_space(data, at),
        _ => at,
    }
}

#[inline]
fn long_space(data: &[u8], mut at: usize) -> usize {
    // Most often one space, or a line end and some indentation; a long run pays for vectors.
    let near = at + 4;
    while at < near {
        match data.get(at) {
            Some(b' ' | b'\n' | b'\r' | b'\t') => at += 1,
            _ => return at,
        }
    }
    while let Some(v) = lanes(data, at) {
        let blank = v.simd_eq(u8x16::splat(b' ')) | v.simd_eq(u8x16::splat(b'\n')) | v.simd_eq(u8x16::splat(b'\r')) | v.simd_eq(u8x16::splat(b'\t'));
        let n = blank.to_bitmask().trailing_ones() as usize;
        at += n;
        if n < LANES {
            return at;
        }
    }
    while matches!(data.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// Give the position of the first quote, backslash or control byte from `at` on, or the end.
#[inline(always)]
pub fn plain(data: &[u8], mut at: usize) -> usize {
    while let Some(v) = lanes(data, at) {
        let stop = v.simd_eq(u8x16::splat(b'"')) | v.simd_eq(u8x16::splat(b'\\')) | v.min(u8x16::splat(0x1f)).simd_eq(v);
        let bits = stop.to_bitmask();
        if bits != 0 {
            return at + bits.trailing_zeros() as usize;
        }
        at += LANES;
    }
    while let Some(byte) = data.get(at) {
        if matches!(byte, b'"' | b'\\' | 0..=0x1f) {
            break;
        }
        at += 1;
    }
    at
}

/// Where a string's text leads.
pub enum Text {
    /// The string is over.
    Closed {
        /// The position after the closing quote.
        end: usize,
        /// Whether there were escapes in it.
        escaped: bool,
    },
    /// The data ends within the string; reading goes on from here once more is there.
    Open(usize),
    /// A control byte or an escape that JSON does not know.
    Bad,
}

/// Read a string from `at`, a position inside it, to its closing quote.
#[inline(always)]
pub fn string(data: &[u8], at: usize) -> Text {
    let stop = plain(data, at);
    if data.get(stop) == Some(&b'"') { Text::Closed { end: stop + 1, escaped: false } } else { escaped_string(data, stop) }
}

fn escaped_string(data: &[u8], mut at: usize) -> Text {
    loop {
        at = plain(data, at);
        match data.get(at) {
            None => return Text::Open(at),
            Some(b'"') => return Text::Closed { end: at + 1, escaped: true },
            Some(b'\\') => match data.get(at + 1) {
                None => return Text::Open(at),
                Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => at += 2,
                Some(b'u') => {
                    let digits = &data[at + 2..data.len().min(at + 6)];
                    if !digits.iter().all(u8::is_ascii_hexdigit) {
                        return Text::Bad;
                    }
                    if digits.len() < 4 {
                        return Text::Open(at);
                    }
                    at += 6;
                }
                Some(_) => return Text::Bad,
            },
            Some(_) => return Text::Bad,
        }
    }
}

/// How far a number has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// Nothing but perhaps a sign.
    Start,
    /// A sign.
    Minus,
    /// A zero, which no digit may follow.
    Zero,
    /// Digits of the whole part.
    Whole,
    /// The point.
    Point,
    /// Digits after the point.
    Fraction,
    /// The letter of the exponent.
    Letter,
    /// Its sign.
    Sign,
    /// Its digits.
    Exponent,
}

impl Number {
    /// Whether a number may end here.
    pub fn complete(self) -> bool {
        matches!(self, Number::Zero | Number::Whole | Number::Fraction | Number::Exponent)
    }

    fn step(self, byte: u8) -> Option<Number> {
        use Number::{Exponent, Fraction, Letter, Minus, Point, Sign, Start, Whole, Zero};
        match (self, byte) {
            (Start, b'-') => Some(Minus),
            (Start | Minus, b'0') => Some(Zero),
            (Start | Minus, b'1'..=b'9') | (Whole, b'0'..=b'9') => Some(Whole),
            (Zero | Whole, b'.') => Some(Point),
            (Point | Fraction, b'0'..=b'9') => Some(Fraction),
            (Zero | Whole | Fraction, b'e' | b'E') => Some(Letter),
            (Letter, b'+' | b'-') => Some(Sign),
            (Letter | Sign | Exponent, b'0'..=b'9') => Some(Exponent),
            _ => None,
        }
    }
}

/// Read a number on from `at`: its end so far and how far it got, or nothing where a byte of a number stands where it must not.
#[inline(always)]
pub fn number(data: &[u8], mut at: usize, mut read: Number) -> Option<(usize, Number)> {
    while let Some(&byte) = data.get(at) {
        if byte.is_ascii_digit() && matches!(read, Number::Whole | Number::Fraction | Number::Exponent) {
            at += 1;
            continue;
        }
        match read.step(byte) {
            Some(next) => read = next,
            None if matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-') || !read.complete() => return None,
            None => break,
        }
        at += 1;
    }
    Some((at, read))
}

/// Give the literal that starts with this byte.
pub fn literal(first: u8) -> Option<&'static [u8]> {
    match first {
        b't' => Some(b"true"),
        b'f' => Some(b"false"),
        b'n' => Some(b"null"),
        _ => None,
    }
}

fn short(escape: u8) -> u8 {
    match escape {
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        other => other,
    }
}

fn unit(raw: &[u8], at: usize) -> Option<u32> {
    if raw.get(at..at + 2)? != b"\\u" {
        return None;
    }
    let digits = std::str::from_utf8(raw.get(at + 2..at + 6)?).ok()?;
    u32::from_str_radix(digits, 16).ok()
}

/// Read the escape at `at`: its code point (surrogate pairs joined, a lone surrogate as it is) and where it ends.
fn escape_at(raw: &[u8], at: usize) -> (u32, usize) {
    let Some(high) = unit(raw, at) else {
        return (u32::from(short(raw.get(at + 1).copied().unwrap_or(b'\\'))), at + 2);
    };
    match unit(raw, at + 6) {
        Some(low) if (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(&low) => {
            (0x10000 + ((high - 0xd800) << 10) + low - 0xdc00, at + 12)
        }
        _ => (high, at + 6),
    }
}

/// Write a code point in UTF-8, a lone surrogate the way UTF-8 would write it if it could.
fn encode(code: u32, out: &mut Vec<u8>) {
    match char::from_u32(code) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend_from_slice(&[0xe0 | (code >> 12) as u8, 0x80 | (code >> 6 & 0x3f) as u8, 0x80 | (code & 0x3f) as u8]),
    }
}

/// Undo the escapes of a valid string's inside and tell for every byte of the result, and for the end, where it came from.
pub fn unescape_with_offsets(data: &[u8], start: usize, end: usize) -> (Vec<u8>, Vec<usize>) {
    let (mut out, mut offsets) = (Vec::with_capacity(end - start), Vec::with_capacity(end - start + 1));
    let mut at = start;
    while at < end {
        if data[at] == b'\\' {
            let (code, after) = escape_at(&data[..end], at);
            encode(code, &mut out);
            offsets.resize(out.len(), at);
            at = after;
        } else {
            out.push(data[at]);
            offsets.push(at);
            at += 1;
        }
    }
    offsets.push(end);
    (out, offsets)
}

/// Undo the escapes of a member's name for comparison; surrogates that meet are joined wherever they came from.
pub fn unescape_name(raw: &[u8], out: &mut Vec<u8>) {
    out.clear();
    let mut at = 0;
    while at < raw.len() {
        if raw[at] == b'\\' {
            let (code, after) = escape_at(raw, at);
            encode(code, out);
            at = after;
            join_surrogates(out);
        } else {
            out.push(raw[at]);
            at += 1;
            if raw[at - 1] >= 0x80 {
                join_surrogates(out);
            }
        }
    }
}

/// Where the result now ends in a high and a low surrogate, write the character that they mean.
fn join_surrogates(out: &mut Vec<u8>) {
    let Some([0xed, a @ 0xa0..=0xaf, b, 0xed, c @ 0xb0..=0xbf, d]) = out.last_chunk::<6>().copied() else { return };
    let high = u32::from(a & 0x0f) << 6 | u32::from(b & 0x3f);
    let low = u32::from(c & 0x0f) << 6 | u32::from(d & 0x3f);
    out.truncate(out.len() - 6);
    encode(0x10000 + (high << 10) + low, out);
}

/// Write replacement text inside a JSON string.
pub fn escape(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + 2);
    for &byte in raw {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out
}
