#include <array>
#include <cassert>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

// Index of the first element equivalent to `value`, if there is one.
// Precondition: the range is sorted with respect to `comp`.
template <typename Range, typename T, typename Compare = std::less<>>
constexpr std::optional<std::size_t> find_sorted(const Range& range, const T& value, Compare comp = {}) {
    auto first = std::begin(range);
    auto count = std::distance(first, std::end(range));

    while (count > 0) {
        const auto step = count / 2;
        const auto mid = std::next(first, step);
        if (comp(*mid, value)) {
            first = std::next(mid);
            count -= step + 1;
        } else {
            count = step;
        }
    }
    if (first == std::end(range) || comp(value, *first)) return std::nullopt;
    return static_cast<std::size_t>(std::distance(std::begin(range), first));
}

constexpr std::array<int, 6> squares{0, 1, 4, 4, 16, 25};
static_assert(find_sorted(squares, 4) == 2u);       // leftmost of the duplicates
static_assert(!find_sorted(squares, 5));
static_assert(find_sorted(squares, 25) == 5u);
static_assert(!find_sorted(std::array<int, 0>{}, 1));

int main() {
    const std::vector<std::string> words{"zèbre", "lion", "âne"};  // descending by length
    const auto longer = [](const auto& a, const auto& b) { return a.size() > b.size(); };
    assert(find_sorted(words, std::string("cat"), longer) == std::nullopt);
    assert(find_sorted(words, std::string("puma"), longer) == 1u);
}
