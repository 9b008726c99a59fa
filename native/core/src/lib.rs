//! JSON at the speed of its bytes: masking by splicing, and the heads of HTTP/1.1 messages, with the same answers as the Python reference.
//!
//! Decides nothing: paths, masks and keys come in compiled. No I/O, no clock, no unsafe code.

#![forbid(unsafe_code)]

pub mod body;
pub mod column;
pub mod columns;
pub mod detect;
pub mod digest;
pub mod head;
pub mod leaf;
pub mod mask;
pub mod policy;
pub mod skip;
pub mod stream;
pub mod text;
mod whole;
pub mod written;

#[cfg(test)]
mod tests;
