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
    let ask = move || Ok((name.as_str(), 0).to_socket_addrs()?.collect());
    answered(&TURNS, ask).boxed()
}

async fn answered<T: Send + 'static>(
    turns: &'static Semaphore,
    ask: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let turn = turns.acquire().await.map_err(io::Error::other)?;
    let (tell, told) = oneshot::channel();
    let look_up = move || {
        let _ = tell.send(ask());
        drop(turn);
    };
    let names = thread::Builder::new().name("names".to_owned());
    names.stack_size(STACK).spawn(look_up)?;
    told.await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use tokio::task::spawn_blocking;
    use tokio::time::timeout;

    use super::*;

    /// The system's name servers are not a test's to name: here stands a resolver that never answers.
    #[test]
    fn names_that_nobody_answers_for_leave_the_threads_of_the_runtime_alone() {
        static FEW: Semaphore = Semaphore::const_new(3);
        const SHORT: Duration = Duration::from_millis(200);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .max_blocking_threads(1)
            .enable_time()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut silent = Vec::new();
            let mut asked = Vec::new();
            for _ in 0..3 {
                let (answer, never) = mpsc::channel::<()>();
                silent.push(answer);
                let ask = move || never.recv().map_err(io::Error::other);
                asked.push(tokio::spawn(answered(&FEW, ask)));
            }
            // Nobody waits for one of them any more: its turn goes on.
            tokio::task::yield_now().await;
            asked.remove(0).abort();
            // The one thread that checks passwords is free.
            let checked = spawn_blocking(|| "right");
            let checked = timeout(Duration::from_secs(30), checked).await;
            assert_eq!(checked.unwrap().unwrap(), "right");
            // Whoever comes next waits, and no thread is made for them.
            let next = timeout(SHORT, answered(&FEW, || Ok(()))).await;
            assert!(next.is_err());
            drop(silent);
            for answer in asked {
                answer.await.unwrap().unwrap_err();
            }
            answered(&FEW, || Ok(())).await.unwrap();
        });
    }
}
