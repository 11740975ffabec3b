//! How the texts of settings are read; each refusal says what was expected.

use std::net::IpAddr;
use std::num::NonZeroU32;

use ipnet::IpNet;
use secrecy::SecretString;
use url::Url;

pub(super) fn database_url(text: &str) -> Result<SecretString, String> {
    if text.contains(":memory:") {
        return Err(
            "expected a file: a database in memory is another one for each connection".to_owned(),
        );
    }
    if ["sqlite:", "postgres:", "postgresql:"]
        .iter()
        .any(|scheme| text.starts_with(scheme))
    {
        Ok(SecretString::from(text))
    } else {
        Err("expected sqlite://<file>?mode=rwc or postgres://user@host/database".to_owned())
    }
}

pub(super) fn smtp_url(text: &str) -> Result<SecretString, String> {
    if text.starts_with("smtp://") || text.starts_with("smtps://") {
        Ok(SecretString::from(text))
    } else {
        Err("expected smtp://host:port or smtps://user:password@host".to_owned())
    }
}

pub(super) fn network(text: &str) -> Result<IpNet, String> {
    text.parse()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .or(Err(
            "expected addresses or networks such as 10.0.0.0/8,fd00::/8".to_owned(),
        ))
}

pub(super) fn origin(text: &str) -> Result<String, String> {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    match host {
        // An empty variable names no origin.
        _ if text.is_empty() => Ok(String::new()),
        Some(host) if !host.is_empty() && !host.contains(['/', '*', ' ']) => Ok(text.to_owned()),
        _ => Err("expected origins such as https://app.example, without path, not *".to_owned()),
    }
}

pub(super) fn switch(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("expected on or off".to_owned()),
    }
}

pub(super) fn from_one(text: &str) -> Result<NonZeroU32, String> {
    text.parse()
        .or(Err("expected a whole number from 1".to_owned()))
}

pub(super) fn web_address(text: &str) -> Result<String, String> {
    let is_one = Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.query().is_none()
            && url.fragment().is_none()
    });
    let has_others = |c: char| c.is_whitespace() || c.is_control() || "\"<>\\".contains(c);
    if is_one && !text.ends_with('/') && !text.contains(has_others) {
        Ok(text.to_owned())
    } else {
        Err("expected http:// or https:// and a host, without trailing slash".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::web_address;

    #[test]
    fn an_address_is_whole_and_is_nothing_else() {
        for good in [
            "http://127.0.0.1:8080",
            "https://livret.example/app",
            "https://[::1]:8443",
        ] {
            assert_eq!(web_address(good).as_deref(), Ok(good));
        }
        for bad in [
            "",
            "livret.example",
            "https://",
            "https://livret.example/",
            "https://livret.example?a=b",
            "https://livret.example#a",
            "javascript:alert(1)",
            "https://livret.example/a b",
            "https://livret.example/\">",
            "\nhttps://livret.example",
        ] {
            assert!(web_address(bad).is_err(), "{bad}");
        }
    }
}
