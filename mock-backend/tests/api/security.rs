//! SECURITY.md names tests of the mock by module and name: each is there.

use std::fs;
use std::path::Path;

/// Whether a test of this path stands where the path says: in a file of these tests, or among the sources.
fn is_there(test: &str) -> bool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (module, name) = test.rsplit_once("::").unwrap();
    let file = match module.strip_suffix("::tests") {
        Some(module) => root.join("src").join(module.replace("::", "/")).with_extension("rs"),
        None => root.join("tests/api").join(module).with_extension("rs"),
    };
    fs::read_to_string(&file).is_ok_and(|source| source.contains(&format!("fn {name}()")))
}

#[test]
fn every_test_that_is_named_is_there() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../SECURITY.md")).unwrap();
    let (_, section) = page.split_once("\n## The mock on your machine\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let named: Vec<_> = section.split('`').skip(1).step_by(2).filter(|code| code.contains("::")).collect();
    assert!(named.len() > 10, "{named:?}");
    let missing: Vec<_> = named.into_iter().filter(|test| !is_there(test)).collect();
    assert_eq!(missing, [""; 0]);
}
