//! Inputs that are almost right. Bytes that mean nothing are refused at the first look; what is wrong in one place gets
//! to where mistakes are.

/// What has broken parsers before.
const PIECES: [&str; 25] = [
    "\0",
    "\r\n",
    "\n",
    "\t",
    " ",
    "/",
    "//",
    "..",
    "\\",
    "?",
    "#",
    "@",
    ":",
    ",",
    "\"",
    "%2f",
    "%2E",
    "%00",
    "%ff",
    "\u{feff}",
    "é",
    "-1",
    "18446744073709551616",
    "1e309",
    "null",
];

/// One of the templates, changed in up to seven places, as `script` says; an empty script changes nothing.
pub(crate) fn near_miss<T: AsRef<[u8]>>(templates: &[T], script: &[u8]) -> Vec<u8> {
    let mut script = script.iter().copied().map(usize::from);
    let mut next = move || script.next().unwrap_or(0);
    let template = |number: usize| templates[number % templates.len()].as_ref();
    let mut text = template(next()).to_vec();
    for _ in 0..next() % 8 {
        let (what, at) = (next() % 9, (next() << 8 | next()) % (text.len() + 1));
        let up_to = |length: usize| (at + length).min(text.len());
        match what {
            0 => text.insert(at, next() as u8),
            1 => text[at..].iter_mut().take(1).for_each(|byte| *byte = next() as u8),
            2 => text[at..].iter_mut().take(1).for_each(|byte| *byte ^= 0x20),
            3 => drop(text.splice(at..at, PIECES[next() % PIECES.len()].bytes())),
            4 => drop(text.drain(at..up_to(1 + next() % 16))),
            5 => {
                let copy = text[at..up_to(1 + next() % 64)].to_vec();
                drop(text.splice(at..at, copy));
            }
            6 => {
                let other = template(next());
                drop(text.splice(at.., other[at.min(other.len())..].iter().copied()));
            }
            7 => text.truncate(at),
            _ => {
                // Longer than any buffer that was meant for it.
                let (byte, length) = (next() as u8, 1 << (next() % 13));
                drop(text.splice(at..at, std::iter::repeat_n(byte, length)));
            }
        }
    }
    text
}
