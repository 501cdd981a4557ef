import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventsOf } from '../../sandbox/llm/llm-wire.js';
import { CompletionReader } from './completion-reader.js';

const STYLE = { model: 'm', pieceLength: 5, pauseMs: 0 };

function read(stream: string | Buffer, cuts: readonly number[] = [], mostCharacters = 10_000) {
  const deltas: string[] = [];
  const reader = new CompletionReader(mostCharacters, (delta) => deltas.push(delta));
  const bytes = Buffer.from(stream);
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  for (const [index, place] of places.slice(1).entries()) reader.feed(bytes.subarray(places[index], place));
  return { ...reader.end(), deltas };
}

const framed = (events: readonly string[], lineEnd = '\n'): string =>
  [...events, '[DONE]'].map((event) => `data: ${event}${lineEnd}${lineEnd}`).join('');
const piece = (delta: object, finish: string | null = null): string =>
  JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] });
const callPiece = (call: object): string => piece({ tool_calls: [call] });
const codeOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as { code?: string }).code ?? error;
  }
};

describe('a streamed answer', () => {
  it('is the same however its bytes are cut, and whatever ends its lines', () => {
    const turns = fc.record({
      text: fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => text.isWellFormed()),
      toolCalls: fc.array(
        fc.record({
          name: fc.constantFrom('a', 'long_name'),
          arguments: fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.string({ minLength: 1 })),
        }),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(
        turns,
        fc.array(fc.nat({ max: 5_000 }), { maxLength: 30 }),
        fc.constantFrom('\n', '\r\n'),
        (turn, cuts, lineEnd) => {
          const answer = read(framed(eventsOf(turn, STYLE), lineEnd), cuts);
          expect(answer.text).toBe(turn.text);
          expect(answer.deltas.join('')).toBe(turn.text);
          expect(answer.toolCalls.map(({ name, argumentsText }) => [name, argumentsText])).toEqual(
            turn.toolCalls.map((call) => [
              call.name,
              typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
            ]),
          );
          expect(answer.usage).toEqual({ promptTokens: 100, completionTokens: expect.any(Number) });
        },
      ),
    );
  });

  it('cut anywhere before its end is told from a whole one', () => {
    const events = eventsOf({ text: 'Three things, all of them done.' }, STYLE);
    const whole = events.map((event) => `data: ${event}\n\n`).join('');
    // What comes behind the finish reason (usage, [DONE]) is missing in some servers.
    const finish = whole.indexOf('"finish_reason":"stop"');
    for (let length = 0; length < finish; length += 7)
      expect(codeOf(() => read(whole.slice(0, length)))).toBe('ai/cut');
    expect(read(whole).text).toBe('Three things, all of them done.');
    expect(read(`data: ${piece({ content: 'a' }, 'stop')}`).text).toBe('a'); // closed right behind it
  });

  it.each([
    [
      'numbers its calls',
      [
        { index: 0, id: 'x', function: { name: 'a', arguments: '{"n"' } },
        { index: 1, id: 'y', function: { name: 'b', arguments: '{}' } },
        { index: 0, function: { arguments: ':1}' } },
      ],
    ],
    [
      'gives all the same number',
      [
        { index: 0, id: 'x', function: { name: 'a', arguments: '{"n":1}' } },
        { index: 0, id: 'y', function: { name: 'b', arguments: '{}' } },
      ],
    ],
    [
      'gives none',
      [
        { id: 'x', function: { name: 'a', arguments: '{"n":1' } },
        { function: { arguments: '}' } },
        { id: 'y', function: { name: 'b', arguments: '{}' } },
      ],
    ],
    [
      'repeats the id',
      [
        { index: 0, id: 'x', function: { name: 'a', arguments: '{"n"' } },
        { index: 0, id: 'x', function: { arguments: ':1}' } },
        { index: 1, id: 'y', function: { name: 'b', arguments: '{}' } },
      ],
    ],
  ])('of a server that %s holds the same calls', (_what, calls) => {
    const { toolCalls } = read(framed([...calls.map(callPiece), piece({}, 'tool_calls')]));
    expect(toolCalls).toEqual([
      { id: 'x', name: 'a', argumentsText: '{"n":1}' },
      { id: 'y', name: 'b', argumentsText: '{}' },
    ]);
  });

  it('without ids gets some', () => {
    const calls = [
      { index: 0, function: { name: 'a', arguments: '' } },
      { index: 1, function: { name: 'b', arguments: '' } },
    ];
    expect(read(framed(calls.map(callPiece))).toolCalls.map(({ id }) => id)).toEqual(['call_0', 'call_1']);
  });

  it.each([
    ['no JSON', 'data: {"choices"\n\n', 'ai/bad-answer'],
    ['another shape', 'data: {"choices":[{"delta":{"content":7}}]}\n\n', 'ai/bad-answer'],
    ['an error', 'data: {"error":{"message":"out of memory"}}\n\n', 'ai/bad-answer'],
    ['a line without end', `data: ${'x'.repeat(1_200_000)}`, 'ai/too-large'],
    [
      'calls without end',
      framed(Array.from({ length: 65 }, (_, index) => callPiece({ index, function: { name: 'a' } }))),
      'ai/too-large',
    ],
    ['nothing', '', 'ai/cut'],
    ['a page', '<html>Bad gateway</html>', 'ai/cut'],
  ])('that is %s is a fault with a code', (_what, stream, code) => {
    expect(codeOf(() => read(stream))).toBe(code);
  });

  it('is read as far as its characters', () => {
    const { text, isCutShort } = read(
      framed([piece({ content: 'abcdef' }), piece({ content: 'gh' })]),
      [],
      4,
    );
    expect([text, isCutShort]).toEqual(['abcd', true]);
    expect(read(framed([piece({ content: 'ab' }, 'length')])).isCutShort).toBe(true);
  });
});
