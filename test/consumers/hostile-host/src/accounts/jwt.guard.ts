import { Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { JwtService } from '@nestjs/jwt';
import type { HostRequest } from './host-request.js';
import { PUBLIC } from './public.decorator.js';

/** Requires one of the application's own tokens, on every route that is not public. */
@Injectable()
export class JwtGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: JwtService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride(PUBLIC, [context.getHandler(), context.getClass()])) return true;
    const { headers } = context.switchToHttp().getRequest<HostRequest>();
    const [scheme, token] = (headers.authorization ?? '').split(' ');
    try {
      if (scheme !== 'Bearer' || token === undefined) throw new Error('no token');
      await this.tokens.verifyAsync(token);
      return true;
    } catch {
      throw new UnauthorizedException('A token of this application is required');
    }
  }
}
