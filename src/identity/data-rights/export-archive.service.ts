import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { DataSink } from '../../platform/data-rights/data-handler.js';

/** An archive that is written while it is made: one entry after the other, a portion at a time. */
export class ExportArchive implements DataSink {
  private readonly files: { name: string; open: () => Promise<Readable | undefined> }[] = [];
  private readonly zip = new ZipFile();
  private readonly written: Promise<void>;

  /** @param path of the archive; what was there is overwritten */
  constructor(path: string) {
    const failed = new Promise<never>((_resolve, reject) => this.zip.on('error', reject));
    const target = createWriteStream(path, { mode: 0o600 });
    this.written = Promise.race([pipeline(this.zip.outputStream, target), failed]);
    this.written.catch(() => undefined); // whoever writes next, or ends it, hears of it
  }

  rows(table: string, portions: AsyncIterable<readonly string[]>): Promise<void> {
    return this.write(`${table}.json`, Readable.from(jsonArray(portions), { objectMode: false }));
  }

  file(name: string, open: () => Promise<Readable | undefined>): void {
    this.files.push({ name, open });
  }

  /** Takes in the files that were named so far, outside of any transaction. */
  async copyFiles(signal: AbortSignal): Promise<void> {
    for (const { name, open } of this.files.splice(0)) {
      signal.throwIfAborted();
      const content = await open();
      if (content) await this.write(name, content);
    }
  }

  /** @throws what went wrong with any entry or the file */
  async end(): Promise<void> {
    this.zip.end();
    await this.written;
  }

  private async write(name: string, content: Readable): Promise<void> {
    const read = finished(content);
    this.zip.addReadStream(content, name);
    await Promise.race([read, this.written]);
    if (!content.readableEnded) throw new Error('The archive ended before its entry');
  }
}

async function* jsonArray(portions: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const rows of portions) {
    yield separator + rows.join(',\n');
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}
