//! The kernel as a Python extension: plain bytes and numbers in, plain bytes and numbers out.

mod head;
mod mask;
mod scan;

use pyo3::prelude::*;

/// What Python may expect of this module: raised whenever a call, its answer or its meaning changes, here and in `stanch/kernel.py`.
const INTERFACE: u32 = 2;

/// The kernel of stanch; `stanch.kernel` decides whether it runs.
#[pymodule]
fn stanch_native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("INTERFACE", INTERFACE)?;
    module.add("HELD_BYTES", stanch_core::stream::HELD_BYTES)?;
    module.add_class::<head::Head>()?;
    module.add_function(wrap_pyfunction!(head::request_head, module)?)?;
    module.add_function(wrap_pyfunction!(head::response_head, module)?)?;
    module.add_class::<mask::Masked>()?;
    module.add_class::<mask::Policy>()?;
    module.add_class::<scan::Bodies>()?;
    module.add_class::<scan::Doc>()?;
    module.add_class::<scan::Scanner>()?;
    module.add_class::<mask::Stream>()
}
