{-# LANGUAGE LambdaCase #-}

-- | Splitting a single line of CSV.
module Data.Csv.Line
  ( CsvError (..)
  , parseCsvLine
  ) where

data CsvError
  = UnterminatedQuote
  | UnexpectedAfterQuote Char
  deriving (Eq, Show)

-- | Fields are separated by the given character. A field in double quotes may
-- contain separators, and @""@ for a quote – as in @\"5\"\" disk\"@.
parseCsvLine :: Char -> String -> Either CsvError [String]
parseCsvLine sep = field
  where
    field = \case
      '"' : rest -> quoted "" rest
      rest ->
        let (value, remainder) = break (== sep) rest
         in (value :) <$> continue remainder

    quoted acc = \case
      '"' : '"' : rest -> quoted ('"' : acc) rest
      '"' : rest -> (reverse acc :) <$> continue rest
      c : rest -> quoted (c : acc) rest
      [] -> Left UnterminatedQuote

    continue = \case
      [] -> Right []
      c : rest
        | c == sep -> field rest
        | otherwise -> Left (UnexpectedAfterQuote c)

-- >>> parseCsvLine ',' "1,\"Łódź, \"\"centrum\"\"\",,x"
-- Right ["1","Łódź, \"centrum\"","","x"]
