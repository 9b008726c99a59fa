//! Heads of HTTP/1.1 messages for Python: one call a message.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use stanch_core::head::{self, Framing};

/// The head of one message.
#[pyclass(frozen, get_all, module = "stanch_native")]
pub struct Head {
    /// Empty for a response.
    method: Py<PyString>,
    /// The target as it stands; the reason for a response.
    target: Py<PyString>,
    /// Nought for a request.
    status: u16,
    minor: u8,
    /// (name in lower case, value) in order.
    headers: Py<PyTuple>,
    /// Length of the head.
    n_bytes: usize,
    /// Length of the body where one is said.
    content_length: Option<u64>,
    chunked: bool,
    keep_alive: bool,
}

/// Header values are bytes; each becomes the character of its number.
fn latin1<'py>(py: Python<'py>, value: &[u8]) -> Bound<'py, PyString> {
    match std::str::from_utf8(value) {
        Ok(text) if text.is_ascii() => PyString::new(py, text),
        _ => PyString::new(py, &value.iter().map(|byte| char::from(*byte)).collect::<String>()),
    }
}

fn lower<'py>(py: Python<'py>, name: &str) -> Bound<'py, PyString> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) { PyString::new(py, &name.to_ascii_lowercase()) } else { PyString::new(py, name) }
}

fn given(py: Python<'_>, read: Result<Option<head::Head<'_>>, &'static str>) -> PyResult<Option<Head>> {
    let Some(head) = read.map_err(PyValueError::new_err)? else { return Ok(None) };
    let pairs = head.fields.iter().map(|(name, value)| PyTuple::new(py, [lower(py, name), latin1(py, value)])).collect::<PyResult<Vec<_>>>()?;
    Ok(Some(Head {
        method: PyString::new(py, head.line.0).unbind(),
        target: PyString::new(py, head.line.1).unbind(),
        status: head.status,
        minor: head.minor,
        headers: PyTuple::new(py, pairs)?.unbind(),
        n_bytes: head.n_bytes,
        content_length: if let Framing::Length(n) = head.framing { Some(n) } else { None },
        chunked: head.framing == Framing::Chunked,
        keep_alive: head.keep_alive,
    }))
}

/// Read the head of a request at the start of the data; `None` while it is not there in full. Raises ValueError, without content.
#[pyfunction]
pub fn request_head(py: Python<'_>, data: &[u8]) -> PyResult<Option<Head>> {
    given(py, head::request(data))
}

/// Read the head of a response at the start of the data; `None` while it is not there in full. Raises ValueError, without content.
#[pyfunction]
pub fn response_head(py: Python<'_>, data: &[u8]) -> PyResult<Option<Head>> {
    given(py, head::response(data))
}
