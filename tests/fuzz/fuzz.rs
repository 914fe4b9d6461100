//! Fuzz targets. Each takes bytes, tries what they say, and asserts what must hold for every input.
//!
//! As ordinary tests they try the inputs in `__fuzz__/<target>` and then random ones for a moment; a failure prints
//! the input, shrunk, and a seed. `cargo xtask fuzz <target>` lets libFuzzer look for inputs that reach more code.
//! What crosses from the page to the Worker is fuzzed in a browser: `tests/browser/specs/fuzz`.

mod envelope;
mod key;
mod mock;
mod near_miss;
mod playlist;
mod quota;
mod session;
