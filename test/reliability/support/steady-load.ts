import type { Arena } from './arena.js';

const SESSIONS = 4;

/** Refreshes on every instance until told otherwise. Answers how long each took, in milliseconds. @throws {Error} for any refusal */
export async function refreshUntil(arena: Arena, isOver: () => boolean): Promise<number[]> {
  const latencies: number[] = [];
  await arena.everywhere(SESSIONS, async (flow, index) => {
    const { client, ...tokens } = await flow.tokens(`steady-${index}`);
    let { refreshToken } = tokens;
    while (!isOver()) {
      const startedAt = performance.now();
      const answer = await flow.refresh(client, refreshToken);
      latencies.push(performance.now() - startedAt);
      if (answer.status !== 200) throw new Error(`A refresh was answered with ${answer.status}`);
      refreshToken = String(answer.body.refresh_token);
    }
  });
  return latencies;
}

export function percentiles(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(0);
  return `median ${at(0.5)} ms, 99 % within ${at(0.99)} ms, slowest ${at(1)} ms`;
}
