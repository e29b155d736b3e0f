import { connect, type Socket } from 'node:net';
import { isMalformed, parseResponse, toBytes, type RawRequest, type RawResponse } from './http-message.js';

/** Generous: what takes longer is taken for a hang. */
const HANG_MS = 10_000;
/** A server may wait for more of a request that it takes for unfinished: then it is told that nothing follows. */
const PATIENCE_MS = 100;

/** What came back: an answer, a connection that was closed without one, or nothing at all. */
export type Outcome = RawResponse | 'closed' | 'hang';

/** Sends requests as they are written. Well-formed ones share connections that are kept alive. */
export class Wire {
  private readonly idle: Socket[] = [];
  private readonly port: number;

  constructor(base: string) {
    this.port = Number(new URL(base).port);
  }

  /** @throws {Error} when a kept connection holds bytes that belong to no request */
  async send(request: RawRequest): Promise<Outcome> {
    const isOdd = isMalformed(request);
    const kept = isOdd ? undefined : this.reuse();
    const outcome = await this.exchange(kept ?? (await this.open()), request, isOdd);
    // The server may close an idle connection at any time; on a fresh one the request gets its answer.
    return outcome === 'closed' && kept ? this.exchange(await this.open(), request, isOdd) : outcome;
  }

  close(): void {
    for (const socket of this.idle.splice(0)) socket.destroy();
  }

  private reuse(): Socket | undefined {
    for (let socket = this.idle.pop(); socket; socket = this.idle.pop()) {
      if (socket.writable && !socket.readableEnded) return socket;
    }
    return undefined;
  }

  private open(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, 'localhost', () => {
        socket.off('error', reject);
        resolve(socket);
      });
      socket.once('error', reject);
    });
  }

  private exchange(socket: Socket, request: RawRequest, isOdd: boolean): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      let text = '';
      const timers = [setTimeout(() => settle('hang', false), HANG_MS)];
      const settle = (outcome: Outcome, reusable: boolean): void => {
        timers.forEach(clearTimeout);
        socket.removeAllListeners();
        socket.on('error', () => undefined);
        if (reusable) this.idle.push(socket);
        else socket.destroy();
        resolve(outcome);
      };
      const read = (isClosed: boolean): void => {
        const parsed = parseResponse(text, request.method, isClosed);
        if (!parsed) {
          if (isClosed) settle('closed', false);
          return;
        }
        if (parsed.rest !== '' && !isOdd) reject(new Error(`bytes after the answer: ${parsed.rest}`));
        const isLast = parsed.response.headers.some(
          ([name, value]) => name === 'connection' && value.toLowerCase() === 'close',
        );
        settle(parsed.response, !isOdd && !isLast && parsed.rest === '');
      };
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
        read(false);
      });
      socket.on('error', () => settle('closed', false));
      socket.on('close', () => read(true));
      socket.write(toBytes(request));
      if (request.framing === 'short') socket.end();
      else if (isOdd) timers.push(setTimeout(() => socket.end(), PATIENCE_MS));
    });
  }
}
