from decimal import Decimal

import pytest

from bank.account import AccountError, BankAccount, InsufficientFunds


@pytest.fixture
def account() -> BankAccount:
    return BankAccount(owner="Åsa Lindqvist", balance=Decimal("100.00"))


def test_deposit_increases_balance(account):
    account.deposit(Decimal("25.50"))
    assert account.balance == Decimal("125.50")
    assert account.history == [("deposit", Decimal("25.50"))]


@pytest.mark.parametrize("amount", ["0", "-1", "-0.01"])
def test_deposit_rejects_non_positive_amounts(account, amount):
    with pytest.raises(AccountError, match="must be positive"):
        account.deposit(Decimal(amount))
    assert account.history == []


@pytest.mark.parametrize(
    ("limit", "amount", "expected"),
    [("0", "100.00", "0.00"), ("50", "150.00", "-50.00"), ("50", "0.01", "99.99")],
)
def test_withdraw_within_overdraft(account, limit, amount, expected):
    account.overdraft_limit = Decimal(limit)
    account.withdraw(Decimal(amount))
    assert account.balance == Decimal(expected)


def test_failed_transfer_leaves_both_accounts_alone(account):
    other = BankAccount(owner="山田太郎")
    with pytest.raises(InsufficientFunds) as excinfo:
        account.transfer_to(other, Decimal("100.01"))
    assert excinfo.value.available == Decimal("100.00")
    assert (account.balance, other.balance) == (Decimal("100.00"), Decimal("0.00"))
