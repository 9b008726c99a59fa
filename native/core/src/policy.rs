//! What is done at which path, compiled into a table that the walk follows by number.

use std::collections::HashMap;

use crate::text::unescape_name;

/// Number of no node.
pub const NOWHERE: u32 = u32::MAX;

const FEW: usize = 8;

/// What is done with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing here; the path may go on.
    Keep,
    /// The whole member or element goes.
    Drop,
    /// An empty value of the same type.
    Typed,
    /// `null`.
    Null,
    /// A fixed text.
    Text,
    /// The first plain letter or digit of a string.
    Partial,
    /// The keyed hash of the raw value.
    Hash,
}

impl Action {
    /// Read an action by the name that policies use.
    pub fn named(name: &str) -> Option<Action> {
        Some(match name {
            "drop" => Action::Drop,
            "typed" => Action::Typed,
            "null" => Action::Null,
            "text" => Action::Text,
            "partial" => Action::Partial,
            "hash" => Action::Hash,
            _ => return None,
        })
    }
}

/// A place in the tree of paths.
#[derive(Clone, Debug)]
pub struct Node {
    /// What is done with the value here.
    pub action: Action,
    /// Where any element of an array leads.
    pub element: u32,
    /// Where a member without a name of its own here leads.
    pub any_member: u32,
    /// Where JSON held in a string leads.
    pub in_string: u32,
    /// Where a value that is no array leads, though the path may expect one.
    single: u32,
    few: Vec<(Box<[u8]>, u32)>,
    many: HashMap<Box<[u8]>, u32>,
}

impl Node {
    /// Make a node; names are UTF-8, lone surrogates written as UTF-8 would write them.
    pub fn new(action: Action, members: Vec<(Box<[u8]>, u32)>, element: u32, any_member: u32, in_string: u32) -> Node {
        let (few, many) = if members.len() <= FEW { (members, HashMap::new()) } else { (Vec::new(), members.into_iter().collect()) };
        Node { action, element, any_member, in_string, single: NOWHERE, few, many }
    }

    /// Follow a member; a name of its own goes before the wildcard.
    #[inline]
    pub fn member(&self, name: &[u8]) -> u32 {
        if let Some((_, node)) = self.few.iter().find(|(own, _)| own.as_ref() == name) {
            return *node;
        }
        self.many.get(name).copied().unwrap_or(self.any_member)
    }

    /// Follow a member by its name as it stands in the document, without its quotes.
    #[inline]
    pub fn follow(&self, raw: &[u8], escaped: bool) -> u32 {
        if escaped && raw.contains(&b'\\') {
            let mut name = Vec::with_capacity(raw.len());
            unescape_name(raw, &mut name);
            self.member(&name)
        } else {
            self.member(raw)
        }
    }

    fn leads_to(&self) -> impl Iterator<Item = u32> + '_ {
        let named = self.few.iter().map(|(_, n)| *n).chain(self.many.values().copied());
        named.chain([self.element, self.any_member, self.in_string]).filter(|n| *n != NOWHERE)
    }
}

/// A compiled policy for one route: nodes by number, the first one the root, and the key of its hashes.
#[derive(Clone, Debug)]
pub struct Policy {
    nodes: Vec<Node>,
    key: Vec<u8>,
}

impl Policy {
    /// Check that every number names a node and compile; gives nothing where one does not.
    pub fn new(mut nodes: Vec<Node>, key: &[u8]) -> Option<Policy> {
        let known = nodes.len();
        let sound = known > 0 && nodes.iter().all(|node| node.leads_to().all(|n| (n as usize) < known));
        let single: Option<Vec<u32>> = sound.then(|| (0..known).map(|n| last_element(&nodes, n)).collect())?;
        nodes.iter_mut().zip(single?).for_each(|(node, single)| node.single = single);
        Some(Policy { nodes, key: key[..key.len().min(64)].to_vec() })
    }

    /// Give the node for a value that is no array.
    #[inline]
    pub fn single(&self, number: u32) -> u32 {
        self.nodes.get(number as usize).map_or(NOWHERE, |node| node.single)
    }

    /// Give the node for the elements of an array, though the path may expect none.
    #[inline]
    pub fn inner(&self, number: u32) -> u32 {
        match self.nodes.get(number as usize) {
            Some(node) if node.element != NOWHERE => node.element,
            Some(node) if node.action == Action::Keep => number,
            _ => NOWHERE,
        }
    }

    /// Give a node by its number, which must not be `NOWHERE`.
    #[inline(always)]
    pub fn node(&self, number: u32) -> &Node {
        &self.nodes[number as usize]
    }

    /// Give what is done at a node, nothing for `NOWHERE`.
    #[inline(always)]
    pub fn action(&self, number: u32) -> Action {
        self.nodes.get(number as usize).map_or(Action::Keep, |node| node.action)
    }

    /// Start the hash of one value.
    pub fn hash(&self) -> blake2b_simd::State {
        blake2b_simd::Params::new().key(&self.key).hash_length(12).to_state()
    }
}

/// Follow the steps into arrays to their end; nothing where they go round in a circle.
fn last_element(nodes: &[Node], from: usize) -> Option<u32> {
    let mut at = from;
    for _ in 0..=nodes.len() {
        match nodes[at].element {
            NOWHERE => return u32::try_from(at).ok(),
            next => at = next as usize,
        }
    }
    None
}
