-- Tests for transfer(); everything is rolled back at the end.
BEGIN;

INSERT INTO accounts (account_id, owner, balance, overdraft) OVERRIDING SYSTEM VALUE
VALUES (-1, 'Test Ä', 100.00, 20.00), (-2, 'Test ß', 0.00, 0.00);

DO $test$
DECLARE
    v_message text;
BEGIN
    -- a transfer moves the money …
    CALL transfer(-1, -2, 30.00);
    ASSERT (SELECT balance FROM accounts WHERE account_id = -1) = 70.00, 'sender was not debited';
    ASSERT (SELECT balance FROM accounts WHERE account_id = -2) = 30.00, 'receiver was not credited';

    -- … the overdraft can be used up to the last cent …
    CALL transfer(-1, -2, 90.00);
    ASSERT (SELECT balance FROM accounts WHERE account_id = -1) = -20.00, 'overdraft was not used';

    -- … but no further
    BEGIN
        CALL transfer(-1, -2, 0.01);
        RAISE EXCEPTION 'expected an error, got none';
    EXCEPTION
        WHEN SQLSTATE 'BA001' THEN  -- insufficient funds
            GET STACKED DIAGNOSTICS v_message = MESSAGE_TEXT;
            ASSERT v_message LIKE 'insufficient funds: 0.01 €%', format('unexpected message: %s', v_message);
    END;

    BEGIN
        CALL transfer(-1, -2, -5);
        ASSERT false, 'a negative amount was accepted';
    EXCEPTION
        WHEN invalid_parameter_value THEN NULL;
    END;

    RAISE NOTICE 'all transfer tests passed';
END;
$test$;

ROLLBACK;
