import { evaluate } from '../tables/formula-roll.js';
import { parseFormula } from '../tables/formula.js';
import type { RandomStream } from '../tables/random-stream.js';
import { capitalised, type GeneratedDraft } from './draft.js';
import { type GeneratorBook, tell } from './generator-book.js';

export interface LootInputs {
  /** Of whoever guards it, 0 to 30; 1 where nothing is said. */
  readonly challenge?: number | undefined;
}

const GP_BY_COIN = { cp: 0.01, sp: 0.1, gp: 1, pp: 10 } as const;
type Coin = keyof typeof GP_BY_COIN;
const COINS: readonly Coin[] = ['cp', 'sp', 'gp', 'pp'];
/** Valuables up to this many gold pieces are small things, then fine ones. */
const SMALL_GP = 25;
const FINE_GP = 250;

export function generateLoot(book: GeneratorBook, stream: RandomStream, inputs: LootInputs): GeneratedDraft {
  const challenge = inputs.challenge ?? 1;
  const tier = book.loot.tiers.findLast(({ fromChallenge }) => fromChallenge <= challenge)!;
  const count = (formula: string, label: string): number =>
    Math.max(0, Number(evaluate(parseFormula(formula), {}, stream.fork(label))));
  const coins = Object.fromEntries(
    COINS.map((coin) => [coin, tier.coins[coin] === undefined ? 0 : count(tier.coins[coin], coin)]),
  ) as Record<Coin, number>;
  const valued = stream.fork('valuables');
  const valuables = Array.from({ length: count(tier.valuables, 'valuableCount') }, () => {
    const valueGp = valued.pick(tier.valuableGp);
    const table =
      valueGp <= SMALL_GP ? 'valuable-small' : valueGp <= FINE_GP ? 'valuable-fine' : 'valuable-grand';
    return { name: tell(book, table, valued), valueGp };
  });
  const magicItems = magicOf(book, tier.rarities, count(tier.magic, 'magicCount'), stream.fork('magic'));
  const totalGp =
    COINS.reduce((sum, coin) => sum + coins[coin] * GP_BY_COIN[coin], 0) +
    valuables.reduce((sum, { valueGp }) => sum + valueGp, 0);
  const [hoard, oddity] = [
    tell(book, 'hoard', stream.fork('hoard')),
    tell(book, 'oddity', stream.fork('oddity')),
  ];
  const coinText = COINS.filter((coin) => coins[coin] > 0)
    .map((coin) => `${coins[coin]} ${coin}`)
    .join(', ');
  return {
    name: capitalised(hoard),
    summary: `Worth about ${Math.round(totalGp)} gp${magicItems.length === 0 ? '' : `, with ${magicItems.length === 1 ? 'one magic item' : `${magicItems.length} magic items`}`}.`,
    body: [
      `Coins: ${coinText === '' ? 'none' : coinText}.`,
      ...(valuables.length === 0
        ? []
        : [`Valuables: ${valuables.map(({ name, valueGp }) => `${name} (${valueGp} gp)`).join('; ')}.`]),
      ...(magicItems.length === 0
        ? []
        : [`Magic: ${magicItems.map(({ name, rarity }) => `${name} (${rarity})`).join('; ')}.`]),
      `And ${oddity}.`,
    ].join('\n\n'),
    tags: ['loot'],
    details: { challenge, coins, valuables, magicItems, oddity, totalGp: Math.round(totalGp * 100) / 100 },
    secrets: [{ field: 'catch', text: capitalised(`${tell(book, 'catch', stream.fork('catch'))}.`) }],
  };
}

function magicOf(
  book: GeneratorBook,
  rarities: Readonly<Record<string, number>>,
  count: number,
  stream: RandomStream,
): { name: string; rarity: string }[] {
  const names = Object.keys(rarities);
  const drawn = new Set<string>();
  return Array.from({ length: count }, () => {
    const rarity = names[stream.weighted(Object.values(rarities))]!;
    const offered = book.srd.magicItems.filter(([name, of]) => of === rarity && !drawn.has(name));
    const [name] = stream.pick(offered);
    drawn.add(name);
    return { name, rarity };
  });
}
