// The same as the recorded class, outside of the source that is recorded: what an untouched assignment costs in the same moment.
'use strict';

const NEXT = { packed: 'sent', sent: 'arrived', arrived: 'delivered', delivered: 'packed' };

class Twin {
  constructor(id, weight) {
    this.id = id;
    this.weight = weight;
    this.status = 'packed';
  }

  advance() {
    this.status = NEXT[this.status];
  }
}

const twins = [];
for (let id = 1; id <= 1024; id++) twins.push(new Twin(id, id / 8));

module.exports = { twins };
