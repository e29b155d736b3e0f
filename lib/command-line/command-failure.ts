/** Ends a command with a sentence for the operator. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';

  constructor(
    message: string,
    /** 1: it could not be done; 2: it was asked for in a wrong way; 130: interrupted. */
    readonly exitCode: 1 | 2 | 130 = 1,
  ) {
    super(message);
  }
}

/** The database did not let itself be opened. */
export class DatabaseUnreachable extends CommandFailure {}
