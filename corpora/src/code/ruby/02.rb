# frozen_string_literal: true

module SortedSearch
  # Index of the first element equal to +target+, or nil.
  #
  # The receiver must be sorted – in ascending order, or in the order
  # given by the block, which works like the block of Array#sort.
  refine Array do
    def sorted_index(target)
      low = 0
      high = size
      while low < high
        middle = (low + high) / 2
        order = block_given? ? yield(self[middle], target) : self[middle] <=> target
        raise ArgumentError, "cannot compare #{self[middle].inspect} with #{target.inspect}" if order.nil?

        if order.negative?
          low = middle + 1
        else
          high = middle
        end
      end
      low if low < size && (block_given? ? yield(self[low], target).zero? : self[low] == target)
    end
  end
end

using SortedSearch

def check(expected, actual)
  puts "#{expected == actual ? 'ok' : 'NOT OK'}: #{actual.inspect}"
end

check nil, [].sorted_index(3)
check 0, [3].sorted_index(3)
check 1, [1, 3, 3, 3, 8].sorted_index(3)
check nil, [1, 3, 8].sorted_index(9)
check 2, %w[zebra müsli apfel].sorted_index("apfel") { |a, b| b <=> a }
