//! What the probe reads of a playlist (RFC 8216).

use url::Url;

/// A playlist and the address it came from.
pub(super) struct Playlist {
    text: String,
    address: Url,
}

impl Playlist {
    /// `None` where it is none.
    pub(super) fn new(text: String, address: Url) -> Option<Self> {
        text.starts_with("#EXTM3U").then_some(Self { text, address })
    }

    /// Whether it names playlists of renditions, not segments.
    pub(super) fn is_master(&self) -> bool {
        self.text.contains("\n#EXT-X-STREAM-INF:")
    }

    /// Its lines that are addresses, as they stand there.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &str> {
        self.text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
    }

    /// The addresses of its AES keys.
    pub(super) fn keys(&self) -> impl Iterator<Item = Url> {
        let tags = self.text.lines().filter_map(|line| line.strip_prefix("#EXT-X-KEY:"));
        let named = tags.filter_map(|tag| tag.split_once("URI=\"")?.1.split('"').next());
        named.filter_map(|named| self.resolve(named))
    }

    /// An address that it names.
    pub(super) fn resolve(&self, named: &str) -> Option<Url> {
        self.address.join(named).ok()
    }
}

/// An address without its query, which may hold a signature.
pub(super) fn shown(address: &Url) -> String {
    format!("{}{}", address.origin().ascii_serialization(), address.path())
}
