//! The inside of a cursor: whatever is read is written back as the same place.
#![no_main]

use api::kit::list::cursor::Cursor;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut rest = bytes;
    if let Some(place) = Cursor::read(&mut rest) {
        let written = place.write().expect("what was read can be written");
        assert_eq!(Cursor::read(&mut written.as_slice()), Some(place));
        assert!(written.len() + rest.len() <= bytes.len());
    }
});
