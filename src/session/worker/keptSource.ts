// The source as it was read last, kept for the next reading and given back once nobody has asked for a while. It knows no heaps.
import { createSourceReader, type CodeModel, type SourceHost, type SourceReader } from '../../source/index.ts';

/** What a reading keeps for the next (the compiler's trees) takes about twenty times the text: for larger programs it is not kept. */
const MOST_LINES = 400_000;
const PATIENCE_MS = 5 * 60_000;

export interface KeptSource {
  /** Reads the directories; what is as it was at the last reading is not parsed again. */
  read(roots: readonly string[], host: SourceHost): CodeModel;
  /** True while something is kept. */
  readonly holds: boolean;
}

/** @param patience milliseconds without a reading after which all is given back */
export function createKeptSource(patience: number = PATIENCE_MS): KeptSource {
  let reader: SourceReader | undefined;
  let idle: NodeJS.Timeout | undefined;
  return {
    get holds() {
      return reader !== undefined;
    },
    read(roots, host) {
      clearTimeout(idle);
      reader ??= createSourceReader();
      try {
        const model = reader.read(roots, host);
        if (model.lines > MOST_LINES) reader = undefined;
        return model;
      } finally {
        // Also after a reading that was called off: what it has parsed by then serves the next.
        idle = setTimeout(() => (reader = undefined), patience);
        idle.unref();
      }
    },
  };
}
