//! What comes in a body: JSON and forms, merge patches, files.

mod encoding;
pub mod input;
pub mod patch;
pub mod upload;
