import { connect } from 'node:net';

/** A request whose target reaches the server as it is written; `headers` are whole lines, `body` is latin1. */
export function rawRequest(
  base: string,
  method: string,
  target: string,
  headers = '',
  body = '',
): Promise<string> {
  const host = /^host:/im.test(headers) ? '' : 'Host: localhost\r\n';
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(new URL(base).port), 'localhost', () => {
      socket.write(
        `${method} ${target} HTTP/1.1\r\n${host}Connection: close\r\n${headers}\r\n${body}`,
        'latin1',
      );
    });
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
