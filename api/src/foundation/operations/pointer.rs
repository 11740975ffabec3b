//! JSON pointers (RFC 6901): where in a body something is, written out when it is told and not before.

use crate::foundation::problem::POINTER_LIMIT;

/// The way to a value, each step on the stack of the walk that took it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pointer<'a> {
    /// The body itself.
    Root,
    /// A field of what is there.
    Field(&'a Pointer<'a>, &'a str),
    /// An element of it.
    Element(&'a Pointer<'a>, usize),
}

impl Pointer<'_> {
    /// Written out, as far as pointers go.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    /// Whether there is room left for what follows.
    fn write(&self, text: &mut String) -> bool {
        match self {
            Self::Root => {}
            Self::Field(parent, name) => {
                if !parent.write(text) {
                    return false;
                }
                text.push('/');
                text.push_str(&escape(name));
            }
            Self::Element(parent, index) => {
                if !parent.write(text) {
                    return false;
                }
                text.push('/');
                text.push_str(&index.to_string());
            }
        }
        text.len() <= 4 * POINTER_LIMIT
    }
}

/// A field's name within a JSON pointer; of a name that is too long as much as is shown.
pub(super) fn escape(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars().take(POINTER_LIMIT + 1) {
        match letter {
            '~' => text.push_str("~0"),
            '/' => text.push_str("~1"),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_names_each_step() {
        let field = Pointer::Field(&Pointer::Root, "a/b~c");
        assert_eq!(Pointer::Element(&field, 7).text(), "/a~1b~0c/7");
        assert_eq!(Pointer::Root.text(), "");
    }

    #[test]
    fn a_pointer_that_is_too_long_is_not_written_to_its_end() {
        let name = "é".repeat(1_000_000);
        let one = Pointer::Field(&Pointer::Root, &name);
        let two = Pointer::Field(&one, &name);
        assert!(Pointer::Field(&two, &name).text().len() < 8 * POINTER_LIMIT);
    }
}
