//! A server on 127.0.0.1 that answers as it is told to, well or badly, and remembers what it was asked.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    /// Path and query.
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub at: Instant,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What is done with a request.
#[derive(Clone, Debug)]
pub enum Reaction {
    /// Status, headers, body.
    Answer(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// The connection is closed without a word.
    Close,
    /// A part of the body, then the connection is closed.
    Cut(Vec<u8>),
    /// A part of the body whose length is not told, then the connection is closed.
    CutUnsaid(Vec<u8>),
    /// A byte now and then.
    Drip(Vec<u8>),
    /// Nothing for a while.
    Silence,
    /// So many bytes are promised, and zeros sent.
    Flood { promised: Option<u64> },
}

impl Reaction {
    pub fn ok(kind: &str, body: Vec<u8>) -> Self {
        Self::Answer(200, vec![("content-type", kind.to_owned())], body)
    }
}

type React = dyn Fn(&Asked, usize) -> Reaction + Send + Sync;

/// The server. Dropped, it stops.
pub struct Server {
    pub url: String,
    log: Arc<Mutex<Vec<Asked>>>,
    stop: Arc<AtomicBool>,
}

/// No answer of a test takes longer.
const LONGEST: Duration = Duration::from_secs(6);

impl Server {
    pub fn start(react: Box<React>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (log, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (asked, stopped, react) = (Arc::clone(&log), Arc::clone(&stop), Arc::<React>::from(react));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let (Ok(stream), log, react, stopped) = (stream, Arc::clone(&asked), Arc::clone(&react), Arc::clone(&stopped)) else { continue };
                std::thread::spawn(move || {
                    let _ = serve(stream, &log, &*react, &stopped);
                });
            }
        });
        Self { url, log, stop }
    }

    /// What it was asked, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.log.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
    }
}

fn request(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        match stream.read(&mut buffer) {
            Ok(read) if read > 0 && bytes.len() < 1 << 20 => bytes.extend_from_slice(&buffer[..read]),
            _ => return None,
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let mut words = lines.next()?.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let headers: Vec<(String, String)> =
        lines.filter_map(|line| line.split_once(':')).map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect();
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length")).and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    while bytes.len() < end + length {
        match stream.read(&mut buffer) {
            Ok(read) if read > 0 => bytes.extend_from_slice(&buffer[..read]),
            _ => return None,
        }
    }
    let body = String::from_utf8_lossy(&bytes[end..]).into_owned();
    Some(Asked { method, path, headers, body, at: Instant::now() })
}

fn serve(mut stream: TcpStream, log: &Mutex<Vec<Asked>>, react: &React, stop: &AtomicBool) -> std::io::Result<()> {
    stream.set_read_timeout(Some(LONGEST))?;
    stream.set_write_timeout(Some(LONGEST))?;
    let Some(asked) = request(&mut stream) else { return Ok(()) };
    let number = {
        let mut log = log.lock().unwrap();
        log.push(asked.clone());
        log.len() - 1
    };
    let begun = Instant::now();
    let goes_on = || begun.elapsed() < LONGEST && !stop.load(Ordering::Relaxed);
    match react(&asked, number) {
        Reaction::Answer(status, headers, body) => {
            let mut head = format!("HTTP/1.1 {status} Status\r\nconnection: close\r\n");
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            if status != 304 {
                head.push_str(&format!("content-length: {}\r\n", body.len()));
            }
            stream.write_all(format!("{head}\r\n").as_bytes())?;
            stream.write_all(&body)?;
        }
        Reaction::Close => {}
        Reaction::Cut(body) => {
            stream.write_all(format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes())?;
            stream.write_all(&body[..body.len() / 2])?;
        }
        Reaction::CutUnsaid(body) => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")?;
            stream.write_all(&body)?;
        }
        Reaction::Drip(body) => {
            stream.write_all(format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes())?;
            for byte in body {
                if !goes_on() {
                    break;
                }
                stream.write_all(&[byte])?;
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        Reaction::Silence => {
            while goes_on() {
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        Reaction::Flood { promised } => {
            let length = promised.map_or_else(String::new, |bytes| format!("content-length: {bytes}\r\n"));
            stream.write_all(format!("HTTP/1.1 200 OK\r\nconnection: close\r\n{length}\r\n").as_bytes())?;
            let zeros = vec![b'0'; 1 << 20];
            while goes_on() {
                stream.write_all(&zeros)?;
            }
        }
    }
    stream.flush()
}
