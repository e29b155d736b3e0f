import type { DataSource } from 'typeorm';

/** A node of PostgreSQL's `explain (format json)`. */
interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Rows Removed by Filter'?: number;
  'Actual Loops'?: number;
  Plans?: PlanNode[];
}

/** What a plan does that grows with a table. */
export interface PlanCost {
  /** Tables that are read as a whole. */
  scanned: string[];
  /** Rows that were read and thrown away; 0 unless the statement was carried out. */
  discarded: number;
}

function costOf(node: PlanNode): PlanCost {
  const inner = (node.Plans ?? []).map(costOf);
  return {
    scanned: [
      ...(node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? ''] : []),
      ...inner.flatMap(({ scanned }) => scanned),
    ],
    discarded:
      (node['Rows Removed by Filter'] ?? 0) * (node['Actual Loops'] ?? 1) +
      inner.reduce((sum, { discarded }) => sum + discarded, 0),
  };
}

const planOf = (rows: unknown): PlanNode =>
  (rows as { 'QUERY PLAN': { Plan: PlanNode }[] }[])[0]!['QUERY PLAN'][0]!.Plan;

/** The plan that holds for any values: what PostgreSQL uses when it knows nothing about them. */
export async function genericPlan(source: DataSource, sql: string): Promise<PlanCost> {
  const runner = source.createQueryRunner();
  try {
    await runner.query('set plan_cache_mode = force_generic_plan');
    await runner.query(`prepare looked_at as ${sql}`);
    const count = new Set(sql.match(/\$\d+/g)).size;
    const values = Array.from({ length: count }, () => 'null').join(', ');
    const plan: unknown = await runner.query(
      `explain (format json) execute looked_at${count > 0 ? `(${values})` : ''}`,
    );
    await runner.query('deallocate looked_at');
    await runner.query('reset plan_cache_mode');
    return costOf(planOf(plan));
  } finally {
    await runner.release();
  }
}

/** The plan for these values; a statement that only reads is carried out. */
export async function plan(source: DataSource, sql: string, values: unknown[]): Promise<PlanCost> {
  const analyze = /^\s*select/i.test(sql) ? 'analyze, ' : '';
  return costOf(planOf(await source.query(`explain (${analyze}format json) ${sql}`, values)));
}
