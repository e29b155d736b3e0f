import { createInterface } from 'node:readline/promises';
import { CommandFailure } from '../command-failure.js';
import type { Terminal } from '../terminal.js';

/**
 * Lets the operator confirm what cannot be taken back.
 *
 * @throws {CommandFailure} for anything but yes, and where nobody can be asked
 */
export async function confirm(
  { stdin, stderr }: Terminal,
  question: string,
  isConfirmed = false,
): Promise<void> {
  if (isConfirmed) return;
  if (!stdin.isTTY) {
    throw new CommandFailure(`${question} Nobody can be asked here: pass --yes. Nothing was changed.`);
  }
  const dialogue = createInterface({ input: stdin, output: stderr });
  const closed = new AbortController();
  // Ctrl+C and Ctrl+D close it without an answer.
  dialogue.once('close', () => closed.abort());
  dialogue.once('SIGINT', () => dialogue.close());
  try {
    const answer = await dialogue.question(`${question} [y/N] `, { signal: closed.signal });
    if (/^y(es)?$/i.test(answer.trim())) return;
  } catch (error) {
    if (!closed.signal.aborted) throw error;
  } finally {
    dialogue.close();
  }
  throw new CommandFailure('Nothing was changed.');
}
