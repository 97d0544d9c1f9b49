using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Example.Calendar;

public static class DateOnlyExtensions
{
    public static bool IsWeekend(this DateOnly date) => date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;

    public static DateOnly AddBusinessDays(this DateOnly date, int days, IReadOnlySet<DateOnly>? holidays = null)
    {
        var step = Math.Sign(days);
        while (days != 0)
        {
            date = date.AddDays(step);
            if (!date.IsWeekend() && holidays?.Contains(date) != true) days -= step;
        }
        return date;
    }

    public static int DaysUntil(this DateOnly from, DateOnly to) => to.DayNumber - from.DayNumber;
}

public static class Program
{
    public static void Main()
    {
        var invoiced = new DateOnly(2024, 12, 20);
        var holidays = new HashSet<DateOnly> { new(2024, 12, 25), new(2024, 12, 26), new(2025, 1, 1) };
        var due = invoiced.AddBusinessDays(10, holidays);

        Console.WriteLine($"{invoiced:yyyy-MM-dd} – {due:yyyy-MM-dd} ({invoiced.DaysUntil(due)} days)");
        foreach (var name in new[] { "en-GB", "fr-FR", "ja-JP" })
        {
            Console.WriteLine(due.ToString("D", CultureInfo.GetCultureInfo(name))); // mercredi 8 janvier 2025 …
        }

        var utc = DateTimeOffset.Parse("2024-03-31T00:30:00Z", CultureInfo.InvariantCulture);
        var berlin = TimeZoneInfo.ConvertTime(utc.AddHours(1), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        Console.WriteLine($"{berlin:O}, {berlin - utc:hh\\:mm} h later, ISO week {ISOWeek.GetWeekOfYear(berlin.DateTime)}");
    }
}
