//! Masking for Python: a compiled policy, one call a body or one a chunk.

use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyType};
use stanch_core::mask::{self, Counts};
use stanch_core::policy::{self, Action, NOWHERE, Node};
use stanch_core::stream;

/// Smallest body for which other threads get to run: letting go of the interpreter costs more than a small body takes.
const WORTH_LETTING_GO: usize = 16 * 1024;

type NodeRow = (Option<String>, Vec<(Vec<u8>, u32)>, Option<u32>, Option<u32>, Option<u32>);

/// The paths and masks of one route, compiled. May be used by several threads at once.
#[pyclass(frozen, module = "stanch_native")]
pub struct Policy {
    inner: Arc<policy::Policy>,
    /// Called with what is wrong and the byte position where a body is refused.
    error: Py<PyType>,
}

/// What masking a body gave.
#[pyclass(frozen, get_all, module = "stanch_native")]
pub struct Masked {
    body: Py<PyBytes>,
    n_masked: usize,
    n_dropped: usize,
}

fn compiled(row: NodeRow) -> PyResult<Node> {
    let (action, members, element, any_member, in_string) = row;
    let action = match action {
        None => Action::Keep,
        Some(name) => Action::named(&name).ok_or_else(|| PyValueError::new_err("a mask that the kernel does not know"))?,
    };
    let members = members.into_iter().map(|(name, node)| (name.into_boxed_slice(), node)).collect();
    Ok(Node::new(action, members, element.unwrap_or(NOWHERE), any_member.unwrap_or(NOWHERE), in_string.unwrap_or(NOWHERE)))
}

fn refusal(error: &Bound<'_, PyType>, refused: mask::Refused) -> PyErr {
    PyErr::from_type(error.clone(), (refused.what.says(), refused.at))
}

fn without_interpreter<T: Send>(py: Python<'_>, n_bytes: usize, work: impl FnOnce() -> T + Send) -> T {
    if n_bytes >= WORTH_LETTING_GO { py.detach(work) } else { work() }
}

#[pymethods]
impl Policy {
    #[new]
    fn new(nodes: Vec<NodeRow>, key: &[u8], error: Py<PyType>) -> PyResult<Policy> {
        let nodes = nodes.into_iter().map(compiled).collect::<PyResult<Vec<_>>>()?;
        let policy = policy::Policy::new(nodes, key).ok_or_else(|| PyValueError::new_err("the nodes of a policy form no tree"))?;
        Ok(Policy { inner: Arc::new(policy), error })
    }

    /// Mask one body; the result holds the same object where nothing changed.
    fn mask(&self, py: Python<'_>, body: &Bound<'_, PyBytes>) -> PyResult<Masked> {
        let bytes = body.as_bytes();
        let masked =
            without_interpreter(py, bytes.len(), || mask::mask(&self.inner, bytes)).map_err(|refused| refusal(self.error.bind(py), refused))?;
        let Counts { n_masked, n_dropped } = masked.counts;
        let body = if n_masked + n_dropped == 0 { body.clone() } else { put_together(py, &masked, bytes)? };
        Ok(Masked { body: body.unbind(), n_masked, n_dropped })
    }

    /// Start masking a body that comes in chunks.
    fn stream(&self, py: Python<'_>) -> Stream {
        Stream { policy: Arc::clone(&self.inner), state: Mutex::new(stream::Stream::new()), error: self.error.clone_ref(py) }
    }
}

fn put_together<'py>(py: Python<'py>, masked: &mask::Masked, body: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
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
    error: Py<PyType>,
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
        self.with(py, chunk.len(), |state, policy| state.feed(policy, chunk, &mut out)).map_err(|refused| refusal(self.error.bind(py), refused))?;
        Ok(PyBytes::new(py, &out))
    }

    /// End the body: the rest of it, values masked, members and elements dropped.
    fn finish(&self, py: Python<'_>) -> PyResult<Masked> {
        let mut out = Vec::new();
        let counts = self.with(py, 0, |state, policy| state.finish(policy, &mut out)).map_err(|refused| refusal(self.error.bind(py), refused))?;
        Ok(Masked { body: PyBytes::new(py, &out).unbind(), n_masked: counts.n_masked, n_dropped: counts.n_dropped })
    }
}
