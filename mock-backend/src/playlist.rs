//! The playlists of videos (RFC 8216), written from what the store knows of them.

use std::fmt::Write as _;

use crate::answer::Failure;
use crate::media::{self, Rendition, SEGMENT_SECONDS};
use crate::store::VideoRow;

/// A video's playlist: that of its one rendition, or a master playlist of several.
///
/// `own_name` is the last part of the playlist's own address, a player's token or the dashboard's video id: renditions
/// are named relative to it, so theirs are behind the token too. `base` is the address under which the segments stand.
pub(crate) fn of_video(video: &VideoRow, own_name: &str, base: &str) -> String {
    let mut renditions = video.renditions().filter_map(media::rendition);
    match (renditions.next(), renditions.next()) {
        (Some(only), None) => media_playlist(video, only, base),
        _ => master_playlist(video, own_name),
    }
}

/// The playlist of one rendition, by the name that the master playlist gives it.
pub(crate) fn of_rendition(video: &VideoRow, file: &str, base: &str) -> Result<String, Failure> {
    let name = file.strip_suffix(".m3u8").filter(|name| video.renditions().any(|known| known == *name));
    let rendition = name.and_then(media::rendition).ok_or_else(|| {
        Failure::not_found("The video has no such rendition; expected one that its master playlist names.")
    })?;
    Ok(media_playlist(video, rendition, base))
}

/// The playlist that names the renditions' playlists.
fn master_playlist(video: &VideoRow, own_name: &str) -> String {
    let mut text = String::from("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    for Rendition { name, width, height, bandwidth, codecs, .. } in video.renditions().filter_map(media::rendition) {
        let _ = writeln!(
            text,
            "#EXT-X-STREAM-INF:BANDWIDTH={bandwidth},RESOLUTION={width}x{height},CODECS=\"{codecs}\",FRAME-RATE=25.000\n\
             {own_name}/{name}.m3u8"
        );
    }
    text
}

/// The playlist of one rendition. `base` is the address under which the CDN's segments stand.
fn media_playlist(video: &VideoRow, rendition: &Rendition, base: &str) -> String {
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
            write_key_tag(&mut text, video, number);
        }
        let _ =
            writeln!(text, "#EXTINF:{SEGMENT_SECONDS:.3},\n{base}/cdn/{}/{}/{number}.ts", video.job, rendition.name);
    }
    text.push_str("#EXT-X-ENDLIST\n");
    text
}

/// The `#EXT-X-KEY` before a segment, where it names another address than the one before.
fn write_key_tag(text: &mut String, video: &VideoRow, segment: u32) {
    let query = match video.segments_per_key_uri {
        Some(period) if segment.is_multiple_of(period) => format!("?n={}", segment / period),
        None if segment == 0 => String::new(),
        _ => return,
    };
    let _ = write!(text, "#EXT-X-KEY:METHOD=AES-128,URI=\"/video/key/{}{query}\"", video.job);
    if let Some(iv) = video.iv {
        let _ = write!(text, ",IV=0x{}", hex::encode(iv));
    }
    text.push('\n');
}
