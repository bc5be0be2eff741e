// Fills its own heap with a shop's objects and writes it as a snapshot: node shopHeap.ts FILE ORDERS.
// The mix is that of a service: classes, small objects, arrays, Maps, dates, short and repeated strings, closures.
import { writeHeapSnapshot } from 'node:v8';

class Customer {
  id: string;
  name: string;
  email: string;
  joined: Date;
  orders: Order[] = [];
  constructor(n: number) {
    this.id = `c${n}`;
    this.name = `Customer number ${n}`;
    this.email = `customer.${n}@shop.example`;
    this.joined = new Date(1.6e12 + n * 1e6);
  }
}

class Line {
  sku: string;
  quantity: number;
  price: number;
  constructor(n: number) {
    this.sku = `SKU-${n % 5000}`;
    this.quantity = 1 + (n % 7);
    this.price = (n % 997) / 100 + 0.5;
  }
}

class Order {
  id: number;
  customer: Customer;
  status: string;
  lines: Line[];
  notes: Map<string, string>;
  changed: () => number;
  constructor(n: number, customer: Customer) {
    this.id = n;
    this.customer = customer;
    this.status = ['new', 'paid', 'shipped', 'delivered', 'cancelled'][n % 5] as string;
    this.lines = Array.from({ length: 1 + (n % 4) }, (_, i) => new Line(n * 4 + i));
    this.notes = new Map([['remark', `order ${n} "as is"\tplease`]]);
    this.changed = () => this.id + n;
  }
}

const [file, count] = [process.argv[2], Number(process.argv[3])];
const orders = new Map<string, Order>();
const customers: Customer[] = [];
for (let n = 0; n < count; n++) {
  if (n % 3 === 0) customers.push(new Customer(n));
  const customer = customers[customers.length - 1] as Customer;
  const order = new Order(n, customer);
  customer.orders.push(order);
  orders.set(String(n), order);
}
Object.assign(globalThis, { shop: { orders, customers } });
if (file) writeHeapSnapshot(file, { exposeNumericValues: true });
