/** What every instance has to be told, and all of them the same. */
export function required(
  name: 'DATABASE_URL' | 'MCP_SERVER_URL' | 'MCP_HMAC_SECRET' | 'SESSION_SECRET',
): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: see .env.example`);
  return value;
}
