import { Inject, Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import { inTurns, runInTurns } from '../../platform/lifecycle/in-turns.js';
import { OutboundError } from '../../platform/outbound/outbound.errors.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { type NameHit, NameIndexBuilder } from '../names/name-index.js';
import type { ComparedName } from '../names/name-likeness.js';
import { toAsker } from '../search/asker.js';
import { MASTERS_NAMES } from '../search/masters-names.js';
import { type Found, likelyNames, merged, toFound } from '../search/found.js';
import { type NameEar, NameModelReader } from '../search/name-model.reader.js';
import { type JudgedRow, type SearchFilter, SearchRepository } from '../search/search.repository.js';
import { SecretWords } from '../search/secret-words.service.js';
import { countsQuery, type IndexAsker, namesQuery, textsQuery } from './index-query.js';
import { SearchIndexesRepository, type SearchIndexRow } from './search-indexes.repository.js';
import { type IndexHit, SearchServer } from './search-server.client.js';

/** Why an index does not answer: the server does not, or not as it should; it has not been told all of the campaign. */
export type NoAnswer = 'down' | 'behind';

/**
 * Finds in an index of Elasticsearch or OpenSearch what somebody sees: texts by their words, names by their pieces and sounds. What is called like it
 * is ranked by the same likeness as everywhere, and PostgreSQL says once more who sees what was found.
 */
@Injectable()
export class IndexEngine {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly server: SearchServer,
    private readonly indexes: SearchIndexesRepository,
    private readonly rows: SearchRepository,
    private readonly secrets: SecretWords,
    private readonly models: NameModelReader,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  get isOn(): boolean {
    return this.server.isOn;
  }

  /** @param granted ids of what is lent to them @param text '' = whatever the filter leaves @returns never what is older than the question */
  async find(
    seat: Seat,
    granted: readonly string[],
    filter: SearchFilter,
    text: string,
  ): Promise<Found | NoAnswer> {
    const [index] = await this.system.read<SearchIndexRow & { isFollowed: boolean }>(
      SYSTEM_SCOPE,
      this.indexes.currentOf(seat.campaignId),
    );
    if (index?.isFollowed !== true) return 'behind';
    try {
      return await this.ask(index, seat, granted, filter, text);
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      this.log.warn(
        { code: error.code, status: error.status },
        'the search server gave no answer; PostgreSQL does',
      );
      return 'down';
    }
  }

  private async ask(
    index: SearchIndexRow,
    seat: Seat,
    granted: readonly string[],
    filter: SearchFilter,
    text: string,
  ): Promise<Found> {
    const asker: IndexAsker = { seat, granted, filter, met: await this.metIn(seat, filter) };
    const ear = await this.models.read(seat.campaign.language);
    const compared = ear.compared(text);
    const { hasSounds } = index;
    const names = namesQuery(asker, text, { compared, weights: ear.model.weights, hasSounds });
    const [[texts, candidates = []], secrets] = await Promise.all([
      this.server.find(index.name, [textsQuery(asker, text), ...(names === undefined ? [] : [names])]),
      this.secrets.of(seat, text),
    ]);
    const hits = merged(await ranked(candidates, compared, ear));
    const named = [...new Set([...likelyNames(hits), ...secrets.fields.keys()])];
    const textIds = texts!.map(({ _id: id }) => id);
    const [[judged], kinds] = await Promise.all([
      this.system.read<JudgedRow>(
        SYSTEM_SCOPE,
        this.rows.judge(toAsker(seat), filter, null, [...new Set([...named, ...textIds])]),
      ),
      this.server.count(index.name, countsQuery(asker, text, named)),
    ]);
    const seen = new Set(judged!.named);
    return toFound(hits, secrets, {
      named: named.filter((id) => seen.has(id)),
      texts: textIds.filter((id) => seen.has(id)),
      recent: judged!.recent,
      kinds,
    });
  }

  /** Of a filter by session: what appeared there, as far as the asker sees. */
  private async metIn(seat: Seat, filter: SearchFilter): Promise<string[] | null> {
    if (filter.session === null && !filter.isLastSession) return null;
    const rows = await this.system.read<{ id: string }>(
      SYSTEM_SCOPE,
      this.rows.listMet(toAsker(seat), filter),
    );
    return rows.map(({ id }) => id);
  }
}

/** @returns by likeness, each thing by its likeliest name */
async function ranked(candidates: readonly IndexHit[], text: ComparedName, ear: NameEar): Promise<NameHit[]> {
  const things = candidates.flatMap(({ _id: id, _source: source }) => [
    { id, names: source?.names ?? [] },
    { id: id + MASTERS_NAMES, names: source?.masters_names ?? [] },
  ]);
  const builder = new NameIndexBuilder();
  await inTurns(
    things.sort((a, b) => (a.id < b.id ? -1 : 1)),
    ({ id, names }) =>
      builder.add({
        id,
        names: names.map((name) => ear.compared(name)).filter(({ letters }) => letters.length > 0),
        isForParty: true, // the index was asked for what they see
        seenBy: [],
      }),
  );
  const index = await runInTurns(builder.build(ear.model));
  return index.find(text, { userId: '', isMaster: true, granted: [] });
}
