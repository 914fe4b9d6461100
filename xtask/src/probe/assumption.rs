//! What the project takes for true about Ansdev although Ansdev does not publish it: all that is marked *assumed* in
//! `src/api`, and what the mock does where nobody could say what it should do.

macro_rules! assumptions {
    ($($(#[$why:meta])* $name:ident = $text:literal, $claim:literal;)*) => {
        /// One of them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Assumption {
            $($(#[$why])* $name,)*
        }

        impl Assumption {
            /// All of them, in the order in which they are printed.
            pub(super) const ALL: &[Self] = &[$(Self::$name),*];

            /// A word for it.
            pub(super) fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What is taken for true.
            pub(super) fn claim(self) -> &'static str {
                match self { $(Self::$name => $claim,)* }
            }
        }
    };
}

assumptions! {
    ListPage = "list-page", "the list's `data` is {videos, nextCursor}";
    ListLimit = "list-limit", "`limit` is a whole number from 1 to 100";
    ListDefault = "list-default", "without `limit` a page holds up to 20 videos";
    ListCursor = "list-cursor", "`cursor` takes the `nextCursor` of the page before";
    VideoFields = "video-fields", "a video has id, title, status, quality, durationSeconds, encrypted, createdAt";
    OrderKey = "order-key", "the key is asked for and looked up before the video";
    OrderExpiry = "order-expiry", "the key's expiry is checked before its scope, and both before the video";
    OrderScope = "order-scope", "the key's scope is checked before the video";
    OrderQuota = "order-quota", "the quota is checked after the video and its status";
    CorsPreflight = "cors-preflight", "a page of any origin may send the key's header";
    CorsExposed = "cors-exposed", "pages can read the rate-limit headers, Retry-After and Date";
    CorsPlayback = "cors-playback", "a page of any origin can read playlists and AES keys";
    Claims = "token-claims", "a token is a JWT with sub (the video), job, scope `playback`, iat, exp";
    PlayerPage = "player-page", "`playerUrl` is a page that any site may put into an <iframe>";
    Manifest = "playlist-path", "the playlist is at /v1/video/playback/manifest/{token}";
    Layout = "playlist-layout", "the API answers the playlist itself, and does not redirect";
    Segments = "segment-addresses", "that playlist names segments by whole addresses";
    Rendition = "rendition-path", "playlists of renditions are at /v1/video/playback/manifest/{token}/{rendition}.m3u8";
    KeyQuery = "key-query", "an AES key's address may have a query, as in ?n=2";
    /// Whether several viewers may share a token is a question for Ansdev; that one can ask twice is to be seen.
    Reuse = "token-reuse", "a token opens its playlist more than once";
}
