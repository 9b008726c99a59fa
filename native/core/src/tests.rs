//! Tests of the kernel by itself; the Python reference is the judge of its answers (see `tests/native`).

use crate::mask::{What, mask};
use crate::policy::{Action, NOWHERE, Node, Policy};
use crate::stream::Stream;

/// `$.email` by an action, `$.list[*].phone` dropped, `$.inner@json.email` by the action.
fn policy(action: Action) -> Policy {
    let name = |text: &str| text.as_bytes().to_vec().into_boxed_slice();
    let leaf = |action| Node::new(action, vec![], NOWHERE, NOWHERE, NOWHERE);
    let nodes = vec![
        Node::new(Action::Keep, vec![(name("email"), 1), (name("list"), 2), (name("inner"), 5)], NOWHERE, NOWHERE, NOWHERE),
        leaf(action),
        Node::new(Action::Keep, vec![], 3, NOWHERE, NOWHERE),
        Node::new(Action::Keep, vec![(name("phone"), 4)], NOWHERE, NOWHERE, NOWHERE),
        leaf(Action::Drop),
        Node::new(Action::Keep, vec![], NOWHERE, NOWHERE, 6),
        Node::new(Action::Keep, vec![(name("email"), 1)], NOWHERE, NOWHERE, NOWHERE),
    ];
    Policy::new(nodes, b"key").expect("every number names a node")
}

fn whole(action: Action, body: &str) -> Result<String, What> {
    let policy = policy(action);
    let masked = mask(&policy, body.as_bytes()).map_err(|refused| refused.what)?;
    Ok(String::from_utf8(masked.body(body.as_bytes())).expect("text stays text"))
}

fn in_chunks(action: Action, body: &str, size: usize) -> Result<String, What> {
    let (policy, mut stream, mut out) = (policy(action), Stream::new(), Vec::new());
    for chunk in body.as_bytes().chunks(size) {
        stream.feed(&policy, chunk, &mut out).map_err(|refused| refused.what)?;
    }
    stream.finish(&policy, &mut out).map_err(|refused| refused.what)?;
    Ok(String::from_utf8(out).expect("text stays text"))
}

const BODIES: [&str; 14] = [
    r#"{"email":"ann@example.org","n":1.0}"#,
    r#"{"\u0065mail" : "x", "email":[1,{"a":2}] }"#,
    r#"{"list":[{"phone":1,"a":2},{"a":1, "phone":2},{ "phone" : 3 },{"phone":1,"phone":2,"a":3,"phone":4}]}"#,
    "\u{feff}{\"email\":null}",
    r#"{"inner":"{\"email\":\"x\",\"k\":\"\u00e9\"}","email":-1.5e+10}"#,
    r#"{"inner":"no json"}"#,
    r#"{"a":"\ud800","b":"😀é","email":"😀"}"#,
    r#"{"email":"a"#,
    "[1,]",
    "01",
    "1 2",
    "{\"a\":tru}",
    "[true,false,null,0,-0.5,12e3]",
    "",
];

#[test]
fn named_members_are_replaced_and_nothing_else() {
    assert_eq!(whole(Action::Typed, BODIES[0]).as_deref(), Ok(r#"{"email":"","n":1.0}"#));
    assert_eq!(whole(Action::Typed, BODIES[1]).as_deref(), Ok(r#"{"\u0065mail" : "", "email":[] }"#));
    assert_eq!(whole(Action::Null, BODIES[2]).as_deref(), Ok(r#"{"list":[{"a":2},{"a":1},{  },{"a":3}]}"#));
    assert_eq!(whole(Action::Typed, BODIES[4]).as_deref(), Ok(r#"{"inner":"{\"email\":\"\",\"k\":\"\u00e9\"}","email":0}"#));
}

#[test]
fn a_stream_gives_what_the_whole_body_gives_however_it_is_cut() {
    for action in [Action::Typed, Action::Drop, Action::Partial, Action::Hash] {
        for body in BODIES {
            for size in 1..=body.len().max(1) {
                assert_eq!(in_chunks(action, body, size), whole(action, body), "size {size}");
            }
        }
    }
}

#[test]
fn nesting_is_bounded() {
    let deep = |n: usize| "[".repeat(n) + &"]".repeat(n);
    assert!(whole(Action::Typed, &deep(257)).is_ok());
    assert_eq!(whole(Action::Typed, &deep(258)), Err(What::TooDeep));
    assert_eq!(whole(Action::Typed, &"[".repeat(100_000)), Err(What::TooDeep));
}

#[test]
fn a_stream_does_not_hold_back_without_end() {
    let (policy, mut stream, mut out) = (policy(Action::Typed), Stream::new(), Vec::new());
    stream.feed(&policy, b"{\"", &mut out).expect("a start");
    let refused = (0..64).find_map(|_| stream.feed(&policy, &[b'a'; 1 << 16], &mut out).err());
    assert_eq!(refused.map(|r| r.what), Some(What::TooLong));
    assert!(stream.finish(&policy, &mut out).is_err());
}

#[test]
fn a_long_value_flows_through() {
    let (policy, mut stream, mut out) = (policy(Action::Typed), Stream::new(), Vec::new());
    stream.feed(&policy, b"{\"a\":\"", &mut out).expect("a start");
    for _ in 0..64 {
        stream.feed(&policy, &[b'a'; 1 << 16], &mut out).expect("more");
    }
    stream.feed(&policy, b"\"}", &mut out).expect("an end");
    stream.finish(&policy, &mut out).expect("a document");
    assert_eq!(out.len(), 8 + (64 << 16));
}
