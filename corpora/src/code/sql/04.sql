CREATE TABLE accounts (
    account_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner      text           NOT NULL CHECK (btrim(owner) <> ''),
    balance    numeric(14, 2) NOT NULL DEFAULT 0.00,
    overdraft  numeric(14, 2) NOT NULL DEFAULT 0.00 CHECK (overdraft >= 0),
    CONSTRAINT balance_within_overdraft CHECK (balance >= -overdraft)
);

CREATE OR REPLACE PROCEDURE transfer(p_from bigint, p_to bigint, p_amount numeric)
LANGUAGE plpgsql
AS $$
DECLARE
    v_available numeric;
BEGIN
    IF p_amount <= 0 THEN
        RAISE EXCEPTION 'amount must be positive, got %', p_amount USING ERRCODE = '22023';
    END IF;

    -- Lock both rows in a fixed order, or two opposite transfers may deadlock.
    PERFORM 1 FROM accounts WHERE account_id IN (p_from, p_to) ORDER BY account_id FOR UPDATE;

    SELECT balance + overdraft INTO v_available FROM accounts WHERE account_id = p_from;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'unknown account %', p_from USING ERRCODE = 'no_data_found';
    ELSIF v_available < p_amount THEN
        RAISE EXCEPTION 'insufficient funds: % € requested, % € available', p_amount, v_available USING ERRCODE = 'BA001';
    END IF;

    UPDATE accounts SET balance = balance - p_amount WHERE account_id = p_from;
    UPDATE accounts SET balance = balance + p_amount WHERE account_id = p_to;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'unknown account %', p_to USING ERRCODE = 'no_data_found';
    END IF;
END;
$$;

INSERT INTO accounts (owner, balance, overdraft) VALUES ('José Núñez', 100.00, 50.00), ('佐藤花子', 0.00, 0.00);
CALL transfer(1, 2, 149.99);
