//! A client that asks as fast as it is answered, over so many connections.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

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

/// When to stop asking.
#[derive(Clone)]
enum Until {
    Time(Instant),
    /// So many questions are left, over all connections.
    Count(Arc<AtomicI64>),
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

/// Questions answered in a second, asked for this long over so many connections. Every answer must be 200.
pub(crate) async fn rate(
    address: SocketAddr,
    question: &Question,
    connections: usize,
    length: Duration,
) -> Result<f64> {
    let began = Instant::now();
    let answered = all(address, question, connections, &Until::Time(began + length)).await?;
    Ok(answered as f64 / began.elapsed().as_secs_f64())
}

/// Asks so many times.
pub(crate) async fn times(address: SocketAddr, question: &Question, connections: usize, count: u32) -> Result<()> {
    let left = Until::Count(Arc::new(AtomicI64::new(count.into())));
    let answered = all(address, question, connections, &left).await?;
    ensure!(answered == u64::from(count), "{answered} answers to {count} questions");
    Ok(())
}

async fn all(address: SocketAddr, question: &Question, connections: usize, until: &Until) -> Result<u64> {
    let mut tasks = JoinSet::new();
    for _ in 0..connections {
        let mut connection = Connection::open(address).await?;
        let (question, until) = (question.clone(), until.clone());
        tasks.spawn(async move {
            let mut answered = 0;
            while until.is_ahead() {
                let answer = connection.ask(&question).await?;
                ensure!(answer.status() == StatusCode::OK, "{} answers {answer:?}", question.path);
                answered += 1;
            }
            Ok(answered)
        });
    }
    let mut sum = 0;
    while let Some(answered) = tasks.join_next().await {
        sum += answered??;
    }
    Ok(sum)
}

impl Until {
    fn is_ahead(&self) -> bool {
        match self {
            Self::Time(end) => Instant::now() < *end,
            Self::Count(left) => left.fetch_sub(1, Ordering::Relaxed) > 0,
        }
    }
}
