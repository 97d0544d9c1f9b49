use std::collections::HashMap;
use std::fmt;

#[derive(Debug, PartialEq, Eq)]
pub enum BankError {
    UnknownAccount(u32),
    InvalidAmount(i64),
    InsufficientFunds { needed: i64, available: i64 },
}

impl fmt::Display for BankError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            BankError::UnknownAccount(id) => write!(f, "no account with number {id:06}"),
            BankError::InvalidAmount(cents) => write!(f, "invalid amount: {cents} cents"),
            BankError::InsufficientFunds { needed, available } => write!(f, "{needed} cents needed, {available} available"),
        }
    }
}

#[derive(Debug, Default)]
pub struct Bank {
    balances: HashMap<u32, i64>, // account number → cents
}

impl Bank {
    pub fn open(&mut self, id: u32, cents: i64) -> &mut Self {
        self.balances.insert(id, cents);
        self
    }

    pub fn transfer(&mut self, from: u32, to: u32, cents: i64) -> Result<(), BankError> {
        if cents <= 0 {
            return Err(BankError::InvalidAmount(cents));
        }
        let available = *self.balances.get(&from).ok_or(BankError::UnknownAccount(from))?;
        let target = self.balances.get_mut(&to).ok_or(BankError::UnknownAccount(to))?;
        if available < cents {
            return Err(BankError::InsufficientFunds { needed: cents, available });
        }
        *target += cents;
        *self.balances.entry(from).or_default() -= cents;
        Ok(())
    }
}
