// Things that are declared to a library: each library's own way of writing a finite domain, a reference, an optional field.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSources } from '../../src/source/index.ts';
import { memoryHost } from './hosts.ts';

function fieldsOf(files: { [path: string]: string }, name: string): Record<string, string> {
  const model = readSources(['/app'], memoryHost(files));
  assert.deepEqual(model.problems, []);
  const type = model.types.find((t) => t.name === name);
  assert.ok(type, `no type ${name}: ${model.types.map((t) => t.name).join()}`);
  return Object.fromEntries(
    type.fields.map((f) => [
      f.name,
      [
        `${f.type.kind}${f.optional ? '?' : ''}`,
        ...(f.type.domain && f.type.kind === 'enum' ? [f.type.domain.map((d) => d.value).join('|')] : []),
        ...(f.type.target !== undefined ? [`${f.type.byId ? 'id of' : '->'} ${f.type.target.split('#')[1]}`] : []),
      ].join(' '),
    ]),
  );
}

test('Mongoose: enum, ref, arrays of refs', () => {
  const files = {
    'models.js': `const { Schema, model } = require('mongoose');
const boatSchema = new Schema({ name: { type: String, required: true }, berth: { type: String, enum: ['dry', 'afloat'] }, owner: { type: Schema.Types.ObjectId, ref: 'Sailor' }, crew: [{ type: Schema.Types.ObjectId, ref: 'Sailor' }], built: Date });
exports.Sailor = model('Sailor', new Schema({ name: String }));
exports.Boat = model('Boat', boatSchema);
`,
  };
  assert.deepEqual(fieldsOf(files, 'Boat'), {
    name: 'string',
    berth: 'enum dry|afloat',
    owner: 'string id of Sailor',
    crew: 'list id of Sailor',
    built: 'date',
  });
});

test('Sequelize: define, init, associations', () => {
  const files = {
    'models.js': `const { DataTypes, Model } = require('sequelize');
const Tower = sequelize.define('Tower', { height: DataTypes.INTEGER, lamp: { type: DataTypes.ENUM('on', 'off'), allowNull: true } });
class Keeper extends Model {}
Keeper.init({ name: DataTypes.STRING, towerId: DataTypes.INTEGER }, { sequelize });
Tower.hasMany(Keeper, { as: 'keepers', foreignKey: 'towerId' });
`,
  };
  const added = { id: 'number', createdAt: 'date', updatedAt: 'date' };
  assert.deepEqual(fieldsOf(files, 'Tower'), {
    ...added,
    height: 'number',
    lamp: 'enum? on|off',
    keepers: 'list -> Keeper',
  });
  assert.deepEqual(fieldsOf(files, 'Keeper'), { ...added, name: 'string', towerId: 'number id of Tower' });
});

test('Prisma: models, enums, relations and their keys', () => {
  const files = {
    'schema.prisma': `enum Mood { CALM STORMY }
model Sea {
  id    Int    @id
  mood  Mood   @default(CALM)
  ships Ship[]
}
model Ship {
  id    Int  @id
  seaId Int?
  sea   Sea? @relation(fields: [seaId], references: [id])
}
`.replace('{ CALM STORMY }', '{\n  CALM\n  STORMY\n}'),
  };
  assert.deepEqual(fieldsOf(files, 'Sea'), { id: 'number', mood: 'enum CALM|STORMY', ships: 'list -> Ship' });
  assert.deepEqual(fieldsOf(files, 'Ship'), { id: 'number', seaId: 'number? id of Sea', sea: 'reference? -> Sea' });
});

test('Zod: enums and optional fields', () => {
  const files = {
    'schema.ts': `import { z } from 'zod';
export const TideSchema = z.object({ id: z.string().uuid(), level: z.enum(['low', 'high']), note: z.string().optional() });
`,
  };
  assert.deepEqual(fieldsOf(files, 'Tide'), { id: 'string', level: 'enum low|high', note: 'string?' });
});
