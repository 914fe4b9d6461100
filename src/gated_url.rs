//! Which URLs of a playlist need the token, and their rewriting.
//!
//! A playlist of Ansdev's names three kinds of addresses that need the token: playlists, the dashboard's key
//! address (which a player cannot use: it needs the dashboard's cookie), and the player's key address with a token that
//! may be an old one. Segments are absolute addresses of a CDN and need none (API page, "Requests").
//!
//! An address is rewritten when it is requested, never in the playlist's text: players cache AES-128 keys by the address
//! that stands in the playlist, so a text with a new token in it would make them fetch every key again.

use crate::api::BaseUrl;
use crate::api::endpoints::{DASHBOARD_KEY, MANIFEST, PLAYBACK_KEY};

/// The parts of an address that needs the token. Get one with [`GatedUrl::parse`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GatedUrl<'a> {
    /// Everything up to where the token belongs, as the API has it: [`MANIFEST`] or [`PLAYBACK_KEY`].
    route: &'static str,
    /// What follows the token: nothing, or a slash and a rendition or job.
    rest: &'a str,
    /// Query and fragment, as they were. Key addresses of one job are told apart by their query.
    suffix: &'a str,
}

impl<'a> GatedUrl<'a> {
    /// Parses `url`; `None` if it is no address of the API that needs a token.
    ///
    /// `url` must be absolute. Anything that is not exactly on `base`'s origin is `None`, so that no playlist can send
    /// a token elsewhere: the comparison is of bytes, up to and including the slash that ends the host.
    pub fn parse(url: &'a str, base: &BaseUrl) -> Option<Self> {
        let on_origin = url.strip_prefix(base.origin()).filter(|rest| rest.starts_with('/'))?;
        let (path, suffix) = split_before(on_origin, |byte| matches!(byte, b'?' | b'#'));
        // Behind a reverse proxy the playlist may name the API's own paths, or those under the proxy's.
        [path.strip_prefix(base.path()), Some(path)]
            .into_iter()
            .flatten()
            .find_map(Self::parse_path)
            .map(|(route, rest)| Self { route, rest, suffix })
    }

    fn parse_path(path: &'a str) -> Option<(&'static str, &'a str)> {
        if let Some(job) = path.strip_prefix(DASHBOARD_KEY) {
            // The slash before the job stays with it: it separates the job from the token.
            return is_segment(job)
                .then(|| path.get(DASHBOARD_KEY.len() - 1..))
                .flatten()
                .map(|job| (PLAYBACK_KEY, job));
        }
        if let Some(rest) = path.strip_prefix(PLAYBACK_KEY) {
            let (token, job) = split_before(rest, is_slash);
            return (is_segment(token) && is_segment(job.strip_prefix('/')?)).then_some((PLAYBACK_KEY, job));
        }
        let rest = path.strip_prefix(MANIFEST)?;
        let (token, rendition) = split_before(rest, is_slash);
        (is_segment(token) && rendition.strip_prefix('/').is_none_or(is_segment)).then_some((MANIFEST, rendition))
    }

    /// The address with `token` in it. Query and fragment are kept.
    pub fn with_token(&self, base: &BaseUrl, token: &str) -> String {
        [base.as_str(), self.route, token, self.rest, self.suffix].concat()
    }
}

/// `text` up to the first such byte, and from there on; all of it where there is none. The byte must be an ASCII one.
///
/// `str::split_once` and `str::find` contain a search for long texts, whose code is larger than all of this file.
fn split_before(text: &str, is_end: fn(u8) -> bool) -> (&str, &str) {
    let length = text.bytes().position(is_end).unwrap_or(text.len());
    text.split_at_checked(length).unwrap_or((text, ""))
}

fn is_slash(byte: u8) -> bool {
    byte == b'/'
}

/// Whether it is one segment of a path, and one that an address does not swallow.
fn is_segment(text: &str) -> bool {
    let dots = ["", ".", "%2e", "..", ".%2e", "%2e.", "%2e%2e"];
    !dots.iter().any(|dots| text.eq_ignore_ascii_case(dots)) && !text.bytes().any(|byte| matches!(byte, b'/' | b'\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "new.token.here";

    fn rewritten(url: &str) -> Option<String> {
        rewritten_under("https://api.ansdev.cloud", url)
    }

    fn rewritten_under(base: &str, url: &str) -> Option<String> {
        let base = BaseUrl::parse(base).unwrap();
        GatedUrl::parse(url, &base).map(|gated| gated.with_token(&base, TOKEN))
    }

    #[test]
    fn playlists_and_keys_get_the_token() {
        for (url, expected) in [
            ("/v1/video/playback/manifest/old", "/v1/video/playback/manifest/new.token.here"),
            ("/v1/video/playback/manifest/old/720p.m3u8", "/v1/video/playback/manifest/new.token.here/720p.m3u8"),
            ("/v1/video/playback/manifest/old?x=1#f", "/v1/video/playback/manifest/new.token.here?x=1#f"),
            ("/video/key/job_1", "/v1/video/playback/key/new.token.here/job_1"),
            ("/video/key/job_1?n=2", "/v1/video/playback/key/new.token.here/job_1?n=2"),
            ("/video/key/job_1?u=https://x/y?z", "/v1/video/playback/key/new.token.here/job_1?u=https://x/y?z"),
            ("/v1/video/playback/key/old/job_1", "/v1/video/playback/key/new.token.here/job_1"),
            ("/v1/video/playback/key/old/job_1?n=2#f", "/v1/video/playback/key/new.token.here/job_1?n=2#f"),
        ] {
            let origin = "https://api.ansdev.cloud";
            assert_eq!(rewritten(&format!("{origin}{url}")), Some(format!("{origin}{expected}")), "{url}");
        }
    }

    #[test]
    fn rewriting_twice_changes_nothing_more() {
        let once = rewritten("https://api.ansdev.cloud/video/key/job_1?n=2").unwrap();
        assert_eq!(rewritten(&once), Some(once));
    }

    #[test]
    fn everything_else_on_the_origin_stays_as_it_is() {
        for path in [
            "",
            "/",
            "/cdn/1.ts",
            "/v1/video",
            "/v1/video/vid_1",
            "/v1/video/vid_1/playback-token",
            "/v1/video/playback/manifest/",
            "/v1/video/playback/manifest//720p.m3u8",
            "/v1/video/playback/manifest/old/",
            "/v1/video/playback/manifest/old/a/b",
            "/v1/video/playback/manifest/old/..",
            "/v1/video/playback/manifest/%2e%2E/a",
            "/v1/video/playback/key/old",
            "/v1/video/playback/key/old/",
            "/v1/video/playback/key//job_1",
            "/v1/video/playback/key/old/job_1/x",
            "/v1/video/playback/key/old/..\\x",
            "/video/key/",
            "/video/key",
            "/video/key/job_1/x",
            "/video/key/..",
            "/VIDEO/key/job_1",
            "//video/key/job_1",
        ] {
            assert_eq!(rewritten(&format!("https://api.ansdev.cloud{path}")), None, "{path}");
        }
    }

    #[test]
    fn another_origin_never_gets_the_token() {
        for url in [
            "https://evil.example/video/key/job_1",
            "http://api.ansdev.cloud/video/key/job_1",
            "https://api.ansdev.cloud:444/video/key/job_1",
            "https://api.ansdev.cloud.evil.example/video/key/job_1",
            "https://api.ansdev.cloud@evil.example/video/key/job_1",
            "https://api.ansdev.cloud\\@evil.example/video/key/job_1",
            "https://user@api.ansdev.cloud/video/key/job_1",
            "https://api.ansdev.cloud?@evil.example/video/key/job_1",
            "https://evil.example/https://api.ansdev.cloud/video/key/job_1",
            "//api.ansdev.cloud/video/key/job_1",
            "/video/key/job_1",
            "",
            "data:text/plain,/video/key/job_1",
        ] {
            assert_eq!(rewritten(url), None, "{url}");
        }
    }

    #[test]
    fn behind_a_reverse_proxy_both_paths_are_understood() {
        let base = "https://example.com/ansdev";
        for url in ["https://example.com/ansdev/video/key/job_1", "https://example.com/video/key/job_1"] {
            let expected = "https://example.com/ansdev/v1/video/playback/key/new.token.here/job_1";
            assert_eq!(rewritten_under(base, url).as_deref(), Some(expected), "{url}");
        }
        assert_eq!(rewritten_under(base, "https://example.com/ansdevil/video/key/job_1"), None);
    }
}
