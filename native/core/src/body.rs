//! A scan of whole JSON bodies in one pass over their bytes: paths, candidates, pseudonyms and columns, with no tree in between.
//!
//! What Python would read differently, or only after a look at the whole, is left to it: integers of many digits, lone surrogates, objects that
//! may be maps. Such a body leaves no trace here.

use std::collections::HashMap;

use crate::column::Kind;
use crate::columns::Columns;
use crate::leaf::{Read, Reader};
use crate::mask::MAX_DEPTH;
use crate::text::{self, Number, Text};

/// Steps below a node, as `classify/place.py` numbers them.
const ELEMENT: usize = 1;
const DATA: usize = 2;
const KEYS: usize = 3;
const NONE: u32 = u32::MAX;
const MANY_DIGITS: usize = 18;

struct Node {
    members: HashMap<Box<[u8]>, u32>,
    others: [u32; 4],
    /// The member that came after this one last time, beside it or as the first in it, and its name: documents of an endpoint are alike.
    next: Option<(Box<[u8]>, u32)>,
}

/// How a node was reached: from which node, by which step, by which name.
pub struct Way {
    /// Node above.
    pub parent: u32,
    /// Step.
    pub step: u8,
    /// The member's name, else empty.
    pub name: Box<[u8]>,
}

enum State {
    Null,
    Empty,
    Value(Read, Option<(u64, Box<[u8]>)>),
}

/// What tells maps from records: numbers of `inventory/mapkey.py`.
#[derive(Clone, Copy)]
pub struct Maps {
    /// Fewest members of a map of objects.
    pub least_objects: usize,
    /// Fewest members of a map of plain values.
    pub least_leaves: usize,
}

/// Scans bodies into columns.
pub struct Bodies {
    reader: Reader,
    maps: Maps,
    nodes: Vec<Node>,
    /// How each node was reached; the first is the root.
    pub ways: Vec<Way>,
    /// The columns.
    pub columns: Columns,
    leaves: Vec<(u32, State)>,
    scratch: Vec<u8>,
}

impl Bodies {
    /// Start a scan.
    pub fn new(reader: Reader, maps: Maps) -> Bodies {
        let mut bodies =
            Bodies { reader, maps, nodes: Vec::new(), ways: Vec::new(), columns: Columns::default(), leaves: Vec::new(), scratch: Vec::new() };
        bodies.node(0, 0, &[]);
        bodies
    }

    /// The reader with its tables.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Scan one body into the columns of a root; tells whether it was read.
    pub fn scan(&mut self, body: &[u8], root: u32) -> bool {
        self.leaves.clear();
        if simdutf8::basic::from_utf8(body).is_err() || self.document(body).is_none() {
            return false;
        }
        for (node, state) in self.leaves.drain(..) {
            match state {
                State::Null => self.columns.null(root, node),
                State::Empty => self.columns.empty(root, node),
                State::Value(read, code) => self.columns.value(root, node, &read.value(code.as_ref().map(|(rank, text)| (*rank, text.as_ref())))),
            }
        }
        true
    }

    fn document(&mut self, body: &[u8]) -> Option<()> {
        let end = self.value(body, text::space(body, 0), 0, 0)?;
        (text::space(body, end) == body.len()).then_some(())
    }

    fn node(&mut self, parent: u32, step: usize, name: &[u8]) -> u32 {
        self.nodes.push(Node { members: HashMap::new(), others: [NONE; 4], next: None });
        self.ways.push(Way { parent, step: step as u8, name: name.into() });
        self.nodes.len() as u32 - 1
    }

    fn step(&mut self, parent: u32, step: usize) -> u32 {
        let known = self.nodes[parent as usize].others[step];
        if known != NONE {
            return known;
        }
        let number = self.node(parent, step, &[]);
        self.nodes[parent as usize].others[step] = number;
        number
    }

    /// Follow a member after the one that came before it.
    fn member(&mut self, parent: u32, before: u32, name: &[u8]) -> u32 {
        if let Some((expected, node)) = &self.nodes[before as usize].next
            && expected.as_ref() == name
            && self.ways[*node as usize].parent == parent
        {
            return *node;
        }
        let number = match self.nodes[parent as usize].members.get(name) {
            Some(known) => *known,
            None => {
                let number = self.node(parent, 0, name);
                self.nodes[parent as usize].members.insert(name.into(), number);
                number
            }
        };
        self.nodes[before as usize].next = Some((name.into(), number));
        number
    }

    fn value(&mut self, body: &[u8], at: usize, node: u32, depth: usize) -> Option<usize> {
        if depth > MAX_DEPTH {
            return None;
        }
        match *body.get(at)? {
            b'"' => self.text(body, at, node),
            b'{' => self.object(body, at + 1, node, depth),
            b'[' => self.array(body, at + 1, node, depth),
            b'-' | b'0'..=b'9' => self.number(body, at, node),
            first => {
                let literal = text::literal(first)?;
                if !body[at..].starts_with(literal) {
                    return None;
                }
                let state = match first {
                    b'n' => State::Null,
                    b't' => State::Value(self.reader.plain(Kind::Bool, b"True"), None),
                    _ => State::Value(self.reader.plain(Kind::Bool, b"False"), None),
                };
                self.leaves.push((node, state));
                Some(at + literal.len())
            }
        }
    }

    fn object(&mut self, body: &[u8], at: usize, node: u32, depth: usize) -> Option<usize> {
        let (mut n_members, mut holds_objects, mut before) = (0, false, node);
        let mut at = text::space(body, at);
        if *body.get(at)? == b'}' {
            return Some(at + 1);
        }
        loop {
            if *body.get(at)? != b'"' {
                return None;
            }
            let Text::Closed { end, escaped } = text::string(body, at + 1) else { return None };
            let raw = &body[at + 1..end - 1];
            let mut unescaped = Vec::new();
            let name = if escaped { plain(raw, &mut unescaped)? } else { raw };
            at = text::space(body, end);
            if *body.get(at)? != b':' {
                return None;
            }
            at = text::space(body, at + 1);
            let child = if may_be_data(name) && is_data_key(name) {
                let keys = self.step(node, KEYS);
                let state = self.text_state(name);
                self.leaves.push((keys, state));
                self.step(node, DATA)
            } else {
                before = self.member(node, before, name);
                before
            };
            holds_objects |= n_members == 0 && *body.get(at)? == b'{';
            n_members += 1;
            if n_members >= self.maps.least_leaves || (holds_objects && n_members >= self.maps.least_objects) {
                return None;
            }
            at = self.value(body, at, child, depth + 1)?;
            at = text::space(body, at);
            match *body.get(at)? {
                b',' => at = text::space(body, at + 1),
                b'}' => return Some(at + 1),
                _ => return None,
            }
        }
    }

    fn array(&mut self, body: &[u8], at: usize, node: u32, depth: usize) -> Option<usize> {
        let mut at = text::space(body, at);
        if *body.get(at)? == b']' {
            return Some(at + 1);
        }
        let child = self.step(node, ELEMENT);
        loop {
            at = self.value(body, at, child, depth + 1)?;
            at = text::space(body, at);
            match *body.get(at)? {
                b',' => at = text::space(body, at + 1),
                b']' => return Some(at + 1),
                _ => return None,
            }
        }
    }

    fn text(&mut self, body: &[u8], at: usize, node: u32) -> Option<usize> {
        let Text::Closed { end, escaped } = text::string(body, at + 1) else { return None };
        let raw = &body[at + 1..end - 1];
        let state = if escaped {
            let mut scratch = std::mem::take(&mut self.scratch);
            let state = plain(raw, &mut scratch).map(|text| self.text_state(text));
            self.scratch = scratch;
            state?
        } else {
            self.text_state(raw)
        };
        self.leaves.push((node, state));
        Some(end)
    }

    fn text_state(&self, text: &[u8]) -> State {
        if text.is_empty() {
            return State::Empty;
        }
        let read = self.reader.text(text);
        let code = self.reader.code(&read, text).map(|(rank, text)| (rank, text.into()));
        State::Value(read, code)
    }

    fn number(&mut self, body: &[u8], at: usize, node: u32) -> Option<usize> {
        let (end, read) = text::number(body, at, Number::Start)?;
        let written = &body[at..end];
        let state = match read {
            Number::Zero | Number::Whole if written.len() <= MANY_DIGITS && written != b"-0" => {
                let read = self.reader.plain(Kind::Int, written);
                let code = self.reader.code(&read, written).map(|(rank, text)| (rank, text.into()));
                State::Value(read, code)
            }
            Number::Fraction | Number::Exponent => {
                let value: f64 = std::str::from_utf8(written).ok()?.parse().ok()?;
                State::Value(self.reader.plain(Kind::Float, float(value)?.as_bytes()), None)
            }
            _ => return None,
        };
        self.leaves.push((node, state));
        Some(end)
    }
}

/// Undo escapes; nothing where a lone surrogate stands.
fn plain<'a>(raw: &[u8], into: &'a mut Vec<u8>) -> Option<&'a [u8]> {
    text::unescape_name(raw, into);
    std::str::from_utf8(into).ok().map(str::as_bytes)
}

/// Write a number as Python's `repr` does: the shortest digits that mean it, an exponent below 1e-4 and from 1e16 on.
pub fn float(value: f64) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    let short = format!("{value:e}");
    let (digits, exponent) = short.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    if (-4..16).contains(&exponent) {
        let plain = format!("{value}");
        return Some(if plain.contains('.') { plain } else { plain + ".0" });
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    Some(format!("{digits}e{sign}{:02}", exponent.abs()))
}

/// Cheap test: names of members rarely hold a digit or an `@`.
fn may_be_data(name: &[u8]) -> bool {
    name.iter().any(|byte| byte.is_ascii_digit() || *byte == b'@') || name.len() >= 16
}

/// Whether a key is a value rather than a name, as `inventory/mapkey.py` has it.
pub fn is_data_key(key: &[u8]) -> bool {
    if key.is_empty() || key.len() > 1024 || std::str::from_utf8(key).is_ok_and(|text| text.chars().count() > 256) {
        return false;
    }
    let all = |part: &[u8], test: fn(&u8) -> bool| !part.is_empty() && part.iter().all(test);
    let digits = |part: &[u8]| all(part, u8::is_ascii_digit);
    let hex = |part: &[u8]| all(part, u8::is_ascii_hexdigit);
    if digits(key.strip_prefix(b"-").unwrap_or(key)) || is_uuid(key) || is_mail(key) {
        return true;
    }
    let has = |test: fn(&u8) -> bool| key.iter().any(test);
    if key.len() >= 16 && hex(key) && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic) {
        return true;
    }
    if key.strip_prefix(b"+").is_some_and(|rest| (8..=15).contains(&rest.len()) && digits(rest)) || is_dated(key) {
        return true;
    }
    let upper = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    if key.len() == 26 && all(key, upper) && has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) {
        return true;
    }
    is_prefixed(key) || is_ip4(key)
}

fn is_uuid(key: &[u8]) -> bool {
    let hyphen = |at: &usize| matches!(at, 8 | 13 | 18 | 23);
    key.len() == 36 && key.iter().enumerate().all(|(at, byte)| if hyphen(&at) { *byte == b'-' } else { byte.is_ascii_hexdigit() })
}

/// Something with one `@`, no white space, and a top level of letters.
fn is_mail(key: &[u8]) -> bool {
    let Some(at) = memchr::memchr(b'@', key) else { return false };
    let (local, domain) = (&key[..at], &key[at + 1..]);
    let n_local = std::str::from_utf8(local).map_or(0, |local| local.chars().count());
    let Some(dot) = memchr::memrchr(b'.', domain) else { return false };
    let blank = |byte: &u8| matches!(byte, 9..=13 | b' ');
    let top = &domain[dot + 1..];
    (1..=64).contains(&n_local)
        && !domain.contains(&b'@')
        && !key.iter().any(blank)
        && dot > 0
        && top.len() >= 2
        && top.iter().all(u8::is_ascii_alphabetic)
}

fn is_dated(key: &[u8]) -> bool {
    let form =
        key.len() >= 10 && key[..10].iter().enumerate().all(|(at, byte)| if matches!(at, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() });
    form && (key.len() == 10 || (key[10] == b'T' && !key.contains(&b'\n')))
}

fn is_prefixed(key: &[u8]) -> bool {
    let Some(at) = memchr::memchr(b'_', key) else { return false };
    let (prefix, rest) = (&key[..at], &key[at + 1..]);
    let plain = rest.len() >= 10 && rest.iter().all(u8::is_ascii_alphanumeric) && rest.iter().any(u8::is_ascii_digit);
    (2..=5).contains(&at) && prefix.iter().all(u8::is_ascii_lowercase) && plain
}

fn is_ip4(key: &[u8]) -> bool {
    let parts: Vec<&[u8]> = key.split(|byte| *byte == b'.').collect();
    parts.len() == 4 && parts.iter().all(|part| (1..=3).contains(&part.len()) && part.iter().all(u8::is_ascii_digit))
}
