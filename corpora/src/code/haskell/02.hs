module Main (main) where

import Control.Monad (unless)
import Data.Array (Array, bounds, listArray, (!))
import System.Exit (exitFailure)

-- | The smallest index in the half-open range @[lo, hi)@ that satisfies a
-- monotone predicate, or @hi@ if none does.
lowerBound :: (Int -> Bool) -> Int -> Int -> Int
lowerBound p = go
  where
    go lo hi
      | lo >= hi = lo
      | p mid = go lo mid
      | otherwise = go (mid + 1) hi
      where
        mid = lo + (hi - lo) `div` 2

-- | Leftmost index of an element in a sorted array.
binarySearch :: Ord a => Array Int a -> a -> Maybe Int
binarySearch xs x
  | i <= end, xs ! i == x = Just i
  | otherwise = Nothing
  where
    (start, end) = bounds xs
    i = lowerBound (\k -> xs ! k >= x) start (end + 1)

fromSorted :: [a] -> Array Int a
fromSorted xs = listArray (0, length xs - 1) xs

main :: IO ()
main = do
  let checks =
        [ ("empty", binarySearch (fromSorted []) (3 :: Int), Nothing)
        , ("single", binarySearch (fromSorted [3]) 3, Just 0)
        , ("duplicates", binarySearch (fromSorted [1, 3, 3, 3, 8]) 3, Just 1)
        , ("too large", binarySearch (fromSorted [1, 3, 8]) (maxBound :: Int), Nothing)
        ]
      failures = [name | (name, actual, expected) <- checks, actual /= expected]
  unless (null failures) $ putStrLn ("✗ " ++ unwords failures) >> exitFailure
  putStrLn "✓ all edge cases"
