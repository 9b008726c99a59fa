//! The same masking on a stream of chunks, with bounded memory: a chunk in, what is decided out.
//!
//! What can't be decided yet (a member's name, the gap before it, JSON in a string, half a character) is held back, up to a limit.

use crate::mask::{Counts, Last, Machine, Refused, Sink, What};
use crate::policy::Policy;
use crate::text::BOM;

/// Most bytes that a stream holds back.
pub const HELD_BYTES: usize = 1 << 20;

/// One body on its way through.
pub struct Stream {
    machine: Machine,
    /// Bytes that came in and may be needed again.
    data: Vec<u8>,
    /// How many bytes came in before those.
    base: usize,
    /// How many of the bytes at hand are known to be UTF-8.
    n_checked: usize,
    begun: bool,
    refused: Option<Refused>,
}

struct Out<'a> {
    data: &'a [u8],
    out: &'a mut Vec<u8>,
}

impl Sink for Out<'_> {
    fn copy(&mut self, from: usize, to: usize) {
        self.out.extend_from_slice(&self.data[from..to]);
    }

    fn put(&mut self, new: &[u8]) {
        self.out.extend_from_slice(new);
    }
}

impl Default for Stream {
    fn default() -> Self {
        Stream::new()
    }
}

impl Stream {
    /// Start a body.
    pub fn new() -> Stream {
        Stream { machine: Machine::new(0), data: Vec::new(), base: 0, n_checked: 0, begun: false, refused: None }
    }

    /// Take a chunk and add what is decided to `out`.
    ///
    /// # Errors
    /// Where the body is refused; every later call is refused alike.
    pub fn feed(&mut self, policy: &Policy, chunk: &[u8], out: &mut Vec<u8>) -> Result<(), Refused> {
        self.take(policy, chunk, Last::No, out)
    }

    /// End the body and add the rest to `out`.
    ///
    /// # Errors
    /// Where the body is refused.
    pub fn finish(&mut self, policy: &Policy, out: &mut Vec<u8>) -> Result<Counts, Refused> {
        self.take(policy, &[], Last::Yes, out)?;
        Ok(self.machine.counts)
    }

    fn take(&mut self, policy: &Policy, chunk: &[u8], last: Last, out: &mut Vec<u8>) -> Result<(), Refused> {
        if let Some(refused) = self.refused {
            return Err(refused);
        }
        self.data.extend_from_slice(chunk);
        let taken = self.go(policy, last, out).map_err(|refused| Refused { at: self.base.wrapping_add(refused.at), ..refused });
        self.refused = taken.err();
        taken
    }

    fn go(&mut self, policy: &Policy, last: Last, out: &mut Vec<u8>) -> Result<(), Refused> {
        let n_known = self.check_utf8(last)?;
        if !self.begun {
            if last == Last::No && n_known < BOM.len() && BOM.starts_with(&self.data) {
                return Ok(());
            }
            self.begun = true;
            self.machine.position = if self.data.starts_with(BOM) { BOM.len() } else { 0 };
        }
        let known = &self.data[..n_known];
        let mut sink = Out { data: known, out };
        self.machine.run(policy, known, last, &mut sink)?;
        let n = self.machine.settle(policy, known, &mut sink);
        if self.data.len() - n > HELD_BYTES {
            return Err(Refused { what: What::TooLong, at: n });
        }
        self.machine.shift(n);
        self.data.drain(..n);
        self.base += n;
        self.n_checked = n_known - n;
        Ok(())
    }

    /// Check what came in; half a character at the end waits for its other half.
    fn check_utf8(&self, last: Last) -> Result<usize, Refused> {
        let fresh = &self.data[self.n_checked..];
        match std::str::from_utf8(fresh) {
            Ok(_) => Ok(self.data.len()),
            Err(error) if error.error_len().is_none() && last == Last::No => Ok(self.n_checked + error.valid_up_to()),
            Err(error) => Err(Refused { what: What::NotUtf8, at: self.n_checked + error.valid_up_to() }),
        }
    }
}
