import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { epochMillis } from './epoch-millis.js';

/** One authorization is one row, from consent to the last refresh. */
@Entity('mcp_auth_grants')
@Index(['codeRedeemedAt', 'codeExpiresAt'])
export class McpAuthGrantEntity {
  @PrimaryColumn({ type: 'varchar', length: 36, name: 'id' })
  id!: string;

  @Index()
  @Column({ type: 'varchar', length: 64, name: 'client_id_hash' })
  clientIdHash!: string;

  @Column({ type: 'text', name: 'client_id' })
  clientId!: string;

  @Index()
  @Column({ type: 'varchar', length: 64, name: 'user_id_hash' })
  userIdHash!: string;

  @Column({ type: 'text', name: 'user_id' })
  userId!: string;

  @Column({ type: 'text', name: 'org_id', nullable: true })
  orgId!: string | null;

  @Column({ type: 'text', name: 'scope' })
  scope!: string;

  /** JSON array. */
  @Column({ type: 'text', name: 'resources' })
  resources!: string;

  @Column({ type: 'text', name: 'redirect_uri' })
  redirectUri!: string;

  @Column({ type: 'varchar', length: 128, name: 'code_challenge' })
  codeChallenge!: string;

  @Column({ type: 'text', name: 'nonce', nullable: true })
  nonce!: string | null;

  @Column(epochMillis('auth_time', { nullable: true }))
  authTime!: number | null;

  @Column({ type: 'varchar', length: 64, name: 'dpop_jkt', nullable: true })
  dpopJkt!: string | null;

  @Column({ type: 'varchar', length: 64, name: 'client_metadata_digest', nullable: true })
  clientMetadataDigest!: string | null;

  @Column(epochMillis('code_expires_at'))
  codeExpiresAt!: number;

  @Column(epochMillis('code_redeemed_at', { nullable: true }))
  codeRedeemedAt!: number | null;

  @Column({ type: 'integer', name: 'refresh_generation' })
  refreshGeneration!: number;

  @Column(epochMillis('refreshed_at', { nullable: true }))
  refreshedAt!: number | null;

  @Index()
  @Column(epochMillis('refresh_expires_at', { nullable: true }))
  refreshExpiresAt!: number | null;

  @Index()
  @Column(epochMillis('revoked_at', { nullable: true }))
  revokedAt!: number | null;

  @Column({ type: 'varchar', length: 64, name: 'revoked_reason', nullable: true })
  revokedReason!: string | null;

  @Column(epochMillis('created_at'))
  createdAt!: number;
}
