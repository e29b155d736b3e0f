import type { UsersService } from './users/users.service';

const DEMO_USERS = [
  { email: 'alice@example.com', name: 'Alice', password: 'wonderland' },
  { email: 'bob@example.com', name: 'Bob', password: 'builder' },
];

/** Users to try and test the application with. */
export async function seedUsers(users: UsersService): Promise<void> {
  for (const { email, name, password } of DEMO_USERS) {
    if (!(await users.findByEmail(email))) await users.create(email, name, password);
  }
}
