// Loaded before anything else: this process's wall clock is wrong by so many milliseconds, and may jump while it runs.
globalThis.instanceClockSkewMs = Number(process.env.INSTANCE_CLOCK_SKEW_MS ?? 0);
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...parameters) {
    super(...(parameters.length === 0 ? [globalThis.Date.now()] : parameters));
  }

  static now() {
    return RealDate.now() + globalThis.instanceClockSkewMs;
  }
};
