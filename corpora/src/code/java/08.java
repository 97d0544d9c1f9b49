package org.example.csv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CsvLineParserTest {

    private CsvLineParser parser;

    @BeforeEach
    void setUp() {
        parser = new CsvLineParser(',');
    }

    @Test
    void splitsPlainFields() {
        assertEquals(List.of("id", "name", "price"), parser.parse("id,name,price"));
    }

    @Test
    @DisplayName("keeps separators and doubled quotes inside a quoted field")
    void handlesQuotedFields() {
        assertEquals(List.of("7", "Crème \"brûlée\", petite", "4.50"), parser.parse("7,\"Crème \"\"brûlée\"\", petite\",4.50"));
    }

    @Test
    void emptyLineIsOneEmptyField() {
        assertEquals(List.of(""), parser.parse(""));
        assertEquals(List.of("", "", ""), parser.parse(",,"));
    }

    @Test
    void unbalancedQuoteIsRejected() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> parser.parse("1,\"東京"));
        assertTrue(e.getMessage().contains("Unbalanced"));
    }
}
