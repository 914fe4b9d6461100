//! The test film, as `media/make.sh` cut it: 24 s in twelve MPEG-TS segments, in two sizes. Longer videos repeat it.

/// Seconds that every segment lasts.
pub(crate) const SEGMENT_SECONDS: f64 = 2.0;

/// A size of the film. The names are those of Ansdev's ladder; the pictures are small, to keep the repository so.
pub(crate) struct Rendition {
    /// The name in addresses and in the API's `quality`.
    pub(crate) name: &'static str,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Peak bits per second, sound included.
    pub(crate) bandwidth: u32,
    pub(crate) codecs: &'static str,
    pub(crate) segments: [&'static [u8]; 12],
}

macro_rules! segments {
    ($folder:literal) => {
        segments!($folder, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11")
    };
    ($folder:literal, $($number:literal),*) => {
        [$(include_bytes!(concat!("../../media/", $folder, "/", $number, ".ts"))),*]
    };
}

/// The film's renditions, the best first.
const RENDITIONS: [Rendition; 2] = [
    Rendition {
        name: "720p",
        width: 320,
        height: 180,
        bandwidth: 130_000,
        codecs: "avc1.4d4015,mp4a.40.2",
        segments: segments!("180p"),
    },
    Rendition {
        name: "480p",
        width: 160,
        height: 90,
        bandwidth: 90_000,
        codecs: "avc1.4d400c,mp4a.40.2",
        segments: segments!("90p"),
    },
];

/// The rendition of this name.
pub(crate) fn rendition(name: &str) -> Option<&'static Rendition> {
    RENDITIONS.iter().find(|rendition| rendition.name == name)
}

impl Rendition {
    /// The clear bytes of a segment, counted from 0; the film starts again after its last one.
    pub(crate) fn segment(&self, number: u32) -> &'static [u8] {
        self.segments[number as usize % self.segments.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_segment_is_whole_transport_packets_and_starts_with_a_keyframe() {
        for rendition in &RENDITIONS {
            for (number, segment) in rendition.segments.iter().enumerate() {
                assert_eq!(segment.len() % 188, 0, "{} {number}", rendition.name);
                assert!(segment.chunks(188).all(|packet| packet[0] == 0x47));
                assert!(starts_with_keyframe(segment), "{} {number}", rendition.name);
            }
        }
    }

    /// Whether the first picture's packet is marked as a random access point (ISO 13818-1, 2.4.3.4).
    fn starts_with_keyframe(segment: &[u8]) -> bool {
        const PICTURE_PID: u16 = 0x100;
        let is_picture = |packet: &&[u8]| u16::from_be_bytes([packet[1], packet[2]]) & 0x1fff == PICTURE_PID;
        let first = segment.chunks(188).find(is_picture).unwrap();
        let (has_adaptation, length, flags) = (first[3] & 0x20 != 0, first[4], first[5]);
        has_adaptation && length > 0 && flags & 0x40 != 0
    }

    #[test]
    fn the_committed_film_is_under_a_megabyte() {
        let bytes: usize = RENDITIONS.iter().flat_map(|rendition| rendition.segments).map(<[u8]>::len).sum();
        assert!(bytes < 1_000_000, "{bytes}");
    }
}
