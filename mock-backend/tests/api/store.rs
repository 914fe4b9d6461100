//! The database file: kept, shared, and left alone where it is not the mock's.

use std::fs;
use std::path::Path;

use ansdev_mock_backend::{KeySpec, seed};
use tokio::task::JoinSet;

use crate::client::Client;
use crate::mock::Wanted;
use crate::program::{ended, started, stopped};

const FIXED: &str = "ak_test_0f1e2d3c4b5a69788796a5b4c3d2e1f0";

async fn on(file: &Path) -> Client {
    Client::with(Wanted::default().database(file).quota(100)).await
}

#[tokio::test]
async fn a_file_keeps_keys_counts_and_videos() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ansdev.db");
    let client = on(&file).await;
    let key = client.mock.create_key(&KeySpec::default());
    let token = client.token(seed::SINGLE_KEY).await;
    let path = format!("/v1/video/playback/key/{token}/job_single_key");
    let content_key = client.get(&path).await.body;
    client.mint_with(seed::CLEAR, &key).await;
    client.mock.stop().await;

    let client = on(&file).await;
    assert_eq!(client.mint_with(seed::CLEAR, &key).await.number("x-ratelimit-remaining"), 98);
    assert_eq!(client.get(&path).await.body, content_key, "tokens and AES keys outlive the restart");
}

#[tokio::test]
async fn every_run_on_a_file_has_a_key_of_its_own_and_few_of_them_stay() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ansdev.db");
    let mut keys = Vec::new();
    for _ in 0..8 {
        let client = on(&file).await;
        assert_eq!(client.mint(seed::CLEAR).await.status, 200);
        keys.push(client.mock.api_key().to_owned());
    }
    let own = Client::with(Wanted::default().database(&file).api_key(FIXED)).await;
    for (number, key) in keys.iter().enumerate() {
        // Those of the last five: others on the file may be among them.
        let expected = if number < 3 { 401 } else { 200 };
        assert_eq!(own.get_with("/v1/video", key).await.status, expected, "{number}");
        assert!(!keys[..number].contains(key));
    }
    // The user's ten places are not theirs.
    assert!(own.get("/dashboard/api-keys").await.text().contains("6 of 10 active"));
}

#[tokio::test]
async fn a_key_that_was_given_stays_through_runs_and_resets() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ansdev.db");
    let given = || Wanted::default().database(&file).api_key(FIXED);
    for _ in 0..7 {
        let client = Client::with(given()).await;
        assert_eq!((client.mock.api_key(), client.mint(seed::CLEAR).await.status.as_u16()), (FIXED, 200));
        drop(client);
        drop(on(&file).await);
    }
    let client = Client::with(given()).await;
    client.mock.reset();
    assert_eq!((client.mock.api_key(), client.mint(seed::CLEAR).await.status.as_u16()), (FIXED, 200));
    client.mock.revoke_key(&FIXED[..12]);
    drop(client);
    let error = given().start().await.err().unwrap();
    assert!(error.starts_with("the API key ak_test_0f1e… was revoked") && !error.contains(FIXED), "{error}");
}

#[tokio::test]
async fn a_reset_ends_tokens_for_other_mocks_on_the_file_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ansdev.db");
    let (one, other) = (on(&file).await, on(&file).await);
    let token = other.token(seed::SINGLE_KEY).await;
    let path = format!("/v1/video/playback/manifest/{token}");
    assert_eq!((one.get(&path).await.status.as_u16(), other.get(&path).await.status.as_u16()), (200, 200));
    one.mock.reset();
    for client in [&one, &other] {
        client.get(&path).await.assert_error(401, "PLAYBACK_TOKEN_INVALID");
    }
    // With the keys that they had, and nothing spent.
    for (client, beside) in [(&one, &other), (&other, &one)] {
        let path = format!("/v1/video/playback/manifest/{}", client.token(seed::SINGLE_KEY).await);
        assert_eq!(beside.get(&path).await.status, 200);
        assert_eq!(client.mint(seed::CLEAR).await.number("x-ratelimit-remaining"), 98);
    }
}

/// A file of the first version, whose seed had one key for everybody and videos that were ready since a moment.
#[tokio::test]
async fn an_older_file_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ansdev.db");
    let old = "ak_test_94b1e0c2d57f4a68835c6de0217f9ba3";
    drop(Client::with(Wanted::default().database(&file).api_key(old)).await);
    rusqlite::Connection::open(&file)
        .unwrap()
        .execute_batch(
            "ALTER TABLE api_key DROP COLUMN is_runs_own; ALTER TABLE video DROP COLUMN on_cdn;
             DELETE FROM video WHERE id LIKE '%on_cdn'; UPDATE video SET settled_at = created_at WHERE settled_at < 0;
             PRAGMA user_version = 1;",
        )
        .unwrap();
    let client = on(&file).await;
    client.mint_with(seed::CLEAR, old).await.assert_error(401, "INVALID_API_KEY");
    assert_eq!(client.mint(seed::ON_CDN).await.status, 200);
    let back = client.request(reqwest::Method::POST, "/_mock/clock").json(&serde_json::json!({"advanceSeconds": -99}));
    assert_eq!(back.send().await.unwrap().status(), 200);
    assert_eq!(client.mint(seed::CLEAR).await.status, 200);
}

#[tokio::test]
async fn what_one_mock_writes_the_next_request_to_another_on_the_file_knows() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ansdev.db");
    let (one, other) = (on(&file).await, on(&file).await);
    for _ in 0..20 {
        let key = one.mock.create_key(&KeySpec::default());
        // Twice: the second answer comes out of what the first one read.
        for expected_left in [99, 98] {
            let answer = other.mint_with(seed::CLEAR, &key).await;
            assert_eq!((answer.status.as_u16(), answer.number("x-ratelimit-remaining")), (200, expected_left));
        }
        assert!(one.mock.revoke_key(&key[..12]));
        other.mint_with(seed::CLEAR, &key).await.assert_error(401, "INVALID_API_KEY");
        other.get_with("/v1/video", &key).await.assert_error(401, "INVALID_API_KEY");
    }
}

#[tokio::test]
async fn nothing_in_the_file_gives_a_key_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ansdev.db");
    let client = on(&file).await;
    let key = client.mock.create_key(&KeySpec::default());
    client.mint_with(seed::CLEAR, &key).await;
    client.mock.stop().await;
    let digits = &key.as_bytes()[12..];
    for entry in fs::read_dir(folder.path()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(digits.len()).any(|window| window == digits));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_mocks_on_one_file_share_one_exact_count() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ansdev.db");
    let (first, second) = (on(&file).await, on(&file).await);
    let key = first.mock.create_key(&KeySpec::default());
    let mut mints = JoinSet::new();
    for number in 0..200 {
        let client = if number % 2 == 0 { &first } else { &second };
        let request = client.http.post(format!("{}/v1/video/vid_clear/playback-token", client.mock.url()));
        mints.spawn(request.header("x-ansdev-key", &key).header("content-length", 0).send());
    }
    let mut statuses = Vec::new();
    while let Some(answer) = mints.join_next().await {
        statuses.push(answer.unwrap().unwrap().status().as_u16());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 100);
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 100);

    // What one of them revokes is revoked for both.
    second.mock.revoke_key(&key[..12]);
    first.mint_with(seed::CLEAR, &key).await.assert_error(401, "INVALID_API_KEY");
}

#[tokio::test]
async fn does_not_change_a_database_of_another_program() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file.db");

    let foreign = folder.path().join("foreign.db");
    rusqlite::Connection::open(&foreign)
        .unwrap()
        .execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
        .unwrap();
    let ours = folder.path().join("ours.db");
    on(&ours).await.mock.stop().await;
    let newer = folder.path().join("newer.db");
    fs::copy(&ours, &newer).unwrap();
    rusqlite::Connection::open(&newer).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let whole = fs::read(&ours).unwrap();
    let mut damaged = whole.clone();
    damaged[4096..].fill(0x5a);

    for (bytes, reason) in [
        (b"A letter to a friend, long enough to be no header of anything.".repeat(40), "not a SQLite database"),
        (fs::read(&foreign).unwrap(), "a database of another program"),
        (fs::read(&newer).unwrap(), "made by a newer version of the mock"),
        (whole[..5000].to_vec(), ""),
        (damaged, ""),
    ] {
        fs::write(&file, &bytes).unwrap();
        let error = Wanted::default().database(&file).start().await.err().unwrap();
        assert!(error.contains("file.db: ") && error.contains(reason), "{error}");
        assert!(error.contains("expected a database made by ansdev-mock-backend"), "{error}");
        assert!(fs::read(&file).unwrap() == bytes, "{error}");
    }
}

#[tokio::test]
async fn an_impossible_database_path_is_a_clear_error() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().to_owned(), folder.path().join("no/such/folder/file.db")] {
        let error = Wanted::default().database(&path).start().await.err().unwrap();
        assert!(error.starts_with(&path.display().to_string()), "{error}");
    }
}

#[tokio::test]
async fn two_programs_share_one_file_and_one_exact_count() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ansdev.db");
    let key = "ak_test_0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    let file_and_key = ["--db", file.to_str().unwrap(), "--api-key", key];
    let arguments = [&["--listen", "127.0.0.1:0", "--quota", "100", "--json"][..], &file_and_key].concat();
    // Both at once, on a file that neither has made yet.
    let ((first, one), (second, two)) = tokio::join!(started(&arguments), started(&arguments));
    let (http, mut mints) = (reqwest::Client::new(), tokio::task::JoinSet::new());
    for number in 0..200 {
        let line = if number % 2 == 0 { &first } else { &second };
        let address = format!("{}/v1/video/vid_clear/playback-token", line["url"].as_str().unwrap());
        let key = line["apiKey"].as_str().unwrap();
        mints.spawn(http.post(address).header("x-ansdev-key", key).header("content-length", 0).send());
    }
    let mut minted = 0;
    while let Some(answer) = mints.join_next().await {
        match answer.unwrap().unwrap().status().as_u16() {
            200 => minted += 1,
            429 => {}
            status => panic!("{status}"),
        }
    }
    assert_eq!(minted, 100);
    assert_eq!((stopped(one).await.0, stopped(two).await.0), (Some(0), Some(0)));
    let check: String = rusqlite::Connection::open(&file)
        .unwrap()
        .pragma_query_value(None, "integrity_check", |row| row.get(0))
        .unwrap();
    assert_eq!(check, "ok");
}

#[tokio::test]
async fn the_program_says_what_is_wrong_with_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("letter.db");
    std::fs::write(&file, "A letter to a friend.".repeat(100)).unwrap();
    let (code, output, errors) = ended(&["--db", file.to_str().unwrap(), "--listen", "127.0.0.1:0"]).await;
    assert_eq!((code, output.as_str()), (Some(1), ""));
    assert!(errors.contains("letter.db: not a SQLite database") && !errors.contains("panicked"), "{errors}");
}
