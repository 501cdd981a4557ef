import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LlmSandbox, openLlmSandbox } from '../../src/sandbox/llm/llm-sandbox.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';

describe('what the house can do without', () => {
  let database: TestDatabase;
  let llm: LlmSandbox;
  let redis: TestRedis | undefined;
  let server: ServerProcess;
  let plain: ServerProcess;

  beforeAll(async () => {
    [database, llm] = await Promise.all([
      createTestDatabase(),
      openLlmSandbox({ script: [{ text: 'pong' }] }),
    ]);
    redis = hasRedis() ? await startRedis() : undefined;
    server = await startServerProcess({
      DATABASE_URL: database.url,
      ...{ AI_ENABLED: 'true', VLLM_API_URL: llm.url },
      ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
    });
    plain = await startServerProcess({ DATABASE_URL: database.url });
  });

  afterAll(async () => {
    await Promise.all([server.stop(), plain.stop()]);
    await redis?.stop();
    await llm.close();
    await database.drop();
  });

  const health = async (of: ServerProcess, path: string): Promise<unknown> => {
    const answer = await fetch(`${of.url}/health/${path}`);
    return [answer.status, await answer.json()];
  };

  it('is off where it is not configured', async () => {
    for (const path of ['ai', 'redis'])
      expect(await health(plain, path)).toEqual([200, { status: 'off', latencyMs: null }]);
  });

  it('is told when it fails, and the house stays ready', async () => {
    const ok = [200, { status: 'ok', latencyMs: expect.any(Number) }];
    const failing = [200, { status: 'failing', latencyMs: null }];
    expect(await health(server, 'ai')).toEqual(ok);
    const asked = llm.journal.length;
    await Promise.all(Array.from({ length: 30 }, () => health(server, 'ai')));
    expect(llm.journal).toHaveLength(asked); // strangers do not make us ask
    llm.fail({ kind: 'server-error' });
    if (redis !== undefined) {
      expect(await health(server, 'redis')).toEqual(ok);
      await redis.kill();
    }
    for (const path of redis === undefined ? ['ai'] : ['ai', 'redis'])
      await waitUntil(
        `${path} is told to fail`,
        20_000,
        async () => JSON.stringify(await health(server, path)) === JSON.stringify(failing),
      );
    expect((await health(server, 'ready')) as unknown[]).toEqual([200, { status: 'ready' }]);
  });
});
