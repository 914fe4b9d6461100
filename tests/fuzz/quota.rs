//! The quota headers: three whole numbers, or nothing.

use ansdev_player::api::Quota;
use ansdev_player::api::quota::{LIMIT_HEADER, REMAINING_HEADER, RESET_HEADER};
use bolero::check;

use crate::near_miss::near_miss;

/// Limit, remaining, reset; one on a line.
const HEADERS: [&str; 6] = [
    "1000\n993\n1790000000",
    "1000\n50\n1790000000",
    " 1000 \n0\n1790000000",
    "4294967295\n4294967295\n18446744073709551615",
    "4294967296\n1\n1",
    "20\n1\n0",
];

#[test]
fn quota() {
    check!(name = "quota").for_each(|input: &[u8]| {
        holds(input);
        holds(&near_miss(&HEADERS, input));
    });
}

fn holds(headers: &[u8]) {
    // A browser takes each byte of a header's value for a character (Fetch standard, "isomorphic decode").
    let mut lines = headers.split(|byte| *byte == b'\n').map(|line| line.iter().copied().map(char::from).collect());
    let values: [Option<String>; 3] = std::array::from_fn(|_| lines.next());
    let [limit, remaining, reset] = &values;
    let read = Quota::from_headers(|name| match name {
        LIMIT_HEADER => limit.clone(),
        REMAINING_HEADER => remaining.clone(),
        RESET_HEADER => reset.clone(),
        _ => panic!("asked for {name}"),
    });

    let number = |text: &Option<String>, most: u64| whole_number(text.as_deref()?).filter(|number| *number <= most);
    let expected = number(limit, u32::MAX.into())
        .zip(number(remaining, u32::MAX.into()))
        .zip(number(reset, u64::MAX))
        .map(|((limit, remaining), reset)| Quota { limit: limit as u32, remaining: remaining as u32, reset });
    assert_eq!(read, expected, "{values:?}");

    let Some(quota) = read else { return };
    assert_eq!(quota.is_exceeded(), quota.remaining == 0);
    assert_eq!(quota.is_low(), u128::from(quota.remaining) * 100 <= u128::from(quota.limit) * 5, "{quota:?}");
    assert!(quota.is_low() || !quota.is_exceeded(), "{quota:?}");
    let json = serde_json::to_string(&quota).unwrap();
    assert_eq!(serde_json::from_str::<Quota>(&json).unwrap(), quota);
}

/// Digits, read one by one; a plus before them does no harm.
fn whole_number(text: &str) -> Option<u64> {
    let text = text.trim_matches([' ', '\t', '\n', '\r', '\x0c']);
    let digits = text.strip_prefix('+').unwrap_or(text);
    let add = |number: u64, digit: char| number.checked_mul(10)?.checked_add(digit.to_digit(10)?.into());
    (!digits.is_empty()).then(|| digits.chars().try_fold(0, add)).flatten()
}
