import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AgentsTrial, PROJECT } from '../../../test/support/agents-trial.js';
import { openLangfuse } from '../../../test/support/langfuse-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { storyWorld } from '../../sandbox/langfuse/story-world.js';
import { sessionText, type TextLine } from '../figures/session-text.js';
import { SessionTextsRepository } from '../figures/session-texts.repository.js';
import { readSessionFilter } from '../sessions/session-filter.js';
import { pickLines } from './pick-lines.js';
import { hitsIn, readTerms, tsqueryOf } from './search-terms.js';
import { type HitRow, SearchRepository } from './search.repository.js';

// What PostgreSQL finds is what the pure rules say is in a session, and comes page by page.

const FROM_MS = Date.UTC(2026, 0, 1);
const rows = new SearchRepository();
let units: TestUnits;
let agents: AgentsTrial;
let sessions: { id: string; mortal: string | null; match: string | null; lines: TextLine[] }[];

beforeAll(async () => {
  units = await openUnits();
  agents = new AgentsTrial(units);
  const world = storyWorld({
    projectId: 'proj',
    seed: 5,
    fromMs: FROM_MS,
    untilMs: FROM_MS + 5 * 86_400_000,
    observations: 700,
  });
  const trial = await openLangfuse(units, world, { generation: 'legacy' });
  await agents.copy(trial);
  await trial.close();
  sessions = await units.owner(
    `SELECT session_id AS id, mortal, match, lines FROM agent_analytics.session_text JOIN agent_analytics.session_figure USING (project_id, session_id)`,
  );
});

afterAll(() => units.close());

async function find(
  asked: string,
  before: readonly [number, string] | null = null,
  limit = 1_000,
  more: object = {},
): Promise<HitRow[]> {
  const filter = readSessionFilter(more, { from: null, to: null, environment: null }, Date.now());
  if ('fault' in filter) throw new Error(filter.fault);
  const tsquery = tsqueryOf(readTerms(asked)!);
  return units.app.read<HitRow>(agents.caller, rows.pageStatement(PROJECT, tsquery, filter, before, limit));
}

/** By the rules alone: every word is somewhere in the session. */
function expected(asked: string): string[] {
  const { words, beginning } = readTerms(asked)!;
  const isIn = (texts: string[], word: string): boolean =>
    texts.some((text) => {
      const terms = { words: [word], beginning: word };
      return word === beginning
        ? hitsIn(text, terms).wordCount > 0
        : hitsIn(text, { words: [word], beginning: '\uFFFF' }).wordCount > 0;
    });
  return sessions
    .filter(({ id, mortal, match, lines }) => {
      const texts = [id, mortal ?? '', match ?? '', ...lines.map(({ text }) => text)];
      return words.every((word) => isIn(texts, word));
    })
    .map(({ id }) => id);
}

describe('a search', () => {
  it('finds the sessions that have every word, in whichever of their lines and however it is written', async () => {
    const words = [
      ...new Set(sessions.flatMap(({ lines }) => lines.flatMap(({ text }) => text.split(/\s+/)))),
    ];
    const names = sessions.flatMap(({ id, mortal }) => [id, id.slice(0, 9), mortal ?? 'Maya']);
    const word = fc.oneof(
      fc.constantFrom(...words),
      fc.constantFrom(...names),
      fc.constantFrom('the', 'zzz', 'Aicha', 'TOMÁS'),
    );
    let found = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 3 }), fc.nat(4), async (parts, cut) => {
        const asked = parts.join(' ').slice(0, -cut || undefined);
        if (readTerms(asked) === null) return;
        const ids = (await find(asked)).map(({ id }) => id);
        expect([asked, [...ids].sort()]).toEqual([asked, expected(asked).sort()]);
        found += ids.length;
      }),
      { numRuns: 60 },
    );
    expect(found).toBeGreaterThan(0);
  });

  it('comes page by page, the best first, each once, with lines in which it is found', async () => {
    const all = await find('the');
    expect(all.length).toBeGreaterThan(5);
    const paged: HitRow[] = [];
    let before: readonly [number, string] | null = null;
    for (;;) {
      const page: HitRow[] = await find('the', before, 3);
      if (page.length === 0) break;
      paged.push(...page);
      before = [page.at(-1)!.rank, page.at(-1)!.id];
    }
    expect(paged).toEqual(all);
    const ranks = all.map(({ rank }) => rank);
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
    for (const row of all) {
      const { shown, count } = pickLines(row, row.lines, readTerms('the')!);
      expect([shown.length > 0, shown.length <= count]).toEqual([true, true]);
    }
  });

  it('puts a name before a word that was said', async () => {
    const { mortal } = sessions.find((session) => session.mortal !== null)!;
    const [best] = await find(mortal!);
    expect([best!.mortal, best!.match]).toContain(mortal);
  });

  it('is narrowed like the list of sessions', async () => {
    const all = await find('the');
    const done = await find('the', null, 1_000, { state: 'complete', minCostUsd: 0.001 });
    expect(done).toEqual(all.filter(({ isComplete, costUsd }) => isComplete && costUsd >= 0.001));
  });

  it('takes any text that somebody may have said, however long', async () => {
    const texts = new SessionTextsRepository();
    const said = (text: string): Parameters<typeof sessionText>[1] => [
      {
        ordinal: 1,
        chapter: null,
        startedMs: FROM_MS,
        startedText: '',
        latencyMs: 0,
        player: text,
        picked: null,
        lines: [],
        offered: [],
        costUsd: 0,
        totalTokens: 0,
      },
    ];
    const put = (text: string): Promise<void> =>
      units.system.run(SYSTEM_SCOPE, (tx) => {
        const names = { id: 'x', mortal: null, match: null };
        return texts.replaceTexts(tx, 'odd', ['x'], [{ id: 'x', ...sessionText(names, said(text)) }]);
      });
    const many = Array.from({ length: 60_000 }, (_one, index) => `${index}${'ж'.repeat(index % 90)}`).join(
      ' ',
    );
    await put(many);
    await put('same '.repeat(100_000));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), (text) => put(text.replaceAll('\0', ''))),
      { numRuns: 30 },
    );
    const [kept] = await units.owner<{ words: string }>(
      `SELECT words::text FROM agent_analytics.session_text WHERE project_id = 'odd'`,
    );
    expect(kept!.words).toContain("'x':1A");
  });
});
