//! The stories: six services together, one file per story, as processes, on both deployments. The
//! tests are in `it/`; this library is empty.
