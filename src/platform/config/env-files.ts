import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { StartupError } from './startup-error.js';

type Variables = Record<string, string | undefined>;

/** `.env`, then `.env.local`, then the process's own variables: the later one wins. A missing file is no error. */
export function mergeEnvFiles(folder: string, own: Variables): Variables {
  const merged: Variables = {};
  for (const name of ['.env', '.env.local']) Object.assign(merged, readEnvFile(join(folder, name)));
  return Object.assign(merged, own);
}

function readEnvFile(path: string): Variables {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new StartupError(
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code}); make it a readable file or remove it.`,
    );
  }
}
