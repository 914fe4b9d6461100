//! The socket: accepts connections, serves them, and closes them when the mock stops.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use crate::http::fault::Dropped;

/// How long a client can take for the head of a request, and how long an idle connection stays open.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a client can take none of an answer that is ready for it.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// Connections at a time; further ones wait until one ends. Enough for the 5,000 players of the load benchmark; each takes
/// a file descriptor and, idle, some kilobytes.
const MAX_CONNECTIONS: usize = 8_192;
/// How long requests under way have to finish when the mock stops.
const GRACE: Duration = Duration::from_secs(5);

/// A server under way. Dropping it closes the socket and every connection.
pub(crate) struct Server {
    task: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl Server {
    pub(crate) fn start(listener: TcpListener, router: Router) -> Self {
        let (stop, stopped) = watch::channel(false);
        Self { task: tokio::spawn(serve(listener, router, MAX_CONNECTIONS, stopped)), stop }
    }

    /// Takes no more connections, and waits until requests under way have their answers.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        // The task ends by itself within the grace; whether it panicked or not, it is gone.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Aborting drops the set of connections, which aborts each of them.
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, router: Router, most: usize, mut stopped: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(most));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        let accepted = async {
            // Those that nobody accepts wait in the system's own queue, which is bounded too.
            let place = places.clone().acquire_owned().await.expect("nobody closes it");
            listener.accept().await.map(|(stream, _)| (stream, place))
        };
        let (stream, place) = tokio::select! {
            accepted = accepted => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // No descriptor left, say: connections that end will give some back.
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            Some(_) = connections.join_next() => continue,
            _ = stopped.changed() => break,
        };
        if places.available_permits() == 0 {
            tracing::warn!("all {most} connections are in use; others wait until one ends");
        }
        let connection = graceful.watch(connection(stream, router.clone()));
        connections.spawn(async move {
            let _place = place;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests under way were cut off");
    }
}

fn connection(stream: TcpStream, router: Router) -> impl GracefulConnection<Error = hyper::Error> + Send {
    // An answer is written whole; waiting for more would only delay it. Not every platform lets one say so.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIMEOUT));
    let service = service_fn(move |request: Request<Incoming>| answer(router.clone(), request));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
}

/// The router's answer; an error where a fault wants the connection closed, for that is what hyper then does.
async fn answer(router: Router, request: Request<Incoming>) -> Result<Response, io::Error> {
    let response: Result<Response, Infallible> = router.oneshot(request.map(Body::new)).await;
    let Ok(response) = response;
    if response.extensions().get::<Dropped>().is_some() {
        return Err(io::Error::other("closed by a fault"));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    #[tokio::test]
    async fn a_connection_over_the_limit_waits_until_another_closes() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(|| async { "here" }));
        let (_stop, stopped) = watch::channel(false);
        let server = tokio::spawn(serve(listener, router, 2, stopped));

        let idle = [TcpStream::connect(address).await.unwrap(), TcpStream::connect(address).await.unwrap()];
        let mut third = TcpStream::connect(address).await.unwrap();
        third.write_all(REQUEST).await.unwrap();
        let mut byte = [0];
        let early = tokio::time::timeout(Duration::from_millis(300), third.read(&mut byte)).await;
        assert!(early.is_err(), "it is not served yet");

        drop(idle);
        let mut heard = String::new();
        let read = tokio::time::timeout(Duration::from_secs(5), third.read_to_string(&mut heard)).await;
        read.expect("it is served now").unwrap();
        assert!(heard.ends_with("here"), "{heard}");
        server.abort();
    }

    /// Here no time passes but what everybody waits for.
    #[tokio::test(start_paused = true)]
    async fn connections_that_say_nothing_give_their_places_back() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(|| async { "here" }));
        let (_stop, stopped) = watch::channel(false);
        let server = tokio::spawn(serve(listener, router, 2, stopped));

        let _idle = [TcpStream::connect(address).await.unwrap(), TcpStream::connect(address).await.unwrap()];
        let mut third = TcpStream::connect(address).await.unwrap();
        third.write_all(REQUEST).await.unwrap();
        let mut heard = String::new();
        let read = tokio::time::timeout(Duration::from_mins(5), third.read_to_string(&mut heard)).await;
        read.expect("it is served").unwrap();
        assert!(heard.ends_with("here"), "{heard}");
        server.abort();
    }
}
