import { describe, expect, it } from '@jest/globals';
import { parseEnvironment } from './env.js';

const KEYS = { LANGFUSE_PUBLIC_KEY: 'pk-lf-1111', LANGFUSE_SECRET_KEY: 'sk-lf-hushhush' };
const listed = (...projects: object[]) => ({ LANGFUSE_PROJECTS: JSON.stringify(projects) });
const OTHER = { name: 'staging', publicKey: 'pk-lf-2222', secretKey: 'sk-lf-hush2222' };

describe('the projects of Langfuse', () => {
  it('are none without keys', () => {
    expect(parseEnvironment({ LANGFUSE_BASE_URL: 'https://langfuse.example' }).langfuse).toEqual([]);
  });

  it('are the plain one and those of the list, which take what they leave out from the plain settings', () => {
    const { langfuse, syncIntervalMs } = parseEnvironment({
      ...KEYS,
      LANGFUSE_BASE_URL: 'https://langfuse.example/',
      LANGFUSE_API: 'v2',
      SYNC_INTERVAL_SECONDS: '60',
      ...listed(OTHER, {
        ...OTHER,
        name: 'cloud',
        baseUrl: 'https://us.cloud.langfuse.com',
        api: 'auto',
        since: '2026-01-02',
      }),
    });
    expect(syncIntervalMs).toBe(60_000);
    expect(langfuse).toMatchObject([
      { name: 'default', baseUrl: 'https://langfuse.example', api: 'v2', plan: 'self-hosted' },
      { name: 'staging', baseUrl: 'https://langfuse.example', api: 'v2', plan: 'self-hosted' },
      {
        name: 'cloud',
        baseUrl: 'https://us.cloud.langfuse.com',
        api: 'auto',
        plan: 'hobby',
        since: new Date('2026-01-02'),
      },
    ]);
  });

  it.each([
    [{ LANGFUSE_PUBLIC_KEY: KEYS.LANGFUSE_PUBLIC_KEY }, /come together/],
    [{ ...KEYS, LANGFUSE_SECRET_KEY: 'sk lf hushhush' }, /LANGFUSE_SECRET_KEY/],
    [{ ...KEYS, LANGFUSE_PUBLIC_KEY: 'pk:lf:1111' }, /LANGFUSE_PUBLIC_KEY/],
    [{ LANGFUSE_BASE_URL: 'ftp://langfuse.example' }, /LANGFUSE_BASE_URL/],
    [{ LANGFUSE_API: 'v3' }, /LANGFUSE_API/],
    [{ LANGFUSE_PLAN: 'free' }, /LANGFUSE_PLAN/],
    [{ LANGFUSE_SINCE: 'yesterday' }, /LANGFUSE_SINCE/],
    [{ LANGFUSE_PROJECTS: '{' }, /LANGFUSE_PROJECTS: must be a JSON list/],
    [listed({ ...OTHER, name: 'Not so' }), /0 name must be/],
    [listed({ ...OTHER, key: 'hush' }), /LANGFUSE_PROJECTS/],
    [listed(OTHER, OTHER), /two projects alike/],
    [{ ...KEYS, ...listed({ ...OTHER, name: 'default' }) }, /two projects alike/],
    [{ SYNC_INTERVAL_SECONDS: '5' }, /SYNC_INTERVAL_SECONDS/],
  ])('are refused in one sentence that names the fault and no key: %j', (variables, sentence) => {
    const parse = (): unknown => parseEnvironment(variables);
    expect(parse).toThrow(sentence);
    expect(parse).not.toThrow(/hush/);
  });
});
