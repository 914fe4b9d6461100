//! The names by which faults and the journal know the API's routes.

use serde::{Deserialize, Serialize};

/// A route of the API.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Route {
    /// `GET /v1/video`
    List,
    /// `GET /v1/video/{videoId}`
    Get,
    /// `POST /v1/video/{videoId}/playback-token`
    Mint,
    /// `GET /v1/video/playback/manifest/{token}`, and its renditions'; playlists on the CDN
    Manifest,
    /// `GET /v1/video/playback/key/{token}/{jobId}`, and the dashboard's `GET /video/key/{jobId}`
    Key,
    /// `GET /cdn/{jobId}/{rendition}/{segment}` and `GET /cdn/{jobId}/{segment}`
    Segment,
    /// Everything else: pages, files, addresses that do not exist.
    Other,
}

/// A page of videos.
pub(crate) const LIST: &str = "/v1/video";
/// One video.
pub(crate) const GET: &str = "/v1/video/{videoId}";
/// A playback token.
pub(crate) const MINT: &str = "/v1/video/{videoId}/playback-token";
/// A video's playlist.
pub(crate) const MANIFEST: &str = "/v1/video/playback/manifest/{token}";
/// A rendition's playlist.
pub(crate) const RENDITION: &str = "/v1/video/playback/manifest/{token}/{rendition}";
/// An AES key, for players.
pub(crate) const PLAYBACK_KEY: &str = "/v1/video/playback/key/{token}/{jobId}";
/// An AES key, for the dashboard.
pub(crate) const DASHBOARD_KEY: &str = "/video/key/{jobId}";
/// A segment.
pub(crate) const SEGMENT: &str = "/cdn/{jobId}/{rendition}/{segment}";

/// A segment beside the one playlist of its video.
pub(crate) const CHUNK: &str = "/cdn/{jobId}/{segment}";
/// A video's playlist on the CDN.
pub(crate) const CDN_MANIFEST: &str = "/cdn/{jobId}/master.m3u8";
/// A rendition's playlist on the CDN.
pub(crate) const CDN_RENDITION: &str = "/cdn/{jobId}/{rendition}/playlist.m3u8";

/// Under which the control plane stands.
pub(crate) const CONTROL: &str = "/_mock/";

impl Route {
    /// The route that an address pattern of the router belongs to.
    pub(crate) fn of(pattern: Option<&str>) -> Self {
        match pattern {
            Some(LIST) => Self::List,
            Some(GET) => Self::Get,
            Some(MINT) => Self::Mint,
            Some(MANIFEST | RENDITION | CDN_MANIFEST | CDN_RENDITION) => Self::Manifest,
            Some(PLAYBACK_KEY | DASHBOARD_KEY) => Self::Key,
            Some(SEGMENT | CHUNK) => Self::Segment,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use ansdev_player::api::endpoints;

    use super::*;

    #[test]
    fn the_patterns_are_the_addresses_that_the_sdk_asks_for() {
        assert_eq!(LIST, endpoints::VIDEOS);
        for (pattern, address) in [
            (MANIFEST, endpoints::MANIFEST),
            (PLAYBACK_KEY, endpoints::PLAYBACK_KEY),
            (DASHBOARD_KEY, endpoints::DASHBOARD_KEY),
        ] {
            assert_eq!(&pattern[..pattern.find('{').unwrap()], address);
        }
    }
}
