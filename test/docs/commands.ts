/** Where the commands of the documentation are really run. */
export interface Evidence {
  pattern: RegExp;
  /** The test, or the CI script. */
  file: string;
  /** What has to stand there. */
  text: string;
}

export const EVIDENCE: readonly Evidence[] = [];
