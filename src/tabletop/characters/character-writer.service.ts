import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { cleanHtml } from '../../platform/http/clean-html.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import { CampaignObjects, type ObjectDraft, type ObjectPatch } from '../objects/campaign-objects.service.js';
import { ObjectReader } from '../objects/object-reader.service.js';
import type { ObjectRow } from '../objects/objects.repository.js';
import { assertSeen, roleTooLow } from '../tabletop.errors.js';
import { type CharacterSheetRow, CharacterSheetsRepository } from './character-sheets.repository.js';
import {
  type CharacterFacts,
  type CharacterKind,
  isUsuallyOpen,
  stateOf,
  takeApart,
  versionOf,
} from './character-state.js';
import { cleanTexts } from './clean-sheet.js';
import { type Json, type JsonObject, mergePatch, touched } from './merge-patch.js';
import { SheetSchemas } from './sheet-schemas.service.js';

/** A new character. */
export interface CharacterDraft extends Omit<ObjectDraft, 'kind' | 'details' | 'parentId'> {
  readonly facts: CharacterFacts;
  /** Others of the table who see the character see how it is played; of player characters unless said otherwise. */
  readonly isOpen?: boolean | undefined;
  readonly sheet?: JsonObject | null | undefined;
  readonly voice?: JsonObject | undefined;
  readonly guidance?: JsonObject | undefined;
  readonly xp?: number | undefined;
  readonly level?: number | null | undefined;
}

/** A character as its reader sees it; `play` is null where they do not see how it is played. */
export interface FoundCharacter {
  readonly object: ObjectRow;
  readonly seat: Seat;
  readonly play: CharacterSheetRow | null;
}

/** Beyond that the log names the places only. */
const MOST_LOGGED = 20_000;
const PLAY_KEYS = ['isOpen', 'sheet', 'voice', 'guidance'] as const;
const SHOWN_KEYS = ['name', 'summary', 'body', 'tags', 'aliases', 'visibility', 'shownTo'] as const;

/** The one way in which characters are written, by their routes, by accepted proposals and by imports. Everything happens in the caller's transaction. */
@Injectable()
export class CharacterWriter {
  constructor(
    private readonly reader: ObjectReader,
    private readonly objects: CampaignObjects,
    private readonly sheets: CharacterSheetsRepository,
    private readonly schemas: SheetSchemas,
    private readonly changes: CampaignChanges,
  ) {}

  /** @throws DomainError as {@link CampaignObjects.create}; a sheet that is not as the campaign's system has it */
  async create(tx: Tx, caller: Principal, seat: Seat, draft: CharacterDraft): Promise<FoundCharacter> {
    const { facts, isOpen, sheet, voice, guidance, xp, level, ...object } = draft;
    const checked = sheet == null ? null : this.schemas.check(seat.campaign.system, sheet);
    const row = await this.objects.create(tx, caller, seat, {
      ...object,
      ...cleaned(object),
      kind: 'character',
      details: cleanedFacts(facts),
    });
    await this.sheets.insertSheet(tx, {
      objectId: row.id,
      campaignId: seat.campaignId,
      isOpen: isOpen ?? isUsuallyOpen(facts.characterKind),
      sheet: checked,
      voice: cleanedSaying(voice ?? {}),
      guidance: cleanedSaying(guidance ?? {}),
      xp: xp ?? 0,
      level: level ?? null,
    });
    return { object: row, seat, play: await this.sheets.findSheet(tx, row.id) };
  }

  /** @throws DomainError unknown object */
  async find(tx: Tx, caller: Principal, id: string): Promise<FoundCharacter> {
    const { object, seat } = await this.objects.find(tx, caller, 'character', id);
    return { object, seat, play: await this.sheets.findSheet(tx, object.id) };
  }

  /** Nobody else changes it until the transaction ends. @throws DomainError unknown object; one that the caller may see and not write */
  async lock(tx: Tx, caller: Principal, id: string): Promise<FoundCharacter> {
    const { object, seat } = await this.reader.lock(tx, caller, 'character', id);
    const play = await this.sheets.findSheet(tx, object.id);
    if (play !== null || (seat.role !== 'gm' && object.ownerId !== caller.id)) return { object, seat, play };
    await this.sheets.insertSheet(tx, firstSheetOf(object));
    return { object, seat, play: await this.sheets.findSheet(tx, object.id) };
  }

  /**
   * @param found locked @param patch a JSON merge patch of {@link stateOf}; null takes away @param seen the version that the caller has seen
   * @throws DomainError as {@link CampaignObjects.change}; a sheet that is not as the campaign's system has it
   */
  async apply(
    tx: Tx,
    caller: Principal,
    { object, seat, play }: FoundCharacter,
    patch: JsonObject,
    seen: number | undefined,
    ownerId?: string | null,
  ): Promise<FoundCharacter> {
    const isPlayed = PLAY_KEYS.some((key) => patch[key] !== undefined);
    const isForeign = seat.role !== 'gm' && object.ownerId !== caller.id;
    if (isPlayed && (play === null || (isForeign && patch['isOpen'] !== undefined))) throw roleTooLow('gm');
    assertSeen(versionOf(object, play, seat), seen);
    const before = stateOf(object, play);
    const next = takeApart(mergePatch(before, patch) as JsonObject, object.details);
    const shown = Object.fromEntries(
      SHOWN_KEYS.filter((key) => patch[key] !== undefined).map((key) => [key, next.shown[key]]),
    );
    const isClosed = play?.isOpen === false && !next.play.isOpen;
    const isInner = isPlayed && isClosed && ownerId === undefined && isOfPlay(patch);
    const change: ObjectPatch = { ...shown, ...cleaned(shown), details: cleanedFacts(next.details) };
    if (isInner) await this.sheets.updateVersion(tx, object.id);
    else {
      const all = ownerId === undefined ? change : { ...change, ownerId };
      await this.objects.change(tx, caller, 'character', object.id, all);
    }
    if (isPlayed) {
      const { sheet } = next.play;
      const checked =
        patch['sheet'] === undefined || sheet === null
          ? sheet
          : this.schemas.check(seat.campaign.system, sheet);
      const said = {
        voice: cleanedSaying(next.play.voice),
        guidance: cleanedSaying(next.play.guidance),
      };
      if (!(await this.sheets.updatePlay(tx, object.id, { ...next.play, ...said, sheet: checked })))
        throw roleTooLow('gm');
      await this.changes.record(tx, caller, {
        campaignId: object.campaignId,
        objectId: object.id,
        kind: 'character',
        action: 'sheet-changed',
        before: logged(touched(pickPlay(before), pickPlay(patch))),
        after: logged(pickPlay(patch)),
      });
    }
    return this.find(tx, caller, object.id);
  }

  /**
   * After a change of how it is played that is none of its player's: told by the object's version where that is open, by the sheet's own where it is not.
   * @param found locked @param after for the log
   */
  async raise(
    tx: Tx,
    caller: Principal,
    { object, play }: FoundCharacter,
    after: object,
  ): Promise<FoundCharacter> {
    const { id, campaignId } = object;
    if (play?.isOpen === true) await this.objects.change(tx, caller, 'character', id, {});
    else {
      await this.sheets.updateVersion(tx, id);
      const event = { campaignId, objectId: id, kind: 'character', action: 'sheet-changed', after };
      await this.changes.record(tx, caller, event);
    }
    return this.find(tx, caller, id);
  }
}

/** Whether nothing but how it is played is changed. */
function isOfPlay(patch: JsonObject): boolean {
  return Object.keys(patch).every(
    (key) => patch[key] === undefined || (PLAY_KEYS as readonly string[]).includes(key),
  );
}

function firstSheetOf({
  id,
  campaignId,
  details,
}: ObjectRow): Parameters<CharacterSheetsRepository['insertSheet']>[1] {
  const kind = (details as { characterKind?: CharacterKind }).characterKind ?? 'npc';
  return {
    objectId: id,
    campaignId,
    isOpen: isUsuallyOpen(kind),
    sheet: null,
    voice: {},
    guidance: {},
    xp: 0,
    level: null,
  };
}

/** Its texts that may be HTML, where they are given. */
function cleaned({ summary, body }: { summary?: unknown; body?: unknown }): {
  summary?: string;
  body?: string;
} {
  return {
    ...(typeof summary === 'string' && { summary: cleanHtml(summary) }),
    ...(typeof body === 'string' && { body: cleanHtml(body) }),
  };
}

function cleanedFacts(facts: CharacterFacts): CharacterFacts {
  return facts.appearance === undefined ? facts : { ...facts, appearance: cleanHtml(facts.appearance) };
}

/** How somebody speaks and what moves them. */
function cleanedSaying(said: JsonObject): JsonObject {
  return cleanTexts(said, cleanHtml) as JsonObject;
}

function pickPlay(state: JsonObject): JsonObject {
  return Object.fromEntries(
    PLAY_KEYS.filter((key) => state[key] !== undefined).map((key) => [key, state[key]!]),
  );
}

/** A log is for reading: of a whole new sheet it says which parts there are. */
function logged(part: Json | undefined): object {
  const said = (part ?? {}) as JsonObject;
  if (JSON.stringify(said).length <= MOST_LOGGED) return said;
  return Object.fromEntries(
    Object.entries(said).map(([key, inner]) => [key, Object.keys((inner ?? {}) as object)]),
  );
}
