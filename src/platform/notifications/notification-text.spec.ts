import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toDiscord, toMail } from './notification-text.js';

const content = { topic: 'market.alert', title: 'Cheap wood', body: 'Ash 12', link: '/api/v1/x' };

describe('a notification outside of the house', () => {
  it('is a mail that says why it came and where there is more', () => {
    expect(toMail(content, 'https://guild.example.org')).toEqual({
      subject: 'Cheap wood',
      text: [
        'Ash 12',
        '',
        'https://guild.example.org/api/v1/x',
        '',
        'You get this because your preferences ask for market.alert by mail. They are yours to change.',
      ].join('\n'),
    });
    expect(toMail(content, undefined).text).not.toContain('/api/v1/x');
  });

  it('adds no line to the head of a mail and no mark to a message, whatever it is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ maxLength: 5_000 }), (title, body) => {
        expect(toMail({ ...content, title, body }, undefined).subject).not.toMatch(/[\r\n]/);
        const said = toDiscord({ ...content, title, body });
        expect(said.length).toBeLessThanOrEqual(2_000);
        const inside = said.slice(2).replace(/(?<!\\)\*\*\n/, '');
        expect(inside.replaceAll(/\\[\\*_~`|>[\]()#@<]/g, '')).not.toMatch(/[*_~`|>[\]()#@<]/);
      }),
    );
  });
});
