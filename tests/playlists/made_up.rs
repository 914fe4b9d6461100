//! Made-up playlists, of which it is known where their addresses stand and what should become of each.

use ansdev_player::api::endpoints::{MANIFEST, PLAYBACK_KEY};
use proptest::collection::vec;
use proptest::option::{self, weighted};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::OLD;

/// An address as it stands in the playlist.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Address {
    pub(crate) text: String,
    /// What comes before the token and after it; `None` where the address needs none.
    pub(crate) behind_token: Option<(&'static str, String)>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece {
    Text(String),
    Address(Address),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Playlist(Vec<Piece>);

impl Playlist {
    pub(crate) fn text(&self) -> String {
        let text = |piece| match piece {
            &Piece::Text(ref text) | &Piece::Address(Address { ref text, .. }) => text.as_str(),
        };
        self.0.iter().map(text).collect()
    }

    pub(crate) fn addresses(&self) -> impl Iterator<Item = &Address> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Address(address) => Some(address),
            Piece::Text(_) => None,
        })
    }

    /// The playlist with other addresses where `change` gives one.
    pub(crate) fn map_addresses(&self, change: impl Fn(&str) -> Option<String>) -> Self {
        let mut changed = self.clone();
        for piece in &mut changed.0 {
            if let Piece::Address(address) = piece
                && let Some(text) = change(&address.text)
            {
                address.text = text;
            }
        }
        changed
    }
}

/// An attribute, without the comma before it.
type Attribute = Vec<Piece>;

fn text(text: impl Into<String>) -> Piece {
    Piece::Text(text.into())
}

fn written(name: &str, value: impl Into<String>) -> Attribute {
    vec![text(format!("{name}={}", value.into()))]
}

fn uri(address: Address) -> Attribute {
    vec![text("URI=\""), Piece::Address(address), text("\"")]
}

/// A line with a tag and its attributes, in their order.
fn tag(name: &str, attributes: impl IntoIterator<Item = Attribute>) -> Vec<Piece> {
    let mut line = vec![text(format!("{name}:"))];
    for (number, attribute) in attributes.into_iter().enumerate() {
        line.extend((number > 0).then(|| text(",")));
        line.extend(attribute);
    }
    line
}

fn line(line: impl Into<String>) -> Vec<Piece> {
    vec![text(line)]
}

/// Query and fragment, with all that could be taken for the end of an attribute, or of an address.
fn suffix() -> impl Strategy<Value = String> {
    "(\\?[a-z0-9=&,;:@/?.~-]{0,12})?(#[a-z0-9=,/?-]{0,6})?"
}

fn same_origin() -> impl Strategy<Value = (String, Option<(&'static str, String)>)> {
    let job = || "[a-z][a-z0-9_,=-]{0,12}";
    prop_oneof![
        // What playlists name: the dashboard's key address.
        4 => (job(), suffix()).prop_map(|(job, suffix)| {
            (format!("/video/key/{job}{suffix}"), Some((PLAYBACK_KEY, format!("/{job}{suffix}"))))
        }),
        1 => (job(), suffix()).prop_map(|(job, suffix)| {
            (format!("{PLAYBACK_KEY}old/{job}{suffix}"), Some((PLAYBACK_KEY, format!("/{job}{suffix}"))))
        }),
        1 => (job(), suffix()).prop_map(|(name, suffix)| {
            (format!("{MANIFEST}old/{name}.m3u8{suffix}"), Some((MANIFEST, format!("/{name}.m3u8{suffix}"))))
        }),
        1 => suffix().prop_map(|suffix| (format!("{MANIFEST}old{suffix}"), Some((MANIFEST, suffix)))),
        // Renditions are named relative to the playlist.
        2 => (job(), suffix()).prop_map(|(name, suffix)| {
            (format!("{OLD}/{name}.m3u8{suffix}"), Some((MANIFEST, format!("/{name}.m3u8{suffix}"))))
        }),
        1 => job().prop_map(|name| (format!("/cdn/{name}/720p/0.ts"), None)),
        1 => job().prop_map(|name| (format!("/video/key/{name}/more"), None)),
    ]
}

fn address() -> impl Strategy<Value = Address> {
    let elsewhere = prop_oneof![
        "https://cdn\\.example/[a-z0-9_,=/-]{0,20}[0-9]\\.ts(\\?[a-z0-9=&,]{0,9})?",
        "(https:)?//(evil\\.example|api\\.ansdev\\.cloud\\.evil\\.example|api\\.ansdev\\.cloud:444)/video/key/[a-z]{1,5}",
        "https://api\\.ansdev\\.cloud@evil\\.example/video/key/[a-z]{1,5}",
        "skd://key/[a-z0-9,]{1,9}",
        "data:text/plain;base64,[A-Za-z0-9+/]{4,12}==",
    ];
    let elsewhere = elsewhere.prop_map(|text| Address { text, behind_token: None });
    let here = same_origin().prop_map(|(text, behind_token)| Address { text, behind_token });
    prop_oneof![3 => here, 2 => elsewhere]
}

/// Text in quotes, with commas, equals signs and the names of attributes in it.
fn quoted() -> impl Strategy<Value = String> {
    "\"[A-Za-z0-9 ,=:;/é-]{1,16}(,URI=)?[a-z]{0,3}\""
}

/// Formats of keys. There can be one key of each at a time; of a second one the first would be forgotten.
const FORMATS: [&str; 4] = ["", "identity", "com.apple.streamingkeydelivery", "urn:uuid:edef8ba9,URI="];

/// What `#EXT-X-KEY` and `#EXT-X-SESSION-KEY` say.
fn key(methods: &'static [&'static str], format: &'static str) -> impl Strategy<Value = Vec<Attribute>> {
    let format = Some(format).filter(|format| !format.is_empty());
    let others = (
        weighted(0.5, "0[xX][0-9A-Fa-f]{32}".prop_map(|iv| written("IV", iv))),
        Just(format.map(|format| written("KEYFORMAT", format!("\"{format}\"")))),
        weighted(0.3, "\"1(/[2-9]){0,3}\"".prop_map(|versions| written("KEYFORMATVERSIONS", versions))),
    );
    (select(methods), address(), others, any::<bool>()).prop_map(
        |(method, address, (iv, format, versions), is_last)| {
            let (method, uri) = (written("METHOD", method), uri(address));
            let others: Vec<_> = [iv, format, versions].into_iter().flatten().collect();
            if is_last { [vec![method], others, vec![uri]].concat() } else { [vec![method, uri], others].concat() }
        },
    )
}

/// The keys of a segment: lines. Where all segments are independent, all are encrypted, with AES-128.
fn keys(is_independent: bool) -> impl Strategy<Value = Vec<Vec<Piece>>> {
    let methods = if is_independent { &["AES-128"][..] } else { &["AES-128", "SAMPLE-AES"] };
    let some = subsequence(&FORMATS[..], 0..3).prop_flat_map(move |formats| {
        let keys: Vec<_> = formats.into_iter().map(|format| key(methods, format)).collect();
        keys.prop_map(|keys| keys.into_iter().map(|attributes| tag("#EXT-X-KEY", attributes)).collect())
    });
    let none = Just(vec![line("#EXT-X-KEY:METHOD=NONE")]);
    if is_independent { some.boxed() } else { prop_oneof![1 => none, 5 => some].boxed() }
}

/// Lines of the playlist into its text: with a byte order mark or none, one of the two line ends, empty lines, comments.
fn playlist(lines: impl Strategy<Value = Vec<Vec<Piece>>>) -> impl Strategy<Value = Playlist> {
    let between =
        select(&["", "", "", "", "\n", "# no tag, URI=\"/video/key/a\"\n", "#EXT-X-LATER:URI=\"/video/key/b\"\n"][..]);
    (lines, any::<bool>(), any::<bool>(), vec(between, 1..8)).prop_map(|(lines, has_mark, is_crlf, between)| {
        let mut pieces = vec![text(if has_mark { "\u{feff}#EXTM3U\n" } else { "#EXTM3U\n" })];
        for (line, between) in lines.into_iter().zip(between.into_iter().cycle()) {
            pieces.push(text(between));
            pieces.extend(line);
            pieces.push(text("\n"));
        }
        for piece in &mut pieces {
            if let Piece::Text(text) = piece
                && is_crlf
            {
                *text = text.replace('\n', "\r\n");
            }
        }
        Playlist(pieces)
    })
}

fn start() -> impl Strategy<Value = Vec<Piece>> {
    "#EXT-X-START:TIME-OFFSET=-?[0-9]{1,3}\\.[0-9](,PRECISE=(YES|NO))?".prop_map(line)
}

/// A media playlist (RFC 8216, sections 4.3.1 to 4.3.3).
pub(crate) fn media_playlist() -> impl Strategy<Value = Playlist> {
    let lines = any::<bool>().prop_flat_map(|is_independent| {
        let header = (
            weighted(0.5, "#EXT-X-MEDIA-SEQUENCE:[0-9]{1,5}".prop_map(line)),
            weighted(0.3, "#EXT-X-DISCONTINUITY-SEQUENCE:[0-9]{1,3}".prop_map(line)),
            weighted(0.5, "#EXT-X-PLAYLIST-TYPE:(VOD|EVENT)".prop_map(line)),
            weighted(0.2, Just(line("#EXT-X-I-FRAMES-ONLY"))),
            weighted(0.3, start()),
        );
        let end = weighted(0.7, Just(line("#EXT-X-ENDLIST")));
        (header, vec(segment(is_independent), 1..6), end).prop_map(move |((a, b, c, d, e), segments, end)| {
            let independent = is_independent.then(|| line("#EXT-X-INDEPENDENT-SEGMENTS"));
            let first =
                [Some(line("#EXT-X-VERSION:7")), Some(line("#EXT-X-TARGETDURATION:10")), a, b, c, d, e, independent];
            first.into_iter().flatten().chain(segments.into_iter().flatten()).chain(end).collect::<Vec<_>>()
        })
    });
    playlist(lines)
}

/// The lines of a segment.
fn segment(is_independent: bool) -> impl Strategy<Value = Vec<Vec<Piece>>> {
    let map = (address(), option::of("\"[1-9][0-9]{0,4}(@[0-9]{1,5})\"")).prop_map(|(address, range)| {
        tag("#EXT-X-MAP", [Some(uri(address)), range.map(|range| written("BYTERANGE", range))].into_iter().flatten())
    });
    let dates =
        (quoted(), quoted(), "[0-9]{1,3}\\.[0-9]", any::<bool>()).prop_map(|(id, comment, duration, is_open)| {
            let date = written("START-DATE", "\"2026-01-02T03:04:05.678Z\"");
            let length = if is_open { written("PLANNED-DURATION", duration) } else { written("DURATION", duration) };
            tag("#EXT-X-DATERANGE", [written("ID", id), date, length, written("X-COMMENT", comment)])
        });
    let before = (
        weighted(0.2, Just(line("#EXT-X-DISCONTINUITY"))),
        keys(is_independent),
        weighted(0.4, map),
        weighted(0.3, Just(line("#EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:05.678+01:00"))),
        weighted(0.3, dates),
        weighted(0.4, "#EXT-X-BYTERANGE:[1-9][0-9]{0,5}@[0-9]{1,6}".prop_map(line)),
        "#EXTINF:[0-9](\\.[0-9]{1,5})?,([A-Za-z][A-Za-z0-9 ,=\"é]{0,12}[a-z])?".prop_map(line),
    );
    (before, address()).prop_map(|((discontinuity, keys, map, date, dates, range, duration), address)| {
        let tags = discontinuity.into_iter().chain(keys).chain(map).chain(date).chain(dates).chain(range);
        tags.chain([duration, vec![Piece::Address(address)]]).collect()
    })
}

/// A master playlist (RFC 8216, sections 4.3.4 and 4.3.5).
pub(crate) fn master_playlist() -> impl Strategy<Value = Playlist> {
    let media = (address(), quoted(), any::<bool>()).prop_map(|(address, name, is_first)| {
        let fixed = written("TYPE", "AUDIO").into_iter().chain([text(",")]).chain(written("GROUP-ID", "\"a,b\""));
        let fixed: Attribute = fixed.collect();
        let more = [written("NAME", name), written("LANGUAGE", "\"en\""), written("CHANNELS", "\"2\"")];
        let attributes = if is_first {
            [vec![uri(address), fixed], more.into()]
        } else {
            [vec![fixed], [&more[..], &[uri(address)]].concat()]
        };
        tag("#EXT-X-MEDIA", attributes.concat())
    });
    let stream = || {
        let more = "(,AVERAGE-BANDWIDTH=[1-9][0-9]{5})?(,RESOLUTION=1280x720)?(,HDCP-LEVEL=(NONE|TYPE-0))?";
        ("BANDWIDTH=[1-9][0-9]{3,7}(,CODECS=\"avc1\\.64001f,mp4a\\.40\\.2\")?", more).prop_map(|(a, b)| a + &b)
    };
    let variant = (stream(), any::<bool>(), address()).prop_map(|(attributes, has_audio, address)| {
        let audio = if has_audio { ",FRAME-RATE=25.000,AUDIO=\"a,b\"" } else { "" };
        // Nothing may stand between the tag and its address.
        vec![text(format!("#EXT-X-STREAM-INF:{attributes}{audio}\n")), Piece::Address(address)]
    });
    let frames = (stream(), address())
        .prop_map(|(attributes, address)| tag("#EXT-X-I-FRAME-STREAM-INF", [vec![text(attributes)], uri(address)]));
    let data = (quoted(), prop_oneof![quoted().prop_map(Err), address().prop_map(Ok)]).prop_map(|(id, data)| {
        let data = data.map_or_else(|value| written("VALUE", value), uri);
        tag("#EXT-X-SESSION-DATA", [written("DATA-ID", id), data, written("LANGUAGE", "\"en\"")])
    });
    let session_key = select(&FORMATS[..]).prop_flat_map(|format| key(&["AES-128", "SAMPLE-AES"], format));
    let session_key = session_key.prop_map(|attributes| tag("#EXT-X-SESSION-KEY", attributes));
    let lines = (
        (any::<bool>(), option::of(start()), vec(media, 1..4), vec(variant, 1..4)),
        (vec(frames, 0..2), option::of(data), vec(session_key, 0..3)),
    );
    playlist(lines.prop_map(|((is_independent, start, media, variants), (frames, data, keys))| {
        let independent = is_independent.then(|| line("#EXT-X-INDEPENDENT-SEGMENTS"));
        let first = [Some(line("#EXT-X-VERSION:7")), independent, start].into_iter().flatten().chain(media);
        first.chain(keys).chain(variants).chain(frames).chain(data).collect()
    }))
}
