import { Redis } from 'ioredis';
import type { OpenBus } from './fanout-bus.js';

const CHANNEL = 'guildhall:live';
const MOST_BYTES = 262_144;
const COMMAND_TIMEOUT_MS = 1_000;
/** A subscription that has died without a word would be deaf for ever. */
const LOOK_EVERY_MS = 10_000;

/** PUBLISH and SUBSCRIBE; whatever is lost, is lost. */
export function redisBus(url: string): OpenBus {
  return (heard) => {
    const settings = {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: COMMAND_TIMEOUT_MS,
      disconnectTimeout: COMMAND_TIMEOUT_MS,
      autoResubscribe: false,
    };
    const [mouth, ears] = [new Redis(url, settings), new Redis(url, settings)];
    let isClosed = false;
    const listenAnew = (): void => {
      if (!isClosed) ears.disconnect(true);
    };
    for (const connection of [mouth, ears]) connection.on('error', () => undefined); // both connect anew
    ears.on('ready', () => void ears.subscribe(CHANNEL).then(() => heard.onListening(), listenAnew));
    ears.on('message', (_channel: string, text: string) => heard.onText(text));
    const look = setInterval(() => {
      if (ears.status === 'ready') ears.ping().catch(listenAnew);
    }, LOOK_EVERY_MS).unref();
    return {
      mostBytes: MOST_BYTES,
      send: async (text) => void (await mouth.publish(CHANNEL, text)),
      close: () => {
        isClosed = true;
        clearInterval(look);
        mouth.disconnect();
        ears.disconnect();
        return Promise.resolve();
      },
    };
  };
}
