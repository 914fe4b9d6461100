//! What is left of panics in the WebAssembly that is shipped: the trap.
//!
//! On `wasm32-unknown-unknown` a panic formats a message, writes it to a standard error that does not exist, and
//! traps. The message reaches nobody, and the code for it is a tenth of the module as brotli sees it. Here the
//! functions that begin a panic become the trap, and so do those that format, which nothing but panics may call; and
//! the places in the sources that panics would name are erased. An option of rustc's for all this (`-Zbuild-std` with
//! `panic=immediate-abort`) needs a nightly toolchain.

use std::{collections::BTreeSet, ops::Range, path::Path};

use anyhow::{Context, Result, bail, ensure};
use walrus::{
    ConstExpr, Data, DataKind, FunctionBuilder, FunctionId, FunctionKind, LocalFunction, Module,
    ir::{Value, Visitor, dfs_in_order},
    passes::gc,
};

/// Functions of the standard library that never return, or run only in a panic. `std::panicking` as a whole is not
/// among them: it also has what catches panics.
const PANICS: [&str; 18] = [
    "__rustc::rust_begin_unwind",
    "__rustc::__rust_start_panic",
    "__rustc::rust_panic",
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "core::cell::panic_",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::panicking::",
    "core::result::unwrap_failed",
    "core::slice::index::slice_index_fail",
    "core::str::slice_error_fail",
    "std::alloc::default_alloc_error_hook",
    "std::panicking::begin_panic",
    "std::panicking::panic_handler",
    "std::panicking::panic_with_hook",
    "std::sys::backtrace::__rust_end_short_backtrace",
];

/// Formats values: `core::fmt` itself, and what implements its traits.
const FORMATTING: [&str; 2] = ["core::fmt::", "alloc::fmt::"];

/// Bytes of a `core::panic::Location`: address and length of the file's name, line and column.
const LOCATION: usize = 16;

/// Turns panics in the module into traps, in place. Its functions must still have their names.
///
/// # Errors
/// Where a function that is no part of a panic calls one that formats: it would trap.
pub(super) fn trap(file: &Path) -> Result<()> {
    let mut module = Module::from_file(file).with_context(|| format!("reading {}", file.display()))?;
    trap_panics(&mut module)?;
    erase_locations(&mut module);
    module.emit_wasm_file(file)
}

fn trap_panics(module: &mut Module) -> Result<()> {
    let panics = named(module, &PANICS);
    ensure!(!panics.is_empty(), "found no panic; have the functions lost their names?");
    trap_each(module, panics);
    // What only panics have called is no fault.
    gc::run(module);
    let formatting = named(module, &FORMATTING);
    for (caller, local) in module.funcs.iter_local().filter(|(caller, _)| !formatting.contains(caller)) {
        let mut calls = Calls::default();
        dfs_in_order(&mut calls, local, local.entry_block());
        if let Some(callee) = calls.0.intersection(&formatting).next() {
            let [from, to] = [caller, *callee].map(|function| name(module, function));
            bail!("{from} calls {to}; the core must not format: put texts together with `concat`");
        }
    }
    // Tables of methods still hold them.
    trap_each(module, formatting);
    Ok(())
}

/// Overwrites every `core::panic::Location` with zeros, and the file names in them: only panics read them. Zeros cost
/// nothing.
fn erase_locations(module: &mut Module) {
    let parts: Vec<_> = module.data.iter().filter_map(|data| Some((data.id(), addresses(data)?))).collect();
    let mut memory = Vec::new();
    for (id, part) in &parts {
        memory.resize(memory.len().max(part.end), 0);
        memory[part.clone()].copy_from_slice(&module.data.get(*id).value);
    }
    let found: Vec<_> = parts.iter().flat_map(|(_, part)| locations(&memory, part.clone())).collect();
    for range in found {
        memory[range].fill(0);
    }
    for (id, part) in parts {
        module.data.get_mut(id).value.copy_from_slice(&memory[part]);
    }
}

/// Where in a part of the memory there are locations; and where the file names are that they point to.
fn locations(memory: &[u8], part: Range<usize>) -> Vec<Range<usize>> {
    let number = |at: usize| memory.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes);
    let words = (part.start.next_multiple_of(4)..part.end.saturating_sub(LOCATION - 1)).step_by(4);
    let found = words.filter_map(|at| {
        let start = number(at)? as usize;
        let name = start..start.checked_add(number(at + 4)? as usize)?;
        let is_file = memory.get(name.clone())?.strip_suffix(b".rs")?.iter().all(u8::is_ascii_graphic);
        is_file.then_some([at..at + LOCATION, name])
    });
    found.flatten().collect()
}

/// Where a data segment is in the memory from the beginning, as all of Rust's are.
fn addresses(data: &Data) -> Option<Range<usize>> {
    let DataKind::Active { offset: ConstExpr::Value(Value::I32(start)), .. } = data.kind else { return None };
    let start = usize::try_from(start).ok()?;
    Some(start..start + data.value.len())
}

/// The functions that are called by name, not through a table.
#[derive(Default)]
struct Calls(BTreeSet<FunctionId>);

impl Visitor<'_> for Calls {
    fn visit_function_id(&mut self, function: &FunctionId) {
        self.0.insert(*function);
    }
}

fn trap_each(module: &mut Module, functions: BTreeSet<FunctionId>) {
    for function in functions {
        let kind = trapping(module, function);
        module.funcs.get_mut(function).kind = FunctionKind::Local(kind);
    }
}

/// A function of the same type that does nothing but trap.
fn trapping(module: &mut Module, function: FunctionId) -> LocalFunction {
    let of_type = module.types.get(module.funcs.get(function).ty());
    let (params, results) = (of_type.params().to_vec(), of_type.results().to_vec());
    let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
    builder.func_body().unreachable();
    let params = params.into_iter().map(|param| module.locals.add(param)).collect();
    builder.local_func(params)
}

/// The module's own functions whose paths contain one of these.
fn named(module: &Module, names: &[&str]) -> BTreeSet<FunctionId> {
    let functions = module.funcs.iter_local().map(|(function, _)| function);
    functions.filter(|function| names.iter().any(|part| name(module, *function).contains(part))).collect()
}

/// The path as it is written in Rust, without hashes.
fn name(module: &Module, function: FunctionId) -> String {
    let mangled = module.funcs.get(function).name.as_deref().unwrap_or_default();
    format!("{:#}", rustc_demangle::demangle(mangled))
}

#[cfg(test)]
mod tests {
    use walrus::ModuleConfig;

    use super::*;

    /// A module of functions that each call others of it; the first is exported.
    fn module(functions: &[(&str, &[&str])]) -> Module {
        let mut module = Module::with_config(ModuleConfig::new());
        for (index, (name, callees)) in functions.iter().enumerate().rev() {
            let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
            for callee in *callees {
                builder.func_body().call(module.funcs.by_name(callee).unwrap());
            }
            builder.name((*name).to_owned());
            let function = builder.finish(Vec::new(), &mut module.funcs);
            if index == 0 {
                module.exports.add(name, function);
            }
        }
        module
    }

    fn trapped(functions: &[(&str, &[&str])]) -> Result<Vec<String>> {
        let mut module = module(functions);
        trap_panics(&mut module)?;
        gc::run(&mut module);
        Ok(module.funcs.iter_local().map(|(function, _)| name(&module, function)).collect())
    }

    #[test]
    fn what_only_a_panic_calls_is_left_out() {
        let functions = [
            ("resolve", &["core::panicking::panic_fmt", "<str>::len"][..]),
            ("core::panicking::panic_fmt", &["<u32 as core::fmt::Display>::fmt"]),
            ("<u32 as core::fmt::Display>::fmt", &["<core::fmt::Formatter>::pad"]),
            ("<core::fmt::Formatter>::pad", &[]),
            ("<str>::len", &[]),
        ];
        let mut left = trapped(&functions).unwrap();
        left.sort();
        assert_eq!(left, ["<str>::len", "core::panicking::panic_fmt", "resolve"]);
    }

    #[test]
    fn rejects_formatting_outside_a_panic_and_a_module_without_names() {
        let functions = [
            ("resolve", &["core::panicking::panic", "alloc::fmt::format"][..]),
            ("core::panicking::panic", &["core::fmt::write"]),
            ("alloc::fmt::format", &["core::fmt::write"]),
            ("core::fmt::write", &[]),
        ];
        let error = trapped(&functions).unwrap_err().to_string();
        assert!(error.starts_with("resolve calls alloc::fmt::format; the core must not format"), "{error}");
        let error = trapped(&[("resolve", &[])]).unwrap_err().to_string();
        assert!(error.starts_with("found no panic"), "{error}");
    }

    #[test]
    fn where_panics_would_have_been_is_erased_and_nothing_else() {
        let mut module = Module::with_config(ModuleConfig::new());
        let memory = module.memories.add_local(false, false, 1, None, None);
        let mut add = |start: i32, value: Vec<u8>| {
            let offset = ConstExpr::Value(Value::I32(start));
            module.data.add(DataKind::Active { memory, offset }, value)
        };
        let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>();
        let text = add(1024, b"src/lib.rs, a text".to_vec());
        // A location in that file at 7:5; a text that is no file's name; a length beyond the end.
        let table = add(2048, words(&[9, 1024, 10, 7, 5, 1036, 6, 1024, 99]));
        erase_locations(&mut module);
        assert_eq!(module.data.get(text).value, b"\0\0\0\0\0\0\0\0\0\0, a text");
        assert_eq!(module.data.get(table).value, words(&[9, 0, 0, 0, 0, 1036, 6, 1024, 99]));
    }
}
