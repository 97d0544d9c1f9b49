#include <iomanip>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace csv {

class parse_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

[[nodiscard]] std::vector<std::string> split(std::string_view line, char separator = ',') {
    std::vector<std::string> fields(1);
    bool quoted = false;

    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        auto& field = fields.back();
        if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
            field += '"';  // "" – an escaped quote
            ++i;
        } else if (c == '"' && (quoted || field.empty())) {
            quoted = !quoted;
        } else if (c == separator && !quoted) {
            fields.emplace_back();
        } else {
            field += c;
        }
    }
    if (quoted) throw parse_error("unterminated quote: " + std::string(line));
    return fields;
}

}  // namespace csv

int main() {
    for (const auto& field : csv::split(R"(17,"Peña, ""El Niño""",,"東京",0.5)")) {
        std::cout << std::quoted(field) << '\n';
    }
}
