import type { LiveSocket } from '../../platform/realtime/live-socket.js';
import type { OpenRun } from '../recordings/open-run.js';
import type { LiveRace } from './live-race.js';

// What a process keeps of a run that is being sent to it. Nothing of it is lost with it: fixes that were acknowledged are stored, and the race
// follows from them.

/** The part of a run in a race. */
export interface LiveEntry {
  readonly raceId: string;
  readonly isGroup: boolean;
  readonly number: number;
  readonly name: string | null;
  /** Null when no ghost of the race is left to race against. */
  readonly live: LiveRace | null;
}

export interface LiveRun {
  readonly run: OpenRun;
  /** To whom its acknowledgements and gaps go: the socket that sent last. */
  socket: LiveSocket | null;
  /** Undefined = the run is in no race. */
  entry: LiveEntry | undefined;
  /** When it was last sent to, by `performance.now()`. */
  usedAtMs: number;
  /** When its position was last told, likewise. */
  toldAtMs: number;
}
