-- Binary search in a sorted array: index of the first match, or NULL.
CREATE OR REPLACE FUNCTION array_search_sorted(items anyarray, target anyelement)
RETURNS integer
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    lo  integer := 1;
    hi  integer := COALESCE(array_length(items, 1), 0) + 1;
    mid integer;
BEGIN
    WHILE lo < hi LOOP
        mid := lo + (hi - lo) / 2;
        IF items[mid] < target THEN
            lo := mid + 1;
        ELSE
            hi := mid;
        END IF;
    END LOOP;
    -- Past the end? Then items[lo] is NULL and so is the result.
    RETURN CASE WHEN items[lo] = target THEN lo END;
END;
$$;

-- Edge cases – each row should say "true".
SELECT label, found IS NOT DISTINCT FROM expected AS passed
FROM (
    VALUES
        ('empty array',   array_search_sorted('{}'::int[], 3),                NULL::int),
        ('single item',   array_search_sorted(ARRAY[3], 3),                   1),
        ('duplicates',    array_search_sorted(ARRAY[1, 3, 3, 3, 8], 3),       2),
        ('after the end', array_search_sorted(ARRAY[1, 3, 8], 99),            NULL),
        ('text',          array_search_sorted(ARRAY['café', 'thé'], 'thé'), 2)
) AS t (label, found, expected)
ORDER BY label;
