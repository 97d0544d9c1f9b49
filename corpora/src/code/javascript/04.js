class InventoryError extends Error {
  constructor(message, { sku, cause } = {}) {
    super(message, { cause });
    this.name = 'InventoryError';
    this.sku = sku;
  }
}

class OutOfStockError extends InventoryError {
  constructor(sku, wanted, available) {
    super(`Only ${available} of ${sku} left, but ${wanted} requested`, { sku });
    this.name = 'OutOfStockError';
  }
}

class Inventory {
  #items = new Map();

  add(sku, quantity, unitPrice = 0) {
    if (!Number.isInteger(quantity) || quantity <= 0) {
      throw new InventoryError(`Invalid quantity: ${quantity}`, { sku });
    }
    const item = this.#items.get(sku) ?? { quantity: 0, unitPrice };
    this.#items.set(sku, { ...item, quantity: item.quantity + quantity });
    return this;
  }

  remove(sku, quantity) {
    const item = this.#items.get(sku);
    if (!item) throw new InventoryError(`Unknown SKU: ${sku}`, { sku });
    if (item.quantity < quantity) throw new OutOfStockError(sku, quantity, item.quantity);
    item.quantity -= quantity;
    if (item.quantity === 0) this.#items.delete(sku);
    return this;
  }

  get totalValue() {
    return [...this.#items.values()].reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  }
}

const shop = new Inventory().add('TEA-緑茶-100', 40, 3.25).add('MUG-01', 12, 7.9);
console.log(shop.remove('MUG-01', 2).totalValue.toFixed(2)); // 209.00
