import type { ConfigService } from '@nestjs/config';

/** Public base URL of this application. */
export function appUrl(config: ConfigService): string {
  return config.get<string>('APP_URL') || `http://localhost:${config.get<string>('PORT') || '3000'}`;
}
