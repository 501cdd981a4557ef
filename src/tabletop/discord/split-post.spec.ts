import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MOST_MESSAGE, neutralised, type PostScene, splitPost } from './split-post.js';

const sign = fc.constantFrom(
  ...'ab .!?\n`*@<>#[]()é'.split(''),
  '😀',
  '```js\n',
  '```\n',
  '@everyone',
  '<@123>',
  '<@&5>',
  '<#9>',
  'word '.repeat(20),
);
const text = fc.array(sign, { maxLength: 200 }).map((signs) => signs.join(''));
const scenes = fc.array(
  fc.record({ title: fc.oneof(fc.constant(''), fc.string({ unit: 'grapheme' })), text }),
  { maxLength: 6 },
);
const bare = (value: string): string => value.replaceAll(/```[\w+#-]*|[\s\u200b\\]/g, '');

describe('a post in messages', () => {
  it('says everything, in its order, in messages that Discord takes', () => {
    fc.assert(
      fc.property(scenes, fc.constantFrom(150, 400, MOST_MESSAGE), (all, most) => {
        const messages = splitPost(all, most);
        for (const message of messages) {
          expect(message.length).toBeLessThanOrEqual(most);
          expect(message.isWellFormed()).toBe(true);
          expect(message).toMatch(/\S/);
        }
        const said = all
          .map(
            ({ title, text: body }) =>
              `${title.trim() === '' ? '' : '**'}${neutralised(title).slice(0, 200)}${title.trim() === '' ? '' : '**'}${neutralised(body)}`,
          )
          .join('');
        if (all.every(({ title }) => /^[\w ]{0,50}$/.test(title)))
          expect(bare(messages.join(''))).toBe(bare(said));
      }),
      { numRuns: 200 },
    );
  });

  it('pings nobody', () => {
    fc.assert(
      fc.property(scenes, (all) => {
        for (const message of splitPost(all, 200)) {
          expect(message).not.toMatch(/@everyone|@here/i);
          expect(message).not.toMatch(/<@[!&]?\d+>|<#\d+>/);
        }
      }),
      { numRuns: 200 },
    );
    expect(neutralised('@EVERYONE <@&1> <t:1:R> <a:x:1>')).not.toMatch(/@everyone|<[@ta]/i);
    expect(neutralised('[your prize](https://evil.example/a)')).toBe('your prize (https://evil.example/a)');
  });

  it('turns the page between scenes where it can', () => {
    const scene = (title: string, length: number): PostScene => ({ title, text: 'x'.repeat(length) });
    const messages = splitPost([scene('One', 900), scene('Two', 900), scene('Three', 900)]);
    expect(messages).toHaveLength(2);
    expect(messages[1]!.startsWith('**Three**')).toBe(true);
  });

  it('closes a block of code that it has to cut, and opens it again', () => {
    const code = `Before\n\`\`\`ts\n${'const a = 1;\n'.repeat(60)}\`\`\`\nAfter`;
    const messages = splitPost([{ title: '', text: code }], 300);
    expect(messages.length).toBeGreaterThan(2);
    for (const message of messages) {
      expect(message.length).toBeLessThanOrEqual(300);
      expect((message.match(/```/g) ?? []).length % 2).toBe(0);
    }
    expect(messages[1]!.startsWith('```ts\n')).toBe(true);
    expect(messages.at(-1)!.endsWith('After')).toBe(true);
  });

  it('never cuts a character in two, and has nothing to say of nothing', () => {
    for (const message of splitPost([{ title: '', text: '😀'.repeat(1_500) }], 151))
      expect(message.isWellFormed()).toBe(true);
    expect(splitPost([])).toEqual([]);
    expect(splitPost([{ title: ' ', text: '\n\0' }])).toEqual([]);
  });
});
