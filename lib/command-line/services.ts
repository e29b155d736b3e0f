import type { DataSource } from 'typeorm';
import { ClientDirectory } from '../clients/client-directory.js';
import { AuditLog } from '../config/audit-log.js';
import type { McpAuthConfig } from '../config/mcp-auth-config.js';
import { CleanupService } from '../maintenance/cleanup.service.js';
import { ClientAdministrationService } from '../maintenance/client-administration.service.js';
import { DoctorService } from '../maintenance/doctor/doctor.service.js';
import { StatisticsService } from '../maintenance/statistics.service.js';
import { RevocationFeed } from '../resource/revocation-feed.js';
import { RevocationService } from '../resource/revocation.service.js';
import { CleanupRepository } from '../storage/cleanup.repository.js';
import { ClientAdministrationRepository } from '../storage/client-administration.repository.js';
import { ClientRepository } from '../storage/client.repository.js';
import { Database } from '../storage/database.js';
import { DatabaseClock } from '../storage/database-clock.js';
import { GrantRepository } from '../storage/grant.repository.js';
import { LeaseRepository } from '../storage/lease.repository.js';
import { RevocationRepository } from '../storage/revocation.repository.js';
import { StatisticsRepository } from '../storage/statistics.repository.js';

/** What commands are made of. */
export interface Services {
  database: Database;
  clock: DatabaseClock;
  cleanup: CleanupService;
  statistics: StatisticsService;
  revocation: RevocationService;
  clients: ClientAdministrationService;
  doctor: DoctorService;
}

/** The same services as in the application, put together without Nest: a command starts no server and no job. */
export function composeServices(dataSource: DataSource, config: McpAuthConfig): Services {
  const database = new Database(dataSource);
  const clock = new DatabaseClock(database);
  const audit = new AuditLog(config);
  const clientRepository = new ClientRepository(database);
  const revocations = new RevocationRepository(database);
  const revocation = new RevocationService(
    new GrantRepository(database),
    revocations,
    new RevocationFeed(revocations, clock, config),
    clock,
    audit,
    config,
  );
  const leases = new LeaseRepository(database);
  const cleanup = new CleanupService(new CleanupRepository(database), leases, clock, audit, config);
  return {
    database,
    clock,
    cleanup,
    statistics: new StatisticsService(new StatisticsRepository(database), cleanup, clock, config),
    revocation,
    clients: new ClientAdministrationService(
      new ClientDirectory(clientRepository, config),
      clientRepository,
      new ClientAdministrationRepository(database),
      revocation,
      clock,
      audit,
      config,
    ),
    doctor: new DoctorService(database, clock, cleanup, config),
  };
}
