import { describe, expect, it } from '@jest/globals';
import { misreadings } from './client-reads.js';

describe('reading like a client', () => {
  const reading = { items: [{ id: 'number', at: 'instant', icon: 'string?' }] } as const;

  it('is content with what is there', () => {
    const at = '2026-11-21T11:00:00.123+00:00';
    expect(
      misreadings(
        {
          items: [
            { id: 1, at, icon: null },
            { id: 2, at },
          ],
          more: 1,
        },
        reading,
      ),
    ).toEqual([]);
    expect(misreadings({ items: [] }, reading)).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    [
      'a number as text',
      { items: [{ id: '1', at: '2026-11-21T11:00:00+00:00' }] },
      ['/items/0/id: string for number'],
    ],
    [
      'a time in another form',
      { items: [{ id: 1, at: '2026-11-21T11:00:00Z' }] },
      ['/items/0/at: no instant'],
    ],
    ['a missing field', { items: [{ at: '2026-11-21T11:00:00+00:00' }] }, ['/items/0/id: undefined']],
    ['an object for an array', { items: {} }, ['/items: no array']],
    ['nothing', null, [': no object']],
  ])('finds %s', (_what, value, expected) => {
    expect(misreadings(value, reading)).toEqual(expected);
  });
});
