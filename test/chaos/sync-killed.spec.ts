import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HelperProcess } from '../support/helper-process.js';
import { TRIAL_TABLES } from '../support/sync-trial.js';
import { SyncUpstream, VirtualClock } from '../support/sync-upstream.js';
import { openUnits, type TestUnits } from '../support/units.js';
import { waitUntil } from '../support/wait-until.js';

// P4 with real processes: a worker is killed while a page is under way, or just after it was answered. The next one finds the run, and
// nothing but that page is asked for again.

const PAGES = 6;
let units: TestUnits;
let upstream: SyncUpstream;
let server: Server;
let onRequest: (request: number) => void;
const workers: HelperProcess[] = [];

beforeEach(async () => {
  units = await openUnits();
  await units.owner(TRIAL_TABLES);
  const nowMs = Date.now();
  upstream = new SyncUpstream(new VirtualClock(nowMs), 'numbered');
  upstream.fill(9 * PAGES + 1, nowMs - 600_000, 1_000); // pages of ten overlap by one
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      const { from, to, cursor, limit } = JSON.parse(body) as {
        from: string;
        to: string;
        cursor: string | null;
        limit: number;
      };
      const window = { from: new Date(from), to: new Date(to) };
      const { signal } = new AbortController();
      void upstream.page({ window, cursor, limit, signal }).then((page) => {
        onRequest(upstream.journal.length);
        response.end(JSON.stringify(page));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}, 60_000);

afterEach(async () => {
  for (const worker of workers.splice(0)) process.kill(worker.pid, 'SIGKILL');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await units.close();
});

const start = async (): Promise<void> => {
  const { port } = server.address() as AddressInfo;
  const settings = {
    databaseUrl: units.url,
    upstreamUrl: `http://127.0.0.1:${port}/`,
    sinceMs: upstream.clock.nowMs - 86_400_000,
  };
  workers.push(await HelperProcess.start('sync-worker', settings));
};
const kill = (): void => {
  const worker = workers.pop();
  if (worker) process.kill(worker.pid, 'SIGKILL');
};

it('loses nothing to kills of the worker, and asks for one page again at most', async () => {
  let kills = 0;
  onRequest = (request) => {
    if (kills === 0 && request === 2) {
      kills = 1;
      kill(); // the answer finds nobody
    } else if (kills === 1 && request === 5) {
      kills = 2;
      setTimeout(kill, 15); // the page may be stored or not
    }
  };
  await start(); // a worker that starts looks by itself whether something is due
  await waitUntil('the first worker is dead', 30_000, () => kills === 1);
  await start();
  await waitUntil('the second worker is dead', 60_000, () => kills === 2 && workers.length === 0);
  await start();
  const [run] = await waitUntil('the run has ended', 60_000, async () => {
    const rows = await units.owner<{ state: string; trigger: string; fence: number }>(
      'SELECT state, trigger, fence FROM platform.sync_run WHERE finished_at IS NOT NULL',
    );
    return rows.length > 0 && rows;
  });
  expect(run).toMatchObject({ state: 'succeeded', trigger: 'schedule', fence: 3 });
  const [stored] = await units.owner('SELECT count(*)::int AS count FROM platform.trial_row');
  expect(stored).toEqual({ count: upstream.rows.size });
  expect(upstream.journal.length).toBeLessThanOrEqual(PAGES + 2);
}, 180_000);
