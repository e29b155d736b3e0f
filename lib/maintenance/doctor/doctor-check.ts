/** `warning`: it works, and should be looked at. `failure`: it does not work, or is not safe. */
export type DoctorStatus = 'ok' | 'warning' | 'failure';

/** One thing that was looked at. */
export interface DoctorCheck {
  /** What was looked at. */
  name: 'options' | 'database' | 'schema' | 'secret' | 'clock' | 'issuer' | 'resource' | 'cleanup';
  /** How it is. */
  status: DoctorStatus;
  /** What was found, and the remedy unless it is fine. */
  message: string;
}
