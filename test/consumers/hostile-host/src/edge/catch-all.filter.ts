import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/** Gives every error the application's own shape. */
@Catch()
export class CatchAll implements ExceptionFilter {
  constructor(private readonly host: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
    const detail = error instanceof Error ? error.message : 'unknown';
    this.host.httpAdapter.reply(host.switchToHttp().getResponse(), { problem: { status, detail } }, status);
  }
}

/** Of errors that middleware, parsers and plugins throw. */
function statusOf(error: unknown): number {
  const { status, statusCode = status } = error as { status?: number; statusCode?: number };
  return statusCode ?? 500;
}
