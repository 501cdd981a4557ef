import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchesQuery, pageQuery, rowsQuery, textOf } from './compat-query.js';

describe('the query of the plain list', () => {
  it('is 200 rows by name when the client sends nothing but the resource', () => {
    expect(rowsQuery({ resource: 'items' })).toEqual({
      filter: { server: '', search: '', category: null, minPrice: null, maxPrice: null, labels: null },
      order: 'name-asc',
      limit: 200,
      offset: 0,
    });
  });

  it('ranks the first page of a search, whatever order is asked for, and only that', () => {
    expect(rowsQuery({ search: 'Épée', sortBy: 'price' })).toMatchObject({
      filter: { search: 'epee' },
      order: 'rank',
    });
    expect(rowsQuery({ search: 'Épée', offset: '200' })).toMatchObject({ order: 'name-asc', offset: 200 });
    expect(rowsQuery({ search: '   ' })).toMatchObject({ filter: { search: '' }, order: 'name-asc' });
  });

  it.each([
    [{}, 'name-asc'],
    [{ sortOrder: 'desc' }, 'name-desc'],
    [{ sortBy: 'price' }, 'price-asc'],
    [{ sortBy: 'price', sortOrder: 'desc' }, 'price-desc'],
    [{ sortBy: 'weight', sortOrder: 'sideways' }, 'name-asc'],
  ])('%j is ordered %s', (query, order) => {
    expect(rowsQuery(query).order).toBe(order);
    expect(pageQuery(query).order).toBe(order);
  });

  it('does not filter by what only the market page filters by', () => {
    expect(rowsQuery({ minPrice: '5', maxPrice: '9', filterItems: 'Blé' }).filter).toMatchObject({
      minPrice: null,
      maxPrice: null,
      labels: null,
    });
  });
});

describe('the query of the market page', () => {
  it('has 50 rows a page', () => {
    expect(pageQuery({ server: 'Draconiros' })).toMatchObject({ page: 1, limit: 50, offset: 0 });
    expect(pageQuery({ server: 'Draconiros', page: '3', pageSize: '20' })).toMatchObject({
      page: 3,
      limit: 20,
      offset: 40,
    });
  });

  it.each([
    [{ pageSize: '1000' }, { limit: 100 }],
    [{ pageSize: '0' }, { limit: 1 }],
    [
      { pageSize: 'many', page: 'last' },
      { limit: 50, page: 1 },
    ],
    [{ page: '-4' }, { page: 1, offset: 0 }],
    [{ page: '2.9' }, { page: 2 }],
  ])('takes %j as %j', (query, expected) => {
    expect(pageQuery(query)).toMatchObject(expected);
  });

  it('reads prices and names', () => {
    const { filter } = pageQuery({
      minPrice: '1.5',
      maxPrice: 'much',
      filterItems: ' Blé , ,Orge',
      category: '',
    });
    expect(filter).toMatchObject({ minPrice: 1.5, maxPrice: null, labels: ['Blé', 'Orge'], category: null });
    expect(pageQuery({ filterItems: ' , ' }).filter.labels).toBeNull();
  });
});

describe('any query', () => {
  it('takes the first of a repeated key', () => {
    expect(textOf({ server: ['Hell Mina', 'Draconiros'] }, 'server')).toBe('Hell Mina');
    expect(textOf({ server: [] }, 'server')).toBe('');
  });

  it('gives numbers that PostgreSQL takes as limit and offset', () => {
    const text = fc.oneof(fc.string(), fc.double().map(String), fc.bigInt().map(String));
    fc.assert(
      fc.property(fc.record({ limit: text, offset: text, page: text, pageSize: text }), (query) => {
        for (const { limit, offset } of [rowsQuery(query), pageQuery(query)]) {
          expect(Number.isSafeInteger(limit) && limit >= 1 && limit <= 10_000).toBe(true);
          expect(Number.isSafeInteger(offset) && offset >= 0).toBe(true);
        }
        expect(matchesQuery(query).limit).toBeLessThanOrEqual(100);
      }),
    );
  });
});
