package org.example.csv;

import java.util.ArrayList;
import java.util.List;

/** Splits a single line of comma-separated values. */
public final class CsvLineParser {

    private static final char QUOTE = '"';

    private final char separator;

    public CsvLineParser(char separator) {
        this.separator = separator;
    }

    public List<String> parse(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;

        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted && c == QUOTE && i + 1 < line.length() && line.charAt(i + 1) == QUOTE) {
                field.append(QUOTE); // "" → "
                i++;
            } else if (c == QUOTE && (quoted || field.length() == 0)) {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }

        if (quoted) {
            throw new IllegalArgumentException("Unbalanced quotes in line: " + line);
        }
        fields.add(field.toString());
        return List.copyOf(fields);
    }
}
