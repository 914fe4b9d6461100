//! What a film still has to ask for, as its player knows it.

use fastrand::Rng;

/// A film, and how many of the playlists and keys that it names are not loaded yet.
pub(crate) struct Film {
    is_live: bool,
    has_renditions: bool,
    left: u32,
}

impl Film {
    /// One with one key, one whose keys rotate, one with many renditions, or a live one.
    pub(crate) fn any(rng: &mut Rng) -> Self {
        match rng.u32(0..4) {
            0 => Self { is_live: false, has_renditions: false, left: 2 },
            1 => Self { is_live: false, has_renditions: false, left: rng.u32(10..120) },
            2 => Self { is_live: false, has_renditions: true, left: 3 },
            _ => Self { is_live: true, has_renditions: false, left: 0 },
        }
    }

    /// Whether a request of the rest of the film can need a token.
    pub(crate) fn is_needed(&self) -> bool {
        self.is_live || self.left > 0
    }

    /// A playlist or a key has come.
    pub(crate) fn loaded(&mut self) {
        self.left = self.left.saturating_sub(1);
    }

    /// The viewer chooses another rendition, whose playlist is missing. (Automatic switching is a request, and no
    /// choice.)
    pub(crate) fn choose_rendition(&mut self) {
        self.left += u32::from(self.has_renditions);
    }
}
