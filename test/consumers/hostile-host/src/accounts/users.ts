export interface User {
  id: string;
  name: string;
  email: string;
}

const PASSWORDS: Record<string, string> = { alice: 'wonderland', bob: 'builder' };

export function findUser(id: string): User | null {
  return Object.hasOwn(PASSWORDS, id) ? { id, name: id, email: `${id}@example.com` } : null;
}

export function checkPassword(id: string, password: string): User | null {
  const user = findUser(id);
  return user && PASSWORDS[id] === password ? user : null;
}
