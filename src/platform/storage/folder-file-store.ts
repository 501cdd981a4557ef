import { createReadStream } from 'node:fs';
import { mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { assertKey, type ByteSpan, type FileStore } from './file-store.js';

/** A private folder: `<last two characters of the id>/<id>`, readable by the program's user alone. */
export class FolderFileStore implements FileStore {
  /** @param root absolute; on the same file system as what is put */
  constructor(private readonly root: string) {}

  async put(key: string, path: string): Promise<void> {
    const target = this.pathOf(key);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const file = await open(path, 'r');
    await file.sync().finally(() => file.close());
    await rename(path, target);
  }

  async open(key: string, span?: ByteSpan): Promise<Readable> {
    const file = await open(this.pathOf(key), 'r');
    return createReadStream('', { fd: file, ...(span && { start: span.from, end: span.to }) });
  }

  async delete(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  async *list(): AsyncGenerator<{ key: string; changedAtMs: number }> {
    for await (const shelf of await this.entries(this.root)) {
      if (!shelf.isDirectory() || !/^[0-9a-f]{2}$/.test(shelf.name)) continue;
      for await (const { name } of await this.entries(join(this.root, shelf.name))) {
        const found = await stat(join(this.root, shelf.name, name)).catch(() => undefined);
        if (found?.isFile()) yield { key: name, changedAtMs: found.ctimeMs };
      }
    }
  }

  private pathOf(key: string): string {
    assertKey(key);
    // The last digits of a UUIDv7 are random; its first ones are the time.
    return join(this.root, key.slice(-2), key);
  }

  private async entries(folder: string) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return opendir(folder);
  }
}
