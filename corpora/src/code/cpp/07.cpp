#include <array>
#include <bitset>
#include <cstdint>
#include <iomanip>
#include <iostream>
#include <numbers>
#include <regex>

template <typename T, std::size_t Rows, std::size_t Cols>
struct Matrix {
    std::array<std::array<T, Cols>, Rows> data{};

    template <std::size_t Inner>
    constexpr auto operator*(const Matrix<T, Cols, Inner>& rhs) const {
        Matrix<T, Rows, Inner> out;
        for (std::size_t i = 0; i < Rows; ++i)
            for (std::size_t j = 0; j < Inner; ++j)
                for (std::size_t k = 0; k < Cols; ++k) out.data[i][j] += data[i][k] * rhs.data[k][j];
        return out;
    }

    friend std::ostream& operator<<(std::ostream& os, const Matrix& m) {
        for (const auto& row : m.data) {
            for (const auto& x : row) os << std::setw(10) << std::fixed << std::setprecision(3) << x;
            os << '\n';
        }
        return os << std::defaultfloat;
    }
};

constexpr std::uint64_t kGoldenRatio64 = 0x9E37'79B9'7F4A'7C15ULL;
constexpr double kFaraday = 9.648'533'212e4;  // C·mol⁻¹
enum Flags : std::uint8_t { kNone = 0, kDirty = 1u << 0, kPinned = 1u << 1, kLocked = 0b1000'0000 };

int main() {
    constexpr Matrix<double, 2, 3> a{{{{1, 2, 3}, {4, 5, 6}}}};
    constexpr Matrix<double, 3, 1> b{{{{.5}, {-1e-2}, {2.5e+1}}}};
    std::cout << a * b << std::scientific << kFaraday << ' ' << std::numbers::pi_v<float> << '\n';
    std::cout << std::bitset<8>(kDirty | kLocked) << ' ' << std::hex << std::showbase << (kGoldenRatio64 >> 32) << ' ' << (~0xF0u & 0xFFu) << '\n';
    const std::regex version(R"(v?(\d+)\.(\d+)(?:\.(\d+))?(-[a-z]+\d*)?)", std::regex::icase);
    std::cout << std::boolalpha << std::regex_match("v2.10.3-RC1", version) << '\n';
}
