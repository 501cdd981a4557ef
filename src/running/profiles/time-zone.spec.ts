import { describe, expect, it } from '@jest/globals';
import { isTimeZone } from './time-zone.js';

describe('a time zone', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata', 'Etc/GMT+5'])(
    'is %s',
    (name) => {
      expect(isTimeZone(name)).toBe(true);
    },
  );

  it.each([
    '',
    '+01:00',
    'Europe/Atlantis',
    'Europe/Berlin ',
    'Europe//Berlin',
    'Mars/Phobos',
    '__proto__',
    'a'.repeat(60),
  ])('is not %j', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});
