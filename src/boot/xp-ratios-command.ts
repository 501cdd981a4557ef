import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';
import { xpRatioFileSchema } from '../market/crafting/xp-ratios.js';
import type { ChangedRatioRow } from '../market/crafting/xp-ratios.repository.js';
import { type RatioProgress, XpRatios } from '../market/crafting/xp-ratios.service.js';
import { StartupError } from '../platform/config/startup-error.js';
import { DomainError } from '../platform/http/domain-error.js';
import { OutboundError } from '../platform/outbound/outbound.errors.js';

export const XP_RATIOS_USAGE = `  market sync-xp-ratios (--file <file> | --url <url> [--skip 0]) [--game dofus]
                                   how much experience crafts give: from JSON, or page by page from DofusDB's list of items
                                   (https://api.dofusdb.fr/items); safe to repeat`;

interface Options {
  game: string;
  file: string | undefined;
  url: string | undefined;
  skip: number;
}

/** Takes over ratios of experience. @throws StartupError with a sentence for the operator */
export async function syncXpRatios(
  app: INestApplicationContext,
  words: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  const options = parse(words);
  let next = options.skip;
  let [itemCount, typeCount] = [0, 0];
  try {
    for await (const progress of source(app.get(XpRatios), options)) {
      next = progress.next;
      itemCount += progress.items.length;
      typeCount += progress.types.length;
      for (const row of progress.items) say(`item ${describe(row)}`);
      for (const row of progress.types) say(`type ${describe(row)}`);
    }
  } catch (error) {
    if (error instanceof DomainError) throw new StartupError(error.message);
    if (!(error instanceof OutboundError)) throw error;
    throw new StartupError(`${error.message}. What came before is kept; go on with --skip ${next}.`);
  }
  say(`${next - options.skip} items read, ${itemCount} items and ${typeCount} types changed`);
}

function source(ratios: XpRatios, { game, file, url, skip }: Options): AsyncGenerator<RatioProgress> {
  if (file === undefined) return ratios.applyFrom(game, addressOf(url!), skip);
  const parsed = xpRatioFileSchema.safeParse(readJson(file));
  if (!parsed.success)
    throw new StartupError(
      `${file} holds no items as DofusDB lists them: ${parsed.error.issues[0]!.message}.`,
    );
  return ratios.applyItems(game, parsed.data);
}

function parse(words: readonly string[]): Options {
  const options = {
    file: { type: 'string' },
    url: { type: 'string' },
    skip: { type: 'string', default: '0' },
    game: { type: 'string', default: 'dofus' },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
    const { file, url, skip, game } = values;
    const isOneSource = (file === undefined) !== (url === undefined);
    if (positionals.join(' ') === 'sync-xp-ratios' && isOneSource && /^\d{1,7}$/.test(skip))
      return { file, url, skip: file === undefined ? Number(skip) : 0, game };
  } catch {
    // an unknown option: the usage says which there are
  }
  throw new StartupError(`Usage:\n${XP_RATIOS_USAGE}`);
}

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new StartupError('--url takes an http or https address.');
  return url;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new StartupError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function describe({ externalId, before, after }: ChangedRatioRow): string {
  return `${externalId}: ${before ?? 'none'} -> ${after ?? 'none'}`;
}
