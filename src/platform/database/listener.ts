import pg from 'pg';
import { type DatabaseTarget, roleConfig } from './connection-config.js';

const RECONNECT_MS = 1_000;

/** One connection that listens on a channel for as long as it is open, and connects anew when it breaks. */
export interface Listener {
  close(): Promise<void>;
}

/**
 * Notices are lost while the connection is away, so whoever listens has to find out otherwise what was said meanwhile.
 * @param channel a plain identifier
 * @param onNotice told the payload of each notice; undefined when it begins to listen, now or again
 */
export function openListener(
  target: DatabaseTarget,
  channel: string,
  onNotice: (payload: string | undefined) => void,
): Listener {
  const config = roleConfig({ ...target, url: target.directUrl, pooler: 'none' }, 'system');
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const retry = (): void => {
    client?.removeAllListeners('notification');
    client = undefined;
    if (!isClosed) timer = setTimeout(() => void connect(), RECONNECT_MS).unref();
  };
  const connect = async (): Promise<void> => {
    const fresh = new pg.Client(config);
    client = fresh;
    let isLost = false;
    const lost = (): void => {
      if (isLost) return;
      isLost = true;
      if (client === fresh) retry();
    };
    fresh.on('error', lost);
    fresh.on('end', lost);
    fresh.on('notification', ({ payload = '' }) => onNotice(payload));
    try {
      await fresh.connect();
      await fresh.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      onNotice(undefined);
    } catch {
      lost();
    }
  };
  void connect();
  return {
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
