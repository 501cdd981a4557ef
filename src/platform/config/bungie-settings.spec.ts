import { describe, expect, it } from '@jest/globals';
import { parseEnvironment } from './env.js';

const KEY = { BUNGIE_API_KEY: 'hush-0123456789' };
const CLIENT = { BUNGIE_CLIENT_ID: '43210', BUNGIE_CLIENT_SECRET: 'hush-0123456789abcdef' };

describe('the settings of Bungie', () => {
  it('are none without the key', () => {
    expect(parseEnvironment({ BUNGIE_URL: 'https://bungie.example' }).bungie).toBeUndefined();
  });

  it('are the key alone, or key and client', () => {
    expect(parseEnvironment(KEY).bungie).toEqual({
      apiKey: KEY.BUNGIE_API_KEY,
      client: undefined,
      baseUrl: 'https://www.bungie.net',
    });
    expect(parseEnvironment({ ...KEY, ...CLIENT, BUNGIE_URL: 'http://127.0.0.1:9/' }).bungie).toEqual({
      apiKey: KEY.BUNGIE_API_KEY,
      client: { id: '43210', secret: CLIENT.BUNGIE_CLIENT_SECRET },
      baseUrl: 'http://127.0.0.1:9',
    });
  });

  it.each([
    [{ ...KEY, BUNGIE_CLIENT_ID: '43210' }, /come together/],
    [{ ...KEY, BUNGIE_CLIENT_SECRET: CLIENT.BUNGIE_CLIENT_SECRET }, /come together/],
    [CLIENT, /needs BUNGIE_API_KEY/],
    [{ BUNGIE_API_KEY: 'hush hush hush' }, /BUNGIE_API_KEY/],
    [{ ...KEY, ...CLIENT, BUNGIE_CLIENT_ID: 'hush' }, /BUNGIE_CLIENT_ID/],
    [{ ...KEY, ...CLIENT, BUNGIE_CLIENT_SECRET: 'hush' }, /BUNGIE_CLIENT_SECRET/],
    [{ ...KEY, BUNGIE_URL: 'ftp://bungie.example' }, /BUNGIE_URL/],
  ])('are refused in one sentence that names the fault and no secret: %j', (variables, sentence) => {
    const parse = (): unknown => parseEnvironment(variables);
    expect(parse).toThrow(sentence);
    expect(parse).not.toThrow(/hush/);
  });
});
