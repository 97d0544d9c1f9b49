#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

class InventoryError : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

class OutOfStock final : public InventoryError {
public:
    OutOfStock(const std::string& sku, std::uint32_t wanted, std::uint32_t available)
        : InventoryError("out of stock: " + sku + " (wanted " + std::to_string(wanted) + ", have " + std::to_string(available) + ")"),
          missing_(wanted - available) {}

    std::uint32_t missing() const noexcept { return missing_; }

private:
    std::uint32_t missing_;
};

class Inventory {
public:
    void add(std::string sku, std::uint32_t quantity) {
        if (quantity == 0) throw InventoryError("quantity must not be zero");
        items_[std::move(sku)] += quantity;
    }

    void remove(const std::string& sku, std::uint32_t quantity) {
        const auto it = items_.find(sku);
        if (it == items_.end()) throw InventoryError("unknown item: " + sku);
        if (it->second < quantity) throw OutOfStock(sku, quantity, it->second);
        if ((it->second -= quantity) == 0) items_.erase(it);
    }

    [[nodiscard]] bool empty() const noexcept { return items_.empty(); }

private:
    std::map<std::string, std::uint32_t> items_;  // SKU → Stück
};
