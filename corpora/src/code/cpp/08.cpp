#include "inventory.hpp"

#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

TEST_CASE("a new inventory is empty", "[inventory]") {
    const Inventory inventory;
    REQUIRE(inventory.empty());
}

TEST_CASE("items can be added and removed", "[inventory]") {
    Inventory inventory;
    inventory.add("käse-250g", 3);

    SECTION("removing everything empties it") {
        inventory.remove("käse-250g", 3);
        CHECK(inventory.empty());
    }

    SECTION("removing some leaves the rest") {
        inventory.remove("käse-250g", 2);
        CHECK_FALSE(inventory.empty());
        CHECK_NOTHROW(inventory.remove("käse-250g", 1));
    }

    SECTION("removing too many throws and changes nothing") {
        try {
            inventory.remove("käse-250g", 10);
            FAIL("expected OutOfStock");
        } catch (const OutOfStock& e) {
            CHECK(e.missing() == 7u);
            CHECK_THAT(e.what(), Catch::Contains("wanted 10, have 3"));
        }
        CHECK_NOTHROW(inventory.remove("käse-250g", 3));
    }

    SECTION("invalid arguments") {
        CHECK_THROWS_AS(inventory.add("brot", 0), InventoryError);
        CHECK_THROWS_WITH(inventory.remove("brot", 1), "unknown item: brot");
    }
}
