//! The body of a request, streamed from JavaScript.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Bytes;
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::Stream;
use http_body::{Body, Frame, SizeHint};
use wasm_bindgen::prelude::*;

type Chunk = Result<Bytes, io::Error>;

thread_local! {
    /// Where the host puts what comes, by task.
    static INCOMING: RefCell<HashMap<u32, UnboundedSender<Chunk>>> = RefCell::default();
}

/// What was announced, and what has come of it.
pub(super) struct Incoming {
    chunks: UnboundedReceiver<Chunk>,
    /// Bytes that are still to come; unknown, where no length was announced.
    left: Option<u64>,
}

/// The body of a task's request, of a length that may be known.
pub(super) fn incoming(task: u32, length: Option<u64>) -> Incoming {
    let (sender, chunks) = unbounded();
    INCOMING.with_borrow_mut(|incoming| incoming.insert(task, sender));
    Incoming { chunks, left: length }
}

/// More of a task's body; says whether anybody still reads it.
#[wasm_bindgen(js_name = bodyChunk)]
pub fn body_chunk(task: u32, bytes: Vec<u8>) -> bool {
    push(task, Ok(bytes.into()))
}

/// The end of a task's body: all of it has come, or no more will.
#[wasm_bindgen(js_name = bodyEnd)]
pub fn body_end(task: u32, is_whole: bool) {
    if !is_whole {
        push(task, Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the client has gone")));
    }
    let sender = INCOMING.with_borrow_mut(|incoming| incoming.remove(&task));
    drop(sender);
}

fn push(task: u32, chunk: Chunk) -> bool {
    // Cloned, because waking the reader may borrow it again.
    let sender = INCOMING.with_borrow(|incoming| incoming.get(&task).cloned());
    sender.is_some_and(|sender| sender.unbounded_send(chunk).is_ok())
}

impl Body for Incoming {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let chunk = ready!(Pin::new(&mut self.chunks).poll_next(context));
        if let (Some(left), Some(Ok(bytes))) = (&mut self.left, &chunk) {
            *left = left.saturating_sub(bytes.len() as u64);
        }
        Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
