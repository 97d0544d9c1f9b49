using System;
using Example.Banking;
using Xunit;

namespace Example.Banking.Tests;

public class BankAccountTests
{
    private readonly BankAccount _account = new() { Owner = "Renée O'Neill", OverdraftLimit = 20m };

    [Fact]
    public void NewAccount_HasZeroBalance() => Assert.Equal(0m, _account.Balance);

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void Deposit_WithNonPositiveAmount_Throws(int amount)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _account.Deposit(amount));
        Assert.Equal(0m, _account.Balance);
    }

    [Fact]
    public void Withdraw_BeyondOverdraft_ReportsShortfall()
    {
        _account.Deposit(80.00m);

        var exception = Assert.Throws<InsufficientFundsException>(() => _account.Withdraw(100.01m));

        Assert.Equal(0.01m, exception.Shortfall);
        Assert.Contains("only 100", exception.Message); // no decimals here – “,” or “.” depends on the culture
    }

    [Fact]
    public void Withdraw_RaisesBalanceChanged()
    {
        decimal? reported = null;
        _account.BalanceChanged += (_, balance) => reported = balance;

        _account.Withdraw(20m);

        Assert.Equal(-20m, reported);
    }
}
