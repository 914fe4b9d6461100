//! What another parser sees in a playlist.

use std::borrow::Cow;

use hls_m3u8::tags::{ExtXKey, ExtXMap, SessionData, VariantStream};
use hls_m3u8::types::DecryptionKey;
use hls_m3u8::{Decryptable, MasterPlaylist, MediaPlaylist};

/// A playlist as another parser reads it.
pub(crate) trait Reference {
    fn read(text: &str) -> Self;

    /// Every address in it.
    fn addresses(&mut self) -> Vec<String> {
        let addresses = std::cell::RefCell::new(Vec::new());
        self.map_addresses(&|address| {
            addresses.borrow_mut().push(address.to_owned());
            None
        });
        addresses.into_inner()
    }

    /// Puts other addresses in, where `change` gives one.
    fn map_addresses(&mut self, change: &dyn Fn(&str) -> Option<String>);
}

/// A browser's decoder takes the byte order mark away before a player sees the text (Encoding standard, "UTF-8 decode").
fn decoded(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

fn set(address: &mut Cow<'static, str>, change: &dyn Fn(&str) -> Option<String>) {
    if let Some(changed) = change(address) {
        *address = Cow::Owned(changed);
    }
}

/// A media playlist, and apart from it the keys of its `#EXT-X-MAP` tags, which cannot be changed in it.
#[derive(Debug, PartialEq)]
pub(crate) struct Media {
    playlist: MediaPlaylist<'static>,
    map_keys: Vec<DecryptionKey<'static>>,
}

impl Media {
    /// The parser keeps keys in no order.
    fn sort_keys(&mut self) {
        self.map_keys.sort();
        self.playlist.segments.values_mut().for_each(|segment| segment.keys.sort());
    }
}

impl Reference for Media {
    fn read(text: &str) -> Self {
        let mut playlist: MediaPlaylist = decoded(text).parse().unwrap_or_else(|error| panic!("{error}:\n{text}"));
        let mut map_keys = Vec::new();
        for map in playlist.segments.values_mut().filter_map(|segment| segment.map.as_mut()) {
            map_keys.extend(map.keys().into_iter().map(|key| key.clone().into_owned()));
            let mut bare = ExtXMap::new(map.uri().clone());
            bare.set_range(map.range());
            *map = bare;
        }
        let mut media = Self { playlist, map_keys };
        media.sort_keys();
        media
    }

    fn map_addresses(&mut self, change: &dyn Fn(&str) -> Option<String>) {
        for segment in self.playlist.segments.values_mut() {
            if let Some(changed) = change(segment.uri()) {
                segment.set_uri(changed);
            }
            if let Some(map) = &mut segment.map
                && let Some(changed) = change(map.uri())
            {
                map.set_uri(changed);
            }
        }
        let segment_keys = self.playlist.segments.values_mut().flat_map(|segment| &mut segment.keys);
        for key in segment_keys.filter_map(|ExtXKey(key)| key.as_mut()).chain(&mut self.map_keys) {
            if let Some(changed) = change(key.uri()) {
                key.set_uri(changed);
            }
        }
        self.sort_keys();
    }
}

impl Reference for MasterPlaylist<'static> {
    fn read(text: &str) -> Self {
        let playlist = MasterPlaylist::try_from(decoded(text));
        playlist.unwrap_or_else(|error| panic!("{error}:\n{text}")).into_owned()
    }

    fn map_addresses(&mut self, change: &dyn Fn(&str) -> Option<String>) {
        for media in &mut self.media {
            let changed = media.uri().and_then(|uri| change(uri));
            if changed.is_some() {
                media.set_uri(changed);
            }
        }
        for stream in &mut self.variant_streams {
            let (VariantStream::ExtXStreamInf { uri, .. } | VariantStream::ExtXIFrame { uri, .. }) = stream;
            set(uri, change);
        }
        for data in &mut self.session_data {
            if let SessionData::Uri(uri) = &mut data.data {
                set(uri, change);
            }
        }
        for key in &mut self.session_keys {
            if let Some(changed) = change(key.0.uri()) {
                key.0.set_uri(changed);
            }
        }
    }
}
