//! The host names under which all of the mock answers.

use std::net::{Ipv4Addr, Ipv6Addr};

/// A text that is no host name.
#[derive(Debug, thiserror::Error)]
#[error(
    "cannot allow the host {0:?}: expected a name or an IP address without scheme, port and path, such as mock.example"
)]
pub struct InvalidHost(String);

/// The names, besides those of loopback, to which everything answers.
#[derive(Debug, Clone, Default)]
pub(crate) struct AllowedHosts(Vec<String>);

impl AllowedHosts {
    /// # Errors
    /// The first text that is no host name.
    pub(crate) fn parse(names: &[String]) -> Result<Self, InvalidHost> {
        let parse = |text: &String| {
            // An IPv6 address has brackets in a Host, and may have none here.
            let in_brackets = text.parse::<Ipv6Addr>().is_ok().then(|| format!("[{text}]"));
            let (name, port) =
                split_port(in_brackets.as_ref().unwrap_or(text)).ok_or_else(|| InvalidHost(text.clone()))?;
            if port.is_none() { Ok(name) } else { Err(InvalidHost(text.clone())) }
        };
        names.iter().map(parse).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a host of a request, with or without a port, may be answered to.
    pub(crate) fn has(&self, host: &str) -> bool {
        split_port(host).is_some_and(|(name, _)| is_loopback(&name) || self.0.contains(&name))
    }
}

/// The name of a host in small letters, without brackets and without the dot at its end, and its port.
fn split_port(host: &str) -> Option<(String, Option<&str>)> {
    let (name, port) = if let Some(rest) = host.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        // One spelling for all that are the same.
        (address.parse::<Ipv6Addr>().ok()?.to_string(), port)
    } else {
        let (name, port) = host.split_at(host.find(':').unwrap_or(host.len()));
        let name = name.strip_suffix('.').unwrap_or(name);
        let is_label = |label: &str| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        (name.split('.').all(is_label).then(|| name.to_ascii_lowercase())?, port)
    };
    let port = if port.is_empty() { None } else { Some(port.strip_prefix(':')?) };
    port.unwrap_or_default().bytes().all(|byte| byte.is_ascii_digit()).then_some((name, port))
}

/// Whether a name always means this machine: browsers do not look these up (RFC 6761, section 6.3).
fn is_loopback(name: &str) -> bool {
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || name.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback())
}
