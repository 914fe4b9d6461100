//! The Ansdev API for tests.
