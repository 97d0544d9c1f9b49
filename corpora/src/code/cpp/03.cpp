#include <algorithm>
#include <cctype>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

using Counts = std::unordered_map<std::string, std::size_t>;

// Bytes ≥ 0x80 belong to multi-byte UTF-8 sequences; treat them as letters.
static bool isWordByte(unsigned char c) { return std::isalpha(c) || c >= 0x80; }

static Counts countWords(std::istream& in) {
    Counts counts;
    std::string line, word;
    while (std::getline(in, line)) {
        line.push_back('\n');
        for (const unsigned char c : line) {
            if (isWordByte(c)) {
                word.push_back(static_cast<char>(std::tolower(c)));
            } else if (!word.empty()) {
                ++counts[std::exchange(word, {})];
            }
        }
    }
    return counts;
}

int main(int argc, char* argv[]) {
    std::ifstream file(argc > 1 ? argv[1] : "/dev/stdin");
    if (!file) {
        std::cerr << "cannot open " << argv[1] << '\n';
        return 1;
    }
    const auto counts = countWords(file);
    std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second != b.second ? a.second > b.second : a.first < b.first; });
    for (const auto& [word, n] : sorted) std::cout << std::setw(8) << n << ' ' << word << '\n';
}
