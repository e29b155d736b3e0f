export default async function globalTeardown() {
  await globalThis.mcpAuthEmbeddedPostgres?.stop();
}
