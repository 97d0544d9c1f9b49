{-# LANGUAGE OverloadedStrings #-}

module Main (main) where

import Data.Char (isAlpha)
import Data.List (sortBy)
import qualified Data.Map.Strict as Map
import Data.Ord (Down (..), comparing)
import qualified Data.Set as Set
import Data.Text (Text)
import qualified Data.Text as T
import qualified Data.Text.IO as TIO
import System.Environment (getArgs)
import Text.Printf (printf)

type Frequencies = Map.Map Text Int

stopWords :: Set.Set Text
stopWords = Set.fromList ["a", "an", "and", "in", "is", "of", "the", "to"]

-- | Apostrophes count as letters inside a word: @l’été@, @don't@.
tokenize :: Text -> [Text]
tokenize = filter (not . T.null) . map (T.dropAround isApostrophe) . T.split (not . isWordChar) . T.toLower
  where
    isWordChar c = isAlpha c || isApostrophe c
    isApostrophe c = c == '\'' || c == '\x2019'

frequencies :: [Text] -> Frequencies
frequencies ws = Map.fromListWith (+) [(w, 1) | w <- ws, w `Set.notMember` stopWords]

mostCommon :: Int -> Frequencies -> [(Text, Int)]
mostCommon n = take n . sortBy (comparing (Down . snd) <> comparing fst) . Map.toList

main :: IO ()
main = do
  args <- getArgs
  contents <- case args of
    [] -> TIO.getContents
    paths -> T.concat <$> mapM TIO.readFile paths
  let counts = frequencies (tokenize contents)
  mapM_ (\(w, n) -> printf "%6d  %s\n" n (T.unpack w)) (mostCommon 20 counts)
