import type { DistanceUnits } from '../profiles/preferences.js';

// Figures as people read them, by the units that they think in.

export const M_PER_UNIT: Readonly<Record<DistanceUnits, number>> = { metric: 1_000, imperial: 1_609.344 };
export const UNIT_NAME: Readonly<Record<DistanceUnits, string>> = { metric: 'km', imperial: 'mi' };
export const M_PER_HEIGHT: Readonly<Record<DistanceUnits, number>> = { metric: 1, imperial: 0.3048 };
export const HEIGHT_NAME: Readonly<Record<DistanceUnits, string>> = { metric: 'm', imperial: 'ft' };

const NOTHING = '–';

export function distanceWords(distanceM: number | null, units: DistanceUnits): string {
  if (distanceM === null) return NOTHING;
  return `${(distanceM / M_PER_UNIT[units]).toFixed(2)} ${UNIT_NAME[units]}`;
}

export function heightWords(heightM: number | null, units: DistanceUnits): string {
  return heightM === null ? NOTHING : `${Math.round(heightM / M_PER_HEIGHT[units])} ${HEIGHT_NAME[units]}`;
}

/** `1:02:03` or `2:03`. */
export function durationWords(seconds: number | null): string {
  if (seconds === null) return NOTHING;
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Minutes and seconds per kilometre or mile. */
export function paceWords(paceSPerKm: number | null, units: DistanceUnits): string {
  if (paceSPerKm === null) return NOTHING;
  return `${durationWords((paceSPerKm * M_PER_UNIT[units]) / 1_000)} /${UNIT_NAME[units]}`;
}
