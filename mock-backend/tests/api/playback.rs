//! Playing as a player does it: playlist, keys, segments; and what comes out is the film.

use ansdev_mock_backend::{Route, seed};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use reqwest::Method;

use crate::client::{Answer, Client};

/// A segment of a playlist, and what opens it.
struct Segment {
    url: String,
    /// URI and IV of its key.
    key: Option<(String, Option<[u8; 16]>)>,
}

fn segments(playlist: &str) -> Vec<Segment> {
    let (mut segments, mut key) = (Vec::new(), None);
    for line in playlist.lines() {
        if let Some(attributes) = line.strip_prefix("#EXT-X-KEY:METHOD=AES-128,") {
            let uri = attributes.split('"').nth(1).unwrap().to_owned();
            let iv = attributes.split_once("IV=0x").map(|(_, iv)| hex::decode(iv).unwrap().try_into().unwrap());
            key = Some((uri, iv));
        } else if !line.starts_with('#') {
            segments.push(Segment { url: line.to_owned(), key: key.clone() });
        }
    }
    segments
}

/// The film's clear bytes, segment by segment.
fn film(rendition: &str) -> Vec<Vec<u8>> {
    let folder = format!("{}/media/{rendition}", env!("CARGO_MANIFEST_DIR"));
    (0..12).map(|number| std::fs::read(format!("{folder}/{number}.ts")).unwrap()).collect()
}

async fn playlist(client: &Client, token: &str, rendition: &str) -> String {
    let answer = client.get(&format!("/v1/video/playback/manifest/{token}{rendition}")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/vnd.apple.mpegurl"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.text()
}

/// Fetches every segment as a player would, keys through the player's route, and gives the clear bytes.
async fn played(client: &Client, token: &str, playlist: &str) -> Vec<Vec<u8>> {
    let mut clear = Vec::new();
    for (number, segment) in segments(playlist).into_iter().enumerate() {
        let path = segment.url.strip_prefix(&client.mock.url()).expect("segments have absolute addresses");
        let answer = client.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, Some("video/mp2t")));
        let Some((uri, iv)) = segment.key else {
            clear.push(answer.body);
            continue;
        };
        let rest = uri.strip_prefix("/video/key/").expect("playlists name the dashboard's route");
        let key = client.get(&format!("/v1/video/playback/key/{token}/{rest}")).await;
        assert_eq!((key.status.as_u16(), key.body.len()), (200, 16));
        assert_eq!(key.header("cache-control"), Some("no-store"));
        let key: [u8; 16] = key.body.try_into().unwrap();
        let iv = iv.unwrap_or_else(|| (number as u128).to_be_bytes());
        let cipher = cbc::Decryptor::<aes::Aes128>::new(&key.into(), &iv.into());
        clear.push(cipher.decrypt_padded_vec::<Pkcs7>(&answer.body).unwrap());
    }
    clear
}

#[tokio::test]
async fn the_rotating_film_names_a_new_key_uri_every_two_segments() {
    let client = Client::start().await;
    let token = client.token(seed::ROTATING_KEYS).await;
    let playlist = playlist(&client, &token, "").await;
    let uris: Vec<_> = segments(&playlist).into_iter().map(|segment| segment.key.unwrap().0).collect();
    let expected: Vec<_> = (0..12).map(|number| format!("/video/key/job_rotating_keys?n={}", number / 2)).collect();
    assert_eq!(uris, expected);
    assert_eq!(playlist.matches("#EXT-X-KEY").count(), 6);
    assert!(played(&client, &token, &playlist).await == film("180p"));
}

#[tokio::test]
async fn a_single_key_with_an_iv_opens_the_film() {
    let client = Client::start().await;
    let token = client.token(seed::SINGLE_KEY).await;
    let playlist = playlist(&client, &token, "").await;
    assert_eq!(playlist.matches("#EXT-X-KEY").count(), 1);
    assert!(playlist.contains(",IV=0x"));
    assert!(played(&client, &token, &playlist).await == film("180p"));
}

#[tokio::test]
async fn a_clear_film_has_no_key_tag() {
    let client = Client::start().await;
    let token = client.token(seed::CLEAR).await;
    let playlist = playlist(&client, &token, "").await;
    assert!(!playlist.contains("#EXT-X-KEY"));
    assert!(played(&client, &token, &playlist).await == film("180p"));
}

#[tokio::test]
async fn two_renditions_stand_behind_the_token_too() {
    let client = Client::start().await;
    let token = client.token(seed::TWO_RENDITIONS).await;
    let master = playlist(&client, &token, "").await;
    let names: Vec<_> = master.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(names, [format!("{token}/720p.m3u8"), format!("{token}/480p.m3u8")]);
    for (rendition, folder) in [("/720p.m3u8", "180p"), ("/480p.m3u8", "90p")] {
        let playlist = playlist(&client, &token, rendition).await;
        assert!(played(&client, &token, &playlist).await == film(folder), "{rendition}");
    }
    for rendition in ["1080p.m3u8", "720p", "720p.mpd", "..%2F720p.m3u8", "%ff"] {
        let path = format!("/v1/video/playback/manifest/{token}/{rendition}");
        let answer = client.get(&path).await;
        match rendition {
            "%ff" => answer.assert_error(401, "PLAYBACK_TOKEN_INVALID"),
            _ => answer.assert_error(404, "NOT_FOUND"),
        }
    }
    client.get("/v1/video/playback/manifest/nonsense/720p.m3u8").await.assert_error(401, "PLAYBACK_TOKEN_INVALID");
}

#[tokio::test]
async fn two_hours_repeat_the_film_with_a_new_key_uri_every_minute() {
    let client = Client::start().await;
    let token = client.token(seed::TWO_HOURS).await;
    let playlist = playlist(&client, &token, "").await;
    assert_eq!(playlist.matches("#EXTINF:2.000").count(), 3600);
    assert_eq!(playlist.matches("#EXT-X-KEY").count(), 120);
    assert_eq!(playlist.matches("#EXT-X-DISCONTINUITY").count(), 299);
    assert!(playlist.ends_with("#EXT-X-ENDLIST\n"));
    assert_eq!(client.get("/cdn/job_two_hours/720p/3599.ts").await.status, 200);
    client.get("/cdn/job_two_hours/720p/3600.ts").await.assert_error(404, "NOT_FOUND");
}

#[tokio::test]
async fn segments_need_no_token_and_are_encrypted() {
    let client = Client::start().await;
    let segment = client.get("/cdn/job_single_key/720p/0.ts").await.body;
    assert!(segment != film("180p")[0]);
    assert_eq!(segment.len() % 16, 0);
    for path in [
        "/cdn/job_none/720p/0.ts",
        "/cdn/job_single_key/480p/0.ts",
        "/cdn/job_single_key/720p/12.ts",
        "/cdn/job_single_key/720p/-1.ts",
        "/cdn/job_single_key/720p/0",
        "/cdn/job_single_key/720p/..%2F0.ts",
        "/cdn/%ff/720p/0.ts",
    ] {
        client.get(path).await.assert_error(404, "NOT_FOUND");
    }
}

/// The playlist to which the API redirects, and its whole address.
async fn redirected(client: &Client, token: &str) -> (String, String) {
    let path = format!("/v1/video/playback/manifest/{token}");
    let answer = Answer::of(client.request(Method::GET, &path).header("origin", "https://shop.example")).await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (302, Some("no-store")));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    let address = answer.header("location").unwrap().to_owned();
    assert!(!address.contains(token), "the CDN gets no token");
    (fetched(client, &address).await, address)
}

/// A playlist of the CDN's, as a page reads it: after a redirect to another origin its own is `null`.
async fn fetched(client: &Client, address: &str) -> String {
    let answer = Answer::of(client.http.get(address).header("origin", "null")).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, Some("application/vnd.apple.mpegurl")));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    answer.text()
}

/// The same playlist with addresses as [`played`] expects them.
fn absolute(playlist: &str, client: &Client, folder: &str) -> String {
    playlist
        .replace(&format!("URI=\"{}/video/key/", client.mock.url()), "URI=\"/video/key/")
        .replace("\nchunk_", &format!("\n{}{folder}chunk_", client.mock.url()))
}

#[tokio::test]
async fn a_playlist_on_the_cdn_is_redirected_to_and_names_its_segments_relative_to_itself() {
    let client = Client::start().await;
    let token = client.token(seed::ON_CDN).await;
    let (playlist, address) = redirected(&client, &token).await;
    // Another origin than the API's, as in real life.
    let cdn = format!("http://localhost:{}", client.mock.address().port());
    assert_eq!(address, format!("{cdn}/cdn/job_on_cdn/master.m3u8"));
    let key = format!("#EXT-X-KEY:METHOD=AES-128,URI=\"{}/video/key/job_on_cdn\"\n", client.mock.url());
    assert_eq!(playlist.matches("#EXT-X-KEY").count(), 1);
    assert!(playlist.contains(&key), "{playlist}");
    let names: Vec<_> = playlist.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(names, (0..12).map(|number| format!("chunk_{number:04}.ts")).collect::<Vec<_>>());
    let playlist = absolute(&playlist, &client, "/cdn/job_on_cdn/");
    assert!(played(&client, &token, &playlist).await == film("180p"));
}

#[tokio::test]
async fn two_renditions_on_the_cdn_need_the_token_for_keys_alone() {
    let client = Client::start().await;
    let token = client.token(seed::TWO_ON_CDN).await;
    let (master, address) = redirected(&client, &token).await;
    let names: Vec<_> = master.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(names, ["720p/playlist.m3u8", "480p/playlist.m3u8"]);
    for (name, folder) in [("720p", "180p"), ("480p", "90p")] {
        let address = address.replace("master.m3u8", &format!("{name}/playlist.m3u8"));
        let playlist = absolute(&fetched(&client, &address).await, &client, &format!("/cdn/job_two_on_cdn/{name}/"));
        assert_eq!(playlist.matches("#EXT-X-KEY").count(), 6);
        assert!(played(&client, &token, &playlist).await == film(folder), "{name}");
    }
    let path = format!("/v1/video/playback/manifest/{token}/720p.m3u8");
    client.get(&path).await.assert_error(404, "NOT_FOUND");
    let routes: Vec<_> = client.mock.journal().iter().map(|entry| entry.route).collect();
    assert_eq!(routes.iter().filter(|route| **route == Route::Manifest).count(), 5);
    assert_eq!(routes.iter().filter(|route| **route == Route::Segment).count(), 24);
}

#[tokio::test]
async fn the_cdn_has_no_playlist_of_a_video_whose_playlist_is_the_apis() {
    let client = Client::start().await;
    for path in [
        "/cdn/job_single_key/master.m3u8",
        "/cdn/job_two_renditions/master.m3u8",
        "/cdn/job_two_renditions/720p/playlist.m3u8",
        "/cdn/job_single_key/chunk_0000.ts",
        "/cdn/job_single_key/720p/chunk_0000.ts",
        "/cdn/job_on_cdn/720p/playlist.m3u8x",
        "/cdn/job_on_cdn/chunk_0012.ts",
        "/cdn/job_on_cdn/chunk_00.ts",
        "/cdn/job_on_cdn/chunk_00000.ts",
        "/cdn/job_on_cdn/chunk_+001.ts",
        "/cdn/job_on_cdn/0.ts",
        "/cdn/job_two_on_cdn/chunk_0000.ts",
        "/cdn/job_two_on_cdn/1080p/playlist.m3u8",
        "/cdn/job_none/master.m3u8",
        "/cdn/%ff/master.m3u8",
        "/cdn/%ff/chunk_0000.ts",
        "/cdn/job_two_on_cdn/%ff/playlist.m3u8",
    ] {
        client.get(path).await.assert_error(404, "NOT_FOUND");
    }
}

#[tokio::test]
async fn the_cdn_is_another_origin_where_there_are_two() {
    let client = Client::start().await;
    let port = client.mock.address().port();
    let token = client.token(seed::ON_CDN).await;
    let path = format!("/v1/video/playback/manifest/{token}");
    for (host, scheme, cdn, api) in [
        (format!("localhost:{port}"), "http", format!("http://127.0.0.1:{port}"), format!("http://localhost:{port}")),
        (format!("127.0.0.1:{port}"), "http", format!("http://localhost:{port}"), format!("http://127.0.0.1:{port}")),
        // Behind a proxy there is one name, and its scheme.
        ("video.example".to_owned(), "https", "https://video.example".to_owned(), "https://video.example".to_owned()),
        ("video.example".to_owned(), "http", "http://video.example".to_owned(), "http://video.example".to_owned()),
    ] {
        let request = client.request(Method::GET, &path).header("host", &host).header("x-forwarded-proto", scheme);
        let answer = Answer::of(request).await;
        assert_eq!(answer.header("location"), Some(format!("{cdn}/cdn/job_on_cdn/master.m3u8").as_str()));
        let host = cdn.split_once("://").unwrap().1;
        let request = client.request(Method::GET, "/cdn/job_on_cdn/master.m3u8").header("host", host);
        let playlist = Answer::of(request.header("x-forwarded-proto", scheme)).await.text();
        assert!(playlist.contains(&format!("URI=\"{api}/video/key/job_on_cdn\"")), "{playlist}");
    }
}

/// The claims of a token, which anybody can read.
fn claims(token: &str) -> ansdev_player::api::token::Claims {
    let payload = token.split('.').nth(1).unwrap();
    let bits = payload.bytes().flat_map(|byte| {
        let value = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".iter().position(|b| *b == byte);
        (0..6).rev().map(move |bit| value.unwrap() >> bit & 1)
    });
    let bits: Vec<_> = bits.collect();
    let bytes: Vec<_> =
        bits.chunks_exact(8).map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | *bit as u8)).collect();
    serde_json::from_slice(&bytes).unwrap()
}

#[tokio::test]
async fn a_tokens_end_is_exactly_as_far_from_its_beginning_as_it_says() {
    let client = Client::start().await;
    for _ in 0..20 {
        let data = client.mint(seed::SINGLE_KEY).await.json()["data"].take();
        let claims = claims(data["token"].as_str().unwrap());
        assert_eq!(data["expiresIn"], (claims.exp - claims.iat) as f64);
        client.mock.advance(std::time::Duration::from_millis(137));
    }
}

#[tokio::test]
async fn behind_a_proxy_that_speaks_tls_every_address_is_https() {
    let client = Client::start().await;
    let via = |method, path: &str| {
        let request = client.request(method, path).header("host", "video.example").header("x-forwarded-proto", "https");
        request.header("x-ansdev-key", client.mock.api_key())
    };
    let mint = via(Method::POST, "/v1/video/vid_clear/playback-token").header("content-length", 0);
    let data = Answer::of(mint).await.json()["data"].take();
    let token = data["token"].as_str().unwrap();
    assert_eq!(data["playerUrl"], format!("https://video.example/player/{token}"));
    let playlist = Answer::of(via(Method::GET, &format!("/v1/video/playback/manifest/{token}"))).await.text();
    assert!(playlist.contains("\nhttps://video.example/cdn/job_clear/720p/0.ts\n"), "{playlist}");
    let local = via(Method::GET, "/demo/config.json");
    Answer::of(local).await.assert_error(421, "HOST_NOT_ALLOWED");
    let config = client.request(Method::GET, "/demo/config.json").header("host", "localhost");
    let config = Answer::of(config.header("x-forwarded-proto", "https")).await.json();
    assert_eq!(config["baseUrl"], "https://localhost");
}

#[tokio::test]
async fn a_token_answers_with_its_life_and_a_page() {
    let client = Client::start().await;
    let data = client.mint(seed::SINGLE_KEY).await.json()["data"].take();
    assert_eq!(data["expiresIn"], 300.0);
    let token = data["token"].as_str().unwrap();
    assert_eq!(data["playerUrl"], format!("{}/player/{token}", client.mock.url()));
    let token: ansdev_player::api::PlaybackToken = serde_json::from_value(data).unwrap();
    assert_eq!(token.life_ms().unwrap(), 300_000);
}

#[tokio::test]
async fn the_uuid_names_a_video_as_well() {
    let client = Client::start().await;
    // The UUID is internal: no answer tells it, so it stands here as the seed makes it.
    let uuid = "3f0f8c1e-0a55-4f39-9c53-";
    let answer = client.get_with(&format!("/v1/video/{uuid}"), client.mock.api_key()).await;
    answer.assert_error(404, "VIDEO_NOT_FOUND");
    let path = format!("/v1/video/{}", seed::SINGLE_KEY_UUID);
    let answer = client.get_with(&path, client.mock.api_key()).await;
    assert_eq!(answer.json()["data"]["id"], seed::SINGLE_KEY);
    assert_eq!(client.mint(seed::SINGLE_KEY_UUID).await.status, 200);
}

#[tokio::test]
async fn absolute_addresses_follow_the_host_that_was_asked() {
    let client = Client::start().await;
    let token = client.token(seed::CLEAR).await;
    let path = format!("/v1/video/playback/manifest/{token}");
    for (host, base) in [
        ("media.example:8080", "http://media.example:8080".to_owned()),
        ("user@evil.example", client.mock.url()),
        ("a\"b", client.mock.url()),
    ] {
        let answer = client.request(Method::GET, &path).header("host", host).send().await.unwrap();
        if answer.status() == 400 {
            continue; // hyper refuses a Host that is none at all
        }
        assert!(answer.text().await.unwrap().contains(&format!("\n{base}/cdn/job_clear/720p/0.ts\n")), "{host}");
    }
}
