import type { SystemUnitOfWork } from '../../src/platform/database/database.module.js';
import type { Scope, Tx } from '../../src/platform/database/unit-of-work.js';

export type Unit = Pick<SystemUnitOfWork, 'run'>;

/**
 * The transactions as a process makes them that is killed at one of them: from there on nothing happens any more.
 * @param at 1 = its first @param moment before it begins, before it is committed, or after
 */
export function dyingUnit(
  unit: Unit,
  at: number,
  moment: 'before' | 'inside' | 'after',
): { unit: Unit; isDead: () => boolean } {
  let count = 0;
  let isDead = false;
  const die = (): never => {
    isDead = true;
    throw new Error('killed');
  };
  const run = async <T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> => {
    if (isDead) die();
    count += 1;
    const isLast = count === at;
    if (isLast && moment === 'before') die();
    const result = await unit.run(scope, async (tx) => {
      const value = await work(tx);
      if (isLast && moment === 'inside') die();
      return value;
    });
    if (isLast) die();
    return result;
  };
  return { unit: { run }, isDead: () => isDead };
}
