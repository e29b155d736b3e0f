import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

export interface User {
  id: string;
  name: string;
  email: string;
}

const salt = randomBytes(16);
const hash = (password: string): Buffer => scryptSync(password, salt, 32);

/** A real application has these in its database: see 02-existing-app. */
const accounts = new Map([
  ['alice', { name: 'Alice', email: 'alice@example.com', passwordHash: hash('wonderland') }],
  ['bob', { name: 'Bob', email: 'bob@example.com', passwordHash: hash('builder') }],
]);
const nobody = randomBytes(32);

export function findUser(id: string | undefined): User | null {
  const account = id === undefined ? undefined : accounts.get(id);
  return account && id !== undefined ? { id, name: account.name, email: account.email } : null;
}

export function checkPassword(id: string, password: string): User | null {
  const isRight = timingSafeEqual(hash(password), accounts.get(id)?.passwordHash ?? nobody);
  return isRight ? findUser(id) : null;
}
