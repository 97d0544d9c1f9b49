# frozen_string_literal: true

require "date"
require "time"

WEEKDAYS_DE = %w[So Mo Di Mi Do Fr Sa].freeze
HOLIDAYS = [Date.new(2024, 12, 25), Date.new(2024, 12, 26), Date.new(2025, 1, 1)].freeze

class Date
  def business_day?
    !saturday? && !sunday? && !HOLIDAYS.include?(self)
  end

  def add_business_days(count)
    date = self
    until count.zero?
      date += 1
      count -= 1 if date.business_day?
    end
    date
  end
end

def humanize(seconds)
  { day: 86_400, hour: 3_600, minute: 60 }.each do |unit, size|
    n = seconds.abs / size
    return "#{n} #{unit}#{'s' unless n == 1} #{seconds.negative? ? 'ago' : 'from now'}" if n.positive?
  end
  "just now"
end

invoice = Date.strptime("31.01.2024", "%d.%m.%Y")
due = invoice >> 1 # one month later: clamped to 29 February
puts "#{invoice.iso8601} – #{due.iso8601}: #{(due - invoice).to_i} days"
puts "#{WEEKDAYS_DE[due.wday]}., #{due.strftime('%-d. %B %Y')}, Kalenderwoche #{due.cweek}"
puts Date.new(2024, 12, 20).add_business_days(5).strftime("%Y年%m月%d日")

departure = Time.iso8601("2024-03-30T22:15:00+01:00")
arrival = (departure + 12 * 3600 + 40 * 60).localtime("+09:00")
puts arrival.strftime("%a %F %R %:z"), humanize((arrival - departure).to_i), humanize(-90)
