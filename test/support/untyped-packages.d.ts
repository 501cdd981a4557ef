// What ships no types; only what the tests use of it.

declare module 'yauzl' {
  import type { EventEmitter } from 'node:events';
  import type { Readable } from 'node:stream';

  namespace yauzl {
    interface Entry {
      fileName: string;
    }
    interface Options {
      lazyEntries: boolean;
    }
    interface ZipFile extends EventEmitter {
      readEntry(): void;
      openReadStream(entry: Entry, callback: (error: Error | null, stream: Readable) => void): void;
    }
    function fromBuffer(
      bytes: Buffer,
      options: Options,
      callback: (error: Error | null, archive: ZipFile) => void,
    ): void;
  }
  export = yauzl;
}
