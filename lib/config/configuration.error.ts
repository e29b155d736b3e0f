/** A wrong option: stops the boot. Each problem names the option, what is wrong with it and what to write instead. */
export class McpAuthConfigurationError extends Error {
  /** Stable name, also where copies of the class differ. */
  override readonly name = 'McpAuthConfigurationError';

  /** @param problems one sentence each, beginning with the option */
  constructor(
    /** Every problem that was found. */
    readonly problems: readonly string[],
  ) {
    super(`McpAuthModule cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}
