import { setTimeout as sleep } from 'node:timers/promises';
import { observationAt, postBatch } from '../support/observations.js';
import { randomOf, shuffle } from '../support/random-data.js';
import type { LagItem, LagReply, LagRequest, LagSent, LagSetup } from '../support/rollup-lag.js';
import { answerRequests } from '../support/worker.js';

// Batches at a given pace, whatever the answers do. Every second one holds a marked price: one of an item that no other batch
// has, and so high that the mean of its day cannot be mistaken. From the 201 on its item is asked for until that shows.

const BATCH = 1_000;
/** The servers take turns by an odd number, so that all of them are watched. */
const WATCH_EVERY = 2;
const POLL_MS = 50;
const SEEN_WITHIN_MS = 60_000;
/** In kamas, a hundred times and more of what anything else here costs; a day's mean that is above the second holds one. */
const MARKED_PRICE = 5e8;
const SEEN_PRICE = 1e7;

interface Movers {
  items: { itemId: number; lastPrice: number }[];
}

const watches: Promise<number>[] = [];

answerRequests(async (request: LagRequest): Promise<LagReply> => {
  if (request.kind === 'send') return { sent: await sendAll(request), lagsMs: [] };
  return { sent: null, lagsMs: await Promise.all(watches) };
});

/** @returns when all batches have been answered */
async function sendAll(setup: LagSetup): Promise<LagSent> {
  const { seconds, batchesPerS, serverKeys, items, seed } = setup;
  const count = seconds * batchesPerS;
  const marked = items.slice(0, count);
  const others = items.slice(count);
  const sends: Promise<{ acceptedCount: number; answerMs: number }>[] = [];
  const startedMs = performance.now();
  for (let place = 0; place < count; place += 1) {
    const dueMs = startedMs + (place * 1_000) / batchesPerS;
    await sleep(Math.max(0, dueMs - performance.now()));
    const serverKey = serverKeys[place % serverKeys.length]!;
    const mark = place % WATCH_EVERY === 0 ? marked[place]! : null;
    const body = bodyOf(randomOf(seed, 2_000 + place), others, mark);
    const sent = postBatch(setup.url, setup.ingestToken, serverKey, body).then((answer) => {
      const nowMs = performance.now();
      if (mark) watches.push(watched(watch(setup, serverKey, mark.id, nowMs)));
      return { acceptedCount: answer.acceptedCount, answerMs: nowMs - dueMs };
    });
    sends.push(watched(sent));
  }
  const answers = await Promise.all(sends);
  return {
    seconds: Math.max(seconds, (performance.now() - startedMs) / 1_000), // the last batch has its share of the pace too
    acceptedCount: answers.reduce((sum, { acceptedCount }) => sum + acceptedCount, 0),
    answersMs: answers.map(({ answerMs }) => answerMs),
  };
}

function bodyOf(
  random: ReturnType<typeof randomOf>,
  others: readonly LagItem[],
  mark: LagItem | null,
): string {
  const chosen = shuffle([...others], random).slice(0, mark ? BATCH - 1 : BATCH);
  const nowMs = Date.now();
  const batch = chosen.map((item) => observationAt(item.externalId, nowMs, random));
  if (mark) batch.push({ ...observationAt(mark.externalId, nowMs, random), unitPrice: MARKED_PRICE });
  return JSON.stringify(batch);
}

/** @returns milliseconds from then until the API shows the marked price; the longest wait when it does not */
async function watch(
  setup: LagSetup,
  serverKey: string,
  itemId: number,
  answeredMs: number,
): Promise<number> {
  const path = `/api/v1/market/games/dofus/servers/${serverKey}/analytics/movers`;
  const url = `${setup.url}${path}?window=30&method=classic&itemIds=${itemId}`;
  const headers = { Authorization: `Bearer ${setup.readToken}` };
  for (let polls = 1; performance.now() - answeredMs < SEEN_WITHIN_MS; polls += 1) {
    const answer = await fetch(url, { headers });
    if (answer.status !== 200)
      throw new Error(`${url} was answered ${answer.status}: ${await answer.text()}`);
    const { items } = (await answer.json()) as Movers;
    if (items.some((item) => item.lastPrice >= SEEN_PRICE)) return performance.now() - answeredMs;
    await sleep(Math.max(0, answeredMs + polls * POLL_MS - performance.now()));
  }
  return SEEN_WITHIN_MS;
}

/** A failure is told when all are awaited, and does not end the process before. */
function watched<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}
