import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import yauzl from 'yauzl';

/** Everything in a zip, by name. @throws when it is not whole */
export async function readArchive(bytes: Buffer): Promise<Map<string, Buffer>> {
  const archive = await promisify<Buffer, yauzl.Options, yauzl.ZipFile>(yauzl.fromBuffer)(bytes, {
    lazyEntries: true,
  });
  const entries = new Map<string, Buffer>();
  return new Promise((resolve, reject) => {
    archive.on('error', reject);
    archive.on('end', () => resolve(entries));
    archive.on('entry', (entry: yauzl.Entry) => {
      archive.openReadStream(entry, (error: Error | null, stream) => {
        if (error) return reject(error);
        void buffer(stream).then((content) => {
          entries.set(entry.fileName, content);
          archive.readEntry();
        }, reject);
      });
    });
    archive.readEntry();
  });
}
