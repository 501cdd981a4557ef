import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/unit-of-work.js';
import type { Budget, BudgetUsage } from './outbound-policy.js';

/** Budgets in PostgreSQL, by whose clock all processes agree. All of it runs in the system's unit of work. */
@Injectable()
export class OutboundBudgetsRepository {
  /**
   * Takes one call from all of the provider's budgets, or from none.
   * @param nowMs Unix milliseconds; null = the database's clock
   * @returns ms until there is one again; 0 when it was taken
   */
  async updateTaken(
    tx: Tx,
    provider: string,
    budgets: readonly Budget[],
    nowMs: number | null,
  ): Promise<number> {
    const [row] = await tx.query<{ waitMs: number }>({
      name: 'platform.outbound-budget.take',
      text: `SELECT platform.take_outbound_budget($1, $2::text[], $3::int[], $4::float8[], $5::bool[],
               coalesce(to_timestamp($6::float8 / 1000), clock_timestamp())) AS "waitMs"`,
      values: [
        provider,
        budgets.map(({ name }) => name),
        budgets.map(({ limit }) => limit),
        budgets.map(({ windowMs }) => windowMs),
        budgets.map(({ shape }) => shape === 'bucket'),
        nowMs,
      ],
    });
    return row?.waitMs ?? 0;
  }

  /**
   * Believes the provider where it has counted more than we have.
   * @param blockMs silence that it asks for; null when it does not
   */
  async updateReported(
    tx: Tx,
    provider: string,
    budgets: readonly Budget[],
    usages: readonly BudgetUsage[],
    blockMs: number | null,
    nowMs: number | null,
  ): Promise<void> {
    const usageOf = new Map(usages.map((usage) => [usage.name, usage]));
    await tx.query({
      name: 'platform.outbound-budget.report',
      text: `SELECT platform.report_outbound_budget($1, $2::text[], $3::float8[], $4::bool[], $5::int[], $6::int[],
               $7::float8, coalesce(to_timestamp($8::float8 / 1000), clock_timestamp()))`,
      values: [
        provider,
        budgets.map(({ name }) => name),
        budgets.map(({ windowMs }) => windowMs),
        budgets.map(({ shape }) => shape === 'bucket'),
        budgets.map(({ name }) => usageOf.get(name)?.usedCount ?? null),
        budgets.map(({ name }) => usageOf.get(name)?.limit ?? null),
        blockMs,
        nowMs,
      ],
    });
  }
}
