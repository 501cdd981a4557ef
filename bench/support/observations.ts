import type { SeededRandom } from '../../src/market/simulation/random.js';

/** One element of the native batch. */
export interface SentObservation {
  externalId: number;
  unitPrice: number;
  lots: number;
  capturedAt: string;
  source: string;
}

export const SOURCE = 'bench';

/** A price between 10 and 100,000 kamas with two decimals; two of one item are hardly ever equal. */
export function observationAt(externalId: number, atMs: number, random: SeededRandom): SentObservation {
  const unitPrice = Math.round(10 ** (1 + 4 * random.uniform()) * 100) / 100;
  return {
    externalId,
    unitPrice,
    lots: 1 + Math.floor(random.uniform() * 4),
    capturedAt: new Date(atMs).toISOString(),
    source: SOURCE,
  };
}

export function observationsPath(server: string): string {
  return `/api/v1/market/games/dofus/servers/${server}/observations`;
}

export async function postBatch(
  url: string,
  token: string,
  server: string,
  body: string,
): Promise<{ acceptedCount: number; results: { verdict: string }[] }> {
  const answer = await fetch(url + observationsPath(server), {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body,
  });
  if (answer.status !== 201)
    throw new Error(`The batch was answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as { acceptedCount: number; results: { verdict: string }[] };
}
