using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Example.Api;

public sealed record Book(
    [property: JsonPropertyName("isbn")] string Isbn,
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("published_on")] DateOnly? PublishedOn = null);

public sealed class BookClient(HttpClient http)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public async Task<Book?> FindAsync(string isbn, CancellationToken ct = default)
    {
        using var response = await http.GetAsync($"books/{Uri.EscapeDataString(isbn)}", ct);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<Book>(Options, ct);
    }

    public async Task<Uri> CreateAsync(Book book, CancellationToken ct = default)
    {
        using var response = await http.PostAsJsonAsync("books", book, Options, ct);
        if (!response.IsSuccessStatusCode)
        {
            var details = await response.Content.ReadAsStringAsync(ct);
            throw new HttpRequestException($"Could not create “{book.Title}”: {(int)response.StatusCode} {details}", null, response.StatusCode);
        }
        return response.Headers.Location ?? throw new JsonException("The server sent no Location header.");
    }
}

// using var http = new HttpClient { BaseAddress = new Uri("https://library.example.com/api/"), Timeout = TimeSpan.FromSeconds(10) };
// var uri = await new BookClient(http).CreateAsync(new Book("978-0-00-000000-2", "Les Années d'été"));
