import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { AI_ERROR } from '../../platform/ai/ai.errors.js';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { faultsOf } from '../../platform/http/input-fault.js';
import { CampaignAccess, type Seat } from '../campaigns/campaign-access.service.js';
import { invalidParent } from '../tabletop.errors.js';
import { invalidInputs, unknownGenerator } from '../tables/tables.errors.js';
import { DraftSeals } from './draft-seals.service.js';
import { DraftWriter, type Written } from './draft-writer.service.js';
import { type GeneratedDraft, GENERATION_KINDS, type GenerationKind } from './draft.js';
import { generate, type GenerationInputs, inputSchemasOf, RULES_ENGINE } from './generate.js';
import { economySchema } from './generate-place.js';
import { GenerationRecords } from './generation-records.service.js';
import { readGeneratorBook } from './generator-book.reader.js';
import type { GenerationWishDto } from './generations.dto.js';
import { type ContextCampaign, GenerationsRepository } from './generations.repository.js';
import type { ContextThing } from './generation-prompt.js';
import { openPart } from './stored-draft.js';

/** For which a request waits for a model; the rest of two seconds is for the database. */
const WAIT_MS = 1_700;

interface Prepared {
  readonly seat: Seat;
  readonly inputs: object;
  readonly things: readonly ContextThing[];
}

/** Makes drafts: by rules at once, and with a model that writes their texts where the campaign wants one. */
@Injectable()
export class GenerationMaker {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly rows: GenerationsRepository,
    private readonly writer: DraftWriter,
    private readonly seals: DraftSeals,
    private readonly records: GenerationRecords,
    private readonly idempotency: IdempotencyService,
  ) {}

  /**
   * A model that is slow leaves the draft pending, and a job goes on; one that fails, or may not be asked, leaves the draft of the rules.
   * @returns its id
   * @throws DomainError unknown campaign, generator or place; a role below a master's; inputs that the generator does not know
   */
  async make(
    caller: Principal,
    campaignId: string,
    name: string,
    wish: GenerationWishDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<{ id: string }>> {
    const kind = GENERATION_KINDS.find((each) => each === name);
    if (kind === undefined) throw unknownGenerator();
    const before = await this.answered(caller, request);
    if (before !== undefined) return before;
    const { engine = 'rules', audience = 'party', seed = randomBytes(12).toString('base64url') } = wish;
    const prepared = await this.prepare(caller, campaignId, kind, wish);
    const { seat, inputs } = prepared;
    const draft = generate(readGeneratorBook(), kind, seed, inputs as never);
    const written = engine === 'ai' ? await this.write(kind, draft, audience, prepared) : undefined;
    const place = { id: uuidv7(), campaignId: seat.campaignId };
    const kept = written?.draft ?? draft;
    const isPending = written?.fault === AI_ERROR.aborted;
    const secrets = await this.seals.seal(place, kept.secrets);
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () => {
        await this.records.record(tx, caller, {
          ...place,
          kind,
          seed,
          inputs,
          engine,
          engineVersion: RULES_ENGINE,
          audience,
          state: isPending ? 'pending' : 'draft',
          output: openPart(kept),
          secrets,
          madeBy: written?.draft === undefined ? 'rules' : 'model',
          model: written?.draft === undefined ? null : written.model,
          fault: isPending ? null : (written?.fault ?? null),
          objectId: uuidv7(),
        });
        return { id: place.id };
      }),
    );
  }

  private async answered(
    caller: Principal,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<{ id: string }> | undefined> {
    if (request === undefined) return undefined;
    return this.uow.run(caller, (tx) => this.idempotency.findAnswer<{ id: string }>(tx, caller, request));
  }

  private prepare(
    caller: Principal,
    campaignId: string,
    kind: GenerationKind,
    { inputs = {}, placeId, engine, audience = 'party' }: GenerationWishDto,
  ): Promise<Prepared> {
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId, 'gm');
      const checked = checkedInputs(kind, inputs);
      const details = placeId === undefined ? {} : await this.rows.findPlace(tx, seat.campaignId, placeId);
      if (details === null) throw invalidParent();
      const isAsking = engine === 'ai' && this.writer.mayAsk(seat.campaign.aiPolicy);
      return {
        seat,
        inputs: kind === 'shop' ? withEconomy(checked, details) : checked,
        things: isAsking ? await this.rows.listContext(tx, seat.campaignId, audience) : [],
      };
    });
  }

  private write(
    kind: GenerationKind,
    draft: GeneratedDraft,
    audience: 'gm' | 'party',
    { seat, things }: Prepared,
  ): Promise<Written> {
    const { aiPolicy, language, system, tone } = seat.campaign as ContextCampaign;
    return this.writer.write({
      kind,
      draft,
      audience,
      context: { language, system, tone, things },
      policy: aiPolicy,
      signal: AbortSignal.timeout(WAIT_MS),
    });
  }
}

function checkedInputs<K extends GenerationKind>(kind: K, inputs: object): GenerationInputs[K] {
  const parsed = inputSchemasOf(readGeneratorBook())[kind].safeParse(inputs);
  if (!parsed.success) throw invalidInputs(faultsOf(parsed.error, '/inputs').slice(0, 20));
  return parsed.data;
}

/** A shop takes the economy of its place, where it has one and the shop was not told another. */
function withEconomy(inputs: object, details: object): object {
  const known = economySchema.safeParse((details as { economy?: unknown }).economy);
  return known.success ? { economy: known.data, ...inputs } : inputs;
}
