{-# LANGUAGE DerivingStrategies #-}
{-# LANGUAGE GeneralizedNewtypeDeriving #-}
{-# LANGUAGE NumericUnderscores #-}

module Bank.Account where

import Control.Monad (when)
import Data.Map.Strict (Map)
import qualified Data.Map.Strict as Map

newtype Cents = Cents Integer
  deriving newtype (Eq, Ord, Num, Show)

newtype AccountId = AccountId Int
  deriving stock (Eq, Ord, Show)

data Account = Account
  { accountOwner :: !String
  , accountBalance :: !Cents
  }
  deriving stock (Eq, Show)

data BankError
  = UnknownAccount AccountId
  | InvalidAmount Cents
  | InsufficientFunds {needed :: Cents, available :: Cents}
  deriving stock (Eq, Show)

type Bank = Map AccountId Account

-- | Moves money from one account to another – or leaves the bank as it was.
transfer :: AccountId -> AccountId -> Cents -> Bank -> Either BankError Bank
transfer from to amount bank = do
  when (amount <= 0) $ Left (InvalidAmount amount)
  source <- find from
  _ <- find to
  let balance = accountBalance source
  when (balance < amount) $ Left InsufficientFunds {needed = amount, available = balance}
  pure . Map.adjust (add amount) to . Map.adjust (add (negate amount)) from $ bank
  where
    find key = maybe (Left (UnknownAccount key)) Right (Map.lookup key bank)
    add cents account = account {accountBalance = accountBalance account + cents}

example :: Bank
example = Map.fromList [(AccountId 1, Account "Gödel" 100_00), (AccountId 2, Account "Noether" 0)]
