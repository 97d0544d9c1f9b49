package org.example.bank;

import java.math.BigDecimal;
import java.util.Objects;

public class BankAccount {
    public static class InsufficientFundsException extends Exception {
        private final BigDecimal shortfall;

        public InsufficientFundsException(BigDecimal shortfall) {
            super("Insufficient funds: short by " + shortfall.toPlainString());
            this.shortfall = shortfall;
        }

        public BigDecimal getShortfall() {
            return shortfall;
        }
    }

    private final String accountNumber;
    private BigDecimal balance = BigDecimal.ZERO;

    public BankAccount(String accountNumber) {
        this.accountNumber = Objects.requireNonNull(accountNumber, "accountNumber must not be null");
    }

    public synchronized void deposit(BigDecimal amount) {
        requirePositive(amount);
        balance = balance.add(amount);
    }

    public synchronized void withdraw(BigDecimal amount) throws InsufficientFundsException {
        requirePositive(amount);
        if (balance.compareTo(amount) < 0) { // not equals(): 1.0 ≠ 1.00 for BigDecimal
            throw new InsufficientFundsException(amount.subtract(balance));
        }
        balance = balance.subtract(amount);
    }

    private void requirePositive(BigDecimal amount) {
        if (amount.signum() <= 0) {
            throw new IllegalArgumentException("Amount must be positive for account " + accountNumber + ", was " + amount);
        }
    }
}
