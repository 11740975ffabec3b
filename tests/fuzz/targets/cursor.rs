//! The inside of a cursor: whatever is read is written back as the same place.
#![no_main]

use api::kit::list::cursor::Place;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut rest = bytes;
    if let Some(place) = Place::read(&mut rest) {
        let written = place.write().expect("what was read can be written");
        assert_eq!(Place::read(&mut written.as_slice()), Some(place));
        assert!(written.len() + rest.len() <= bytes.len());
    }
});
