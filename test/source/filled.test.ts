// Untyped code's things that are filled after they were made, and what a request says by headers of the program's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractModel } from '../../src/extract/index.ts';
import { readSources } from '../../src/source/index.ts';
import { memoryHost, transitionsOf } from './hosts.ts';

const BARGE = `
  function Barge() {}
  Barge.launch = function launch(id) {
    var barge = new Barge();
    barge.id = id;
    barge.state = 'moored';
    barge.leased = false;
    barge.berthCode = null;
    return barge;
  };
  Barge.fromRow = function (row) {
    var barge = new Barge();
    barge.id = row.barge_id;
    barge.state = ['moored', 'sailing'][row.st];
    return barge;
  };
  Barge.prototype = {
    constructor: Barge,
    sail: function () { if (this.state !== 'moored') return 'is ' + this.state; this.state = 'sailing'; },
    lease: function (code) { if (this.leased) return 'is leased'; this.leased = true; this.berthCode = code; },
  };
  module.exports = Barge;`;
const BERTH = `
  function Berth() {}
  Berth.dig = function (code, depth) { var berth = new Berth(); berth.code = code; berth.depth = depth; berth.taken = false; return berth; };
  Berth.prototype.take = function () { if (this.taken) return 'is taken'; this.taken = true; };
  Berth.prototype.leave = function () { this.taken = false; };
  module.exports = Berth;`;

test('a constructor function that fills nothing has the fields its makers give it; what they give first is the beginning', () => {
  assert.deepEqual(transitionsOf({ 'barge.js': BARGE }), [
    'Barge.leased <new> > false by launch',
    'Barge.leased false > true by lease',
    'Barge.state <new> > moored by launch',
    'Barge.state moored > sailing by sail',
  ]);
});

test('what others name with its key is a thing, though the key alone could be that of anything', () => {
  const entities = (files: { readonly [path: string]: string }): string[] =>
    extractModel({ code: readSources(['/app'], memoryHost(files)) }).model.entities.map(({ name }) => name);
  assert.deepEqual(entities({ 'barge.js': BARGE, 'berth.js': BERTH }), ['Barge', 'Berth']);
  assert.deepEqual(entities({ 'berth.js': BERTH }), []);
});

test('a header of the program is a place where a place is assumed, and somebody where nobody is', () => {
  const text = `
    import { createServer } from 'node:http';
    const boats = new Map();
    createServer((req, res) => {
      const one = (name, otherwise) => String(req.headers[name] ?? otherwise);
      const boat = { id: '1', dock: one('x-dock', 'north'), by: one('x-pass', ''), kind: req.headers['x-encoding-kind'] || 'json', afloat: true };
      boats.set(boat.id, boat);
      boat.afloat = req.headers['x-reef'] === 'no';
      res.end(boat.id);
    });`;
  const { context } = readSources(['/app'], memoryHost({ 'main.js': text }));
  const names = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name);
  assert.deepEqual([names(context.space), names(context.subject)], [['x-dock'], ['x-pass']]);
});

test('what an outbox keeps until it is sent is of the machine', () => {
  const text = `
    interface Note { id: number; topic: string; status: 'queued' | 'sent' | 'failed' }
    export class Outbox { private notes: Note[] = [];
      put(topic: string) { this.notes.push({ id: this.notes.length, topic, status: 'queued' }); }
      relay() { for (const note of this.notes) if (note.status === 'queued') note.status = 'sent'; } }`;
  const { model } = extractModel({ code: readSources(['/app'], memoryHost({ 'outbox.ts': text })) });
  assert.deepEqual(model.entities, []);
});
