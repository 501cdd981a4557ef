import type { AlertRule } from './alert-rule.js';

// What an account is told when an alert fires.

export interface AlertNews {
  readonly title: string;
  readonly body: string;
  readonly payload: {
    readonly alertId: string;
    readonly name: string;
    readonly project: string;
    readonly rule: AlertRule;
    readonly value: number;
    readonly windowFrom: string;
    readonly windowTo: string;
  };
}

export function alertNews(
  { id, name, projectId, rule }: { id: string; name: string; projectId: string; rule: AlertRule },
  value: number,
  windowEndMs: number,
): AlertNews {
  const [from, to] = [windowEndMs - rule.windowS * 1_000, windowEndMs].map((ms) =>
    new Date(ms).toISOString(),
  );
  const narrowed = Object.entries(rule.filter).map(([key, word]) => `${key} ${word}`);
  const said = `${rule.metric} ${rounded(value)}, ${rule.direction} ${rounded(rule.threshold)}`;
  return {
    title: `${name}: ${said}`,
    body: [`${projectId}, ${from} to ${to}`, ...narrowed].join('\n'),
    payload: { alertId: id, name, project: projectId, rule, value, windowFrom: from!, windowTo: to! },
  };
}

/** Costs are a few cents, tokens are millions. */
function rounded(value: number): string {
  return String(Number(value.toPrecision(4)));
}
