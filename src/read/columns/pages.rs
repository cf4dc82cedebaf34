//! A Parquet file as its decoder sees it: read by place, so that many threads can, and no page larger than is allowed.

use super::thrift::{NEXT_I32, number};
use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

/// The largest page that is decoded. DuckDB writes pages of up to 100 MB, others of about 1 MiB.
const LARGEST_PAGE: usize = 128 << 20;

/// A file to read pages from.
#[derive(Debug, Clone)]
pub(super) struct Pages {
    file: Arc<File>,
    length: u64,
    /// Whether what is read one after the other begins with a page's header, and not in a footer.
    headers: bool,
}

impl Pages {
    pub(super) fn new(file: File, length: u64) -> Self {
        Self {
            file: Arc::new(file),
            length,
            headers: false,
        }
    }

    /// The same for what lies before the footer.
    pub(super) fn before_footer(mut self) -> Self {
        self.headers = true;
        self
    }
}

impl Length for Pages {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Pages {
    type T = Header;

    fn get_read(&self, start: u64) -> Result<Header> {
        let file = Arc::clone(&self.file);
        Ok(Header {
            bytes: BufReader::with_capacity(1 << 12, At { file, at: start }),
            checked: !self.headers,
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let left = self.length.saturating_sub(start);
        if length as u64 > left {
            let message = format!("{length} bytes from byte {start} on are asked for, there are {left}");
            return Err(ParquetError::EOF(message));
        }
        refuse_large(length)?;
        let mut bytes = vec![0; length];
        let file = Arc::clone(&self.file);
        At { file, at: start }.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}

/// A place in a file, which moves no other.
#[derive(Debug)]
struct At {
    file: Arc<File>,
    at: u64,
}

impl Read for At {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = read_at(&self.file, buffer, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}

/// The header of a page. It says how large the page is unpacked, and the decoder takes its word for it: a page that is
/// too large is refused before.
#[derive(Debug)]
pub(super) struct Header {
    bytes: BufReader<At>,
    checked: bool,
}

impl Read for Header {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.checked {
            self.checked = true;
            refuse_large(unpacked_size(self.bytes.fill_buf()?)?)?;
        }
        self.bytes.read(buffer)
    }
}

fn refuse_large(size: usize) -> io::Result<()> {
    if size <= LARGEST_PAGE {
        return Ok(());
    }
    let (size, limit) = (size >> 20, LARGEST_PAGE >> 20);
    Err(io::Error::other(format!(
        "a page of {size} MiB is over the limit of {limit} MiB"
    )))
}

/// The second field of a page's header in Thrift's compact form: two numbers of 32 bits, each behind the mark of a
/// field that follows the one before.
fn unpacked_size(header: &[u8]) -> io::Result<usize> {
    let broken = || io::Error::other("a page's header is broken");
    let mut bytes = header.iter().copied();
    let mut number = || {
        bytes.next().filter(|mark| *mark == NEXT_I32)?;
        number(&mut bytes)
    };
    number().ok_or_else(broken)?;
    let size = number().ok_or_else(broken)?;
    // Even numbers stand for those from 0 on.
    let size = (size % 2 == 0).then_some(size / 2).ok_or_else(broken)?;
    usize::try_from(size).map_err(|_| broken())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_from_headers() {
        assert_eq!(
            unpacked_size(&[0x15, 0x04, 0x15, 0x80, 0x20, 0x15]).unwrap(),
            2048
        );
        for broken in [
            &b""[..],
            b"\x15",
            b"\x15\x00\x15",
            b"\x15\x00\x25\x02",
            b"\x15\x00\x15\x01",
        ] {
            assert!(unpacked_size(broken).is_err());
        }
        assert!(unpacked_size(&[0x15, 0, 0x15, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]).is_err());
        assert!(refuse_large(LARGEST_PAGE).is_ok() && refuse_large(LARGEST_PAGE + 1).is_err());
    }
}
