//! `ESLint` refuses what ARCHITECTURE.md rules out: arrows between the folders of `js/src`, and errors recognised by their
//! class.

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::Value;

const ARROWS: &str = "import-x/no-restricted-paths";
const SHAPE: &str = "no-restricted-syntax";

/// The lines of `source`, in place of the file at `path`, that a rule refuses.
fn refused(rule: &str, path: &str, source: &str) -> Vec<u64> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
    assert!(root.join(path).exists(), "{path}: its rules depend on its path, and its types on its being there");
    let mut eslint = Command::new(root.join("node_modules/.bin/eslint"))
        .args(["--format=json", "--stdin", "--stdin-filename", path])
        .current_dir(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    eslint.stdin.take().unwrap().write_all(source.as_bytes()).unwrap();
    let output = eslint.wait_with_output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let messages = report[0]["messages"].as_array().unwrap().iter();
    let refusals = messages.filter(|message| message["ruleId"] == rule);
    refusals.map(|message| message["line"].as_u64().unwrap()).collect()
}

#[test]
fn the_client_knows_neither_element_nor_adapters_nor_react() {
    let source = r#"export { AnsdevError } from "../protocol/errors.js";
export { delay } from "../platform/delay.js";
export type { Dispatcher } from "../worker/dispatcher.js";
export { Session } from "./session.js";
export { AnsdevVideoElement } from "../element/video-element.js";
export { hlsConfig } from "../adapters/hls.js";
export { useAnsdevClient } from "../react/client.js";
export const lazy = async () => import("../player/player-element.js");
export type { Names } from "../entries/types.js";
"#;
    assert_eq!(refused(ARROWS, "js/src/client/activity.ts", source), [5, 6, 7, 8, 9]);
}

#[test]
fn nothing_lies_below_the_platform_and_the_worker_knows_no_page() {
    let source = r#"export { AnsdevError } from "../protocol/errors.js";
export { delay } from "./delay.js";
"#;
    assert_eq!(refused(ARROWS, "js/src/platform/natives.ts", source), [1]);
    let source = r#"export { Client } from "../client/client.js";
export { CALLS } from "../protocol/calls.js";
"#;
    assert_eq!(refused(ARROWS, "js/src/worker/main.ts", source), [1]);
}

#[test]
fn no_error_is_recognised_by_its_class() {
    let source = r#"import { AnsdevError } from "../protocol/errors.js";
export const isOurs = (error: unknown): boolean => error instanceof AnsdevError;
export const isTheirs = (error: unknown, of: { AnsdevError: typeof AnsdevError }): boolean => error instanceof of.AnsdevError;
export const isOther = (error: unknown): boolean => error instanceof TypeError;
"#;
    assert_eq!(refused(SHAPE, "js/src/client/activity.ts", source), [2, 3]);
    assert_eq!(refused(SHAPE, "js/src/protocol/errors.ts", source), [0_u64; 0]);
}
