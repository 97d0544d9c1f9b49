module Main (main) where

import Data.Time
import Data.Time.Calendar.WeekDate (toWeekDate)
import qualified Data.Set as Set

type Holidays = Set.Set Day

isWorkingDay :: Holidays -> Day -> Bool
isWorkingDay holidays day = weekday <= 5 && day `Set.notMember` holidays
  where
    (_, _, weekday) = toWeekDate day -- 1 is Monday, 7 is Sunday

-- | The @n@-th working day after the given one.
addWorkingDays :: Holidays -> Int -> Day -> Day
addWorkingDays holidays n day = last (day : take n (filter (isWorkingDay holidays) (tail [day ..])))

humanize :: NominalDiffTime -> String
humanize diff
  | seconds < 60 = "just now"
  | seconds < 3600 = plural (seconds `div` 60) "minute"
  | seconds < 86400 = plural (seconds `div` 3600) "hour"
  | otherwise = plural (seconds `div` 86400) "day"
  where
    seconds = truncate diff :: Integer
    plural 1 unit = "1 " <> unit <> " ago"
    plural k unit = show k <> " " <> unit <> "s ago"

main :: IO ()
main = do
  let start = fromGregorian 2024 1 31
      due = addGregorianMonthsClip 1 start -- clipped to 29 February
      holidays = Set.fromList [fromGregorian 2024 12 25, fromGregorian 2024 12 26]
      tokyo = TimeZone {timeZoneMinutes = 9 * 60, timeZoneSummerOnly = False, timeZoneName = "JST"}
      departure = UTCTime due (timeOfDayToTime (TimeOfDay 21 15 0))
      arrival = utcToLocalTime tokyo (addUTCTime (12 * nominalDay / 24 + 40 * 60) departure)

  putStrLn $ showGregorian start <> " – " <> showGregorian due <> ": " <> show (diffDays due start) <> " days"
  putStrLn $ formatTime defaultTimeLocale "%Y年%m月%d日 %H:%M" arrival
  print $ addWorkingDays holidays 5 (fromGregorian 2024 12 20)
  now <- getCurrentTime
  putStrLn $ humanize (now `diffUTCTime` departure)
