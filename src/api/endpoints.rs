//! Addresses, headers and identifiers. What the vendor does not publish is marked *assumed*, and is here so that
//! only one file changes when it is published.

use super::error::Error;

/// The default base URL.
pub const DEFAULT_BASE_URL: &str = "https://api.ansdev.cloud";
/// The request header that carries the API key.
pub const KEY_HEADER: &str = "x-ansdev-key";
/// The media type of a playlist (RFC 8216, section 4).
pub const PLAYLIST_MEDIA_TYPE: &str = "application/vnd.apple.mpegurl";
/// Where a code of the catalogue is explained; the code follows (*assumed*).
pub const ERROR_DOCS_URL: &str = "https://docs.ansdev.cloud/errors#";

/// Maximum number of videos on a page of the list (*assumed*).
pub const LIST_LIMIT_MAX: u32 = 100;
/// Number of videos on a page of the list without `limit` (*assumed*).
pub const LIST_LIMIT_DEFAULT: u32 = 20;

/// `GET`: a page of videos, with `limit` and `cursor` in the query (*assumed*).
pub const VIDEOS: &str = "/v1/video";
/// `GET …{token}` and `GET …{token}/{rendition}.m3u8`: playlists (*assumed*).
pub const MANIFEST: &str = "/v1/video/playback/manifest/";
/// `GET …{token}/{jobId}`: the AES-128 key, for players.
pub const PLAYBACK_KEY: &str = "/v1/video/playback/key/";
/// `GET …{jobId}`: the AES-128 key, for the dashboard's cookie session. This is what playlists name.
pub const DASHBOARD_KEY: &str = "/video/key/";

/// Maximum length of a video id, in characters.
pub const VIDEO_ID_MAX_LENGTH: usize = 64;

/// The absolute `http` or `https` address of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    href: String,
    origin_length: usize,
}

impl BaseUrl {
    /// Takes an address such as `https://api.ansdev.cloud`, or one with a path, such as a reverse proxy's
    /// `https://example.com/ansdev/`. A browser's `URL` should have normalised it.
    ///
    /// # Errors
    /// `INVALID_OPTIONS` where it is not absolute, not `http(s)`, or has a user name, a query or a fragment.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = || {
            Error::invalid_options(
                "`baseUrl` is not usable; expected an absolute http(s) URL without user name, query and fragment, \
                 such as https://api.ansdev.cloud",
            )
        };
        let mut href = text;
        while let Some(shorter) = href.strip_suffix('/') {
            href = shorter;
        }
        let scheme_length = ["https://", "http://"]
            .iter()
            .find_map(|scheme| href.starts_with(scheme).then_some(scheme.len()))
            .ok_or_else(wrong)?;
        let rest = href.get(scheme_length..).ok_or_else(wrong)?;
        let host_length = rest.bytes().position(|byte| byte == b'/').unwrap_or(rest.len());
        let out_of_place = |byte: u8| !byte.is_ascii_graphic() || matches!(byte, b'@' | b'?' | b'#' | b'\\');
        if host_length == 0 || rest.bytes().any(out_of_place) {
            return Err(wrong());
        }
        Ok(Self { href: href.to_owned(), origin_length: scheme_length + host_length })
    }

    /// The base URL, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.href
    }

    /// Scheme, host and port: `https://api.ansdev.cloud`.
    pub fn origin(&self) -> &str {
        self.href.get(..self.origin_length).unwrap_or_default()
    }

    /// The path, empty or starting with a slash, never ending with one.
    pub fn path(&self) -> &str {
        self.href.get(self.origin_length..).unwrap_or_default()
    }

    /// Address of one page of the list of videos.
    ///
    /// # Errors
    /// `INVALID_OPTIONS` where `limit` is not 1 to 100.
    pub fn videos(&self, limit: Option<u32>, cursor: Option<&str>) -> Result<String, Error> {
        if limit.is_some_and(|limit| !(1..=LIST_LIMIT_MAX).contains(&limit)) {
            return Err(Error::invalid_options("`limit` is out of range; expected a whole number from 1 to 100"));
        }
        let mut url = [self.as_str(), VIDEOS].concat();
        let mut separator = "?";
        if let Some(limit) = limit {
            url.push_str("?limit=");
            url.push_str(&limit.to_string());
            separator = "&";
        }
        if let Some(cursor) = cursor {
            url.push_str(separator);
            url.push_str("cursor=");
            url.push_str(&percent_encoded(cursor));
        }
        Ok(url)
    }

    /// Address of one video.
    pub fn video(&self, id: &VideoId) -> String {
        [self.as_str(), VIDEOS, "/", &percent_encoded(id.as_str())].concat()
    }

    /// Address that mints a playback token, with `POST` and no body.
    pub fn playback_token(&self, id: &VideoId) -> String {
        [&self.video(id), "/playback-token"].concat()
    }

    /// Address of a video's playlist.
    pub fn manifest(&self, token: &str) -> String {
        [self.as_str(), MANIFEST, token].concat()
    }
}

/// A video's public `vid_…` id or its internal UUID: 1 to 64 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct VideoId(String);

impl VideoId {
    /// Takes an id.
    ///
    /// # Errors
    /// `INVALID_OPTIONS` where it is empty, over 64 characters, or `.` or `..`, which an address would swallow.
    pub fn parse(text: &str) -> Result<Self, Error> {
        // A character is a byte that continues no other (RFC 3629, section 3).
        let is_too_long = text.bytes().filter(|byte| byte & 0xc0 != 0x80).count() > VIDEO_ID_MAX_LENGTH;
        Err(Error::invalid_options(match text {
            "" => "The video id is empty; expected 1 to 64 characters, such as vid_8fk2m9",
            "." | ".." => "The video id is not an id; expected one such as vid_8fk2m9",
            _ if is_too_long => "The video id is too long; expected 1 to 64 characters, such as vid_8fk2m9",
            _ => return Ok(Self(text.to_owned())),
        }))
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Everything but RFC 3986's unreserved characters as `%XX`.
fn percent_encoded(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).map_or('0', |digit| char::from(*digit));
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ErrorCode;

    fn base() -> BaseUrl {
        BaseUrl::parse(DEFAULT_BASE_URL).unwrap()
    }

    #[test]
    fn addresses_are_those_of_the_contract() {
        let id = VideoId::parse("vid_8fk2m9").unwrap();
        assert_eq!(base().videos(None, None).unwrap(), "https://api.ansdev.cloud/v1/video");
        assert_eq!(
            base().videos(Some(100), Some("a/b=&")).unwrap(),
            "https://api.ansdev.cloud/v1/video?limit=100&cursor=a%2Fb%3D%26"
        );
        assert_eq!(base().videos(None, Some("c")).unwrap(), "https://api.ansdev.cloud/v1/video?cursor=c");
        assert_eq!(base().video(&id), "https://api.ansdev.cloud/v1/video/vid_8fk2m9");
        assert_eq!(base().playback_token(&id), "https://api.ansdev.cloud/v1/video/vid_8fk2m9/playback-token");
        assert_eq!(base().manifest("t"), "https://api.ansdev.cloud/v1/video/playback/manifest/t");
    }

    #[test]
    fn a_base_url_has_an_origin_and_a_path() {
        for (text, origin, path) in [
            ("https://api.ansdev.cloud", "https://api.ansdev.cloud", ""),
            ("https://api.ansdev.cloud/", "https://api.ansdev.cloud", ""),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080", ""),
            ("https://example.com/ansdev/v2//", "https://example.com", "/ansdev/v2"),
        ] {
            let base = BaseUrl::parse(text).unwrap();
            assert_eq!((base.origin(), base.path()), (origin, path), "{text}");
        }
    }

    #[test]
    fn rejects_a_misleading_base_url() {
        for text in [
            "",
            "api.ansdev.cloud",
            "//api.ansdev.cloud",
            "ftp://api.ansdev.cloud",
            "https://",
            "https:///path",
            "https://user@api.ansdev.cloud",
            "https://api.ansdev.cloud?x",
            "https://api.ansdev.cloud/#x",
            "https://api.ansdev.cloud\\@evil.example",
            "https://api.ansdev.cloud /",
            "javascript:alert(1)",
        ] {
            assert_eq!(BaseUrl::parse(text).unwrap_err().code, ErrorCode::InvalidOptions, "{text}");
        }
    }

    #[test]
    fn rejects_a_limit_outside_1_to_100() {
        for limit in [0, 101, u32::MAX] {
            assert_eq!(base().videos(Some(limit), None).unwrap_err().code, ErrorCode::InvalidOptions);
        }
        assert!(base().videos(Some(1), None).is_ok());
    }

    #[test]
    fn a_video_id_has_1_to_64_characters() {
        for id in ["v", "vid_8fk2m9", "3f0f8c1e-0a55-4f39-9c53-0b1f0c5a1a11", &"é".repeat(64)] {
            assert_eq!(VideoId::parse(id).unwrap().as_str(), id);
        }
        for id in ["", ".", "..", &"v".repeat(65)] {
            assert_eq!(VideoId::parse(id).unwrap_err().code, ErrorCode::InvalidOptions, "{id}");
        }
    }

    #[test]
    fn an_id_cannot_leave_its_place_in_the_path() {
        let url = |id| base().video(&VideoId::parse(id).unwrap());
        assert_eq!(url("../a?b#c"), "https://api.ansdev.cloud/v1/video/..%2Fa%3Fb%23c");
        assert_eq!(url("é"), "https://api.ansdev.cloud/v1/video/%C3%A9");
    }
}
