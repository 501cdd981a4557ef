/** What files are kept for, and what is allowed there. */
export interface FilePurpose {
  /** Stored in rows; never changes. */
  readonly name: string;
  /** Largest file as it arrives, in bytes. */
  readonly maxBytes: number;
  /** By content, never by name or header; `application/x-ndjson` = begins with a brace, `application/xml` with a tag. */
  readonly mediaTypes: readonly string[];
  /** Pictures are decoded and written anew, which leaves nothing of what they carried; undefined = kept to the byte. */
  readonly picture: { readonly maxPixels: number } | undefined;
  /** Days until it goes by itself; null = never. */
  readonly keptDays: number | null;
  /** Counts against the user's quota. */
  readonly isCounted: boolean;
}

const MIB = 1_048_576;

/** A person's picture of whatever it is. */
export const PICTURE: FilePurpose = {
  name: 'picture',
  maxBytes: 10 * MIB,
  mediaTypes: ['image/png', 'image/jpeg', 'image/webp'],
  picture: { maxPixels: 24_000_000 },
  keptDays: null,
  isCounted: true,
};

/** All that an account has here; made by us. */
export const ACCOUNT_EXPORT: FilePurpose = {
  name: 'account-export',
  maxBytes: Number.MAX_SAFE_INTEGER,
  mediaTypes: ['application/zip'],
  picture: undefined,
  keptDays: 7,
  isCounted: false,
};

/** A file of rows that a job takes over, and that goes then; one that never is goes after a week. */
export const BULK_IMPORT: FilePurpose = {
  name: 'bulk-import',
  maxBytes: 256 * MIB,
  mediaTypes: ['application/gzip', 'application/x-ndjson'],
  picture: undefined,
  keptDays: 7,
  isCounted: false,
};

/** What clients may send. */
export const UPLOAD_PURPOSES: readonly FilePurpose[] = [PICTURE];

export const FILE_PURPOSES: readonly FilePurpose[] = [...UPLOAD_PURPOSES, ACCOUNT_EXPORT, BULK_IMPORT];

export const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'application/zip': 'zip',
  'application/gzip': 'gz',
  'application/x-ndjson': 'jsonl',
  'application/xml': 'xml',
  'application/vnd.ant.fit': 'fit',
};
