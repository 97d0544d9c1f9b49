-- Word frequencies per language, without stop words; the ten most common of each.
WITH words AS (
    SELECT
        d.language,
        lower(w.match[1]) AS word
    FROM documents AS d
    CROSS JOIN LATERAL regexp_matches(d.body, '[[:alpha:]]+(?:[''’][[:alpha:]]+)*', 'g') AS w (match)
    WHERE d.deleted_at IS NULL
),
counts AS (
    SELECT language, word, count(*) AS n
    FROM words
    WHERE NOT EXISTS (
        SELECT 1
        FROM stop_words AS s
        WHERE s.language = words.language
          AND s.word = words.word  -- e.g. 'the', 'und', 'à'
    )
    GROUP BY language, word
    HAVING count(*) > 1
),
ranked AS (
    SELECT
        language,
        word,
        n,
        dense_rank() OVER (PARTITION BY language ORDER BY n DESC) AS position,
        round(100.0 * n / sum(n) OVER (PARTITION BY language), 2) AS percent
    FROM counts
)
SELECT language, position, string_agg(word, ', ' ORDER BY word) AS words, min(n) AS occurrences, min(percent) AS percent_each
FROM ranked
WHERE position <= 10
GROUP BY language, position
ORDER BY language, position;
