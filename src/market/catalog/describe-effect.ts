// Effects are the game's own numbers. Only those that the shipped facts hold are known by name.

export const LIFE_EFFECT = 110;
export const ENERGY_EFFECT = 139;

export type EffectKind = 'life' | 'energy';

export function effectKind(effectId: number): EffectKind | null {
  if (effectId === LIFE_EFFECT) return 'life';
  return effectId === ENERGY_EFFECT ? 'energy' : null;
}

/** In French, as the names of the catalogue are: `Rend 210 points de vie`. Null for an effect that is not known. */
export function describeEffect(effectId: number, minValue: number, maxValue: number | null): string | null {
  const kind = effectKind(effectId);
  if (kind === null) return null;
  const values = maxValue === null || maxValue === minValue ? `${minValue}` : `${minValue} à ${maxValue}`;
  return `Rend ${values} points ${kind === 'life' ? 'de vie' : "d'énergie"}`;
}
