import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { OutboundBudgetsRepository } from '../../src/platform/outbound/outbound-budgets.repository.js';
import { type BudgetClock, OutboundBudgets } from '../../src/platform/outbound/outbound-budgets.service.js';
import { type OutboundPolicy, defineProvider } from '../../src/platform/outbound/outbound-policy.js';
import type { OutboundError } from '../../src/platform/outbound/outbound.errors.js';
import { Outbound } from '../../src/platform/outbound/outbound.service.js';
import type { OutboundWorld } from '../../src/platform/outbound/outbound.tokens.js';
import { type FakeProvider, openFakeProvider } from './fake-provider.js';
import { openUnits, type TestUnits } from './units.js';

export interface OutboundTrial {
  outbound: Outbound;
  /** Waits between tries, in ms; nobody really waits. */
  waits: number[];
  logged: string[];
}

/** The way out with a world of the test's own: its randomness, and waits that are written down instead of waited for. */
export function openOutbound(
  units: TestUnits,
  world: Partial<OutboundWorld> = {},
  clock: BudgetClock = () => null,
): OutboundTrial {
  const waits: number[] = [];
  const logged: string[] = [];
  const write = (fields: object, text: string): void => void logged.push(`${JSON.stringify(fields)} ${text}`);
  const outbound = new Outbound(new OutboundBudgets(units.system, new OutboundBudgetsRepository(), clock), {
    isPrivateAllowed: false,
    userAgent: 'guildhall/test',
    random: () => 0.5,
    nowMs: () => Date.now(),
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    log: { info: write, warn: write },
    ...world,
  });
  return { outbound, waits, logged };
}

let providers = 0;

/** A provider that no other test has, with the house's figures unless said otherwise. */
export function somePolicy(given: Partial<OutboundPolicy> = {}): OutboundPolicy {
  providers += 1;
  return defineProvider({ provider: `fake-${providers}`, ...given });
}

/** The error with which a call ends. @throws when it ends well */
export async function failureOf(call: Promise<unknown>): Promise<OutboundError> {
  return call.then(
    () => {
      throw new Error('The call went well');
    },
    (error: unknown) => error as OutboundError,
  );
}

/**
 * What the specs of calls stand in: for each test two providers and a way out of its own. A call that a test gave up may
 * still arrive after its end; at a provider that the next test uses, it would take a step of that test's script.
 */
export interface TrialWorld {
  units: TestUnits;
  provider: FakeProvider;
  other: FakeProvider;
  /** A test may put another one here. */
  trial: OutboundTrial;
}

/** Opens it before the tests of a file and closes it behind them. */
export function useOutbound(): TrialWorld {
  const world = {} as TrialWorld;

  beforeAll(async () => {
    world.units = await openUnits();
  });

  beforeEach(async () => {
    world.trial = openOutbound(world.units);
    world.provider = await openFakeProvider();
    world.other = await openFakeProvider();
  });

  afterEach(async () => {
    await world.trial.outbound.onApplicationShutdown();
    await world.provider.close();
    await world.other.close();
  });

  afterAll(() => world.units.close());

  return world;
}
