// Programs over record libraries, their own or foreign: what is made, changed, found and removed through models and repositories.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transitionsOf } from './hosts.ts';

test('a schema with methods, statics, defaults, and a filter that demands a state', () => {
  assert.deepEqual(
    transitionsOf({
      'boat.js': `const mongoose = require('mongoose');
const schema = new mongoose.Schema({ sign: String, mood: { type: String, enum: ['calm', 'rough', 'wrecked'], default: 'calm' }, lit: { type: Boolean, default: false } });
schema.methods.stir = function () { if (this.mood !== 'calm') throw new Error('no'); this.mood = 'rough'; return this.save(); };
schema.statics.light = function (sign) { return this.findOneAndUpdate({ sign }, { $set: { lit: true } }); };
module.exports = mongoose.model('Boat', schema);
`,
      'service.js': `const Boat = require('./boat');
exports.build = (sign) => Boat.create({ sign });
exports.stir = async (id) => { const boat = await Boat.findById(id); return boat.stir(); };
exports.wreck = (id) => Boat.updateOne({ _id: id, mood: 'rough' }, { $set: { mood: 'wrecked' } });
exports.scrap = async (id) => { const boat = await Boat.findById(id); if (boat.mood !== 'wrecked') throw new Error('no'); await boat.deleteOne(); };
`,
    }),
    [
      'Boat.lit <any> > <gone> by scrap',
      'Boat.lit <any> > true by light',
      'Boat.lit <new> > false by build',
      'Boat.mood <new> > calm by build',
      'Boat.mood calm > rough by stir',
      'Boat.mood rough > wrecked by wreck',
      'Boat.mood wrecked > <gone> by scrap',
    ],
  );
});

test('decorated entities in typed repositories: column defaults, update by id, save of a next version, removal', () => {
  assert.deepEqual(
    transitionsOf({
      'jobs.ts': `import { Column, Entity, PrimaryColumn, Repository } from 'typeorm';
export enum Pace { Idle = 'idle', Busy = 'busy', Done = 'done' }
@Entity() export class Job { @PrimaryColumn() id: string; @Column() name: string; @Column({ type: 'enum', enum: Pace, default: Pace.Idle }) pace: Pace; }
export class Jobs {
  constructor(private readonly jobs: Repository<Job>) {}
  submit(name: string) { return this.jobs.save(this.jobs.create({ name })); }
  async start(id: string) { const job = await this.jobs.findOneBy({ id }); if (job.pace !== Pace.Idle) throw new Error('no'); await this.jobs.update(id, { pace: Pace.Busy }); }
  async finish(id: string) { const job = await this.jobs.findOneByOrFail({ id }); if (job.pace === Pace.Busy) await this.jobs.save({ ...job, pace: Pace.Done }); }
  async purge(id: string) { const job = await this.jobs.findOneByOrFail({ id }); if (job.pace !== Pace.Done) throw new Error('no'); await this.jobs.remove(job); }
}
`,
    }),
    [
      'Job.pace <new> > idle by submit',
      'Job.pace busy > done by finish',
      'Job.pace done > <gone> by purge',
      'Job.pace idle > busy by start',
    ],
  );
});

test('a client with delegates: what is found by a key is what is updated by it', () => {
  assert.deepEqual(
    transitionsOf({
      'schema.prisma': `enum Tone { LOW HIGH }
model Bell {
  id   String @id
  tone Tone   @default(LOW)
}
`,
      'service.ts': `import { PrismaClient } from '@prisma/client';
const prisma = new PrismaClient();
export const cast = (id: string) => prisma.bell.create({ data: { id } });
export async function tune(id: string) {
  const bell = await prisma.bell.findUniqueOrThrow({ where: { id } });
  if (bell.tone !== 'LOW') throw new Error('no');
  return prisma.bell.update({ where: { id }, data: { tone: 'HIGH' } });
}
`,
    }),
    ['Bell.tone <new> > LOW by cast', 'Bell.tone LOW > HIGH by tune'],
  );
});

test('a schema that parses makes a thing with what is not said', () => {
  assert.deepEqual(
    transitionsOf({
      'offer.ts': `import { z } from 'zod';
const OfferSchema = z.object({ id: z.string(), state: z.enum(['drafted', 'sent']).default('drafted') });
type Offer = z.infer<typeof OfferSchema>;
const offers = new Map<string, Offer>();
export function draft(id: string): Offer { const offer = OfferSchema.parse({ id }); offers.set(id, offer); return offer; }
`,
    }),
    ['Offer.state <new> > drafted by draft'],
  );
});
