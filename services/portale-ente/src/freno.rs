//! Whose searches are counted against walking through numbers; see [`web::Freno`].

use std::net::IpAddr;

use actix_web::HttpRequest;

/// Who asks. Behind a proxy (a peer of a private network) it is the last address that the proxy
/// wrote; from elsewhere the header is not believed.
pub fn client(req: &HttpRequest) -> IpAddr {
    let peer = req
        .peer_addr()
        .map_or(IpAddr::from([127, 0, 0, 1]), |a| a.ip());
    let private = match peer {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
    };
    let forwarded = req.headers().get("x-forwarded-for").filter(|_| private);
    let forwarded = forwarded.and_then(|v| v.to_str().ok());
    let last = forwarded.and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
    last.unwrap_or(peer)
}
