// semstate doctor: walks the chain to a target link by link and names the one thing to fix; puts back what a recording that died left.
import { diagnoseTarget, leftoversIn, type Leftovers } from '../../session/index.ts';
import { JSON_FLAG, type Command } from '../command.ts';
import { exactJson } from '../exactJson.ts';
import { print, STATUS } from '../io.ts';
import { harmless, plural, table } from '../text.ts';

const RESULTS = { ok: 'ok', failed: 'FAILED', 'not-reached': 'not reached' } as const;

export const doctor: Command = {
  name: 'doctor',
  usage: 'TARGET [--clean]',
  about: 'Walks the chain to a target link by link and names the one thing to fix.',
  takes: [1, 1],
  flags: {
    clean: { about: 'Puts back code that a recording left edited when its debugger died.' },
    json: JSON_FLAG,
  },
  async run({ positionals: [target = ''], io, work, progress, has }) {
    const diagnosis = await diagnoseTarget(target, work);
    // Little memory for a snapshot is no reason to leave code edited.
    const isReached = diagnosis.healthy || diagnosis.fix?.code === 'no-headroom';
    const left = isReached ? await leftoversIn(target, has('clean'), work) : undefined;
    progress.clear();
    if (has('json')) {
      const document = { document: 'diagnosis', ...diagnosis, ...(left && { leftovers: left }) };
      await print(io.stdout, `${exactJson(document)}\n`);
    } else {
      const rows = diagnosis.links.map(({ link, result, detail }) => [link, RESULTS[result], detail]);
      await print(io.stdout, table(['LINK', 'RESULT', 'DETAIL'], rows));
      const { fix } = diagnosis;
      const verdict = fix ? `[${fix.code}]: ${fix.what} → ${fix.action}` : `${diagnosis.target} can be attached to.`;
      await print(io.stdout, `\n${harmless(verdict)}\n`);
      const told = left && leftoversText(left);
      if (told !== undefined) await print(io.stdout, `${told}\n`);
    }
    return diagnosis.healthy ? STATUS.done : STATUS.unreachable;
  },
};

function leftoversText({ unseen, ...left }: Leftovers): string | undefined {
  const lines = [scriptsText(left), ...unseen.map((why) => `Not looked at: ${harmless(why)}`)];
  const said = lines.filter((line) => line !== undefined);
  return said.length > 0 ? said.join('\n') : undefined;
}

function scriptsText({ edited, restored, inUse }: Omit<Leftovers, 'unseen'>): string | undefined {
  if (inUse) return `It is being recorded: ${plural(edited, 'script')} edited for as long as that lasts.`;
  if (restored > 0) return `Put back ${plural(restored, 'script')} that a recording had left edited.`;
  if (edited === 0) return undefined;
  return `${plural(edited, 'script')} still edited, silent, by a recording that died; --clean puts them back.`;
}
