// Ships no types; only what is used of it.

declare module 'yauzl' {
  import type { EventEmitter } from 'node:events';
  import type { Readable } from 'node:stream';

  namespace yauzl {
    interface Entry {
      /** A Buffer where strings are not decoded. */
      readonly fileName: string;
      readonly fileNameRaw: Buffer;
      readonly generalPurposeBitFlag: number;
      readonly extraFields: { id: number; data: Buffer }[];
      readonly compressedSize: number;
      readonly uncompressedSize: number;
      isEncrypted(): boolean;
      canDecodeFileData(): boolean;
    }
    interface Options {
      lazyEntries?: boolean;
      decodeStrings?: boolean;
      autoClose?: boolean;
    }
    interface ZipFile extends EventEmitter {
      readonly entryCount: number;
      readEntry(): void;
      close(): void;
      eachEntry(): AsyncIterable<Entry>;
      openReadStream(entry: Entry, callback: (error: Error | null, stream: Readable) => void): void;
      openReadStreamPromise(entry: Entry): Promise<Readable>;
    }
    function fromBuffer(
      bytes: Buffer,
      options: Options,
      callback: (error: Error | null, archive: ZipFile) => void,
    ): void;
    function openPromise(path: string, options: Options): Promise<ZipFile>;
    function getFileNameLowLevel(
      flags: number,
      name: Buffer,
      extraFields: Entry['extraFields'],
      isStrict: boolean,
    ): string;
  }
  export = yauzl;
}
