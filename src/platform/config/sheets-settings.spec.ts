import { describe, expect, it } from '@jest/globals';
import { parseEnvironment } from './env.js';

const KEY = JSON.stringify({
  client_email: 'reader@project.iam.gserviceaccount.com',
  private_key: '-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n',
  private_key_id: 'k1',
});
const sheet = (more: object = {}): object => ({
  key: 'endgame',
  title: 'Endgame analysis',
  sheetId: '1JM-0SlxVDAi',
  gids: { Shotguns: 0 },
  ...more,
});
const settingsOf = (sheets: unknown, more: Record<string, string> = {}) =>
  parseEnvironment({ DESTINY_SHEETS: JSON.stringify(sheets), ...more }).sheets;

describe('the sheets that are read', () => {
  it('are none unless said, and Google is where Google is', () => {
    expect(parseEnvironment({}).sheets).toEqual({
      sources: [],
      account: undefined,
      apiUrl: 'https://sheets.googleapis.com',
      docsUrl: 'https://docs.google.com',
    });
  });

  it('are public ones by their gids, or shared with the account', () => {
    const { sources } = settingsOf([sheet()]);
    expect(sources[0]).toEqual({ ...sheet(), gids: new Map([['Shotguns', 0]]), tabs: undefined });
    const shared = settingsOf([sheet({ gids: undefined, tabs: ['Raids'] })], {
      GOOGLE_SERVICE_ACCOUNT_JSON: KEY,
    });
    expect(shared.sources[0]).toMatchObject({ gids: undefined, tabs: ['Raids'] });
    expect(shared.account).toMatchObject({
      tokenUrl: 'https://oauth2.googleapis.com/token',
      privateKeyId: 'k1',
    });
  });

  it.each<[string, unknown, Record<string, string>]>([
    ['no list', 'x', {}],
    ['a key with a slash', [sheet({ key: 'a/b' })], {}],
    ['an id that leads elsewhere', [sheet({ sheetId: '../../../etc/passwd' })], {}],
    ['unknown fields', [sheet({ url: 'http://x' })], {}],
    ['two of one key', [sheet(), sheet()], {}],
    ['gids and tabs', [sheet({ tabs: ['x'] })], {}],
    ['no gids at all', [sheet({ gids: {} })], {}],
    ['a private sheet without an account', [sheet({ gids: undefined })], {}],
    ['an account that is none', [], { GOOGLE_SERVICE_ACCOUNT_JSON: '{"private_key":"canary"}' }],
    ['an account twice', [], { GOOGLE_SERVICE_ACCOUNT_JSON: KEY, GOOGLE_SERVICE_ACCOUNT_FILE: 'x.json' }],
    ['a file that is not there', [], { GOOGLE_SERVICE_ACCOUNT_FILE: '.no-such-file.json' }],
  ])('are refused with %s, without repeating a secret', (_what, sheets, more) => {
    let message = '';
    try {
      settingsOf(sheets, more);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/DESTINY_SHEETS|GOOGLE_SERVICE_ACCOUNT/);
    expect(message).not.toContain('canary');
  });
});
