import { describe, expect, it } from '@jest/globals';
import { parseEnvironment } from './env.js';

const KEYS = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
const placeOf = (variables: Record<string, string>) => parseEnvironment(variables).storage;

describe('the place of files', () => {
  it('is a folder without a bucket, whatever credentials the machine has', () => {
    expect(placeOf(KEYS)).toEqual({ kind: 'folder' });
    expect(placeOf({ AWS_ACCESS_KEY_ID: 'id' })).toEqual({ kind: 'folder' });
  });

  it('is a bucket with the credentials of the configuration, or with none of its own', () => {
    const bucket = { kind: 'bucket', bucket: 'guild', prefix: '', endpoint: undefined, region: 'us-east-1' };
    expect(placeOf({ STORAGE_URL: 's3://guild' })).toEqual({ ...bucket, credentials: undefined });
    const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };
    expect(placeOf({ STORAGE_URL: 's3://guild', ...KEYS })).toEqual({ ...bucket, credentials });
    expect(placeOf({ STORAGE_URL: 's3://guild', ...KEYS, AWS_SESSION_TOKEN: 'for a while' })).toEqual({
      ...bucket,
      credentials: { ...credentials, sessionToken: 'for a while' },
    });
  });

  it('has a prefix, another store and its region', () => {
    const url = 's3://guild/a/b/?endpoint=https://store.example:9000&region=eu-1';
    expect(placeOf({ STORAGE_URL: url })).toMatchObject({
      prefix: 'a/b/',
      endpoint: 'https://store.example:9000',
      region: 'eu-1',
    });
  });
});
