//! What every video of a client needs from it: base URL, key and callbacks.

use std::cell::{Cell, RefCell};

use gloo_net::http::Request;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;
use zeroize::Zeroizing;

use super::callbacks::Callbacks;
use super::clocks;
use super::transport::{self, QuotaResponse};
use crate::api::{ApiKey, BaseUrl, Error, ErrorCode, VideoId};
use crate::session::budget::{Budget, REQUEST_PACE_MS};
use crate::session::{Refresh, Source};

/// Everything that is fixed when a client is created, and the key until it is destroyed.
pub(super) struct Context {
    pub(super) base: BaseUrl,
    pub(super) callbacks: Callbacks,
    pub(super) refresh: Refresh,
    pub(super) source: Source,
    pub(super) shares_across_tabs: bool,
    /// The ids of the videos that the client is for; nothing where it is for all of the key's.
    only: Option<Array>,
    key: RefCell<Option<ApiKey>>,
    /// Of requests with the key.
    requests: Cell<Budget>,
    is_destroyed: Cell<bool>,
}

/// A client as its videos know it.
pub(super) trait Owner {
    fn context(&self) -> &Context;
    /// A mint's answer named the quota, which all videos of the client share.
    fn on_quota(&self, response: &QuotaResponse);
    /// What all its videos together may mint in a short time.
    fn budget(&self) -> &Cell<Budget>;
}

impl Context {
    pub(super) fn new(
        base: BaseUrl,
        callbacks: Callbacks,
        refresh: Refresh,
        shares_across_tabs: bool,
        only: Option<Array>,
        key: Option<ApiKey>,
    ) -> Self {
        Self {
            base,
            callbacks,
            refresh,
            source: if key.is_some() { Source::ApiKey } else { Source::Provider },
            shares_across_tabs,
            only,
            key: RefCell::new(key),
            requests: Cell::new(Budget::of_requests()),
            is_destroyed: Cell::new(false),
        }
    }

    /// The key's first 12 characters; nothing in provider mode and after [`destroy`](Self::destroy).
    pub(super) fn key_prefix(&self) -> Option<String> {
        self.key.borrow().as_ref().map(|key| key.prefix().to_owned())
    }

    /// The id, where the client is for it; compared as it was given.
    pub(super) fn permitted(&self, id: &str) -> Result<VideoId, Error> {
        if self.only.as_ref().is_some_and(|only| !only.includes(&JsValue::from_str(id), 0)) {
            return Err(Error::invalid_options("The video is none of the client's; expected one of its `videoIds`"));
        }
        VideoId::parse(id)
    }

    /// A client that is for some videos lists none.
    pub(super) fn check_lists(&self) -> Result<(), Error> {
        match self.only {
            None => Ok(()),
            Some(_) => Err(Error::invalid_options("A client with `videoIds` lists no videos; make one without them")),
        }
    }

    /// The request that mints a token, or `None` where the page provides tokens.
    pub(super) fn mint_request(&self, id: &VideoId, signal: &AbortSignal) -> Result<Option<Request>, Error> {
        match self.source {
            Source::Provider => Ok(None),
            Source::ApiKey => {
                let key = self.key.borrow();
                let key = key.as_ref().ok_or_else(Error::client_destroyed)?;
                self.spend_request()?;
                transport::mint_request(&self.base.playback_token(id), key, signal).map(Some)
            }
        }
    }

    /// The request that reads something about videos.
    pub(super) fn read_request(&self, url: &str, signal: &AbortSignal) -> Result<Request, Error> {
        let key = self.key.borrow();
        let key = key.as_ref().ok_or_else(|| match self.source {
            Source::ApiKey => Error::client_destroyed(),
            Source::Provider => Error::new(
                ErrorCode::Unsupported,
                "Videos can be listed only with an API key, and this client was made with getToken; list them on your \
                 server",
            ),
        })?;
        self.spend_request()?;
        transport::read_request(url, key, signal)
    }

    /// Takes one request from the budget, whether it succeeds or not.
    fn spend_request(&self) -> Result<(), Error> {
        let mut left = self.requests.get();
        left.take(clocks::now().monotonic_ms, REQUEST_PACE_MS).map_err(too_many)?;
        self.requests.set(left);
        Ok(())
    }

    pub(super) fn is_destroyed(&self) -> bool {
        self.is_destroyed.get()
    }

    pub(super) fn destroy(&self) {
        self.is_destroyed.set(true);
        // Dropping the key wipes its bytes.
        self.key.take();
    }
}

/// What is asked of a client beyond its budget gets, until there is more.
pub(super) fn too_many(wait_ms: u64) -> Error {
    let message = "This client sent too many requests in a short time. Is something called in a loop?";
    Error::new(ErrorCode::RateLimitExceeded, message).with_retry_after_ms(Some(wait_ms))
}

/// Copies the key out of the message into a buffer that is wiped, and from there into the holder.
pub(super) fn parse_key(bytes: &Uint8Array) -> Result<ApiKey, Error> {
    let text = Zeroizing::new(bytes.to_vec());
    ApiKey::parse(&*text).map_err(|error| Error::new(ErrorCode::InvalidKeyFormat, error.message()))
}
