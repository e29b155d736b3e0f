import { scryptSync, timingSafeEqual } from 'node:crypto';

export interface User {
  id: string;
  name: string;
  email: string;
}

interface Account extends User {
  passwordHash: Buffer;
}

const hash = (id: string, password: string): Buffer => scryptSync(password, `quickstart-${id}`, 32);

/** A real application has these in its database. */
const accounts: readonly Account[] = [
  { id: 'alice', name: 'Alice', email: 'alice@example.com', passwordHash: hash('alice', 'wonderland') },
  { id: 'bob', name: 'Bob', email: 'bob@example.com', passwordHash: hash('bob', 'builder') },
];

export function findUser(id: string): User | null {
  return accounts.find((account) => account.id === id) ?? null;
}

export function checkPassword(id: string, password: string): User | null {
  const account = accounts.find((candidate) => candidate.id === id);
  const isRight = timingSafeEqual(hash(id, password), account?.passwordHash ?? hash(id, `${password}!`));
  return account && isRight ? account : null;
}
