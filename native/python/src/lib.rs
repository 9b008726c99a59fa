//! The kernel as a Python extension: plain bytes and numbers in, plain bytes and numbers out.

mod mask;

use pyo3::prelude::*;

pyo3::create_exception!(
    stanch_native,
    Refused,
    pyo3::exceptions::PyValueError,
    "A body that can't be masked with certainty: what is wrong, and at which byte."
);

/// The kernel of stanch; `stanch.kernel` decides whether it runs.
#[pymodule]
fn stanch_native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("Refused", module.py().get_type::<Refused>())?;
    module.add("HELD_BYTES", stanch_core::stream::HELD_BYTES)?;
    module.add_class::<mask::Policy>()?;
    module.add_class::<mask::Stream>()
}
