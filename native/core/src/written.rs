//! A compiled policy as text, for those who can't hand over a tree: written by `contain/written.py`, read here.
//!
//! The first line is `stanch-mask 1`, the second `key HEX`, and every other one a node, the first of them the root:
//! `node ACTION ELEMENT ANY_MEMBER IN_STRING [NAME=NODE]...`, with `-` for none, nodes by their number and names in hexadecimal digits.

use crate::policy::{Action, NOWHERE, Node, Policy};

/// Read a compiled policy; nothing where anything in it can't be read.
pub fn read(text: &[u8]) -> Option<Policy> {
    let mut lines = std::str::from_utf8(text).ok()?.lines();
    if lines.next()? != "stanch-mask 1" {
        return None;
    }
    let key = hex(lines.next()?.strip_prefix("key ")?)?;
    let nodes = lines.map(node).collect::<Option<Vec<_>>>()?;
    Policy::new(nodes, &key)
}

fn node(line: &str) -> Option<Node> {
    let mut words = line.split(' ');
    if words.next()? != "node" {
        return None;
    }
    let action = match words.next()? {
        "-" => Action::Keep,
        name => Action::named(name)?,
    };
    let (element, any_member, in_string) = (number(words.next()?)?, number(words.next()?)?, number(words.next()?)?);
    let members = words.map(member).collect::<Option<Vec<_>>>()?;
    Some(Node::new(action, members, element, any_member, in_string))
}

fn member(word: &str) -> Option<(Box<[u8]>, u32)> {
    let (name, node) = word.split_once('=')?;
    Some((hex(name)?.into(), number(node).filter(|node| *node != NOWHERE)?))
}

fn number(word: &str) -> Option<u32> {
    if word == "-" { Some(NOWHERE) } else { word.parse().ok().filter(|n| *n != NOWHERE) }
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits.chunks(2).map(|pair| Some((char::from(pair[0]).to_digit(16)? * 16 + char::from(pair[1]).to_digit(16)?) as u8)).collect()
}
