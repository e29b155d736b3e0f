/** A grant's row, as far as the tests look at it. */
export interface GrantRow {
  id: string;
  redeemed: boolean;
  generation: number;
  revokedReason: string | null;
}

export function toGrantRow(row: Record<string, unknown>): GrantRow {
  return {
    id: String(row.id),
    redeemed: row.code_redeemed_at !== null,
    generation: Number(row.refresh_generation),
    revokedReason: row.revoked_reason === null ? null : String(row.revoked_reason),
  };
}
