package org.example.http;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

public class WeatherClient {

    private static final String BASE_URL = "https://weather.example.org/api/v2";

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();

    /** Returns the forecast as raw JSON, e.g. {@code {"city":"Zürich","tempC":21.5}}. */
    public String forecast(String city) throws IOException, InterruptedException {
        String query = "city=" + URLEncoder.encode(city, StandardCharsets.UTF_8) + "&units=metric";
        HttpRequest request = HttpRequest.newBuilder(URI.create(BASE_URL + "/forecast?" + query))
                .header("Accept", "application/json")
                .timeout(Duration.ofSeconds(10))
                .GET()
                .build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        return switch (response.statusCode()) {
            case 200 -> response.body();
            case 404 -> throw new IllegalArgumentException("Unknown city: " + city);
            case 429 -> throw new IOException("Rate limit reached, retry after " + response.headers().firstValue("Retry-After").orElse("?") + " s");
            default -> throw new IOException("Unexpected status " + response.statusCode());
        };
    }

    public static void main(String[] args) throws Exception {
        System.out.println(new WeatherClient().forecast(args.length > 0 ? args[0] : "Zürich"));
    }
}
