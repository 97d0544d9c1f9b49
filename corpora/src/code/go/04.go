package bank

import (
	"errors"
	"fmt"
	"sync"
)

// ErrInvalidAmount is returned for amounts that are zero or negative.
var ErrInvalidAmount = errors.New("bank: amount must be positive")

// InsufficientFundsError says how much was missing, in cents.
type InsufficientFundsError struct{ Requested, Available int64 }

func (e *InsufficientFundsError) Error() string {
	return fmt.Sprintf("bank: insufficient funds: requested %.2f €, available %.2f €", float64(e.Requested)/100, float64(e.Available)/100)
}

// Account is safe for concurrent use.
type Account struct {
	mu      sync.Mutex
	balance int64
}

// Deposit adds cents and returns the new balance.
func (a *Account) Deposit(cents int64) (int64, error) {
	if cents <= 0 {
		return 0, ErrInvalidAmount
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += cents
	return a.balance, nil
}

// Withdraw takes cents out – or nothing at all, if there is not enough.
func (a *Account) Withdraw(cents int64) (int64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if cents > a.balance {
		return a.balance, &InsufficientFundsError{Requested: cents, Available: a.balance}
	}
	a.balance -= cents
	return a.balance, nil
}
