//! The stories of the product, on both deployments: the one-process program on SQLite and the six
//! binaries on PostgreSQL and RabbitMQ.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod steps;

mod annullo;
mod chromium;
mod console;
mod corpus;
mod due_browser;
mod orologio_e_riavvio;
mod programma;
mod tipo_1;
mod tipo_2;
mod tipo_3;
mod tracce;
mod tracciato;

/// Runs a story on both deployments: `on_both!(name_of_the_function, …)`.
macro_rules! on_both {
    ($($story:ident),* $(,)?) => {
        mod embedded {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story(test_support::World::start(test_support::Mode::Embedded).await).await;
            })*
        }
        mod distributed {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story(test_support::World::start(test_support::Mode::Distributed).await).await;
            })*
        }
    };
}
pub(crate) use on_both;
