import { describe, expect, it } from '@jest/globals';
import { DatabaseUnavailableError } from '../../platform/database/database.errors.js';
import { MARKET_ERROR } from '../market.errors.js';
import { ServerLanes } from './server-lanes.service.js';

/** Work that runs until it is told to end, and says in `log` when it began. */
function job(log: string[], name: string) {
  let end!: () => void;
  let fail!: (error: Error) => void;
  const done = new Promise<string>((resolve, reject) => {
    end = () => resolve(name);
    fail = reject;
  });
  const work = (): Promise<string> => {
    log.push(name);
    return done;
  };
  return { work, end, fail };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('ServerLanes', () => {
  it('runs the work of one server in order, one at a time, and other servers beside it', async () => {
    const [lanes, log] = [new ServerLanes(), [] as string[]];
    const [a, b, c] = ['a', 'b', 'c'].map((name) => job(log, name)) as [
      ReturnType<typeof job>,
      ReturnType<typeof job>,
      ReturnType<typeof job>,
    ];
    const first = lanes.run([1], a.work);
    const second = lanes.run([1], b.work);
    const beside = lanes.run([2], c.work);
    await settled();
    expect(log.sort()).toEqual(['a', 'c']);
    a.end();
    expect(await first).toBe('a');
    await settled();
    expect(log).toContain('b');
    b.end();
    c.end();
    expect(await Promise.all([second, beside])).toEqual(['b', 'c']);
  });

  it('goes on after work that failed', async () => {
    const lanes = new ServerLanes();
    const failing = lanes.run([1], () => Promise.reject(new Error('no')));
    const next = lanes.run([1], () => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });

  it('tells those who wait that the database is away, and tries again for those who come later', async () => {
    const lanes = new ServerLanes();
    const away = new DatabaseUnavailableError('away');
    const failing = lanes.run([1], () => Promise.reject(away));
    const waiting = lanes.run([1], () => Promise.resolve('not asked'));
    await expect(failing).rejects.toBe(away);
    await expect(waiting).rejects.toBe(away);
    expect(await lanes.run([1], () => Promise.resolve('back'))).toBe('back');
  });

  it('takes several lanes without ever standing in its own way', async () => {
    const lanes = new ServerLanes();
    const orders = [[1, 2, 3], [3, 2, 1], [2, 2, 1], [3], [1, 3]];
    const runs = Array.from({ length: 50 }, (_, round) =>
      lanes.run(orders[round % orders.length]!, async () => {
        await settled();
        return round;
      }),
    );
    expect(await Promise.all(runs)).toEqual(runs.map((_, round) => round));
  });

  it('refuses the 65th that would wait for one server, and nobody elsewhere', async () => {
    const [lanes, log] = [new ServerLanes(), [] as string[]];
    const first = job(log, 'first');
    const running = [lanes.run([1], first.work)];
    for (let waiting = 1; waiting < 64; waiting += 1)
      running.push(lanes.run([1], () => Promise.resolve('waited')));
    await expect(lanes.run([1], () => Promise.resolve('one too many'))).rejects.toMatchObject({
      kind: 'overloaded',
      code: MARKET_ERROR.laneFull,
    });
    expect(await lanes.run([2], () => Promise.resolve('beside'))).toBe('beside');
    first.end();
    await Promise.all(running);
    expect(await lanes.run([1], () => Promise.resolve('free again'))).toBe('free again');
  });
});
