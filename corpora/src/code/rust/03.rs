use std::collections::{BTreeMap, HashMap};
use std::env;
use std::fs::File;
use std::io::{self, BufRead, BufReader};

const STOP_WORDS: &[&str] = &["a", "an", "and", "in", "is", "of", "the", "to"];

fn count_words<R: BufRead>(reader: R) -> io::Result<HashMap<String, usize>> {
    let mut counts = HashMap::new();
    for line in reader.lines() {
        let line = line?;
        line.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
            .map(|w| w.trim_matches('\'').to_lowercase())
            .filter(|w| !w.is_empty() && !STOP_WORDS.contains(&w.as_str()))
            .for_each(|w| *counts.entry(w).or_insert(0) += 1);
    }
    Ok(counts)
}

fn main() -> io::Result<()> {
    let counts = match env::args().nth(1) {
        Some(path) => count_words(BufReader::new(File::open(path)?))?,
        None => count_words(io::stdin().lock())?,
    };

    // Group by frequency so that ties come out in alphabetical order.
    let mut by_count: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (word, n) in &counts {
        by_count.entry(*n).or_default().push(word);
    }

    let total: usize = counts.values().sum();
    for (n, words) in by_count.iter_mut().rev().take(10) {
        words.sort_unstable();
        println!("{n:>6} ({:>5.1} %)  {}", *n as f64 / total as f64 * 100.0, words.join(" · "));
    }
    Ok(())
}
