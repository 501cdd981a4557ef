import { observationAt, type SentObservation } from './observations.js';
import { randomOf } from './random-data.js';

// The observations of the ingest benchmark. Each is a function of the seed and of its number, so that every side of the
// comparison, in whatever process, makes the same rows. A writer goes round all items of a server, visit after visit.

export interface World {
  seed: number;
  /** In the order of a round. */
  items: { id: number; externalId: number; name: string }[];
  /** Capture time of the first row. */
  startMs: number;
}

/** Observations `first` to `first + count - 1` of one server. */
export interface Slice {
  server: ServerRef;
  first: number;
  count: number;
}

export interface ServerRef {
  id: number;
  key: string;
}

/** Between two visits to one item; longer than the span in which an equal price counts as a repetition. */
const REVISIT_MS = 20 * 60_000;
const CENTS = 97;

/** No row is a duplicate: the decimals of its price tell the visit. */
export function observationOf(world: World, server: ServerRef, index: number): SentObservation {
  const visit = Math.floor(index / world.items.length);
  const place = index % world.items.length;
  const atMs = world.startMs + visit * REVISIT_MS + place * 10;
  const random = randomOf(world.seed + index, 1_000 + server.id);
  const observation = observationAt(world.items[place]!.externalId, atMs, random);
  observation.unitPrice = Math.floor(observation.unitPrice) + ((visit % CENTS) + 1) / 100;
  return observation;
}

export function observationsOf(world: World, { server, first, count }: Slice): SentObservation[] {
  return Array.from({ length: count }, (_, k) => observationOf(world, server, first + k));
}

export function itemOf(world: World, index: number): World['items'][number] {
  return world.items[index % world.items.length]!;
}
