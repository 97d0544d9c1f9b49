use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CsvError {
    UnterminatedQuote { column: usize },
    TextAfterQuote(char),
}

impl fmt::Display for CsvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnterminatedQuote { column } => write!(f, "quote opened at column {column} is never closed"),
            Self::TextAfterQuote(c) => write!(f, "unexpected {c:?} after a closing quote"),
        }
    }
}

impl std::error::Error for CsvError {}

/// Splits one line of CSV – `""` inside quotes stands for a literal quote.
pub fn parse_line(line: &str, separator: char) -> Result<Vec<String>, CsvError> {
    let mut fields = vec![String::new()];
    let mut chars = line.chars().enumerate().peekable();

    while let Some((column, c)) = chars.next() {
        let field = fields.last_mut().expect("there is always one field");
        if c == separator {
            fields.push(String::new());
        } else if c == '"' && field.is_empty() {
            loop {
                match chars.next() {
                    None => return Err(CsvError::UnterminatedQuote { column }),
                    Some((_, '"')) if chars.next_if(|&(_, n)| n == '"').is_none() => break,
                    Some((_, inner)) => field.push(inner),
                }
            }
            if let Some(&(_, next)) = chars.peek().filter(|&&(_, n)| n != separator) {
                return Err(CsvError::TextAfterQuote(next));
            }
        } else {
            field.push(c);
        }
    }
    Ok(fields)
}
