import { type RawQuery, textOf } from './compat-query.js';

const MAX_INT4 = 2_147_483_647;

/** The item that `id` names, as JavaScript's parseInt reads it: 0, which nobody has, for an id beyond all. */
export function itemIdIn(query: RawQuery): number | 'missing' | 'invalid' {
  const text = textOf(query, 'id');
  if (text === '') return 'missing';
  const id = Number.parseInt(text, 10);
  if (Number.isNaN(id)) return 'invalid';
  return id > MAX_INT4 || id < 0 ? 0 : id;
}
