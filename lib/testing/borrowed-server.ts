import type { INestApplication } from '@nestjs/common';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as TlsServer } from 'node:tls';

interface Loan {
  users: number;
  /** Resolves when the server listens. */
  ready: Promise<void>;
}

/** Servers that listen for our sake. */
const borrowed = new WeakMap<Server, Loan>();

/**
 * Lets an application's server be asked while `use` runs. One that listens already is asked where it does; one that was
 * only `init()`ed listens on a free loopback port meanwhile.
 */
export async function whileListening<T>(
  app: INestApplication,
  use: (origin: string) => Promise<T>,
): Promise<T> {
  const server = app.getHttpServer() as Server;
  if (server.listening && !borrowed.has(server)) return use(originOf(server));

  const loan = borrowed.get(server) ?? startLoan(app, server);
  loan.users++;
  try {
    await loan.ready;
    return await use(originOf(server));
  } finally {
    if (--loan.users === 0) {
      borrowed.delete(server);
      await new Promise((closed) => server.close(closed));
    }
  }
}

function startLoan(app: INestApplication, server: Server): Loan {
  const listen = async (): Promise<void> => {
    // Fastify answers only when its plugins are loaded.
    await (app.getHttpAdapter().getInstance() as { ready?: () => PromiseLike<unknown> }).ready?.();
    await new Promise<void>((listening, failed) => {
      server.once('error', failed);
      server.listen(0, '127.0.0.1', () => {
        server.off('error', failed);
        listening();
      });
    });
  };
  const loan = { users: 0, ready: listen() };
  borrowed.set(server, loan);
  return loan;
}

function originOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('The application listens on no TCP port, so its endpoints cannot be asked');
  }
  return `${server instanceof TlsServer ? 'https' : 'http'}://${hostOf(address)}:${address.port}`;
}

function hostOf({ address, family }: AddressInfo): string {
  // "Every address" includes the loopback one.
  if (address === '::' || address === '0.0.0.0') return '127.0.0.1';
  return family === 'IPv6' ? `[${address}]` : address;
}
