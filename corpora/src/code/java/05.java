package org.example.time;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

public final class Dates {

    private static final Set<DayOfWeek> WEEKEND = EnumSet.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);

    static long workingDays(LocalDate start, LocalDate endExclusive) {
        return start.datesUntil(endExclusive).filter(d -> !WEEKEND.contains(d.getDayOfWeek())).count();
    }

    static String age(LocalDate birth, LocalDate today) {
        Period p = Period.between(birth, today);
        return String.format("%d years, %d months and %d days", p.getYears(), p.getMonths(), p.getDays());
    }

    public static void main(String[] args) {
        LocalDate invoice = LocalDate.parse("2024-01-31");
        LocalDate due = invoice.plusMonths(1).with(TemporalAdjusters.nextOrSame(DayOfWeek.MONDAY));
        System.out.println("Due: " + due + " (in " + ChronoUnit.DAYS.between(invoice, due) + " days)");

        ZonedDateTime departure = ZonedDateTime.of(2024, 3, 30, 22, 15, 0, 0, ZoneId.of("Europe/Zurich"));
        ZonedDateTime arrival = departure.plus(Duration.ofHours(12).plusMinutes(40)).withZoneSameInstant(ZoneId.of("Asia/Tokyo"));
        DateTimeFormatter japanese = DateTimeFormatter.ofPattern("yyyy年M月d日 (E) HH:mm", Locale.JAPANESE);
        System.out.println(arrival.format(japanese));
        System.out.println(departure.format(DateTimeFormatter.ofLocalizedDate(FormatStyle.FULL).withLocale(Locale.FRANCE)));
        System.out.println(workingDays(invoice, due) + " working days; " + age(LocalDate.of(1987, 11, 5), invoice));
    }
}
