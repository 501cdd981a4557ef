import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import type { NameHit } from '../names/name-index.js';
import { toAsker, toViewer } from './asker.js';
import { CampaignNames, MASTERS_NAMES } from './campaign-names.service.js';
import { type LikelyName, rankNames } from './rank-names.js';
import { type JudgedRow, type SearchFilter, SearchRepository } from './search.repository.js';
import { NO_SECRETS, SecretWords } from './secret-words.service.js';

/** So many names are judged by the database where a filter may leave few of them. */
const MOST_NAMED = 200;

export interface Found {
  readonly names: readonly LikelyName<NameHit>[];
  readonly judged: JudgedRow;
  readonly secrets: ReadonlyMap<string, string[]>;
  /** The question quotes a secret: it is not kept. */
  readonly isDelicate: boolean;
}

/** Finds by names, texts and secrets what somebody sees: the names in memory, everything else in PostgreSQL. */
@Injectable()
export class SearchEngine {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly names: CampaignNames,
    private readonly rows: SearchRepository,
    private readonly secrets: SecretWords,
  ) {}

  /** @param granted ids of what is lent to them @param text '' = whatever the filter leaves */
  async find(seat: Seat, granted: readonly string[], filter: SearchFilter, text: string): Promise<Found> {
    const { index, ear } = await this.names.of(seat.campaignId);
    const hits = merged(index.find(ear.compared(text), toViewer(seat, granted)));
    const likely = rankNames(hits, () => false).slice(0, MOST_NAMED);
    const { fields: secrets, isDelicate } =
      seat.role === 'gm'
        ? await this.secrets.find(seat, text)
        : { ...NO_SECRETS, isDelicate: await this.secrets.quotes(seat, text) };
    const named = [...new Set([...likely.map(({ hit }) => hit.id), ...secrets.keys()])];
    const [judged] = await this.system.read<JudgedRow>(
      SYSTEM_SCOPE,
      this.rows.judge(toAsker(seat), filter, text, named),
    );
    const seen = new Set(judged!.named);
    const recent = new Set(judged!.recent);
    return {
      names: rankNames(
        hits.filter(({ id }) => seen.has(id)),
        (id) => recent.has(id),
      ),
      judged: judged!,
      secrets: new Map([...secrets].filter(([id]) => seen.has(id))),
      isDelicate,
    };
  }
}

/** What masters alone call a thing is the thing. */
function merged(hits: readonly NameHit[]): NameHit[] {
  const known = new Set<string>();
  return hits.flatMap((hit) => {
    const id = hit.id.endsWith(MASTERS_NAMES) ? hit.id.slice(0, -MASTERS_NAMES.length) : hit.id;
    if (known.has(id)) return [];
    known.add(id);
    return [{ ...hit, id }];
  });
}
