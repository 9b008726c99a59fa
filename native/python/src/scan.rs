//! Scanning for Python: trees of decoded documents in, what may matter of them out; columns stay here until they are taken.

use std::collections::HashMap;

use pyo3::conversion::FromPyObjectOwned;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple, PyType};
use stanch_core::body::{self, Maps};
use stanch_core::column::{Column, KINDS, Kind};
use stanch_core::columns::Columns;
use stanch_core::detect::{Detector, FormRow, Tables};
use stanch_core::digest::{Characters, Digest};
use stanch_core::leaf::{Read, Reader};

const NONE: u32 = u32::MAX;
const MAX_DEPTH: usize = 2000;

/// Steps from a node, as `classify/place.py` numbers them.
#[derive(Clone, Copy)]
enum Step {
    Member = 0,
    Element = 1,
    Data = 2,
    Keys = 3,
    Json = 4,
    Base64 = 5,
    Jwt = 6,
}

impl Node {
    fn new(place: Py<PyTuple>, named: bool) -> Node {
        Node { members: HashMap::new(), others: [NONE; 7], named, place }
    }
}

struct Node {
    members: HashMap<Box<str>, u32>,
    others: [u32; 7],
    /// Its name says that its values may be personal.
    named: bool,
    /// Path, name, parents and path of the object around, as Python wrote them.
    place: Py<PyTuple>,
}

/// What Python knows of a document's types and names.
struct Known {
    /// (parent's place, step, name) to (place, whether its name says that its values may be personal).
    new_place: Py<PyAny>,
    /// A leaf of (path, name, parents, value, objects, path of the object around).
    new_leaf: Py<PyAny>,
    is_data_key: Py<PyAny>,
    /// Whether all keys of an object, given as pairs, are data; asked from `least_map` members on.
    is_map: Py<PyAny>,
    least_map: usize,
    length_of: Py<PyAny>,
    pairs: Py<PyType>,
    nested: Py<PyType>,
}

/// Reads documents into columns.
#[pyclass(module = "stanch_native")]
pub struct Scanner {
    reader: Reader,
    known: Known,
    nodes: Vec<Node>,
    columns: Columns,
}

enum State {
    Null,
    Empty,
    Value(Read, Option<(u64, Box<[u8]>)>),
}

struct Leaf {
    node: u32,
    state: State,
}

/// One document that was read and not counted yet.
#[pyclass(module = "stanch_native")]
pub struct Doc(Vec<Leaf>);

/// A value that may be personal: its place among the leaves, its pseudonym, and those of the addresses inside it.
type Personal = (usize, u64, Vec<u64>);
type ColumnRow = (u32, u32, (u64, u64, u64), Vec<(&'static str, u64)>, (usize, usize), Vec<(String, u64)>, Vec<u64>, Vec<(u64, String)>);
type FormTuple = (String, Vec<u8>, usize, usize, String, String, bool);
type CharacterTuple = (HashMap<char, String>, Vec<char>, Vec<char>);

struct Walk<'a, 'py> {
    py: Python<'py>,
    scanner: &'a mut Scanner,
    shape_bits: u64,
    leaves: Vec<Leaf>,
    shown: Vec<Bound<'py, PyAny>>,
    personal: Vec<Personal>,
    n_objects: usize,
}

fn unreadable() -> PyErr {
    PyValueError::new_err("a document that the kernel does not read")
}

fn bytes_of<T: FromIterator<Vec<u8>>>(texts: Vec<String>) -> T {
    texts.into_iter().map(String::into_bytes).collect()
}

fn member<'py, T>(tables: &Bound<'py, PyDict>, name: &str) -> PyResult<T>
where
    T: FromPyObjectOwned<'py>,
{
    tables.get_item(name)?.ok_or_else(|| PyValueError::new_err("a table is missing"))?.extract().map_err(Into::into)
}

fn tables(given: &Bound<'_, PyDict>) -> PyResult<Tables> {
    let forms: Vec<FormTuple> = member(given, "forms")?;
    let form = |(name, first, least, most, pattern, check, is_final)| FormRow { name, first, least, most, pattern, check, is_final };
    let no_pairs: Vec<String> = member(given, "no_pairs")?;
    Ok(Tables {
        forms: forms.into_iter().map(form).collect(),
        names: member(given, "names")?,
        roles: bytes_of(member(given, "roles")?),
        no_top: bytes_of(member(given, "no_top")?),
        particles: bytes_of(member(given, "particles")?),
        whole: member(given, "whole")?,
        no_pairs: no_pairs.into_iter().map(String::into_bytes).collect(),
        cards: member(given, "cards")?,
    })
}

fn reader(given: &Bound<'_, PyDict>, key: &[u8], kind: &str) -> PyResult<Reader> {
    let (folded, spaces, digits): CharacterTuple = member(given, "characters")?;
    let characters = Characters { folded, spaces: spaces.into_iter().collect(), digits: digits.into_iter().collect() };
    let detector = Detector::new(tables(given)?).ok_or_else(|| PyValueError::new_err("the tables of detection don't fit together"))?;
    Ok(Reader { detector, digest: Digest::new(key, kind, characters) })
}

#[pymethods]
impl Scanner {
    #[new]
    fn new(given: &Bound<'_, PyDict>, key: &[u8], kind: &str, known: &Bound<'_, PyDict>) -> PyResult<Scanner> {
        let (reader, root) = (reader(given, key, kind)?, member(known, "root")?);
        let known = Known {
            new_place: member(known, "new_place")?,
            new_leaf: member(known, "new_leaf")?,
            is_data_key: member(known, "is_data_key")?,
            is_map: member(known, "is_map")?,
            least_map: member(known, "least_map")?,
            length_of: member(known, "length_of")?,
            pairs: member(known, "pairs")?,
            nested: member(known, "nested")?,
        };
        Ok(Scanner { reader, known, nodes: vec![Node::new(root, false)], columns: Columns::default() })
    }

    /// Read a document's tree: the document to count, its leaves, and those of them that may be personal.
    ///
    /// Raises ValueError where the tree holds what the kernel does not read.
    #[allow(clippy::type_complexity, reason = "the three parts of one answer")]
    fn read<'py>(&mut self, py: Python<'py>, tree: &Bound<'py, PyAny>) -> PyResult<(Doc, Vec<Bound<'py, PyAny>>, Vec<Personal>)> {
        let shape_bits = self.shape_bits();
        let mut walk = Walk { py, scanner: self, shape_bits, leaves: Vec::new(), shown: Vec::new(), personal: Vec::new(), n_objects: 0 };
        walk.value(tree, 0, &PyTuple::empty(py), 0)?;
        Ok((Doc(walk.leaves), walk.shown, walk.personal))
    }

    /// Count a document's values into the columns of a root.
    fn count(&mut self, doc: &Doc, root: u32) {
        for leaf in &doc.0 {
            match &leaf.state {
                State::Null => self.columns.null(root, leaf.node),
                State::Empty => self.columns.empty(root, leaf.node),
                State::Value(read, code) => {
                    let code = code.as_ref().map(|(rank, text)| (*rank, text.as_ref()));
                    self.columns.value(root, leaf.node, &read.value(code));
                }
            }
        }
    }

    /// Hand all columns over and start anew.
    fn take(&mut self) -> Vec<ColumnRow> {
        rows(self.columns.take(), self.reader.detector.names())
    }

    /// Name what a text could be.
    fn candidates(&self, text: &str) -> Vec<String> {
        self.names_of(self.reader.detector.text(text.as_bytes()))
    }

    /// Name what a whole number could be, by its digits.
    fn number_candidates(&self, digits: &str) -> Vec<String> {
        self.names_of(self.reader.detector.whole_number(digits.as_bytes()))
    }

    /// Give the pseudonym of a text.
    fn digest(&self, text: &str) -> u64 {
        self.reader.digest.of(text.as_bytes())
    }
}

fn rows(columns: Vec<(u32, u32, Column)>, names: &[String]) -> Vec<ColumnRow> {
    columns
        .into_iter()
        .map(|(root, node, column)| {
            let types = KINDS.iter().copied().zip(column.types).filter(|(_, n)| *n > 0).collect();
            let found = names.iter().cloned().zip(column.found().iter().copied()).filter(|(_, n)| *n > 0).collect();
            let codes = column.codes().iter().map(|(digest, text)| (*digest, String::from_utf8_lossy(text).into_owned())).collect();
            let counts = (column.n_values, column.n_null, column.n_empty);
            (root, node, counts, types, (column.min_length, column.max_length), found, column.smallest(), codes)
        })
        .collect()
}

/// Scans the bytes of JSON bodies into columns, letting other threads run meanwhile.
#[pyclass(module = "stanch_native")]
pub struct Bodies(body::Bodies);

#[pymethods]
impl Bodies {
    #[new]
    fn new(given: &Bound<'_, PyDict>, key: &[u8], kind: &str, least_objects: usize, least_leaves: usize) -> PyResult<Bodies> {
        Ok(Bodies(body::Bodies::new(reader(given, key, kind)?, Maps { least_objects, least_leaves })))
    }

    /// Scan bodies, each into the columns of its root; gives the places of those that were not read.
    fn scan(&mut self, py: Python<'_>, bodies: Vec<Bound<'_, PyBytes>>, roots: Vec<u32>) -> PyResult<Vec<usize>> {
        if bodies.len() != roots.len() {
            return Err(PyValueError::new_err("as many roots as bodies"));
        }
        let work: Vec<(&[u8], u32)> = bodies.iter().map(|body| body.as_bytes()).zip(roots).collect();
        Ok(py.detach(|| work.into_iter().enumerate().filter(|(_, (body, root))| !self.0.scan(body, *root)).map(|(at, _)| at).collect()))
    }

    /// Give how each node was reached from another: that node, the step, the member's name; the first is the root.
    fn ways(&self) -> Vec<(u32, u8, String)> {
        self.0.ways.iter().map(|way| (way.parent, way.step, String::from_utf8_lossy(&way.name).into_owned())).collect()
    }

    /// Hand all columns over and start anew.
    fn take(&mut self) -> Vec<ColumnRow> {
        let columns = self.0.columns.take();
        rows(columns, self.0.reader().detector.names())
    }
}

impl Scanner {
    fn names_of(&self, found: u64) -> Vec<String> {
        self.reader.detector.names().iter().enumerate().filter(|(at, _)| found >> at & 1 == 1).map(|(_, name)| name.clone()).collect()
    }

    /// Bits that only describe.
    fn shape_bits(&self) -> u64 {
        self.reader.detector.names().iter().enumerate().filter(|(_, name)| name.starts_with("shape.")).fold(0, |all, (at, _)| all | 1 << at)
    }

    fn new_node(&mut self, py: Python<'_>, parent: u32, step: Step, name: &str) -> PyResult<u32> {
        let above = &self.nodes[parent as usize].place;
        let (place, named) = self.known.new_place.call1(py, (above, step as u8, name))?.extract(py)?;
        let number = self.nodes.len() as u32;
        self.nodes.push(Node::new(place, named));
        Ok(number)
    }

    fn step(&mut self, py: Python<'_>, parent: u32, step: Step) -> PyResult<u32> {
        let known = self.nodes[parent as usize].others[step as usize];
        if known != NONE {
            return Ok(known);
        }
        let number = self.new_node(py, parent, step, "")?;
        self.nodes[parent as usize].others[step as usize] = number;
        Ok(number)
    }

    /// Follow a member; nothing where its name is data.
    fn member(&mut self, py: Python<'_>, parent: u32, name: &str) -> PyResult<Option<u32>> {
        if let Some(known) = self.nodes[parent as usize].members.get(name) {
            return Ok(Some(*known));
        }
        if self.known.is_data_key.call1(py, (name,))?.extract(py)? {
            return Ok(None);
        }
        let number = self.new_node(py, parent, Step::Member, name)?;
        self.nodes[parent as usize].members.insert(name.into(), number);
        Ok(Some(number))
    }
}

impl<'py> Walk<'_, 'py> {
    fn value(&mut self, value: &Bound<'py, PyAny>, node: u32, objects: &Bound<'py, PyTuple>, depth: usize) -> PyResult<()> {
        if depth > MAX_DEPTH {
            return Err(unreadable());
        }
        if let Ok(text) = value.cast_exact::<PyString>() {
            let text = text.to_str().map_err(|_| unreadable())?;
            self.text(value, text, node, objects)?;
        } else if let Ok(members) = value.cast_exact::<PyDict>() {
            self.object(members.iter().collect(), node, objects, depth)?;
        } else if let Ok(elements) = value.cast_exact::<PyList>() {
            self.elements(elements.iter(), node, objects, depth)?;
        } else if value.is_none() {
            self.leaf(node, objects, State::Null, value)?;
        } else if value.cast_exact::<PyBool>().is_ok() || value.cast_exact::<PyInt>().is_ok() || value.cast_exact::<PyFloat>().is_ok() {
            self.plain(value, node, objects)?;
        } else if let Ok(bytes) = value.cast_exact::<PyBytes>() {
            self.opaque(value, bytes.as_bytes(), node, objects)?;
        } else if value.get_type().is(self.scanner.known.nested.bind(self.py)) {
            self.nested(value, node, objects, depth)?;
        } else if value.get_type().is(self.scanner.known.pairs.bind(self.py)) {
            let pairs: Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)> =
                value.cast::<PyTuple>()?.iter().map(|pair| pair.extract()).collect::<PyResult<_>>()?;
            self.object(pairs, node, objects, depth)?;
        } else if let Ok(elements) = value.cast_exact::<PyTuple>() {
            self.elements(elements.iter(), node, objects, depth)?;
        } else {
            return Err(unreadable());
        }
        Ok(())
    }

    fn elements(
        &mut self,
        elements: impl Iterator<Item = Bound<'py, PyAny>>,
        node: u32,
        objects: &Bound<'py, PyTuple>,
        depth: usize,
    ) -> PyResult<()> {
        let mut inside = NONE;
        for element in elements {
            if inside == NONE {
                inside = self.scanner.step(self.py, node, Step::Element)?;
            }
            self.value(&element, inside, objects, depth + 1)?;
        }
        Ok(())
    }

    fn object(
        &mut self,
        members: Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
        node: u32,
        objects: &Bound<'py, PyTuple>,
        depth: usize,
    ) -> PyResult<()> {
        self.n_objects += 1;
        let number = self.n_objects.into_pyobject(self.py)?.into_any();
        let objects = &PyTuple::new(self.py, objects.iter().chain([number]).collect::<Vec<_>>())?;
        let is_map = members.len() >= self.scanner.known.least_map && self.scanner.known.is_map.call1(self.py, (&members,))?.extract(self.py)?;
        let mut children = Vec::with_capacity(members.len());
        for (name, _) in &members {
            let name = name.cast_exact::<PyString>().map_err(|_| unreadable())?;
            let text = name.to_str().map_err(|_| unreadable())?;
            let known = if is_map { None } else { self.scanner.member(self.py, node, text)? };
            children.push(match known {
                Some(child) => child,
                None => {
                    let keys = self.scanner.step(self.py, node, Step::Keys)?;
                    self.text(name.as_any(), text, keys, objects)?;
                    self.scanner.step(self.py, node, Step::Data)?
                }
            });
        }
        for (child, (_, value)) in children.into_iter().zip(&members) {
            self.value(value, child, objects, depth + 1)?;
        }
        Ok(())
    }

    fn nested(&mut self, value: &Bound<'py, PyAny>, node: u32, objects: &Bound<'py, PyTuple>, depth: usize) -> PyResult<()> {
        let (text, kind, tree): (Bound<'py, PyAny>, String, Bound<'py, PyAny>) = value.extract()?;
        self.value(&text, node, objects, depth + 1)?;
        let step = match kind.as_str() {
            "json" => Step::Json,
            "base64" => Step::Base64,
            "jwt" => Step::Jwt,
            _ => return Err(unreadable()),
        };
        let inside = self.scanner.step(self.py, node, step)?;
        self.value(&tree, inside, objects, depth + 1)
    }

    fn text(&mut self, value: &Bound<'py, PyAny>, text: &str, node: u32, objects: &Bound<'py, PyTuple>) -> PyResult<()> {
        if text.is_empty() {
            return self.leaf(node, objects, State::Empty, value);
        }
        let read = self.scanner.reader.text(text.as_bytes());
        let personal = read.has_sign || read.found & !self.shape_bits != 0;
        self.read(node, objects, read, text.as_bytes(), value, personal)
    }

    fn plain(&mut self, value: &Bound<'py, PyAny>, node: u32, objects: &Bound<'py, PyTuple>) -> PyResult<()> {
        let kind = if value.is_instance_of::<PyBool>() {
            Kind::Bool
        } else if value.is_instance_of::<PyInt>() {
            Kind::Int
        } else {
            Kind::Float
        };
        let written = value.str()?;
        let text = written.to_str()?;
        let mut read = self.scanner.reader.plain(kind, text.as_bytes());
        if text.len() > 1000 {
            read.length = self.scanner.known.length_of.call1(self.py, (value,))?.extract(self.py)?;
        }
        let personal = kind == Kind::Int && read.found & !self.shape_bits != 0;
        self.read(node, objects, read, text.as_bytes(), value, personal)
    }

    fn opaque(&mut self, value: &Bound<'py, PyAny>, bytes: &[u8], node: u32, objects: &Bound<'py, PyTuple>) -> PyResult<()> {
        if bytes.is_empty() {
            return self.leaf(node, objects, State::Empty, value);
        }
        let written: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut read = self.scanner.reader.plain(Kind::Bytes, written.as_bytes());
        read.length = bytes.len();
        self.read(node, objects, read, &[], value, false)
    }

    fn read(&mut self, node: u32, objects: &Bound<'py, PyTuple>, read: Read, text: &[u8], value: &Bound<'py, PyAny>, personal: bool) -> PyResult<()> {
        if personal || self.scanner.nodes[node as usize].named {
            self.personal.push((self.leaves.len(), read.digest, read.inside.clone()));
        }
        let code = self.scanner.reader.code(&read, text).map(|(rank, text)| (rank, text.into()));
        self.leaf(node, objects, State::Value(read, code), value)
    }

    fn leaf(&mut self, node: u32, objects: &Bound<'py, PyTuple>, state: State, value: &Bound<'py, PyAny>) -> PyResult<()> {
        let place = self.scanner.nodes[node as usize].place.bind(self.py);
        let [path, name, parents, owner] = [0, 1, 2, 3].map(|at| place.get_borrowed_item(at));
        let leaf = (path?, name?, parents?, value, objects, owner?);
        self.shown.push(self.scanner.known.new_leaf.bind(self.py).call1((leaf,))?);
        self.leaves.push(Leaf { node, state });
        Ok(())
    }
}
