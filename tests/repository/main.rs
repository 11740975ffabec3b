//! What the repository itself must hold: an up-to-date contract.

mod contract;
