// Loaded before anything else: this process's wall clock is wrong by INSTANCE_CLOCK_SKEW_MS.
const skew = Number(process.env.INSTANCE_CLOCK_SKEW_MS ?? 0);
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...parameters) {
    super(...(parameters.length === 0 ? [RealDate.now() + skew] : parameters));
  }

  static now() {
    return RealDate.now() + skew;
  }
};
