//! portale-ente
