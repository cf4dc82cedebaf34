//! tar, read as it comes. Headers are understood by the `tar` crate; the way from one to the next is walked here, since
//! a member is read by whoever reads files, a cut archive must be told from a whole one, and behind a fault the next
//! header is looked for.

mod walk;

pub(super) use self::walk::is_header;

use self::walk::{BLOCK, Body, Walk, header, size};
use super::{Ending, Member, is_hidden, left_out, shown, too_many, unpacked};
use crate::read::Settings;
use crate::read::codec::Coding;
use crate::read::stream::Stream;
use ::tar::{EntryType, Header, PaxExtensions};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The extended header of old Solaris.
const SOLARIS: u8 = b'X';
/// Longer headers are left out: they bring names that nobody can have meant.
const LONGEST_EXTENSION: u64 = 1 << 20;

type Unpacked<'a> = (Coding, Stream<'a>);

/// What the headers before a member say about it.
#[derive(Default)]
struct Extension {
    name: Option<Vec<u8>>,
    size: Option<u64>,
    sparse: bool,
    fault: Option<String>,
}

/// A tar archive that is open.
pub(in crate::read) struct Tar<'a> {
    walk: Arc<Mutex<Walk<'a>>>,
    window: u32,
    limit: u64,
    strict: bool,
    members: u64,
    others: u64,
    faults: u64,
    first_fault: Option<String>,
    over: bool,
}

impl<'a> Tar<'a> {
    /// The archive that begins here.
    pub(super) fn new(stream: Stream<'a>, settings: &Settings) -> Self {
        let walk = Walk {
            stream,
            left: 0,
            padding: 0,
            torn: false,
        };
        Self {
            walk: Arc::new(Mutex::new(walk)),
            window: settings.max_window,
            limit: settings.max_members,
            strict: settings.strict,
            members: 0,
            others: 0,
            faults: 0,
            first_fault: None,
            over: false,
        }
    }

    fn walk(&self) -> MutexGuard<'_, Walk<'a>> {
        self.walk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fault(&mut self, reason: String) {
        self.faults += 1;
        self.first_fault.get_or_insert(reason);
    }

    /// The next member that is a file.
    pub(super) fn next(&mut self) -> Option<Member<'a>> {
        let mut extension = Extension::default();
        while !self.over {
            let passed = self.walk().pass();
            if let Err(reason) = passed {
                self.fault(reason);
            }
            let Some(header) = self.header() else { continue };
            match header.entry_type() {
                EntryType::XHeader | EntryType::GNULongName => self.extend(&header, &mut extension),
                EntryType::GNULongLink | EntryType::XGlobalHeader => {
                    self.enter(size(&header).unwrap_or_default());
                }
                kind if kind.as_byte() == SOLARIS => self.extend(&header, &mut extension),
                _ => {
                    let member = self.member(&header, std::mem::take(&mut extension));
                    if member.is_some() {
                        return member;
                    }
                }
            }
        }
        None
    }

    /// The next header; nothing when it is still to be found, or when there is none.
    fn header(&mut self) -> Option<Header> {
        let torn = self.walk().torn;
        if torn {
            let found = self.walk().search();
            self.over = !found;
        }
        let block = if self.over { Ok(None) } else { self.walk().block() };
        match block {
            Ok(None) => {
                if !self.over {
                    self.fault("the archive ends without its end mark; it may be cut short".to_owned());
                }
                self.over = true;
                None
            }
            Err(reason) => {
                self.fault(reason);
                let torn = self.walk().torn;
                self.over = !torn;
                None
            }
            Ok(Some(block)) if block.iter().all(|byte| *byte == 0) => {
                self.finish();
                None
            }
            Ok(Some(block)) => {
                let found = header(&block).filter(|header| size(header).is_some());
                if found.is_none() {
                    self.fault("a header of the archive is damaged".to_owned());
                    self.walk().torn = true;
                }
                found.cloned()
            }
        }
    }

    /// Behind the end mark there are zeros, or another archive, since people join them.
    fn finish(&mut self) {
        loop {
            if self.walk().at_header() {
                return;
            }
            let block = self.walk().block();
            match block {
                Ok(Some(block)) if block.iter().all(|byte| *byte == 0) => {}
                Ok(Some(_)) => {
                    self.fault("there is garbage after the end of the archive".to_owned());
                    self.walk().torn = true;
                    return;
                }
                Ok(None) => break,
                Err(reason) => {
                    self.fault(reason);
                    if self.walk().torn {
                        return;
                    }
                    break;
                }
            }
        }
        self.over = true;
    }

    /// Sets the member's size and its padding aside.
    fn enter(&self, size: u64) {
        let mut walk = self.walk();
        walk.left = size;
        walk.padding = size.next_multiple_of(BLOCK as u64) - size;
    }

    /// Understands a header that says something about the next one.
    fn extend(&mut self, header: &Header, extension: &mut Extension) {
        let size = size(header).unwrap_or_default();
        self.enter(size);
        if size > LONGEST_EXTENSION {
            extension.fault = Some("its extended header is longer than a MiB".to_owned());
            return;
        }
        let mut bytes = vec![0; size as usize];
        let mut filled = 0;
        while filled < bytes.len() {
            let read = self.walk().read(&mut bytes[filled..]);
            match read {
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return self.fault(error.to_string()),
            }
        }
        if header.entry_type() == EntryType::GNULongName {
            let end = memchr::memchr(0, &bytes).unwrap_or(bytes.len());
            bytes.truncate(end);
            extension.name = Some(bytes);
        } else {
            extension.read(&bytes);
        }
    }

    /// A member behind its header, if it is a file.
    fn member(&mut self, header: &Header, extension: Extension) -> Option<Member<'a>> {
        let kind = header.entry_type();
        let size = extension.size.or(size(header)).unwrap_or_default();
        let name = shown(extension.name.as_deref().unwrap_or(&header.path_bytes()));
        let is_file = matches!(kind, EntryType::Regular | EntryType::Continuous) && !name.ends_with('/');
        if kind.is_gnu_sparse() {
            self.pass_sparse_map(header);
        }
        if kind.is_hard_link() || kind.is_symlink() {
            self.others += 1;
            self.pass_link(size);
            return None;
        }
        self.enter(size);
        if kind.is_dir() || name.ends_with('/') {
            return None;
        }
        if !is_file && !kind.is_gnu_sparse() {
            self.others += u64::from(kind.as_byte() != b'V');
            return None;
        }
        if is_hidden(&name) {
            return None;
        }
        self.members += 1;
        if self.members > self.limit {
            self.fault(too_many(self.limit));
            self.over = true;
            return None;
        }
        let sparse = kind.is_gnu_sparse() || extension.sparse;
        let fault = extension
            .fault
            .or(sparse.then(|| "it is a sparse member, whose holes are not filled in".to_owned()));
        let opened = match fault {
            Some(fault) => Err(fault),
            None => unpacked(Box::new(Body(Arc::clone(&self.walk))), self.window)
                .and_then(|found| self.refuse(found)),
        };
        Some(Member { name, opened })
    }

    /// A member that is packed can be read only once.
    fn refuse(&self, (coding, stream): Unpacked<'a>) -> Result<Unpacked<'a>, String> {
        if self.strict && coding != Coding::Plain {
            return Err(format!(
                "it is packed with {} within a tar archive, where it can be read only once; strict reads twice, so \
                 unpack the archive first",
                coding.name()
            ));
        }
        Ok((coding, stream))
    }

    /// Some archives give links the size of what they point to, others bring it along.
    fn pass_link(&mut self, size: u64) {
        let data = {
            let mut walk = self.walk();
            let next = walk.stream.peek(BLOCK);
            let next = next.get(..BLOCK).unwrap_or(next);
            size > 0 && !is_header(next) && next.iter().any(|byte| *byte != 0)
        };
        if data {
            self.enter(size);
        }
    }

    /// Old sparse members have further blocks of header.
    fn pass_sparse_map(&mut self, header: &Header) {
        let mut more = header.as_gnu().is_some_and(|header| header.is_extended());
        while more {
            let block = self.walk().block();
            more = matches!(block, Ok(Some(block)) if block[504] == 1);
        }
    }

    /// What is to be told once there is no next member.
    pub(super) fn end(mut self) -> Ending {
        let more = match self.faults {
            0 | 1 => String::new(),
            2 => ", and there is one more fault".to_owned(),
            faults => format!(", and there are {} more faults", faults - 1),
        };
        let damage = self.first_fault.take().map(|first| format!("{first}{more}"));
        Ending {
            damage,
            warnings: left_out(self.others).into_iter().collect(),
            notes: self.walk().stream.notes(),
        }
    }
}

impl Extension {
    fn read(&mut self, bytes: &[u8]) {
        for pair in PaxExtensions::new(bytes) {
            let Ok(pair) = pair else {
                self.fault = Some("its extended header is damaged".to_owned());
                return;
            };
            let (key, value) = (pair.key_bytes(), pair.value_bytes());
            match key {
                b"path" => self.name = Some(value.to_vec()),
                b"size" => {
                    let size = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
                    self.size = size.filter(|size| *size < 1 << 62);
                    if self.size.is_none() {
                        self.fault = Some("its extended header gives a size that is none".to_owned());
                    }
                }
                _ => self.sparse |= key.starts_with(b"GNU.sparse."),
            }
        }
    }
}
