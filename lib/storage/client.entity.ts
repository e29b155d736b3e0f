import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { epochMillis } from './epoch-millis.js';

/** A registered client. Found by the hash of its id; the id itself lies beside it and is compared again. */
@Entity('mcp_auth_clients')
export class McpAuthClientEntity {
  @PrimaryColumn({ type: 'varchar', length: 64, name: 'client_id_hash' })
  clientIdHash!: string;

  @Column({ type: 'text', name: 'client_id' })
  clientId!: string;

  @Column({ type: 'varchar', length: 64, name: 'secret_digest', nullable: true })
  secretDigest!: string | null;

  @Column({ type: 'text', name: 'client_name' })
  clientName!: string;

  @Column({ type: 'text', name: 'client_uri', nullable: true })
  clientUri!: string | null;

  /** JSON array. */
  @Column({ type: 'text', name: 'redirect_uris' })
  redirectUris!: string;

  /** JSON array. */
  @Column({ type: 'text', name: 'grant_types' })
  grantTypes!: string;

  @Column({ type: 'varchar', length: 64, name: 'token_endpoint_auth_method' })
  tokenEndpointAuthMethod!: string;

  @Column({ type: 'text', name: 'scope', nullable: true })
  scope!: string | null;

  @Column({ type: 'varchar', length: 16, name: 'application_type', nullable: true })
  applicationType!: string | null;

  @Column(epochMillis('created_at'))
  createdAt!: number;

  @Index()
  @Column(epochMillis('marked_at', { nullable: true }))
  markedAt!: number | null;

  /** `operator`, or null when the client registered itself. */
  @Column({ type: 'varchar', length: 16, name: 'registered_by', nullable: true })
  registeredBy!: string | null;

  /** 1, or null. */
  @Column({ type: 'integer', name: 'allow_introspection', nullable: true })
  allowIntrospection!: number | null;
}
