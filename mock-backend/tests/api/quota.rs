//! Tokens a day: counted by key and UTC date, told on every answer, exact however many ask at once.

use std::time::Duration;

use ansdev_mock_backend::{KeySpec, Scope, seed};
use tokio::task::JoinSet;

use crate::client::{Answer, Client};
use crate::mock::Wanted;

const DAY_SECONDS: i64 = 86_400;

/// Limit, remaining, reset.
fn told(answer: &Answer) -> (i64, i64, i64) {
    (answer.number("x-ratelimit-limit"), answer.number("x-ratelimit-remaining"), answer.number("x-ratelimit-reset"))
}

fn end_of_day(client: &Client) -> i64 {
    (client.mock.now_ms() / 1000 / DAY_SECONDS + 1) * DAY_SECONDS
}

#[tokio::test]
async fn every_mint_answer_has_the_quota_errors_included() {
    let client = Client::with(Wanted::default().quota(2)).await;
    let reset = end_of_day(&client);
    assert_eq!(told(&client.mint(seed::CLEAR).await), (2, 1, reset));
    assert_eq!(told(&client.mint("vid_none").await), (2, 1, reset));
    assert_eq!(told(&client.mint(seed::IN_THE_MAKING).await), (2, 1, reset));
    assert_eq!(told(&client.mint(seed::CLEAR).await), (2, 0, reset));
    assert_eq!(told(&client.mint(seed::CLEAR).await), (2, 0, reset));
    let scopeless = client.key_with(&[]);
    assert_eq!(told(&client.mint_with(seed::CLEAR, &scopeless).await), (2, 2, reset));
    assert_eq!(told(&client.mint_with(seed::CLEAR, "").await), (2, 2, reset));
    assert_eq!(told(&client.mint_with(seed::CLEAR, "nonsense").await), (2, 2, reset));
}

#[tokio::test]
async fn a_spent_quota_has_a_retry_after_that_is_right() {
    let client = Client::with(Wanted::default().quota(1)).await;
    client.mint(seed::CLEAR).await;
    let refused = client.mint(seed::CLEAR).await;
    refused.assert_error(429, "RATE_LIMIT_EXCEEDED");
    let wait = refused.number("retry-after");
    assert!((1..=DAY_SECONDS).contains(&wait), "{wait}");
    let (_, _, reset) = told(&refused);
    assert!((reset - client.mock.now_ms() / 1000 - wait).abs() <= 1);

    client.mock.advance(Duration::from_secs(wait.cast_unsigned()));
    let answer = client.mint(seed::CLEAR).await;
    assert_eq!((answer.status.as_u16(), told(&answer)), (200, (1, 0, reset + DAY_SECONDS)));
}

#[tokio::test]
async fn keys_count_by_themselves_and_can_have_a_number_of_their_own() {
    let client = Client::with(Wanted::default().quota(2)).await;
    let generous = client.mock.create_key(&KeySpec { quota: Some(5000), ..KeySpec::default() });
    let plain = client.key_with(&[Scope::VideoRead]);
    client.mint(seed::CLEAR).await;
    assert_eq!(told(&client.mint_with(seed::CLEAR, &generous).await).1, 4999);
    assert_eq!(told(&client.mint_with(seed::SINGLE_KEY, &plain).await).1, 1);
    assert_eq!(told(&client.mint_with(seed::CLEAR, &plain).await).1, 0, "videos have no bucket of their own");
}

#[tokio::test]
async fn list_and_get_are_not_limited() {
    let client = Client::with(Wanted::default().quota(0)).await;
    let key = client.mock.api_key();
    for path in ["/v1/video", "/v1/video/vid_clear"] {
        let answer = client.get_with(path, key).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("x-ratelimit-limit"), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_at_once_on_a_hundred_give_exactly_a_hundred() {
    let client = Client::with(Wanted::default().quota(100)).await;
    let (mut mints, url) = (JoinSet::new(), client.mock.url());
    for _ in 0..200 {
        let request = client.http.post(format!("{url}/v1/video/vid_clear/playback-token"));
        mints.spawn(request.header("x-ansdev-key", client.mock.api_key()).header("content-length", 0).send());
    }
    let (mut minted, mut refused, mut remainders) = (0, 0, Vec::new());
    while let Some(answer) = mints.join_next().await {
        let answer = answer.unwrap().unwrap();
        match answer.status().as_u16() {
            200 => {
                minted += 1;
                remainders.push(answer.headers()["x-ratelimit-remaining"].to_str().unwrap().parse::<u32>().unwrap());
            }
            429 => refused += 1,
            status => panic!("{status}"),
        }
    }
    assert_eq!((minted, refused), (100, 100));
    remainders.sort_unstable();
    assert_eq!(remainders, (0..100).collect::<Vec<_>>(), "each token has its own place in the count");
}
