import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PacedReport, PacedRequest } from '../support/paced-load.js';
import { answerRequests } from '../support/worker.js';

// Requests at a given pace, whatever the answers do: a request that waits for a connection counts from when it was due. Raw
// sockets with requests formatted once, so that this process stays far from being the limit. An answer says how long it is.

const CONNECTIONS = 64;
const TICK_MS = 1;
/** Bytes of the first wrong answer that are told. */
const LONGEST_TOLD = 1_000;

answerRequests(
  async ({ url, headers, paths, status, seconds, requestsPerS }: PacedRequest): Promise<PacedReport> => {
    const { hostname, port, host } = new URL(url);
    const fields = Object.entries({ Host: host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    const requests = paths.map((path) => Buffer.from(`GET ${path} HTTP/1.1\r\n${fields.join('')}\r\n`));
    const good = `HTTP/1.1 ${status} `;
    const latencies: number[] = [];
    const due: number[] = [];
    const idle: Socket[] = [];
    const sockets: Socket[] = [];
    let failures = 0;
    let wrong: string | undefined;
    let sent = 0;

    const send = (socket: Socket, dueMs: number): void => {
      let left = -1;
      const take = (chunk: Buffer): void => {
        if (left === -1) {
          left = sizeOf(chunk);
          if (chunk.toString('latin1', 0, good.length) !== good) {
            failures += 1;
            wrong ??= chunk.toString('utf8', 0, LONGEST_TOLD);
          }
        }
        left -= chunk.length;
        if (left > 0) return;
        socket.off('data', take);
        latencies.push(performance.now() - dueMs);
        const next = due.shift();
        if (next === undefined) idle.push(socket);
        else send(socket, next);
      };
      socket.on('data', take);
      socket.write(requests[sent % requests.length]!);
      sent += 1;
    };

    for (let index = 0; index < CONNECTIONS; index += 1) {
      const socket = connect(Number(port), hostname);
      socket.setNoDelay(true);
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      socket.on('error', () => undefined); // what is not answered counts as a failure
      sockets.push(socket);
      idle.push(socket);
    }
    const startedMs = performance.now();
    const total = Math.round(requestsPerS * seconds);
    for (let asked = 0; asked < total;) {
      await sleep(TICK_MS);
      const nowMs = performance.now();
      const until = Math.min(total, Math.floor(((nowMs - startedMs) / 1_000) * requestsPerS));
      for (; asked < until; asked += 1) {
        const socket = idle.pop();
        if (socket) send(socket, nowMs);
        else due.push(nowMs);
      }
    }
    const deadlineMs = performance.now() + 10_000;
    while (latencies.length < total && performance.now() < deadlineMs) await sleep(5);
    for (const socket of sockets) socket.destroy();
    const missing = total - latencies.length;
    return { latenciesMs: latencies, failures: failures + missing, missing, wrong };
  },
);

/** Bytes of head and body, from the first chunk, which holds the whole head. */
function sizeOf(chunk: Buffer): number {
  const end = chunk.indexOf('\r\n\r\n') + 4;
  const length = /\r\ncontent-length: *(\d+)/i.exec(chunk.toString('latin1', 0, end))?.[1];
  return end + Number(length ?? 0);
}
