import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnvironment, secretsKeyPath } from '../platform/config/env.js';
import { isPlaceholderKey } from '../platform/config/secrets-key.js';
import { StartupError } from '../platform/config/startup-error.js';
import { withSecretsKey } from './secrets-key.js';

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'guildhall-key-'));
});

afterAll(() => rmSync(root, { recursive: true }));

const envOf = (folder: string, more: Record<string, string> = {}) =>
  parseEnvironment({ NODE_ENV: 'test', DATA_DIR: join(root, folder), ...more });

describe('the key of a development installation', () => {
  it('is made up once, for its owner alone, and kept', () => {
    const env = envOf('new/folder');
    const { secretsKey } = withSecretsKey(env);
    expect(secretsKey!.kid).toMatch(/^made-up-[0-9a-f]{6}$/);
    expect(isPlaceholderKey(secretsKey!)).toBe(false);
    expect(withSecretsKey(env).secretsKey).toEqual(secretsKey);
    expect(statSync(secretsKeyPath(env)).mode & 0o777).toBe(0o600);
    expect(readdirSync(env.dataDir)).toEqual(['secrets-key']);
  });

  it('gives way to one that was given, and is never made up in production', () => {
    const SECRETS_KEY = `mine:${Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - 7 * index)).toString('base64')}`;
    const env = envOf('given', { SECRETS_KEY });
    expect(withSecretsKey(env)).toBe(env);
    const production = { ...envOf('production'), nodeEnv: 'production' as const };
    expect(withSecretsKey(production).secretsKey).toBeUndefined();
    expect(readdirSync(root)).not.toContain('production');
  });

  it('is not replaced when its file was damaged', () => {
    const env = envOf('damaged');
    withSecretsKey(env);
    writeFileSync(secretsKeyPath(env), 'half a k');
    expect(() => withSecretsKey(env)).toThrow(StartupError);
    expect(() => withSecretsKey(env)).toThrow(/does not hold a key; put back/);
  });
});
