//! Names are looked up on threads of their own: the system's resolver may take half a minute for one,
//! and the threads that the runtime keeps for such work are those that check passwords.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::thread;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::{Semaphore, oneshot};

/// How many are looked up at once, whoever asks.
const AT_ONCE: usize = 64;
/// What the resolver needs of a stack.
const STACK: usize = 512 * 1024;

static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);

/// What the system says that a name leads to. Its turn lasts as long as the system takes, even when
/// nobody waits for it any more.
pub(super) fn system_names(name: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
    async move {
        let turn = TURNS.acquire().await.map_err(io::Error::other)?;
        let (tell, told) = oneshot::channel();
        let look_up = move || {
            let found = (name.as_str(), 0).to_socket_addrs();
            let _ = tell.send(found.map(Iterator::collect));
            drop(turn);
        };
        let names = thread::Builder::new().name("names".to_owned());
        names.stack_size(STACK).spawn(look_up)?;
        told.await.map_err(io::Error::other)?
    }
    .boxed()
}
