import { describe, expect, it } from '@jest/globals';
import { anObservation } from '../../../test/factories/observation.factory.js';
import { batchEvent } from './batch-event.js';
import type { ServerBatch } from './ingest.service.js';

const batch = (id: number, count: number): ServerBatch => ({
  server: { id, gameId: 1, key: `server-${id}` } as ServerBatch['server'],
  observations: Array.from({ length: count }, () => anObservation({ price: 12_345 })),
});

describe('the event of a batch', () => {
  it('counts what was stored of one server', () => {
    expect(batchEvent([batch(7, 3)], [[1, null, 2]], [1])).toEqual({
      action: 'market.prices-stored',
      object: { type: 'market.server', id: '7' },
      after: { servers: [{ server: 'server-7', acceptedCount: 2, duplicateCount: 1, displacedCount: 1 }] },
    });
  });

  it('is one for several servers, and names the import that brought it', () => {
    const event = batchEvent([batch(7, 1), batch(9, 1)], [[null], [4]], [0, 0], { importId: 'i' });
    expect(event.object).toEqual({ type: 'market.game', id: '1' });
    expect(event.after).toMatchObject({
      importId: 'i',
      servers: [{ acceptedCount: 0 }, { acceptedCount: 1 }],
    });
  });

  it('holds no prices', () => {
    expect(JSON.stringify(batchEvent([batch(7, 1)], [[1]], [0]))).not.toContain('12345');
  });
});
