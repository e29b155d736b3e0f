import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMillis } from './epoch-millis.js';

/** Which instance does a job that only one may do at a time. */
@Entity('mcp_auth_leases')
export class McpAuthLeaseEntity {
  @PrimaryColumn({ type: 'varchar', length: 64, name: 'name' })
  name!: string;

  @Column({ type: 'varchar', length: 36, name: 'holder' })
  holder!: string;

  @Column(epochMillis('expires_at'))
  expiresAt!: number;
}
