//! What every video of a client needs of it: where to ask, the key, and whom to tell.

use std::cell::{Cell, RefCell};

use gloo_net::http::Request;
use js_sys::Uint8Array;
use web_sys::AbortSignal;
use zeroize::Zeroizing;

use super::callbacks::Callbacks;
use super::transport::{self, QuotaResponse};
use crate::api::{ApiKey, BaseUrl, Error, ErrorCode, VideoId};
use crate::session::{Refresh, Source};

/// Everything that is fixed when a client is created, and the key until it is destroyed.
pub(super) struct Context {
    pub(super) base: BaseUrl,
    pub(super) callbacks: Callbacks,
    pub(super) refresh: Refresh,
    pub(super) source: Source,
    pub(super) shares_across_tabs: bool,
    key: RefCell<Option<ApiKey>>,
    is_destroyed: Cell<bool>,
}

/// A client as its videos know it.
pub(super) trait Owner {
    fn context(&self) -> &Context;
    /// A mint's answer named the quota, which all videos of the client share.
    fn on_quota(&self, response: &QuotaResponse);
}

impl Context {
    pub(super) fn new(
        base: BaseUrl,
        callbacks: Callbacks,
        refresh: Refresh,
        shares_across_tabs: bool,
        key: Option<ApiKey>,
    ) -> Self {
        Self {
            base,
            callbacks,
            refresh,
            source: if key.is_some() { Source::ApiKey } else { Source::Provider },
            shares_across_tabs,
            key: RefCell::new(key),
            is_destroyed: Cell::new(false),
        }
    }

    /// The key's first 12 characters; nothing in provider mode and after [`destroy`](Self::destroy).
    pub(super) fn key_prefix(&self) -> Option<String> {
        self.key.borrow().as_ref().map(|key| key.prefix().to_owned())
    }

    /// The request that mints a token, or `None` where the page provides tokens.
    pub(super) fn mint_request(&self, id: &VideoId, signal: &AbortSignal) -> Result<Option<Request>, Error> {
        match self.source {
            Source::Provider => Ok(None),
            Source::ApiKey => {
                let key = self.key.borrow();
                let key = key.as_ref().ok_or_else(Error::client_destroyed)?;
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
        transport::read_request(url, key, signal)
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

/// Copies the key out of the message into a buffer that is wiped, and from there into the holder.
pub(super) fn parse_key(bytes: &Uint8Array) -> Result<ApiKey, Error> {
    let text = Zeroizing::new(bytes.to_vec());
    ApiKey::parse(&*text).map_err(|error| Error::new(ErrorCode::InvalidKeyFormat, error.message()))
}
