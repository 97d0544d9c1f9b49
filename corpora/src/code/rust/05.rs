use std::fmt;
use std::ops::{Add, Sub};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(i64); // days since 1970-01-01

impl Date {
    pub const fn from_ymd(year: i64, month: i64, day: i64) -> Self {
        let y = if month <= 2 { year - 1 } else { year };
        let era = y.div_euclid(400);
        let yoe = y.rem_euclid(400);
        let doy = (153 * ((month + 9) % 12) + 2) / 5 + day - 1; // the year begins in March
        Date(era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468)
    }

    pub const fn to_ymd(self) -> (i64, i64, i64) {
        let z = self.0 + 719_468;
        let (era, doe) = (z.div_euclid(146_097), z.rem_euclid(146_097));
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let (month, day) = (if mp < 10 { mp + 3 } else { mp - 9 }, doy - (153 * mp + 2) / 5 + 1);
        (yoe + era * 400 + (month <= 2) as i64, month, day)
    }
}

impl Add<i64> for Date { type Output = Date; fn add(self, days: i64) -> Date { Date(self.0 + days) } }
impl Sub for Date { type Output = i64; fn sub(self, other: Date) -> i64 { self.0 - other.0 } }

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, m, d) = self.to_ymd();
        if f.alternate() { write!(f, "{y}年{m}月{d}日") } else { write!(f, "{y:04}-{m:02}-{d:02}") }
    }
}

fn main() {
    let start = Date::from_ymd(2023, 12, 24);
    let end = start + 68;
    println!("{start} – {end:#}, {} days", end - start); // 2023-12-24 – 2024年3月1日, 68 days
}
