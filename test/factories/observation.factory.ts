import type { Observation } from '../../src/market/ingest/observation.js';

/** A valid observation of an item of the shipped catalogue, seen a minute ago. Not stored: it goes in through the ingest. */
export function anObservation(given: Partial<Observation> = {}): Observation {
  return {
    externalId: 303,
    name: null,
    category: null,
    price: 100,
    lots: 1,
    capturedAtMs: Date.now() - 60_000,
    source: 'factory',
    sourceVersion: '1',
    ...given,
  };
}
