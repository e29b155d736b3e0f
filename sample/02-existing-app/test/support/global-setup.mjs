import { createTestDatabase } from '../../scripts/postgres.mjs';

export default async function globalSetup() {
  const database = await createTestDatabase();
  globalThis.testDatabase = database;
  process.env.DATABASE_URL = database.url;
}
