//! The walk of `mask` for a body that is there as a whole, by recursion: about half as fast again.
//!
//! Gives up on anything unusual; the machine in `mask` then walks the body anew and says what is wrong.

use crate::mask::{Counts, MAX_DEPTH, Masked, Piece, Sink, document, instead};
use crate::policy::{Action, NOWHERE, Policy};
use crate::skip;
use crate::text::{self, Text};

/// Mask a document by the paths that start at a node, or give nothing where a closer look is needed.
pub fn mask(policy: &Policy, root: u32, data: &[u8], from: usize) -> Option<Masked> {
    let mut walk = Walk { policy, data, pieces: Vec::with_capacity(16), emit: 0, muted: false, counts: Counts::default() };
    let at = text::space(data, from);
    let end = match walk.node_of(root, at)? {
        NOWHERE => skip::value(data, at, 0)?,
        node if policy.action(node) == Action::Keep => walk.value(at, node, 0)?,
        node => walk.masked(at, node, 0)?,
    };
    walk.pieces.copy(walk.emit, data.len());
    (text::space(data, end) == data.len()).then_some(Masked { pieces: walk.pieces, counts: walk.counts })
}

struct Walk<'a> {
    policy: &'a Policy,
    data: &'a [u8],
    pieces: Vec<Piece>,
    /// First byte that is neither copied nor left out yet.
    emit: usize,
    /// Within a value that is replaced or dropped as a whole: nothing is copied, only counted.
    muted: bool,
    counts: Counts,
}

/// What was met so far in an object or array.
struct Items {
    /// An item was kept.
    kept: bool,
    /// The last item was dropped and none kept: what leads up to the next one goes too.
    gap: bool,
    /// End of the last item.
    end: usize,
}

impl Walk<'_> {
    /// Give the node for the value at `at`, which depends on whether that is an array.
    fn node_of(&self, node: u32, at: usize) -> Option<u32> {
        let first = *self.data.get(at)?;
        Some(if first == b'[' { node } else { self.policy.single(node) })
    }

    /// Walk a value that is not itself masked.
    fn value(&mut self, at: usize, node: u32, depth: usize) -> Option<usize> {
        if depth > MAX_DEPTH {
            return None;
        }
        match *self.data.get(at)? {
            b'{' => self.object(at + 1, node, depth),
            b'[' => self.array(at + 1, node, depth),
            b'"' if self.policy.node(node).in_string != NOWHERE && self.policy.action(node) == Action::Keep => self.text(at, node, depth),
            _ => skip::value(self.data, at, depth),
        }
    }

    fn object(&mut self, at: usize, node: u32, depth: usize) -> Option<usize> {
        let data = self.data;
        let mut at = text::space(data, at);
        if *data.get(at)? == b'}' {
            return Some(at + 1);
        }
        let mut items = Items { kept: false, gap: false, end: at };
        loop {
            let start = at;
            if *data.get(at)? != b'"' {
                return None;
            }
            let Text::Closed { end, escaped } = text::string(data, at + 1) else { return None };
            let child = self.policy.node(node).follow(&data[start + 1..end - 1], escaped);
            at = text::space(data, end);
            if *data.get(at)? != b':' {
                return None;
            }
            at = text::space(data, at + 1);
            at = self.item(&mut items, start, at, child, depth + 1)?;
            at = text::space(data, at);
            match *data.get(at)? {
                b',' => at = text::space(data, at + 1),
                b'}' => return Some(at + 1),
                _ => return None,
            }
        }
    }

    fn array(&mut self, at: usize, node: u32, depth: usize) -> Option<usize> {
        let data = self.data;
        let child = self.policy.inner(node);
        let mut at = text::space(data, at);
        if *data.get(at)? == b']' {
            return Some(at + 1);
        }
        let mut items = Items { kept: false, gap: false, end: at };
        loop {
            at = self.item(&mut items, at, at, child, depth + 1)?;
            at = text::space(data, at);
            match *data.get(at)? {
                b',' => at = text::space(data, at + 1),
                b']' => return Some(at + 1),
                _ => return None,
            }
        }
    }

    /// Walk the member or element that starts at `start` with its value at `at`.
    #[inline(always)]
    fn item(&mut self, items: &mut Items, start: usize, at: usize, child: u32, depth: usize) -> Option<usize> {
        let node = if child == NOWHERE { NOWHERE } else { self.node_of(child, at)? };
        let action = self.policy.action(node);
        let dropped = action == Action::Drop;
        if !self.muted {
            if items.gap {
                self.emit = start;
            }
            items.gap = dropped && !items.kept;
        }
        let end = match action {
            Action::Keep if node == NOWHERE => skip::value(self.data, at, depth)?,
            Action::Keep => self.value(at, node, depth)?,
            Action::Drop => self.dropped(if items.kept { items.end } else { start }, at, node, depth)?,
            _ => self.masked(at, node, depth)?,
        };
        items.kept |= !dropped;
        items.end = end;
        Some(end)
    }

    /// Leave out everything from `from` to the end of the value at `at`.
    fn dropped(&mut self, from: usize, at: usize, node: u32, depth: usize) -> Option<usize> {
        self.counts.n_dropped += 1;
        if self.muted {
            return self.value(at, node, depth);
        }
        self.pieces.copy(self.emit, from);
        self.muted = true;
        let end = self.value(at, node, depth)?;
        self.muted = false;
        self.emit = end;
        Some(end)
    }

    /// Replace the value at `at`.
    fn masked(&mut self, at: usize, node: u32, depth: usize) -> Option<usize> {
        self.counts.n_masked += 1;
        if self.muted {
            return self.value(at, node, depth);
        }
        self.pieces.copy(self.emit, at);
        self.muted = true;
        let end = self.value(at, node, depth)?;
        self.muted = false;
        self.emit = end;
        instead(self.policy, self.policy.action(node), &self.data[at..end], &mut self.pieces);
        Some(end)
    }

    /// Mask JSON held in the string at `at`.
    fn text(&mut self, at: usize, node: u32, depth: usize) -> Option<usize> {
        let end = skip::value(self.data, at, depth)?;
        let (inner, offsets) = text::unescape_with_offsets(self.data, at + 1, end - 1);
        let masked = document(self.policy, self.policy.node(node).in_string, &inner, 0).ok()?;
        self.counts.n_masked += masked.counts.n_masked;
        self.counts.n_dropped += masked.counts.n_dropped;
        if !self.muted {
            self.pieces.copy(self.emit, at + 1);
            masked.carry_over(&offsets, &mut self.pieces);
            self.emit = end - 1;
        }
        Some(end)
    }
}
