import { Agent, request as httpRequest } from 'node:http';
import { observationsOf, type Slice, type World } from '../support/ingest-world.js';
import { observationsPath } from '../support/observations.js';
import { answerRequests } from '../support/worker.js';

// Writers that send batches one after the other, each on a connection of its own. Bodies are made before the clock starts.

export type IngestLoadRequest =
  | { kind: 'use'; world: World; url: string; token: string }
  /** Per writer its batches. */
  | { kind: 'prepare'; writers: Slice[][] }
  | { kind: 'send' };

export interface Sent {
  seconds: number;
  /** What the answers call accepted. */
  accepted: number;
}

interface Batch {
  path: string;
  body: Buffer;
}

const ANSWER_WITHIN_MS = 60_000;
let settings: { world: World; url: string; token: string };
let writers: Batch[][] = [];

function batchOf(slice: Slice): Batch {
  return {
    path: observationsPath(slice.server.key),
    body: Buffer.from(JSON.stringify(observationsOf(settings.world, slice))),
  };
}

function post(agent: Agent, { path, body }: Batch): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      Authorization: `Bearer ${settings.token}`,
      'Content-Type': 'application/json',
      'Content-Length': body.length,
    };
    const options = { agent, method: 'POST', headers, timeout: ANSWER_WITHIN_MS };
    const request = httpRequest(new URL(path, settings.url), options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('latin1');
        if (answer.statusCode === 201) resolve(text);
        else reject(new Error(`A batch was answered ${answer.statusCode ?? 0}: ${text.slice(0, 500)}`));
      });
    });
    request.on('timeout', () => request.destroy(new Error('A batch was not answered')));
    request.on('error', reject);
    request.end(body);
  });
}

/** @returns number of observations that the answers call accepted */
async function write(batches: readonly Batch[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let accepted = 0;
  for (const batch of batches) {
    const answer = await post(agent, batch);
    accepted += Number(/"acceptedCount":(\d+)/.exec(answer)?.[1] ?? 0);
  }
  agent.destroy();
  return accepted;
}

answerRequests(async (request: IngestLoadRequest): Promise<Sent | undefined> => {
  switch (request.kind) {
    case 'use':
      settings = request;
      return undefined;
    case 'prepare':
      writers = request.writers.map((slices) => slices.map(batchOf));
      return undefined;
    case 'send': {
      const startedAt = performance.now();
      const accepted = await Promise.all(writers.map(write));
      const seconds = (performance.now() - startedAt) / 1_000;
      return { seconds, accepted: accepted.reduce((sum, count) => sum + count, 0) };
    }
  }
});
