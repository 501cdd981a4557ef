import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mutatedText } from '../../../test/support/mutated-json.js';
import { zipOf } from '../../../test/support/zip-file.js';
import { type VaultObject, writeVault } from '../exports/obsidian-vault.writer.js';
import { ImportRefusal } from './import-refusal.js';
import { noteName, parseNote, writeNote } from './obsidian-note.reader.js';
import { readObsidianVault, VAULT_LIMITS } from './obsidian-vault.reader.js';

const A_NOTE = [
  '---',
  'aliases: [Haven, The Drowned Town]',
  'tags:',
  '  - port',
  'population: 1200',
  'founded: 1203-04-05',
  '---',
  '# Bellhaven',
  'Ruled by [[People/Ulssin Gloomburn|the smith]], see [[The Bell#History]] and ![[map.png]].',
  '',
].join('\n');

describe('a note', () => {
  it('is taken apart into properties, text and links', () => {
    const { properties, body, links, isDamaged } = parseNote(A_NOTE);
    expect(properties).toMatchObject({ aliases: ['Haven', 'The Drowned Town'], population: 1_200 });
    expect(body.startsWith('# Bellhaven')).toBe(true);
    expect(links).toEqual(['Ulssin Gloomburn', 'The Bell', 'map.png']);
    expect(isDamaged).toBe(false);
  });

  it('without properties is all text, and with damaged ones keeps its text', () => {
    expect(parseNote('Just text --- and\n---\nmore').properties).toEqual({});
    expect(parseNote('---\na: [\n---\nText')).toMatchObject({ isDamaged: true, body: 'Text' });
    expect(parseNote('---\n---\nText')).toMatchObject({ isDamaged: false, body: 'Text' });
  });

  it('does not unfold into millions', () => {
    const lines = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
    for (let at = 1; at < 9; at += 1)
      lines.push(
        `${'abcdefghi'[at]}: &${'abcdefghi'[at]} [${Array(10)
          .fill(`*${'abcdefghi'[at - 1]}`)
          .join(',')}]`,
      );
    expect(parseNote(`---\n${lines.join('\n')}\n---\nText`)).toMatchObject({ isDamaged: true, body: 'Text' });
  });

  it('comes back as it was written', () => {
    const property = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.integer(),
      fc.boolean(),
      fc.array(fc.string(), { minLength: 1, maxLength: 3 }),
    );
    const key = fc.string({ unit: fc.constantFrom(...'abcXYZ_: -é'.split('')), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.dictionary(key, property, { maxKeys: 5 }), fc.string(), (properties, text) => {
        const body = text.replaceAll('\r', '').trim();
        fc.pre(!body.startsWith('---') && !body.startsWith('\uFEFF'));
        const given = Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== ''));
        const read = parseNote(writeNote(given, body));
        expect({ ...read.properties }).toEqual({ ...given });
        expect(read.body).toBe(body);
      }),
      { numRuns: 100 },
    );
  });

  it('has a name that files may have', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 150 }), (name) => {
        const file = noteName(name);
        expect(file).toMatch(/^[^\\/:*?"<>|#^[\]\p{Cc}]+$/u);
        expect(file).not.toMatch(/^\.|[. ]$/);
      }),
    );
    expect(noteName('CON')).toBe('Note CON');
    expect(noteName('../../etc/passwd')).toBe('-..-etc-passwd');
  });

  it('with strange signs is read all the same', () => {
    fc.assert(
      fc.property(mutatedText(A_NOTE), (text) => {
        expect(typeof parseNote(text).body).toBe('string');
      }),
      { numRuns: 300 },
    );
  });
});

describe('a folder of notes', () => {
  it('becomes objects, by folder and property', async () => {
    const archive = await zipOf({
      'World/Places/Bellhaven.md': A_NOTE,
      'World/People/Ulssin Gloomburn.md': 'A smith.',
      'World/Idea.md': '---\nkind: plot\ntitle: The sunken bell\n---\nWho rings it?',
      'World/map.png': Buffer.from([1, 2, 3]),
      'World/.obsidian/app.json': '{}',
      'World/Empty.md': '',
      'World/Picture.md': Buffer.from([0xff, 0xfe, 0x00]),
    });
    const { objects, report } = await readObsidianVault(archive, 'note');
    expect(objects).toMatchObject([
      { kind: 'location', name: 'Bellhaven', aliases: ['Haven', 'The Drowned Town'], tags: ['port'], extra: { population: 1_200 }, links: ['Ulssin Gloomburn', 'The Bell', 'map.png'] },
      { kind: 'character', name: 'Ulssin Gloomburn', body: 'A smith.' },
      { kind: 'plot', name: 'The sunken bell', body: 'Who rings it?', sourceKey: 'world/idea.md' },
    ]); // prettier-ignore
    expect(report.ignored).toEqual([
      { at: '/World~1map.png', reason: 'is no Markdown' },
      { at: '/World~1Empty.md', reason: 'is empty' },
      { at: '/World~1Picture.md', reason: 'is damaged, or no text' },
    ]);
  });

  it.each([
    ['no archive', Buffer.from('PK but not really'), 'not-an-archive'],
    ['endless', Buffer.alloc(VAULT_LIMITS.archiveBytes + 1), 'too-large'],
  ])('is refused where it is %s', async (_, bytes, code) => {
    await expect(readObsidianVault(bytes, 'note')).rejects.toMatchObject({ name: 'ImportRefusal', code });
  });

  it('is refused where it has nothing to read, or unpacks to more than is taken', async () => {
    await expect(readObsidianVault(await zipOf({ 'a.txt': 'x' }), 'note')).rejects.toMatchObject({
      code: 'no-notes',
    });
    const bomb = await zipOf(
      Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`${at}.md`, Buffer.alloc(1_000_000, 0x61)])),
    );
    expect(bomb.length).toBeLessThan(200_000);
    await expect(readObsidianVault(bomb, 'note')).rejects.toMatchObject({ code: 'archive-too-large' });
    const many = await zipOf(Object.fromEntries(Array.from({ length: 5_001 }, (_, at) => [`${at}.md`, 'x'])));
    await expect(readObsidianVault(many, 'note')).rejects.toMatchObject({ code: 'too-many-files' });
  });

  it('leaves out a note that is packed tighter than any text', async () => {
    const archive = await zipOf({ 'bomb.md': Buffer.alloc(1_000_000, 0x61), 'note.md': 'Text' });
    const { objects, report } = await readObsidianVault(archive, 'note');
    expect(objects.map(({ name }) => name)).toEqual(['note']);
    expect(report.ignored).toEqual([{ at: '/bomb.md', reason: 'is packed tighter than any text' }]);
  });

  it('that was damaged on its way is read or refused', async () => {
    const archive = await zipOf({ 'a.md': A_NOTE, 'b/c.md': 'Text '.repeat(100) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        async (changes) => {
          const damaged = Buffer.from(archive);
          for (const [at, byte] of changes) damaged[at] = byte;
          try {
            await readObsidianVault(damaged, 'note');
          } catch (error) {
            expect(error).toBeInstanceOf(ImportRefusal);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('comes out and in again', async () => {
    const object = (id: string, kind: string, name: string, more: Partial<VaultObject> = {}): VaultObject => ({
      id, kind, name, summary: '', body: 'Text', tags: [], aliases: [], parentId: null, extra: {}, ...more,
    }); // prettier-ignore
    const objects = [
      object('1', 'location', 'Bellhaven', {
        tags: ['port'],
        aliases: ['Haven'],
        summary: 'Foggy: very',
        extra: { population: 3, kind: 'x' },
      }),
      object('2', 'character', 'Ulssin/Gloomburn', { parentId: '1' }),
      object('3', 'note', 'bellhaven'),
    ];
    const relation = {
      kind: 'relationship',
      type: 'old [rival]|s',
      fromId: '2',
      toId: '1',
      isDirected: true,
    };
    const { notes: written, relationCount } = writeVault(objects, [
      relation,
      { ...relation, kind: 'mention', type: '', fromId: '3', toId: '1', isDirected: false },
      { ...relation, fromId: '1', toId: 'hidden' },
      { ...relation, fromId: 'hidden', toId: '2', isDirected: false },
    ]);
    expect(relationCount).toBe(2);
    expect(written.map(({ path }) => path)).toEqual([
      'Locations/Bellhaven.md',
      'Characters/Ulssin-Gloomburn.md',
      'Notes/bellhaven (2).md',
    ]);
    const { objects: read } = await readObsidianVault(
      await zipOf(Object.fromEntries(written.map(({ path, text }) => [path, text]))),
      'note',
    );
    expect(read).toMatchObject([
      { kind: 'location', name: 'Bellhaven', tags: ['port'], aliases: ['Haven'], summary: 'Foggy: very', body: 'Text', extra: { population: 3, relations: ['[[bellhaven (2)|mention: bellhaven (2)]]'] } },
      { kind: 'character', name: 'Ulssin/Gloomburn', body: 'Text', extra: { within: '[[Bellhaven]]', relations: ['[[Bellhaven|old rival s: Bellhaven]]'] } },
      { kind: 'note', name: 'bellhaven', extra: { relations: ['[[Bellhaven|mention: Bellhaven]]'] } },
    ]); // prettier-ignore
  });
});
