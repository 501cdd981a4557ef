import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type BucketStandIn, startBucket } from '../../../test/support/bucket-stand-in.js';
import type { FileStore } from './file-store.js';
import { FolderFileStore } from './folder-file-store.js';
import { S3FileStore } from './s3-file-store.js';

let root: string;
let bucket: BucketStandIn;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'guildhall-files-'));
  bucket = await startBucket();
});

afterAll(async () => {
  await bucket.close();
  rmSync(root, { recursive: true });
});

const STORES: Record<string, () => FileStore> = {
  'a folder': () => new FolderFileStore(join(root, 'store')),
  'a bucket': () =>
    new S3FileStore({
      kind: 'bucket',
      bucket: 'guild',
      prefix: 'files/',
      endpoint: bucket.url,
      region: 'eu-1',
      credentials: { accessKeyId: 'spec', secretAccessKey: 'spec-secret' },
    }),
};

describe.each(Object.keys(STORES))('files in %s', (kind) => {
  const store = STORES[kind]!;
  const put = async (content: Uint8Array): Promise<string> => {
    const [id, path] = [randomUUID(), join(root, randomUUID())];
    writeFileSync(path, content);
    await store().put(id, path);
    expect(existsSync(path)).toBe(false);
    return id;
  };
  const keys = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { key } of store().list()) found.push(key);
    return found.sort();
  };

  it('come back as they were, whole and in part, until they are deleted', async () => {
    const content = Buffer.from(Array.from({ length: 70_000 }, (_none, index) => index % 251));
    const [id, other] = [await put(content), await put(Buffer.from('other'))];
    expect((await buffer(await store().open(id))).equals(content)).toBe(true);
    const part = await buffer(await store().open(id, { from: 10, to: 19 }));
    expect(part.equals(content.subarray(10, 20))).toBe(true);
    expect(await keys()).toEqual([id, other].sort());
    await store().delete(id);
    await store().delete(id);
    await expect(store().open(id)).rejects.toThrow();
    expect(await keys()).toEqual([other]);
    await store().delete(other);
  });

  it('have no other names than ids', async () => {
    const names = [
      '../../etc/passwd',
      '..',
      '',
      'a\0b',
      '/etc/passwd',
      `${randomUUID()}/../x`,
      randomUUID().toUpperCase().replace('0', 'A'),
    ];
    for (const name of names) {
      await expect(store().open(name)).rejects.toThrow('UUID');
      await expect(store().delete(name)).rejects.toThrow('UUID');
      await expect(store().put(name, join(root, 'nothing'))).rejects.toThrow('UUID');
    }
    expect(readdirSync(root).filter((name) => name !== 'store')).toEqual([]);
  });
});
