import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type GeneratedDraft, GENERATION_KINDS, type GenerationKind } from './draft.js';
import { budgetOf, challengeText, DIFFICULTIES, type Opponent } from './generate-encounter.js';
import { priceText, type Ware } from './generate-shop.js';
import { generate, inputSchemasOf, RULES_ENGINE } from './generate.js';
import { type BookFile, bookSchemas, buildBook, GENERATOR_VERSION } from './generator-book.js';
import { pathOfBook, readGeneratorBook } from './generator-book.reader.js';

const book = readGeneratorBook();
const schemas = inputSchemasOf(book);
const digest = (text: string | Buffer): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 16);
const made = (kind: GenerationKind, seed: string, inputs: object = {}): GeneratedDraft =>
  generate(book, kind, seed, schemas[kind].parse(inputs) as never);

const GOLDEN = {
  'encounter ': 'd74c1b8813f5d259',
  'encounter 7': 'bf0a4aa5aab6de50',
  'encounter Ashford': 'da9f14e7bb5eff5d',
  'encounter Ünïcode ✨': 'cdb16b94653d0042',
  'hook ': 'eb7cbbb34ccbe24a',
  'hook 7': '87a004bbb89eaa3f',
  'hook Ashford': 'b9044a78c8b50356',
  'hook Ünïcode ✨': '1bc002fb295da0d9',
  'location ': '693692040c7832b0',
  'location 7': '31617bca2b8680de',
  'location Ashford': '9b4095a33d6b0454',
  'location Ünïcode ✨': 'ac9cbaad8a627720',
  'loot ': '0fbc2b767ba86d1d',
  'loot 7': '20f669f5ac795a82',
  'loot Ashford': '07c9ad32652a21fe',
  'loot Ünïcode ✨': '4b555ada2e8cd845',
  'npc ': '8232695b26f9b9f0',
  'npc 7': '5845bed26836c7ae',
  'npc Ashford': '865686c88a380ece',
  'npc Ünïcode ✨': 'f2f8182e620f2ec4',
  'shop ': '26302faf33589d86',
  'shop 7': '38024f1796791a57',
  'shop Ashford': 'fc57e66540832bfc',
  'shop Ünïcode ✨': '326f564599888b28',
};
const BOOK = '3e03b9d116b2f3f6';

describe('the same seed', () => {
  it('gives the same draft for ever, byte for byte', () => {
    expect(GENERATOR_VERSION).toBe(1);
    expect(
      Object.fromEntries(
        GENERATION_KINDS.flatMap((kind) =>
          ['', 'Ashford', '7', 'Ünïcode ✨'].map((seed) => [
            `${kind} ${seed}`,
            digest(JSON.stringify(made(kind, seed))),
          ]),
        ),
      ),
    ).toEqual(GOLDEN);
    expect(made('npc', '7', { ancestry: 'dwarf', surroundings: 'town' })).toMatchInlineSnapshot(`
      {
        "body": "Looks: thin as a rake, with hair cut with a knife.

      Character: writes down each debt in a small book; apologizes to animals; but looks down on people of the next village.

      Wants to be forgiven by somebody who is dead.

      Voice: deep; unhurried; the rolling speech of the hills; taps the table at each point made. "Not my circus, not my bears."

      Hook: Khula has been framed and has until tomorrow evening.",
        "details": {
          "age": "in the middle of life",
          "ancestry": "dwarf",
          "appearance": "thin as a rake, with hair cut with a knife",
          "culture": "dwarven",
          "flaw": "looks down on people of the next village",
          "hook": "has been framed and has until tomorrow evening",
          "motivation": "to be forgiven by somebody who is dead",
          "occupation": "gravedigger",
          "pronouns": "she/her",
          "traits": [
            "writes down each debt in a small book",
            "apologizes to animals",
          ],
          "type": "npc",
          "voice": {
            "accent": "the rolling speech of the hills",
            "pace": "unhurried",
            "phrase": ""Not my circus, not my bears."",
            "pitch": "deep",
            "tic": "taps the table at each point made",
          },
          "wealth": 0,
        },
        "name": "Khula Hazelgarth",
        "secrets": [
          {
            "field": "secret",
            "text": "Khula is under a curse that shows at new moon only.",
          },
        ],
        "summary": "A dwarf gravedigger, in the middle of life, who writes down each debt in a small book.",
        "tags": [
          "npc",
          "dwarf",
          "gravedigger",
        ],
      }
    `);
    expect(made('encounter', '7', { levels: [5, 5, 5, 4], difficulty: 'high', environment: 'swamp' }))
      .toMatchInlineSnapshot(`
      {
        "body": "Where: gas that bubbles up and burns; first seen at 85 feet.

      Who: 8 × Bandit Captain (challenge 2, 450 XP each); led by one who would rather bargain.

      Experience: 3600 of 3800 points.",
        "details": {
          "budgetXp": 3800,
          "difficulty": "high",
          "distanceFt": 85,
          "environment": "swamp",
          "levels": [
            5,
            5,
            5,
            4,
          ],
          "opponents": [
            {
              "challenge": 2,
              "count": 8,
              "name": "Bandit Captain",
              "xpEach": 450,
            },
          ],
          "posture": "led by one who would rather bargain",
          "spentXp": 3600,
          "terrain": "gas that bubbles up and burns",
        },
        "name": "8 × Bandit Captain (swamp)",
        "secrets": [
          {
            "field": "aim",
            "text": "Wants what the party carries.",
          },
          {
            "field": "twist",
            "text": "They carry a letter with a seal the party has seen.",
          },
        ],
        "summary": "High difficulty for 4 characters: 8 × Bandit Captain, led by one who would rather bargain.",
        "tags": [
          "encounter",
          "swamp",
          "high",
        ],
      }
    `);
  });

  it('draws from the files that this version was made with', () => {
    expect(
      digest(
        (Object.keys(bookSchemas) as BookFile[]).map((file) => digest(readFileSync(pathOfBook(file)))).join(),
      ),
    ).toBe(BOOK);
  });

  it('is one thing for each kind and each engine, and other seeds are other drafts', () => {
    expect(RULES_ENGINE).toBe('rules-1');
    for (const kind of GENERATION_KINDS) {
      const drafts = Array.from({ length: 60 }, (_, seed) => JSON.stringify(made(kind, `${seed}`)));
      expect(new Set(drafts).size).toBe(60);
      expect(drafts[7]).toBe(JSON.stringify(made(kind, '7')));
    }
  });

  it('keeps the other parts where one is given', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const [free, fixed] = [made('npc', seed), made('npc', seed, { occupation: 'rat catcher' })];
        expect(fixed.details).toEqual({ ...free.details, occupation: 'rat catcher', wealth: 1 });
        expect(fixed.name).toBe(free.name);
      }),
    );
  });
});

describe('any draft', () => {
  it('has a name, a sentence and a text that are whole, and keeps its secrets out of them', () => {
    fc.assert(
      fc.property(fc.constantFrom(...GENERATION_KINDS), fc.string(), (kind, seed) => {
        const { name, summary, body, tags, details, secrets } = made(kind, seed);
        for (const text of [name, summary, body, ...secrets.map((secret) => secret.text)]) {
          expect(text).toMatch(/^[\p{Lu}\d]/u);
          expect(text).not.toMatch(/[{}]|undefined|null|NaN|\ba [aeiou]|\.\./);
        }
        expect(name.length).toBeLessThanOrEqual(120);
        expect(summary.endsWith('.')).toBe(true);
        expect(tags.length).toBeGreaterThan(0);
        expect(secrets.length).toBeGreaterThan(0);
        const open = JSON.stringify([name, summary, body, details]);
        for (const { text } of secrets) expect(open).not.toContain(text);
      }),
      { numRuns: 600 },
    );
  });

  it.each([
    ['npc', { ancestry: 'martian' }, /There is no such ancestry/],
    ['npc', { height: 3 }, /height/],
    ['location', { type: 'moon' }, /There is no such type/],
    ['shop', { economy: { wealth: 9 } }, /wealth/],
    ['encounter', { levels: [] }, /levels/],
    ['encounter', { levels: [21] }, /levels/],
    ['loot', { challenge: 31 }, /challenge/],
    ['hook', { theme: 'romance' }, /There is no such theme/],
  ] as [GenerationKind, object, RegExp][])('of a %s is not made from %j', (kind, inputs, message) => {
    const checked = schemas[kind].safeParse(inputs);
    expect(checked.success).toBe(false);
    expect(JSON.stringify(checked.error!.issues)).toMatch(message);
  });
});

describe('an NPC', () => {
  it('of every culture, ancestry and surroundings has a name that can be said', () => {
    const inputs = fc.record({
      culture: fc.constantFrom(...book.cultures.keys()),
      ancestry: fc.constantFrom(...book.people.ancestries.map(({ id }) => id)),
      surroundings: fc.constantFrom('hamlet', 'village', 'town', 'city', 'wild'),
    });
    fc.assert(
      fc.property(inputs, fc.string(), (given, seed) => {
        const { name, details } = made('npc', seed, given);
        expect(details).toMatchObject({ culture: given.culture, ancestry: given.ancestry });
        expect(name).toMatch(/^[A-Z][a-z]{1,14}( [A-Z][a-z]{2,16})?$/);
        expect(book.people.occupations.find(({ id }) => id === details.occupation)!.places).toContain(
          given.surroundings,
        );
      }),
      { numRuns: 400 },
    );
  });
});

describe('an encounter', () => {
  it('never costs more than its budget, and uses most of it; everybody in it lives there', () => {
    const inputs = fc.record({
      levels: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }),
      difficulty: fc.constantFrom(...DIFFICULTIES),
      environment: fc.constantFrom(...book.encounters.environments),
    });
    fc.assert(
      fc.property(inputs, fc.string(), (given, seed) => {
        const { details } = made('encounter', seed, given);
        const opponents = details.opponents as Opponent[];
        const budget = budgetOf(book, given.levels, given.difficulty);
        const spent = opponents.reduce((sum, { count, xpEach }) => sum + count * xpEach, 0);
        expect(details).toMatchObject({ budgetXp: budget, spentXp: spent });
        expect(spent).toBeLessThanOrEqual(budget);
        for (const { name, count, challenge } of opponents) {
          expect(count).toBeGreaterThan(0);
          expect(challenge).toBeLessThanOrEqual(Math.max(...given.levels) + 2);
          expect(book.srd.creatures.find(([of]) => of === name)![4]).toContain(given.environment);
        }
      }),
      { numRuns: 400 },
    );
    const used = Array.from(
      { length: 300 },
      (_, seed) =>
        made('encounter', `${seed}`, { levels: [3, 3, 4, 4] }).details as {
          spentXp: number;
          budgetXp: number;
        },
    );
    expect(used.filter(({ spentXp, budgetXp }) => spentXp >= budgetXp * 0.55).length).toBeGreaterThan(285);
  });

  it('knows the published budgets', () => {
    expect(budgetOf(book, [1, 1, 1, 1], 'low')).toBe(200);
    expect(budgetOf(book, [5, 5, 6], 'moderate')).toBe(2_500);
    expect(budgetOf(book, [20], 'high')).toBe(22_000);
    expect([0, 0.125, 0.25, 0.5, 1, 30].map(challengeText)).toEqual(['0', '1/8', '1/4', '1/2', '1', '30']);
  });
});

describe('a shop', () => {
  it('sells what its kind sells, at prices that follow the place', () => {
    const economy = fc.record({
      wealth: fc.integer({ min: 0, max: 4 }),
      abundant: fc.subarray(['weapon', 'tools']),
      scarce: fc.subarray(['armor', 'trade-good', 'adventuring-gear']),
    });
    const kinds = book.shops.kinds.map(({ id }) => id);
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.constantFrom('hamlet', 'village', 'town', 'city'),
        economy,
        fc.string(),
        (shop, settlement, given, seed) => {
          const stock = made('shop', seed, { shop, settlement, economy: given }).details.stock as Ware[];
          const { goods } = book.shops.kinds.find(({ id }) => id === shop)!;
          expect(new Set(stock.map(({ name }) => name)).size).toBe(stock.length);
          for (const { category, quantity, basePriceCp, priceCp } of stock) {
            expect(goods.includes(category) || category.startsWith('magic, ')).toBe(true);
            expect(Number.isInteger(priceCp) && priceCp >= 1 && quantity >= 1).toBe(true);
            expect(priceCp).toBeLessThanOrEqual(Math.ceil(basePriceCp * 1.25 * 1.7 * 1.08) + 100);
          }
        },
      ),
      { numRuns: 200 },
    );
    const mean = (wealth: number, scarce: string[]): number => {
      const stock = Array.from(
        { length: 40 },
        (_, seed) =>
          made('shop', `${seed}`, { shop: 'weaponsmith', settlement: 'city', economy: { wealth, scarce } })
            .details.stock as Ware[],
      ).flat();
      return stock.reduce((sum, { priceCp, basePriceCp }) => sum + priceCp / basePriceCp, 0) / stock.length;
    };
    expect(mean(4, [])).toBeGreaterThan(mean(0, []) * 1.3);
    expect(mean(2, ['weapon'])).toBeGreaterThan(mean(2, []) * 1.25);
    expect(priceText(1_234)).toBe('12 gp 3 sp 4 cp');
  });

  it('of every kind has something to sell even in a hamlet', () => {
    for (const { id } of book.shops.kinds) {
      const stock = made('shop', 'x', { shop: id, settlement: 'hamlet' }).details.stock as Ware[];
      expect([id, stock.length > 0]).toEqual([id, true]);
    }
  });
});

describe('loot', () => {
  it('is worth more where more has to be overcome', () => {
    const mean = (challenge: number): number =>
      Array.from(
        { length: 200 },
        (_, seed) => made('loot', `${seed}`, { challenge }).details.totalGp as number,
      ).reduce((sum, gp) => sum + gp, 0) / 200;
    const means = [0, 2, 5, 11, 17].map(mean);
    for (const [index, each] of means.entries())
      if (index > 0) expect(each).toBeGreaterThan(means[index - 1]! * 2);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 30, noNaN: true }), fc.string(), (challenge, seed) => {
        const { magicItems } = made('loot', seed, { challenge }).details as {
          magicItems: { name: string; rarity: string }[];
        };
        for (const { name, rarity } of magicItems)
          expect(book.srd.magicItems.map(([of, is]) => `${of}, ${is}`)).toContain(`${name}, ${rarity}`);
      }),
    );
  });
});

describe('the book', () => {
  it('is refused where a table is asked for that is not there, or two have one name', () => {
    const files = Object.fromEntries(
      (Object.keys(bookSchemas) as BookFile[]).map((file) => [
        file,
        bookSchemas[file].parse(JSON.parse(readFileSync(pathOfBook(file), 'utf8'))),
      ]),
    ) as unknown as Parameters<typeof buildBook>[0];
    expect(() => buildBook(files)).not.toThrow();
    const hooks = { ...files.hooks, tables: { ...files.hooks.tables, clue: ['{@nothing}'] } };
    expect(() => buildBook({ ...files, hooks })).toThrow(/asks for nothing/);
    expect(() => buildBook({ ...files, hooks: { ...hooks, tables: { trait: ['x'] } } })).toThrow(
      /two tables/,
    );
  });
});
