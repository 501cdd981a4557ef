import { parseArgs } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';
import { FileManifestImport } from '../destiny/manifest/file-import.service.js';
import { MalformedManifestError } from '../destiny/manifest/definition-splitter.js';
import { ManifestImportError } from '../destiny/manifest/manifest-source.js';
import type { Env } from '../platform/config/env.js';
import { StartupError } from '../platform/config/startup-error.js';

export const MANIFEST_USAGE = `  destiny manifest import <path> [--language en]
                                   definitions of the game from a folder with one JSON file per table, from one JSON file of all
                                   tables, or from SQLite or its ZIP; goes on where it was interrupted`;

/** Imports a manifest from this machine. @throws StartupError with a sentence for the operator */
export async function importManifest(
  app: INestApplicationContext,
  env: Env,
  words: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  const { path, language } = parse(words, env.destinyLanguages[0] ?? 'en');
  if (!env.domains.includes('destiny')) throw new StartupError('DOMAINS leaves destiny out.');
  const interrupted = new AbortController();
  const stop = (): void => interrupted.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  let told = '';
  const onProgress = ({ note = '' }: { note?: string }): void => {
    const [table = ''] = note.split(':');
    if (table !== told) say(`importing ${table}`);
    told = table;
  };
  try {
    const { signal } = interrupted;
    const done = await app.get(FileManifestImport).importFiles({ path, language, signal, onProgress });
    if (!done) throw new StartupError('Another import of this version is under way.');
    say(done.isNew ? `version ${done.version} is current` : `version ${done.version} was current already`);
  } catch (error) {
    if (interrupted.signal.aborted) throw new StartupError('Interrupted; the same command goes on with it.');
    if (error instanceof MalformedManifestError || error instanceof ManifestImportError)
      throw new StartupError(error.message);
    throw error;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function parse(words: readonly string[], defaultLanguage: string): { path: string; language: string } {
  const options = { language: { type: 'string', default: defaultLanguage } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
    const [what, verb, path, ...more] = positionals;
    if (what === 'manifest' && verb === 'import' && path !== undefined && more.length === 0)
      return { path, language: values.language };
  } catch {
    // an unknown option: the usage says which there are
  }
  throw new StartupError(`Usage:\n${MANIFEST_USAGE}`);
}
