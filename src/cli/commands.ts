// The commands in the order of the help.
import type { Command } from './command.ts';
import { bisectCommand } from './commands/bisect.ts';
import { check } from './commands/check.ts';
import { checkpoint } from './commands/checkpoint.ts';
import { diff } from './commands/diff.ts';
import { doctor } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
import { extract } from './commands/extract.ts';
import { laws } from './commands/laws.ts';
import { objects } from './commands/objects.ts';
import { ps } from './commands/ps.ts';
import { record } from './commands/record.ts';
import { rollback } from './commands/rollback.ts';
import { snapshot } from './commands/snapshot.ts';
import { state } from './commands/state.ts';
import { verify } from './commands/verify.ts';
import { view } from './commands/view.ts';

export const COMMANDS: readonly Command[] = [
  ps,
  doctor,
  snapshot,
  objects,
  extract,
  diff,
  record,
  state,
  check,
  bisectCommand,
  laws,
  checkpoint,
  rollback,
  verify,
  exportCommand,
  view,
];
