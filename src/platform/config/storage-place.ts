import { z } from 'zod';
import { StartupError } from './startup-error.js';

/** What a bucket is opened with; those of a role for a while come with a token. */
export interface BucketCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A bucket of any S3-compatible store. */
export interface BucketPlace {
  readonly kind: 'bucket';
  readonly bucket: string;
  /** Before every key; empty or with a slash at its end. */
  readonly prefix: string;
  /** Of a store that is not Amazon's. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** Undefined = those that the machine has of its own, by its role. */
  readonly credentials: BucketCredentials | undefined;
}

/** Where files lie: a folder below DATA_DIR, or a bucket. */
export type StoragePlace = { readonly kind: 'folder' } | BucketPlace;

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** `s3://bucket[/prefix]?endpoint=https://...&region=...` */
const bucketSchema = z.string().transform((text, context): Omit<BucketPlace, 'credentials'> => {
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

export const STORAGE_VARIABLES = {
  STORAGE_URL: bucketSchema.optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
};

type Given = z.output<z.ZodObject<typeof STORAGE_VARIABLES>>;

/** Without a bucket nobody looks at credentials, which the machine may have for something else. @throws StartupError for half of them */
export function storagePlace(given: Given): StoragePlace {
  if (given.STORAGE_URL === undefined) return { kind: 'folder' };
  return { ...given.STORAGE_URL, credentials: bucketCredentials(given) };
}

function bucketCredentials(given: Given): BucketCredentials | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = given;
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
    throw new StartupError('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY come together: set both or neither.');
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  const sessionToken = given.AWS_SESSION_TOKEN;
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}
