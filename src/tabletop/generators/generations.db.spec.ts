import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openAiTrial, type AiTrial } from '../../../test/support/ai-trial.js';
import { dumpTables, formsOf } from '../../../test/support/table-dump.js';
import { openTabletopWorld, type TabletopWorld } from '../../../test/support/tabletop-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { openVault } from '../../../test/support/vault-world.js';
import type { Principal } from '../../platform/auth/principal.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { JobRun } from '../../platform/jobs/job-definition.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { JobsRepository } from '../../platform/jobs/jobs.repository.js';
import { ObjectSecrets } from '../secrets/object-secrets.service.js';
import { SecretsRepository } from '../secrets/secrets.repository.js';
import { TABLETOP_ERROR } from '../tabletop.errors.js';
import type { LlmTurn } from '../../sandbox/llm/llm-wire.js';
import { AcceptGeneration } from './accept-generation.service.js';
import { DraftSeals } from './draft-seals.service.js';
import { DraftWriter } from './draft-writer.service.js';
import { FillGenerationHandler } from './fill-generation.handler.js';
import { GenerationMaker } from './generation-maker.service.js';
import { GenerationRecords } from './generation-records.service.js';
import type { GenerationDto, GenerationWishDto } from './generations.dto.js';
import { GenerationsRepository } from './generations.repository.js';
import { GenerationsService } from './generations.service.js';
import { proseJsonSchema } from './generation-prose.js';

// Drafts over a real database and a model that does as it is told: what enters a prompt, what comes of its answers, and what is sealed.

let units: TestUnits;
let world: TabletopWorld;
let trial: AiTrial;
let turn: (user: string) => LlmTurn;
let maker: GenerationMaker;
let generations: GenerationsService;
let accepting: AcceptGeneration;
let secrets: ObjectSecrets;
let filling: FillGenerationHandler;

beforeAll(async () => {
  units = await openUnits();
  world = openTabletopWorld(units);
  trial = await openAiTrial({
    script: ({ messages }) => turn(messages.at(-1)!.content ?? ''),
    hasSchemas: true,
  });
  const { access, objects, reader, changes, memberRows, idempotency } = world;
  const { vault } = openVault(units, 'spec');
  const rows = new GenerationsRepository();
  const seals = new DraftSeals(units.system, vault);
  const writer = new DraftWriter(trial.client);
  const records = new GenerationRecords(
    rows,
    new Jobs(new JobsRepository(), { ring: () => undefined }),
    changes,
  );
  secrets = new ObjectSecrets(
    units.app,
    units.system,
    vault,
    reader,
    new SecretsRepository(),
    memberRows,
    changes,
  );
  maker = new GenerationMaker(units.app, access, rows, writer, seals, records, idempotency);
  generations = new GenerationsService(units.app, access, rows, seals, changes);
  accepting = new AcceptGeneration(units.app, access, rows, objects, secrets, seals);
  filling = new FillGenerationHandler(units.system, rows, seals, writer);
});

beforeEach(() => {
  trial.llm.heal();
  turn = () => ({ text: proseOf('npc') });
});

afterAll(async () => {
  await trial.close();
  await units.close();
});

const code = (name: keyof typeof TABLETOP_ERROR) => expect.objectContaining({ code: TABLETOP_ERROR[name] });

function proseOf(kind: 'npc' | 'shop', more: Record<string, string> = {}): string {
  const names = proseJsonSchema(kind).required as string[];
  return JSON.stringify({ ...Object.fromEntries(names.map((name) => [name, `Written ${name}.`])), ...more });
}

async function aCampaign(
  aiPolicy: 'off' | 'local' | 'any' = 'any',
): Promise<{ master: Principal; campaignId: string }> {
  const made = await world.aCampaign();
  await world.campaigns.change(
    made.master,
    made.campaignId,
    { aiPolicy, tone: { mood: 'rain and candles' } },
    undefined,
  );
  return made;
}

async function make(
  master: Principal,
  campaignId: string,
  wish: GenerationWishDto = {},
  kind = 'npc',
): Promise<GenerationDto> {
  const { body } = await maker.make(master, campaignId, kind, wish, undefined);
  return generations.find(master, body.id);
}

const runJob = (generationId: string, signal = new AbortController().signal): Promise<void> => {
  const job: JobRun = {
    id: randomUUID(),
    ownerId: randomUUID(),
    attempt: 3,
    signal,
    progress: () => undefined,
    once: (work) => units.system.run(SYSTEM_SCOPE, work),
  };
  return filling.handle({ generationId }, job);
};

describe('a draft of the rules', () => {
  it('is the same for the same seed, is changed, and becomes an object once, with its secrets', async () => {
    const { master, campaignId } = await aCampaign('off');
    const [one, two] = [
      await make(master, campaignId, { seed: 's' }),
      await make(master, campaignId, { seed: 's' }),
    ];
    expect([one.draft, one.secrets, one.state, one.madeBy, one.fault]).toEqual([
      two.draft,
      two.secrets,
      'draft',
      'rules',
      null,
    ]);
    const changed = await generations.change(
      master,
      one.id,
      { name: 'Ulssin', secrets: [{ field: 'lie', text: 'Is Gloomburn’s heir.' }] },
      one.version,
    );
    expect([changed.draft.name, changed.draft.body]).toEqual(['Ulssin', one.draft.body]);
    await expect(generations.change(master, one.id, { name: 'x' }, one.version)).rejects.toEqual(
      code('stale'),
    );

    const accepted = await Promise.all(
      [1, 2].map(() => accepting.accept(master, one.id, { visibility: 'party' })),
    );
    const again = await accepting.accept(master, one.id, {});
    const objectId = again.objectId!;
    expect(new Set(accepted.map((each) => each.objectId))).toEqual(new Set([objectId]));
    expect([again.state, again.secrets, again.objectKind]).toEqual(['accepted', [], 'character']);
    const player = await world.aSeat(campaignId, 'player');
    const seen = await units.app.run(player, (tx) => world.objects.find(tx, player, 'character', objectId));
    expect(seen.object).toMatchObject({ name: 'Ulssin', visibility: 'party' });
    // With seed and inputs anybody could make it again, with its secrets.
    expect(JSON.stringify(seen.object)).not.toMatch(/seed|Gloomburn/);
    expect((await secrets.list(master, objectId)).items).toMatchObject([
      { field: 'lie', text: 'Is Gloomburn’s heir.' },
    ]);
    expect((await secrets.list(player, objectId)).items).toEqual([]);
    await expect(generations.change(master, one.id, { name: 'x' }, undefined)).rejects.toEqual(
      code('generationClosed'),
    );
    await expect(generations.discard(master, one.id)).rejects.toEqual(code('generationClosed'));
    const [made] = await units.owner<{ count: number }>(
      `SELECT count(*)::int AS count FROM tabletop.object WHERE campaign_id = $1`,
      [campaignId],
    );
    expect(made!.count).toBe(1);
  });

  it('keeps its secrets sealed', async () => {
    const { master, campaignId } = await aCampaign('off');
    const { id, secrets: own } = await make(master, campaignId, { seed: 'sealed one' });
    await generations.change(master, id, { secrets: [{ field: 'name', text: 'Zorvekquath' }] }, undefined);
    const other = await make(master, campaignId, { seed: 'sealed two' });
    const dump = await dumpTables(units.url);
    for (const word of ['Zorvekquath', own[0]!.text, other.secrets[0]!.text])
      for (const form of formsOf(word))
        expect({ word, isInDump: dump.includes(form) }).toEqual({ word, isInDump: false });
    await generations.discard(master, id);
    await generations.discard(master, id);
    expect(await generations.find(master, id)).toMatchObject({ state: 'discarded', secrets: [] });
    await expect(accepting.accept(master, id, {})).rejects.toEqual(code('generationClosed'));
  });

  it('is nobody’s but the masters’, and is made of what is known', async () => {
    const { master, campaignId } = await aCampaign('off');
    const { master: stranger } = await aCampaign('off');
    const player = await world.aSeat(campaignId, 'player');
    const { id } = await make(master, campaignId);
    for (const who of [player, stranger]) {
      await expect(generations.find(who, id)).rejects.toEqual(code('unknownGeneration'));
      await expect(generations.change(who, id, {}, undefined)).rejects.toEqual(code('unknownGeneration'));
      await expect(accepting.accept(who, id, {})).rejects.toEqual(code('unknownGeneration'));
      await expect(generations.discard(who, id)).rejects.toEqual(code('unknownGeneration'));
    }
    await expect(make(player, campaignId)).rejects.toEqual(code('roleTooLow'));
    await expect(generations.list(player, campaignId, { limit: 5 })).rejects.toEqual(code('roleTooLow'));
    await expect(make(stranger, campaignId)).rejects.toEqual(code('unknownCampaign'));
    await expect(make(master, campaignId, {}, 'dragon')).rejects.toEqual(code('unknownGenerator'));
    await expect(make(master, campaignId, { inputs: { ancestry: 'martian' } })).rejects.toMatchObject({
      code: TABLETOP_ERROR.invalidInputs,
      faults: [{ pointer: '/inputs/ancestry' }],
    });
    await expect(make(master, campaignId, { placeId: randomUUID() })).rejects.toEqual(code('invalidParent'));
    const forMasters = await make(master, campaignId, { audience: 'gm' });
    await expect(accepting.accept(master, forMasters.id, { visibility: 'party' })).rejects.toEqual(
      code('wrongAudience'),
    );
    await expect(accepting.accept(master, forMasters.id, { parentId: randomUUID() })).rejects.toEqual(
      code('invalidParent'),
    );
    expect((await accepting.accept(master, forMasters.id, {})).state).toBe('accepted');
    expect(
      (await generations.list(master, campaignId, { limit: 1, state: 'draft' })).items.map((each) => each.id),
    ).toEqual([id]);
  });

  it('of a shop follows the economy of its place', async () => {
    const { master, campaignId } = await aCampaign('off');
    const place = await accepting.accept(
      master,
      (await make(master, campaignId, { seed: 'a', inputs: { type: 'city' } }, 'location')).id,
      {},
    );
    const shop = await make(master, campaignId, { seed: 'b', placeId: place.objectId! }, 'shop');
    const { economy } = place.draft.details as { economy: object };
    expect(shop.draft.details).toMatchObject({ economy });
    expect(shop.inputs).toEqual({ economy });
    const rich = await make(
      master,
      campaignId,
      { seed: 'b', placeId: place.objectId!, inputs: { economy: { wealth: 4 } } },
      'shop',
    );
    expect(rich.draft.details).toMatchObject({ economy: { wealth: 4, trades: [] } });
  });

  it('is made once for a key', async () => {
    const { master, campaignId } = await aCampaign('off');
    const request = { route: 'spec', key: randomUUID(), bodyDigest: Buffer.from('one') };
    const answers = await Promise.all(
      [1, 2, 3].map(() => maker.make(master, campaignId, 'loot', {}, request)),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect((await generations.list(master, campaignId, { limit: 9 })).items).toHaveLength(1);
  });
});

describe('a model', () => {
  it('writes the texts of a draft, which are cleaned, and is told nothing that the readers must not know', async () => {
    const { master, campaignId } = await aCampaign();
    const hidden: string[] = [];
    const word = (at: string): string => hidden[hidden.push(`Vexqua${at}`) - 1]!;
    for (const kind of ['location', 'character', 'plot', 'note', 'item'] as const) {
      await world.anObject(master, campaignId, {
        kind,
        name: word(`name${kind}`),
        summary: word(`sum${kind}`),
        body: word(`body${kind}`),
      });
      await world.anObject(master, campaignId, {
        kind,
        name: word(`few${kind}`),
        visibility: 'members',
        shownTo: [master.id],
      });
      const open = await world.anObject(master, campaignId, {
        kind,
        name: `Open ${kind}`,
        summary: 'Known.',
        visibility: 'party',
      });
      await secrets.put(master, open.id, 'truth', { text: word(`secret${kind}`) });
    }
    turn = () => ({
      text: `Here it is:\n\`\`\`json\n${proseOf('npc', {
        name: 'Mira <b>Vale</b>',
        hook: 'See [the map](https://evil.example/x) ![p](https://evil.example/p.png) <script>alert(1)</script> @everyone now.\u0007',
      })}\n\`\`\``,
    });
    const asked = trial.llm.questions().length;
    const draft = await make(master, campaignId, { seed: 'ai', engine: 'ai' });
    expect([draft.state, draft.madeBy, draft.model, draft.fault]).toEqual([
      'draft',
      'model',
      'sandbox-model',
      null,
    ]);
    expect(draft.draft.summary).toBe('Written summary.');
    expect(JSON.stringify(draft)).not.toMatch(/evil\.example|<script|<b>|@everyone|\\u0007/);
    expect(draft.secrets).toEqual([{ field: 'secret', text: 'Written secret.' }]);

    const questions = trial.llm.questions().slice(asked);
    expect(questions).toHaveLength(1);
    expect(questions[0]!.answerSchema).toMatchObject({ name: 'npc_draft' });
    const prompts = JSON.stringify(questions);
    for (const secret of hidden)
      expect({ secret, isInPrompt: prompts.includes(secret) }).toEqual({ secret, isInPrompt: false });
    for (const known of ['Open location', 'Open character', 'Open plot', 'rain and candles'])
      expect(prompts).toContain(known);
    await make(master, campaignId, { engine: 'ai', audience: 'gm' });
    const forMasters = JSON.stringify(trial.llm.questions().at(-1));
    expect(forMasters).toContain('Vexquanamelocation');
    for (const secret of hidden.filter((each) => each.startsWith('Vexquasecret')))
      expect(forMasters).not.toContain(secret);
    expect(trial.logged.join()).not.toMatch(/Vexqua/);
  });

  it('that answers otherwise is asked once more, and then the rules’ draft stands', async () => {
    const { master, campaignId } = await aCampaign();
    let asked = 0;
    turn = () => ({ text: (asked += 1) === 1 ? '{"name": 3}' : proseOf('npc') });
    expect(await make(master, campaignId, { engine: 'ai' })).toMatchObject({ madeBy: 'model' });
    expect(asked).toBe(2);
    turn = () => ({ text: proseOf('npc', { more: 'x', name: '<i></i>' }) });
    const odd = await make(master, campaignId, { seed: 'odd', engine: 'ai' });
    expect(odd).toMatchObject({ state: 'draft', madeBy: 'rules', fault: 'ai/bad-answer' });
    expect(odd.draft).toEqual((await make(master, campaignId, { seed: 'odd' })).draft);
    for (const [kind, fault] of [
      ['server-error', 'ai/unreachable'],
      ['rate-limited', 'ai/rate-limited'],
      ['not-a-stream', 'ai/not-streamed'],
      ['cut-stream', 'ai/cut'],
    ] as const) {
      trial.llm.fail(kind === 'cut-stream' ? { kind, afterEvents: 1, times: 1 } : { kind, times: 1 });
      expect((await make(master, campaignId, { engine: 'ai' })).fault).toBe(fault);
    }
  });

  it('is not asked where the campaign does not want it', async () => {
    const { master, campaignId } = await aCampaign('off');
    const asked = trial.llm.journal.length;
    expect(await make(master, campaignId, { engine: 'ai' })).toMatchObject({
      madeBy: 'rules',
      fault: 'ai/off',
    });
    expect(trial.llm.journal).toHaveLength(asked);
    const near = await aCampaign('local');
    expect(await make(near.master, near.campaignId, { engine: 'ai' })).toMatchObject({ madeBy: 'model' });
  });

  it('that is slow leaves the draft to a job, which ends in a draft whatever it does', async () => {
    const { master, campaignId } = await aCampaign();
    trial.llm.fail({ kind: 'slow-first-token', delayMs: 5_000, times: 2 });
    const began = performance.now();
    const [first, second] = await Promise.all(
      ['x', 'y'].map((seed) => make(master, campaignId, { seed, engine: 'ai' })),
    );
    expect(performance.now() - began).toBeLessThan(4_000);
    expect([first!.state, first!.madeBy, first!.fault]).toEqual(['pending', 'rules', null]);
    expect(first!.jobId).not.toBeNull();
    await expect(accepting.accept(master, first!.id, {})).rejects.toEqual(code('generationClosed'));
    await runJob(first!.id);
    expect(await generations.find(master, first!.id)).toMatchObject({
      state: 'draft',
      madeBy: 'model',
      draft: { name: 'Written name.' },
    });
    trial.llm.fail({ kind: 'server-error', times: 1 });
    await runJob(second!.id);
    const ended = await generations.find(master, second!.id);
    expect(ended).toMatchObject({
      state: 'draft',
      madeBy: 'rules',
      fault: 'ai/unreachable',
      draft: second!.draft,
      secrets: second!.secrets,
    });
    await runJob(second!.id); // once more changes nothing
    await runJob(randomUUID());
    expect((await generations.find(master, second!.id)).version).toBe(ended.version);
  });
});
