/** What the process that stands in for Bungie.net is asked for: from then on it has this version. */
export interface ManifestRequest {
  readonly seed: number;
  readonly version: string;
  /** Of all files of the language together. */
  readonly sizeBytes: number;
}

export interface ManifestUpstream {
  readonly url: string;
  /** Hashes of items that every version has, whatever its size. */
  readonly itemHashes: readonly number[];
  /** Of the version, as it will be sent. */
  readonly sizeBytes: number;
  readonly definitionCount: number;
}

export const MANIFEST_API_KEY = 'key-of-the-benchmarks-0123456789';
