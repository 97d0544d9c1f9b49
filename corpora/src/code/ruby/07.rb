# frozen_string_literal: true

class Matrix2
  include Enumerable

  GAS_CONSTANT = 8.314_462_618 # J/(mol·K)
  ELECTRON_VOLT = 1.602_176_634e-19
  PERMISSIONS = { read: 0b001, write: 0b010, exec: 0b100 }.freeze
  MASK32 = 0xFFFF_FFFF
  NUMBER = /\A[+-]?(?:0x\h+|0b[01]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?)\z/i

  attr_reader :rows

  def self.identity = new([[1, 0], [0, 1]])

  def initialize(rows)
    @rows = rows.map(&:dup).freeze
  end

  def each(&) = rows.flatten.each(&)

  def *(other)
    Matrix2.new(rows.map { |row| other.rows.transpose.map { |col| row.zip(col).sum { |x, y| x * y } } })
  end

  def **(exponent)
    return Matrix2.identity if exponent.zero?

    half = self**(exponent / 2)
    exponent.odd? ? half * half * self : half * half
  end

  def to_s = rows.map { |row| "│#{row.map { |x| x.to_s.rjust(12) }.join(' ')} │" }.join("\n")
end

puts Matrix2.new([[1, 1], [1, 0]])**50
puts format("%#010x %08b %.3e %+.2f %o", 0xBEEF << 8, Matrix2::PERMISSIONS.values_at(:read, :exec).reduce(:|), Matrix2::ELECTRON_VOLT, -0.5, 0o755)
puts %w[0xFF 1e-9 -3.25 1_000 0b102].map { |s| s.match?(Matrix2::NUMBER) ? "✓" : "✗" }.join
puts Matrix2::MASK32.to_s(16), 1_234_567.89.to_s.gsub(/(\d)(?=(\d{3})+\.)/, '\1 '), 10**21, 7.fdiv(3).round(4), Rational(22, 7), Matrix2::GAS_CONSTANT
