//! Mask JSON by splicing, in one pass: the members that a policy names are replaced or dropped, every other byte stays.
//!
//! Strict: what is not JSON (RFC 8259) is refused, with the position at which the Python reference refuses it. One machine
//! serves whole bodies and streams of chunks: it stops wherever the data ends and goes on once more is there.

use crate::policy::{Action, NOWHERE, Policy};
use crate::skip;
use crate::text::{self, Number, Text};
use crate::whole;

/// Deepest nesting of a document.
pub const MAX_DEPTH: usize = 256;

const NO_DEPTH: usize = usize::MAX;

/// Why a body can't be masked with certainty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Not UTF-8.
    NotUtf8,
    /// Nested deeper than `MAX_DEPTH`.
    TooDeep,
    /// Not JSON.
    NotJson,
    /// No member name where one must stand.
    NoName,
    /// More than one document.
    TextAfter,
    /// A string that the policy takes for JSON is none.
    NotJsonInside,
    /// A stream holds a name, a gap or a string that is longer than may be held back.
    TooLong,
}

impl What {
    /// Say it the way the reference does.
    pub fn says(self) -> &'static str {
        match self {
            What::NotUtf8 => "not UTF-8",
            What::TooDeep => "nested too deeply",
            What::NotJson => "not JSON",
            What::NoName => "no member name",
            What::TextAfter => "text after the document",
            What::NotJsonInside => "a string that should hold JSON does not",
            What::TooLong => "more than may be held back",
        }
    }
}

/// A refusal: what is wrong and at which byte. Never carries content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What is wrong.
    pub what: What,
    /// Byte position from the start of the body.
    pub at: usize,
}

/// How many values were masked, and how many members or elements dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Values replaced.
    pub n_masked: usize,
    /// Members and elements removed.
    pub n_dropped: usize,
}

/// A part of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Bytes of the input from one position to another.
    Copy(usize, usize),
    /// New bytes.
    New(Vec<u8>),
}

/// Where the result goes.
pub trait Sink {
    /// Take these bytes of the input.
    fn copy(&mut self, from: usize, to: usize);
    /// Take these new bytes.
    fn put(&mut self, new: &[u8]);
}

impl Sink for Vec<Piece> {
    fn copy(&mut self, from: usize, to: usize) {
        if from < to {
            self.push(Piece::Copy(from, to));
        }
    }

    fn put(&mut self, new: &[u8]) {
        self.push(Piece::New(new.to_vec()));
    }
}

/// The masked form of a whole body as pieces of it and new bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    /// The result, in order.
    pub pieces: Vec<Piece>,
    /// What was done.
    pub counts: Counts,
}

impl Masked {
    /// Length of the result.
    pub fn n_bytes(&self) -> usize {
        self.pieces
            .iter()
            .map(|piece| {
                if let Piece::Copy(from, to) = piece {
                    to - from
                } else if let Piece::New(new) = piece {
                    new.len()
                } else {
                    0
                }
            })
            .sum()
    }

    /// Give the parts of the result as slices of the body and of the new bytes.
    pub fn parts<'a>(&'a self, body: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        self.pieces.iter().map(move |piece| match piece {
            Piece::Copy(from, to) => &body[*from..*to],
            Piece::New(new) => new.as_slice(),
        })
    }

    /// Write the result inside the string that held the document: copied escapes stay as they were.
    pub(crate) fn carry_over<S: Sink>(&self, offsets: &[usize], sink: &mut S) {
        for piece in &self.pieces {
            match piece {
                Piece::Copy(from, to) => sink.copy(offsets[*from], offsets[*to]),
                Piece::New(new) => sink.put(&text::escape(new)),
            }
        }
    }

    /// Put the result together.
    pub fn body(&self, body: &[u8]) -> Vec<u8> {
        self.parts(body).collect::<Vec<_>>().concat()
    }
}

/// Mask one whole body.
///
/// # Errors
/// Where the body is no JSON or no UTF-8, or is nested too deeply.
pub fn mask(policy: &Policy, body: &[u8]) -> Result<Masked, Refused> {
    if simdutf8::basic::from_utf8(body).is_err() {
        let at = std::str::from_utf8(body).map_or_else(|error| error.valid_up_to(), |_| body.len());
        return Err(Refused { what: What::NotUtf8, at });
    }
    let from = if body.starts_with(text::BOM) { text::BOM.len() } else { 0 };
    document(policy, 0, body, from)
}

/// Mask a document by the paths that start at a node; what stands before `from` stays.
pub(crate) fn document(policy: &Policy, root: u32, data: &[u8], from: usize) -> Result<Masked, Refused> {
    if let Some(masked) = whole::mask(policy, root, data, from) {
        return Ok(masked);
    }
    let mut machine = Machine::new(root);
    machine.position = from;
    let mut pieces = Vec::new();
    machine.run(policy, data, Last::Yes, &mut pieces)?;
    Ok(Masked { pieces, counts: machine.counts })
}

/// Whether more data may follow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Last {
    /// This is the end.
    Yes,
    /// More may follow.
    No,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Value,
    FirstMember,
    Member,
    Name,
    Colon,
    AfterMember,
    FirstElement,
    Element,
    AfterElement,
    Words,
    Literal,
    Digits(Number),
    ValueEnd,
    End,
}

/// The innermost open object or array, or the place outside of all.
#[derive(Clone, Copy)]
struct Frame {
    node: u32,
    is_object: bool,
    /// An item before this one was kept.
    kept: bool,
    /// The last item was dropped and none kept: what leads up to the next one goes too.
    gap: bool,
}

/// The walk over one document.
pub struct Machine {
    state: State,
    frames: Vec<Frame>,
    frame: Frame,
    /// Node of the value that comes or is being read.
    child: u32,
    /// Next byte to read, relative to the data at hand.
    pub(crate) position: usize,
    /// First byte that is neither given out nor left out yet.
    emit: usize,
    /// Where the name or value being read starts.
    start: usize,
    /// End of the last item, from where on bytes wait for a decision.
    hold: Option<usize>,
    /// The item that `start` points to waits for its decision.
    pending: bool,
    /// Skipping failed once in the data at hand.
    careful: bool,
    /// Depth at which a masked or dropped value is being left out.
    mute: usize,
    hash: Option<Box<blake2b_simd::State>>,
    /// What was done so far.
    pub counts: Counts,
}

impl Machine {
    /// Start a document whose paths start at a node.
    pub fn new(root: u32) -> Machine {
        let frame = Frame { node: NOWHERE, is_object: false, kept: false, gap: false };
        Machine {
            state: State::Value,
            frames: Vec::with_capacity(16),
            frame,
            child: root,
            position: 0,
            emit: 0,
            start: 0,
            hold: None,
            pending: false,
            careful: false,
            mute: NO_DEPTH,
            hash: None,
            counts: Counts::default(),
        }
    }

    /// Read on as far as the data reaches.
    ///
    /// # Errors
    /// Where the document is refused; positions are relative to the data.
    #[allow(clippy::too_many_lines, reason = "one state machine, one arm a state; splitting it would hide the flow and cost the speed")]
    pub fn run<S: Sink>(&mut self, policy: &Policy, data: &[u8], last: Last, sink: &mut S) -> Result<(), Refused> {
        let mut at = self.position;
        let mut state = self.state;
        self.careful = false;
        macro_rules! pause {
            () => {{
                self.position = at;
                self.state = state;
                return Ok(());
            }};
        }
        macro_rules! refuse {
            ($what:expr, $at:expr) => {
                return Err(Refused { what: $what, at: $at })
            };
        }
        // The byte at hand; where the data ends, wait for more or go on with none.
        macro_rules! byte {
            () => {
                match data.get(at) {
                    None if last == Last::No => pause!(),
                    other => other.copied(),
                }
            };
        }
        loop {
            match state {
                State::Value => {
                    at = text::space(data, at);
                    let first = byte!();
                    if self.frames.len() > MAX_DEPTH {
                        refuse!(What::TooDeep, at);
                    }
                    let Some(first) = first else { refuse!(What::NotJson, at) };
                    if self.pending || self.child != NOWHERE {
                        let child = if first == b'[' { self.child } else { policy.single(self.child) };
                        if policy.action(child) == Action::Partial && at + 1 == data.len() && last == Last::No {
                            pause!();
                        }
                        self.child = child;
                        self.begin_item(policy, sink);
                        self.begin_value(policy, data, at, sink);
                    }
                    self.start = at;
                    if self.child == NOWHERE && !self.careful {
                        if let Some(end) = skip::value(data, at, self.frames.len()) {
                            at = end;
                            state = State::ValueEnd;
                            continue;
                        }
                        self.careful = true;
                    }
                    match first {
                        b'"' => {
                            at += 1;
                            state = State::Words;
                        }
                        b'{' | b'[' => {
                            self.frames.push(self.frame);
                            self.frame = Frame { node: self.child, is_object: first == b'{', kept: false, gap: false };
                            self.hold = None;
                            at += 1;
                            state = if first == b'{' { State::FirstMember } else { State::FirstElement };
                        }
                        b'-' | b'0'..=b'9' => state = State::Digits(Number::Start),
                        _ => state = State::Literal,
                    }
                }
                State::Literal => {
                    let Some(literal) = text::literal(data[at]) else { refuse!(What::NotJson, at) };
                    let found = &data[at..data.len().min(at + literal.len())];
                    if !literal.starts_with(found) || (found.len() < literal.len() && last == Last::Yes) {
                        refuse!(What::NotJson, at);
                    }
                    if found.len() < literal.len() {
                        pause!();
                    }
                    at += literal.len();
                    state = State::ValueEnd;
                }
                State::Words => match text::string(data, at) {
                    Text::Closed { end, .. } => {
                        at = end;
                        if self.child != NOWHERE {
                            self.end_text(policy, data, at, sink)?;
                        }
                        state = State::ValueEnd;
                    }
                    Text::Open(stop) if last == Last::No => {
                        at = stop;
                        pause!();
                    }
                    _ => refuse!(What::NotJson, self.start),
                },
                State::Digits(read) => {
                    let Some((end, read)) = text::number(data, at, read) else { refuse!(What::NotJson, self.start) };
                    at = end;
                    if at == data.len() && last == Last::No {
                        state = State::Digits(read);
                        pause!();
                    }
                    if !read.complete() {
                        refuse!(What::NotJson, self.start);
                    }
                    state = State::ValueEnd;
                }
                State::ValueEnd => {
                    if self.mute == self.frames.len() {
                        self.unmute(data, at, sink);
                    }
                    if self.frame.node != NOWHERE {
                        self.hold = Some(at);
                    }
                    state = if self.frames.is_empty() {
                        State::End
                    } else if self.frame.is_object {
                        State::AfterMember
                    } else {
                        State::AfterElement
                    };
                }
                State::FirstMember => {
                    at = text::space(data, at);
                    if byte!() == Some(b'}') {
                        at += 1;
                        self.close();
                        state = State::ValueEnd;
                    } else {
                        state = State::Member;
                    }
                }
                State::Member => {
                    at = text::space(data, at);
                    if byte!() != Some(b'"') {
                        refuse!(What::NoName, at);
                    }
                    self.start = at;
                    self.pending = self.frame.node != NOWHERE;
                    at += 1;
                    state = State::Name;
                }
                State::Name => match text::string(data, at) {
                    Text::Closed { end, .. } => {
                        at = end;
                        self.child = NOWHERE;
                        if self.frame.node != NOWHERE {
                            self.child = policy.node(self.frame.node).follow(&data[self.start + 1..end - 1], true);
                        }
                        state = State::Colon;
                    }
                    Text::Open(stop) if last == Last::No => {
                        at = stop;
                        pause!();
                    }
                    _ => refuse!(What::NoName, self.start),
                },
                State::Colon => {
                    at = text::space(data, at);
                    if byte!() != Some(b':') {
                        refuse!(What::NotJson, at);
                    }
                    at += 1;
                    state = State::Value;
                }
                State::AfterMember => {
                    at = text::space(data, at);
                    match byte!() {
                        Some(b',') => {
                            at += 1;
                            state = State::Member;
                        }
                        Some(b'}') => {
                            at += 1;
                            self.close();
                            state = State::ValueEnd;
                        }
                        _ => refuse!(What::NotJson, at),
                    }
                }
                State::FirstElement => {
                    at = text::space(data, at);
                    if byte!() == Some(b']') {
                        at += 1;
                        self.close();
                        state = State::ValueEnd;
                    } else {
                        state = State::Element;
                    }
                }
                State::Element => {
                    at = text::space(data, at);
                    if byte!().is_some() {
                        self.child = policy.inner(self.frame.node);
                        self.start = at;
                        self.pending = self.frame.node != NOWHERE;
                    }
                    state = State::Value;
                }
                State::AfterElement => {
                    at = text::space(data, at);
                    match byte!() {
                        Some(b',') => {
                            at += 1;
                            state = State::Element;
                        }
                        Some(b']') => {
                            at += 1;
                            self.close();
                            state = State::ValueEnd;
                        }
                        _ => refuse!(What::NotJson, at),
                    }
                }
                State::End => {
                    at = text::space(data, at);
                    if at < data.len() {
                        refuse!(What::TextAfter, at);
                    }
                    if last == Last::Yes {
                        sink.copy(self.emit, at);
                        self.emit = at;
                    }
                    pause!();
                }
            }
        }
    }

    fn muted(&self) -> bool {
        self.mute != NO_DEPTH
    }

    /// Leave an object or array.
    #[inline(always)]
    fn close(&mut self) {
        self.hold = None;
        if let Some(outer) = self.frames.pop() {
            self.frame = outer;
        }
    }

    /// Decide on the member or element that `start` points to, now that its node and its type are known.
    fn begin_item<S: Sink>(&mut self, policy: &Policy, sink: &mut S) {
        if !std::mem::take(&mut self.pending) {
            return;
        }
        let at = self.start;
        let dropped = policy.action(self.child) == Action::Drop;
        self.counts.n_dropped += usize::from(dropped);
        if self.muted() {
            return;
        }
        if self.frame.gap {
            self.emit = at;
        }
        let before = self.hold.take().filter(|_| self.frame.kept).unwrap_or(at);
        self.frame.gap = dropped && !self.frame.kept;
        if dropped {
            sink.copy(self.emit, before);
            self.emit = at;
            self.mute = self.frames.len();
        }
        self.frame.kept |= !dropped;
    }

    /// Do what the policy says of the value that starts at `at`; droppable items were met before.
    fn begin_value<S: Sink>(&mut self, policy: &Policy, data: &[u8], at: usize, sink: &mut S) {
        let action = policy.action(self.child);
        if action == Action::Keep || (action == Action::Drop && !self.frames.is_empty()) {
            return;
        }
        self.counts.n_masked += 1;
        if self.muted() {
            return;
        }
        sink.copy(self.emit, at);
        self.emit = at;
        self.mute = self.frames.len();
        match action {
            Action::Hash => self.hash = Some(Box::new(policy.hash())),
            action => put_instead(action, &data[at..], sink),
        }
    }

    /// End the masked or dropped value.
    fn unmute<S: Sink>(&mut self, data: &[u8], at: usize, sink: &mut S) {
        self.mute = NO_DEPTH;
        if let Some(mut hash) = self.hash.take() {
            hash.update(&data[self.emit..at]);
            put_hash(&hash, sink);
        }
        self.emit = at;
    }

    /// Mask JSON held in the string that ends at `end`, where the policy's path leads into it.
    fn end_text<S: Sink>(&mut self, policy: &Policy, data: &[u8], end: usize, sink: &mut S) -> Result<(), Refused> {
        let node = policy.node(self.child);
        if node.in_string == NOWHERE || node.action != Action::Keep {
            return Ok(());
        }
        let (inner, offsets) = text::unescape_with_offsets(data, self.start + 1, end - 1);
        let refused = Refused { what: What::NotJsonInside, at: self.start };
        let masked = document(policy, node.in_string, &inner, 0).map_err(|_| refused)?;
        self.counts.n_masked += masked.counts.n_masked;
        self.counts.n_dropped += masked.counts.n_dropped;
        if !self.muted() {
            sink.copy(self.emit, self.start + 1);
            masked.carry_over(&offsets, sink);
            self.emit = end - 1;
        }
        Ok(())
    }

    /// Give out what is decided and tell how many bytes of the data are no longer needed.
    pub(crate) fn settle<S: Sink>(&mut self, policy: &Policy, data: &[u8], sink: &mut S) -> usize {
        let held = match self.state {
            _ if self.pending => self.start,
            State::Words if self.child != NOWHERE && policy.node(self.child).in_string != NOWHERE => self.start,
            _ => self.position,
        };
        let upto = if self.muted() { self.position } else { self.hold.map_or(held, |hold| hold.min(held)) };
        if let Some(hash) = &mut self.hash {
            hash.update(&data[self.emit..upto]);
        } else if !self.muted() {
            sink.copy(self.emit, upto);
        }
        self.emit = upto;
        held.min(upto)
    }

    /// Forget the first `n` bytes of the data.
    pub(crate) fn shift(&mut self, n: usize) {
        self.position -= n;
        self.emit -= n;
        self.start = self.start.wrapping_sub(n);
        self.hold = self.hold.map(|hold| hold.saturating_sub(n));
    }
}

/// Put what stands in the place of a value that is there as a whole.
pub(crate) fn instead<S: Sink>(policy: &Policy, action: Action, raw: &[u8], sink: &mut S) {
    if action == Action::Hash {
        put_hash(policy.hash().update(raw), sink);
    } else {
        put_instead(action, raw, sink);
    }
}

fn put_hash<S: Sink>(hash: &blake2b_simd::State, sink: &mut S) {
    sink.put(format!("\"{}\"", hash.finalize().to_hex()).as_bytes());
}

fn put_instead<S: Sink>(action: Action, raw: &[u8], sink: &mut S) {
    match action {
        Action::Null | Action::Drop => sink.put(b"null"),
        Action::Text => sink.put(b"\"[removed]\""),
        Action::Partial if raw[0] == b'"' => match raw.get(1) {
            Some(first) if first.is_ascii_alphanumeric() => sink.put(&[b'"', *first, b'*', b'*', b'*', b'"']),
            _ => sink.put(b"\"***\""),
        },
        _ => sink.put(match raw[0] {
            b'"' => b"\"\"",
            b'{' => b"{}",
            b'[' => b"[]",
            b't' | b'f' => b"false",
            b'n' => b"null",
            _ => b"0",
        }),
    }
}
