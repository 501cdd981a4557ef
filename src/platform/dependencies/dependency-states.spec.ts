import { describe, expect, it } from '@jest/globals';
import { DependencyStates } from './dependency-states.js';

describe('the state of a dependency', () => {
  it('is looked at once for all who ask at the same time and soon after', async () => {
    const states = new DependencyStates();
    let looks = 0;
    states.register('ai', async () => ({ status: 'ok', latencyMs: (looks += 1) }));
    const all = await Promise.all(Array.from({ length: 50 }, () => states.stateOf('ai')));
    expect(new Set(all.map(({ latencyMs }) => latencyMs))).toEqual(new Set([1]));
    expect(await states.stateOf('ai')).toEqual({ status: 'ok', latencyMs: 1 });
  });

  it('is failing where the look fails or never ends, and off where nobody looks', async () => {
    const states = new DependencyStates();
    states.register('redis', () => Promise.reject(new Error('gone')));
    states.register('ai', () => new Promise(() => undefined));
    const failing = { status: 'failing', latencyMs: null };
    expect(await Promise.all([states.stateOf('redis'), states.stateOf('ai')])).toEqual([failing, failing]);
    expect(await states.stateOf('other')).toEqual({ status: 'off', latencyMs: null });
  });

  it('is one room’s matter', () => {
    const states = new DependencyStates();
    states.register('ai', async () => ({ status: 'off', latencyMs: null }));
    expect(() => states.register('ai', async () => ({ status: 'off', latencyMs: null }))).toThrow(
      'Two rooms',
    );
  });
});
