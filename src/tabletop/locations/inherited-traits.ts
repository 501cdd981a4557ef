// What a place does not say of itself holds from the place around it: a cellar is as cold as its house is dark. A field that is missing is
// inherited, `null` says that there is none of it here, and a list either takes the place of what comes from above or adds to it.
// The callers hand in only the places that somebody may see, so nothing hidden is inherited by anybody who could not read it.

export const LIGHTS = ['bright', 'dim', 'dark', 'magical-dark'] as const;
export type Light = (typeof LIGHTS)[number];

export const WEALTHS = ['destitute', 'poor', 'modest', 'comfortable', 'wealthy', 'aristocratic'] as const;
export type Wealth = (typeof WEALTHS)[number];

export interface TraitList {
  readonly items: readonly string[];
  /** Beside what the places around have, not instead of it. */
  readonly isAdded: boolean;
}

/** Fields with one value; the innermost place that says one counts. */
export interface SingleTraits {
  readonly weather?: string | null;
  readonly light?: Light | null;
  /** Degrees Celsius. */
  readonly temperatureC?: number | null;
  readonly government?: string | null;
  readonly wealth?: Wealth | null;
  /** What things cost here, 1 = as everywhere. */
  readonly priceRatio?: number | null;
  readonly currency?: string | null;
}

export interface ListTraits {
  readonly sounds?: TraitList | null;
  readonly smells?: TraitList | null;
  readonly hazards?: TraitList | null;
  readonly peoples?: TraitList | null;
  readonly languages?: TraitList | null;
  readonly religions?: TraitList | null;
  readonly goods?: TraitList | null;
}

export type PlaceTraits = SingleTraits & ListTraits;

export const SINGLE_TRAITS = [
  'weather',
  'light',
  'temperatureC',
  'government',
  'wealth',
  'priceRatio',
  'currency',
] as const satisfies readonly (keyof SingleTraits)[];

export const LIST_TRAITS = [
  'sounds',
  'smells',
  'hazards',
  'peoples',
  'languages',
  'religions',
  'goods',
] as const satisfies readonly (keyof ListTraits)[];

export interface TraitSource {
  /** Of the place, or of whatever overrides places for a while. */
  readonly id: string;
  readonly traits: PlaceTraits;
}

export interface EffectiveValue {
  readonly value: string | number;
  /** Which of the sources said so. */
  readonly fromId: string;
}

export interface EffectiveTraits {
  readonly values: Partial<Record<keyof SingleTraits, EffectiveValue>>;
  /** In order from the inside out, each text once. */
  readonly lists: Record<keyof ListTraits, EffectiveValue[]>;
}

/** @param sources from the inside out: an override first, then the place, then those around it */
export function inheritTraits(sources: readonly TraitSource[]): EffectiveTraits {
  const values: EffectiveTraits['values'] = {};
  for (const field of SINGLE_TRAITS) {
    const source = sources.find(({ traits }) => traits[field] !== undefined);
    const value = source?.traits[field];
    if (source !== undefined && value !== undefined && value !== null)
      values[field] = { value, fromId: source.id };
  }
  const lists = Object.fromEntries(
    LIST_TRAITS.map((field) => [field, gather(sources, field)]),
  ) as EffectiveTraits['lists'];
  return { values, lists };
}

function gather(sources: readonly TraitSource[], field: keyof ListTraits): EffectiveValue[] {
  const found = new Map<string, EffectiveValue>();
  for (const { id, traits } of sources) {
    const list = traits[field];
    if (list === undefined) continue;
    for (const value of list?.items ?? []) if (!found.has(value)) found.set(value, { value, fromId: id });
    if (list === null || !list.isAdded) break;
  }
  return [...found.values()];
}
