/** A wrong option: stops the boot. Each problem names the option, what is wrong with it and what to write instead. */
export class McpAuthConfigurationError extends Error {
  override readonly name = 'McpAuthConfigurationError';

  constructor(readonly problems: readonly string[]) {
    super(`McpAuthModule cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}
