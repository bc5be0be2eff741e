// semstate doctor: walks the chain to a target link by link and names the one thing to fix.
import { diagnoseTarget } from '../../session/index.ts';
import { JSON_FLAG, type Command } from '../command.ts';
import { exactJson } from '../exactJson.ts';
import { print, STATUS } from '../io.ts';
import { harmless, table } from '../text.ts';

const RESULTS = { ok: 'ok', failed: 'FAILED', 'not-reached': 'not reached' } as const;

export const doctor: Command = {
  name: 'doctor',
  usage: 'TARGET',
  about: 'Walks the chain to a target link by link and names the one thing to fix.',
  takes: [1, 1],
  flags: { json: JSON_FLAG },
  async run({ positionals: [target = ''], io, work, progress, has }) {
    const diagnosis = await diagnoseTarget(target, work);
    progress.clear();
    if (has('json')) await print(io.stdout, `${exactJson({ document: 'diagnosis', ...diagnosis })}\n`);
    else {
      const rows = diagnosis.links.map(({ link, result, detail }) => [link, RESULTS[result], detail]);
      await print(io.stdout, table(['LINK', 'RESULT', 'DETAIL'], rows));
      const { fix } = diagnosis;
      const verdict = fix ? `[${fix.code}]: ${fix.what} → ${fix.action}` : `${diagnosis.target} can be attached to.`;
      await print(io.stdout, `\n${harmless(verdict)}\n`);
    }
    return diagnosis.healthy ? STATUS.done : STATUS.unreachable;
  },
};
