import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import type { Request } from 'express';
import { appUrl } from '../app-url';

/**
 * Keeps other sites from signing a browser in to an account of theirs. SameSite does not: the form that signs in needs no
 * cookie. Every browser sends Origin with a form.
 */
@Injectable()
export class SameOriginGuard implements CanActivate {
  private readonly origin: string;

  constructor(config: ConfigService) {
    this.origin = new URL(appUrl(config)).origin;
  }

  canActivate(context: ExecutionContext): boolean {
    const { origin } = context.switchToHttp().getRequest<Request>().headers;
    return origin === undefined || origin === this.origin;
  }
}
