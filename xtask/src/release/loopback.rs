//! A registry on loopback: a sparse index, uploads and downloads, in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tiny_http::{Method, Request, Response, Server};

/// The name that cargo knows it by.
pub(super) const NAME: &str = "loopback";

type Files = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// A running registry.
pub(super) struct Loopback {
    url: String,
    files: Files,
}

impl Loopback {
    pub(super) fn start() -> Result<Self> {
        let server = Server::http("127.0.0.1:0").map_err(|error| anyhow!(error))?;
        let url = format!("http://{}", server.server_addr());
        let config = json!({ "dl": format!("{url}/dl"), "api": url }).to_string();
        let files = Files::new(Mutex::new(BTreeMap::from([("/config.json".to_owned(), config.into())])));
        let registry = Self { url, files: Arc::clone(&files) };
        // The thread ends with the process.
        thread::spawn(move || server.incoming_requests().for_each(|request| answer(request, &files)));
        Ok(registry)
    }

    /// Returns the variables that tell cargo about it.
    pub(super) fn variables(&self) -> [(&'static str, String); 2] {
        [
            ("CARGO_REGISTRIES_LOOPBACK_INDEX", format!("sparse+{}/", self.url)),
            ("CARGO_REGISTRIES_LOOPBACK_TOKEN", NAME.to_owned()),
        ]
    }

    /// Returns the number of crates that were uploaded.
    pub(super) fn uploads(&self) -> usize {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.keys().filter(|path| path.starts_with("/dl/")).count()
    }
}

fn answer(mut request: Request, files: &Files) {
    let mut files = files.lock().unwrap_or_else(PoisonError::into_inner);
    let response = if *request.method() == Method::Put {
        let mut body = Vec::new();
        match request
            .as_reader()
            .read_to_end(&mut body)
            .map_err(Into::into)
            .and_then(|_| upload(&body, &mut files))
        {
            Ok(()) => Response::from_data(b"{}"),
            Err(error) => Response::from_data(error.to_string()).with_status_code(409),
        }
    } else {
        match files.get(request.url()) {
            Some(file) => Response::from_data(file.clone()),
            None => Response::from_data("not found").with_status_code(404),
        }
    };
    // Whoever hung up does not need the answer.
    let _ = request.respond(response);
}

#[expect(clippy::indexing_slicing, reason = "a JSON value has `null` where it has no member")]
/// Takes an upload: the length of its metadata, these, the length of the package, and that.
fn upload(body: &[u8], files: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    let (metadata, package) =
        part(body).and_then(|(metadata, rest)| Some((metadata, part(rest)?.0))).context("cut")?;
    let mut entry: Value = serde_json::from_slice(metadata)?;
    let (name, version) = (text(&entry, "name"), text(&entry, "vers"));
    for dependency in entry.get_mut("deps").and_then(Value::as_array_mut).into_iter().flatten() {
        dependency["req"] = dependency["version_req"].take();
        if let Some(renamed) = dependency["explicit_name_in_toml"].as_str().map(str::to_owned) {
            dependency["package"] = dependency["name"].take();
            dependency["name"] = renamed.into();
        }
    }
    let digest: String = Sha256::digest(package).iter().map(|byte| format!("{byte:02x}")).collect();
    let entry = json!({
        "name": name, "vers": version, "deps": entry["deps"], "features": entry["features"], "cksum": digest, "yanked": false,
    });
    // Names of fewer letters would be elsewhere.
    let index = format!("/{}/{}/{name}", name.get(..2).context("short")?, name.get(2..4).context("short")?);
    let old = files.insert(format!("/dl/{name}/{version}/download"), package.to_vec());
    old.map_or(Ok(()), |_| Err(anyhow!("{name} {version} is there already")))?;
    files.entry(index).or_default().extend(format!("{entry}\n").into_bytes());
    Ok(())
}

fn text(entry: &Value, key: &str) -> String {
    entry[key].as_str().unwrap_or_default().to_owned()
}

fn part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
}
