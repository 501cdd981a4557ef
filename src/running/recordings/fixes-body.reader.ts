import type { InputFault } from '../../platform/http/input-fault.js';
import { invalidFixes } from '../running.errors.js';
import { type Fix, MOST_FIXES, readFix } from './fix.js';

const MOST_FAULTS = 20;

/** @param body `{fixes: [[seq, tMs, lat, lon, ...], ...]}` @throws DomainError naming the first of what cannot be read */
export function readFixesBody(body: unknown): Fix[] {
  const given = isObject(body) && Object.keys(body).length === 1 ? body.fixes : undefined;
  if (!Array.isArray(given) || given.length < 1 || given.length > MOST_FIXES)
    throw invalidFixes([
      {
        pointer: '/fixes',
        code: 'invalid',
        detail: `must be an array of 1 to ${MOST_FIXES} fixes, and all there is`,
      },
    ]);
  const fixes: Fix[] = [];
  const faults: InputFault[] = [];
  for (let index = 0; index < given.length && faults.length < MOST_FAULTS; index += 1) {
    const fix = readFix((given as unknown[])[index]);
    if (typeof fix === 'string') faults.push({ pointer: `/fixes/${index}`, code: 'invalid', detail: fix });
    else fixes.push(fix);
  }
  if (faults.length > 0) throw invalidFixes(faults);
  return fixes;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
