import type { RandomStream } from '../tables/random-stream.js';
import { capitalised, type GeneratedDraft, withArticle } from './draft.js';
import type { SETTLEMENTS } from './generate-npc.js';
import type { Economy } from './generate-place.js';
import { type GeneratorBook, tell } from './generator-book.js';
import { cultureOf, nameOf } from './names.js';

export interface ShopInputs {
  readonly shop?: string | undefined;
  readonly settlement?: (typeof SETTLEMENTS)[number] | undefined;
  readonly culture?: string | undefined;
  /** Of the place; an ordinary one where nothing is said. */
  readonly economy?: { readonly [K in keyof Economy]?: Economy[K] | undefined } | undefined;
}

/** Copper pieces are whole, so that no price has cents. */
export interface Ware {
  readonly name: string;
  readonly category: string;
  readonly quantity: number;
  /** As the System Reference Document has it. */
  readonly basePriceCp: number;
  readonly priceCp: number;
}

const CP_PER_GP = 100;
/** What a place of this size has at all: how many kinds of wares, and nothing dearer than this by the book. */
const SIZES = {
  hamlet: { wares: 6, dearestGp: 15 },
  village: { wares: 9, dearestGp: 50 },
  town: { wares: 14, dearestGp: 500 },
  city: { wares: 20, dearestGp: 5_000 },
} as const;
/** Percent of the book's price by how well off a place is: who has little sells cheaply, who has much pays for it. */
const PCT_BY_WEALTH = [85, 95, 100, 110, 125] as const;
/** A magic item's price by rarity in gold (System Reference Document 5.2.1, Magic Item Rarities and Values). */
const MAGIC_GP: Readonly<Record<string, number>> = { common: 100, uncommon: 400, rare: 4_000 };

export function generateShop(book: GeneratorBook, stream: RandomStream, inputs: ShopInputs): GeneratedDraft {
  const { kinds } = book.shops;
  const kind = kinds.find(({ id }) => id === inputs.shop) ?? stream.fork('kind').pick(kinds);
  const settlement = inputs.settlement ?? 'town';
  const owner = nameOf(cultureOf(book, inputs.culture ?? 'common'), stream.fork('owner'));
  const noun = stream.fork('noun').pick(kind.nouns);
  const wealth = inputs.economy?.wealth ?? 2;
  const economy: Economy = {
    trades: [],
    abundant: [],
    scarce: [],
    ...definedOf(inputs.economy ?? {}),
    wealth,
  };
  const one = (table: string): string => tell(book, table, stream.fork(table), { owner, noun });
  const name = one('shopName');
  const stock = [
    ...waresOf(book, kind, settlement, economy, stream.fork('stock')),
    ...(kind.hasMagic === true ? magicOf(book, economy, stream.fork('magic')) : []),
  ];
  const [look, habit] = [one('shopLook'), one('shopHabit')];
  return {
    name,
    summary: `${capitalised(withArticle(kind.id))} in ${withArticle(settlement)}, kept by ${owner}, who ${habit}.`,
    body: [
      `The place: ${look}.`,
      `${owner}, ${withArticle(kind.keeper)}, ${habit}.`,
      `For sale: ${stock.map(({ name: ware, quantity, priceCp }) => `${ware} (${quantity}, ${priceText(priceCp)})`).join('; ')}.`,
    ].join('\n\n'),
    tags: ['shop', kind.id],
    details: {
      type: 'building',
      shop: kind.id,
      settlement,
      keeper: { name: owner, occupation: kind.keeper },
      economy,
      look,
      stock,
    },
    secrets: [{ field: 'secret', text: `${owner} ${one('shopTrouble')}.` }],
  };
}

type ShopKind = GeneratorBook['shops']['kinds'][number];

function waresOf(
  book: GeneratorBook,
  { goods, only }: ShopKind,
  settlement: keyof typeof SIZES,
  economy: Economy,
  stream: RandomStream,
): Ware[] {
  const { wares, dearestGp } = SIZES[settlement];
  const offered = book.srd.items.filter(
    ([name, costGp, category]) =>
      goods.includes(category) &&
      costGp <= dearestGp &&
      (only === undefined || only.some((word) => name.includes(word))),
  );
  return stream
    .sample(offered, wares)
    .map(([name, costGp, category]): Ware => {
      const basePriceCp = Math.max(1, Math.round(costGp * CP_PER_GP));
      const isScarce = economy.scarce.includes(category);
      const most = basePriceCp <= 100 ? 24 : basePriceCp <= 1_000 ? 8 : basePriceCp <= 10_000 ? 3 : 1;
      const quantity = Math.ceil(stream.between(1, most) / (isScarce ? 2 : 1));
      return {
        name,
        category,
        quantity,
        basePriceCp,
        priceCp: priceOf(basePriceCp, category, economy, stream),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The book's price by the wealth of the place, by what it has too much or too little of, and by the keeper's mood. */
function priceOf(
  basePriceCp: number,
  category: string,
  { wealth, abundant, scarce }: Economy,
  stream: RandomStream,
): number {
  const byPlace = PCT_BY_WEALTH[Math.min(4, Math.max(0, wealth))]!;
  const byGoods = scarce.includes(category)
    ? stream.between(130, 170)
    : abundant.includes(category)
      ? stream.between(65, 85)
      : 100;
  const byMood = stream.between(92, 108);
  const priceCp = (basePriceCp * byPlace * byGoods * byMood) / 1_000_000;
  const step = priceCp >= 10_000 ? 100 : priceCp >= 1_000 ? 10 : priceCp >= 100 ? 5 : 1;
  return Math.max(1, Math.round(priceCp / step) * step);
}

function magicOf(book: GeneratorBook, economy: Economy, stream: RandomStream): Ware[] {
  const rarities = economy.wealth >= 3 ? ['common', 'uncommon', 'rare'] : ['common', 'uncommon'];
  const offered = book.srd.magicItems.filter(([, rarity]) => rarities.includes(rarity));
  return stream.sample(offered, stream.between(1, 3)).map(([name, rarity]) => {
    const basePriceCp = MAGIC_GP[rarity]! * CP_PER_GP;
    return {
      name,
      category: `magic, ${rarity}`,
      quantity: 1,
      basePriceCp,
      priceCp: priceOf(basePriceCp, 'magic', economy, stream),
    };
  });
}

/** 1234 is "12 gp 3 sp 4 cp". */
export function priceText(priceCp: number): string {
  const parts = [
    [Math.floor(priceCp / 100), 'gp'],
    [Math.floor((priceCp % 100) / 10), 'sp'],
    [priceCp % 10, 'cp'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, coin]) => `${count} ${coin}`)
    .join(' ');
}

function definedOf<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
