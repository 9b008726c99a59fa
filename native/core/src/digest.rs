//! Keyed pseudonyms, as `identity/pseudonym.py` makes them: normalised text under BLAKE2b.

use std::collections::{HashMap, HashSet};

/// What Python says of characters beyond ASCII.
#[derive(Default)]
pub struct Characters {
    /// Character to its folded form, where that differs.
    pub folded: HashMap<char, String>,
    /// White space.
    pub spaces: HashSet<char>,
    /// Decimal digits.
    pub digits: HashSet<char>,
}

/// The digest function of one key.
pub struct Digest {
    base: blake2b_simd::State,
    characters: Characters,
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 9..=13 | 28..=32)
}

/// Whether a folded text is a telephone number by its signs.
fn is_phone(signs: impl Iterator<Item = Sign> + Clone) -> bool {
    let mut rest = signs.clone();
    let date = [true, true, true, true, false, true, true, false, true, true];
    if date.iter().all(|digit| matches!((rest.next(), digit), (Some(Sign::Digit), true) | (Some(Sign::Hyphen), false))) {
        return false;
    }
    let n_plus = usize::from(signs.clone().next() == Some(Sign::Plus));
    let n = signs.clone().count();
    (7..=24).contains(&n) && n - n_plus >= 7 && signs.skip(n_plus).all(|sign| matches!(sign, Sign::Digit | Sign::Hyphen | Sign::Filler))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Digit,
    Hyphen,
    Plus,
    Filler,
    Other,
}

fn sign(byte: u8) -> Sign {
    match byte {
        b'0'..=b'9' => Sign::Digit,
        b'-' => Sign::Hyphen,
        b'+' => Sign::Plus,
        b'(' | b')' | b'.' | b'/' => Sign::Filler,
        byte if is_space(byte) => Sign::Filler,
        _ => Sign::Other,
    }
}

impl Digest {
    /// Make the digest function for a key and a kind of value.
    pub fn new(key: &[u8], kind: &str, characters: Characters) -> Digest {
        let mut base = blake2b_simd::Params::new().key(&key[..key.len().min(64)]).hash_length(8).to_state();
        base.update(kind.as_bytes()).update(b"\0");
        Digest { base, characters }
    }

    /// Give the pseudonym of a text.
    pub fn of(&self, text: &[u8]) -> u64 {
        let mut state = self.base.clone();
        if text.is_ascii() {
            self.ascii(text, &mut state)
        } else {
            self.wide(text, &mut state)
        };
        let bytes = state.finalize();
        bytes.as_bytes().iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    }

    /// Give a text without the white space around it.
    pub fn stripped<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        if text.is_ascii() {
            let from = text.iter().position(|byte| !is_space(*byte)).unwrap_or(text.len());
            let to = text.iter().rposition(|byte| !is_space(*byte)).map_or(from, |at| at + 1);
            return &text[from..to];
        }
        std::str::from_utf8(text).map_or(text, |text| text.trim_matches(|c| self.is_blank(c)).as_bytes())
    }

    fn is_blank(&self, c: char) -> bool {
        if c.is_ascii() { is_space(c as u8) } else { self.characters.spaces.contains(&c) }
    }

    fn ascii(&self, text: &[u8], state: &mut blake2b_simd::State) {
        let text = self.stripped(text);
        if (7..=24).contains(&text.len()) && matches!(text[0], b'+' | b'(' | b'0'..=b'9') && is_phone(text.iter().map(|byte| sign(*byte))) {
            let digits: Vec<u8> = text.iter().copied().filter(u8::is_ascii_digit).collect();
            state.update(&digits);
        } else if text.iter().any(u8::is_ascii_uppercase) {
            state.update(&text.to_ascii_lowercase());
        } else {
            state.update(text);
        }
    }

    /// The same beyond ASCII; a lone surrogate, which is no character, stays as it is.
    fn wide(&self, text: &[u8], state: &mut blake2b_simd::State) {
        let mut folded = String::with_capacity(text.len());
        let Ok(text) = std::str::from_utf8(text) else {
            state.update(text);
            return;
        };
        for c in text.trim_matches(|c| self.is_blank(c)).chars() {
            match self.characters.folded.get(&c) {
                Some(others) => folded.push_str(others),
                None => folded.push(c.to_ascii_lowercase()),
            }
        }
        let wide_sign = |c: char| match c {
            c if c.is_ascii() => sign(c as u8),
            c if self.characters.digits.contains(&c) => Sign::Digit,
            c if self.characters.spaces.contains(&c) => Sign::Filler,
            _ => Sign::Other,
        };
        if folded.starts_with(['+', '(', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) && is_phone(folded.chars().map(wide_sign)) {
            folded.retain(|c| c.is_ascii_digit() || self.characters.digits.contains(&c));
        }
        state.update(folded.as_bytes());
    }
}
