import { SetMetadata } from '@nestjs/common';

export const PUBLIC = 'application:public';

/** Exempts from the application's own guard. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);
