//! The head of an HTTP/1.1 message in one call: names, values, where it ends and how its body is framed.
//!
//! The crate `httparse` reads the lines. What two readers could take for two different messages is refused: bare line feeds, folded lines,
//! a body framed twice. Source: RFC 9112, sections 2.2, 5 and 6.

use httparse::{EMPTY_HEADER, Error, Header, Request, Response, Status};

/// Most header lines of one head.
pub const MAX_HEADERS: usize = 128;
/// Most bytes of one head.
pub const MAX_BYTES: usize = 64 * 1024;

/// How the body that follows is framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// Nothing is said: a request has no body, a response lasts until its connection closes.
    Unsaid,
    /// So many bytes.
    Length(u64),
    /// In chunks.
    Chunked,
}

/// A name and its value as they stand in the head.
pub type Field<'a> = (&'a str, &'a [u8]);

/// What every head says.
#[derive(Debug, PartialEq, Eq)]
pub struct Head<'a> {
    /// Method and target of a request; the reason, after an empty text, of a response.
    pub line: (&'a str, &'a str),
    /// Status of a response, nought for a request.
    pub status: u16,
    /// The minor version: 0 or 1.
    pub minor: u8,
    /// Header lines in order.
    pub fields: Vec<Field<'a>>,
    /// Length of the head, its empty line included.
    pub n_bytes: usize,
    /// How the body is framed.
    pub framing: Framing,
    /// Whether the connection stays open after this message, as far as it says.
    pub keep_alive: bool,
}

/// Read the head of a request; nothing while it is not there in full.
///
/// # Errors
/// What is wrong, never with what stood there.
pub fn request(data: &[u8]) -> Result<Option<Head<'_>>, &'static str> {
    let mut lines = [EMPTY_HEADER; MAX_HEADERS];
    let mut request = Request::new(&mut lines);
    let Some(n_bytes) = ended(request.parse(data), data)? else { return Ok(None) };
    let (Some(method), Some(target), Some(minor)) = (request.method, request.path, request.version) else { return Err("no request line") };
    head(data, n_bytes, (method, target), 0, minor, request.headers).map(Some)
}

/// Read the head of a response; nothing while it is not there in full.
///
/// # Errors
/// What is wrong, never with what stood there.
pub fn response(data: &[u8]) -> Result<Option<Head<'_>>, &'static str> {
    let mut lines = [EMPTY_HEADER; MAX_HEADERS];
    let mut response = Response::new(&mut lines);
    let Some(n_bytes) = ended(response.parse(data), data)? else { return Ok(None) };
    let (Some(status), Some(minor)) = (response.code, response.version) else { return Err("no status line") };
    head(data, n_bytes, ("", response.reason.unwrap_or("")), status, minor, response.headers).map(Some)
}

fn ended(parsed: httparse::Result<usize>, data: &[u8]) -> Result<Option<usize>, &'static str> {
    match parsed {
        Ok(Status::Complete(n)) if n <= MAX_BYTES => Ok(Some(n)),
        Ok(Status::Partial) if data.len() <= MAX_BYTES => Ok(None),
        Ok(_) => Err("the head is too long"),
        Err(Error::TooManyHeaders) => Err("too many header lines"),
        Err(Error::HeaderName) => Err("a header's name can't be read"),
        Err(Error::HeaderValue) => Err("a header's value can't be read"),
        Err(Error::Version) => Err("the version can't be read"),
        Err(Error::Status) => Err("the status can't be read"),
        Err(_) => Err("the first line can't be read"),
    }
}

fn head<'a>(
    data: &'a [u8],
    n_bytes: usize,
    line: (&'a str, &'a str),
    status: u16,
    minor: u8,
    lines: &[Header<'a>],
) -> Result<Head<'a>, &'static str> {
    if bare_line_feed(&data[..n_bytes]) {
        return Err("a line ends in a line feed alone");
    }
    let fields: Vec<Field<'a>> = lines.iter().map(|line| (line.name, line.value)).collect();
    let framing = framing(&fields, minor)?;
    let keep_alive = match tokens(&fields, "connection") {
        tokens if tokens.iter().any(|token| token.eq_ignore_ascii_case(b"close")) => false,
        tokens => minor > 0 || tokens.iter().any(|token| token.eq_ignore_ascii_case(b"keep-alive")),
    };
    Ok(Head { line, status, minor, fields, n_bytes, framing, keep_alive })
}

fn bare_line_feed(head: &[u8]) -> bool {
    head.iter().enumerate().any(|(at, byte)| *byte == b'\n' && (at == 0 || head[at - 1] != b'\r'))
}

fn framing(fields: &[Field<'_>], minor: u8) -> Result<Framing, &'static str> {
    let codings = tokens(fields, "transfer-encoding");
    let lengths = tokens(fields, "content-length");
    match (codings.as_slice(), lengths.as_slice()) {
        ([], []) => {
            let named = fields.iter().any(|(name, _)| is(name, "transfer-encoding") || is(name, "content-length"));
            if named { Err("the body's length can't be read") } else { Ok(Framing::Unsaid) }
        }
        ([], [first, rest @ ..]) if rest.iter().all(|other| other == first) => {
            length(first).map(Framing::Length).ok_or("the body's length can't be read")
        }
        ([], _) => Err("two lengths for one body"),
        ([coding], []) if minor == 1 && coding.eq_ignore_ascii_case(b"chunked") => Ok(Framing::Chunked),
        (_, []) => Err("a transfer coding that is not supported"),
        _ => Err("a body framed both by length and in chunks"),
    }
}

fn length(text: &[u8]) -> Option<u64> {
    let digits = !text.is_empty() && text.len() <= 18 && text.iter().all(u8::is_ascii_digit);
    digits.then(|| text.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')))
}

fn is(name: &str, other: &str) -> bool {
    name.eq_ignore_ascii_case(other)
}

/// Give the comma-separated parts of all lines of a name; empty parts are none.
fn tokens<'a>(fields: &[Field<'a>], name: &str) -> Vec<&'a [u8]> {
    let lines = fields.iter().filter(|(own, _)| is(own, name));
    lines.flat_map(|(_, value)| value.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii).filter(|part| !part.is_empty()).collect()
}
