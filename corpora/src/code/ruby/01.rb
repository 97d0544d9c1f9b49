# frozen_string_literal: true

# Splits a single line of CSV into its fields.
class CsvLine
  class UnterminatedQuote < StandardError; end

  FIELD = /
    \G(?:
      "(?<quoted>(?:[^"]|"")*)"   # "a quoted ""field"" – commas allowed"
      |
      (?<plain>[^",]*)
    )(?<terminator>,|\z)
  /x

  def self.parse(line)
    new(line.chomp).fields
  end

  def initialize(line)
    @line = line
  end

  def fields
    result = []
    position = 0
    loop do
      match = FIELD.match(@line, position)
      raise UnterminatedQuote, "bad quoting at column #{position + 1}: #{@line.inspect}" unless match

      result << (match[:quoted]&.gsub('""', '"') || match[:plain])
      return result if match[:terminator].empty?

      position = match.end(0)
    end
  end
end

if $PROGRAM_NAME == __FILE__
  p CsvLine.parse(%(12,"Façade, ""old""",,東京)) # => ["12", "Façade, \"old\"", "", "東京"]
end
