//! What a single value could be by its form alone, as `docs/detection.md` defines it. The tables come from Python; the rules of their checks stand here.

use std::collections::{HashMap, HashSet};

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::{start, syntax};
use regex_automata::{Anchored, MatchKind};

const LONG: usize = 256;
const SHORTEST_PACKED: usize = 12;
const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 253;
const MAX_DIGITS: usize = 34;

/// Candidates as bits; the place of a bit is the place of its name in the table.
pub type Found = u64;

/// A row of the table of forms, as Python gives it.
pub struct FormRow {
    /// Name of the candidate.
    pub name: String,
    /// First bytes; 0x80 stands for everything beyond ASCII.
    pub first: Vec<u8>,
    /// Fewest code points.
    pub least: usize,
    /// Most code points.
    pub most: usize,
    /// Pattern, matched against the whole text.
    pub pattern: String,
    /// Name of the check, empty for none.
    pub check: String,
    /// Whether it ends the table.
    pub is_final: bool,
}

/// Everything that detection takes from Python.
pub struct Tables {
    /// The forms in order.
    pub forms: Vec<FormRow>,
    /// All names that candidates can have.
    pub names: Vec<String>,
    /// Mailboxes of an office.
    pub roles: HashSet<Vec<u8>>,
    /// Endings of files.
    pub no_top: HashSet<Vec<u8>>,
    /// Small words within names.
    pub particles: HashSet<Vec<u8>>,
    /// Names of whole numbers, in which no packed ones are looked for.
    pub whole: Vec<String>,
    /// Pairs of signs that no telephone number has.
    pub no_pairs: Vec<Vec<u8>>,
    /// First four digits of cards from, to, and lengths.
    pub cards: Vec<(u32, u32, Vec<usize>)>,
}

#[derive(Clone, Copy)]
enum Check {
    None,
    Card,
    Iban,
    Ip4,
    Ip6,
    Phone,
    Date8,
    Epoch,
    Ssn,
    Hexadecimal,
    Opaque,
    Code,
    Names,
    Place,
}

impl Check {
    fn named(name: &str) -> Option<Check> {
        Some(match name {
            "" => Check::None,
            "card" => Check::Card,
            "iban" => Check::Iban,
            "ip4" => Check::Ip4,
            "ip6" => Check::Ip6,
            "phone" => Check::Phone,
            "date8" => Check::Date8,
            "epoch" => Check::Epoch,
            "ssn" => Check::Ssn,
            "hexadecimal" => Check::Hexadecimal,
            "opaque" => Check::Opaque,
            "code" => Check::Code,
            "names" => Check::Names,
            "place" => Check::Place,
            _ => return None,
        })
    }
}

/// A pattern that a whole text is run through.
struct Pattern(dense::DFA<Vec<u32>>);

impl Pattern {
    fn new(pattern: &str) -> Option<Pattern> {
        dense::Builder::new()
            .configure(dense::Config::new().start_kind(StartKind::Anchored).match_kind(MatchKind::All))
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .thompson(thompson::Config::new().utf8(false))
            .build(pattern)
            .ok()
            .map(Pattern)
    }

    fn fits(&self, text: &[u8]) -> bool {
        let Ok(mut state) = self.0.start_state(&start::Config::new().anchored(Anchored::Yes)) else { return false };
        for byte in text {
            state = self.0.next_state(state, *byte);
            if self.0.is_dead_state(state) {
                return false;
            }
        }
        self.0.is_match_state(self.0.next_eoi_state(state))
    }
}

struct Form {
    bit: Found,
    least: usize,
    most: usize,
    pattern: Pattern,
    check: Check,
    is_final: bool,
}

/// Names that the rules themselves give.
struct Bits {
    card: Found,
    phone: Found,
    epoch: Found,
    date8: Found,
    code: Found,
    word: Found,
    text: Found,
    spaced: Found,
    fraction: Found,
    private_key: Found,
    email: Found,
    email_role: Found,
    packed_email: Found,
    packed_phone: Found,
    packed_card: Found,
    packed_iban: Found,
}

/// The compiled tables.
pub struct Detector {
    forms: Vec<Form>,
    by_first: Vec<Vec<u8>>,
    bits: Bits,
    whole: Found,
    date: Pattern,
    ip4: Pattern,
    tables: Tables,
    card_lengths: HashMap<u32, Vec<usize>>,
}

/// Letters, digits, `_`, `-`, `/`, `=` and everything beyond ASCII.
fn is_wordy(byte: u8) -> bool {
    byte >= 0x80 || byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'/' | b'=')
}

fn length(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}

fn n_digits(text: &[u8]) -> usize {
    text.iter().filter(|byte| byte.is_ascii_digit()).count()
}

fn number(text: &[u8]) -> u32 {
    text.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
}

fn trim<'a>(text: &'a [u8], signs: &[u8]) -> &'a [u8] {
    let end = text.iter().rposition(|byte| !signs.contains(byte)).map_or(0, |at| at + 1);
    &text[..end]
}

impl Detector {
    /// Compile the tables; nothing where they don't fit together.
    pub fn new(tables: Tables) -> Option<Detector> {
        if tables.names.len() > 64 {
            return None;
        }
        let bit = |name: &str| tables.names.iter().position(|own| own == name).map(|place| 1u64 << place);
        let forms = tables
            .forms
            .iter()
            .map(|row| {
                Some(Form {
                    bit: bit(&row.name)?,
                    least: row.least,
                    most: row.most,
                    pattern: Pattern::new(&row.pattern)?,
                    check: Check::named(&row.check)?,
                    is_final: row.is_final,
                })
            })
            .collect::<Option<Vec<_>>>()?;
        let of_first = |first: u8| tables.forms.iter().enumerate().filter(|(_, row)| row.first.contains(&first)).map(|(at, _)| at as u8).collect();
        let pattern = |wanted: &dyn Fn(&FormRow) -> bool| tables.forms.iter().find(|row| wanted(row)).and_then(|row| Pattern::new(&row.pattern));
        let bits = Bits {
            card: bit("finance.card")?,
            phone: bit("contact.phone")?,
            epoch: bit("shape.epoch")?,
            date8: bit("shape.date8")?,
            code: bit("shape.code")?,
            word: bit("shape.word")?,
            text: bit("shape.text")?,
            spaced: bit("shape.spaced")?,
            fraction: bit("shape.fraction")?,
            private_key: bit("credential.private_key")?,
            email: bit("contact.email")?,
            email_role: bit("contact.email_role")?,
            packed_email: bit("packed.email")?,
            packed_phone: bit("packed.phone")?,
            packed_card: bit("packed.card")?,
            packed_iban: bit("packed.iban")?,
        };
        Some(Detector {
            by_first: (0..=0x80).map(of_first).collect(),
            whole: tables.whole.iter().map(|name| bit(name)).collect::<Option<Vec<_>>>()?.into_iter().fold(0, |all, one| all | one),
            date: pattern(&|row| row.name == "shape.date")?,
            ip4: pattern(&|row| row.check == "ip4")?,
            card_lengths: tables.cards.iter().flat_map(|(from, to, lengths)| (*from..=*to).map(move |prefix| (prefix, lengths.clone()))).collect(),
            forms,
            bits,
            tables,
        })
    }

    /// Names of the bits.
    pub fn names(&self) -> &[String] {
        &self.tables.names
    }

    /// Bit of `shape.code`: worth a look by the validators.
    pub fn code_bit(&self) -> Found {
        self.bits.code
    }

    /// Candidates of a float.
    pub fn fraction(&self) -> Found {
        self.bits.fraction
    }

    /// Candidates of a whole number by its digits; a negative one has none.
    pub fn whole_number(&self, digits: &[u8]) -> Found {
        if !(7..=MAX_DIGITS).contains(&digits.len()) || !digits[0].is_ascii_digit() {
            return 0;
        }
        let mut found = self.bits.code;
        if digits.len() >= 13 && self.card(digits) {
            found |= self.bits.card;
        }
        if (8..=15).contains(&digits.len()) {
            found |= self.bits.phone;
        }
        if epoch(digits) {
            found |= self.bits.epoch;
        }
        if digits.len() == 8 && date8(digits) {
            found |= self.bits.date8;
        }
        found
    }

    /// Candidates of a text.
    pub fn text(&self, text: &[u8]) -> Found {
        if !text.is_empty() && text.iter().all(u8::is_ascii_alphabetic) {
            return self.bits.word;
        }
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        let Some(from) = text.iter().position(|byte| !blank(byte)) else { return 0 };
        let to = text.iter().rposition(|byte| !blank(byte)).map_or(from, |at| at + 1);
        let text = &text[from..to];
        let n = if text.is_ascii() { text.len() } else { length(text) };
        let mut found = self.form(text, n);
        if memchr::memchr(b'@', text).is_some() {
            found |= self.addresses(text);
        }
        if n > LONG {
            found |= self.bits.text;
        }
        if memchr::memchr(b' ', text).is_some() {
            found |= self.bits.spaced | self.packed_numbers(text, n, found);
            if contains(text, b"PRIVATE KEY-----") && contains(text, b"-----BEGIN ") {
                found |= self.bits.private_key;
            }
        }
        found
    }

    fn form(&self, text: &[u8], n: usize) -> Found {
        let mut found = 0;
        for at in &self.by_first[usize::from(text[0].min(0x80))] {
            let form = &self.forms[usize::from(*at)];
            if form.least <= n && n <= form.most && form.pattern.fits(text) && self.check(form.check, text) {
                found |= form.bit;
                if form.is_final {
                    break;
                }
            }
        }
        found
    }

    fn check(&self, check: Check, text: &[u8]) -> bool {
        match check {
            Check::None => true,
            Check::Card => self.card(text),
            Check::Iban => iban(text),
            Check::Ip4 => ip4(text),
            Check::Ip6 => ip6(text),
            Check::Phone => self.phone(text),
            Check::Date8 => date8(text),
            Check::Epoch => epoch(text),
            Check::Ssn => ssn(text),
            Check::Hexadecimal => !text.iter().all(u8::is_ascii_digit) && !text.iter().all(u8::is_ascii_alphabetic),
            Check::Opaque => text.iter().any(u8::is_ascii_uppercase) && text.iter().any(u8::is_ascii_lowercase) && n_digits(text) >= 2,
            Check::Code => n_digits(text) >= 3,
            Check::Names => self.person(text),
            Check::Place => place(text),
        }
    }

    fn card(&self, text: &[u8]) -> bool {
        let digits: Vec<u8> = text.iter().copied().filter(|byte| !matches!(byte, b' ' | b'-')).collect();
        if digits.len() < 12 || digits.iter().all(|digit| *digit == digits[0]) {
            return false;
        }
        let lengths = self.card_lengths.get(&number(&digits[..4]));
        lengths.is_some_and(|lengths| lengths.contains(&digits.len())) && luhn(&digits)
    }

    fn phone(&self, text: &[u8]) -> bool {
        let end = text.iter().position(|byte| matches!(byte, b'x' | b'X' | b'e' | b'E')).unwrap_or(text.len());
        let text = &text[..end];
        let n_compact = text.iter().filter(|byte| !matches!(byte, b'+' | b'(' | b')' | b' ' | b'.' | b'-' | b'/')).count();
        if !(7..=15).contains(&n_compact) || self.tables.no_pairs.iter().any(|pair| text.windows(pair.len()).any(|part| part == pair)) {
            return false;
        }
        let place = |sign: u8| text.iter().position(|byte| *byte == sign);
        let count = |sign: u8| text.iter().filter(|byte| **byte == sign).count();
        if count(b'(') != count(b')') || count(b'(') > 1 || place(b')') < place(b'(') {
            return false;
        }
        let is_decimal = count(b'.') == 1 && text.len() == n_compact + 1;
        !(is_decimal || self.date.fits(text) || self.ip4.fits(text))
    }

    fn person(&self, text: &[u8]) -> bool {
        let words: Vec<&[u8]> = text.split(|byte| *byte == b' ').collect();
        let particle = |word: &[u8]| self.tables.particles.contains(word);
        let name = |word: &&[u8]| {
            let first = word.first().copied().unwrap_or(0);
            particle(word) || first.is_ascii_uppercase() || (first >= 0x80 && !word.starts_with("\u{2019}".as_bytes()))
        };
        (2..=6).contains(&words.len()) && words.iter().all(name) && !particle(words[0]) && !particle(words[words.len() - 1])
    }

    fn is_role(&self, address: &[u8]) -> bool {
        let at = memchr::memchr(b'@', address).unwrap_or(address.len());
        let unreached = |label: &[u8]| label.eq_ignore_ascii_case(b"noreply") || label.eq_ignore_ascii_case(b"no-reply");
        if address[at..].get(1..).is_some_and(|domain| domain.split(|byte| *byte == b'.').any(unreached)) {
            return true;
        }
        let mailbox = address.split(|byte| matches!(byte, b'@' | b'+')).next().unwrap_or(address);
        mailbox.is_ascii() && self.tables.roles.contains(&mailbox.to_ascii_lowercase())
    }

    fn addresses(&self, text: &[u8]) -> Found {
        let mut signs = memchr::memchr_iter(b'@', text);
        if let (Some(at), None) = (signs.next(), signs.next())
            && let Some(whole) = self.address_around(text, at)
            && whole.len() == text.len()
        {
            return if self.is_role(whole) { self.bits.email_role } else { self.bits.email };
        }
        let mut text = text;
        let head = &text[..char_limit(text, 32)];
        if contains(head, b"://") && !text.contains(&b' ') {
            text = memchr::memchr(b'?', text).map_or(&[][..], |at| &text[at + 1..]);
        }
        let inside = memchr::memchr_iter(b'@', text).any(|at| self.address_around(text, at).is_some_and(|found| !self.is_role(found)));
        if inside { self.bits.packed_email } else { 0 }
    }

    /// Give the address around an `@`.
    pub fn address_around<'a>(&self, text: &'a [u8], at: usize) -> Option<&'a [u8]> {
        let (mut from, mut n) = (at, 0);
        while from > 0 && n < MAX_LOCAL && is_local(text[from - 1]) {
            from -= 1;
            n += usize::from(text[from] & 0xc0 != 0x80);
        }
        if from == at || (from > 0 && text[from - 1] == b'@') {
            return None;
        }
        let (mut to, mut n) = (at + 1, 0);
        while to < text.len() && (text[to].is_ascii_alphanumeric() || matches!(text[to], b'.' | b'-') || text[to] >= 0x80) {
            n += usize::from(text[to] & 0xc0 != 0x80);
            if n > MAX_DOMAIN {
                break;
            }
            to += 1;
        }
        let domain = trim(&text[at + 1..to], b".-");
        let dot = memchr::memrchr(b'.', domain)?;
        let (name, top) = (&domain[..dot], &domain[dot + 1..]);
        let sound = !name.is_empty() && !matches!(name[0], b'.' | b'-') && !contains(name, b"..") && is_top(top);
        (sound && !self.tables.no_top.contains(&top.to_ascii_lowercase())).then(|| &text[from..at + 1 + domain.len()])
    }

    fn packed_numbers(&self, text: &[u8], n: usize, found: Found) -> Found {
        if n < SHORTEST_PACKED || found & self.whole != 0 {
            return 0;
        }
        let mut inside = 0;
        if self.has_phone(text) {
            inside |= self.bits.packed_phone;
        }
        if self.has_card(text) {
            inside |= self.bits.packed_card;
        }
        if has_iban(text) {
            inside |= self.bits.packed_iban;
        }
        inside
    }

    fn has_phone(&self, text: &[u8]) -> bool {
        memchr::memchr_iter(b'+', text).any(|at| {
            if (at > 0 && is_wordy(text[at - 1])) || !matches!(text.get(at + 1), Some(b'1'..=b'9')) {
                return false;
            }
            let rest = &text[at + 2..];
            let n = rest.iter().take(20).take_while(|byte| matches!(byte, b'0'..=b'9' | b'(' | b')' | b' ' | b'.' | b'-')).count();
            n >= 6 && self.phone(trim(&text[at..at + 2 + n], b"() .-"))
        })
    }

    fn has_card(&self, text: &[u8]) -> bool {
        let mut at = 0;
        while at < text.len() {
            if !text[at].is_ascii_digit() {
                at += 1;
                continue;
            }
            let mut end = at + 1;
            loop {
                match (text.get(end), text.get(end + 1)) {
                    (Some(b'0'..=b'9'), _) => end += 1,
                    (Some(b' ' | b'-'), Some(b'0'..=b'9')) => end += 2,
                    _ => break,
                }
            }
            if (13..=23).contains(&(end - at)) && alone(text, at, end) && self.card(&text[at..end]) {
                return true;
            }
            at = end;
        }
        false
    }
}

fn char_limit(text: &[u8], n: usize) -> usize {
    text.iter().enumerate().filter(|(_, byte)| **byte & 0xc0 != 0x80).nth(n).map_or(text.len(), |(at, _)| at)
}

fn is_local(byte: u8) -> bool {
    byte >= 0x80 || byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'\'' | b'-')
}

fn is_top(top: &[u8]) -> bool {
    let letters = (2..=24).contains(&top.len()) && top.iter().all(u8::is_ascii_alphabetic);
    let coded =
        top.strip_prefix(b"xn--").is_some_and(|rest| (2..=59).contains(&rest.len()) && rest.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-'));
    letters || coded
}

fn alone(text: &[u8], from: usize, to: usize) -> bool {
    let wordy = |at: usize| text.get(at).is_some_and(|byte| is_wordy(*byte));
    !(wordy(to) || (from > 0 && wordy(from - 1)))
}

fn has_iban(text: &[u8]) -> bool {
    let mut at = 0;
    while at + 12 <= text.len() {
        match iban_run(text, at) {
            Some(end) if alone(text, at, end) && iban(&text[at..end]) => return true,
            Some(end) => at = end,
            None => at += 1,
        }
    }
    false
}

/// Give the end of what could be an IBAN from `at` on.
fn iban_run(text: &[u8], at: usize) -> Option<usize> {
    let plain = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let head = text.get(at..at + 4)?;
    if !(head[..2].iter().all(u8::is_ascii_uppercase) && head[2..].iter().all(u8::is_ascii_digit)) {
        return None;
    }
    let (mut end, mut n_groups) = (at + 4, 0);
    while n_groups < 7 {
        let from = end + usize::from(text.get(end) == Some(&b' '));
        match text.get(from..from + 4) {
            Some(group) if group.iter().all(plain) => end = from + 4,
            _ => break,
        }
        n_groups += 1;
    }
    if n_groups < 2 {
        return None;
    }
    let from = end + usize::from(text.get(end) == Some(&b' '));
    let n = text[from.min(text.len())..].iter().take(3).take_while(|byte| plain(byte)).count();
    Some(if n > 0 { from + n } else { end })
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits.iter().rev().enumerate().map(|(place, digit)| (u32::from(digit - b'0'), place % 2 == 1)).map(luhn_step).sum();
    sum.is_multiple_of(10)
}

fn luhn_step((digit, doubled): (u32, bool)) -> u32 {
    match (doubled, digit * 2) {
        (false, _) => digit,
        (true, twice) if twice > 9 => twice - 9,
        (true, twice) => twice,
    }
}

fn iban(text: &[u8]) -> bool {
    let plain: Vec<u8> = text.iter().copied().filter(|byte| *byte != b' ').collect();
    if !(15..=34).contains(&plain.len()) {
        return false;
    }
    let step = |rest: u32, byte: &u8| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        letter => (rest * 100 + u32::from(letter - b'A') + 10) % 97,
    };
    plain[4..].iter().chain(&plain[..4]).fold(0, step) == 1
}

fn ip4(text: &[u8]) -> bool {
    let part = |part: &[u8]| (part.len() == 1 || part[0] != b'0') && number(part) < 256;
    text != b"0.0.0.0" && text.split(|byte| *byte == b'.').all(part)
}

fn ip6(text: &[u8]) -> bool {
    let groups = |text: &[u8]| -> Vec<usize> { if text.is_empty() { vec![] } else { text.split(|byte| *byte == b':').map(<[u8]>::len).collect() } };
    let gap = memchr::memmem::find(text, b"::");
    let (head, tail) = gap.map_or((text, &[][..]), |at| (&text[..at], &text[at + 2..]));
    let all = [groups(head), groups(tail)].concat();
    if all.is_empty() || contains(tail, b"::") || !all.iter().all(|n| (1..=4).contains(n)) {
        return false;
    }
    if gap.is_some() { all.len() < 8 } else { all.len() == 8 }
}

fn date8(text: &[u8]) -> bool {
    let (year, month, day) = (number(&text[..4]), number(&text[4..6]), number(&text[6..8]));
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (18..=20).contains(&(year / 100)) && (1..=12).contains(&month) && (1..=days).contains(&day)
}

fn epoch(text: &[u8]) -> bool {
    matches!(text.len(), 10 | 13 | 16 | 19) && (1_000_000_000..=2_100_000_000).contains(&number_of_ten(text))
}

fn number_of_ten(text: &[u8]) -> u64 {
    text[..10].iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'))
}

fn ssn(text: &[u8]) -> bool {
    !matches!(&text[..3], b"000" | b"666") && text[0] != b'9' && &text[4..6] != b"00" && &text[7..] != b"0000"
}

fn place(text: &[u8]) -> bool {
    let degrees = |part: &[u8]| std::str::from_utf8(part).ok().and_then(|part| part.trim().parse::<f64>().ok()).map(f64::abs);
    let Some(comma) = memchr::memchr(b',', text) else { return false };
    degrees(&text[..comma]).is_some_and(|latitude| latitude <= 90.0) && degrees(&text[comma + 1..]).is_some_and(|longitude| longitude <= 180.0)
}
