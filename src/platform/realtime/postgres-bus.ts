import type { DatabaseTarget } from '../database/connection-config.js';
import { openListener } from '../database/listener.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import type { UnitOfWork } from '../database/unit-of-work.js';
import type { OpenBus } from './fanout-bus.js';

const CHANNEL = 'guildhall_live';
/** PostgreSQL takes less than 8,000 bytes in a notice. */
const MOST_BYTES = 7_900;

/**
 * NOTIFY and LISTEN. A notice makes its transaction one that writes, and its commit would wait for the disk; nothing of it is worth
 * that, so it does not.
 */
export function postgresBus(target: DatabaseTarget, system: UnitOfWork): OpenBus {
  return (heard) => {
    const listener = openListener(target, CHANNEL, (payload) =>
      payload === undefined ? heard.onListening() : heard.onText(payload),
    );
    return {
      mostBytes: MOST_BYTES,
      send: async (text) => {
        await system.read(SYSTEM_SCOPE, {
          name: 'platform.realtime.notify',
          text: "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)",
          values: [CHANNEL, text],
        });
      },
      close: () => listener.close(),
    };
  };
}
