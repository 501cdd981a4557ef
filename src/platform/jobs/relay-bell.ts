import { SYSTEM_SCOPE } from '../database/system-scope.js';
import type { UnitOfWork } from '../database/unit-of-work.js';

export const RELAY_BELL = Symbol('RelayBell');
/** Channel on which processes without a relay tell those with one. */
export const RELAY_CHANNEL = 'guildhall_jobs';

/** Tells relays that there is something to hand over. Losing a ring costs one poll. */
export interface RelayBell {
  ring(): void;
}

/** For a process with a relay of its own. */
export class LocalBell implements RelayBell {
  private listener: () => void = () => undefined;

  onRing(listener: () => void): void {
    this.listener = listener;
  }

  ring(): void {
    this.listener();
  }
}

const DEBOUNCE_MS = 10;

/** For a process without: one NOTIFY, after the commits of the last moment. */
export class RemoteBell implements RelayBell {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly uow: UnitOfWork) {}

  ring(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.uow
        .read(SYSTEM_SCOPE, {
          name: 'platform.jobs.notify-relays',
          text: 'SELECT pg_notify($1, $2)',
          values: [RELAY_CHANNEL, ''],
        })
        .catch(() => undefined);
    }, DEBOUNCE_MS).unref();
  }
}
