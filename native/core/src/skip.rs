//! Skip a JSON value that no path leads into: checked as strictly as everything else, but told nothing about.
//!
//! Gives up on anything unusual (an error, the end of the data); the machine in `mask` then reads on with care and says what is wrong.

use crate::mask::MAX_DEPTH;
use crate::text::{self, Number, Text};

/// Give the end of the value that starts at `at`, nested `depth` deep, or nothing where a closer look is needed.
#[inline]
pub fn value(data: &[u8], at: usize, depth: usize) -> Option<usize> {
    if depth > MAX_DEPTH {
        return None;
    }
    match *data.get(at)? {
        b'"' => string(data, at + 1),
        b'{' => object(data, at + 1, depth),
        b'[' => array(data, at + 1, depth),
        b'-' | b'0'..=b'9' => number(data, at),
        first => {
            let literal = text::literal(first)?;
            data[at..].starts_with(literal).then(|| at + literal.len())
        }
    }
}

#[inline(always)]
fn string(data: &[u8], at: usize) -> Option<usize> {
    match text::string(data, at) {
        Text::Closed { end, .. } => Some(end),
        _ => None,
    }
}

#[inline(always)]
fn number(data: &[u8], at: usize) -> Option<usize> {
    match text::number(data, at, Number::Start) {
        Some((end, read)) if read.complete() && end < data.len() => Some(end),
        _ => None,
    }
}

fn object(data: &[u8], at: usize, depth: usize) -> Option<usize> {
    let mut at = text::space(data, at);
    if *data.get(at)? == b'}' {
        return Some(at + 1);
    }
    loop {
        if *data.get(at)? != b'"' {
            return None;
        }
        at = string(data, at + 1)?;
        at = text::space(data, at);
        if *data.get(at)? != b':' {
            return None;
        }
        at = text::space(data, at + 1);
        at = value(data, at, depth + 1)?;
        at = text::space(data, at);
        match *data.get(at)? {
            b',' => at = text::space(data, at + 1),
            b'}' => return Some(at + 1),
            _ => return None,
        }
    }
}

fn array(data: &[u8], at: usize, depth: usize) -> Option<usize> {
    let mut at = text::space(data, at);
    if *data.get(at)? == b']' {
        return Some(at + 1);
    }
    loop {
        at = value(data, at, depth + 1)?;
        at = text::space(data, at);
        match *data.get(at)? {
            b',' => at = text::space(data, at + 1),
            b']' => return Some(at + 1),
            _ => return None,
        }
    }
}
