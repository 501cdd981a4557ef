import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { QUESTION_SCHEMA, readAnswer } from './question-prompt.js';

const asked = 'Who was the elf that we met in the second session?';

describe('a question that a model has read', () => {
  it('is filters and words of the question', () => {
    const answer = { text: 'elf', types: ['character'], session: 2, lastSession: false };
    expect(readAnswer(asked, JSON.stringify(answer))).toEqual({
      text: 'elf',
      kinds: ['character'],
      session: 2,
      isLastSession: false,
    });
  });

  it('holds no word that nobody typed', () => {
    expect(readAnswer(asked, JSON.stringify({ text: 'elf Khirzur the traitor' }))?.text).toBe('elf the');
  });

  it.each([
    'nonsense',
    '[]',
    '{"text":5}',
    '{"types":["dragon"]}',
    '{"session":-1}',
    '{"text":"elf","sql":"DROP TABLE"}',
    `{"text":"${'a'.repeat(201)}"}`,
  ])('is none where it is %s', (text) => {
    expect(readAnswer(asked, text)).toBeUndefined();
  });

  it('never is anything else, whatever the model wrote', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.string(), (text, question) => {
        const read = readAnswer(question, text);
        expect(read === undefined || typeof read.text === 'string').toBe(true);
      }),
    );
  });

  it('names the fields that are checked', () => {
    expect(Object.keys(QUESTION_SCHEMA['properties'] as object)).toEqual([
      'text',
      'types',
      'session',
      'lastSession',
    ]);
  });
});
