//! Whole playlists: which of their addresses get the token, and that nothing else changes. The playlists are made up, with
//! every tag of RFC 8216; `hls_m3u8`, which is not ours, reads them before and after.
//!
//! In a page an address is rewritten when a player asks for it. Here every one of a playlist's is asked for, and put back
//! where it stood.

#![cfg(not(target_arch = "wasm32"))]

mod made_up;
mod reference;

use std::fmt::Debug;

use ansdev_player::api::BaseUrl;
use ansdev_player::gated_url::GatedUrl;
use proptest::prelude::*;
use proptest::sample::select;
use url::Url;

use made_up::{Playlist, master_playlist, media_playlist};
use reference::{Media, Reference};

/// Where the API may lie.
const BASES: [&str; 4] =
    ["https://api.ansdev.cloud", "http://127.0.0.1:8080", "https://example.com/ansdev", "https://example.com/a/b"];

/// The token with which the playlist was asked for.
const OLD: &str = "old.to-ken";

/// Where the API lies, the token of now, and a later one.
#[derive(Debug, Clone)]
struct Setting {
    base: BaseUrl,
    token: String,
    later: String,
}

fn setting() -> impl Strategy<Value = Setting> {
    let token = || "[A-Za-z0-9_~-]{1,20}(\\.[A-Za-z0-9_-]{1,20}){0,2}";
    (select(&BASES[..]), token(), token()).prop_map(|(base, token, later)| Setting {
        base: BaseUrl::parse(base).unwrap(),
        token,
        later,
    })
}

impl Setting {
    /// What is asked for where the playlist names `address`; `None` where that is left as it is.
    fn rewritten(&self, address: &str, token: &str) -> Option<String> {
        let absolute = Url::parse(&self.base.manifest(OLD)).unwrap().join(address).unwrap();
        GatedUrl::parse(absolute.as_str(), &self.base).map(|gated| gated.with_token(&self.base, token))
    }

    fn rewritten_playlist(&self, playlist: &Playlist, token: &str) -> Playlist {
        playlist.map_addresses(|address| self.rewritten(address, token))
    }
}

fn holds<R: Reference + Debug + PartialEq>(setting: &Setting, playlist: &Playlist) {
    for address in playlist.addresses() {
        let expected = address.behind_token.as_ref().map(|(route, rest)| {
            assert!(address.text.ends_with(rest.as_str()), "what follows the token keeps its bytes");
            [setting.base.as_str(), route, &setting.token, rest].concat()
        });
        assert_eq!(setting.rewritten(&address.text, &setting.token), expected, "{address:?}");
    }

    let once = setting.rewritten_playlist(playlist, &setting.token);
    assert_eq!(setting.rewritten_playlist(&once, &setting.token), once, "the same token changes nothing more");
    let later = setting.rewritten_playlist(playlist, &setting.later);
    assert_eq!(setting.rewritten_playlist(&once, &setting.later), later, "an earlier token leaves no trace");

    let (text, text_once) = (playlist.text(), once.text());
    let mut read = R::read(&text);
    let sorted = |mut addresses: Vec<String>| {
        addresses.sort();
        // A parser tells of a key with every segment that it opens.
        addresses.dedup();
        addresses
    };
    let named = playlist.addresses().map(|address| address.text.clone()).collect();
    assert_eq!(sorted(read.addresses()), sorted(named), "the parser sees the addresses that were put in:\n{text}");
    read.map_addresses(&|address| setting.rewritten(address, &setting.token));
    assert_eq!(R::read(&text_once), read, "the parser sees the same playlist with other addresses:\n{text_once}");
}

proptest! {
    #[test]
    fn of_a_media_playlist_only_what_lies_behind_the_token_is_rewritten(setting in setting(), playlist in media_playlist()) {
        holds::<Media>(&setting, &playlist);
    }

    #[test]
    fn of_a_master_playlist_only_what_lies_behind_the_token_is_rewritten(setting in setting(), playlist in master_playlist()) {
        holds::<hls_m3u8::MasterPlaylist<'static>>(&setting, &playlist);
    }
}
