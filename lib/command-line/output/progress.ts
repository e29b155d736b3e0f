import type { CleanupProgress } from '../../maintenance/cleanup.service.js';
import { writeLine, type Output } from '../terminal.js';

const BAR_WIDTH = 30;

/** Shows how far a cleanup is: one bar that grows on a terminal, a line for each tenth otherwise. */
export interface ProgressView {
  show(progress: CleanupProgress): void;
  /** Leaves the line of the bar. */
  end(): void;
}

export function progressView(output: Output): ProgressView {
  return output.isTTY ? bar(output) : lines(output);
}

function bar(output: Output): ProgressView {
  let isDrawn = false;
  return {
    show({ done, total }) {
      if (total === 0) return;
      const share = Math.min(done / total, 1);
      const filled = Math.round(share * BAR_WIDTH);
      const drawing = `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}] ${percent(share)} ${done} of ${total} rows`;
      // A wrapped line cannot be drawn over.
      output.write(`\r${drawing.slice(0, (output.columns || 80) - 1)}`);
      isDrawn = true;
    },
    end() {
      if (isDrawn) writeLine(output);
    },
  };
}

function lines(output: Output): ProgressView {
  let shown = 0;
  return {
    show({ done, total }) {
      if (total === 0) return;
      const tenth = Math.floor(Math.min(done / total, 1) * 10);
      if (tenth <= shown) return;
      shown = tenth;
      writeLine(output, `  ${percent(tenth / 10)} ${done} of ${total} rows`);
    },
    end() {},
  };
}

function percent(share: number): string {
  return `${Math.floor(share * 100)}%`.padStart(4);
}
