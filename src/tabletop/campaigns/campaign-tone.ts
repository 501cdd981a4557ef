import { isStorable } from '../../platform/http/storable.js';

const MOST = { texts: 20, keyLength: 40, textLength: 500 };

/** Whether it is a few short texts by short keys, as `{ mood: 'grim' }`. */
export function isTone(value: object): value is Record<string, string> {
  const entries = Object.entries(value);
  return (
    entries.length <= MOST.texts &&
    entries.every(
      ([key, text]) =>
        key.length <= MOST.keyLength &&
        isStorable(key) &&
        typeof text === 'string' &&
        text.length <= MOST.textLength &&
        isStorable(text),
    )
  );
}
