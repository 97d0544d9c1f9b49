module Data.Csv.LineSpec (spec) where

import Data.Csv.Line (CsvError (..), parseCsvLine)
import Data.Either (isLeft)
import Data.List (intercalate)
import Test.Hspec
import Test.Hspec.QuickCheck (prop)
import Test.QuickCheck (NonEmptyList (..))

parse :: String -> Either CsvError [String]
parse = parseCsvLine ','

-- | The inverse of 'parse': quotes every field.
render :: [String] -> String
render = intercalate "," . map quote
  where
    quote s = "\"" ++ concatMap escape s ++ "\""
    escape '"' = "\"\""
    escape c = [c]

spec :: Spec
spec = describe "parseCsvLine" $ do
  it "splits plain fields" $
    parse "id,name,price" `shouldBe` Right ["id", "name", "price"]

  it "keeps separators and quotes inside a quoted field" $
    parse "1,\"Ødegård, \"\"Liv\"\"\",東京" `shouldBe` Right ["1", "Ødegård, \"Liv\"", "東京"]

  context "when the input is malformed" $ do
    it "reports a quote that is never closed" $
      parse "a,\"b" `shouldBe` Left UnterminatedQuote

    it "reports text after a closing quote" $
      parse "\"a\"b" `shouldSatisfy` isLeft

  prop "parses what render has written" $ \(NonEmpty fields) ->
    parse (render fields) `shouldBe` Right fields
