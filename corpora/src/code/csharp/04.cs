using System;

namespace Example.Banking;

public class InsufficientFundsException : InvalidOperationException
{
    public InsufficientFundsException(decimal requested, decimal available)
        : base($"Requested {requested:F2}, but only {available:F2} is available.")
    {
        Shortfall = requested - available;
    }

    public decimal Shortfall { get; }
}

public sealed class BankAccount
{
    private readonly object _lock = new();

    public required string Owner { get; init; }
    public decimal Balance { get; private set; }
    public decimal OverdraftLimit { get; init; } = 0m;

    public event EventHandler<decimal>? BalanceChanged;

    public void Deposit(decimal amount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amount);
        lock (_lock) Balance += amount;
        BalanceChanged?.Invoke(this, Balance);
    }

    public void Withdraw(decimal amount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amount);
        lock (_lock)
        {
            var available = Balance + OverdraftLimit; // e.g. 80 € + 20 € overdraft
            if (amount > available) throw new InsufficientFundsException(amount, available);
            Balance -= amount;
        }
        BalanceChanged?.Invoke(this, Balance);
    }
}
