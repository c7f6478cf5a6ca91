//! The layers that ARCHITECTURE.md describes: arrows between crates, and between the modules of one crate,
//! point down.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a failed test panics")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// Each crate, and the crates of this workspace that its sources may name.
const CRATES: [(&str, &[&str]); 5] = [
    ("radar-ct-model", &[]),
    ("radar-ct-transport", &[]),
    ("radar-ct", &["radar_ct_model", "radar_ct_transport"]),
    ("radar-ct-emulator", &["radar_ct_model"]),
    ("radar-ct-cli", &["radar_ct", "radar_ct_model", "radar_ct_emulator"]),
];

/// Modules, and the only ones that may import them.
const FENCES: [(&str, &str, &[&str]); 1] = [("radar-ct-model", "response::fast_path", &["response::decode"])];

/// The paths that a source file names, outside of its tests.
#[derive(Default)]
struct Names {
    /// Inline modules around the current item.
    depth: usize,
    paths: Vec<(usize, Vec<String>)>,
}

impl Names {
    fn of(file: &Path) -> Vec<(usize, Vec<String>)> {
        let source = fs::read_to_string(file).unwrap();
        let parsed = syn::parse_file(&source).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut names = Self::default();
        names.visit_file(&parsed);
        names.paths
    }

    fn add_use(&mut self, before: &[String], tree: &syn::UseTree) {
        let join = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.add_use(&join(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.paths.push((self.depth, join(&name.ident))),
            syn::UseTree::Rename(name) => self.paths.push((self.depth, join(&name.ident))),
            syn::UseTree::Glob(_) => self.paths.push((self.depth, before.to_vec())),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_use(before, tree)),
        }
    }
}

impl<'a> Visit<'a> for Names {
    fn visit_item(&mut self, item: &'a syn::Item) {
        let attributes = match item {
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        let is_test = |attribute: &syn::Attribute| {
            attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
        };
        if !attributes.iter().any(is_test) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        self.depth += 1;
        visit::visit_item_mod(self, item);
        self.depth -= 1;
    }

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        self.add_use(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.paths.push((self.depth, segments));
        visit::visit_path(self, path);
    }
}

/// The modules of a crate by their paths, the root as an empty one.
fn modules(src: &Path) -> BTreeMap<String, PathBuf> {
    let root = if src.join("lib.rs").exists() { "lib.rs" } else { "main.rs" };
    let mut found = BTreeMap::from([(String::new(), src.join(root))]);
    let mut folders = vec![src.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let below = path.strip_prefix(src).unwrap().with_extension("");
            let name = below.iter().map(|part| part.to_str().unwrap()).collect::<Vec<_>>().join("::");
            let name = name.strip_suffix("::mod").unwrap_or(&name).to_owned();
            let is_source = path.extension().is_some_and(|extension| extension == "rs");
            // Another program beside a library is a crate of its own, and a file of tests is not built into
            // either.
            if is_source && !["lib", "main"].contains(&name.as_str()) && !name.ends_with("tests") {
                found.insert(name, path);
            }
        }
    }
    found
}

/// The module that a path names or leads into, if it is one of this crate.
fn resolve(
    module: &str,
    depth: usize,
    path: &[String],
    modules: &BTreeMap<String, PathBuf>,
) -> Option<String> {
    let mut base: Vec<&str> = module.split("::").filter(|part| !part.is_empty()).collect();
    let mut depth = depth;
    let mut rest = path;
    // `crate` alone is a visibility, `self` alone a value.
    if path.len() == 1 {
        return None;
    }
    match path.first()?.as_str() {
        "crate" => {
            base.clear();
            rest = &path[1..];
        }
        "self" => rest = &path[1..],
        "super" => {
            while rest.first().is_some_and(|segment| segment == "super") {
                if depth > 0 {
                    depth -= 1;
                } else {
                    base.pop();
                }
                rest = &rest[1..];
            }
        }
        // A child that the file declares.
        first if modules.contains_key(&[&base[..], &[first]].concat().join("::")) => {}
        _ => return None,
    }
    let mut found = base.join("::");
    for segment in rest {
        let deeper = if found.is_empty() { segment.clone() } else { format!("{found}::{segment}") };
        if !modules.contains_key(&deeper) {
            break;
        }
        found = deeper;
    }
    Some(found).filter(|found| found != module)
}

/// A loop of modules, if there is one.
fn find_loop(imports: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    fn walk(
        module: &String,
        imports: &BTreeMap<String, BTreeSet<String>>,
        way: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) -> Option<Vec<String>> {
        if let Some(start) = way.iter().position(|earlier| earlier == module) {
            return Some([&way[start..], std::slice::from_ref(module)].concat());
        }
        if done.contains(module) {
            return None;
        }
        way.push(module.clone());
        let found = imports[module].iter().find_map(|next| walk(next, imports, way, done));
        way.pop();
        done.insert(module.clone());
        found
    }
    let mut done = BTreeSet::new();
    imports.keys().find_map(|module| walk(module, imports, &mut Vec::new(), &mut done))
}

fn source_folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates").join(name).join("src")
}

fn imports(name: &str) -> BTreeMap<String, BTreeSet<String>> {
    let modules = modules(&source_folder(name));
    let imports_of = |(module, file): (&String, &PathBuf)| {
        let paths = Names::of(file).into_iter();
        let found = paths.filter_map(|(depth, path)| resolve(module, depth, &path, &modules)).collect();
        (module.clone(), found)
    };
    modules.iter().map(imports_of).collect()
}

#[test]
fn modules_import_downwards_only() {
    let loops: Vec<_> =
        CRATES.iter().filter_map(|(name, _)| Some((name, find_loop(&imports(name))?))).collect();
    assert!(loops.is_empty(), "modules import each other in a loop: {loops:?}");
}

#[test]
fn crates_import_downwards_only() {
    for (name, allowed) in CRATES {
        for file in modules(&source_folder(name)).values() {
            for (_, path) in Names::of(file) {
                let first = path.first().map(String::as_str).unwrap_or_default();
                let is_ours = first == "radar_ct" || first.starts_with("radar_ct_");
                assert!(!is_ours || allowed.contains(&first), "{} imports {first}", file.display());
            }
        }
    }
}

#[test]
fn fenced_modules_have_one_door() {
    for (name, fenced, doors) in FENCES {
        let imports = imports(name);
        assert!(imports.contains_key(fenced), "{name} has no module {fenced}");
        for (module, imported) in &imports {
            let enters = imported.iter().any(|imported| imported == fenced);
            // The parent declares it.
            let is_parent = fenced.rsplit_once("::").is_some_and(|(parent, _)| parent == module);
            assert!(
                !enters || is_parent || doors.contains(&module.as_str()),
                "{module} of {name} imports {fenced}, which only {doors:?} may"
            );
        }
    }
}

#[test]
fn the_chart_knows_no_type_of_ours() {
    for (module, file) in modules(&source_folder("radar-ct-cli")) {
        if module == "chart" || module.starts_with("chart::") {
            for (_, path) in Names::of(&file) {
                assert!(
                    !path.first().is_some_and(|first| first.starts_with("radar_ct")),
                    "{module}: {path:?}"
                );
            }
        }
    }
}
