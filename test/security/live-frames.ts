import { MARKET_FRAMES } from '../../src/market/stream/market.frames.js';
import type { Frames } from '../../src/platform/realtime/frames.js';
import type { Person } from '../support/people.js';

// What test/security/live-strangers.spec.ts tries on every frame of every gateway. A new gateway is listed here, and each of its frames that
// clients send is either about something that belongs to somebody, and has a story, or says why it is about nothing of the kind.

/** Every gateway; compared with those that run. */
export const LIVE_GATEWAYS: readonly Frames[] = [MARKET_FRAMES];

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
export const LIVE_STORIES: Readonly<Record<string, FrameStory>> = {};

/** Frames about nothing that belongs to somebody, and why. */
export const FRAMES_WITHOUT_OWNER: Readonly<Record<string, string>> = {
  '/ws/market watch': 'prices of a server are for everybody who may read the market',
  '/ws/market unwatch': "ends the socket's own watch",
};
