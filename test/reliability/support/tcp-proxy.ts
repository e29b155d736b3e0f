import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Pair {
  client: Socket;
  server: Socket;
  /** What the server says is lost, and soon the connection as well. */
  isDeaf: boolean;
}

/** Stands between an instance and its database server, and breaks. */
export class TcpProxy {
  private readonly pairs = new Set<Pair>();
  private readonly held: Socket[] = [];
  private isHanging = false;
  private deafTo: RegExp | undefined;

  private constructor(
    private server: Server,
    readonly port: number,
    private readonly target: { host: string; port: number },
  ) {}

  static async start(target: { host: string; port: number }): Promise<TcpProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new TcpProxy(server, (server.address() as AddressInfo).port, target);
    server.on('connection', (socket) => proxy.accept(socket));
    return proxy;
  }

  /** Breaks every connection. */
  cut(): void {
    for (const socket of this.held.splice(0)) socket.destroy();
    for (const { client, server } of this.pairs) {
      client.destroy();
      server.destroy();
    }
  }

  /** Breaks every connection and refuses new ones. */
  async refuse(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.cut();
    await closed;
  }

  /** Goes on accepting connections and bytes, and passes none on. */
  hang(): void {
    this.isHanging = true;
    for (const { client, server } of this.pairs) {
      client.pause();
      server.pause();
    }
  }

  /** Works as it should. */
  async heal(): Promise<void> {
    this.isHanging = false;
    for (const { client, server } of this.pairs) {
      client.resume();
      server.resume();
    }
    for (const socket of this.held.splice(0)) this.join(socket);
    if (this.server.listening) return;
    this.server = createServer((socket) => this.accept(socket));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** Passes the next statement that matches on to the database, and loses its answer together with the connection. */
  loseAnswerTo(statement: RegExp): void {
    this.deafTo = statement;
  }

  async close(): Promise<void> {
    if (this.server.listening) await this.refuse();
  }

  private accept(client: Socket): void {
    client.on('error', () => {});
    if (this.isHanging) this.held.push(client);
    else this.join(client);
  }

  private join(client: Socket): void {
    const server = connect(this.target.port, this.target.host);
    const pair: Pair = { client, server, isDeaf: false };
    this.pairs.add(pair);
    server.on('error', () => {});
    client.on('data', (chunk) => {
      if (this.deafTo?.test(chunk.toString('latin1'))) {
        this.deafTo = undefined;
        pair.isDeaf = true;
      }
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      // The database has answered, so it has done what it was told.
      if (pair.isDeaf) client.destroy();
      else client.write(chunk);
    });
    const end = (): void => {
      this.pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    client.on('close', end);
    server.on('close', end);
  }
}
