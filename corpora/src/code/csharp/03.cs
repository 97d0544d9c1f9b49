using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Example.Text;

public sealed partial class WordCounter
{
    [GeneratedRegex(@"\p{L}+(?:['’]\p{L}+)*", RegexOptions.CultureInvariant)]
    private static partial Regex WordRegex();

    private static readonly HashSet<string> StopWords = new(StringComparer.OrdinalIgnoreCase) { "a", "an", "and", "in", "of", "the", "to" };

    private readonly Dictionary<string, int> _counts = new(StringComparer.OrdinalIgnoreCase);

    public int Total => _counts.Values.Sum();

    public void Add(string text)
    {
        foreach (Match match in WordRegex().Matches(text.Normalize(NormalizationForm.FormC)))
        {
            if (StopWords.Contains(match.Value)) continue;
            _counts[match.Value] = _counts.GetValueOrDefault(match.Value) + 1;
        }
    }

    public IEnumerable<(string Word, int Count)> Top(int limit) =>
        from pair in _counts.OrderByDescending(p => p.Value).ThenBy(p => p.Key, StringComparer.Ordinal).Take(limit)
        select (pair.Key.ToLowerInvariant(), pair.Value);

    public static async Task Main(string[] args)
    {
        var counter = new WordCounter();
        await foreach (var line in File.ReadLinesAsync(args[0], Encoding.UTF8))
        {
            counter.Add(line); // z. B. „naïve“ and „NAÏVE“ are one word
        }
        foreach (var (word, count) in counter.Top(limit: 15))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{word,-20} {count,6:N0} {(double)count / counter.Total:P1}"));
        }
    }
}
