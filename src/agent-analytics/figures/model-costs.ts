// What each model took part in: of a trace, and of a run of an agent. Their sums are the trace's and the run's own, so that costs by model
// add up to the costs of all.

export interface ModelCost {
  /** null = what no model is known of. */
  readonly model: string | null;
  /** Generations. */
  readonly count: number;
  readonly costUsd: number;
  readonly totalTokens: number;
}

/** A step, as far as it has used a model. */
export interface ModelUse {
  readonly id: string;
  readonly type: string;
  readonly model: string | null;
  readonly costUsd: number | null;
  readonly totalTokens: number;
}

type Sums = { -readonly [Key in keyof Omit<ModelCost, 'model'>]: number };

/** Less than anything costs; sums differ by so much because of their order. */
const NOTHING_USD = 1e-9;

/**
 * By model, those that cost most first. What the whole costs beyond its steps has no model; it is negative where Langfuse says less of a
 * trace than of its steps, which it does until it has summed them up.
 *
 * @param costs steps whose costs count @param tokens those whose tokens do
 */
export function modelCosts(
  costs: readonly ModelUse[],
  tokens: readonly ModelUse[],
  whole: { readonly costUsd: number; readonly totalTokens: number },
): ModelCost[] {
  const byModel = new Map<string | null, Sums>();
  const sumsOf = (model: string | null): Sums => {
    const sums = byModel.get(model) ?? { count: 0, costUsd: 0, totalTokens: 0 };
    byModel.set(model, sums);
    return sums;
  };
  let [restUsd, restTokens] = [whole.costUsd, whole.totalTokens];
  for (const { type, model, costUsd } of [...costs].sort(byId)) {
    if (type === 'GENERATION') sumsOf(model).count += 1;
    if (!costUsd) continue;
    sumsOf(model).costUsd += costUsd;
    restUsd -= costUsd;
  }
  for (const { model, totalTokens } of [...tokens].sort(byId)) {
    if (totalTokens === 0) continue;
    sumsOf(model).totalTokens += totalTokens;
    restTokens -= totalTokens;
  }
  if (Math.abs(restUsd) > NOTHING_USD) sumsOf(null).costUsd += restUsd;
  if (restTokens !== 0) sumsOf(null).totalTokens += restTokens;
  return [...byModel]
    .map(([model, sums]) => ({ model, ...sums }))
    .sort((a, b) => b.costUsd - a.costUsd || ((a.model ?? '') < (b.model ?? '') ? -1 : 1));
}

function byId(a: ModelUse, b: ModelUse): number {
  return a.id < b.id ? -1 : 1;
}
