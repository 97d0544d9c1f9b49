use crate::csv::{parse_line, CsvError};

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Vec<String>, CsvError> {
        parse_line(line, ',')
    }

    #[test]
    fn splits_plain_fields() {
        assert_eq!(parse("id,name,price").unwrap(), ["id", "name", "price"]);
    }

    #[test]
    fn empty_fields_are_kept() {
        assert_eq!(parse("").unwrap(), [""]);
        assert_eq!(parse(",,").unwrap(), vec![String::new(); 3]);
    }

    #[test]
    fn quotes_protect_separators_and_quotes() {
        let fields = parse(r#"1,"Ångström, ""Anders""",東京"#).unwrap();
        assert_eq!(fields, ["1", "Ångström, \"Anders\"", "東京"]);
    }

    #[test]
    fn reports_where_the_open_quote_is() {
        assert_eq!(parse(r#"a,"b"#), Err(CsvError::UnterminatedQuote { column: 2 }));
        assert!(matches!(parse(r#""a"b"#), Err(CsvError::TextAfterQuote('b'))));
    }

    #[test]
    #[should_panic(expected = "never closed")]
    fn error_message_is_readable() {
        if let Err(e) = parse("\"") {
            panic!("{e}");
        }
    }
}
