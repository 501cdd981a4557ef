import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { runInTurns } from '../../platform/lifecycle/in-turns.js';
import type { CampaignLanguage } from '../campaigns/campaign-kinds.js';
import { type NamedThing, NameIndex, NameIndexBuilder } from '../names/name-index.js';
import { isForParty } from '../objects/object-kinds.js';
import { ChangeHorizon } from './change-horizon.js';
import { MASTERS_NAMES } from './masters-names.js';
import { type NameEar, NameModelReader } from './name-model.reader.js';
import {
  type ChangedNameRow,
  type LastChangeRow,
  type NameRow,
  NameRowsRepository,
} from './name-rows.repository.js';

/** Names in memory over all campaigns; a million take some 300 MB. Those of campaigns that nobody has searched for longest go first. */
const MOST_NAMES = 1_500_000;
const PAGE = 10_000;
/** So many changes since the last search are read; beyond, all of it is read anew. */
const MOST_CHANGES = 20_000;

/** What a campaign's names are compared with. */
export interface FollowedNames {
  readonly index: NameIndex;
  readonly ear: NameEar;
}

interface Known {
  readonly index: NameIndex;
  /** Of the language that the campaign had when it was read. */
  readonly language: CampaignLanguage | null;
  readonly ear: NameEar;
  readonly horizon: ChangeHorizon;
  /** By object, the number of the change that is known. */
  readonly applied: Map<string, string>;
  /** What transactions wrote that were open while it was read may have been missed: looked after once all of them have ended. */
  doubt: { readonly since: bigint; readonly until: bigint } | undefined;
}

/**
 * Indexes of names, one per campaign, in the memory of this process. The rows are the truth: an index is made from them at the first search and
 * follows what has changed at each one, so that no answer is older than its question.
 */
@Injectable()
export class CampaignNames {
  /** The campaign that was asked for last stands last. */
  private readonly known = new Map<string, Promise<Known>>();
  /** One after the other per campaign. */
  private readonly following = new Map<string, Promise<Known>>();

  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: NameRowsRepository,
    private readonly models: NameModelReader,
  ) {}

  /** Up to date with what was committed when it is called. @throws DatabaseUnavailableError, Error */
  async of(campaignId: string): Promise<FollowedNames> {
    const before = this.following.get(campaignId);
    const follow = (before ?? Promise.resolve()).then(
      () => this.follow(campaignId),
      () => this.follow(campaignId),
    );
    this.following.set(campaignId, follow);
    try {
      const { index, ear } = await follow;
      return { index, ear };
    } finally {
      if (this.following.get(campaignId) === follow) this.following.delete(campaignId);
    }
  }

  private async follow(campaignId: string): Promise<Known> {
    const known = await this.load(campaignId);
    const { ear } = known;
    const rows = await this.system.read<ChangedNameRow>(
      SYSTEM_SCOPE,
      this.rows.listChanged(campaignId, String(known.horizon.after), MOST_CHANGES + 1),
    );
    if (rows.length > MOST_CHANGES || known.index.isWorn || rows[0]!.language !== known.language) {
      this.known.delete(campaignId);
      return this.load(campaignId);
    }
    const { doubt } = known;
    if (doubt !== undefined && BigInt(rows[0]!.oldestOpen) >= doubt.until) {
      const missed = await this.system.read<NameRow>(
        SYSTEM_SCOPE,
        this.rows.listWrittenSince(campaignId, doubt.since),
      );
      await runInTurns(changed(known.index, missed, ear));
      known.doubt = undefined;
    }
    await apply(known, rows, ear);
    return known;
  }

  private async load(campaignId: string): Promise<Known> {
    const loading = this.known.get(campaignId) ?? this.make(campaignId);
    this.known.delete(campaignId);
    this.known.set(campaignId, loading);
    try {
      const known = await loading;
      await this.forgetOldest(campaignId);
      return known;
    } catch (error) {
      this.known.delete(campaignId);
      throw error;
    }
  }

  private async make(campaignId: string): Promise<Known> {
    const [last] = await this.system.read<LastChangeRow>(SYSTEM_SCOPE, this.rows.lastChange(campaignId));
    const { oldestOpen, nextToBegin, seq, language } = last!;
    const ear = await this.models.read(language);
    const builder = new NameIndexBuilder();
    let after: string | null = null;
    for (;;) {
      const page: NameRow[] = await this.system.read<NameRow>(
        SYSTEM_SCOPE,
        this.rows.listPage(campaignId, after, PAGE),
      );
      await runInTurns(addAll(builder, page, ear));
      if (page.length < PAGE) break;
      after = page.at(-1)!.id;
    }
    const index = await runInTurns(builder.build(ear.model));
    const isCertain = oldestOpen === nextToBegin; // nobody else was at work
    return {
      ...{ index, language, ear },
      horizon: new ChangeHorizon(BigInt(seq ?? 0)),
      applied: new Map(),
      doubt: isCertain ? undefined : { since: BigInt(oldestOpen), until: BigInt(nextToBegin) },
    };
  }

  private async forgetOldest(current: string): Promise<void> {
    let names = 0;
    for (const [campaignId, loading] of [...this.known].toReversed()) {
      const known = await loading.catch(() => undefined);
      names += known?.index.nameCount ?? 0;
      if (names > MOST_NAMES && campaignId !== current) this.known.delete(campaignId);
    }
  }
}

function* addAll(builder: NameIndexBuilder, page: readonly NameRow[], ear: NameEar): Generator<void, void> {
  for (const row of page) {
    for (const thing of thingsOf(row, ear)) builder.add(thing);
    yield;
  }
}

function* changed(index: NameIndex, rows: readonly NameRow[], ear: NameEar): Generator<void, void> {
  const things: NamedThing[] = [];
  for (const row of rows) {
    things.push(...thingsOf(row, ear));
    yield;
  }
  yield* index.apply(things);
}

async function apply(
  { index, horizon, applied }: Known,
  rows: readonly ChangedNameRow[],
  ear: NameEar,
): Promise<void> {
  const [{ oldestOpen, nextToBegin }] = rows as [ChangedNameRow];
  const unknown: NameRow[] = [];
  let highest: bigint | null = null;
  const seen = new Map<string, string>();
  for (const row of rows) {
    if (row.id === null || row.seq === null) continue;
    const seq = BigInt(row.seq);
    if (highest === null || seq > highest) highest = seq;
    seen.set(row.id, row.seq);
    if (applied.get(row.id) !== row.seq) unknown.push({ ...row, id: row.id });
  }
  if (unknown.length > 0) await runInTurns(changed(index, unknown, ear));
  applied.clear();
  for (const [id, seq] of seen) applied.set(id, seq);
  horizon.read({ oldestOpen: BigInt(oldestOpen), nextToBegin: BigInt(nextToBegin) }, highest);
}

function thingsOf(row: NameRow, ear: NameEar): NamedThing[] {
  const compared = (names: readonly string[]) =>
    names.map((name) => ear.compared(name)).filter(({ letters }) => letters.length > 0);
  const names = row.isDeleted ? [] : compared([row.name, ...row.aliases, ...(row.heard ?? [])]);
  const seenBy = [...row.shownTo, ...(row.ownerId === null ? [] : [row.ownerId])];
  return [
    { id: row.id, names, isForParty: isForParty(row.visibility), seenBy },
    {
      id: row.id + MASTERS_NAMES,
      names: row.isDeleted ? [] : compared(row.heardByMasters ?? []),
      isForParty: false,
      seenBy: [],
    },
  ];
}
