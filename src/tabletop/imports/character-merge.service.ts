import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import type { CharacterFacts } from '../characters/character-state.js';
import { CharacterWriter } from '../characters/character-writer.service.js';
import type { JsonObject as Patch } from '../characters/merge-patch.js';
import { Proposals } from '../characters/proposals.service.js';
import type { CharacterFile } from './character-file.reader.js';
import type { ImportedThing } from './import-outcome.js';
import { type BroughtThings, ImportedInventory } from './imported-inventory.service.js';
import { mergePatchOf } from './merge-patch-of.js';
import { type Json, type JsonObject, type MergeConflict, mergeThreeWays } from './three-way-merge.js';

/** What became of a character that was brought. */
export interface WrittenCharacter {
  readonly thing: ImportedThing;
  readonly conflicts: readonly MergeConflict[];
  /** Things that it was to carry and has no room for. */
  readonly leftOut: number;
}

const NOTHING: BroughtThings = { isChanged: false, conflicts: [], leftOut: 0 };

/** A sheet that was read becomes a character, or is merged into the one that it became the last time. */
@Injectable()
export class CharacterMerge {
  constructor(
    private readonly writer: CharacterWriter,
    private readonly proposals: Proposals,
    private readonly inventory: ImportedInventory,
  ) {}

  async create(
    tx: Tx,
    caller: Principal,
    seat: Seat,
    { character, state }: CharacterFile,
  ): Promise<WrittenCharacter> {
    const { name, body, ancestry, calling, sheet } = state as Record<string, Json>;
    const facts = {
      characterKind: character.isNpc ? 'npc' : 'pc',
      ...(ancestry !== '' && { ancestry }),
      ...(calling !== '' && { calling }),
    } as CharacterFacts;
    const { object } = await this.writer.create(tx, caller, seat, {
      name: name as string,
      body: body as string,
      facts,
      sheet: sheet as unknown as Patch,
      xp: character.sheet.experiencePoints ?? 0,
      level: character.sheet.level === 0 ? null : character.sheet.level,
    });
    const { leftOut } = await this.inventory.bring(tx, object, undefined, state);
    return { thing: { id: object.id, name: object.name, outcome: 'created' }, conflicts: [], leftOut };
  }

  /** What is carried needs nobody's approval, here as elsewhere, and is its player's and the masters' to change. */
  async update(
    tx: Tx,
    caller: Principal,
    objectId: string,
    before: JsonObject,
    { state }: CharacterFile,
  ): Promise<WrittenCharacter> {
    const found = await this.writer.lock(tx, caller, objectId);
    const { object, seat, play } = found;
    const facts = object.details as Partial<CharacterFacts>;
    const ours = {
      name: object.name,
      body: object.body,
      ancestry: facts.ancestry ?? '',
      calling: facts.calling ?? '',
      sheet: (play?.sheet ?? {}) as unknown as Json,
    };
    const isOwn = seat.role === 'gm' || object.ownerId === caller.id;
    const things = isOwn ? await this.inventory.bring(tx, object, before, state) : NOTHING;
    const merge = mergeThreeWays(before, ours, state);
    const conflicts = [...merge.conflicts, ...things.conflicts];
    const patch = mergePatchOf(ours, merge.merged) as unknown as Patch | undefined;
    const { leftOut } = things;
    const written = (outcome: ImportedThing['outcome'], name = object.name): WrittenCharacter => ({
      thing: { id: object.id, name, outcome },
      conflicts,
      leftOut,
    });
    if (patch === undefined) return written(things.isChanged ? 'updated' : 'unchanged');
    if (seat.role !== 'gm' && seat.campaign.needsApproval) {
      await this.proposals.propose(tx, caller, found, patch);
      return written('proposed');
    }
    const after = await this.writer.apply(tx, caller, found, patch, undefined);
    return written('updated', after.object.name);
  }
}
