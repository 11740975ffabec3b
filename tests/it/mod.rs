//! What the API does, laid out as its URLs.

mod follow_ups;
