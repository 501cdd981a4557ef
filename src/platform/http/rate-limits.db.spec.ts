import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hasRedis, startRedis, type TestRedis } from '../../../test/support/redis.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { parseEnvironment } from '../config/env.js';
import { RateLimits } from './rate-limits.service.js';

const QUOTA = { points: 5, durationS: 60 };

describe('counted calls', () => {
  let units: TestUnits;
  const opened: RateLimits[] = [];
  const open = (variables: Record<string, string> = {}): RateLimits => {
    const limits = new RateLimits(parseEnvironment(variables), units.system);
    opened.push(limits);
    return limits;
  };

  beforeAll(async () => {
    units = await openUnits();
  });

  afterAll(async () => {
    for (const limits of opened) limits.onApplicationShutdown();
    await units.close();
  });

  const take = async (
    limits: RateLimits,
    name: string,
    count: number,
    key = 'someone',
  ): Promise<boolean[]> => {
    const answers: boolean[] = [];
    for (let call = 0; call < count; call += 1) answers.push((await limits.take(name, QUOTA, key)).isAllowed);
    return answers;
  };

  it('are counted by all processes together, and apart for each caller and each limit', async () => {
    const [one, other] = [open(), open()];
    expect(await take(one, 'together', 3)).toEqual([true, true, true]);
    expect(await take(other, 'together', 3)).toEqual([true, true, false]);
    expect(await take(one, 'together', 1)).toEqual([false]);
    expect(await take(one, 'together', 1, 'somebody else')).toEqual([true]);
    expect(await take(one, 'apart', 1)).toEqual([true]);
  });

  it('say truly what is left and for how long', async () => {
    const limits = open();
    const first = await limits.take('honest', QUOTA, 'someone');
    expect(first).toMatchObject({ isAllowed: true, remaining: 4 });
    for (let call = 0; call < 4; call += 1) await limits.take('honest', QUOTA, 'someone');
    const refused = await limits.take('honest', QUOTA, 'someone');
    expect(refused).toMatchObject({ isAllowed: false, remaining: 0 });
    expect(refused.resetS).toBeGreaterThan(0);
    expect(refused.resetS).toBeLessThanOrEqual(first.resetS);
  });

  it('are allowed anew when the window has ended', async () => {
    const limits = open();
    const short = { points: 1, durationS: 1 };
    expect((await limits.take('short', short, 'someone')).isAllowed).toBe(true);
    expect((await limits.take('short', short, 'someone')).isAllowed).toBe(false);
    await waitUntil(
      'it is allowed',
      5_000,
      async () => (await limits.take('short', short, 'someone')).isAllowed,
    );
  });

  it('of 50 at once let exactly the quota through', async () => {
    const [one, other] = [open(), open()];
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, call) => (call % 2 ? one : other).take('race', QUOTA, 'someone')),
    );
    expect(all.filter(({ isAllowed }) => isAllowed)).toHaveLength(QUOTA.points);
  });

  it('are counted in the process while the database is away, not let through', async () => {
    const away = await openUnits();
    await away.close();
    const limits = new RateLimits(parseEnvironment({}), away.system);
    expect(await take(limits, 'away', 7)).toEqual([true, true, true, true, true, false, false]);
  });

  (hasRedis() ? describe : describe.skip)('in Redis (needs redis-server)', () => {
    let redis: TestRedis;

    beforeAll(async () => {
      redis = await startRedis({ isDurable: false });
    });
    afterAll(() => redis.stop());

    it('are counted together, and in the process when it dies', async () => {
      const [one, other] = [open({ REDIS_URL: redis.url }), open({ REDIS_URL: redis.url })];
      let round = 0;
      await waitUntil('both are connected', 5_000, async () => {
        round += 1;
        await one.take(`warm-${round}`, QUOTA, 'someone');
        return (await other.take(`warm-${round}`, QUOTA, 'someone')).remaining === 3;
      });
      expect(await take(one, 'redis', 3)).toEqual([true, true, true]);
      expect(await take(other, 'redis', 3)).toEqual([true, true, false]);
      await redis.kill();
      expect(await take(one, 'dead', 7)).toEqual([true, true, true, true, true, false, false]);
      await redis.start();
    });
  });
});
