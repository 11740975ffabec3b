//! What any writer of CSV writes is read as it was meant, however it arrives.

use actix_http::BoxedPayloadStream;
use actix_web::dev::Payload;
use actix_web::test::TestRequest;
use actix_web::web::Bytes;
use futures_util::stream;
use proptest::prelude::*;

use super::*;

#[test]
fn the_header_says_what_separates_the_cells() {
    assert_eq!(delimiter(b"given_name;family_name"), b';');
    assert_eq!(delimiter(b"given_name,family_name"), b',');
    assert_eq!(delimiter(b"\"a;b;c\",family_name"), b',');
    assert_eq!(delimiter(b"given_name"), b',');
    assert_eq!(delimiter(b"given_name\tfamily_name"), b'\t');
}

#[test]
fn a_line_of_its_own_may_say_what_separates_the_cells() {
    let read = |text| {
        let runtime = actix_web::rt::Runtime::new().unwrap();
        runtime.block_on(read(text, 3))
    };
    let text = |text: &str| text.to_owned();
    let header = (2, vec![text("a,b"), text("c")]);
    for written in ["sep=;\r\na,b;c\r\n", "\u{feff}SEP=;\na,b;c"] {
        assert_eq!(read(written), std::slice::from_ref(&header));
    }
    assert_eq!(read("sep=\t\na;b\tc")[0].1, ["a;b", "c"]);
    assert_eq!(read("\n  \nsep;b\n"), [(3, vec![text("sep"), text("b")])]);
}

/// One way to write a table: what separates cells, what ends lines, which cells are quoted without
/// need, and where the parts of the body end.
#[derive(Clone, Debug)]
struct Written {
    table: Vec<Vec<String>>,
    delimiter: char,
    end: &'static str,
    has_mark: bool,
    ends_with_a_line: bool,
    quoted: Vec<bool>,
    part: usize,
}

fn written() -> impl Strategy<Value = Written> {
    let cell = "[a-zé;,\" \n\r|']{0,6}";
    let table = (2usize..5).prop_flat_map(move |width| {
        let row = prop::collection::vec(cell, width);
        prop::collection::vec(row, 0..6)
    });
    (
        table,
        prop::sample::select(vec![';', ',', '\t']),
        prop::sample::select(vec!["\n", "\r\n"]),
        any::<bool>(),
        any::<bool>(),
        prop::collection::vec(any::<bool>(), 32),
        1usize..9,
    )
        .prop_map(
            |(table, delimiter, end, has_mark, ends_with_a_line, quoted, part)| Written {
                table,
                delimiter,
                end,
                has_mark,
                ends_with_a_line,
                quoted,
                part,
            },
        )
}

impl Written {
    fn header(&self) -> Vec<String> {
        let width = self.table.first().map_or(2, Vec::len);
        (0..width).map(|n| format!("c{n}")).collect()
    }

    /// The file, and the line in which each record begins.
    fn text(&self) -> (String, Vec<i32>) {
        let mut text = if self.has_mark { "\u{feff}" } else { "" }.to_owned();
        let mut lines = Vec::new();
        let mut choice = self.quoted.iter().cycle();
        let header = self.header();
        for row in std::iter::once(&header).chain(&self.table) {
            if !lines.is_empty() {
                text.push_str(self.end);
            }
            let before = text.matches('\n').count();
            lines.push(i32::try_from(before).unwrap() + 1);
            for (number, cell) in row.iter().enumerate() {
                if number > 0 {
                    text.push(self.delimiter);
                }
                let needs = cell.contains([self.delimiter, '"', '\n', '\r']);
                if needs || *choice.next().unwrap() {
                    text.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
                } else {
                    text.push_str(cell);
                }
            }
        }
        if self.ends_with_a_line {
            text.push_str(self.end);
        }
        (text, lines)
    }
}

async fn read(text: &str, part: usize) -> Vec<(i32, Vec<String>)> {
    let parts: Vec<_> = text
        .as_bytes()
        .chunks(part)
        .map(|part| Ok(Bytes::copy_from_slice(part)))
        .collect();
    let payload: BoxedPayloadStream = Box::pin(stream::iter(parts));
    let payload = Payload::Stream { payload };
    let request = TestRequest::default().to_http_request();
    let mut upload = Upload::of(&request, payload).unwrap();
    let mut records = Records::of(&mut upload, &[]).await.unwrap();
    let mut found = Vec::new();
    while let Some(line) = records.next(&mut upload).await.unwrap() {
        assert!(!records.is_open());
        let cells = records.cells().map(|cell| String::from_utf8(cell.to_vec()));
        found.push((line, cells.map(Result::unwrap).collect()));
    }
    found
}

proptest! {
    #[test]
    fn what_is_written_is_read(written in written()) {
        let (text, lines) = written.text();
        let runtime = actix_web::rt::Runtime::new().unwrap();
        let found = runtime.block_on(read(&text, written.part));
        let header = written.header();
        let expected: Vec<_> = lines
            .into_iter()
            .zip(std::iter::once(header).chain(written.table))
            .collect();
        prop_assert_eq!(found, expected);
    }
}
