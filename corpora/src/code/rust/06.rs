use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

fn respond(stream: &mut TcpStream, status: &str, json: &str) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{json}",
        json.len(), // bytes, not chars – "ü" counts twice
    )
}

fn handle(mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut reader = BufReader::new(stream.try_clone()?);

    let mut request_line = String::new();
    reader.read_line(&mut request_line)?;
    let mut parts = request_line.split_whitespace();
    let (method, path) = (parts.next().unwrap_or(""), parts.next().unwrap_or("/"));

    let mut content_length = 0usize;
    for header in reader.by_ref().lines() {
        let header = header?;
        if header.is_empty() { break; }
        if let Some((name, value)) = header.split_once(':') {
            if name.eq_ignore_ascii_case("content-length") { content_length = value.trim().parse().unwrap_or(0); }
        }
    }
    let mut body = vec![0u8; content_length.min(1 << 20)];
    reader.read_exact(&mut body)?;

    match (method, path) {
        ("GET", "/health") => respond(&mut stream, "200 OK", r#"{"status": "ok", "greeting": "Grüße"}"#),
        ("POST", "/echo") => respond(&mut stream, "200 OK", &String::from_utf8_lossy(&body)),
        _ => respond(&mut stream, "404 Not Found", &format!(r#"{{"error": "no route for {method} {path}"}}"#)),
    }
}

fn main() -> std::io::Result<()> {
    TcpListener::bind("127.0.0.1:7878")?.incoming().try_for_each(|stream| handle(stream?))
}
