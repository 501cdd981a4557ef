import { DomainError } from '../../platform/http/domain-error.js';
import { HTTP_ERROR } from '../../platform/http/problem.js';
import type { LoopStart } from './route-loops.js';

/** A place of a query, `47.37,8.54`; null = none was asked for. @throws DomainError where the Earth has none such */
export function readNear(near: string | undefined): LoopStart | null {
  if (near === undefined) return null;
  const [latDeg, lonDeg] = near.split(',').map(Number) as [number, number];
  if (Math.abs(latDeg) > 90 || Math.abs(lonDeg) > 180)
    throw new DomainError('malformed', HTTP_ERROR.malformed, 'There is no such place.', [
      { pointer: '/near', code: 'invalid', detail: 'is beyond a pole or the date line' },
    ]);
  return { latDeg, lonDeg };
}
