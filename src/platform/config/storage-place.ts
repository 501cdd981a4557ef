import { z } from 'zod';

/** Where files lie: a folder below DATA_DIR, or a bucket. */
export type StoragePlace =
  | { readonly kind: 'folder' }
  | {
      readonly kind: 'bucket';
      readonly bucket: string;
      /** Before every key; empty or with a slash at its end. */
      readonly prefix: string;
      /** Of a store that is not Amazon's. */
      readonly endpoint: string | undefined;
      readonly region: string;
    };

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** `s3://bucket[/prefix]?endpoint=https://...&region=...` */
export const storagePlaceSchema = z.string().transform((text, context): StoragePlace => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const endpoint = url?.searchParams.get('endpoint') ?? undefined;
  const isKnown = url?.protocol === 's3:' && BUCKET.test(url.hostname) && url.username + url.password === '';
  if (isKnown && (endpoint === undefined || /^https?:\/\/[^\s@]+$/.test(endpoint))) {
    const path = url.pathname.replace(/^\/+|\/+$/g, '');
    return {
      kind: 'bucket',
      bucket: url.hostname,
      prefix: path === '' ? '' : `${path}/`,
      endpoint,
      region: url.searchParams.get('region') ?? 'us-east-1',
    };
  }
  context.addIssue({
    code: 'custom',
    message: 'must be s3://bucket/prefix?endpoint=https://...&region=..., without credentials',
  });
  return z.NEVER;
});
