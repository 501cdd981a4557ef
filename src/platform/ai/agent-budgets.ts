/** What one run of an agent may take. */
export interface AgentBudgets {
  /** Times that the model may call tools; one more answer without tools may follow. */
  readonly mostRounds: number;
  /** Calls at once. */
  readonly mostCallsPerRound: number;
  /** The whole run. */
  readonly totalMs: number;
  /** From asking the model until it begins. */
  readonly firstTokenMs: number;
  readonly toolMs: number;
  /** Of one tool's answer. */
  readonly mostAnswerBytes: number;
  /** Of all tools' answers together, by four bytes each. */
  readonly mostTokensIn: number;
  /** That the model may write, over all its answers. */
  readonly mostTokensOut: number;
  /** Calls with faults that the model is told of and may mend; the next one ends the run. */
  readonly mostCorrections: number;
}

export const AGENT_BUDGETS: AgentBudgets = {
  mostRounds: 6,
  mostCallsPerRound: 8,
  totalMs: 30_000,
  firstTokenMs: 10_000,
  toolMs: 8_000,
  mostAnswerBytes: 4_096,
  mostTokensIn: 4_000,
  mostTokensOut: 1_000,
  mostCorrections: 1,
};

export const BYTES_PER_TOKEN = 4;
