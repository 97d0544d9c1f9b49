-- Due dates for invoices: one month net, moved to the next working day.
WITH invoices (invoice_no, issued_on) AS (
    VALUES
        ('2024-0017', DATE '2024-01-31'),
        ('2024-0018', DATE '2024-02-29'),
        ('2024-0311', DATE '2024-11-25')
),
due AS (
    SELECT
        invoice_no,
        issued_on,
        (issued_on + INTERVAL '1 month')::date AS nominal,  -- 31 Jan + 1 month → 29 Feb
        working.day AS due_on
    FROM invoices
    CROSS JOIN LATERAL (
        SELECT d::date AS day
        FROM generate_series(issued_on + INTERVAL '1 month', issued_on + INTERVAL '1 month 10 days', INTERVAL '1 day') AS d
        WHERE extract(isodow FROM d) < 6
          AND NOT EXISTS (SELECT 1 FROM (VALUES (DATE '2024-12-25'), (DATE '2024-12-26')) AS h (day) WHERE h.day = d::date)
        ORDER BY d
        LIMIT 1
    ) AS working
)
SELECT
    invoice_no,
    to_char(issued_on, 'YYYY-MM-DD')           AS issued,
    to_char(due_on, 'FMDay, DD FMMonth YYYY')  AS due,
    to_char(due_on, 'YYYY"年"MM"月"DD"日"')     AS due_ja,
    due_on - issued_on                         AS days,
    age(due_on, issued_on)                     AS period,
    to_char(due_on, 'IYYY-"W"IW')              AS iso_week
FROM due
ORDER BY due_on;

SELECT
    TIMESTAMPTZ '2024-03-31 00:30:00+00' AT TIME ZONE 'Europe/Paris' AS before_change,
    (TIMESTAMPTZ '2024-03-31 00:30:00+00' + INTERVAL '1 hour') AT TIME ZONE 'Europe/Paris' AS after_change,
    date_trunc('quarter', DATE '2024-08-15') + INTERVAL '3 months - 1 day' AS quarter_end;
