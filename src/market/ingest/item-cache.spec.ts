import { describe, expect, it } from '@jest/globals';
import type { NamedItem } from '../catalog/plan-new-items.js';
import { cacheKey, ItemCache } from './item-cache.js';

const item = (externalId: number | null, name: string | null, category: string | null = null): NamedItem => ({
  externalId,
  name,
  category,
});

describe('ItemCache', () => {
  it('finds by id, else by name, within one game', () => {
    const cache = new ItemCache();
    cache.remember(1, item(7, 'Bois'), 70);
    cache.remember(1, item(null, 'Laine'), 80);
    expect(cache.find(1, item(7, null))).toBe(70);
    expect(cache.find(1, item(7, 'Another name'))).toBe(70);
    expect(cache.find(1, item(null, 'Laine'))).toBe(80);
    expect(cache.find(1, item(null, 'Bois'))).toBeUndefined();
    expect(cache.find(2, item(7, 'Bois'))).toBeUndefined();
  });

  it('does not find an item without a name for somebody who brings one', () => {
    const cache = new ItemCache();
    cache.remember(1, item(7, null), 70);
    expect(cache.find(1, item(7, null))).toBe(70);
    expect(cache.find(1, item(7, 'Bois'))).toBeUndefined();
    cache.remember(1, item(7, 'Bois'), 70);
    expect(cache.find(1, item(7, 'Bois'))).toBe(70);
  });

  it('does not find an item for somebody who brings its first category', () => {
    const cache = new ItemCache();
    cache.remember(1, item(7, 'Bois'), 70);
    expect(cache.find(1, item(7, 'Bois', 'Ressource'))).toBeUndefined();
    cache.remember(1, item(7, 'Bois', 'Ressource'), 70);
    expect(cache.find(1, item(7, 'Bois', 'Another'))).toBe(70);
    expect(cache.find(1, item(7, null, null))).toBe(70);
  });

  it('keeps what one client said when another says the rest', () => {
    const cache = new ItemCache();
    cache.remember(1, item(7, 'Bois'), 70);
    cache.remember(1, item(7, null, 'Ressource'), 70);
    expect(cache.find(1, item(7, 'Bois'))).toBe(70);
    expect(cache.find(1, item(7, 'Bois', 'Ressource'))).toBe(70);
    cache.remember(1, item(7, null), 71); // another item has the id now
    expect(cache.find(1, item(7, 'Bois'))).toBeUndefined();
    expect(cache.find(1, item(7, null))).toBe(71);
  });

  it('forgets everything when it is cleared', () => {
    const cache = new ItemCache();
    cache.remember(1, item(7, 'Bois'), 70);
    cache.clear();
    expect(cache.find(1, item(7, 'Bois'))).toBeUndefined();
  });

  it('does not confuse an id with a name that looks like one', () => {
    const keys = [
      cacheKey(1, item(7, null)),
      cacheKey(1, item(null, '7')),
      cacheKey(1, item(null, '#7')),
      cacheKey(11, item(null, '7')),
      cacheKey(1, item(null, '1:7')),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
