import { randomUUID } from 'node:crypto';
import { RACE_FRAMES } from '../../src/running/races/race.frames.js';
import { MARKET_FRAMES } from '../../src/market/stream/market.frames.js';
import type { Frames } from '../../src/platform/realtime/frames.js';
import { makeGoalGhost, makeRecording } from './running-stories.js';
import { post } from '../support/api-client.js';
import type { Person } from '../support/people.js';

// What test/security/live-strangers.spec.ts tries on every frame of every gateway. A new gateway is listed here, and each of its frames that
// clients send is either about something that belongs to somebody, and has a story, or says why it is about nothing of the kind.

/** Every gateway; compared with those that run. */
export const LIVE_GATEWAYS: readonly Frames[] = [MARKET_FRAMES, RACE_FRAMES];

/** A frame about a thing of its owner's. */
export interface FrameStory {
  /** Makes the thing. @returns data of the frame with which its owner succeeds */
  data(base: string, owner: Person): Promise<Record<string, unknown>>;
  /** The same frame about a thing that is not there: it must look the same to a stranger. */
  missing(data: Record<string, unknown>): Record<string, unknown>;
  /** Frames that the socket must have sent before, by their data. */
  before?(data: Record<string, unknown>): readonly [event: string, data: Record<string, unknown>][];
}

/** By `<path> <event>`. */
export const LIVE_STORIES: Readonly<Record<string, FrameStory>> = {
  '/ws/running race.join': ofRun(async (base, token) => ({ ghostIds: [await makeGoalGhost(base, token)] })),
  '/ws/running fix': ofRun(() => Promise.resolve({ f: [[1, 1_767_225_601_000, 48.2, 16.3]] })),
  '/ws/running pause': ofRun(() => Promise.resolve({ seq: 1, at: 1_767_225_602_000 })),
  '/ws/running resume': ofRun(() => Promise.resolve({ seq: 1, at: 1_767_225_603_000 })),
  '/ws/running lap': ofRun(() => Promise.resolve({ seq: 1, at: 1_767_225_604_000 })),
  '/ws/running finish': ofRun(() => Promise.resolve({ lastSeq: 0 })),
  '/ws/running watch': {
    data: async (base, { accessToken: token }) => {
      const ghostIds = [await makeGoalGhost(base, token)];
      const made = await post(base, '/api/v1/running/races', { ghostIds }, { token });
      return { raceId: (made.json as { id: string }).id };
    },
    missing: () => ({ raceId: randomUUID() }),
  },
};

/** About a run that is being recorded. @param more what else the frame needs */
function ofRun(more: (base: string, token: string) => Promise<Record<string, unknown>>): FrameStory {
  return {
    data: async (base, { accessToken }) => ({
      runId: await makeRecording(base, accessToken),
      ...(await more(base, accessToken)),
    }),
    missing: (data) => ({ ...data, runId: randomUUID() }),
  };
}

/** Frames about nothing that belongs to somebody, and why. */
export const FRAMES_WITHOUT_OWNER: Readonly<Record<string, string>> = {
  '/ws/market watch': 'prices of a server are for everybody who may read the market',
  '/ws/market unwatch': "ends the socket's own watch",
  '/ws/running unwatch': "ends the socket's own watch",
};
