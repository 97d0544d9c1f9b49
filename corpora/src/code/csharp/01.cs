using System;
using System.Collections.Generic;
using System.Text;

namespace Example.Csv;

public static class CsvLine
{
    /// <summary>Splits one line of CSV; quoted fields may contain the separator.</summary>
    /// <exception cref="FormatException">A quoted field is not closed.</exception>
    public static IReadOnlyList<string> Parse(string line, char separator = ',')
    {
        ArgumentNullException.ThrowIfNull(line);

        var fields = new List<string>();
        var field = new StringBuilder();
        var inQuotes = false;

        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            switch (c)
            {
                case '"' when inQuotes && i + 1 < line.Length && line[i + 1] == '"':
                    field.Append('"'); // "" → "
                    i++;
                    break;
                case '"' when inQuotes || field.Length == 0:
                    inQuotes = !inQuotes;
                    break;
                case var _ when c == separator && !inQuotes:
                    fields.Add(field.ToString());
                    field.Clear();
                    break;
                default:
                    field.Append(c);
                    break;
            }
        }

        if (inQuotes) throw new FormatException($"Unterminated quote in line: {line}");
        fields.Add(field.ToString());
        return fields;
    }
}
