import { afterEach, describe, expect, it } from '@jest/globals';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { waitUntil } from '../../../test/support/wait-until.js';
import { DependencyStates } from '../dependencies/dependency-states.js';
import { RedisState } from './redis-state.service.js';

// Answers of Redis itself are tried in test/e2e/dependencies.spec.ts where the program is installed.

let server: Server | undefined;
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  const closing = server;
  if (closing !== undefined) await new Promise((resolve) => closing.close(resolve));
  server = undefined;
});

/** Answers each command with the same line. */
async function listening(line: string | undefined): Promise<string> {
  const opened = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const commands = bytes.toString().match(/^\*\d+\r\n/gm)?.length ?? 0;
      if (line !== undefined) socket.write(`${line}\r\n`.repeat(commands));
    });
  });
  server = opened;
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
  return `redis://127.0.0.1:${(opened.address() as AddressInfo).port}/0`;
}

function stateOf(redisUrl: string | undefined): ReturnType<DependencyStates['stateOf']> {
  const states = new DependencyStates();
  new RedisState(states, { redisUrl }).onModuleInit();
  return states.stateOf('redis');
}

describe('Redis', () => {
  it('is off without an address', async () => {
    expect(await stateOf(undefined)).toEqual({ status: 'off', latencyMs: null });
  });

  it('is ok when it answers', async () => {
    expect(await stateOf(await listening('+PONG'))).toEqual({ status: 'ok', latencyMs: expect.any(Number) });
  });

  it.each(['-LOADING Redis is loading the dataset in memory', '-NOAUTH Authentication required.', undefined])(
    'fails when it says %s, and leaves no connection',
    async (line) => {
      expect(await stateOf(await listening(line))).toEqual({ status: 'failing', latencyMs: null });
      await waitUntil('the connection is let go of', 10_000, () =>
        [...sockets].every(({ destroyed, readableEnded }) => destroyed || readableEnded),
      );
    },
  );

  it('fails where nobody listens', async () => {
    const url = await listening('+PONG');
    const gone = server!;
    await new Promise((resolve) => gone.close(resolve));
    server = undefined;
    expect(await stateOf(url)).toEqual({ status: 'failing', latencyMs: null });
  });
});
