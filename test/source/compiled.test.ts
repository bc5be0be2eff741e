// Compiled TypeScript is read as what it was: types from the declarations beside it, places from the file that runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSources } from '../../src/source/index.ts';
import { memoryHost } from './hosts.ts';

const FILES = {
  'ticket.js': `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Ticket = void 0;
let Ticket = class Ticket {
    constructor(id) {
        this.id = id;
    }
};
exports.Ticket = Ticket;
`,
  'ticket.d.ts': `export type TicketState = 'open' | 'solved' | keyof FurtherStates;
export interface FurtherStates {
}
export declare class Ticket {
    id: string;
    state: TicketState;
    constructor(id: string);
}
`,
  'desk.js': `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Desk = void 0;
class Desk {
    async finish(ticket, next) { ticket.state = next; return ticket; }
    #hidden(ticket) { ticket.state = 'open'; }
}
exports.Desk = Desk;
function reopen(ticket) { ticket.state = 'open'; }
exports.reopen = reopen;
`,
  'desk.d.ts': `import { Ticket, TicketState } from './ticket';
declare module './ticket' {
    interface FurtherStates {
        parked: never;
    }
}
export declare class Desk {
    #private;
    finish(ticket: Ticket, next: TicketState): Promise<Ticket>;
}
export declare function reopen(ticket: Ticket): void;
`,
};

test('a class has the fields its declaration says, and is written where its compiled file writes it', () => {
  const code = readSources(['/app'], memoryHost(FILES));
  const tickets = code.types.filter(({ name }) => name === 'Ticket');
  assert.equal(tickets.length, 1, 'the class and its declaration are one');
  const [ticket] = tickets;
  assert.equal(ticket?.source.file, 'ticket.js');
  const state = ticket?.fields.find(({ name }) => name === 'state');
  assert.deepEqual(state?.type.domain?.map(({ value }) => value).sort(), ['open', 'parked', 'solved']);
  assert.deepEqual(
    state?.writes.map(({ source, inFunction }) => [source.file, source.line, source.column, inFunction]),
    [
      ['desk.js', 5, 34, 'finish'],
      ['desk.js', 9, 27, 'reopen'],
    ],
  );
});

test('source that lies among dependencies is read where it is what was asked for', () => {
  const inside = Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`node_modules/help/${path}`, text]));
  const code = readSources(['/app/node_modules/help'], memoryHost(inside));
  const state = code.types.find(({ name }) => name === 'Ticket')?.fields.find(({ name }) => name === 'state');
  assert.equal(state?.type.kind, 'enum');
});
