//! The playlists of videos (RFC 8216), written from what the store knows of them.

use std::fmt::Write as _;

use super::media::{self, Rendition, SEGMENT_SECONDS};
use super::store::VideoRow;

/// Where a playlist lies, which decides how it names what it needs.
#[derive(Clone, Copy)]
pub(crate) enum Place<'a> {
    /// At the API: segments by their whole addresses, keys by a path of its own. `own_name` is the last part of the
    /// video's playlist, a player's token or the dashboard's video id: renditions are named relative to it, so theirs
    /// are behind the token too. `base` is the address under which the segments stand.
    Api { own_name: &'a str, base: &'a str },
    /// On the CDN: renditions and segments relative to it, keys by the API's whole address.
    Cdn { api: &'a str },
}

/// A video's playlist: that of its one rendition, or a master playlist of several.
pub(crate) fn of_video(video: &VideoRow, place: Place<'_>) -> String {
    let mut renditions = video.renditions().filter_map(media::rendition);
    match (renditions.next(), renditions.next()) {
        (Some(only), None) => media_playlist(video, only, place),
        _ => master_playlist(video, place),
    }
}

/// The playlist of one rendition, if the video has it.
pub(crate) fn of_rendition(video: &VideoRow, name: Option<&str>, place: Place<'_>) -> Option<String> {
    let name = name.filter(|name| video.renditions().any(|known| known == *name));
    Some(media_playlist(video, name.and_then(media::rendition)?, place))
}

/// The name of a segment in a playlist on the CDN, as Ansdev publishes it.
pub(crate) fn chunk(number: u32) -> String {
    format!("chunk_{number:04}.ts")
}

/// The playlist that names the renditions' playlists.
fn master_playlist(video: &VideoRow, place: Place<'_>) -> String {
    let mut text = String::from("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    for Rendition { name, width, height, bandwidth, codecs, .. } in video.renditions().filter_map(media::rendition) {
        let _ = writeln!(
            text,
            "#EXT-X-STREAM-INF:BANDWIDTH={bandwidth},RESOLUTION={width}x{height},CODECS=\"{codecs}\",FRAME-RATE=25.000"
        );
        let _ = match place {
            Place::Api { own_name, .. } => writeln!(text, "{own_name}/{name}.m3u8"),
            Place::Cdn { .. } => writeln!(text, "{name}/playlist.m3u8"),
        };
    }
    text
}

/// The playlist of one rendition.
fn media_playlist(video: &VideoRow, rendition: &Rendition, place: Place<'_>) -> String {
    let mut text = format!(
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:{SEGMENT_SECONDS}\n#EXT-X-MEDIA-SEQUENCE:0\n\
         #EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n"
    );
    let film_length = rendition.segments.len() as u32;
    for number in 0..video.segments {
        if number > 0 && number % film_length == 0 {
            // The film starts again, and its timestamps with it.
            text.push_str("#EXT-X-DISCONTINUITY\n");
        }
        if video.wrapped_key.is_some() {
            write_key_tag(&mut text, video, number, place);
        }
        let _ = writeln!(text, "#EXTINF:{SEGMENT_SECONDS:.3},");
        let _ = match place {
            Place::Api { base, .. } => writeln!(text, "{base}/cdn/{}/{}/{number}.ts", video.job, rendition.name),
            Place::Cdn { .. } => writeln!(text, "{}", chunk(number)),
        };
    }
    text.push_str("#EXT-X-ENDLIST\n");
    text
}

/// The `#EXT-X-KEY` before a segment, where it names another address than the one before.
fn write_key_tag(text: &mut String, video: &VideoRow, segment: u32, place: Place<'_>) {
    let query = match video.segments_per_key_uri {
        Some(period) if segment.is_multiple_of(period) => format!("?n={}", segment / period),
        None if segment == 0 => String::new(),
        _ => return,
    };
    let origin = match place {
        Place::Api { .. } => "",
        Place::Cdn { api } => api,
    };
    let _ = write!(text, "#EXT-X-KEY:METHOD=AES-128,URI=\"{origin}/video/key/{}{query}\"", video.job);
    if let Some(iv) = video.iv {
        let _ = write!(text, ",IV=0x{}", hex::encode(iv));
    }
    text.push('\n');
}
