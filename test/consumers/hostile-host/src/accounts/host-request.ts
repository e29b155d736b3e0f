import type { IncomingHttpHeaders } from 'node:http';
import type { User } from './users.js';

/** What controllers use of a request, on Express and on Fastify. */
export interface HostRequest {
  headers: IncomingHttpHeaders;
  session: { user?: User; visited?: boolean; regenerate(callback: (error?: Error) => void): void };
  csrfToken(): string;
}
