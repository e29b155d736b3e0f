export type DoctorStatus = 'ok' | 'warning' | 'failure';

/** One thing that was looked at. */
export interface DoctorCheck {
  name: 'options' | 'database' | 'schema' | 'secret' | 'clock' | 'issuer' | 'resource' | 'cleanup';
  status: DoctorStatus;
  /** What was found, and the remedy unless it is fine. */
  message: string;
}
