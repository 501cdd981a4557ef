import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import type { BucketPlace } from '../config/storage-place.js';
import { assertKey, type ByteSpan, type FileStore } from './file-store.js';

type S3 = typeof import('@aws-sdk/client-s3');

/**
 * A bucket of any S3-compatible store. Without credentials in the configuration the SDK asks the machine for those of its role. The
 * SDK takes a fifth of a second and 30 MB to load, so only installations that use it do.
 */
export class S3FileStore implements FileStore {
  private opened: Promise<{ s3: S3; client: S3Client }> | undefined;

  constructor(private readonly place: BucketPlace) {}

  async put(key: string, path: string): Promise<void> {
    assertKey(key);
    const { s3, client } = await this.sdk();
    const { size } = await stat(path);
    const command = new s3.PutObjectCommand({
      ...this.named(key),
      Body: createReadStream(path),
      ContentLength: size,
    });
    await client.send(command);
    await rm(path, { force: true });
  }

  async open(key: string, span?: ByteSpan): Promise<Readable> {
    assertKey(key);
    const { s3, client } = await this.sdk();
    const range = span && { Range: `bytes=${span.from}-${span.to}` };
    const { Body } = await client.send(new s3.GetObjectCommand({ ...this.named(key), ...range }));
    return Body as Readable;
  }

  async delete(key: string): Promise<void> {
    assertKey(key);
    const { s3, client } = await this.sdk();
    await client.send(new s3.DeleteObjectCommand(this.named(key)));
  }

  async *list(): AsyncGenerator<{ key: string; changedAtMs: number }> {
    const { s3, client } = await this.sdk();
    const { bucket, prefix } = this.place;
    let token: string | undefined;
    do {
      const page = await client.send(
        new s3.ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          ...(token !== undefined && { ContinuationToken: token }),
        }),
      );
      for (const { Key = '', LastModified } of page.Contents ?? [])
        yield { key: Key.slice(prefix.length), changedAtMs: LastModified?.getTime() ?? Date.now() };
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  private named(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.place.bucket, Key: `${this.place.prefix}${key}` };
  }

  private sdk(): Promise<{ s3: S3; client: S3Client }> {
    return (this.opened ??= this.load());
  }

  private async load(): Promise<{ s3: S3; client: S3Client }> {
    const s3 = await import('@aws-sdk/client-s3');
    const { endpoint, region, credentials } = this.place;
    const client = new s3.S3Client({
      region,
      ...(credentials && { credentials }),
      // A store of one's own has buckets in paths and does not know the newest checksums.
      ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
    return { s3, client };
  }
}
