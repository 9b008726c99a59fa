//! All columns of a scan, by root (an endpoint, a status, a position) and node (a path).

use crate::column::{Column, Value};

/// Columns by root and node.
#[derive(Default)]
pub struct Columns {
    places: Vec<Vec<u32>>,
    columns: Vec<(u32, u32, Column)>,
}

const NONE: u32 = u32::MAX;

impl Columns {
    fn at(&mut self, root: u32, node: u32) -> &mut Column {
        let (r, n) = (root as usize, node as usize);
        if self.places.len() <= r {
            self.places.resize_with(r + 1, Vec::new);
        }
        let places = &mut self.places[r];
        if places.len() <= n {
            places.resize(n + 1, NONE);
        }
        if places[n] == NONE {
            places[n] = self.columns.len() as u32;
            self.columns.push((root, node, Column::default()));
        }
        &mut self.columns[places[n] as usize].2
    }

    /// Count a null.
    pub fn null(&mut self, root: u32, node: u32) {
        self.at(root, node).n_null += 1;
    }

    /// Count an empty text.
    pub fn empty(&mut self, root: u32, node: u32) {
        self.at(root, node).n_empty += 1;
    }

    /// Take a value.
    pub fn value(&mut self, root: u32, node: u32, value: &Value<'_>) {
        self.at(root, node).add(value);
    }

    /// Hand all columns over and start anew.
    pub fn take(&mut self) -> Vec<(u32, u32, Column)> {
        self.places.clear();
        std::mem::take(&mut self.columns)
    }
}
