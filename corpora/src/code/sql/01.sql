-- Split one line of CSV into rows (position, value); "" inside quotes is a quote.
-- PostgreSQL: SELECT * FROM split_csv_line('1,"Müller, ""Anna""",,3.50');
CREATE OR REPLACE FUNCTION split_csv_line(line text, separator char DEFAULT ',')
RETURNS TABLE (field_no integer, value text)
LANGUAGE plpgsql IMMUTABLE STRICT
AS $$
DECLARE
    c         text;
    buffer    text := '';
    in_quotes boolean := false;
    i         integer := 1;
BEGIN
    field_no := 1;
    WHILE i <= length(line) LOOP
        c := substr(line, i, 1);
        IF in_quotes AND c = '"' AND substr(line, i + 1, 1) = '"' THEN
            buffer := buffer || '"';
            i := i + 1;
        ELSIF c = '"' AND (in_quotes OR buffer = '') THEN
            in_quotes := NOT in_quotes;
        ELSIF c = separator AND NOT in_quotes THEN
            value := buffer;
            RETURN NEXT;
            field_no := field_no + 1;
            buffer := '';
        ELSE
            buffer := buffer || c;
        END IF;
        i := i + 1;
    END LOOP;

    IF in_quotes THEN
        RAISE EXCEPTION 'unterminated quote in field %', field_no
            USING ERRCODE = 'invalid_text_representation', HINT = 'Quotes inside a field must be doubled.';
    END IF;

    value := buffer;
    RETURN NEXT;
END;
$$;
