import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hmacSha256 } from '../../platform/crypto/hmac.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { type SecretPlace, Vault } from '../../platform/vault/vault.service.js';
import { assertRole, type Seat } from '../campaigns/campaign-access.service.js';
import { TEXT_CONFIGURATION } from '../campaigns/campaign-kinds.js';
import { secretPlace } from '../secrets/secret-place.js';
import { quotesSecret } from '../tabletop.errors.js';
import { askedWordsOf, secretWordsOf } from './secret-words.js';
import { SecretTokensRepository, type UndigestedSecretRow } from './secret-tokens.repository.js';

/** PostgreSQL's `simple` knows of no words that every sentence has. */
const STOP_WORDS = { ...TEXT_CONFIGURATION, simple: TEXT_CONFIGURATION.en };
const KEY_BYTES = 32;
const TOKEN_BYTES = 16;
/** So many secrets are digested in one transaction, and in one search. */
const PORTION = 50;
const MOST_PORTIONS = 20;

export interface FoundSecrets {
  /** By object, the names of its secrets that hold all words. */
  readonly fields: ReadonlyMap<string, string[]>;
  /** Some word is one of a secret's: the question must not be kept in the clear. */
  readonly isDelicate: boolean;
}

export const NO_SECRETS: FoundSecrets = { fields: new Map(), isDelicate: false };

/**
 * Secrets, found by their words and for masters alone. What is stored of the words are digests under a key of the campaign, in no order that tells
 * anything; they are made when a master searches next, of what has been written since.
 */
@Injectable()
export class SecretWords {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly vault: Vault,
    private readonly rows: SecretTokensRepository,
  ) {}

  /** What somebody's words find: for masters which secrets, for others only whether they quote one that they know. */
  async of(seat: Seat, text: string): Promise<FoundSecrets> {
    if (seat.role === 'gm') return this.find(seat, text);
    return { ...NO_SECRETS, isDelicate: await this.quotes(seat, text) };
  }

  /** @param seat a master's @throws DomainError a role below a master's */
  async find(seat: Seat, text: string): Promise<FoundSecrets> {
    assertRole(seat, 'gm');
    const words = secretWordsOf(text);
    if (words.length === 0 || !(await this.haveWords(seat.campaignId, null))) return NO_SECRETS;
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const key = await this.keyOf(tx, seat.campaignId);
      if (key === null) return NO_SECRETS;
      const tokens = tokensOf(key, words);
      const isDelicate = await this.rows.holdsAny(tx, seat.campaignId, tokens, null);
      const rows = isDelicate
        ? await tx.query<{ objectId: string; field: string }>(this.rows.listHolding(seat.campaignId, tokens))
        : [];
      const fields = new Map<string, string[]>();
      for (const { objectId, field } of rows) fields.set(objectId, [...(fields.get(objectId) ?? []), field]);
      return { fields, isDelicate };
    });
  }

  /**
   * Whether a text quotes a secret that its asker knows, and so must not be kept in the clear. Of others' secrets nothing follows from it, or what
   * is kept would tell of them.
   */
  async quotes({ campaignId, userId }: Seat, text: string): Promise<boolean> {
    const words = secretWordsOf(text);
    if (words.length === 0 || !(await this.haveWords(campaignId, userId))) return false;
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const key = await this.keyOf(tx, campaignId);
      return key !== null && this.rows.holdsAny(tx, campaignId, tokensOf(key, words), userId);
    });
  }

  /**
   * For what is kept in the clear: masters know all secrets, others those that are shown to them, and of others' nothing follows. Words that the table
   * reads anyway tell nothing, nor do those that every sentence has.
   * @param pointer where the text stood @throws DomainError it quotes a secret that its writer knows
   */
  async refuseQuotes(
    { campaignId, userId, role, campaign }: Seat,
    text: string,
    pointer: string,
  ): Promise<void> {
    const asked = askedWordsOf(text);
    const shownTo = role === 'gm' ? null : userId;
    if (asked.length === 0 || !(await this.haveWords(campaignId, shownTo))) return;
    const isQuoted = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const key = await this.keyOf(tx, campaignId);
      if (key === null) return false;
      const words = asked.map(({ word }) => word);
      const tokens = asked.map(({ plain }) => tokenOf(key, plain));
      return this.rows.holdsUntold(tx, campaignId, words, tokens, shownTo, STOP_WORDS[campaign.language]);
    });
    if (isQuoted) throw quotesSecret(pointer);
  }

  /** Has all of them digested. @param shownTo one who knows them; null = whoever does @returns whether there are any */
  private async haveWords(campaignId: string, shownTo: string | null): Promise<boolean> {
    const [seen] = await this.system.read<{ isAny: boolean; isWaiting: boolean }>(
      SYSTEM_SCOPE,
      this.rows.look(campaignId, shownTo),
    );
    const { isAny, isWaiting } = seen!;
    if (isAny && isWaiting) await this.digestAll(campaignId);
    return isAny;
  }

  private async digestAll(campaignId: string): Promise<void> {
    for (let portion = 0; portion < MOST_PORTIONS; portion += 1)
      if ((await this.digest(campaignId)) < PORTION) break;
  }

  /** @returns how many it was */
  private async digest(campaignId: string): Promise<number> {
    const listing = this.rows.listUndigested(campaignId, PORTION);
    const waiting = await this.system.read<UndigestedSecretRow>(SYSTEM_SCOPE, listing);
    if (waiting.length === 0) return 0;
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const key = (await this.keyOf(tx, campaignId)) ?? (await this.makeKey(tx, campaignId));
      const texts = await this.vault.openAll(
        tx,
        waiting.map(({ id, value }) => ({ place: secretPlace({ id, campaignId }), value })),
      );
      for (const [at, row] of waiting.entries()) {
        const words = secretWordsOf(texts[at]!.toString('utf8'));
        const tokens = tokensOf(key, words).sort((a, b) => a.compare(b));
        await this.rows.upsert(tx, campaignId, row, tokens);
      }
    });
    return waiting.length;
  }

  private async keyOf(tx: Tx, campaignId: string): Promise<Buffer | null> {
    const sealed = await this.rows.findKey(tx, campaignId);
    return sealed && this.vault.open(tx, keyPlace(campaignId), sealed);
  }

  private async makeKey(tx: Tx, campaignId: string): Promise<Buffer> {
    const sealed = await this.vault.seal(tx, keyPlace(campaignId), randomBytes(KEY_BYTES));
    await this.rows.insertKey(tx, campaignId, sealed);
    return (await this.keyOf(tx, campaignId))!; // perhaps somebody else's, who was faster
  }
}

function keyPlace(campaignId: string): SecretPlace {
  return { table: 'tabletop.secret_key', column: 'sealed_key', rowId: campaignId, userId: campaignId };
}

function tokensOf(key: Buffer, words: readonly string[]): Buffer[] {
  return words.map((word) => tokenOf(key, word));
}

function tokenOf(key: Buffer, word: string): Buffer {
  return hmacSha256(key, word).subarray(0, TOKEN_BYTES);
}
