import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';
import { ALMANAX, SOURCE_KEY } from '../market/calendar/calendar-day.js';
import { CalendarImport } from '../market/calendar/calendar-import.service.js';
import { SYSTEM_PRINCIPAL } from '../platform/auth/principal.js';
import { StartupError } from '../platform/config/startup-error.js';
import { DomainError } from '../platform/http/domain-error.js';

export const CALENDAR_USAGE = `  market calendar import --file <file> [--source almanax] [--game dofus]
                                   days of a calendar from JSON, ours or as doduapi writes them; safe to repeat`;

/** How many refused days are shown. */
const SHOWN_FAULTS = 10;

/** Imports a calendar from a file. @throws StartupError with a sentence for the operator */
export async function importCalendar(
  app: INestApplicationContext,
  words: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  const { file, source, game } = parse(words);
  const content = readJson(file);
  const calendar = { source, origin: basename(file), content };
  const done = await app
    .get(CalendarImport)
    .importAsSystem(SYSTEM_PRINCIPAL, game, calendar)
    .catch((error: unknown) => {
      if (!(error instanceof DomainError)) throw error;
      const [fault] = error.faults;
      throw new StartupError(fault ? `${error.message} ${fault.pointer}: ${fault.detail}` : error.message);
    });
  say(
    `${done.createdCount} days added, ${done.changedCount} changed, ${done.unchangedCount} unchanged, ` +
      `${done.rejected.length} refused; ${done.createdItemCount} items added to the catalogue`,
  );
  for (const { pointer, detail } of done.rejected.slice(0, SHOWN_FAULTS))
    say(`refused ${pointer}: ${detail}`);
}

function parse(words: readonly string[]): { file: string; source: string; game: string } {
  const options = {
    file: { type: 'string' },
    source: { type: 'string', default: ALMANAX },
    game: { type: 'string', default: 'dofus' },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
    const { file, source, game } = values;
    if (positionals.join(' ') === 'calendar import' && file !== undefined && SOURCE_KEY.test(source))
      return { file, source, game };
  } catch {
    // an unknown option: the usage says which there are
  }
  throw new StartupError(`Usage:\n${CALENDAR_USAGE}`);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new StartupError(`${path} cannot be read: ${(error as Error).message}`);
  }
}
