#!/usr/bin/env ruby
# frozen_string_literal: true

require "optparse"
require "set"

WORD = /\p{L}+(?:['’]\p{L}+)*/
STOP_WORDS = Set.new(%w[a an and are as in is it of on the to]).freeze

options = { top: 10, min_length: 1, stop_words: true }
OptionParser.new do |opts|
  opts.banner = "Usage: #{File.basename($PROGRAM_NAME)} [options] [FILE...]"
  opts.on("-n", "--top N", Integer, "number of words to show") { |n| options[:top] = n }
  opts.on("-m", "--min-length N", Integer) { |n| options[:min_length] = n }
  opts.on("--[no-]stop-words", "leave out very common words") { |flag| options[:stop_words] = flag }
end.parse!

counts = Hash.new(0)
ARGF.set_encoding(Encoding::UTF_8)
ARGF.each_line do |line|
  line.scrub("�").unicode_normalize(:nfc).scan(WORD) do |word|
    key = word.downcase # Unicode-aware: "ÉTÉ" becomes "été"
    next if key.length < options[:min_length]
    next if options[:stop_words] && STOP_WORDS.include?(key)

    counts[key] += 1
  end
end

total = counts.values.sum
abort "No words found." if total.zero?

counts.sort_by { |word, n| [-n, word] }.first(options[:top]).each do |word, n|
  puts format("%<word>-20s %<n>6d %<share>5.1f %%", word: word, n: n, share: 100.0 * n / total)
end
