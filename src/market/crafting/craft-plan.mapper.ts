import type { TradeTerms } from '../terms/trade-terms.js';
import type { CraftPlan, PlanProblem } from './craft-plan.js';
import type { CraftPlanDto } from './craft-plan.dto.js';

export interface MadePlan {
  plan: CraftPlan;
  problem: PlanProblem;
  isOptimal: boolean;
  terms: TradeTerms;
  labels: ReadonlyMap<number, string>;
}

export function toCraftPlanDto({ plan, problem, isOptimal, terms, labels }: MadePlan): CraftPlanDto {
  return {
    status: isOptimal ? 'optimal' : 'time-limit',
    crafts: problem.recipes
      .filter(({ id }) => plan.counts.has(id))
      .map(({ id, isCustom, resultItemId }) => ({
        recipeId: id,
        isCustom,
        resultItemId,
        resultLabel: labels.get(resultItemId) ?? '',
        count: plan.counts.get(id)!,
      })),
    items: plan.uses.map(({ itemId, fromStock, fromCrafts, sold, bought }) => ({
      itemId,
      label: labels.get(itemId) ?? '',
      fromStock,
      fromCrafts,
      sold,
      bought,
      unitPrice: problem.items.get(itemId)!.price,
    })),
    revenue: plan.revenue,
    spent: plan.spent,
    stockValue: plan.stockValue,
    profit: plan.profit,
    candidateCount: problem.recipes.length,
    leftOutCount: problem.leftOutCount,
    saleTaxPct: terms.saleTaxPct,
    listingFeePct: terms.listingFeePct,
  };
}
