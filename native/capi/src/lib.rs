//! `libstanch`: the kernel's masking behind a plain C interface; `include/stanch.h` is its contract.
//!
//! The only `unsafe` of our own in the workspace: pointers that C hands in and takes back. Each use says what it relies on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use stanch_core::mask::{self, Counts, Refused};
use stanch_core::policy::Policy;
use stanch_core::stream::Stream;
use stanch_core::written;

const FAULT: i32 = 100;

/// Outcome of a call, as the header declares it.
#[repr(C)]
pub struct StanchResult {
    code: i32,
    data: *mut u8,
    n_bytes: usize,
    n_masked: usize,
    n_dropped: usize,
    at: usize,
}

/// A stream and the policy that it belongs to.
pub struct StanchStream {
    policy: *const Policy,
    stream: Stream,
}

fn failed(code: i32, at: usize) -> StanchResult {
    StanchResult { code, data: ptr::null_mut(), n_bytes: 0, n_masked: 0, n_dropped: 0, at }
}

fn given(out: Vec<u8>, counts: Counts) -> StanchResult {
    let n_bytes = out.len();
    let data = if n_bytes == 0 { ptr::null_mut() } else { Box::into_raw(out.into_boxed_slice()).cast::<u8>() };
    StanchResult { code: 0, data, n_bytes, n_masked: counts.n_masked, n_dropped: counts.n_dropped, at: 0 }
}

/// No panic crosses into C.
fn guarded(work: impl FnOnce() -> Result<StanchResult, Refused>) -> StanchResult {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(result)) => result,
        Ok(Err(refused)) => failed(refused.what as i32 + 1, refused.at),
        Err(_) => failed(FAULT, 0),
    }
}

/// # Safety
/// `data` points to `n_bytes` readable bytes that nobody writes during the call, or `n_bytes` is 0.
unsafe fn bytes<'a>(data: *const u8, n_bytes: usize) -> &'a [u8] {
    if data.is_null() || n_bytes == 0 {
        return &[];
    }
    // SAFETY: the caller vouches for the pointer and the length, as the header asks.
    unsafe { std::slice::from_raw_parts(data, n_bytes) }
}

/// The version that the header names.
#[unsafe(no_mangle)]
pub extern "C" fn stanch_abi_version() -> u32 {
    1
}

/// Read the compiled masks of one route.
///
/// # Safety
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn stanch_policy_new(text: *const u8, n_bytes: usize) -> *mut Policy {
    // SAFETY: as the header asks of the caller.
    let text = unsafe { bytes(text, n_bytes) };
    let policy = catch_unwind(|| written::read(text)).ok().flatten();
    policy.map_or(ptr::null_mut(), |policy| Box::into_raw(Box::new(policy)))
}

/// Give a policy back.
///
/// # Safety
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn stanch_policy_free(policy: *mut Policy) {
    if !policy.is_null() {
        // SAFETY: the pointer came from `stanch_policy_new` and is given back once.
        drop(unsafe { Box::from_raw(policy) });
    }
}

/// Mask one whole body.
///
/// # Safety
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn stanch_mask(policy: *const Policy, body: *const u8, n_bytes: usize) -> StanchResult {
    // SAFETY: the pointer came from `stanch_policy_new` and was not given back yet, or is NULL.
    let Some(policy) = (unsafe { policy.as_ref() }) else { return failed(FAULT, 0) };
    // SAFETY: as the header asks of the caller.
    let body = unsafe { bytes(body, n_bytes) };
    guarded(|| mask::mask(policy, body).map(|masked| given(masked.body(body), masked.counts)))
}

/// Start masking in chunks.
///
/// # Safety
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn stanch_stream_new(policy: *const Policy) -> *mut StanchStream {
    if policy.is_null() { ptr::null_mut() } else { Box::into_raw(Box::new(StanchStream { policy, stream: Stream::new() })) }
}

/// Take a chunk.
///
/// # Safety
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn stanch_stream_feed(stream: *mut StanchStream, chunk: *const u8, n_bytes: usize) -> StanchResult {
    // SAFETY: as the header asks of the caller.
    let chunk = unsafe { bytes(chunk, n_bytes) };
    // SAFETY: the stream came from `stanch_stream_new`, is used by this thread alone, and its policy outlives it.
    unsafe { on(stream, |stream, policy, out| stream.feed(policy, chunk, out).map(|()| Counts::default())) }
}

/// End the body.
///
/// # Safety
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn stanch_stream_finish(stream: *mut StanchStream) -> StanchResult {
    // SAFETY: the stream came from `stanch_stream_new`, is used by this thread alone, and its policy outlives it.
    unsafe { on(stream, Stream::finish) }
}

/// # Safety
/// The stream came from `stanch_stream_new`, is used by this thread alone, and its policy outlives it; or it is NULL.
unsafe fn on(stream: *mut StanchStream, work: impl FnOnce(&mut Stream, &Policy, &mut Vec<u8>) -> Result<Counts, Refused>) -> StanchResult {
    // SAFETY: see above.
    let Some(stream) = (unsafe { stream.as_mut() }) else { return failed(FAULT, 0) };
    // SAFETY: see above.
    let Some(policy) = (unsafe { stream.policy.as_ref() }) else { return failed(FAULT, 0) };
    let mut out = Vec::new();
    guarded(|| work(&mut stream.stream, policy, &mut out).map(|counts| given(out, counts)))
}

/// Give a stream back.
///
/// # Safety
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn stanch_stream_free(stream: *mut StanchStream) {
    if !stream.is_null() {
        // SAFETY: the pointer came from `stanch_stream_new` and is given back once.
        drop(unsafe { Box::from_raw(stream) });
    }
}

/// Give a result's data back.
///
/// # Safety
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn stanch_free(result: StanchResult) {
    if !result.data.is_null() {
        // SAFETY: data and length came from `given`, which made them of a boxed slice, and are given back once.
        drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(result.data, result.n_bytes)) });
    }
}
