import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../langfuse/canonical-rows.js';
import { askedOf, conversationOf, saidOf, type SpokenStep } from './conversation.js';
import { CUPID_NAMES } from './story-names.js';

const json = fc.jsonValue() as fc.Arbitrary<Json>;

const step = (id: string, given: Partial<SpokenStep> = {}): SpokenStep => ({
  id,
  parentId: null,
  type: 'GENERATION',
  name: 'response',
  startMs: 0,
  endMs: 1_000,
  startText: `${given.startMs ?? 0}`,
  endText: `${given.endMs ?? 1_000}`,
  level: 'DEFAULT',
  model: null,
  totalTokens: 0,
  costUsd: null,
  isStandIn: false,
  input: null,
  output: null,
  choices: null,
  promptTokens: 0,
  completionTokens: 0,
  ...given,
});
const of = (...steps: SpokenStep[]): ReturnType<typeof conversationOf> =>
  conversationOf([{ id: 't', chapter: 'chapter_1', isMarked: false, steps }], CUPID_NAMES);

describe('what was asked', () => {
  it.each<[string, Json, string]>([
    ['text', 'Hello', 'Hello'],
    [
      'the last of the user',
      [
        { role: 'user', content: 'a' },
        { role: 'user', content: 'b' },
        { role: 'assistant', content: 'c' },
      ],
      'b',
    ],
    ['parts', [{ role: 'user', content: [{ text: 'a' }, { type: 'image' }, { text: 'b' }] }], 'a b'],
    ['an object', { content: 'a' }, 'a'],
    ['a list without a user', [{ role: 'system', content: 'a' }], ''],
    ['nothing', null, ''],
  ])('is read of %s', (_form, input, expected) => expect(askedOf(input)).toBe(expected));
});

describe('what was said', () => {
  const message = (...texts: string[]): Json => ({
    type: 'message',
    content: texts.map((text) => ({ type: 'output_text', text })),
  });

  it.each<[string, Json, string]>([
    ['text', 'Hello', 'Hello'],
    ['items', { output: [{ type: 'reasoning' }, message('a', 'b'), message('c')] }, 'a\n\nb\n\nc'],
    ['text of an object', { text: 'a', content: 'b' }, 'a'],
    ['content', { content: 'b' }, 'b'],
    ['content that is no text', { content: { a: 1 } }, '{"a":1}'],
    ['a list, of which the original makes nothing', [message('a'), message('b')], 'a\n\nb'],
    ['messages of a chat', [{ role: 'assistant', content: 'a' }, { role: 'tool' }], 'a'],
    ['a list of anything', [1, null, [], {}], ''],
    ['nothing', null, ''],
  ])('is read of %s', (_form, output, expected) => expect(saidOf(output)).toBe(expected));
});

describe('a conversation', () => {
  it('can be made of any JSON, and is text in the order of time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ input: json, output: json, startMs: fc.nat(9), endMs: fc.option(fc.nat(9)) })),
        (given) => {
          const messages = of(...given.map((one, index) => step(`s${index}`, one)));
          const times = messages.map(({ atMs }) => atMs);
          expect(times).toEqual([...times].sort((a, b) => a - b));
          expect(messages.every(({ content }) => typeof content === 'string' && content !== '')).toBe(true);
          expect(
            messages.every(({ by, agent, usage }) => (by === 'user') === (agent === null && usage === null)),
          ).toBe(true);
        },
      ),
    );
  });

  it('names the nearest agent above, not the workflow, and bears parents in a circle', () => {
    const said = { output: 'x' };
    const messages = of(
      step('root', { type: 'AGENT', name: 'Agent workflow' }),
      step('m', { type: 'AGENT', name: 'Mortal', parentId: 'root' }),
      step('s', { type: 'SPAN', parentId: 'm' }),
      step('g', { parentId: 's', ...said }),
      step('h', { parentId: 'root', startMs: 1, ...said }),
      step('c1', { parentId: 'c2', startMs: 2, ...said }),
      step('c2', { type: 'SPAN', parentId: 'c1', startMs: 3 }),
      step('w', { name: 'Match', isStandIn: true, parentId: 'm', startMs: 4, ...said }),
    );
    expect(messages.map(({ agent }) => agent)).toEqual(['Mortal', 'Unknown', 'Unknown', 'Match']);
  });

  it('answers at the end of a generation, at its start where it has not ended', () => {
    const [asked, said] = of(step('g', { input: 'a', output: 'b', startMs: 1, endMs: 5 }));
    expect([asked!.atText, said!.atText]).toEqual(['1', '5']);
    const [, open] = of(step('g', { input: 'a', output: 'b', startMs: 1, endMs: null, endText: null }));
    expect(open!.atText).toBe('1');
  });
});
