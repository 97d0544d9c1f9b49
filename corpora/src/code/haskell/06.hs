{-# LANGUAGE DeriveGeneric #-}
{-# LANGUAGE NumericUnderscores #-}
{-# LANGUAGE OverloadedStrings #-}

module Weather.Client (Forecast (..), fetchForecast) where

import Control.Exception (Exception, throwIO)
import Data.Aeson (FromJSON (..), withObject, (.!=), (.:), (.:?))
import Data.Text (Text)
import qualified Data.Text as T
import GHC.Generics (Generic)
import Network.HTTP.Req

data Forecast = Forecast
  { forecastCity :: Text
  , forecastLowC :: Double
  , forecastHighC :: Double
  , forecastAlerts :: [Text]
  }
  deriving (Eq, Generic, Show)

instance FromJSON Forecast where
  parseJSON = withObject "Forecast" $ \o ->
    Forecast
      <$> o .: "city"
      <*> o .: "low_c"
      <*> o .: "high_c"
      <*> o .:? "alerts" .!= []

newtype ClientError = EmptyCity Text
  deriving (Show)

instance Exception ClientError

-- | @fetchForecast "Malmö" 3@ asks for the next three days.
fetchForecast :: Text -> Int -> IO [Forecast]
fetchForecast city days
  | T.null (T.strip city) = throwIO (EmptyCity city)
  | otherwise = runReq defaultHttpConfig $ do
      let options = "city" =: city <> "days" =: days <> header "Accept" "application/json" <> responseTimeout 5_000_000
      response <- req GET (https "weather.example.org" /: "api" /: "v2" /: "forecast") NoReqBody jsonResponse options
      pure (responseBody response :: [Forecast])
