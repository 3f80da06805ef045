//! The structure of an index and its data: units, indicators, the aggregates above them, denominators and groups. The shape is `COINr`'s
//! (iData, iMeta), already read.

use std::collections::BTreeSet;

use super::Table;
use super::error::IndexError;
use super::normalise::Direction;

/// Values larger than this are refused: their powers would overflow.
pub const LARGEST: f64 = 1e150;

/// One indicator: a column of the data, at level 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// Code, unique among indicators and aggregates.
    pub code: String,
    /// The aggregate at level 2 that it belongs to; `None` only in an index without aggregates.
    pub parent: Option<String>,
    /// Which way it points.
    pub direction: Direction,
    /// Weight among its siblings, at least 0.
    pub weight: f64,
    /// Denominator it is divided by, if any.
    pub denominator: Option<String>,
    /// Target in its own unit, for distances to a target.
    pub target: Option<f64>,
}

/// An aggregate: a pillar, a sub-index or the index, at level 2 or higher.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// Code, unique among indicators and aggregates.
    pub code: String,
    /// Level, 2 or higher.
    pub level: usize,
    /// The aggregate one level above; `None` at the top.
    pub parent: Option<String>,
    /// Weight among its siblings, at least 0.
    pub weight: f64,
}

/// A named column that indicators can be divided by.
#[derive(Clone, Debug, PartialEq)]
pub struct Denominator {
    /// Code.
    pub code: String,
    /// One value per unit, NaN = missing.
    pub values: Vec<f64>,
}

/// A grouping of the units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouping {
    /// Code.
    pub code: String,
    /// The group of each unit; `None` = in none.
    pub of: Vec<Option<String>>,
}

/// What an index is made from.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexInput {
    /// Unit codes, in the order of the rows.
    pub units: Vec<String>,
    /// Indicators, in the order of the columns.
    pub indicators: Vec<Indicator>,
    /// Units × indicators in the indicators' own units, NaN = missing.
    pub values: Table,
    /// Aggregates, in the order in which their columns are to come within each level.
    pub aggregates: Vec<Aggregate>,
    /// Columns to divide by.
    pub denominators: Vec<Denominator>,
    /// Groupings of the units.
    pub groups: Vec<Grouping>,
}

/// An aggregate and the columns it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Column of the aggregate.
    pub column: usize,
    /// Level, 2 or higher.
    pub level: usize,
    /// Columns of its children.
    pub children: Vec<usize>,
}

/// The tree over columns: indicators first (0…), then aggregates by level.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// Code of each column.
    pub codes: Vec<String>,
    /// Level of each column.
    pub levels: Vec<usize>,
    /// Given weight of each column among its siblings.
    pub weights: Vec<f64>,
    /// Parent column of each column.
    pub parents: Vec<Option<usize>>,
    /// Aggregates, lower levels first.
    pub nodes: Vec<Node>,
    /// Number of indicators.
    pub indicators: usize,
}

impl Tree {
    /// The highest level.
    pub fn top(&self) -> usize {
        self.levels.iter().copied().max().unwrap_or(1)
    }

    /// Columns at `level`.
    pub fn at_level(&self, level: usize) -> Vec<usize> {
        (0..self.codes.len()).filter(|column| self.levels[*column] == level).collect()
    }

    /// Column of a code.
    pub fn column(&self, code: &str) -> Option<usize> {
        self.codes.iter().position(|other| other == code)
    }

    /// The ancestor of `column` at `level`.
    pub fn ancestor(&self, column: usize, level: usize) -> Option<usize> {
        let mut at = column;
        while self.levels[at] < level {
            at = self.parents[at]?;
        }
        (self.levels[at] == level).then_some(at)
    }

    /// The column whose scores make the ranking: the only one at the top level, or the first of several.
    pub fn index_column(&self) -> usize {
        self.nodes.last().map_or(0, |last| {
            let top = last.level;
            self.nodes.iter().find(|node| node.level == top).map_or(0, |node| node.column)
        })
    }
}

impl IndexInput {
    /// Checks data and structure, and gives the tree.
    ///
    /// # Errors
    /// What is wrong, with the codes concerned.
    pub fn tree(&self) -> Result<Tree, IndexError> {
        self.check_values()?;
        let mut order: Vec<&Aggregate> = self.aggregates.iter().collect();
        order.sort_by_key(|aggregate| aggregate.level);
        let indicators = self.indicators.len();
        let mut tree = Tree { codes: Vec::new(), levels: Vec::new(), weights: Vec::new(), parents: Vec::new(), nodes: Vec::new(), indicators };
        let mut parent_codes = Vec::new();
        for indicator in &self.indicators {
            tree.codes.push(indicator.code.clone());
            tree.levels.push(1);
            tree.weights.push(indicator.weight);
            parent_codes.push(indicator.parent.as_ref());
        }
        for aggregate in &order {
            tree.codes.push(aggregate.code.clone());
            tree.levels.push(aggregate.level);
            tree.weights.push(aggregate.weight);
            parent_codes.push(aggregate.parent.as_ref());
        }
        unique("element", tree.codes.iter())?;
        check_weights(&tree.codes, &tree.weights)?;
        let top = tree.top();
        for (column, parent) in parent_codes.iter().enumerate() {
            tree.parents.push(self.parent_column(&tree, column, *parent, top)?);
        }
        for column in indicators..tree.codes.len() {
            if tree.levels[column] < 2 {
                return Err(IndexError::Structure { code: tree.codes[column].clone(), problem: "is an aggregate at level 1 or lower" });
            }
            let children: Vec<usize> = (0..tree.codes.len()).filter(|child| tree.parents[*child] == Some(column)).collect();
            if children.is_empty() {
                return Err(IndexError::Structure { code: tree.codes[column].clone(), problem: "has no children" });
            }
            tree.nodes.push(Node { column, level: tree.levels[column], children });
        }
        Ok(tree)
    }

    fn parent_column(&self, tree: &Tree, column: usize, parent: Option<&String>, top: usize) -> Result<Option<usize>, IndexError> {
        let (code, level) = (&tree.codes[column], tree.levels[column]);
        let Some(parent) = parent else {
            return if level == top { Ok(None) } else { Err(IndexError::Structure { code: code.clone(), problem: "has no parent" }) };
        };
        let Some(at) = tree.column(parent).filter(|at| *at >= self.indicators.len()) else {
            return Err(IndexError::Unknown {
                from: code.clone(),
                what: "the parent",
                code: parent.clone(),
                known: self.aggregates.iter().map(|aggregate| aggregate.code.clone()).collect(),
            });
        };
        if tree.levels[at] != level + 1 {
            return Err(IndexError::Level { code: code.clone(), level, parent: parent.clone(), parent_level: tree.levels[at] });
        }
        Ok(Some(at))
    }

    fn check_values(&self) -> Result<(), IndexError> {
        if self.units.is_empty() {
            return Err(IndexError::Empty { what: "units" });
        }
        if self.indicators.is_empty() {
            return Err(IndexError::Empty { what: "indicators" });
        }
        unique("unit", self.units.iter())?;
        unique("denominator", self.denominators.iter().map(|denominator| &denominator.code))?;
        unique("grouping", self.groups.iter().map(|grouping| &grouping.code))?;
        let (rows, columns) = (self.units.len(), self.indicators.len());
        if self.values.rows != rows || self.values.columns != columns || self.values.values.len() != rows * columns {
            return Err(IndexError::Size { what: "the data table".into(), wanted: rows * columns, found: self.values.values.len() });
        }
        let size = |what: &str, found: usize| {
            if found == rows { Ok(()) } else { Err(IndexError::Size { what: format!("`{what}`"), wanted: rows, found }) }
        };
        for denominator in &self.denominators {
            size(&denominator.code, denominator.values.len())?;
        }
        for grouping in &self.groups {
            size(&grouping.code, grouping.of.len())?;
        }
        for (row, unit) in self.units.iter().enumerate() {
            let values = self.indicators.iter().zip(self.values.row(row)).map(|(meta, value)| (&meta.code, *value));
            let others = self.denominators.iter().map(|denominator| (&denominator.code, denominator.values[row]));
            for (code, value) in values.chain(others) {
                if value.abs() > LARGEST {
                    return Err(IndexError::NotFinite { unit: unit.clone(), indicator: code.clone(), value: format!("{value:e}") });
                }
            }
        }
        Ok(())
    }
}

/// Whether all codes differ.
fn unique<'a>(what: &'static str, codes: impl Iterator<Item = &'a String>) -> Result<(), IndexError> {
    let mut seen = BTreeSet::new();
    for code in codes {
        if !seen.insert(code) {
            return Err(IndexError::Duplicate { what, code: code.clone() });
        }
    }
    Ok(())
}

/// Given weights must be finite and at least 0.
pub(crate) fn check_weights(codes: &[String], weights: &[f64]) -> Result<(), IndexError> {
    for (code, weight) in codes.iter().zip(weights) {
        if !(weight.is_finite() && *weight >= 0.0) {
            return Err(IndexError::Weight { code: code.clone(), value: weight.to_string() });
        }
    }
    Ok(())
}
