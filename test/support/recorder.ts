import { ConsoleLogger } from '@nestjs/common';

/** Keeps what Nest logs. */
export class LogRecorder extends ConsoleLogger {
  readonly lines: string[] = [];

  protected override printMessages(messages: unknown[]): void {
    this.lines.push(...messages.map(String));
  }
}
