//! What a request may cost is bounded before it is spent, and whoever asks for more is told so.

mod codings;
