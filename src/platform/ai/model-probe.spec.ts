import { afterEach, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { type AiTrial, openAiTrial } from '../../../test/support/ai-trial.js';
import type { AiSettings } from '../config/ai-settings.js';
import type { LlmSandboxOptions } from '../../sandbox/llm/llm-sandbox.js';
import { ModelFault } from './ai.errors.js';
import { ModelClient } from './model.client.js';

let trial: AiTrial;
afterEach(() => trial.close());

const open = async (
  options: Partial<LlmSandboxOptions> = {},
  settings: Partial<AiSettings> = {},
): Promise<AiTrial> => (trial = await openAiTrial({ script: [{ text: 'pong' }], ...options }, settings));

describe('what a model can do', () => {
  it('is found out by trying, once a minute', async () => {
    await open({ models: ['small', 'large'] });
    const ok = {
      state: 'ok',
      model: 'small',
      models: ['small', 'large'],
      canStream: true,
      canCallTools: true,
      fault: null,
    };
    const all = await Promise.all([1, 2, 3].map(() => trial.probe.capabilities()));
    expect(all).toEqual([ok, ok, ok]);
    const asked = trial.llm.journal.length;
    expect(asked).toBe(2);
    trial.clock.nowMs += 59_000;
    await trial.probe.capabilities();
    expect(trial.llm.journal).toHaveLength(asked);
    trial.clock.nowMs += 2_000;
    await trial.probe.capabilities();
    expect(trial.llm.journal).toHaveLength(2 * asked);
  });

  it.each([true, false])('may be no calls of tools; the list says so: %s', async (isListed) => {
    await open({ hasTools: false }, isListed ? {} : { model: 'sandbox-model' });
    expect(await trial.probe.capabilities()).toMatchObject({
      state: 'ok',
      canStream: true,
      canCallTools: false,
    });
  });

  it('is nothing while it fails, which is looked at again sooner', async () => {
    await open();
    trial.llm.fail({ kind: 'server-error', times: 1 });
    expect(await trial.probe.capabilities()).toMatchObject({
      state: 'failing',
      canCallTools: false,
      fault: 'ai/unreachable',
    });
    trial.clock.nowMs += 11_000;
    expect(await trial.probe.capabilities()).toMatchObject({ state: 'ok' });
  });

  it('is no streaming where the answer comes whole', async () => {
    await open({}, { model: 'sandbox-model' });
    await trial.client.listModels();
    trial.llm.fail({ kind: 'not-a-stream' });
    expect(await trial.probe.capabilities()).toMatchObject({
      state: 'failing',
      canStream: false,
      fault: 'ai/not-streamed',
    });
  });

  it('is refused with a wrong key, which no fault repeats', async () => {
    await open({ apiKey: 'right' }, { apiKey: 'canary-key' });
    expect(await trial.probe.capabilities()).toMatchObject({ state: 'failing', fault: 'ai/refused' });
    const fault = await trial.client.listModels().catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(ModelFault);
    expect(fault).toMatchObject({ code: 'ai/refused', status: 401 });
    expect(inspect(fault, { depth: 9 }) + trial.logged.join()).not.toContain('canary');
    await trial.close();
    await open({ apiKey: 'right' }, { apiKey: 'right' });
    expect(await trial.probe.capabilities()).toMatchObject({ state: 'ok' });
  });
});

describe('its health', () => {
  it('is ok with a latency, at the cost of no token, and failing when it does not answer', async () => {
    await open();
    expect(await trial.states.stateOf('ai')).toEqual({ status: 'ok', latencyMs: expect.any(Number) });
    expect(trial.llm.questions()).toEqual([]);
    await trial.close();
    await open();
    trial.llm.fail({ kind: 'server-error' });
    expect(await trial.states.stateOf('ai')).toEqual({ status: 'failing', latencyMs: null });
  });

  it('is off where there is none', async () => {
    await open();
    const client = new ModelClient(undefined as never, { ai: undefined });
    expect(client.isOn).toBe(false);
    expect(await client.listModels().catch((error: unknown) => error)).toMatchObject({ code: 'ai/off' });
    expect(await trial.states.stateOf('something')).toEqual({ status: 'off', latencyMs: null });
  });
});
