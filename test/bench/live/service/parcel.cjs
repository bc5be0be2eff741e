// What the recorded service changes: a parcel that goes round through its states.
'use strict';

const NEXT = { packed: 'sent', sent: 'arrived', arrived: 'delivered', delivered: 'packed' };

class Parcel {
  constructor(id, weight) {
    this.id = id;
    this.weight = weight;
    this.status = 'packed';
  }

  advance() {
    this.status = NEXT[this.status];
  }
}

const parcels = new Map();
for (let id = 1; id <= 1024; id++) parcels.set(id, new Parcel(id, id / 8));

module.exports = { Parcel, parcels };
