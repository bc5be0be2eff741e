// What speaks against a candidate being a thing of the business: its name, who keeps it, that it holds hardly anything.
import type { Candidate } from './candidate.ts';
import type { Rule } from './gather.ts';
import { doerByName, isTechnical, isTechnicalKeeper, saysNothing } from './names.ts';
import type { Standing, StandingView } from './standing.ts';

export const apartRules: readonly Rule<StandingView, Standing>[] = [
  {
    id: 'named-as-doer',
    *find({ candidates }) {
      for (const candidate of candidates.all) {
        const says = doerByName(candidate.name);
        if (says)
          yield {
            candidate: candidate.key,
            says: says === 'surely' ? 'apart' : 'lesser',
            why: 'named as one that does',
          };
      }
    },
  },
  {
    id: 'kept-for-technique',
    *find({ candidates, references }) {
      // What only caches, pools and limiters keep is of the machine, not of the business.
      const keepers = new Map<string, Candidate[]>();
      for (const { owner, target, many, byId } of references) {
        const keeper = candidates.byKey.get(owner);
        if (many && !byId && keeper) keepers.set(target, [...(keepers.get(target) ?? []), keeper]);
      }
      for (const candidate of candidates.all) {
        const holders = keepers.get(candidate.key) ?? [];
        const form = candidate.types[0]?.form;
        if ((form === 'shape' || form === 'schema') && saysNothing(candidate.name))
          yield { candidate: candidate.key, says: 'apart', why: 'named after what programs are made of' };
        if (isTechnical(candidate.name) || (holders.length > 0 && holders.every(({ name }) => isTechnicalKeeper(name))))
          yield { candidate: candidate.key, says: 'apart', why: 'kept for technique only' };
      }
    },
  },
  {
    id: 'base-of-others',
    *find({ candidates }) {
      // `BaseRecord { id, createdAt }`: what is only built upon is no thing of its own, unless it is what a store keeps.
      const bases = new Set(candidates.all.flatMap(({ types }) => types.flatMap((type) => type.bases)));
      for (const candidate of candidates.all) {
        const lead = candidate.types[0];
        if (lead && bases.has(lead.key) && lead.stores.length === 0 && lead.constructions.length === 0)
          yield { candidate: candidate.key, says: 'lesser', why: 'only a base of others' };
      }
    },
  },
  {
    id: 'without-data',
    *find({ candidates }) {
      for (const candidate of candidates.all) {
        const data = [...candidate.fields.values()].filter(
          (field) => field.code.some((code) => !code.derived) || field.heap.length > 0,
        );
        if (data.length < 2) yield { candidate: candidate.key, says: 'apart', why: 'holds hardly any data' };
      }
    },
  },
];
