{-# LANGUAGE BinaryLiterals #-}
{-# LANGUAGE NumericUnderscores #-}

module Main (main) where

import Data.Bits (complement, popCount, shiftR, xor, (.&.), (.|.))
import Data.List (foldl', intercalate, transpose)
import Data.Word (Word32, Word8)
import Numeric (showFFloat, showHex)
import Text.Printf (printf)

newtype Matrix a = Matrix [[a]]
  deriving (Eq)

instance Show a => Show (Matrix a) where
  show (Matrix rows) = intercalate "\n" ["│ " ++ unwords (map show row) ++ " │" | row <- rows]

instance Num a => Semigroup (Matrix a) where
  Matrix a <> Matrix b = Matrix [[sum (zipWith (*) row col) | col <- transpose b] | row <- a]

avogadro, planck, fineStructure :: Double
avogadro = 6.022_140_76e23
planck = 6.626_070_15e-34 -- J·s
fineStructure = 7.2973525693e-3

flagRead, flagWrite, flagExec :: Word8
flagRead = 0b001
flagWrite = 0b010
flagExec = 0b100

fnv1a :: [Word8] -> Word32
fnv1a = foldl' (\h byte -> (h `xor` fromIntegral byte) * 0x0100_0193) 0x811C_9DC5

main :: IO ()
main = do
  print (mconcat' (replicate 30 (Matrix [[1, 1], [1, 0 :: Integer]]))) -- Fibonacci numbers
  putStrLn $ "0x" ++ showHex (fnv1a [0x74, 0x6f, 0x6b]) "" ++ " α⁻¹=" ++ showFFloat (Just 6) (1 / fineStructure) ""
  printf "%08b %d %.3e %g\n" ((flagRead .|. flagExec) .&. complement flagWrite) (popCount (0xFF :: Word8)) planck avogadro
  print [maxBound `shiftR` 4 :: Word32, 0o755, truncate (1e9 :: Double)]
  where
    mconcat' = foldr1 (<>)
