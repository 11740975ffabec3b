//! Which letters a name is found by, how well one fits, and what a number could be.

use std::collections::BTreeSet;

use migration::fold::fold;

/// What is sought, as it is compared.
pub(super) struct Words(Vec<String>);

impl Words {
    pub(super) fn of(sought: &str) -> Self {
        let words = fold(sought);
        let words = words.split(|letter: char| letter.is_whitespace() || letter == '-');
        let words = words.filter(|word| !word.is_empty());
        Self(words.map(ToOwned::to_owned).collect())
    }

    /// All three letters that stand together in them; the first with the space before.
    pub(super) fn grams(&self) -> BTreeSet<String> {
        let spaced = self.0.iter().map(|word| format!(" {word}"));
        let letters = spaced.map(|word| word.chars().collect::<Vec<char>>());
        letters
            .flat_map(|word| {
                let threes = word
                    .windows(3)
                    .map(|three| three.iter().collect::<String>());
                threes.collect::<Vec<String>>()
            })
            .take(MOST)
            .collect()
    }

    /// How well a name fits: the more the better, 0 if one of the words is not in it at all.
    pub(super) fn fit(&self, name: &str) -> u32 {
        let name = fold(name);
        let parts: Vec<&str> = name.split([' ', '-', '\'']).collect();
        let best = |word: &String| parts.iter().map(|part| alike(word, part)).max();
        let fits = self.0.iter().map(|word| best(word).unwrap_or_default());
        let fits: Vec<u32> = fits.collect();
        match fits.contains(&0) {
            true => 0,
            false => fits.iter().sum(),
        }
    }
}

/// How many letters are looked at.
const MOST: usize = 60;

/// The same, a beginning, a part, or a typing error or two away.
fn alike(word: &str, part: &str) -> u32 {
    if word == part {
        4
    } else if part.starts_with(word) {
        3
    } else if word.chars().count() > 2 && part.contains(word) {
        2
    } else if strsim::osa_distance(word, part) <= forgiven(word) {
        1
    } else {
        0
    }
}

/// How many typing errors a word may have.
fn forgiven(word: &str) -> usize {
    match word.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// The ways in which such a telephone number is kept; none if it is no whole number.
pub(super) fn numbers(sought: &str) -> Vec<String> {
    let is_number = |letter: char| letter.is_ascii_digit() || " .-+()".contains(letter);
    let digits: String = sought.chars().filter(char::is_ascii_digit).collect();
    if !sought.chars().all(is_number) || digits.len() < 8 {
        return Vec::new();
    }
    let mut numbers = vec![format!("+{}", digits.trim_start_matches("00"))];
    if let Some(national) = digits.strip_prefix('0') {
        numbers.push(format!("+33{national}"));
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_though_a_letter_is_wrong_missing_or_in_another_place() {
        for sought in [
            "benali",
            "BÉNALI",
            "benaly",
            "bneali",
            "benal",
            "samira benlai",
        ] {
            assert!(Words::of(sought).fit("Samira Benali") > 0, "{sought}");
        }
        for sought in ["karim", "ben karim", "bxnxlx"] {
            assert_eq!(Words::of(sought).fit("Samira Benali"), 0, "{sought}");
        }
    }

    #[test]
    fn what_is_written_so_comes_before_what_is_like_it() {
        let words = Words::of("martin");
        let fits = [
            "Ana Martin",
            "Zoé Martinez",
            "Léo Saint-Martin",
            "Lou Marten",
        ];
        let fits = fits.map(|name| words.fit(name));
        assert_eq!(fits, [4, 3, 4, 1]);
    }

    #[test]
    fn letters_stand_together_in_threes() {
        let grams: Vec<String> = Words::of("Aïda").grams().into_iter().collect();
        assert_eq!(grams, [" ai", "aid", "ida"]);
        assert!(Words::of("a").grams().is_empty());
    }

    #[test]
    fn a_number_is_found_however_it_is_written() {
        for sought in [
            "06 12 34 56 78",
            "+33 6 12 34 56 78",
            "0033612345678",
            "06.12.34.56.78",
        ] {
            assert!(
                numbers(sought).contains(&"+33612345678".to_owned()),
                "{sought}"
            );
        }
        assert!(numbers("samira 2").is_empty());
        assert!(numbers("0612").is_empty());
    }
}
