import logging
from dataclasses import dataclass, field
from decimal import Decimal

logger = logging.getLogger(__name__)


class AccountError(Exception):
    pass


class InsufficientFunds(AccountError):
    def __init__(self, needed: Decimal, available: Decimal) -> None:
        super().__init__(f"need {needed:.2f} but only {available:.2f} is available")
        self.needed = needed
        self.available = available


@dataclass
class BankAccount:
    owner: str
    balance: Decimal = Decimal("0.00")
    overdraft_limit: Decimal = Decimal("0.00")
    history: list[tuple[str, Decimal]] = field(default_factory=list, repr=False)

    def deposit(self, amount: Decimal) -> None:
        if amount <= 0:
            raise AccountError(f"deposit must be positive, got {amount}")
        self.balance += amount
        self.history.append(("deposit", amount))

    def withdraw(self, amount: Decimal) -> None:
        if amount <= 0:
            raise AccountError(f"withdrawal must be positive, got {amount}")
        available = self.balance + self.overdraft_limit
        if amount > available:
            logger.warning("%s tried to withdraw %s", self.owner, amount)
            raise InsufficientFunds(amount, available)
        self.balance -= amount
        self.history.append(("withdraw", -amount))

    def transfer_to(self, other: "BankAccount", amount: Decimal) -> None:
        self.withdraw(amount)
        other.deposit(amount)
