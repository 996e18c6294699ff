import { SetMetadata } from '@nestjs/common';

export const IS_PUBLIC = Symbol('IS_PUBLIC');

/** Opens a route, or a whole controller, to everybody. Without it the guard wants an API key. */
export const Public = () => SetMetadata(IS_PUBLIC, true);
