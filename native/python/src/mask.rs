//! Masking for Python: a compiled policy, one call a body or one a chunk.

use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use stanch_core::mask::{self, Counts, Masked};
use stanch_core::policy::{self, Action, NOWHERE, Node};
use stanch_core::stream;

use crate::Refused;

/// Smallest body for which other threads get to run: letting go of the interpreter costs more than a small body takes.
const WORTH_LETTING_GO: usize = 16 * 1024;

type NodeRow = (Option<String>, Vec<(Vec<u8>, u32)>, Option<u32>, Option<u32>, Option<u32>);

/// The paths and masks of one route, compiled. May be used by several threads at once.
#[pyclass(frozen, module = "stanch_native")]
pub struct Policy(Arc<policy::Policy>);

fn compiled(row: NodeRow) -> PyResult<Node> {
    let (action, members, element, any_member, in_string) = row;
    let action = match action {
        None => Action::Keep,
        Some(name) => Action::named(&name).ok_or_else(|| PyValueError::new_err("a mask that the kernel does not know"))?,
    };
    let members = members.into_iter().map(|(name, node)| (name.into_boxed_slice(), node)).collect();
    Ok(Node::new(action, members, element.unwrap_or(NOWHERE), any_member.unwrap_or(NOWHERE), in_string.unwrap_or(NOWHERE)))
}

fn refusal(refused: mask::Refused) -> PyErr {
    Refused::new_err((refused.what.says(), refused.at))
}

fn without_interpreter<T: Send>(py: Python<'_>, n_bytes: usize, work: impl FnOnce() -> T + Send) -> T {
    if n_bytes >= WORTH_LETTING_GO { py.detach(work) } else { work() }
}

#[pymethods]
impl Policy {
    #[new]
    fn new(nodes: Vec<NodeRow>, key: &[u8]) -> PyResult<Policy> {
        let nodes = nodes.into_iter().map(compiled).collect::<PyResult<Vec<_>>>()?;
        let policy = policy::Policy::new(nodes, key).ok_or_else(|| PyValueError::new_err("the nodes of a policy form no tree"))?;
        Ok(Policy(Arc::new(policy)))
    }

    /// Mask one body: the result (the same object where nothing changed), values masked, members and elements dropped.
    fn mask<'py>(&self, py: Python<'py>, body: &Bound<'py, PyBytes>) -> PyResult<(Bound<'py, PyBytes>, usize, usize)> {
        let bytes = body.as_bytes();
        let masked = without_interpreter(py, bytes.len(), || mask::mask(&self.0, bytes)).map_err(refusal)?;
        let Counts { n_masked, n_dropped } = masked.counts;
        let result = if n_masked + n_dropped == 0 { body.clone() } else { put_together(py, &masked, bytes)? };
        Ok((result, n_masked, n_dropped))
    }

    /// Start masking a body that comes in chunks.
    fn stream(&self) -> Stream {
        Stream { policy: Arc::clone(&self.0), state: Mutex::new(stream::Stream::new()) }
    }
}

fn put_together<'py>(py: Python<'py>, masked: &Masked, body: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::new_with(py, masked.n_bytes(), |out| {
        let mut at = 0;
        for part in masked.parts(body) {
            out[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        }
        Ok(())
    })
}

/// One body on its way through in chunks.
#[pyclass(frozen, module = "stanch_native")]
pub struct Stream {
    policy: Arc<policy::Policy>,
    state: Mutex<stream::Stream>,
}

impl Stream {
    fn with<T: Send>(&self, py: Python<'_>, n_bytes: usize, work: impl FnOnce(&mut stream::Stream, &policy::Policy) -> T + Send) -> T {
        without_interpreter(py, n_bytes, || work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner), &self.policy))
    }
}

#[pymethods]
impl Stream {
    /// Take a chunk; give what is decided.
    fn feed<'py>(&self, py: Python<'py>, chunk: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        let mut out = Vec::with_capacity(chunk.len() + 64);
        self.with(py, chunk.len(), |state, policy| state.feed(policy, chunk, &mut out)).map_err(refusal)?;
        Ok(PyBytes::new(py, &out))
    }

    /// End the body: the rest of it, values masked, members and elements dropped.
    fn finish<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyBytes>, usize, usize)> {
        let mut out = Vec::new();
        let counts = self.with(py, 0, |state, policy| state.finish(policy, &mut out)).map_err(refusal)?;
        Ok((PyBytes::new(py, &out), counts.n_masked, counts.n_dropped))
    }
}
