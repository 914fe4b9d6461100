//! A client that asks as fast as it is answered, over so many connections.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// What is asked, again and again.
#[derive(Clone)]
pub(crate) struct Question {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) api_key: String,
}

/// One connection.
pub(crate) struct Connection {
    sender: SendRequest<Empty<Bytes>>,
    host: String,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("connecting")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // Its errors come out of the sender as well.
        tokio::spawn(async move { connection.await.ok() });
        Ok(Self { sender, host: address.to_string() })
    }

    /// The answer with its whole body.
    pub(crate) async fn ask(&mut self, question: &Question) -> Result<Response<Bytes>> {
        let mut request = Request::builder()
            .method(&question.method)
            .uri(&question.path)
            .header("host", &self.host)
            .header("x-ansdev-key", &question.api_key);
        if question.method == Method::POST {
            request = request.header("content-length", 0);
        }
        self.sender.ready().await?;
        let (head, body) = self.sender.send_request(request.body(Empty::new())?).await?.into_parts();
        Ok(Response::from_parts(head, body.collect().await?.to_bytes()))
    }
}

/// Asks so many times, over so many connections, as fast as it is answered. Every answer must be 200.
pub(crate) async fn times(address: SocketAddr, question: &Question, connections: usize, count: u32) -> Result<()> {
    let left = Arc::new(AtomicI64::new(count.into()));
    let mut tasks = JoinSet::new();
    for _ in 0..connections {
        let mut connection = Connection::open(address).await?;
        let (question, left) = (question.clone(), left.clone());
        tasks.spawn(async move {
            while left.fetch_sub(1, Ordering::Relaxed) > 0 {
                let answer = connection.ask(&question).await?;
                ensure!(answer.status() == StatusCode::OK, "{} answers {answer:?}", question.path);
            }
            anyhow::Ok(())
        });
    }
    while let Some(outcome) = tasks.join_next().await {
        outcome??;
    }
    Ok(())
}
