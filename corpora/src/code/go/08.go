package bank

import (
	"errors"
	"sync"
	"testing"
)

func TestWithdraw(t *testing.T) {
	tests := map[string]struct {
		deposit, withdraw int64
		want              int64
		wantErr           bool
	}{
		"everything":       {deposit: 500, withdraw: 500, want: 0},
		"a part":           {deposit: 500, withdraw: 1, want: 499},
		"one cent too far": {deposit: 500, withdraw: 501, want: 500, wantErr: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var acct Account
			if _, err := acct.Deposit(tt.deposit); err != nil {
				t.Fatalf("Deposit(%d): %v", tt.deposit, err)
			}
			got, err := acct.Withdraw(tt.withdraw)
			var funds *InsufficientFundsError
			if errors.As(err, &funds) != tt.wantErr || got != tt.want {
				t.Errorf("Withdraw(%d) = %d, %v; want %d, error: %t", tt.withdraw, got, err, tt.want, tt.wantErr)
			}
		})
	}
}

func TestConcurrentDeposits(t *testing.T) {
	var acct Account
	var wg sync.WaitGroup
	for range 100 { // naïve code without the lock fails here under -race
		wg.Add(1)
		go func() { defer wg.Done(); _, _ = acct.Deposit(1) }()
	}
	wg.Wait()
	if got, _ := acct.Deposit(1); got != 101 {
		t.Errorf("balance = %d, want 101", got)
	}
}
