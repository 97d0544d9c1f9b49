-- Sparse matrices as tables, and some ways to write and format numbers.
CREATE TEMPORARY TABLE matrix (
    name  text             NOT NULL,
    i     smallint         NOT NULL CHECK (i >= 1),
    j     smallint         NOT NULL CHECK (j >= 1),
    value double precision NOT NULL,
    PRIMARY KEY (name, i, j)
);

INSERT INTO matrix (name, i, j, value) VALUES
    ('A', 1, 1, 1), ('A', 1, 2, 2.5), ('A', 2, 2, -4e-1),
    ('B', 1, 1, .5), ('B', 2, 1, 1.25E+2), ('B', 2, 2, 6.02214076e23);

-- C = A × B: missing entries are zero, so the join leaves them out.
SELECT a.i, b.j, sum(a.value * b.value) AS value, to_char(sum(a.value * b.value), '9.999EEEE') AS formatted
FROM matrix AS a
JOIN matrix AS b ON b.name = 'B' AND b.i = a.j
WHERE a.name = 'A'
GROUP BY a.i, b.j
ORDER BY a.i, b.j;

SELECT
    to_char(1234567.891, 'FM999G999G990D00')                  AS grouped,
    to_hex(48879)                                             AS hex,
    x'ff'::integer & ~x'0f'::integer                          AS masked,
    1 << 10                                                   AS kibi,
    B'1010' # B'0110'                                         AS bits,
    round(pi()::numeric, 5)                                   AS pi,
    exp(1.0)::numeric(10, 6)                                  AS e,
    'NaN'::float8 = 'NaN'::float8                             AS nan_equals_itself,
    power(2::numeric, 64) - 1                                 AS max_uint64,
    '-1.5e+3' ~ '^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$' AS is_number;
