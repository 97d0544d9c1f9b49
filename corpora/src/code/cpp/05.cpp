#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>

using namespace std::chrono;
using namespace std::chrono_literals;

// 31 January + 1 month is not a valid date, so clamp to the last day.
year_month_day add_months(year_month_day date, months n) {
    const auto shifted = date + n;
    return shifted.ok() ? shifted : year_month_day{shifted.year() / shifted.month() / last};
}

std::string to_iso(year_month_day d) {
    char buffer[16];
    std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02u", int(d.year()), unsigned(d.month()), unsigned(d.day()));
    return buffer;
}

int working_days(sys_days from, sys_days to) {
    int count = 0;
    for (auto d = from; d < to; d += days{1}) {
        const weekday wd{d};
        if (wd != Saturday && wd != Sunday) ++count;
    }
    return count;
}

int main() {
    constexpr year_month_day start = 2024y / January / 31;
    static_assert(start.ok() && start.year().is_leap());

    const auto due = add_months(start, months{1});
    const auto gap = sys_days{due} - sys_days{start};
    std::cout << to_iso(start) << " – " << to_iso(due) << ": " << gap.count() << " days, "
              << working_days(start, due) << " of them working days\n";

    const auto flight = 11h + 55min;
    const auto landing = sys_days{due} + 22h + 30min + flight + 9h;  // 日本時間
    std::cout << to_iso(floor<days>(landing)) << ", " << duration<double, std::ratio<3600>>(flight).count() << " h\n";
}
