import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { Inventory, InventoryError, OutOfStockError } from '../src/inventory.js';

describe('Inventory', () => {
  let inventory;

  beforeEach(() => {
    inventory = new Inventory();
    inventory.add('PEN-BLÅ', 10, 1.5);
  });

  it('starts with the value of its items', () => {
    assert.equal(inventory.totalValue, 15);
  });

  it('throws when more is removed than there is', () => {
    assert.throws(
      () => inventory.remove('PEN-BLÅ', 11),
      (err) => err instanceof OutOfStockError && /Only 10 of PEN-BLÅ left/.test(err.message),
    );
    assert.equal(inventory.totalValue, 15, 'a failed removal must not change the stock');
  });

  for (const quantity of [0, -1, 1.5, NaN, '3', null]) {
    it(`rejects the quantity ${JSON.stringify(quantity)}`, () => {
      assert.throws(() => inventory.add('PEN-BLÅ', quantity), InventoryError);
    });
  }

  it('notifies listeners once per change', async () => {
    const listener = mock.fn();
    inventory.onChange(listener);
    inventory.remove('PEN-BLÅ', 4);
    await Promise.resolve();
    assert.equal(listener.mock.callCount(), 1);
    assert.deepEqual(listener.mock.calls[0].arguments, [{ sku: 'PEN-BLÅ', quantity: 6 }]);
  });
});
