import pg from 'pg';
import type { Statement, Tx } from '../../src/platform/database/unit-of-work.js';

// Plans as PostgreSQL makes them, without running what is planned.

export interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Subplan Name'?: string;
  'Parent Relationship'?: string;
  Plans?: PlanNode[];
}

type Answer = { 'QUERY PLAN': { Plan: PlanNode }[] };

const nodesOf = ([row]: readonly Answer[]): PlanNode[] => {
  const flatten = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flatten)];
  return flatten(row!['QUERY PLAN'][0]!.Plan);
};

/** As for a disk without heads, whatever server the tests run on: the program sets its own so. */
const withoutHeads = (tx: Tx): Promise<unknown> => tx.query('SET LOCAL random_page_cost = 1.1');

/** Planned for these values. @returns its nodes, the root first */
export async function planOf(tx: Tx, { text, ...statement }: Statement): Promise<PlanNode[]> {
  await withoutHeads(tx);
  return nodesOf(
    await tx.query<Answer>({
      ...statement,
      name: `spec.explain.${statement.name}`,
      text: `EXPLAIN (FORMAT JSON) ${text}`,
    }),
  );
}

/** Planned for any values, as a connection may do with what it has been asked five times. */
export async function genericPlanOf(tx: Tx, { text, values }: Statement): Promise<PlanNode[]> {
  await withoutHeads(tx);
  await tx.query("SET LOCAL plan_cache_mode = 'force_generic_plan'");
  await tx.query(`PREPARE spec_generic AS ${text}`);
  try {
    return nodesOf(
      await tx.query<Answer>(
        `EXPLAIN (FORMAT JSON) EXECUTE spec_generic (${(values as Value[]).map(literal).join(', ')})`,
      ),
    );
  } finally {
    await tx.query('DEALLOCATE spec_generic');
  }
}

type Value = string | number | boolean | Date | null | readonly Value[];

function literal(value: Value): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return `ARRAY[${value.map(literal).join(', ')}]`;
  return pg.escapeLiteral(value instanceof Date ? value.toISOString() : String(value));
}

/** Tables that a plan reads whole although they are large. @param small those of few rows by nature */
export function readWhole(nodes: readonly PlanNode[], small: ReadonlySet<string>): string[] {
  return nodes
    .filter((node) => node['Node Type'] === 'Seq Scan' && !small.has(node['Relation Name']!))
    .map((node) => node['Relation Name']!);
}

export function indexes(nodes: readonly PlanNode[]): string[] {
  return nodes.flatMap((node) => node['Index Name'] ?? []);
}

/** The plans of what a repository method sends. @param run opens a transaction @param answer what the method is given for each */
export async function plansWithin(
  run: (work: (tx: Tx) => Promise<void>) => Promise<void>,
  method: (tx: Tx) => Promise<unknown>,
  answer: readonly object[] = [{}],
): Promise<PlanNode[][]> {
  const plans: PlanNode[][] = [];
  await run(async (tx) => {
    const explaining: Tx = {
      manager: tx.manager,
      afterCommit: () => undefined,
      withCommit: () => undefined,
      query: async <Row extends object>(statement: Statement | string) => {
        if (typeof statement === 'string') throw new Error('a hot statement has a name');
        plans.push(await planOf(tx, statement));
        return answer as Row[];
      },
    };
    await method(explaining);
  });
  return plans;
}
