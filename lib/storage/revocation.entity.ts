import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { epochMillis } from './epoch-millis.js';

/** An entry of the append-only revocation log: a single token, or everything of a client or a user. */
@Entity('mcp_auth_revocations')
export class McpAuthRevocationEntity {
  @PrimaryColumn({ type: 'varchar', length: 36, name: 'id' })
  id!: string;

  @Column({ type: 'varchar', length: 16, name: 'kind' })
  kind!: string;

  @Index()
  @Column({ type: 'varchar', length: 64, name: 'subject' })
  subject!: string;

  @Index()
  @Column(epochMillis('effective_at'))
  effectiveAt!: number;

  @Index()
  @Column(epochMillis('relevant_until'))
  relevantUntil!: number;
}
