//! psp-sim
