//! Callers that cost as little as possible: the same for ours and for the bare handler.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Outcome;

/// One connection.
pub struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What was answered.
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Answer {
    /// Whether it is the grant of that session.
    pub fn is_grant_of(&self, session: &str) -> Outcome<()> {
        let text = String::from_utf8_lossy(&self.body);
        let is_grant = self.status == 200 && text.contains(&format!("\"id\":\"{session}\""));
        if is_grant { Ok(()) } else { Err(format!("{session}: {} {text}", self.status).into()) }
    }
}

impl Wire {
    /// Connects.
    pub async fn to(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(8192) })
    }

    /// Sends a request and waits for the whole answer, which tells its length.
    pub async fn asks(&mut self, request: &[u8]) -> Outcome<Answer> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end;
            }
            self.more().await?;
        };
        let text = std::str::from_utf8(self.buffer.get(..head).unwrap_or_default())?;
        let status = text.get(9..12).ok_or("no status")?.parse()?;
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).ok_or("no length")?;
        let end = head + 4 + length.parse::<usize>()?;
        while self.buffer.len() < end {
            self.more().await?;
        }
        Ok(Answer { status, body: self.buffer.get(head + 4..end).unwrap_or_default().to_vec() })
    }

    async fn more(&mut self) -> Outcome<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Err("the connection was closed".into());
        }
        Ok(())
    }
}
