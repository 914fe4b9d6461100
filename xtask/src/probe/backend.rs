//! The backend that is asked: its addresses, the keys, and how many tokens were spent.

use std::env;

use ansdev_player::api::{
    ApiKey, BaseUrl, VideoId,
    endpoints::{KEY_HEADER, PLAYBACK_KEY},
};
use anyhow::{Context, Result, ensure};
use url::{Host, Url};

use super::{
    http::{Answer, Http, Redirect, Request},
    secrets::Secrets,
};

/// Most tokens that a run spends.
pub(super) const TOKENS: usize = 3;
/// A page of somebody else.
pub(super) const ORIGIN: &str = "https://page.example";
/// An id that no video has.
const NO_VIDEO: &str = "vid_ansdev_player_probe";

/// The variables of the environment in which keys are: the one that is probed with, and others that show more.
const KEY: &str = "ANSDEV_API_KEY";
pub(super) const EXPIRED: &str = "ANSDEV_EXPIRED_KEY";
pub(super) const WITHOUT_SCOPE: &str = "ANSDEV_UNSCOPED_KEY";
pub(super) const SPENT: &str = "ANSDEV_SPENT_KEY";

/// An answer, or why there is none.
pub(super) type Heard = Result<Answer, String>;

pub(super) struct Backend {
    http: Http,
    base: BaseUrl,
    key: ApiKey,
    minted: usize,
    pub(super) secrets: Secrets,
}

impl Backend {
    /// Takes the key from the environment.
    pub(super) fn new(base_url: &str) -> Result<Self> {
        let url = Url::parse(base_url).with_context(|| format!("{base_url} is not an address"))?;
        let is_here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        ensure!(
            url.scheme() == "https" || is_here,
            "{base_url} would carry the key in clear; expected an https address"
        );
        let base = BaseUrl::parse(url.as_str()).map_err(|error| anyhow::anyhow!("{base_url}: {}", error.message))?;
        let mut secrets = Secrets::default();
        let key = key_from(KEY, &mut secrets)?;
        let key = key.with_context(|| format!("{KEY} is not set; expected an API key with videos to look at"))?;
        Ok(Self { http: Http::start(&[KEY, EXPIRED, WITHOUT_SCOPE, SPENT])?, base, key, minted: 0, secrets })
    }

    /// Another key, if the environment has one.
    pub(super) fn other_key(&mut self, variable: &str) -> Result<Option<ApiKey>> {
        key_from(variable, &mut self.secrets)
    }

    pub(super) fn base(&self) -> &BaseUrl {
        &self.base
    }

    pub(super) fn minted(&self) -> usize {
        self.minted
    }

    fn send(&mut self, method: &str, url: &str, headers: &[(&str, &str)]) -> Result<Heard> {
        let headers = [headers, &[("origin", ORIGIN)]].concat();
        self.http.send(&Request { method, url, headers, redirect: Redirect::Manual })
    }

    /// Reads an address of the API with the key.
    pub(super) fn get(&mut self, url: &str) -> Result<Heard> {
        let key = self.key.expose().to_owned();
        self.send("GET", url, &[(KEY_HEADER, &key)])
    }

    /// Reads an address without the key.
    pub(super) fn read(&mut self, url: &str) -> Result<Heard> {
        self.send("GET", url, &[])
    }

    /// Opens an address as a frame does.
    pub(super) fn open(&mut self, url: &str) -> Result<Heard> {
        self.http.send(&Request { method: "GET", url, headers: Vec::new(), redirect: Redirect::Follow })
    }

    /// Asks whether a page may mint.
    pub(super) fn preflight(&mut self) -> Result<Heard> {
        let url = self.mint_address(NO_VIDEO)?;
        let asked = [("access-control-request-method", "POST"), ("access-control-request-headers", KEY_HEADER)];
        self.send("OPTIONS", &url, &asked)
    }

    /// Mints for a video that there is not, which spends nothing; with the key where none is named.
    pub(super) fn mint_nothing(&mut self, key: Option<&str>) -> Result<Heard> {
        let (own, url) = (self.key.expose().to_owned(), self.mint_address(NO_VIDEO)?);
        match key.unwrap_or(&own) {
            "" => self.send("POST", &url, &[]),
            key => self.send("POST", &url, &[(KEY_HEADER, key)]),
        }
    }

    /// Mints with another key, for a video that is not ready, which spends nothing.
    pub(super) fn mint_unready(&mut self, video: &str, key: &ApiKey) -> Result<Heard> {
        let url = self.mint_address(video)?;
        self.send("POST", &url, &[(KEY_HEADER, key.expose())])
    }

    /// Spends a token. Its text is a secret from then on.
    pub(super) fn mint(&mut self, video: &str) -> Result<Heard> {
        ensure!(self.minted < TOKENS, "the probe asks for no more than {TOKENS} tokens");
        self.minted += 1;
        let (key, url) = (self.key.expose().to_owned(), self.mint_address(video)?);
        let heard = self.send("POST", &url, &[(KEY_HEADER, &key)])?;
        if let Ok(answer) = &heard {
            self.secrets.add(answer.json()["data"]["token"].as_str().unwrap_or_default());
        }
        Ok(heard)
    }

    /// Asks for an AES key; the address that a playlist names has this path and query.
    pub(super) fn aes_key(&mut self, token: &str, job_and_query: &str) -> Result<Heard> {
        let url = [self.base.as_str(), PLAYBACK_KEY, token, "/", job_and_query].concat();
        self.read(&url)
    }

    fn mint_address(&self, video: &str) -> Result<String> {
        let id = VideoId::parse(video).map_err(|error| anyhow::anyhow!("{}", error.message))?;
        Ok(self.base.playback_token(&id))
    }
}

fn key_from(variable: &str, secrets: &mut Secrets) -> Result<Option<ApiKey>> {
    let Some(text) = env::var_os(variable) else { return Ok(None) };
    let key = ApiKey::parse(text.as_encoded_bytes()).with_context(|| variable.to_owned())?;
    secrets.add(key.expose());
    Ok(Some(key))
}
