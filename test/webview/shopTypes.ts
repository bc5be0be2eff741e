// The types of the tea shop, with their states and what is declared to follow what.

export interface TypeSpec {
  readonly entity: string;
  readonly attribute: string;
  readonly states: readonly string[];
  readonly final: readonly string[];
  readonly declared: readonly (readonly [string, string, string?])[];
}

export const TYPES: readonly TypeSpec[] = [
  {
    entity: 'Customer',
    attribute: 'standing',
    states: ['regular', 'blocked'],
    final: [],
    declared: [['regular', 'blocked']],
  },
  {
    entity: 'Order',
    attribute: 'status',
    states: ['draft', 'placed', 'paid', 'packed', 'shipped', 'delivered', 'cancelled'],
    final: ['delivered', 'cancelled'],
    declared: [
      ['draft', 'placed'],
      ['placed', 'paid'],
      ['paid', 'packed', 'lines.every((line) => line.held === line.wanted)'],
      ['packed', 'shipped'],
      ['shipped', 'delivered'],
      ['draft', 'cancelled'],
      ['placed', 'cancelled'],
      ['paid', 'cancelled', 'refund !== undefined'],
    ],
  },
  {
    entity: 'Payment',
    attribute: 'state',
    states: ['opened', 'authorised', 'captured', 'failed'],
    final: ['captured', 'failed'],
    declared: [
      ['opened', 'authorised'],
      ['authorised', 'captured'],
      ['opened', 'failed'],
      ['authorised', 'failed'],
    ],
  },
  {
    entity: 'Shipment',
    attribute: 'state',
    states: ['waiting', 'labelled', 'on_the_way', 'delivered'],
    final: ['delivered'],
    declared: [
      ['waiting', 'labelled'],
      ['labelled', 'on_the_way'],
      ['on_the_way', 'delivered'],
    ],
  },
  {
    entity: 'Stock',
    attribute: 'level',
    states: ['plenty', 'low', 'empty'],
    final: [],
    declared: [
      ['plenty', 'low'],
      ['low', 'empty'],
      ['empty', 'plenty'],
      ['low', 'plenty'],
    ],
  },
];
