/** Where the commands of the documentation are really run. */
export interface Evidence {
  pattern: RegExp;
  /** The test, or the CI script. */
  file: string;
  /** What has to stand there. */
  text: string;
}

const inCi = (command: string): Evidence => ({
  pattern: new RegExp(`^${command}$`),
  file: '.ci/run',
  text: command,
});

/** Commands that are not part of README's quick start, which a test follows to the letter. */
export const EVIDENCE: readonly Evidence[] = [
  inCi('npm ci && npm test'),
  inCi('npm run build'),
  inCi('npm run lint'),
  inCi('npm run typecheck'),
  inCi('npm run consumers'),
  inCi('npm run conformance'),
  inCi('npm run fuzz'),
  inCi('npm run docs:api'),
  inCi('npm run sbom'),
  {
    pattern: /^npm ci && npm start$/,
    file: 'test/quickstart/quickstart.e2e-spec.ts',
    text: 'startQuickstart(',
  },
  { pattern: /^npm run client$/, file: 'test/quickstart/quickstart.e2e-spec.ts', text: 'startClient(' },
  { pattern: /^npm run sample -- \S+ test$/, file: '.ci/run', text: 'npm run sample -- all test' },
  {
    pattern: /^npm run sample -- \S+ start$/,
    file: 'test/consumers/samples.e2e-spec.ts',
    text: "'run', 'sample', '--', name, 'start'",
  },
  {
    pattern: /^node -p .*<token>$/,
    file: 'test/docs/documentation.spec.ts',
    text: 'shows the claims of a token',
  },
];
