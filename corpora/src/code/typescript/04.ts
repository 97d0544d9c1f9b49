type Currency = 'EUR' | 'JPY' | 'USD';
type Cents = number & { readonly __brand: 'Cents' };

export type AccountError =
  | { kind: 'invalid-amount'; amount: number }
  | { kind: 'insufficient-funds'; missing: Cents }
  | { kind: 'frozen'; since: Date };

type Result<T, E = AccountError> = { ok: true; value: T } | { ok: false; error: E };

const fail = (error: AccountError): Result<never> => ({ ok: false, error });

export class Account {
  private balance = 0 as Cents;
  private frozenSince?: Date;

  constructor(public readonly iban: string, public readonly currency: Currency = 'EUR') {}

  deposit(amount: Cents): Result<Cents> {
    if (!Number.isSafeInteger(amount) || amount <= 0) return fail({ kind: 'invalid-amount', amount });
    this.balance = (this.balance + amount) as Cents;
    return { ok: true, value: this.balance };
  }

  withdraw(amount: Cents): Result<Cents> {
    if (this.frozenSince) return fail({ kind: 'frozen', since: this.frozenSince });
    if (amount > this.balance) return fail({ kind: 'insufficient-funds', missing: (amount - this.balance) as Cents });
    this.balance = (this.balance - amount) as Cents;
    return { ok: true, value: this.balance };
  }

  freeze(at: Date = new Date()): void {
    this.frozenSince ??= at;
  }
}

export function describeError(error: AccountError): string {
  switch (error.kind) {
    case 'invalid-amount': return `${error.amount} is not a valid amount`;
    case 'insufficient-funds': return `${(error.missing / 100).toFixed(2)} € short`;
    case 'frozen': return `frozen since ${error.since.toISOString()}`;
  }
}
